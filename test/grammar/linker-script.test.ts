/** The TextMate grammar of linker scripts: expected scopes on fixtures, and no accident on every real script at hand. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { projectRoot } from "../e2e/support/project.ts";
import { kernelTree } from "../support/kernel-tree.ts";
import { needTools, orSkip } from "../support/needed-tools.ts";
import { runOrThrow } from "../support/run-program.ts";

const grammar = join(projectRoot, "syntaxes/linker-script.tmLanguage.json");
const fixtures = join(projectRoot, "test/grammar/fixtures");
const stockScripts = "/usr/lib/x86_64-linux-gnu/ldscripts";
const root = "source.linker-script";

interface Token {
  readonly text: string;
  readonly scopes: readonly string[];
}

interface Line {
  readonly text: string;
  readonly tokens: readonly Token[];
}

describe("the grammar of linker scripts", function () {
  this.timeout(5 * 60_000);

  describe("gives the expected scopes", () => {
    for (const name of readdirSync(fixtures)) {
      it(name, () =>
        runOrThrow("npx", ["vscode-tmgrammar-test", "--grammar", grammar, join(fixtures, name)], {
          folder: projectRoot,
        }),
      );
    }
  });

  describe("on the scripts that ld itself uses", () => {
    let scripts: Map<string, Line[]>;
    before(async function () {
      await orSkip(this, () => needTools([{ command: stockScripts, debianPackage: "binutils" }]));
      const files = readdirSync(stockScripts).map((name) => join(stockScripts, name));
      scripts = await tokenize(files);
      assert.equal(scripts.size, files.length);
    });

    it("knows every token, and every bracket is closed in time", () => assertSound(scripts));

    it("takes no keyword for a macro, as there are none in them", () => {
      for (const [file, lines] of scripts) {
        for (const { text, scopes } of lines.flatMap((line) => line.tokens)) {
          const scope = scopes.at(-1)!;
          assert.doesNotMatch(scope, /^(variable\.other\.constant|entity\.name\.function)/, `${text} in ${file}`);
        }
      }
    });
  });

  describe("on the kernel's scripts", () => {
    let scripts: Map<string, Line[]>;
    before(async function () {
      const tree = await orSkip(this, kernelTree);
      const names = ["*.lds", "*.ld", "*.lds.S", "*.lds.h"].flatMap((name) => ["-o", "-name", name]).slice(1);
      const found = await runOrThrow("find", [tree, "(", ...names, ")", "-type", "f"]);
      scripts = await tokenize(found.split("\n").filter((path) => path !== ""));
      assert.ok(scripts.size > 80);
    });

    it("knows every token, and every bracket is closed in time", () => assertSound(scripts));
  });
});

const sentinel = "sentinel = 1;";

/** Tokenizes copies of files, each with one more statement at its end, whose scopes tell whether anything was left open. */
async function tokenize(files: readonly string[]): Promise<Map<string, Line[]>> {
  const folder = mkdtempSync(join(tmpdir(), "weakspot-grammar-"));
  try {
    const copies = new Map<string, string>();
    for (const [index, file] of files.entries()) {
      const copy = join(folder, `${index}-${basename(file)}.ld`);
      writeFileSync(copy, `${readFileSync(file, "latin1")}\n${sentinel}\n`, "latin1");
      copies.set(copy, file);
    }
    const options = ["--updateSnapshot", "--grammar", grammar, "--scope", root];
    await runOrThrow("npx", ["vscode-tmgrammar-snap", ...options, `${folder}/*.ld`], { folder: projectRoot });
    const scripts = new Map<string, Line[]>();
    for (const [copy, file] of copies) {
      assert.ok(existsSync(`${copy}.snap`), file);
      scripts.set(file, readSnapshot(readFileSync(`${copy}.snap`, "utf8")));
    }
    return scripts;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A snapshot has lines of source, `>text`, each followed by its tokens, `#   ^^^ scope scope`. */
function readSnapshot(snapshot: string): Line[] {
  const lines: { text: string; tokens: Token[] }[] = [];
  for (const line of snapshot.split("\n")) {
    if (line.startsWith(">")) lines.push({ text: line.slice(1), tokens: [] });
    const token = /^#( *)(\^+) (.*)$/.exec(line);
    if (token === null) continue;
    const start = token[1]!.length;
    const current = lines.at(-1)!;
    current.tokens.push({ text: current.text.slice(start, start + token[2]!.length), scopes: token[3]!.split(" ") });
  }
  return lines;
}

function assertSound(scripts: ReadonlyMap<string, readonly Line[]>): void {
  for (const [file, lines] of scripts) {
    for (const { text, tokens } of lines) {
      for (const token of tokens) {
        const known = token.scopes.some((scope) => scope !== root && !scope.startsWith("meta."));
        assert.ok(known || token.text.trim() === "", `"${token.text}" has no scope: ${text} in ${file}`);
      }
    }
    const last = lines.findLast((line) => line.text === sentinel);
    assert.deepEqual(
      last?.tokens[0]?.scopes,
      [root, "variable.other.assignment.linker-script"],
      `left open in ${file}`,
    );
  }
}
