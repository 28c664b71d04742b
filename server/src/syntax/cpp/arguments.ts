/**
 * The arguments of a macro call: read from its opening to its closing parenthesis, over lines and over directives on the
 * way (C11 6.10.3p10-12). It substitutes nothing.
 */

import { giveBack, nextExpanded, reportCall } from "./expand.ts";
import type { Macro } from "./macros.ts";
import { punctuatorNumber, spellingText } from "./spellings.ts";
import { currentFrame, END_TOKEN, NESTED_TOO_DEEPLY, type Run, spend, stop } from "./state.ts";
import { type CppToken, END, LINE_START, PADDING, PUNCTUATOR, SPACE_BEFORE } from "./tokens.ts";

/** One argument as it was written, and what becomes of it, found when it is first needed. */
export interface Argument {
  /** The tokens, ended by an END token that `count` does not count. */
  readonly tokens: CppToken[];
  readonly count: number;
  expanded: CppToken[] | undefined;
}

/** The arguments of a call, one for each parameter. */
export interface Call {
  readonly arguments: Argument[];
  /** The variable argument is missing altogether, so that GNU's `, ## __VA_ARGS__` loses its comma. */
  readonly isVariableOmitted: boolean;
}

const OPEN = punctuatorNumber("(");
const CLOSE = punctuatorNumber(")");
const COMMA = punctuatorNumber(",");
const HASH = punctuatorNumber("#");

/** How many parentheses may be open in an argument, for each level that calls may nest. */
const PARENTHESES_A_CALL = 5;

/** Reads the arguments behind the `(`. Undefined where the call is not well-formed, which is reported. */
export function collectArguments(run: Run, macro: Macro): Call | undefined {
  const found: Argument[] = [];
  const wanted = macro.parameters.length;
  let count = 0;
  let token = END_TOKEN;
  do {
    count++;
    const tokens: CppToken[] = [];
    let depth = 0;
    let kept = 0;
    for (;;) {
      token = nextExpanded(run);
      if (token.kind === PADDING) {
        // Padding before the first token tells nothing that anybody asks for.
        if (tokens.length === 0) continue;
      } else if (token.kind === END) break;
      else if (token.kind === PUNCTUATOR) {
        const { spelling } = token;
        if (spelling === OPEN) {
          // Calls that nest so deeply are given up further in, after each level has read all of those within it.
          if (++depth > PARENTHESES_A_CALL * run.limits.callDepth) stop(run, NESTED_TOO_DEEPLY);
        } else if (spelling === CLOSE) {
          if (depth-- === 0) break;
        } else if (spelling === COMMA) {
          if (depth === 0 && !(macro.isVariadic && count === wanted)) break;
        } else if (spelling === HASH && (token.flags & LINE_START) !== 0) break;
      }
      // The newline before a token counts as white space within a call.
      if ((token.flags & LINE_START) !== 0) {
        token = { ...token, flags: (token.flags & ~LINE_START) | SPACE_BEFORE };
      }
      tokens.push(token);
      if (token.kind !== PADDING) kept = tokens.length;
    }
    tokens.length = kept;
    tokens.push(END_TOKEN);
    // What is too much takes the last argument's place, and the call fails below.
    if (count <= wanted || found.length === 0) found.push({ tokens, count: kept, expanded: undefined });
    spend(run, 1);
  } while (token.kind !== END && !(token.kind === PUNCTUATOR && token.spelling === CLOSE));

  const name = spellingText(run.spellings, macro.name);
  if (token.kind === END) {
    // What was given up is not the text's mistake.
    if (run.isStopped) return undefined;
    if (run.depth > 0 || run.directiveEnd >= 0) giveBackEnd(run);
    reportCall(run, `unterminated argument list invoking macro "${name}"`);
    return undefined;
  }
  if (run.depth === 0) endExpansion(run);
  if (count === 1 && wanted === 0 && found[0]!.count === 0) return { arguments: [], isVariableOmitted: false };
  const isVariableOmitted =
    macro.isVariadic && (count < wanted || (count === 1 && wanted === 1 && found[0]!.count === 0 && !run.isStrict));
  if (count < wanted) {
    // An empty call of a macro with one parameter is one empty argument; a variable argument may be missing.
    if (!(macro.isVariadic && count + 1 === wanted)) {
      reportCall(run, `macro "${name}" requires ${wanted} arguments, but only ${count} given`);
      return undefined;
    }
    found.push({ tokens: [END_TOKEN], count: 0, expanded: undefined });
  } else if (count > wanted) {
    reportCall(run, `macro "${name}" passed ${count} arguments, but takes just ${wanted}`);
    return undefined;
  }
  return { arguments: found, isVariableOmitted };
}

/** The end of an argument is read again by whoever reads the argument; a directive's end stays where it is by itself. */
function giveBackEnd(run: Run): void {
  if (run.depth > 0) giveBack(run);
}

/** The outermost call ends at the `)` that was just read from its file. */
function endExpansion(run: Run): void {
  const frame = currentFrame(run);
  const { expansions, expansion } = run;
  if (frame === undefined || expansion < 0 || expansion >= expansions.count) return;
  if (expansions.files[expansion] !== frame.file.number) return;
  const offset = frame.file.tokens.offsets[frame.position - 1];
  if (offset !== undefined) expansions.ends[expansion] = Math.max(expansions.ends[expansion]!, offset + 1);
}
