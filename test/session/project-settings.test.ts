/** The project's own settings: what is taken, what is told with its line, and what is trusted. */

import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { parseProject, projectSeverity, readProject } from "../../server/src/session/project-settings.ts";
import { openSession } from "../../server/src/session/session.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

/** What is told of a text, by line. */
function told(text: string): string[] {
  return parseProject(text, (path) => path === "include").problems.map(({ line, message }) => `${line}: ${message}`);
}

describe("weakspot.json", () => {
  it("may have comments and commas at ends", () => {
    const { settings, problems } = parseProject('{\n  // why\n  "exclude": ["out/**",],\n}\n', () => true);
    assert.deepEqual([settings.exclude, problems], [["out/**"], []]);
  });

  it("gives rules a severity, and another one for some paths, the last that speaks of it", () => {
    const { settings } = parseProject(
      JSON.stringify({
        rules: { "weak-reference": "error" },
        overrides: [
          { files: ["test/**"], rules: { "weak-reference": "off", "provide-symbol": "hint" } },
          { files: ["test/link/**"], rules: { "weak-reference": "warning" } },
        ],
      }),
      () => true,
    );
    const severity = (path: string) => projectSeverity(settings, "weak-reference", path);
    assert.deepEqual([severity("a.c"), severity("test/a.c"), severity("test/link/a.c")], ["error", "off", "warning"]);
    assert.equal(projectSeverity(settings, "unused-ignore", "a.c"), undefined);
  });

  for (const [what, text, problem] of [
    ["a key that is none", '{\n  "rulez": {}\n}', /^2: rulez: there is no such setting; there are rules, overrides/],
    ["a key of a key", '{\n  "kernel": {\n    "cfg": "x" }\n}', /^3: kernel\.cfg: there is no such setting/],
    ["a rule that is none", '{ "rules": {\n "weak-refrence": "off" } }', /^2: rules\.weak-refrence: there is no rule/],
    [
      "a severity that is none",
      '{ "rules": { "weak-reference":\n "loud" } }',
      /^1: .*: it is "loud", and none of error/,
    ],
    [
      "a rule of a path",
      '{ "overrides": [\n{ "files": ["a"], "rules": { "x": "off" } }] }',
      /^2: overrides\.rules\.x: /,
    ],
    ["a list that is none", '{ "exclude": "out" }', /^1: exclude: it is no list of patterns/],
    ["a link without a name", '{ "linkUnits": [{ "files": ["a"] }] }', /^1: linkUnits: it has no name/],
    [
      "a folder outside",
      '{ "includeFolders": ["include",\n"../other"] }',
      /^2: includeFolders: there is no such folder/,
    ],
    [
      "a configuration outside",
      '{ "kernel": { "config": "/etc/config" } }',
      /^1: kernel\.config: there is no such file/,
    ],
    ["a text that is no JSON", '{\n  "rules": {,\n}', /^2: it is no JSON: /],
    ["a value that is no object", "[]", /^1: it is no object/],
  ] as const) {
    it(`is told of ${what}, with its line`, () => {
      const [first = ""] = told(text);
      assert.match(first, problem);
    });
  }

  it("is no way to make objects something else", () => {
    const { settings } = parseProject(
      '{ "__proto__": { "exclude": ["x"] }, "rules": { "constructor": "off" } }',
      () => true,
    );
    assert.deepEqual([settings.exclude, settings.rules.size], [[], 0]);
  });

  it("is not read through a link out of the tree, and names nothing that one leads to", () => {
    using outside = createTemporaryFolder({ "weakspot.json": '{ "exclude": ["x"] }', config: "CONFIG_A=y\n" });
    using tree = createTemporaryFolder({ "a.c": "int a;\n" });
    symlinkSync(join(outside.path, "weakspot.json"), join(tree.path, "weakspot.json"));
    const { settings, problems } = readProject(tree.path);
    assert.deepEqual(settings.exclude, []);
    assert.match(problems[0]!.message, /a link leads out of the tree/);
    using other = createTemporaryFolder({ "weakspot.json": '{ "kernel": { "config": "mine" } }' });
    symlinkSync(join(outside.path, "config"), join(other.path, "mine"));
    assert.equal(readProject(other.path).settings.kernelConfig, undefined);
  });

  it("counts where the session's own options say nothing", async () => {
    using tree = createTemporaryFolder({
      "weakspot.json": '{ "rules": { "weak-reference": "error" }, "exclude": ["out/**"] }',
      "a.c": "extern int x __attribute__((weak));\nint *p = &x;\n",
      "out/b.c": "int out_there;\n",
    });
    const session = openSession(tree.path);
    await session.workspace.current;
    const severities = async (open: typeof session) =>
      (await open.check("a.c"))?.findings
        .filter(({ rule }) => rule === "weak-reference")
        .map(({ severity }) => severity);
    assert.deepEqual(await severities(session), ["error"]);
    assert.equal(session.workspace.index.hasFile("out/b.c"), false);
    await session.dispose();
    const other = openSession(tree.path, { severityOf: (rule) => (rule.id === "weak-reference" ? "hint" : undefined) });
    await other.workspace.current;
    assert.deepEqual(await severities(other), ["hint"]);
    await other.dispose();
  });
});
