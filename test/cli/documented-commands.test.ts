/** Every command line that the README and docs/ show runs: on the small tree, in a repository, as it is written. */

import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildElf } from "../host/elf/build-elf.ts";
import { bundledCommand } from "../support/bundled-command.ts";
import { runOrThrow, runProgram } from "../support/run-program.ts";
import { createSampleTree } from "../support/sample-tree.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

/** What the page on memory calls its image. */
const IMAGE = buildElf({
  fileType: 2,
  sections: [{ name: ".text", type: 1, flags: 6, address: 0x1000n, data: new Uint8Array(64) }],
  symbols: [{ name: "printf", binding: 1, type: 2, section: ".text", value: 0x1000n, size: 64n }],
});

const top = join(import.meta.dirname, "../..");

/** Lines of code in a page that call the command; what stands behind three blanks says what the line is for. */
function commandLines(path: string): string[] {
  const lines = readFileSync(join(top, path), "utf8").split("\n");
  let isFenced = false;
  return lines.flatMap((line) => {
    if (line.startsWith("```")) isFenced = !isFenced;
    const isCode = isFenced || line.startsWith("    ");
    const [command = ""] = line
      .trim()
      .replace(/^- (?:run: )?/, "")
      .split(/ {3,}/);
    return isCode && /^(?:git diff .*\| *)?weakspot /.test(command) ? [command] : [];
  });
}

const pages = ["README.md", ...readdirSync(join(top, "docs"), { encoding: "utf8" }).map((name) => `docs/${name}`)];

describe("the documentation", function () {
  this.timeout(60_000);
  let tree: TemporaryFolder;
  let folder: TemporaryFolder;

  before(async () => {
    tree = createSampleTree();
    tree.write({ "fw.elf": IMAGE, "old/fw.elf": IMAGE });
    const command = await bundledCommand();
    folder = createTemporaryFolder({ weakspot: `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n` });
    chmodSync(join(folder.path, "weakspot"), 0o755);
    for (const words of [
      ["init", "-q"],
      ["add", "."],
      ["-c", "user.name=n", "-c", "user.email=e@x", "commit", "-qm", "all"],
      ["update-ref", "refs/remotes/origin/main", "HEAD"],
    ])
      await runOrThrow("git", words, { folder: tree.path });
  });
  after(() => {
    tree[Symbol.dispose]();
    folder[Symbol.dispose]();
  });

  const shown = pages
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) => commandLines(path).map((line) => [path, line]));
  assert.ok(shown.length >= 12, "the pages show commands");
  for (const [path, line] of shown) {
    if (/weakspot server/.test(line!)) continue;
    it(`${path}: ${line}`, async () => {
      const { status, stderr } = await runProgram("sh", ["-c", line!], {
        folder: tree.path,
        environment: { PATH: `${folder.path}:${process.env["PATH"]}`, XDG_CACHE_HOME: folder.path },
      });
      // A map and regions only a real link has: of those lines it is seen that their words are understood.
      const isUnderstood = line!.includes("fw.elf") && !stderr.includes("--help");
      assert.ok(status === 0 || status === 1 || isUnderstood, `${status}: ${stderr}`);
      assert.doesNotMatch(stderr, /unknown (?:option|command)|not found|No such file/i);
    });
  }
});
