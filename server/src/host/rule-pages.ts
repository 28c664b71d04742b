/** Finds the pages that explain the rules, which come with the extension and with the checkout. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Beside the bundles in dist/, and above the sources. */
const FOLDERS = ["../docs/rules", "../../../docs/rules"];

const folder = FOLDERS.map((path) => join(import.meta.dirname, path)).find((path) => existsSync(path));

/** The URI of a rule's page on this machine, or undefined where the pages were not installed. */
export function rulePageUri(rule: string): string | undefined {
  if (folder === undefined) return undefined;
  const page = join(folder, `${rule}.md`);
  return existsSync(page) ? pathToFileURL(page).href : undefined;
}
