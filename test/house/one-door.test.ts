/** The house's doors: files are opened in few places, and the manifest keeps its promise to those who do not trust a tree. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const top = join(import.meta.dirname, "../../server/src");

/** Who may open files: readers that look at what they open first, what is written, and what is our own. */
const DOORS = new Set([
  "host/open-regular.ts",
  "host/read-file.ts",
  "host/read-source.ts",
  "host/tree-reader.ts",
  "host/elf/byte-source.ts",
  "host/index-cache.ts",
  "host/write-changes.ts",
  // Files that the user names on the command line.
  "cli/symbols-command.ts",
  "cli/elf-symbols.ts",
  // Compares what is to be written with what is there.
  "cli/check-command.ts",
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
    const sections = [manifest.contributes.configuration].flat() as { properties: Record<string, object> }[];
    const naming = sections.flatMap(({ properties }) =>
      Object.entries(properties)
        .filter(([, setting]) => /relative to the workspace folder|\bglob/i.test(JSON.stringify(setting)))
        .map(([name]) => name),
    );
    assert.ok(naming.length >= 5, naming.join(" "));
    assert.deepEqual([...manifest.capabilities.untrustedWorkspaces.restrictedConfigurations].sort(), naming.sort());
  });
});
