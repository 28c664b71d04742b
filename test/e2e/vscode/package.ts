/** Makes the extension's package as `npm run package` does, for tests that install it. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runOrThrow } from "../../support/run-program.ts";
import { projectRoot } from "../support/project.ts";

let made: Promise<string> | undefined;

/** The path of a .vsix made from the checkout as it is, once per run; or of the one that WEAKSPOT_VSIX names. */
export function packageExtension(): Promise<string> {
  const given = process.env.WEAKSPOT_VSIX;
  if (given) return Promise.resolve(given);
  made ??= makePackage();
  return made;
}

async function makePackage(): Promise<string> {
  const vsix = join(mkdtempSync(join(tmpdir(), "weakspot-package-")), "weakspot.vsix");
  await runOrThrow("npm", ["run", "package", "--", "--out", vsix], { folder: projectRoot });
  return vsix;
}
