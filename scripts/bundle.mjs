// How the extension's client, the command, which is the server too, and the worker threads' entries are bundled.
import { fileURLToPath } from "node:url";

/** The project's top folder, which the paths below are relative to. */
const top = fileURLToPath(new URL("..", import.meta.url));

const entries = {
  cli: "server/src/cli.ts",
  "scan-worker": "server/src/host/scan-worker.ts",
  "objects-worker": "server/src/host/objects-worker.ts",
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

/** The extension's client where there is Node. */
export const clientOptions = { ...bundleOptions, entryPoints: { client: "client/src/extension.ts" } };

/** Node's modules in the browser: what of them the server needs, over files in memory. */
const system = {
  path: "path-browserify",
  buffer: "./server/src/web/system/buffer.ts",
  events: "events/",
  fs: "./server/src/web/system/fs.ts",
  "fs/promises": "./server/src/web/system/fs-promises.ts",
  os: "./server/src/web/system/os.ts",
  url: "./server/src/web/system/url.ts",
  async_hooks: "./server/src/web/system/async-hooks.ts",
  "timers/promises": "./server/src/web/system/timers-promises.ts",
  crypto: "./server/src/web/system/absent.ts",
  process: "./server/src/web/system/globals.ts",
  module: "./server/src/web/system/absent.ts",
  stream: "./server/src/web/system/absent.ts",
  worker_threads: "./server/src/web/system/absent.ts",
};

const nodeInBrowser = {
  name: "node-in-browser",
  setup(bundling) {
    const bundled = (path) => bundling.resolve(path, { kind: "import-statement", resolveDir: top });
    const names = new RegExp(`^(node:)?(${Object.keys(system).join("|")})$`);
    bundling.onResolve({ filter: names }, ({ path }) => bundled(system[path.replace("node:", "")]));
    bundling.onResolve({ filter: /\/start-worker\.ts$/ }, () => bundled("./server/src/web/inline-worker.ts"));
    bundling.onResolve({ filter: /^vscode-language(client|server)\/node$/ }, ({ path }) =>
      bundled(path.replace(/node$/, "browser")),
    );
  },
};

/** The server as a browser's worker. */
export const webServerOptions = {
  ...bundleOptions,
  entryPoints: { "web-server": "server/src/web/main.ts" },
  outExtension: {},
  platform: "browser",
  format: "iife",
  target: "es2022",
  define: { "import.meta.dirname": '"/weakspot/dist"', "import.meta.filename": '"/weakspot/dist/web-server.js"' },
  inject: ["server/src/web/system/globals.ts"],
  plugins: [nodeInBrowser],
};

/** The extension's client where there is no Node. By another ending VS Code would take it for a module, which it runs there in no worker. */
export const webClientOptions = {
  ...bundleOptions,
  entryPoints: { "web-client": "client/src/web.ts" },
  platform: "browser",
  target: "es2022",
  plugins: [nodeInBrowser],
};

/** What all of dist/ is made by. */
export const allBundles = [bundleOptions, clientOptions, webServerOptions, webClientOptions];

/** A bundle for packages: without maps; the command, which is the server, keeps its names, so that what a stack trace in a report says can be read. */
export function forRelease(options) {
  return {
    ...options,
    sourcemap: false,
    minifySyntax: true,
    minifyWhitespace: true,
    // What every visit fetches, what packages carry twice, and the client, which is mostly a library.
    minifyIdentifiers: options.platform === "browser" || options === clientOptions,
    legalComments: "none",
    metafile: true,
  };
}
