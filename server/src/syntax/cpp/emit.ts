/** Adds tokens to the output, with the spaces that keep neighbours apart. It decides nothing else. */

import { paddingSource, wouldPaste } from "./paste.ts";
import { punctuatorNumber } from "./spellings.ts";
import { type Run, stop } from "./state.ts";
import {
  type CppToken,
  growTokens,
  LINE_START,
  PADDING_NONE,
  PRAGMA_END,
  PUNCTUATOR,
  SPACE_BEFORE,
  SYNTHESIZED,
} from "./tokens.ts";

const HASH = punctuatorNumber("#");

/** Notes padding: what it says of white space counts for the next token. */
export function notePadding(run: Run, padding: CppToken): void {
  run.isPadded = true;
  if (run.paddingSource === 0 || (run.paddingSource === 1 && padding.spelling === PADDING_NONE)) {
    run.paddingSource = paddingSource(padding);
  }
}

/** Adds a token that came through {@link nextToken}; `expansion` is -1 for plain text. */
export function emitToken(run: Run, token: CppToken, expansion: number): void {
  let hasSpace = (token.flags & SPACE_BEFORE) !== 0;
  const { previous } = run;
  if (run.isPadded) {
    if (run.paddingSource !== 0) hasSpace = run.paddingSource === 2;
    if (!hasSpace) {
      const { output } = run;
      hasSpace =
        previous < 0
          ? token.kind === PUNCTUATOR && token.spelling === HASH
          : wouldPaste(run, output.kinds[previous]!, output.spellings[previous]!, token.kind, token.spelling);
    }
    run.isPadded = false;
  }
  run.paddingSource = 0;
  run.previous = run.output.count;
  const flags = (token.flags & (SYNTHESIZED | LINE_START)) | (hasSpace ? SPACE_BEFORE : 0);
  addToken(run, token.kind, token.spelling, flags, token.file, token.offset, expansion);
}

/** Adds a token as it is. */
export function addToken(
  run: Run,
  kind: number,
  spelling: number,
  flags: number,
  file: number,
  offset: number,
  expansion: number,
): void {
  const { output } = run;
  const at = output.count;
  if (at >= run.limits.tokens) {
    stop(run, "preprocessing was given up: the text is too long");
    return;
  }
  if (at === output.kinds.length) growTokens(output);
  output.kinds[at] = kind;
  output.flags[at] = flags;
  output.spellings[at] = spelling;
  output.offsets[at] = offset;
  output.files[at] = file;
  output.expansions[at] = expansion;
  output.count = at + 1;
}

/** Ends a pragma's line. What follows stands in a line of its own. */
export function emitPragmaEnd(run: Run, file: number, offset: number): void {
  addToken(run, PRAGMA_END, 0, 0, file, offset, -1);
  run.previous = -1;
  run.paddingSource = 0;
}
