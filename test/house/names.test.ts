/** Holds that a name means one thing in the whole house, that no call says a bare `true`, and that imports make no circle. */

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { type Node, readSources, type SourceFile } from "./source-files.ts";

const sources = [...readSources("server/src"), ...readSources("client/src")];

/** What stands in for modules of Node has their names; each of the two clients has the entry that VS Code asks for. */
const isStandIn = (path: string): boolean => path.startsWith("server/src/web/");
const ENTRIES = new Set(["activate"]);

/** Functions that still take a bare boolean. The list only gets shorter. */
const BOOLEANS: ReadonlySet<string> = new Set([
  "server/src/cli/style.ts: styleFor",
  "server/src/features/navigation.ts: findReferences",
  "server/src/features/script-context.ts: contextAt",
  "server/src/features/script-macros.ts: findMacroReferences",
  "server/src/features/script-navigation.ts: findOwnReferences",
  "server/src/host/elf/instruction-addends.ts: armAddend",
  "server/src/host/elf/instruction-addends.ts: mipsAddend",
  "server/src/linkage/kbuild/build-state.ts: pendingFor",
  "server/src/linkage/kbuild/kernel-flags.ts: kernelFlags",
  "server/src/linkage/links/built-links.ts: viewBuild",
  "server/src/protocol/script-convert.ts: toSymbols",
  "server/src/protocol/settings.ts: readSettings",
  "server/src/rules/fallback/cut-statements.ts: cutStatement",
  "server/src/rules/fallback/cut-statements.ts: unwrapStatement",
  "server/src/rules/fallback/forms.ts: isSafe",
  "server/src/rules/fallback/home.ts: findHome",
  "server/src/rules/fallback/neighbour-words.ts: takesIn",
  "server/src/rules/fallback/plan.ts: planFallback",
  "server/src/syntax/c/attributes.ts: readAttributes",
  "server/src/syntax/c/macros.ts: declarationsInMacro",
  "server/src/syntax/c/preprocessor.ts: openPreprocessor",
  "server/src/syntax/c/scopes.ts: namesParameter",
  "server/src/syntax/c/tokens.ts: pushToken",
  "server/src/syntax/condition/evaluate.ts: toValue",
  "server/src/syntax/cpp/compiler.ts: hasGccAttribute",
  "server/src/syntax/cpp/compiler.ts: hasGccBuiltin",
  "server/src/syntax/cpp/include.ts: findInclude",
  "server/src/syntax/cpp/pragma.ts: emitPragmaLine",
  "server/src/syntax/kbuild/link-command.ts: inputOf",
  "server/src/syntax/kbuild/value.ts: filterWords",
  "server/src/syntax/ld/cursor.ts: noteUse",
  "server/src/syntax/ld/output-sections.ts: parseTrailer",
  "server/src/syntax/ld/recovery.ts: skipNode",
]);

/** Circles that are left. The list only gets shorter. */
const CIRCLES: ReadonlySet<string> = new Set([
  "server/src/syntax/ld/lexer.ts server/src/syntax/ld/numbers.ts",
  "server/src/syntax/kbuild/make-variables.ts server/src/syntax/kbuild/make.ts server/src/syntax/kbuild/variables.ts",
  "server/src/syntax/kbuild/expand.ts server/src/syntax/kbuild/functions.ts",
  "server/src/linkage/symbols/narrowed-program.ts server/src/linkage/symbols/program.ts",
  "server/src/syntax/asm/calls.ts server/src/syntax/asm/gas-conditions.ts server/src/syntax/asm/gas-macros.ts server/src/syntax/asm/interest.ts server/src/syntax/asm/interpret.ts server/src/syntax/asm/statement-parts.ts",
  "server/src/syntax/cpp/lex.ts server/src/syntax/cpp/macros.ts",
  "server/src/syntax/cpp/arguments.ts server/src/syntax/cpp/builtins.ts server/src/syntax/cpp/expand.ts server/src/syntax/cpp/pragma.ts server/src/syntax/cpp/substitute.ts",
  "server/src/rules/fallback/declaration.ts server/src/rules/fallback/declared-shape.ts server/src/rules/fallback/types-in-sight.ts",
  "server/src/rules/fallback/fallback-includes.ts server/src/rules/fallback/home.ts",
  "server/src/syntax/c/read-declaration.ts server/src/syntax/c/read-expression.ts server/src/syntax/c/read-statement.ts server/src/syntax/c/read-type.ts",
  "server/src/rules/fallback/fold-tests.ts server/src/rules/fallback/fold-warnings.ts server/src/rules/fallback/keep-type.ts",
  "server/src/linkage/links/described-builds.ts server/src/linkage/links/described-cmake.ts server/src/linkage/links/described-meson.ts",
  "server/src/linkage/links/makefile-commands.ts server/src/linkage/links/makefile-unread.ts",
  "server/src/cli/baseline.ts server/src/cli/report.ts server/src/cli/text-report.ts",
]);

interface Exported {
  readonly name: string;
  readonly declaration: Node;
}

function exportsOf({ program }: SourceFile): Exported[] {
  return program.body.flatMap((statement) => {
    const declaration = statement.declaration as Node | null | undefined;
    if (statement.type !== "ExportNamedDeclaration" || !declaration) return [];
    const declared = (declaration.declarations as readonly Node[] | undefined) ?? [declaration];
    return declared.flatMap((one) => {
      const { name } = one.id as unknown as { name?: string };
      return name === undefined ? [] : [{ name, declaration: one }];
    });
  });
}

function takesBoolean(parameter: Node): boolean {
  const isDefault = parameter.type === "AssignmentPattern";
  if (isDefault && (parameter.right as Node).type === "BooleanLiteral") return true;
  const { typeAnnotation } = (isDefault ? parameter.left : parameter) as {
    typeAnnotation?: { typeAnnotation: Node };
  };
  return typeAnnotation?.typeAnnotation.type === "TSBooleanKeyword";
}

function importsOf({ path, text }: SourceFile): string[] {
  const found = text.matchAll(/^(?:import|export)\s(?:[^;"']*?\sfrom\s+)?["'](\.[^"']+)["']/gm);
  return [...found].map((match) => join(dirname(path), match[1]!));
}

/** The groups of files that import each other in circles (Tarjan's strongly connected components), each sorted. */
function findCircles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (path: string): void => {
    order.set(path, order.size);
    let low = order.size - 1;
    open.push(path);
    for (const next of imports.get(path) ?? []) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) low = Math.min(low, lowest.get(next) ?? order.get(next)!);
    }
    lowest.set(path, low);
    if (low !== order.get(path)) return;
    const group = open.splice(open.indexOf(path));
    if (group.length > 1) circles.push(group.sort());
  };
  for (const path of imports.keys()) {
    if (!order.has(path)) visit(path);
  }
  return circles;
}

describe("names", () => {
  it("are exported by one file each", () => {
    const owners = new Map<string, Set<string>>();
    for (const source of sources.filter(({ path }) => !isStandIn(path))) {
      for (const { name } of exportsOf(source)) owners.set(name, (owners.get(name) ?? new Set()).add(source.path));
    }
    const twice = [...owners].filter(([name, files]) => files.size > 1 && !ENTRIES.has(name));
    assert.deepEqual(
      twice.map(([name, files]) => `${name}: ${[...files].join(" ")}`),
      [],
    );
  });

  it("say what a boolean would not: exported functions take none by its place", () => {
    const taking = sources.flatMap((source) =>
      exportsOf(source)
        .filter(({ declaration }) => ((declaration.params as readonly Node[] | undefined) ?? []).some(takesBoolean))
        .map(({ name }) => `${source.path}: ${name}`),
    );
    assert.deepEqual(
      taking.filter((place) => !BOOLEANS.has(place)),
      [],
    );
    assert.deepEqual(
      [...BOOLEANS].filter((place) => !taking.includes(place)),
      [],
      "they take none now: take them out of the list",
    );
  });
});

describe("imports", () => {
  it("make no circle", () => {
    const imports = new Map(sources.map((source) => [source.path, importsOf(source)]));
    const found = findCircles(imports).map((group) => group.join(" "));
    assert.deepEqual(
      found.filter((group) => !CIRCLES.has(group)),
      [],
    );
    assert.deepEqual(
      [...CIRCLES].filter((group) => !found.includes(group)),
      [],
      "they are none now: take them out of the list",
    );
  });
});
