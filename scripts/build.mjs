// Bundles the extension's client, the server, the command and the worker threads' entries into dist/.
import { existsSync } from "node:fs";
import { build, context } from "esbuild";

const entries = {
  client: "client/src/extension.ts",
  server: "server/src/main.ts",
  cli: "server/src/cli.ts",
  "scan-worker": "server/src/host/scan-worker.ts",
  "elf-worker": "server/src/host/elf/worker.ts",
  "build-worker": "server/src/host/build/build-worker.ts",
};

const options = {
  entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file))),
  outdir: "dist",
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
  sourcemap: true,
  sourcesContent: false,
  logLevel: "warning",
  // The command starts without node being named; VS Code does not mind the line.
  banner: { js: "" },
};

if (process.argv.includes("--watch")) {
  const watching = await context({ ...options, logLevel: "info" });
  await watching.watch();
} else {
  await build(options);
}
