/**
 * Names that macros of an assembly file put together: `__\part\()_start` of the assembler's, `__##part##_start` of the
 * preprocessor's. Nothing is expanded here.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { isName, tokenize } from "./tokens.ts";
import type { AsmToken } from "./tree.ts";

/** A name that a macro puts together. The span is the macro's name. */
export interface AsmPaste extends Span {
  /** "" where it is none: `.irp` and its kin. */
  readonly macro: string;
  readonly parameters: readonly string[];
  /** Words joined by "##", of which some are parameters. */
  readonly pattern: string;
}

interface Around extends Span {
  readonly macro: string;
  readonly parameters: Set<string>;
}

/** The names that the macros of a file put together, in order. */
export function findPastes(source: Source): AsmPaste[] {
  const text = source.slice(0, source.length);
  if (!text.includes("##") && !text.includes("\\")) return [];
  // As the body of a #define: then no line is taken for a comment that may be none.
  const tokens = tokenize(source, 0, source.length, undefined);
  const found: AsmPaste[] = [];
  let assembler = outside();
  /** The preprocessor's, whose body is the rest of its line: what `.macro` says in there is for who calls it. */
  let define: Around | undefined;
  for (let at = 0; at < tokens.length; at++) {
    const { text: word } = tokens[at]!;
    if (word === "\n") define = undefined;
    else if (define !== undefined) {
      // It goes on.
    } else if (word === "#" && tokens[at + 1]?.text === "define") define = aroundOf(tokens, at + 2);
    else if (word === ".macro") assembler = aroundOf(tokens, at + 1);
    else if (word === ".endm") assembler = outside();
    const around = define ?? assembler;
    const chain = chainAt(tokens, at, around.parameters);
    if (chain === undefined) continue;
    const { macro, start, end, parameters } = around;
    found.push({ macro, start, end, parameters: [...parameters], pattern: chain.parts.join("##") });
    at = chain.last;
  }
  return found;
}

function outside(): Around {
  return { macro: "", parameters: new Set(), start: 0, end: 0 };
}

/** The macro that is defined from the token on, with the words of its line that may be parameters. */
function aroundOf(tokens: readonly AsmToken[], at: number): Around {
  const name = tokens[at];
  const parameters = new Set(["__VA_ARGS__"]);
  if (name === undefined) return { macro: "", parameters, start: 0, end: 0 };
  const isDefine = tokens[at - 1]?.text === "define";
  const opensList = tokens[at + 1]?.text === "(" && !tokens[at + 1]!.spaced;
  for (let next = at + 1; (!isDefine || opensList) && next < tokens.length; next++) {
    const token = tokens[next]!;
    if (token.text === "\n" || token.text === ";" || (isDefine && token.text === ")")) break;
    if (isName(token)) parameters.add(token.text);
  }
  return { macro: name.text, parameters, start: name.start, end: name.end };
}

/** The pasted name that begins at a token, if one does. What `\` brings counts as a parameter. */
function chainAt(
  tokens: readonly AsmToken[],
  first: number,
  parameters: Set<string>,
): { readonly parts: readonly string[]; readonly last: number } | undefined {
  const parts: string[] = [];
  const brought: string[] = [];
  let isPasted = false;
  // What begins with a number is no name: `0x##a##b`, `8 ## n ## 0`.
  if (tokens[first]!.text === "##" || tokens[first - 1]?.text === "##") return undefined;
  let at = first;
  for (; at < tokens.length; at++) {
    const token = tokens[at]!;
    const isOperator = token.text === "##";
    const follows = at > first && (tokens[at - 1]!.text === "##" || isOperator);
    if (at > first && token.spaced && !follows) break;
    if (isOperator) isPasted ||= at > first;
    else if (token.text === "\\()") isPasted = true;
    else if (token.text.startsWith("\\") && token.text.length > 1) {
      brought.push(token.text.slice(1));
      parts.push(token.text.slice(1));
      isPasted = true;
    } else if ((parts.length > 0 && isNumber(token.text)) || isName(token)) parts.push(token.text);
    else break;
  }
  if (!isPasted || at <= first + 1 || tokens[at - 1]!.text === "##") return undefined;
  for (const name of brought) parameters.add(name);
  return { parts, last: at - 1 };
}

/** A number of the preprocessor, such as goes on with a name: `0`, `0b`. */
function isNumber(text: string): boolean {
  return /^\d\w*$/.test(text);
}
