// Bundles everything into dist/; with --watch again whenever a source changes; with --release smaller, without maps, and with the
// licences of what is bundled.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build, context } from "esbuild";
import { allBundles, bundleOptions, forRelease } from "./bundle.mjs";
import { packagesOf, renderLicences } from "./licences.mjs";

const { absWorkingDir: top, outdir } = bundleOptions;

if (process.argv.includes("--watch")) {
  for (const options of allBundles) await (await context({ ...options, logLevel: "info" })).watch();
} else if (process.argv.includes("--release")) {
  const folder = join(top, outdir);
  const built = await Promise.all(allBundles.map((options) => build(forRelease(options))));
  const packages = built.flatMap(({ metafile }) => packagesOf(metafile, top));
  writeFileSync(join(folder, "LICENCES.txt"), renderLicences(packages, top));
  // What other builds left is in no package: maps, bundles that no longer are.
  const made = new Set(built.flatMap(({ metafile }) => Object.keys(metafile.outputs).map((path) => basename(path))));
  const kept = [...made].filter((name) => !name.endsWith(".map")).concat("LICENCES.txt", "README.md");
  for (const name of readdirSync(folder)) if (!kept.includes(name)) rmSync(join(folder, name), { recursive: true });
} else {
  await Promise.all(allBundles.map((options) => build(options)));
}
