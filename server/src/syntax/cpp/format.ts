/**
 * The preprocessed tokens as a text, as `gcc -E -P` would print it but for blank lines, and a map between offsets of that
 * text and the places where a person wrote the tokens. It changes no token.
 */

import { lineColumnAt } from "../../text/lines.ts";
import { lexedLines } from "./lex.ts";
import type { Preprocessed } from "./preprocess.ts";
import { spellingLength, spellingText } from "./spellings.ts";
import { PRAGMA, PRAGMA_END, SPACE_BEFORE, SYNTHESIZED } from "./tokens.ts";

/** Where a token of the output comes from. Offsets are UTF-16 units, half-open. */
export interface TokenOrigin {
  /** The token, by index. */
  readonly token: number;
  /** The file's number, see {@link Preprocessed.files}. */
  readonly file: number;
  /** The spelling in that file: in a macro's body, in a call's argument, or in plain text. */
  readonly start: number;
  readonly end: number;
  /** The spelling there is not the token's own: an operator or a computed macro made it. */
  readonly isSynthesized: boolean;
  /** The outermost macro call that it came out of. */
  readonly call: { readonly file: number; readonly start: number; readonly end: number } | undefined;
}

export interface FormattedText {
  readonly text: string;
  /** Where each token starts in the text, in UTF-16 units, ascending. */
  readonly starts: Int32Array;
  readonly preprocessed: Preprocessed;
}

/** The widest indentation that is copied; beyond it nobody reads. */
const WIDEST_INDENTATION = 1000;

/** Prints the tokens: a line for each line of the text that held any, indented as it was. */
export function formatPreprocessed(preprocessed: Preprocessed): FormattedText {
  const { tokens, spellings, lines, files } = preprocessed;
  const starts = new Int32Array(tokens.count);
  const parts: string[] = [];
  let length = 0;
  const add = (text: string): void => {
    parts.push(text);
    length += text.length;
  };
  let line = 0;
  for (let i = 0; i < tokens.count; i++) {
    const kind = tokens.kinds[i]!;
    if (lines.tokens[line] === i) {
      if (length > 0) add("\n");
      const file = files.get(lines.files[line]!);
      if (file !== undefined && kind !== PRAGMA && lines.offsets[line]! >= 0) {
        const { column } = lineColumnAt(lexedLines(file), lines.offsets[line]!);
        // A token with white space before it brings one space along.
        const bring = (tokens.flags[i]! & SPACE_BEFORE) !== 0 ? 1 : 0;
        add(" ".repeat(Math.max(0, Math.min(column, WIDEST_INDENTATION) - bring)));
      }
      line++;
    }
    if ((tokens.flags[i]! & SPACE_BEFORE) !== 0) add(" ");
    starts[i] = length;
    if (kind === PRAGMA) add("#");
    if (kind !== PRAGMA_END) add(spellingText(spellings, tokens.spellings[i]!));
    else if (lines.tokens[line] !== i + 1) add("\n");
  }
  if (length > 0) add("\n");
  return { text: parts.join(""), starts, preprocessed };
}

/** The token that stands at an offset of the text or ends there, else the last one before it; -1 before the first. */
export function tokenAtOffset(formatted: FormattedText, offset: number): number {
  const { starts } = formatted;
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Where the token at an offset of the text comes from. */
export function originAt(formatted: FormattedText, offset: number): TokenOrigin | undefined {
  const token = tokenAtOffset(formatted, offset);
  return token < 0 ? undefined : originOfToken(formatted.preprocessed, token);
}

/** Where a token comes from. */
export function originOfToken(preprocessed: Preprocessed, token: number): TokenOrigin {
  const { tokens, expansions } = preprocessed;
  const file = tokens.files[token]!;
  const start = tokens.offsets[token]!;
  const expansion = tokens.expansions[token]!;
  return {
    token,
    file,
    start,
    end: start + writtenLength(preprocessed, token),
    isSynthesized: (tokens.flags[token]! & SYNTHESIZED) !== 0,
    call:
      expansion < 0
        ? undefined
        : {
            file: expansions.files[expansion]!,
            start: expansions.starts[expansion]!,
            end: expansions.ends[expansion]!,
          },
  };
}

/** The length of what is written where the token's origin is: another word where `#`, `##` or a macro made the token. */
function writtenLength(preprocessed: Preprocessed, token: number): number {
  const { tokens, spellings, files } = preprocessed;
  if ((tokens.flags[token]! & SYNTHESIZED) === 0) return spellingLength(spellings, tokens.spellings[token]!);
  const file = files.get(tokens.files[token]!);
  const offset = tokens.offsets[token]!;
  if (file === undefined) return 0;
  const { offsets } = file.tokens;
  let low = 0;
  let high = file.tokens.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsets[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return offsets[low] === offset ? spellingLength(spellings, file.tokens.spellings[low]!) : 1;
}

/**
 * The tokens of the output that a place of a file became: those spelled there, and those that came out of a macro call
 * around it when none is spelled there. Ascending token indexes.
 */
export function tokensOfPlace(preprocessed: Preprocessed, file: number, offset: number): number[] {
  const { tokens, expansions } = preprocessed;
  const spelled: number[] = [];
  const called: number[] = [];
  for (let i = 0; i < tokens.count; i++) {
    const start = tokens.offsets[i]!;
    if (tokens.files[i] === file && start <= offset && offset <= start + writtenLength(preprocessed, i)) {
      spelled.push(i);
      continue;
    }
    const expansion = tokens.expansions[i]!;
    if (expansion < 0 || expansions.files[expansion] !== file) continue;
    if (expansions.starts[expansion]! <= offset && offset < expansions.ends[expansion]!) called.push(i);
  }
  return spelled.length > 0 ? spelled : called;
}
