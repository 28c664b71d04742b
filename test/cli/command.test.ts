/** The command `weakspot` on a small tree, run as people and CI run it: output formats, exit codes, fixes. */

import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundledCommand } from "../support/bundled-command.ts";
import { type ProgramResult, runProgram } from "../support/run-program.ts";
import { createSampleTree, sampleFiles } from "../support/sample-tree.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const HEADER = "kernel/table_internal.h";
const SCRIPT = "arch/x86/kernel/vmlinux.lds.S";

describe("the command", function () {
  this.timeout(60_000);
  let command: string;
  let tree: TemporaryFolder;
  let cache: TemporaryFolder;

  before(async () => {
    command = await bundledCommand();
    tree = createSampleTree();
    cache = createTemporaryFolder();
  });

  after(() => {
    tree[Symbol.dispose]();
    cache[Symbol.dispose]();
  });

  function run(...words: string[]): Promise<ProgramResult> {
    return runIn(tree.path, ...words);
  }

  function runIn(folder: string, ...words: string[]): Promise<ProgramResult> {
    return runProgram(process.execPath, [command, ...words], {
      folder,
      environment: { XDG_CACHE_HOME: cache.path },
    });
  }

  it("check prints a line for each finding and exits with 1", async () => {
    const { status, stdout, stderr } = await run("check", "--rule", "weak-reference", "--rule", "provide-symbol");
    assert.equal(stderr, "");
    assert.equal(status, 1);
    // Each finding's line, and the summary; the excerpts and what can be done are indented.
    const lines = stdout
      .trim()
      .split("\n")
      .filter((line) => !line.startsWith(" "));
    assert.deepEqual(
      lines.map((line) => line.replace(/: [a-z]+: .*\[(.*)\]$/, " $1").replace(/;.*/, "")),
      [
        `${SCRIPT}:11:10 provide-symbol`,
        `${HEADER}:6:19 weak-reference`,
        `${HEADER}:7:27 weak-reference`,
        "lib/optional.c:1:12 weak-reference",
        "4 findings in 3 files: 3 weak-reference, 1 provide-symbol",
      ],
    );
  });

  it("prints no name of a file so that it steers a terminal or passes for a line of its own", async () => {
    const name = "::warning::x\n::error::\x1b[31m\u009b0m##[group].c";
    const hostile = createTemporaryFolder({
      [name]: "extern int a __attribute__((weak));\nint f(void) { return &a != 0; }\n",
    });
    const at = (...words: string[]) =>
      runProgram(process.execPath, [command, ...words], {
        folder: hostile.path,
        environment: { XDG_CACHE_HOME: cache.path },
      });
    for (const words of [
      ["check"],
      ["check", "--format", "github"],
      ["check", "--format", "json"],
      ["check", "--format", "sarif"],
      ["symbol", "a"],
      ["symbol", "a", "--json"],
      ["symbols", name],
      ["symbols", `${name}.none`],
      ["index", "--stats"],
    ]) {
      const { stdout, stderr } = await at(...words);
      const lines = `${stdout}\n${stderr}`.split("\n");
      const own = words.includes("github") ? /^::(?:warning|notice|error) file=%3A%3Awarning/ : /^$/;
      const forged = lines.filter((line) => /^\s*::|[\x00-\x08\x0b-\x1f\x7f-\x9f]|##\[/.test(line) && !own.test(line));
      assert.deepEqual(forged, [], words.join(" "));
      assert.ok(stdout + stderr !== "", words.join(" "));
    }
    hostile[Symbol.dispose]();
  });

  it("checks a folder whose name begins with two dots", async () => {
    using folder = createTemporaryFolder({ "..foo/a.c": "extern int a __attribute__((weak));\n" });
    const words = ["check", "--format", "json", "--root", folder.path, join(folder.path, "..foo")];
    const { stdout } = await run(...words);
    assert.equal(JSON.parse(stdout).findings[0].file, "..foo/a.c");
  });

  it("check shows the line of a finding with a caret, and what can be done or why nothing can", async () => {
    const { stdout } = await run("check", "--rule", "weak-reference", "lib/optional.c");
    const [, excerpt, caret, remedy] = stdout.split("\n");
    assert.match(excerpt!, /^ +1 \| .*optional_hook/);
    assert.equal(caret!.indexOf("^"), excerpt!.indexOf("optional_hook"));
    assert.match(remedy!, /^ +=( no safe fix| fix| by hand): \S/);
  });

  it("check leaves out what is less severe than asked for, and hints fail no build", async () => {
    const hints = await run("check", "--rule", "unoverridden-weak-definition");
    assert.equal(hints.status, 0);
    const errors = await run("check", "--min-severity", "error");
    assert.deepEqual([errors.status, errors.stdout], [0, "nothing found\n"]);
  });

  it("check speaks of what is not in the baseline, and of the lines of a diff alone", async () => {
    const file = join(tree.path, "known.json");
    const written = await run("check", "--rule", "weak-reference", "--write-baseline", file);
    assert.deepEqual([written.status, written.stdout], [0, ""]);
    const known = await run("check", "--rule", "weak-reference", "--baseline", file);
    assert.deepEqual([known.status, known.stdout], [0, "nothing found\n"]);
    rmSync(file);
    const diff = join(tree.path, "change.diff");
    writeFileSync(diff, `--- a/${HEADER}\n+++ b/${HEADER}\n@@ -6,1 +6,1 @@\n-x\n+y\n`);
    const changed = await run("check", "--rule", "weak-reference", "--changed", diff);
    rmSync(diff);
    assert.match(changed.stdout, /1 finding in 1 file/);
  });

  it("check's summary is of all findings, though not all are printed", async () => {
    const { stdout, stderr } = await run("check", "--max-findings", "1");
    assert.match(stdout, /\n4 findings in 3 files: /);
    assert.match(stderr, /3 more findings are not printed/);
    const json = await run("check", "--max-findings", "1", "--format", "json");
    assert.equal(JSON.parse(json.stdout).findings.length, 1);
  });

  it("check refuses what is no diff, and tells where a diff is of other files alone", async () => {
    const base = await run("check", "--changed", "main");
    assert.equal(base.status, 2);
    assert.match(base.stderr, /git diff -U0 main \| weakspot check --changed -/);
    const other = await run("check", "--changed", HEADER);
    assert.equal(other.status, 2);
    assert.match(other.stderr, /no unified diff/);
  });

  it("completion knows every subcommand and option, in each shell", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const { status, stdout } = await run("completion", shell);
      assert.equal(status, 0);
      for (const word of ["check", "explain", "max-findings", "weak-reference", "sarif"])
        assert.ok(stdout.includes(word), word);
    }
    assert.equal((await run("completion", "tcsh")).status, 2);
  });

  it("explain prints a rule's page", async () => {
    const { status, stdout } = await run("explain", "weak-reference");
    assert.equal(status, 0);
    assert.match(stdout, /^weak-reference \(warning\)\n/);
    assert.equal((await run("explain", "weak")).status, 2);
  });

  it("check exits with 0 where there is nothing, and looks at the paths it is given alone", async () => {
    const { status, stdout } = await run("check", "kernel/main.c");
    assert.deepEqual([status, stdout], [0, "nothing found\n"]);
  });

  it("check prints the design's JSON", async () => {
    const { stdout } = await run("check", "--format", "json", HEADER);
    const { findings } = JSON.parse(stdout) as { findings: Record<string, unknown>[] };
    const [{ message, fixes, ...first } = {}] = findings;
    assert.deepEqual(first, {
      rule: "weak-reference",
      severity: "warning",
      file: HEADER,
      line: 6,
      column: 19,
      endLine: 6,
      endColumn: 30,
      symbol: "table_names",
      refusals: [],
    });
    assert.match(String(message), /^weak reference to 'table_names'/);
    assert.deepEqual(fixes, [
      { title: "Make table_names strong, with a weak fallback definition in kernel/table_weak.c", preferred: true },
    ]);
  });

  it("check prints SARIF 2.1.0 with each rule that it names", async () => {
    const { stdout } = await run("check", "--format", "sarif", HEADER);
    const log = JSON.parse(stdout);
    assert.equal(log.version, "2.1.0");
    const [{ tool, results }] = log.runs;
    assert.equal(results.length, 2);
    for (const { ruleId, ruleIndex, locations } of results) {
      assert.equal(tool.driver.rules[ruleIndex].id, ruleId);
      assert.equal(locations[0].physicalLocation.artifactLocation.uri, HEADER);
    }
    assert.deepEqual(results[0].locations[0].physicalLocation.region, {
      startLine: 6,
      startColumn: 19,
      endLine: 6,
      endColumn: 30,
    });
  });

  it("check prints annotations for GitHub's workflows", async () => {
    const { stdout } = await run("check", "--format", "github", HEADER);
    assert.match(
      stdout,
      /^::warning file=kernel\/table_internal\.h,line=6,col=19,endLine=6,endColumn=30,title=weak-reference::weak reference/m,
    );
  });

  it("check --diff prints the whole change and leaves the files alone", async () => {
    const { stdout } = await run("check", "--diff", HEADER);
    for (const line of [
      `--- a/${HEADER}`,
      "--- /dev/null",
      "+++ b/kernel/table_weak.c",
      "-extern const char table_names[] __weak;",
      "+extern const char table_names[];",
      "+obj-y += table_weak.o",
    ]) {
      assert.ok(stdout.split("\n").includes(line), `${line} is missing from\n${stdout}`);
    }
    assert.equal(readFileSync(join(tree.path, HEADER), "utf8"), sampleFiles[HEADER]);
  });

  it("check --fix changes the files, after which nothing is left to fix", async () => {
    using copy = createSampleTree();
    const fixed = await run("check", "--fix", "--root", copy.path, join(copy.path, HEADER));
    assert.match(fixed.stderr, /^weakspot: 3 files changed$/m);
    assert.match(readFileSync(join(copy.path, "kernel/table_weak.c"), "utf8"), /weak/);
    const left = await run("check", "--root", copy.path, join(copy.path, HEADER));
    assert.deepEqual([left.status, left.stdout], [0, "nothing found\n"]);
  });

  it("check --fix writes nothing outside of the tree, whatever links the tree has", async () => {
    using outer = createTemporaryFolder({
      ".bashrc": "echo home\n",
      "tree/Makefile": "obj-y += a.o\n",
      "tree/a.c": "int rm_rf; extern int f(void) __attribute__((weak));\nint t(void) { return f ? f() : 0; }\n",
    });
    symlinkSync("../.bashrc", join(outer.path, "tree/a_weak.c"));
    const root = join(outer.path, "tree");
    const fixed = await run("check", "--fix", "--no-cache", "--root", root, root);
    assert.equal(readFileSync(join(outer.path, ".bashrc"), "utf8"), "echo home\n");
    assert.match(readFileSync(join(root, "a.c"), "utf8"), /weak/);
    assert.notEqual(fixed.status, 0);
  });

  it("check --fix changes no file where one of them can't be written, and says which", async () => {
    using copy = createSampleTree();
    chmodSync(join(copy.path, "kernel/Makefile"), 0o444);
    const fixed = await run("check", "--fix", "--no-cache", "--root", copy.path, join(copy.path, HEADER));
    assert.equal(fixed.status, 2);
    assert.match(fixed.stderr, /kernel\/Makefile can't be written: it is read-only; nothing was changed/);
    assert.equal(readFileSync(join(copy.path, HEADER), "utf8"), sampleFiles[HEADER]);
    assert.equal(existsSync(join(copy.path, "kernel/table_weak.c")), false);
  });

  for (const [encoding, start] of [
    ["latin1", "/* caf\u00e9 */"],
    ["utf8", "\uFEFF/* caf\u00e9 */"],
  ] as const) {
    it(`check --fix and --diff keep the bytes of a file that is not all ASCII: ${encoding}`, async () => {
      const use = "int t(void) { return limit; }\r\n";
      const before = Buffer.from(`${start} extern int limit __attribute__((weak));\r\n${use}`, encoding);
      const after = Buffer.from(`${start} extern int limit;\r\n${use}`, encoding);
      using patched = createTemporaryFolder({
        ...sampleFiles,
        "kernel/a.c": before,
        "kernel/Makefile": "obj-y += a.o\n",
      });
      const { stdout } = await runProgram(
        "/bin/sh",
        [
          "-c",
          `"${process.execPath}" "${command}" check --root . --diff --no-cache kernel/a.c | sed 1,/finding/d | patch -p1 --binary`,
        ],
        { folder: patched.path },
      );
      assert.match(stdout, /patching file kernel\/a\.c/);
      assert.deepEqual(readFileSync(join(patched.path, "kernel/a.c")), after);
      using fixed = createTemporaryFolder({
        ...sampleFiles,
        "kernel/a.c": before,
        "kernel/Makefile": "obj-y += a.o\n",
      });
      await run("check", "--fix", "--root", fixed.path, join(fixed.path, "kernel/a.c"));
      assert.deepEqual(readFileSync(join(fixed.path, "kernel/a.c")), after);
      assert.match(readFileSync(join(fixed.path, "kernel/a_weak.c"), "utf8"), /extern int limit;\r\nint limit/);
    });
  }

  it("check --format json and sarif print no diff behind the document", async () => {
    for (const format of ["json", "sarif"]) {
      const { status, stdout, stderr } = await run("check", "--format", format, "--diff");
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, /has no place for a diff/);
    }
  });

  it("check --format sarif writes paths as a URI has them", async () => {
    using odd = createTemporaryFolder({ "a #1?/b%.c": "extern int x __attribute__((weak));\n" });
    const { stdout } = await run("check", "--format", "sarif", "--root", odd.path);
    const [{ uri } = { uri: "" }] = [...stdout.matchAll(/"uri": "(?<uri>[^"]*\.c)"/g)].map((match) => match.groups!);
    assert.equal(decodeURIComponent(new URL(uri!, "file:///tree/").pathname), "/tree/a #1?/b%.c");
  });

  it("says what is wrong with a path and exits with 2", async () => {
    using other = createTemporaryFolder({ "a.c": "int a;\n", "binary.c": Uint8Array.of(0, 1, 2) });
    const file = join(other.path, "a.c");
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [["check", "--root", "absent"], /^weakspot: --root absent: there is no such directory$/m],
      [["check", "--root", file], /^weakspot: --root .*a\.c is no directory$/m],
      [["check", "--root", other.path, join(other.path, "binary.c")], /^weakspot: binary\.c: a binary file$/m],
      [["check", file, "--root", "kernel"], /^weakspot: .*a\.c is not below the root .*kernel$/m],
      [["index", "--root", file], /^weakspot: --root .*a\.c is no directory$/m],
      [["symbol", "a", "--map", "absent"], /^weakspot: --map absent: there is no such file$/m],
      [["symbol", "a", "--build", "absent"], /^weakspot: --build absent: there is no such directory$/m],
      [["symbol", "a", "--build", "."], /\.config: there is no such configuration$/m],
      [["symbols", "absent.c"], /^weakspot: absent\.c: there is no such file$/m],
      [["symbols", other.path], /: it is a directory; name its files$/m],
      [["symbols", "--kconfig", "absent", file], /^weakspot: --kconfig absent: there is no such file$/m],
    ];
    for (const [words, message] of wrong) {
      const { status, stderr } = await run(...words);
      assert.match(stderr, message);
      assert.equal(status, 2, words.join(" "));
    }
  });

  it("goes by weakspot.json, and exits with 2 where that is wrong", async () => {
    using own = createSampleTree();
    own.write({ "weakspot.json": '{ "rules": { "weak-reference": "off", "provide-symbol": "off" } }' });
    const quiet = await runIn(own.path, "check", "--rule", "weak-in-header");
    assert.equal(quiet.stderr, "");
    const all = await runIn(own.path, "check", "--format", "json");
    assert.doesNotMatch(all.stdout, /"weak-reference"/);
    own.write({ "weakspot.json": '{\n  "rulez": {}\n}' });
    const wrong = await runIn(own.path, "check");
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /^weakspot: weakspot\.json:2: rulez: there is no such setting/m);
  });

  it("symbol tells who declares and defines a symbol, and exits with 1 where nobody does", async () => {
    const { stdout } = await run("symbol", "__start_notes");
    assert.match(stdout, /^__start_notes: /);
    assert.match(stdout, /kernel\/main\.c:1:19/);
    assert.match(stdout, /arch\/x86\/kernel\/vmlinux\.lds\.S:8:3/);
    const unknown = await run("symbol", "nobody_has_this", "--json");
    assert.equal(unknown.status, 1);
    assert.deepEqual(JSON.parse(unknown.stdout).linkUnits, []);
  });

  it("symbols lists what a file declares and defines", async () => {
    const { status, stdout } = await run("symbols", "--json", HEADER, "kernel/entry.S", SCRIPT);
    assert.equal(status, 0);
    const { files } = JSON.parse(stdout) as { files: { file: string; symbols: Record<string, unknown>[] }[] };
    assert.deepEqual(
      files.map(({ file, symbols }) => [file, symbols.map(({ name, role, binding }) => `${binding} ${role} ${name}`)]),
      [
        [HEADER, ["weak declaration table_names", "weak declaration table_count"]],
        ["kernel/entry.S", ["strong definition entry"]],
        [SCRIPT, ["strong assignment __start_notes", "strong provide unused_mark"]],
      ],
    );
  });

  it("index says what it read, and the next one comes from the cache", async () => {
    const first = JSON.parse((await run("index", "--stats", "--no-cache")).stdout);
    assert.equal(first.fromCache, false);
    assert.ok(first.files > 0 && first.symbols > 0 && first.facts > 0 && first.bytes > 0);
    await run("index");
    const second = JSON.parse((await run("index", "--stats")).stdout);
    assert.equal(second.fromCache, true);
    assert.deepEqual([second.files, second.symbols, second.facts], [first.files, first.symbols, first.facts]);
  });

  for (const [what, words, message] of [
    ["a root that is not there", ["check", "--root", "nowhere"], /nowhere/],
    ["a path that is not there", ["check", "nowhere.c"], /nowhere\.c/],
    ["a path outside of the root", ["check", "--root", "kernel", "lib/optional.c"], /not below the root/],
    ["a rule that is none", ["check", "--rule", "nonsense"], /There are: weak-reference/],
    ["an unknown command", ["chekc"], /unknown command/],
    ["a file that is of no language", ["symbols", "Kbuild"], /Kbuild/],
  ] as const) {
    it(`says what is wrong with ${what}, and exits with 2`, async () => {
      const { status, stderr } = await run(...words);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
    });
  }
});
