/** Where statements and expressions end, in a run of tokens. It judges structure alone. */

import { CLOSE_BRACE, CLOSE_BRACKET, CLOSE_PAREN, COLON, COMMA, OPEN_BRACE, OPEN_PAREN, SEMICOLON } from "./codes.ts";
import { TOKEN } from "./lexer.ts";
import { behindGroup, isNamed, kindAt, type TokenRun, tokenWord } from "./token-run.ts";

/** How deep statements may nest without braces, `if (a) if (b) …`, before the search gives up. */
const DEEPEST = 100;

/**
 * The place behind the statement that starts at the place, or -1 where none ends (C11 6.8).
 *
 * statement: block | `if` (…) statement [`else` statement] | (`while` | `for` | `switch`) (…) statement
 *          | `do` statement `while` (…) `;` | (word | `case` … | `default`) `:` statement | anything `;`
 */
export function behindStatement(run: TokenRun, at: number, depth: number = 0): number {
  if (depth > DEEPEST) return -1;
  const kind = kindAt(run, at);
  if (kind === OPEN_BRACE) return run.partners[at]! > at ? run.partners[at]! + 1 : -1;
  if (kind === TOKEN.end || kind === CLOSE_BRACE) return -1;
  if (kind === TOKEN.word) {
    const word = tokenWord(run, at);
    if (word === "if") {
      const behindThen = behindControlled(run, at, depth);
      if (behindThen < 0 || !isNamed(run, behindThen, "else")) return behindThen;
      return behindStatement(run, behindThen + 1, depth + 1);
    }
    if (word === "while" || word === "for" || word === "switch") return behindControlled(run, at, depth);
    if (word === "do") {
      const behindBody = behindStatement(run, at + 1, depth + 1);
      return behindBody < 0 ? -1 : behindSemicolon(run, behindBody);
    }
    const label = behindLabel(run, at, word);
    if (label > at) return behindStatement(run, label, depth + 1);
    // A macro such as list_for_each_entry(…) controls what follows it when no semicolon does.
    if (kindAt(run, at + 1) === OPEN_PAREN) {
      const behind = behindGroup(run, at + 1);
      if (kindAt(run, behind) === OPEN_BRACE) return behindStatement(run, behind, depth + 1);
    }
  }
  return behindSemicolon(run, at);
}

/** Behind `word (…) statement`. */
function behindControlled(run: TokenRun, at: number, depth: number): number {
  if (kindAt(run, at + 1) !== OPEN_PAREN || run.partners[at + 1]! < 0) return -1;
  return behindStatement(run, run.partners[at + 1]! + 1, depth + 1);
}

/** Behind `name:`, `case …:` and `default:`; the same place where there is no label. */
function behindLabel(run: TokenRun, at: number, word: string): number {
  if (kindAt(run, at + 1) === COLON) return at + 2;
  if (word !== "case") return at;
  for (let i = at + 1, steps = 0; i < run.count && steps < LONGEST; i = behindGroup(run, i), steps++) {
    const kind = kindAt(run, i);
    if (kind === COLON) return i + 1;
    if (kind === SEMICOLON || kind === CLOSE_BRACE) return at;
  }
  return at;
}

/** A statement of more tokens, groups counted as one, is none that anybody wrote. */
const LONGEST = 512;

function behindSemicolon(run: TokenRun, at: number): number {
  for (let i = at, steps = 0; i < run.count && steps < LONGEST; i = behindGroup(run, i), steps++) {
    const kind = kindAt(run, i);
    if (kind === SEMICOLON) return i + 1;
    if (kind === CLOSE_BRACE || kind === CLOSE_PAREN || kind === CLOSE_BRACKET) return -1;
  }
  return -1;
}

/** True for what no operand of an expression goes beyond: its end, a comma, a closing bracket. */
export function endsExpression(kind: number): boolean {
  return (
    kind === TOKEN.end ||
    kind === SEMICOLON ||
    kind === COMMA ||
    kind === CLOSE_PAREN ||
    kind === CLOSE_BRACKET ||
    kind === CLOSE_BRACE
  );
}
