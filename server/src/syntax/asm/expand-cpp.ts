/**
 * Expands C preprocessor macros in assembly statements, as far as symbols' names need it (C11 6.10.3): arguments, `#`, `##`,
 * rescanning. Every token keeps the place it came from: an argument's its own, a body's that of the macro's use. It reads
 * no directives and no files.
 */

import { isName } from "./tokens.ts";
import type { AsmToken, CppMacro } from "./tree.ts";

/** What bounds an expansion, so that no input makes it run away. Shared by all expansions of a file. */
export interface Budget {
  tokens: number;
}

const DEEPEST = 64;

/** Splits the arguments of a call whose `(` stands at the index. The index behind `)`, or undefined where none closes. */
export function splitCallArguments(
  tokens: readonly AsmToken[],
  open: number,
): { readonly list: readonly (readonly AsmToken[])[]; readonly next: number } | undefined {
  const list: AsmToken[][] = [];
  let current: AsmToken[] = [];
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.text === "(") {
      if (depth++ === 0) continue;
    } else if (token.text === ")") {
      if (--depth === 0) {
        list.push(current);
        return { list, next: i + 1 };
      }
    } else if (token.text === "," && depth === 1) {
      list.push(current);
      current = [];
      continue;
    }
    if (token.text === "\n") continue;
    current.push(token);
  }
  return undefined;
}

/** Expands all macros in the tokens. Unbalanced calls are left as they stand. */
export function expandCpp(
  tokens: readonly AsmToken[],
  find: (name: string) => CppMacro | undefined,
  budget: Budget,
): readonly AsmToken[] {
  if (!tokens.some((token) => isName(token) && find(token.text) !== undefined)) return tokens;
  const out: AsmToken[] = [];
  expandInto(out, tokens, find, budget, []);
  return out;
}

function expandInto(
  out: AsmToken[],
  tokens: readonly AsmToken[],
  find: (name: string) => CppMacro | undefined,
  budget: Budget,
  active: readonly string[],
): void {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const macro = isName(token) && budget.tokens > 0 && !active.includes(token.text) ? find(token.text) : undefined;
    if (macro === undefined || active.length >= DEEPEST) {
      out.push(token);
      budget.tokens--;
      continue;
    }
    let args: readonly (readonly AsmToken[])[] = [];
    if (macro.parameters !== undefined) {
      let open = i + 1;
      while (tokens[open]?.text === "\n") open++;
      const call = tokens[open]?.text === "(" ? splitCallArguments(tokens, open) : undefined;
      if (call === undefined) {
        out.push(token);
        continue;
      }
      args = call.list;
      i = call.next - 1;
    }
    const within = [...active, macro.name];
    const expandedArgs = args.map((arg) => {
      const expanded: AsmToken[] = [];
      expandInto(expanded, arg, find, budget, active.length === 0 ? [] : active);
      return expanded;
    });
    const replaced = substitute(macro, args, expandedArgs, token, budget);
    expandInto(out, replaced, find, budget, within);
  }
}

/** The macro's body with its arguments in place. */
function substitute(
  macro: CppMacro,
  args: readonly (readonly AsmToken[])[],
  expandedArgs: readonly (readonly AsmToken[])[],
  use: AsmToken,
  budget: Budget,
): AsmToken[] {
  const out: AsmToken[] = [];
  const { body } = macro;
  const argumentOf = (token: AsmToken | undefined, from: readonly (readonly AsmToken[])[]) =>
    token === undefined ? undefined : argument(macro, token.text, from, use);
  for (let i = 0; i < body.length; i++) {
    const token = body[i]!;
    budget.tokens--;
    if (token.text === "#" && macro.parameters !== undefined) {
      const arg = argumentOf(body[i + 1], args);
      if (arg !== undefined) {
        const text = arg.map((one, index) => (one.spaced && index > 0 ? ` ${one.text}` : one.text)).join("");
        out.push({ text: JSON.stringify(text), start: use.start, end: use.end, spaced: token.spaced });
        i++;
        continue;
      }
    }
    if (token.text === "##" && i > 0 && i + 1 < body.length) {
      const right = body[++i]!;
      const arg = argumentOf(right, args);
      paste(out, arg ?? [{ ...right, start: use.start, end: use.end }], arg !== undefined);
      continue;
    }
    const isPasted = body[i + 1]?.text === "##";
    const arg = argumentOf(token, isPasted ? args : expandedArgs);
    if (arg === undefined) {
      out.push({ text: token.text, start: use.start, end: use.end, spaced: token.spaced });
    } else if (arg.length === 0) {
      // A place holder keeps `##` from gluing to whatever stands before the empty argument.
      if (isPasted) out.push({ text: "", start: use.start, end: use.end, spaced: token.spaced });
    } else {
      out.push({ ...arg[0]!, spaced: token.spaced }, ...arg.slice(1));
    }
  }
  return out.filter((token) => token.text !== "");
}

/** The argument for a parameter's name; undefined for other words. */
function argument(
  macro: CppMacro,
  name: string,
  args: readonly (readonly AsmToken[])[],
  use: AsmToken,
): readonly AsmToken[] | undefined {
  const { parameters } = macro;
  if (parameters === undefined) return undefined;
  const index = parameters.indexOf(name);
  if (index < 0) return undefined;
  if (!macro.isVariadic || index < parameters.length - 1) return args[index] ?? [];
  const joined: AsmToken[] = [];
  for (const arg of args.slice(index)) {
    if (joined.length > 0) joined.push({ text: ",", start: use.start, end: use.end, spaced: false });
    joined.push(...arg);
  }
  return joined;
}

/** Glues the first of the tokens to the last of `out`; the place is that of the part which came from an argument. */
function paste(out: AsmToken[], right: readonly AsmToken[], isArgument: boolean): void {
  const left = out.pop();
  const first = right[0];
  if (left === undefined || first === undefined) {
    if (left !== undefined) out.push(left);
    out.push(...right);
    return;
  }
  const place = isArgument ? first : left;
  out.push({ text: left.text + first.text, start: place.start, end: place.end, spaced: left.spaced });
  out.push(...right.slice(1));
}
