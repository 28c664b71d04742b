/**
 * Steps over what stands between brackets: bodies, parameter lists, initializers. Byte by byte, without tokens, and right
 * about comments, literals and #if branches that each open or close a bracket. On the way it notes every `extern`.
 *
 * Text that never closes its bracket must cost linear time. So the first place where a group may as well have ended is
 * remembered, the scan comes back to it when it meets the end of the file, and after a few such files' worth of trouble
 * groups end at that place at once.
 */

import {
  isDirectiveAt,
  isSeparator,
  skipBlockComment,
  skipLineComment,
  skipLiteral,
  skipPlain,
  skipToLineEnd,
} from "./bytes.ts";
import { APOSTROPHE, HASH, IS_BLANK, IS_WORD, isWordStart, LF, QUOTE, SLASH, STAR, tableOf } from "./codes.ts";
import { conditionText, copyConditions, type OpenCondition, restoreConditions } from "./conditions.ts";
import { DIRECTIVE, type Preprocessor, readDirective } from "./preprocessor.ts";

/** An `extern` within braces or parentheses. */
export interface BlockExtern {
  readonly at: number;
  readonly condition: string;
}

/** What the scans of one file share. */
export interface Groups {
  readonly preprocessor: Preprocessor;
  readonly externs: BlockExtern[];
  /** Numbers the groups, so that an #if knows whether the group it is met in is the one it was opened in. */
  serial: number;
  /** How many groups met the end of the file unclosed. */
  unclosed: number;
  /** The group ended before a directive that belongs to an #if around it, and is not whole. */
  isCut: boolean;
  /** A directive stood in the group. */
  sawDirective: boolean;
}

export function openGroups(preprocessor: Preprocessor): Groups {
  return { preprocessor, externs: [], serial: 0, unclosed: 0, isCut: false, sawDirective: false };
}

/** Classes of codes within a group; all others are stepped over. */
const IN = {
  plain: 0,
  open: 1,
  close: 2,
  innerOpen: 3,
  innerClose: 4,
  semicolon: 5,
  comma: 6,
  quote: 7,
  slash: 8,
  hash: 9,
  x: 10,
} as const;

/** What every group has in common. */
function groupTable(open: string, close: string): Uint8Array {
  const table = tableOf(open, IN.open);
  for (const letter of close) table[letter.charCodeAt(0)] = IN.close;
  table[QUOTE] = table[APOSTROPHE] = IN.quote;
  table[SLASH] = IN.slash;
  table[HASH] = IN.hash;
  table[120] = IN.x;
  return table;
}

/** Bodies count braces alone: parentheses that are wrong within one do not reach beyond it. */
const BODY = groupTable("{", "}");

const PARENS = ((): Uint8Array => {
  const table = groupTable("(", ")");
  table[123] = IN.innerOpen;
  table[125] = IN.innerClose;
  table[59] = IN.semicolon;
  return table;
})();

const BRACKETS = ((): Uint8Array => {
  const table = groupTable("[", "]");
  table[123] = IN.innerOpen;
  table[125] = IN.innerClose;
  table[59] = IN.semicolon;
  return table;
})();

const INITIALIZER = ((): Uint8Array => {
  const table = groupTable("({[", "]})");
  table[59] = IN.semicolon;
  table[44] = IN.comma;
  return table;
})();

/** From behind a `{` to behind its `}`. */
export function skipBraces(groups: Groups, from: number): number {
  return skipGroup(groups, from, BODY, 1);
}

/** From behind a `(` to behind its `)`. */
export function skipParens(groups: Groups, from: number): number {
  return skipGroup(groups, from, PARENS, 1);
}

/** From behind a `[` to behind its `]`. */
export function skipBrackets(groups: Groups, from: number): number {
  return skipGroup(groups, from, BRACKETS, 1);
}

/** From behind a `=` to the `,` or `;` that ends the initializer, or to a directive outside of all its brackets. */
export function skipInitializer(groups: Groups, from: number): number {
  return skipGroup(groups, from, INITIALIZER, 0);
}

/** Where a group may end if it turns out never to close, and all that has to be taken back then. */
interface Retreat {
  readonly offset: number;
  readonly conditions: readonly OpenCondition[];
  readonly includes: number;
  readonly defines: number;
  readonly weakPragmas: number;
  readonly externs: number;
}

/** After so many groups that never closed, brackets are not trusted any more. */
const MOST_UNCLOSED = 8;

function skipGroup(groups: Groups, from: number, table: Uint8Array, outermost: number): number {
  const { preprocessor } = groups;
  const { codes, length } = preprocessor.source;
  const serial = ++groups.serial;
  groups.isCut = false;
  groups.sawDirective = false;
  let retreat: Retreat | undefined;
  let depth = outermost;
  let inner = 0;
  let i = from;
  for (;;) {
    i = skipPlain(codes, i, length, table);
    if (i >= length) break;
    switch (table[codes[i]!]) {
      case IN.open:
        depth++;
        i++;
        continue;
      case IN.close:
        depth--;
        i++;
        if (outermost === 1 ? depth === 0 : depth < 0) return outermost === 1 ? i : i - 1;
        // A brace in the first column closes a function in every common style.
        if (table === BODY && codes[i - 2] === LF) {
          if (groups.unclosed >= MOST_UNCLOSED) return i;
          retreat ??= markRetreat(groups, i);
        }
        continue;
      case IN.innerOpen:
        inner++;
        i++;
        continue;
      case IN.innerClose:
        inner--;
        // The brace belongs to something around this group, which therefore lacks its end.
        if (inner < 0) return comeBack(groups, retreat, i);
        i++;
        continue;
      case IN.semicolon:
        if (outermost === 0 && depth === 0) return i;
        if (inner === 0) {
          if (groups.unclosed >= MOST_UNCLOSED) return i;
          retreat ??= markRetreat(groups, i);
        }
        i++;
        continue;
      case IN.comma:
        if (depth === 0) return i;
        i++;
        continue;
      case IN.quote:
        i = isSeparator(codes, i) ? i + 1 : skipLiteral(codes, i, length);
        continue;
      case IN.slash:
        if (codes[i + 1] === STAR) i = skipBlockComment(codes, i, length);
        else if (codes[i + 1] === SLASH) i = skipLineComment(codes, i, length);
        else i++;
        continue;
      case IN.x:
        if (isExtern(codes, i)) {
          groups.externs.push({ at: i - 1, condition: conditionText(preprocessor.conditions) });
          i += 5;
        } else i++;
        continue;
      default: {
        // A `#`: a directive where it starts a line.
        if (!isDirectiveAt(codes, i)) {
          i++;
          continue;
        }
        if (outermost === 0 && depth === 0) return i;
        groups.sawDirective = true;
        const innermost = preprocessor.conditions.open.at(-1);
        if (innermost !== undefined && innermost.group !== serial && isNextBranch(codes, i, length)) {
          // The other branch of an #if around the whole group: where it starts a declaration anew, this one ends here.
          if (table !== BODY || startsDeclaration(codes, skipToLineEnd(codes, i, length), length)) {
            groups.isCut = true;
            return i;
          }
          depth = outermost;
        }
        i = readDirective(preprocessor, i);
        const current = preprocessor.conditions.open.at(-1);
        if (current === undefined) continue;
        if (preprocessor.directive === DIRECTIVE.open) {
          current.group = serial;
          current.depth = depth;
        } else if (preprocessor.directive === DIRECTIVE.next && current.group === serial) depth = current.depth;
      }
    }
  }
  return comeBack(groups, retreat, length);
}

/** The group never closed: go back to where it may have ended. */
function comeBack(groups: Groups, retreat: Retreat | undefined, at: number): number {
  groups.unclosed++;
  groups.isCut = true;
  if (retreat === undefined) return at;
  const { preprocessor } = groups;
  restoreConditions(preprocessor.conditions, retreat.conditions);
  preprocessor.includes.length = retreat.includes;
  preprocessor.defines.length = retreat.defines;
  preprocessor.weakPragmas.length = retreat.weakPragmas;
  groups.externs.length = retreat.externs;
  preprocessor.guardEnd = -1;
  return retreat.offset;
}

function markRetreat(groups: Groups, offset: number): Retreat {
  const { preprocessor } = groups;
  return {
    offset,
    conditions: copyConditions(preprocessor.conditions),
    includes: preprocessor.includes.length,
    defines: preprocessor.defines.length,
    weakPragmas: preprocessor.weakPragmas.length,
    externs: groups.externs.length,
  };
}

/** True when the x at the offset is that of the keyword `extern`. */
function isExtern(codes: Uint8Array, at: number): boolean {
  return (
    codes[at + 1] === 116 &&
    codes[at + 2] === 101 &&
    codes[at + 3] === 114 &&
    codes[at + 4] === 110 &&
    codes[at - 1] === 101 &&
    !(at + 5 < codes.length && IS_WORD[codes[at + 5]!] === 1) &&
    !(at > 1 && IS_WORD[codes[at - 2]!] === 1)
  );
}

/** Whether the directive at the offset is an #else or #elif. */
function isNextBranch(codes: Uint8Array, at: number, length: number): boolean {
  let i = at + 1;
  while (i < length && IS_BLANK[codes[i]!] === 1) i++;
  return codes[i] === 101 && codes[i + 1] === 108;
}

/** Whether the first line behind the offset that is not empty starts with a letter in its first column. */
function startsDeclaration(codes: Uint8Array, at: number, length: number): boolean {
  let i = at;
  while (i < length && codes[i] === LF) i++;
  return i < length && i > at && isWordStart(codes[i]!);
}
