// Bundles everything into dist/; with --watch again whenever a source changes.
import { build, context } from "esbuild";
import { bundleOptions } from "./bundle.mjs";

if (process.argv.includes("--watch")) {
  const watching = await context({ ...bundleOptions, logLevel: "info" });
  await watching.watch();
} else {
  await build(bundleOptions);
}
