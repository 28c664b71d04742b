/** Finds definitions that override a weak one of another kind: other parameters, a value or none, a function or an object. */

import type { Mention } from "../linkage/facts/link-index.ts";
import { treeOf } from "../linkage/facts/parsed.ts";
import { describePlace, type Texts } from "../linkage/facts/texts.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { areOfTwoArchitectures, isPlainDefinition, isPlainlyStrong } from "../linkage/symbols/sure-links.ts";
import type { CDeclaration, CDeclarator } from "../syntax/c/tree.ts";
import type { Source } from "../text/source.ts";
import { hasManyLinks } from "./candidates.ts";
import type { Rule } from "./rule.ts";

export const mismatchedOverride: Rule = {
  id: "mismatched-override",
  severity: "warning",
  scope: "workspace",
  docs: {
    summary: "A definition overrides a weak one of another type.",
    why: `Callers are compiled for the declaration that they see, and the linker goes by the name alone. Where the weak default and the
definition that overrides it take different numbers of parameters, or one returns a value and the other none, or one is a
function and the other an object, parameters are garbage in one of the two links, and no tool says so. A header that both include would have
made the compiler say it. Parameter lists that are empty, variadic or made by macros are passed over. Nothing is said of trees with a link for each
architecture, as a kernel's.`,
    whenToIgnore: `Where callers cast the symbol to the type of the definition that is linked.`,
    bad: [
      `//- /core.c
static int users;
__attribute__((weak)) int board_setup(int revision) { return users + revision; }
//- /board.c
int board_setup(int revision, int flags) { return revision + flags; }
//  ^^^^^^^^^^^ warning(mismatched-override): takes 2 parameters, and the weak definition that it overrides takes 1 (core.c:2)
`,
      `//- /core.c
static int users;
__attribute__((weak)) int board_setup(void) { return users; }
//- /board.c
void board_setup(void) { }
//   ^^^^^^^^^^^ warning(mismatched-override): returns nothing, and the weak definition that it overrides returns a value (core.c:2)
`,
      `//- /core.c
static int users;
__attribute__((weak)) int board_setup(void) { return users; }
//- /board.c
int board_setup = 1;
//  ^^^^^^^^^^^ warning(mismatched-override): is an object, and the weak definition that it overrides is a function (core.c:2)
`,
    ],
    good: [
      `//- /core.c
static int users;
__attribute__((weak)) int board_setup(int revision) { return users + revision; }
//- /board.c
int board_setup(int number) { return number; }
`,
      `//- /core.c
static int users;
__attribute__((weak)) void *board_setup(void) { return &users; }
//- /board.c
char *board_setup() { return 0; }
`,
      `//- /core.c
static int users;
__attribute__((weak)) int board_setup(void) { return users; }
//- /board.c
#ifdef FLAGS
int board_setup(int flags) { return flags; }
#endif
`,
    ],
  },
  *check({ path, facts, program: narrowed }) {
    const program = narrowed.everywhere;
    if (!program.index.isComplete || hasManyLinks(program)) return;
    for (const fact of facts.symbols.map(program.resolve)) {
      if (!isPlainDefinition({ path, fact })) continue;
      const rivals = program.index
        .mentions(fact.name)
        .filter((other) => other.path !== path && isPlainDefinition(other) && program.isWeak(other.fact));
      if (rivals.length === 0 || !isPlainlyStrong({ path, fact }, program)) continue;
      const weak = rivals.filter((other) => areInClosedLink(path, other.path, program));
      for (const other of weak) {
        const difference = differenceOf({ path, fact }, other, program.texts);
        if (difference === undefined) continue;
        const place = describePlace(program.texts, other.path, other.fact.start);
        const [mine, theirs] = difference;
        yield {
          rule: mismatchedOverride.id,
          span: { start: fact.start, end: fact.end },
          symbol: fact.name,
          message: `'${fact.name}' ${mine}, and the weak definition that it overrides ${theirs} (${place})`,
          related: [
            {
              path: other.path,
              span: { start: other.fact.start, end: other.fact.end },
              message: `the weak definition of '${fact.name}'`,
            },
          ],
        };
        break;
      }
    }
  },
};

/** Whether one link that nothing but libraries is added to has both. */
function areInClosedLink(path: string, other: string, { links }: Program): boolean {
  const closed = (unit: string) => links.whyOpen(unit).every(({ kind }) => kind === "outside");
  if (areOfTwoArchitectures(path, other)) return false;
  const units = links.membershipsOf(path).map(({ unit }) => unit);
  return (
    links.mayMeet(path, other) && links.membershipsOf(other).some(({ unit }) => units.includes(unit) && closed(unit))
  );
}

/** What is said of the one and of the other; undefined where they agree, or nothing is known for sure. */
function differenceOf(mine: Mention, theirs: Mention, texts: Texts): readonly [string, string] | undefined {
  const [a, b] = [declarationOf(mine, texts), declarationOf(theirs, texts)];
  if (a === undefined || b === undefined) return undefined;
  const kinds = [a, b].map(({ declarator }) => declarator.shape === "function");
  if (kinds[0] !== kinds[1]) {
    if (![a, b].every(({ declaration, declarator }) => declarator.shape === "function" || isPlainObject(declaration)))
      return undefined;
    return kinds[0] === true ? ["is a function", "is an object"] : ["is an object", "is a function"];
  }
  if (kinds[0] !== true) return undefined;
  const [ours, others] = [a, b].map(countOfParameters);
  if (ours !== undefined && others !== undefined && ours !== others)
    return [`takes ${counted(ours)}`, `takes ${others}`];
  const [one, two] = [a, b].map(returnsValue);
  if (one !== undefined && two !== undefined && one !== two)
    return one ? ["returns a value", "returns nothing"] : ["returns nothing", "returns a value"];
  return undefined;
}

interface Written {
  readonly source: Source;
  readonly declaration: CDeclaration;
  readonly declarator: CDeclarator;
}

/** The definition as C; undefined where it is none, or is not understood whole. */
function declarationOf({ path, fact }: Mention, texts: Texts): Written | undefined {
  if (!path.endsWith(".c")) return undefined;
  const source = texts.source(path);
  if (source === undefined) return undefined;
  for (const declaration of treeOf(source).declarations) {
    const declarator = declaration.declarators.find(({ nameSpan }) => nameSpan.start === fact.start);
    if (declarator !== undefined) return declaration.isSplit ? undefined : { source, declaration, declarator };
  }
  return undefined;
}

function isPlainObject({ isObjectType, isVoid }: CDeclaration): boolean {
  return isObjectType && !isVoid;
}

/** undefined for a type that a typedef or a macro may hide. */
function returnsValue({ declaration, declarator }: Written): boolean | undefined {
  if (declarator.hasPointer) return true;
  if (declaration.isVoid) return /^(?:const )?void$/.test(declaration.type) ? false : undefined;
  return declaration.isObjectType ? true : undefined;
}

/** undefined for a list that is empty, variadic, or has a part that may be a macro. */
function countOfParameters({ source, declarator }: Written): number | undefined {
  if (declarator.parameters === undefined) return undefined;
  const text = source
    .slice(declarator.parameters.start, declarator.parameters.end)
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, " ")
    .trim();
  const inner = text.slice(1, -1).trim();
  if (!text.startsWith("(") || inner === "" || inner.includes("#") || inner.includes("...")) return undefined;
  if (inner === "void") return 0;
  const parts: string[] = [""];
  let depth = 0;
  for (const letter of inner) {
    if (letter === "(" || letter === "[") depth++;
    else if (letter === ")" || letter === "]") depth--;
    if (letter === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  // A parameter is a type and a name; one word alone may be a macro for several.
  return parts.every((part) => /\w[\s*]+\w/.test(part)) ? parts.length : undefined;
}

function counted(count: number): string {
  return count === 1 ? "1 parameter" : count === 0 ? "no parameters" : `${count} parameters`;
}
