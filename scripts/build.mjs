// Bundles everything into dist/; with --watch again whenever a source changes; with --release smaller, without maps, and with the
// licences of what is bundled.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, context } from "esbuild";
import { bundleOptions, releaseOptions } from "./bundle.mjs";
import { packagesOf, renderLicences } from "./licences.mjs";

const { absWorkingDir: top, outdir } = bundleOptions;

if (process.argv.includes("--watch")) {
  const watching = await context({ ...bundleOptions, logLevel: "info" });
  await watching.watch();
} else if (process.argv.includes("--release")) {
  const folder = join(top, outdir);
  const { metafile } = await build(releaseOptions);
  writeFileSync(join(folder, "LICENCES.txt"), renderLicences(packagesOf(metafile, top), top));
  for (const name of readdirSync(folder)) if (name.endsWith(".map")) rmSync(join(folder, name));
} else {
  await build(bundleOptions);
}
