/**
 * What the macros of an assembly file, the assembler's and C's, make of their parameters: bodies are carried out with a hole for each
 * parameter, and names that have a hole depend on it. It reads no text.
 */

import { noConditions } from "./conditions.ts";
import { expandCpp } from "./expand-cpp.ts";
import { substituteGas } from "./gas-macros.ts";
import { type Interpreter, interpret } from "./interpret.ts";
import type { AsmMaker, AsmToken, CppMacro, GasMacro } from "./tree.ts";

/** A macro of more distinct words at statements' heads makes instructions, and hands to macros that name symbols at most a name that it puts together. */
const MOST_WORDS = 6;

/** How many tokens the bodies of one file may make, and one of them. */
const FILE_BUDGET = 200_000;
const MACRO_BUDGET = 5_000;

const HOLE = /__hole_\d+__/;

/** Whether a text is put together of a hole and a symbol's words; registers and labels have shorter ones. */
function isComposed(text: string): boolean {
  return HOLE.test(text) && /\w\w_|_\w\w/.test(text.replace(HOLE, ""));
}

/** What the macros make; none of those that do nothing with a parameter that others may see. */
export function readMakers(
  state: Interpreter,
  gasMacros: readonly GasMacro[],
  defines: readonly CppMacro[],
  findCpp: (name: string) => CppMacro | undefined,
): AsmMaker[] {
  const makers: AsmMaker[] = [];
  let remaining = FILE_BUDGET;
  const read = (macro: GasMacro | CppMacro, parameters: readonly string[], body: (holes: AsmToken[]) => AsmToken[]) => {
    const { outline } = macro;
    if (parameters.length === 0 || remaining <= 0) return;
    const isLong = outline.words.length > MOST_WORDS;
    if (!outline.isDirect && (outline.words.length === 0 || (isLong && !outline.composes))) return;
    const budget = { tokens: Math.min(MACRO_BUDGET, remaining) };
    const granted = budget.tokens;
    const inner: Interpreter = {
      ...state,
      items: [],
      calls: [],
      includes: [],
      budget,
      cppConditions: noConditions(),
      gasConditions: noConditions(),
      ifs: [],
      constants: new Map(),
      defined: new Set(),
      sections: { current: undefined, previous: undefined, stack: [] },
      inMacro: undefined,
      depth: 0,
    };
    const holes = parameters.map((_, i) => ({
      text: `__hole_${i}__`,
      start: macro.start,
      end: macro.end,
      spaced: true,
    }));
    interpret(inner, expandCpp(body(holes), findCpp, budget));
    remaining -= granted - Math.max(0, budget.tokens);
    const calls = inner.calls.flatMap(({ name, arguments: given }) =>
      given.some(({ text }) => (isLong && !outline.isDirect ? isComposed(text) : HOLE.test(text)))
        ? [{ name, arguments: given.map(({ text }) => text) }]
        : [],
    );
    // A directive of a name in full may bind what a hole names elsewhere, so all items are kept where one has a hole.
    const items = inner.items.some((item) => HOLE.test(item.name)) ? inner.items : [];
    if (items.length === 0 && calls.length === 0) return;
    const { name, start, end, condition } = macro;
    makers.push({ name, start, end, condition, parameters, items, calls });
  };
  for (const macro of gasMacros) {
    read(
      macro,
      macro.parameters.map(({ name }) => name),
      (holes) => {
        const values = new Map(macro.parameters.map(({ name }, i) => [name, [holes[i]!]]));
        return substituteGas(macro.body, values, macro.body[0] ?? holes[0]!, 0, { tokens: MACRO_BUDGET });
      },
    );
  }
  for (const macro of defines) {
    const { parameters } = macro;
    if (parameters === undefined || macro.isPlain) continue;
    read(macro, parameters, (holes) => {
      const call: AsmToken[] = [
        { ...holes[0]!, text: macro.name },
        { ...holes[0]!, text: "(", spaced: false },
      ];
      holes.forEach((hole, i) => {
        if (i > 0) call.push({ ...hole, text: "," });
        call.push(hole);
      });
      call.push({ ...holes[0]!, text: ")" });
      return [...expandCpp(call, (name) => (name === macro.name ? macro : undefined), { tokens: MACRO_BUDGET })];
    });
  }
  return makers;
}
