/** What --gc-sections does to sections of which unkept-section speaks, before and after its fix: linked and looked at. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { unkeptSection } from "../../server/src/rules/unkept-section.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { parseFixture } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { needTools, orSkip } from "../support/needed-tools.ts";
import { runOrThrow } from "../support/run-program.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

describe("sections without KEEP in a link that collects garbage", function () {
  this.timeout(60_000);
  // The branch is the architecture's own; a long to it says the same of the link.
  const portable = (text: string) =>
    text.replace("bl run", ".quad run").replace("nop", ".quad 0").replace(".long reset", ".quad reset");
  const filesOf = (fixture: string) =>
    parseFixture(fixture).files.map(({ path, text }) => ({ path, text: portable(text) }));
  const broken = filesOf(unkeptSection.docs.bad[0]!);
  let folder: TemporaryFolder | undefined;

  before(async function () {
    await orSkip(this, () =>
      needTools([
        { command: "gcc", debianPackage: "gcc" },
        { command: "ld", debianPackage: "binutils" },
      ]),
    );
  });
  afterEach(() => folder?.[Symbol.dispose]());

  /** The sections that ld says it removes. */
  async function removed(files: readonly { path: string; text: string }[], script: string): Promise<string[]> {
    folder = createTemporaryFolder(Object.fromEntries(files.map(({ path, text }) => [path, text])));
    writeFileSync(join(folder.path, "link.ld"), script);
    const objects: string[] = [];
    for (const { path } of files.filter((file) => /\.[cs]$/.test(file.path))) {
      const object = path.replace(/\.[cs]$/, ".o");
      objects.push(object);
      await runOrThrow("gcc", ["-O1", "-fno-pic", "-c", path, "-o", object], { folder: folder.path });
    }
    const words = ["-c", `ld --gc-sections --print-gc-sections -T link.ld ${objects.join(" ")} -o fw 2>&1`];
    const said = await runOrThrow("sh", words, { folder: folder.path });
    return [...said.matchAll(/removing unused section '([^']*)'/g)].map(([, name]) => name!);
  }

  function scriptOf(files: readonly { path: string; text: string }[]): string {
    return files.find(({ path }) => path === "link.ld")!.text;
  }

  it("loses them, and keeps them after the fix", async () => {
    const lost = await removed(broken, scriptOf(broken));
    assert.ok(lost.includes(".isr_vector") && lost.includes(".hooks"), lost.join(" "));
    const fixture = loadFixture(broken);
    const findings = fixture.findings().get("link.ld") ?? [];
    const edits = findings.flatMap((finding) => {
      const [fix] = unkeptSection.fixes!(finding, fixture.context("link.ld"));
      const [edit] = fix?.edits ?? [];
      return edit !== undefined && "edits" in edit ? edit.edits : [];
    });
    const kept = await removed(broken, applyEdits(scriptOf(broken), edits)!);
    assert.deepEqual(
      kept.filter((name) => name === ".isr_vector" || name === ".hooks"),
      [],
    );
  });

  it("keeps all that the rule leaves alone", async () => {
    const files = filesOf(unkeptSection.docs.good[0]!);
    assert.deepEqual(
      (await removed(files, scriptOf(files))).filter((name) => /isr_vector|config|retained/.test(name)),
      [],
    );
  });
});
