/**
 * Argument substitution (C11 6.10.3.1): a macro's replacement list with the arguments of one call in place of the
 * parameters, `, ## __VA_ARGS__` and `__VA_OPT__` included. Rescanning is done by those who read the result.
 */

import type { Argument, Call } from "./arguments.ts";
import { nextExpanded, popContext, pushContext } from "./expand.ts";
import type { Macro } from "./macros.ts";
import { stringify } from "./paste.ts";
import { punctuatorNumber, wordNumber } from "./spellings.ts";
import { AVOID_PASTE, paddingFor, type Run, spend } from "./state.ts";
import {
  type CppToken,
  END,
  FROM_ARGUMENT,
  IDENTIFIER,
  PADDING,
  PARAMETER,
  PASTE_LEFT,
  PUNCTUATOR,
  STRINGIFY,
} from "./tokens.ts";

const OPEN = punctuatorNumber("(");
const CLOSE = punctuatorNumber(")");
const COMMA = punctuatorNumber(",");
const OPTIONAL_PART = wordNumber("__VA_OPT__");

/** The replacement list for one call. */
export function substitute(run: Run, macro: Macro, call: Call): CppToken[] {
  const result: CppToken[] = [];
  substituteRange(run, macro, call, 0, macro.body.length, result);
  return result;
}

/** The argument with its macros expanded, as if it were all there is. */
function expandArgument(run: Run, argument: Argument): CppToken[] {
  if (argument.expanded !== undefined) return argument.expanded;
  const expanded: CppToken[] = [];
  if (argument.count > 0) {
    run.expandingArgument++;
    const { depth, argumentDepth } = run;
    pushContext(run, argument.tokens, 0, argument.count + 1, 0);
    run.argumentDepth = run.depth;
    run.argumentNames.push(undefined);
    for (;;) {
      const token = nextExpanded(run);
      if (token.kind === END) break;
      expanded.push(token);
    }
    while (run.depth > depth) popContext(run);
    run.argumentDepth = argumentDepth;
    run.argumentNames.pop();
    run.expandingArgument--;
  }
  argument.expanded = expanded;
  return expanded;
}

function substituteRange(run: Run, macro: Macro, call: Call, start: number, end: number, result: CppToken[]): void {
  const { body } = macro;
  const wantsPadding = run.directiveEnd < 0;
  for (let i = start; i < end; i++) {
    const token = body[i]!;
    if (token.kind !== PARAMETER) {
      if (macro.hasOptionalPart && token.kind === IDENTIFIER && token.spelling === OPTIONAL_PART) {
        const close = closeOfOptionalPart(body, i + 1, end);
        if (close > 0) {
          substituteOptionalPart(run, macro, call, i, close, start, result);
          i = close;
          continue;
        }
      }
      result.push(token);
      continue;
    }
    const argument = call.arguments[token.spelling]!;
    const isPasteRight = i > start && (body[i - 1]!.flags & PASTE_LEFT) !== 0;
    const isPasteLeft = (token.flags & PASTE_LEFT) !== 0;
    // The ## before the argument has nothing to paste.
    let dropsPaste = false;
    let tokens: readonly CppToken[];
    let count: number;
    if ((token.flags & STRINGIFY) !== 0) {
      tokens = [stringify(run, argument.tokens, 0, argument.count, token)];
      count = 1;
      spend(run, run.spellings.lengths[tokens[0]!.spelling]! >> 4);
    } else if (isPasteLeft || isPasteRight) {
      tokens = argument.tokens;
      count = argument.count;
      // An empty argument between two ## leaves the one before it to paste what follows.
      if (isPasteRight && !isPasteLeft) {
        const last = result[result.length - 1];
        const isVariable = macro.isVariadic && token.spelling === macro.parameters.length - 1;
        if (isVariable && last?.kind === PUNCTUATOR && last.spelling === COMMA) {
          // `, ## arguments` is GNU's way of dropping the comma with them; nothing is pasted to it.
          if (call.isVariableOmitted) result.pop();
          else dropsPaste = true;
        } else if (count === 0) dropsPaste = true;
      }
    } else {
      tokens = expandArgument(run, argument);
      count = tokens.length;
    }
    if (dropsPaste) setPaste(result, result.length - 1, false);
    if (wantsPadding && i > start && !isPasteRight) result.push(paddingFor(token));
    spend(run, count);
    const first = result.length;
    for (let k = 0; k < count; k++) result.push(tokens[k]!);
    if (count > 0) {
      if (isPasteRight) markArgument(result, first);
      if (isPasteLeft) {
        markArgument(result, result.length - 1);
        setPaste(result, result.length - 1, true);
      }
    }
    if (wantsPadding && !isPasteLeft) result.push(AVOID_PASTE);
  }
}

function setPaste(tokens: CppToken[], index: number, isPasted: boolean): void {
  const token = tokens[index];
  if (token === undefined || token.kind === PADDING) return;
  tokens[index] = { ...token, flags: isPasted ? token.flags | PASTE_LEFT : token.flags & ~PASTE_LEFT };
}

function markArgument(tokens: CppToken[], index: number): void {
  const token = tokens[index]!;
  if (token.kind !== PADDING) tokens[index] = { ...token, flags: token.flags | FROM_ARGUMENT };
}

/** The index of the parenthesis that closes the optional part which opens at `open`, or 0 where none does. */
function closeOfOptionalPart(body: readonly CppToken[], open: number, end: number): number {
  const first = body[open];
  if (open >= end || first?.kind !== PUNCTUATOR || first.spelling !== OPEN) return 0;
  let depth = 0;
  for (let i = open; i < end; i++) {
    const token = body[i]!;
    if (token.kind !== PUNCTUATOR) continue;
    if (token.spelling === OPEN) depth++;
    else if (token.spelling === CLOSE && --depth === 0) return i;
  }
  return 0;
}

/** __VA_OPT__ ( tokens ): the tokens where the variable argument expands to any, else nothing (C23 6.10.5.2). */
function substituteOptionalPart(
  run: Run,
  macro: Macro,
  call: Call,
  at: number,
  close: number,
  start: number,
  result: CppToken[],
): void {
  const { body } = macro;
  const name = body[at]!;
  const isPasteLeft = (body[close]!.flags & PASTE_LEFT) !== 0;
  const isPasteRight = at > start && (body[at - 1]!.flags & PASTE_LEFT) !== 0;
  const variable = call.arguments[macro.parameters.length - 1]!;
  const isPresent = expandArgument(run, variable).some((token) => token.kind !== PADDING);
  const inner: CppToken[] = [];
  if (isPresent) substituteRange(run, macro, call, at + 2, close, inner);
  while (inner.length > 0 && inner[0]!.kind === PADDING) inner.shift();
  while (inner.length > 0 && inner[inner.length - 1]!.kind === PADDING) inner.pop();
  if ((name.flags & STRINGIFY) !== 0) {
    const text = stringify(run, inner, 0, inner.length, name);
    inner.length = 0;
    inner.push(text);
  }
  if (isPasteRight && inner.length === 0) setPaste(result, result.length - 1, isPasteLeft);
  if (run.directiveEnd < 0 && at > start && !isPasteRight) result.push(paddingFor(name));
  for (const token of inner) result.push(token);
  if (isPasteLeft && inner.length > 0) setPaste(result, result.length - 1, true);
  if (run.directiveEnd < 0 && !isPasteLeft) result.push(AVOID_PASTE);
}
