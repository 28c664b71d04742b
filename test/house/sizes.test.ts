/** Holds that functions and files stay small enough to be read at one go. The lists of what is larger only get shorter. */

import assert from "node:assert/strict";
import { childrenOf, type Node, readSources } from "./source-files.ts";

const FUNCTION_LINES = 80;
const FILE_LINES = 500;

/** Functions that are larger still, each with its lines at most. */
const LARGER_FUNCTIONS: Readonly<Record<string, number>> = {
  "client/src/linkage-view.ts: createLinkageView": 160,
  "client/src/memory-view.ts: createMemoryView": 160,
  "server/src/cli/check-command.ts: runCheck": 110,
  "server/src/cli/command-line.ts: makeProgram": 190,
  "server/src/features/script-tokens.ts: addNode": 110,
  "server/src/linkage/links/command-links.ts: commandLinks": 180,
  "server/src/linkage/links/make-links.ts: makeLinks": 320,
  "server/src/linkage/symbols/program.ts: createProgram": 170,
  "server/src/rules/fallback/worlds.ts: build": 120,
  "server/src/syntax/c/declaration.ts: parseDeclaration": 110,
  "server/src/syntax/c/declarator.ts: readDeclarator": 100,
  "server/src/syntax/c/defines.ts: readReplacementLine": 120,
  "server/src/syntax/c/groups.ts: skipGroup": 110,
  "server/src/syntax/c/specifiers.ts: readSpecifiers": 130,
  "server/src/syntax/cpp/expression.ts: evaluate": 110,
  "server/src/syntax/cpp/lex.ts: lexFile": 150,
  "server/src/syntax/kbuild/kconfig.ts: readFile": 120,
  "server/src/syntax/kbuild/make-rules.ts: makeRules": 140,
  "server/src/syntax/kbuild/makefile.ts: parseMakefile": 100,
};

/** Tables, which nobody reads from one end to the other; and files that are larger still, with their lines at most. */
const LARGER_FILES: Readonly<Record<string, number>> = {
  "server/src/syntax/cpp/predefined-macros.ts": Number.POSITIVE_INFINITY,
  "server/src/features/script-context.ts": 560,
  "server/src/linkage/facts/c-facts.ts": 540,
  "server/src/linkage/links/kernel-links.ts": 520,
  "server/src/rules/fallback/address-flow.ts": 520,
};

/** The functions below a node that have a block of their own, by their names, with the lines of the block. */
function* functionsIn(node: Node, name = "?"): Iterable<{ name: string; lines: number }> {
  let own = name;
  const named = (node.id ?? node.key) as { name?: string } | null | undefined;
  if (typeof named?.name === "string") own = named.name;
  const body = node.body as Node | undefined;
  if (/Function|Method/.test(node.type) && body?.type === "BlockStatement") {
    yield { name: own, lines: body.loc.end.line - body.loc.start.line + 1 };
  }
  for (const child of childrenOf(node)) yield* functionsIn(child, own);
}

const sources = [...readSources("server/src"), ...readSources("client/src")];

describe("sizes", () => {
  it(`no function is longer than ${FUNCTION_LINES} lines`, () => {
    const larger = sources.flatMap(({ path, program }) =>
      [...functionsIn(program)]
        .filter(({ lines }) => lines > FUNCTION_LINES)
        .map(({ name, lines }) => [`${path}: ${name}`, lines] as const),
    );
    assert.deepEqual(
      larger.filter(([place, lines]) => lines > (LARGER_FUNCTIONS[place] ?? 0)),
      [],
    );
    const found = new Set(larger.map<string>(([place]) => place));
    assert.deepEqual(
      Object.keys(LARGER_FUNCTIONS).filter((place) => !found.has(place)),
      [],
      "they are small now: take them out of the list",
    );
  });

  it(`no file is longer than ${FILE_LINES} lines`, () => {
    const larger = sources
      .map(({ path, text }) => [path, text.trimEnd().split("\n").length] as const)
      .filter(([path, lines]) => lines > (LARGER_FILES[path] ?? FILE_LINES));
    assert.deepEqual(larger, []);
  });
});
