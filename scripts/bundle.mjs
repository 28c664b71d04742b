// How the extension's client, the command, which is the server too, and the worker threads' entries are bundled.
import { fileURLToPath } from "node:url";

/** The project's top folder, which the paths below are relative to. */
const top = fileURLToPath(new URL("..", import.meta.url));

const entries = {
  client: "client/src/extension.ts",
  cli: "server/src/cli.ts",
  "scan-worker": "server/src/host/scan-worker.ts",
  "elf-worker": "server/src/host/elf/worker.ts",
  "build-worker": "server/src/host/build/build-worker.ts",
  "image-worker": "server/src/host/image-worker.ts",
};

/** esbuild's options; `outdir` is relative to the project's top. */
export const bundleOptions = {
  absWorkingDir: top,
  entryPoints: entries,
  outdir: "dist",
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  // Its main is a module that asks for its parts by names that no bundler sees.
  alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
  define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
  sourcemap: true,
  sourcesContent: false,
  logLevel: "warning",
};

/** The same for packages: without maps, and names kept, so that what a stack trace in a report says can be read. */
export const releaseOptions = {
  ...bundleOptions,
  sourcemap: false,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  metafile: true,
};
