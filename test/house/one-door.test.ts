/** The house's doors: files are opened in few places, and the manifest keeps its promise to those who do not trust a tree. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const top = join(import.meta.dirname, "../../server/src");

/** Who may open files: the door for what a tree has, what writes, and what is our own. */
const DOORS = new Set([
  "host/open-regular.ts",
  "host/index-cache.ts",
  "host/image-history.ts",
  "host/write-changes.ts",
  // Baselines and diffs that the user names, pipes too.
  "cli/check-command.ts",
  // The file that the user names for --scip.
  "cli/scip-command.ts",
]);

const OPENING =
  /\b(?:open|openSync|readFile|readFileSync|createReadStream|createWriteStream|writeFile|writeFileSync|appendFileSync)\b/;

describe("the doors of the house", () => {
  it("opens files in the listed places alone", () => {
    const openers = readdirSync(top, { recursive: true, encoding: "utf8" }).filter((path) => {
      if (!path.endsWith(".ts")) return false;
      const text = readFileSync(join(top, path), "utf8");
      const imports = [...text.matchAll(/import (type )?\{([^}]*)\} from "node:fs(?:\/promises)?"/g)];
      const names = imports.flatMap((match) => (match[1] === undefined ? match[2]!.split(",") : []));
      return names.some((name) => OPENING.test(name)) || /import \* as \w+ from "node:fs/.test(text);
    });
    assert.deepEqual(openers.map((path) => path.replaceAll("\\", "/")).sort(), [...DOORS].sort());
  });

  it("lets the command speak through one door alone", () => {
    const speakers = readdirSync(join(top, "cli"), { encoding: "utf8" }).filter((name) =>
      /process\.std(?:out|err)|console\./.test(readFileSync(join(top, "cli", name), "utf8")),
    );
    // Progress is numbers, and the server's own streams are the protocol's.
    assert.deepEqual(speakers.sort(), ["output.ts", "progress.ts", "server-command.ts"]);
  });

  it("restricts every setting that names a path or a pattern until a workspace is trusted", () => {
    const manifest = JSON.parse(readFileSync(join(top, "../../package.json"), "utf8"));
    const words = JSON.parse(readFileSync(join(top, "../../package.nls.json"), "utf8")) as Record<string, string>;
    const worded = (setting: object) =>
      JSON.stringify(setting).replace(/%([^%"]+)%/g, (_, key: string) => words[key] ?? "");
    const sections = [manifest.contributes.configuration].flat() as { properties: Record<string, object> }[];
    const naming = sections.flatMap(({ properties }) =>
      Object.entries(properties)
        .filter(([, setting]) => /relative to the workspace folder|\bglob/i.test(worded(setting)))
        .map(([name]) => name),
    );
    assert.ok(naming.length >= 5, naming.join(" "));
    assert.deepEqual([...manifest.capabilities.untrustedWorkspaces.restrictedConfigurations].sort(), naming.sort());
  });
});
