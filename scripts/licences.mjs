// Collects the licences of what is bundled, by esbuild's list of inputs: those who distribute a bundle must give them along.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folders of the packages that inputs of a bundle come from, by esbuild's metafile, sorted. */
export function packagesOf({ inputs }, top) {
  const folders = new Set();
  for (const path of Object.keys(inputs)) {
    if (!path.includes("node_modules/")) continue;
    let folder = dirname(path);
    // Parts of a package may have a package.json of their own, without a name.
    while (!isPackage(join(top, folder))) folder = dirname(folder);
    folders.add(folder);
  }
  return [...folders].sort();
}

function isPackage(folder) {
  const path = join(folder, "package.json");
  return existsSync(path) && JSON.parse(readFileSync(path, "utf8")).version !== undefined;
}

/** The text of the file: each package with its version and licence. Throws where one has none. */
export function renderLicences(packages, top) {
  const parts = packages.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(top, folder, "package.json"), "utf8"));
    const file = readdirSync(join(top, folder)).find((one) => /^(?:licen[cs]e|copying)/i.test(one));
    if (file === undefined && license === undefined) throw new Error(`${name} has no licence`);
    const text = file === undefined ? `Licence: ${license}` : readFileSync(join(top, folder, file), "utf8").trim();
    return `${name} ${version} (${license ?? "see below"})\n\n${text}\n`;
  });
  const rule = `\n${"-".repeat(80)}\n\n`;
  return ["Weakspot's bundles contain these packages.\n", ...new Set(parts)].join(rule);
}
