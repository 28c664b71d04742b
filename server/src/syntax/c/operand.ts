/**
 * An operand of an expression, as the places of its tokens, and the parentheses around it. It knows nothing of names.
 */

import { CLOSE_BRACKET, CLOSE_PAREN, OPEN_PAREN } from "./codes.ts";
import { KEYWORD } from "./keywords.ts";
import { TOKEN } from "./lexer.ts";
import { isNamed, kindAt, type TokenRun } from "./token-run.ts";

/** An operand that grows outwards: the places of its first token and behind its last. */
export interface Operand {
  from: number;
  to: number;
}

/** How many tokens to look back for what stands around an operand. */
export const FURTHEST = 64;

/** Takes in parentheses that stand around the operand alone and are no call's. */
export function stripParens(run: TokenRun, operand: Operand): void {
  while (kindAt(run, operand.from - 1) === OPEN_PAREN && kindAt(run, operand.to) === CLOSE_PAREN) {
    const before = kindAt(run, operand.from - 2);
    const isGrouping = !endsOperand(run, operand.from - 2) || isReturn(run, operand.from - 2);
    // An asm operand, `"i" (x)`, is no part of an expression.
    if (!isGrouping || before === TOKEN.string) return;
    operand.from--;
    operand.to++;
  }
}

/** `return (x)`, `case (x)`: words before a parenthesis that call nothing. Not those that control a statement. */
function isReturn(run: TokenRun, at: number): boolean {
  return isNamed(run, at, "return") || isNamed(run, at, "case");
}

/** Whether the token can end an operand, so that what follows is a binary operator or a call. */
export function endsOperand(run: TokenRun, at: number): boolean {
  const kind = kindAt(run, at);
  return (
    kind === TOKEN.word ||
    kind === TOKEN.number ||
    kind === TOKEN.string ||
    kind === TOKEN.character ||
    kind === CLOSE_PAREN ||
    kind === CLOSE_BRACKET ||
    kind === KEYWORD.typeof ||
    kind === KEYWORD.asm
  );
}
