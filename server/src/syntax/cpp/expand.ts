/**
 * Macro expansion (C11 6.10.3), in the order in which GNU cpp does it: tokens are read from the file or from a stack of
 * contexts (a macro's replacement, a pasted token), a macro is disabled while its own replacement is being read, and a
 * name met while disabled is never expanded again. It knows neither directives nor what becomes of the tokens.
 */

import { collectArguments } from "./arguments.ts";
import { expandBuiltin } from "./builtins.ts";
import type { Macro } from "./macros.ts";
import { pasteTokens } from "./paste.ts";
import { punctuatorNumber } from "./spellings.ts";
import {
  AVOID_PASTE,
  BEFORE_ARGUMENTS,
  currentFrame,
  END_TOKEN,
  type Frame,
  IN_ARGUMENTS,
  NESTED_TOO_DEEPLY,
  NOT_IN_ARGUMENTS,
  paddingFor,
  type Run,
  report,
  spend,
  stop,
} from "./state.ts";
import { substitute } from "./substitute.ts";
import {
  type CppToken,
  END,
  IDENTIFIER,
  LINE_START,
  NO_EXPAND,
  PADDING,
  PASTE_LEFT,
  PUNCTUATOR,
  SPACE_BEFORE,
} from "./tokens.ts";

const OPEN = punctuatorNumber("(");

/**
 * The next token after expansion. Padding is given out too, except within directives. {@link END} is the end of what is
 * being read: an argument, a directive, the file when a call looks for its arguments, or everything.
 */
export function nextExpanded(run: Run): CppToken {
  for (;;) {
    if (run.isStopped) return END_TOKEN;
    if (++run.steps > run.limits.steps) spend(run, 0);
    let token: CppToken;
    if (run.depth === 0) token = readToken(run);
    else {
      const context = run.contexts[run.depth - 1]!;
      if (context.position < context.end) {
        token = context.tokens[context.position++]!;
        if ((token.flags & PASTE_LEFT) !== 0) {
          pasteRun(run, token);
          if (run.directiveEnd >= 0) continue;
          return paddingFor(token);
        }
      } else {
        popContext(run);
        if (run.directiveEnd >= 0) continue;
        return AVOID_PASTE;
      }
    }
    if (token.kind !== IDENTIFIER) return token;
    const macro = run.macros[token.spelling];
    if (macro === undefined || (token.flags & NO_EXPAND) !== 0) return token;
    if (run.disabled[token.spelling] === 1) return { ...token, flags: token.flags | NO_EXPAND };
    if (run.preventExpansion > 0) return token;
    const isOutermost = run.depth === 0 && run.directiveEnd < 0;
    if (isOutermost) beginExpansion(run, token);
    if (run.depth === run.argumentDepth) run.argumentNames[run.argumentNames.length - 1] = token;
    if (!enterMacro(run, macro, token)) {
      if (isOutermost) run.expansions.count--;
      return token;
    }
    if (run.directiveEnd >= 0) continue;
    return paddingFor(token);
  }
}

/** The next token that is not padding. */
export function nextWithoutPadding(run: Run): CppToken {
  for (;;) {
    const token = nextExpanded(run);
    if (token.kind !== PADDING) return token;
  }
}

/** Gives back the token that {@link nextExpanded} gave last. The end of a file or of everything is not given back. */
export function giveBack(run: Run): void {
  if (run.depth > 0) run.contexts[run.depth - 1]!.position--;
  else {
    const frame = currentFrame(run);
    if (frame !== undefined) frame.position--;
  }
}

/** A token of the file, or of the directive whose operand is being read; directives on the way are carried out. */
function readToken(run: Run): CppToken {
  for (;;) {
    const frame = currentFrame(run);
    if (frame === undefined || run.isStopped) return END_TOKEN;
    if (run.directiveEnd >= 0) {
      return frame.position < run.directiveEnd ? tokenAt(frame, frame.position++) : END_TOKEN;
    }
    if (frame.position >= frame.stop) {
      const isFileEnd = frame.directive >= frame.file.directives.length;
      // A directive between a macro's name and a parenthesis means that there is no call, and a call does not go on
      // behind the end of its file.
      if (run.arguments === BEFORE_ARGUMENTS) return END_TOKEN;
      if (isFileEnd && (run.arguments === IN_ARGUMENTS || run.frames.length <= run.floor)) return END_TOKEN;
      run.passStop(run, frame);
      continue;
    }
    const token = tokenAt(frame, frame.position++);
    if ((token.flags & LINE_START) !== 0 && run.arguments === NOT_IN_ARGUMENTS) {
      beginLine(run, token.file, token.offset);
    }
    return token;
  }
}

function tokenAt(frame: Frame, index: number): CppToken {
  const { tokens, number } = frame.file;
  return {
    kind: tokens.kinds[index]!,
    spelling: tokens.spellings[index]!,
    flags: tokens.flags[index]!,
    file: number,
    offset: tokens.offsets[index]!,
  };
}

/** Given to {@link beginLine} for a line that no line of the text began. */
export const NO_INDENTATION = -1;

/** Notes that the output goes on in a new line, as the text did. */
export function beginLine(run: Run, file: number, offset: number): void {
  const { lineTokens, lineFiles, lineOffsets } = run;
  const last = lineTokens.length - 1;
  const at = last >= 0 && lineTokens[last] === run.output.count ? last : last + 1;
  lineTokens[at] = run.output.count;
  lineFiles[at] = file;
  lineOffsets[at] = offset;
  run.previous = -1;
  run.paddingSource = 0;
}

/** Begins an outermost expansion, to which the tokens of contexts belong from now on. */
export function beginExpansion(run: Run, name: CppToken): void {
  const { expansions } = run;
  const index = expansions.count++;
  if (index === expansions.names.length) {
    for (const field of ["names", "files", "starts", "ends"] as const) {
      const larger = new Int32Array(index * 2);
      larger.set(expansions[field]);
      expansions[field] = larger;
    }
  }
  expansions.names[index] = name.spelling;
  expansions.files[index] = name.file;
  expansions.starts[index] = name.offset;
  expansions.ends[index] = name.offset + run.spellings.lengths[name.spelling]!;
  run.expansion = index;
  run.isOutermostCall = run.macros[name.spelling]?.isFunctionLike === true;
}

/** Puts the macro's replacement in front of what is read; false where the name is no call and stays what it is. */
function enterMacro(run: Run, macro: Macro, name: CppToken): boolean {
  if (macro.builtin !== 0) return expandBuiltin(run, macro.builtin, name);
  let { body } = macro;
  if (macro.isFunctionLike) {
    if (run.expandingArgument > run.limits.callDepth) {
      stop(run, NESTED_TOO_DEEPLY);
      return false;
    }
    run.preventExpansion++;
    run.arguments = BEFORE_ARGUMENTS;
    const found = findArguments(run, macro);
    run.arguments = NOT_IN_ARGUMENTS;
    run.preventExpansion--;
    if (found === undefined) return false;
    if (macro.needsArguments) body = substitute(run, macro, found);
  }
  run.disabled[macro.name] = 1;
  pushContext(run, body, 0, body.length, macro.name);
  return true;
}

function findArguments(run: Run, macro: Macro): ReturnType<typeof collectArguments> {
  let padding: CppToken | undefined;
  for (;;) {
    const token = nextExpanded(run);
    if (token.kind === PADDING) {
      // The padding that tells most of the white space before the parenthesis stands in for it when there is none.
      if (
        padding === undefined ||
        padding.spelling === 0 ||
        ((padding.flags & SPACE_BEFORE) === 0 && token.spelling === 0)
      ) {
        padding = token;
      }
      continue;
    }
    if (token.kind === PUNCTUATOR && token.spelling === OPEN) {
      run.arguments = IN_ARGUMENTS;
      return collectArguments(run, macro);
    }
    if (token.kind !== END || run.depth > 0) giveBack(run);
    if (padding !== undefined && !(token.kind === END && isAtFileEnd(run))) pushContext(run, [padding], 0, 1, 0);
    return undefined;
  }
}

function isAtFileEnd(run: Run): boolean {
  const frame = currentFrame(run);
  return run.depth === 0 && (frame === undefined || frame.directive >= frame.file.directives.length);
}

export function pushContext(run: Run, tokens: readonly CppToken[], position: number, end: number, macro: number): void {
  const known = run.contexts[run.depth];
  if (known === undefined) run.contexts.push({ tokens, position, end, macro });
  else {
    known.tokens = tokens;
    known.position = position;
    known.end = end;
    known.macro = macro;
  }
  run.depth++;
}

export function popContext(run: Run): void {
  const context = run.contexts[--run.depth]!;
  const { macro } = context;
  context.tokens = [];
  if (macro === 0) return;
  if (run.depth > 0 && run.contexts[run.depth - 1]!.macro === macro) return;
  run.disabled[macro] = 0;
}

/** Pastes the token with those that its `##` joins it to, and puts the result in front of what is read. */
function pasteRun(run: Run, first: CppToken): void {
  const context = run.contexts[run.depth - 1]!;
  let left: CppToken = { ...first, flags: first.flags & ~PASTE_LEFT };
  while (context.position < context.end) {
    const right = context.tokens[context.position++]!;
    if (right.kind === PADDING) continue;
    const pasted = pasteTokens(run, left, right);
    if (pasted === undefined) {
      context.position--;
      break;
    }
    left = pasted;
    if ((right.flags & PASTE_LEFT) === 0) break;
  }
  pushContext(run, [left], 0, 1, 0);
}

/** Reports a fault of a macro call at the call. */
export function reportCall(run: Run, message: string): void {
  const { expansions, expansion } = run;
  if (expansion >= 0 && expansion < expansions.count) {
    const start = expansions.starts[expansion]!;
    report(run, "error", message, expansions.files[expansion]!, start, expansions.ends[expansion]!);
    return;
  }
  const frame = currentFrame(run);
  const offset = frame?.file.tokens.offsets[Math.max(0, frame.position - 1)] ?? 0;
  report(run, "error", message, frame?.file.number ?? run.mainFile, offset);
}
