/**
 * Splits the file scope of raw C into items: the tokens of one declaration, definition or macro call each, with everything
 * in brackets as one token. Where #if branches cut a declaration up, it gives one list of tokens for each way through them.
 */

import {
  CLOSE_BRACE,
  COMMA,
  EQUALS,
  HASH,
  IS_BLANK,
  LF,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
  UNDERSCORE,
} from "./codes.ts";
import { conditionText } from "./conditions.ts";
import { type Groups, skipBraces, skipBrackets, skipInitializer, skipParens } from "./groups.ts";
import { KEYWORD } from "./keywords.ts";
import { type Lexer, nextToken, openLexer, TOKEN } from "./lexer.ts";
import { PARAMETERS, parametersIn } from "./names.ts";
import { DIRECTIVE, readDirective } from "./preprocessor.ts";
import { tagBody } from "./specifiers.ts";
import { clearTokens, pushToken, skipNested, type Tokens } from "./tokens.ts";

export interface Items {
  readonly lexer: Lexer;
  readonly groups: Groups;
  /** The current item's tokens. */
  readonly tokens: Tokens;
  /** The condition at its first token. */
  condition: string;
  /** The condition behind each #if, #else and #endif within the item, in order. */
  readonly branchConditions: string[];
}

/** What {@link readItem} met. */
export type ItemEnd = "item" | "end" | "restart";

/**
 * Reads the next item into `items.tokens`; it may be empty. "restart" says that what looked like an include guard of the
 * whole file was none, and that all conditions so far were wrong.
 */
export function readItem(items: Items): ItemEnd {
  const { lexer, groups, tokens } = items;
  const { preprocessor } = groups;
  clearTokens(tokens);
  items.branchConditions.length = 0;
  let lastTag = -1;
  for (;;) {
    const kind = nextToken(lexer);
    if (kind === TOKEN.end) return "end";
    if (preprocessor.guardEnd >= 0) return "restart";
    preprocessor.isAtStart &&= kind === TOKEN.directive;
    if (tokens.count === 0 && kind !== TOKEN.directive) items.condition = conditionText(preprocessor.conditions);
    const { start, startsLine } = lexer;
    switch (kind) {
      case TOKEN.directive:
        if (readDirectiveIn(items)) return "item";
        break;
      case SEMICOLON:
        if (tokens.count === 0) break;
        pushToken(tokens, kind, start, lexer.stop, startsLine);
        if (!readOldStyle(items)) return "item";
        break;
      case OPEN_PAREN:
        addGroup(items, kind, start, skipParens(groups, lexer.stop));
        break;
      case OPEN_BRACKET:
        addGroup(items, kind, start, skipBrackets(groups, lexer.stop));
        break;
      case OPEN_BRACE: {
        if (isLinkageBlock(tokens)) {
          clearTokens(tokens);
          break;
        }
        addGroup(items, kind, start, skipBraces(groups, lexer.stop));
        if (lastTag >= 0 && tagBody(tokens, lastTag, tokens.count) === tokens.count - 1) lastTag = -1;
        else return "item";
        break;
      }
      case CLOSE_BRACE: // the end of an `extern "C" {`, or one brace too many
        if (tokens.count > 0) return "item";
        break;
      case EQUALS:
        addInitializer(items, skipInitializer(groups, lexer.stop));
        break;
      case KEYWORD.tag:
        lastTag = tokens.count;
        pushToken(tokens, kind, start, lexer.stop, startsLine);
        break;
      case KEYWORD.extern:
      case KEYWORD.static:
      case KEYWORD.typedef:
        if (startsLine && isComplete(items)) {
          lexer.offset = start;
          return "item";
        }
        pushToken(tokens, kind, start, lexer.stop, startsLine);
        break;
      default:
        pushToken(tokens, kind, start, lexer.stop, startsLine);
    }
  }
}

/** Reads a directive at file scope; true when it ends the item. */
function readDirectiveIn(items: Items): boolean {
  const { lexer, groups, tokens } = items;
  const { preprocessor } = groups;
  const at = lexer.start;
  lexer.offset = readDirective(preprocessor, at);
  if (tokens.count === 0) {
    readDirectivesBehind(items);
    return false;
  }
  tokens.isSplit = true;
  const { directive } = preprocessor;
  // No declaration goes on over an #include; what stands before it lacks its semicolon.
  if (directive === DIRECTIVE.include) return true;
  const isBranch = directive === DIRECTIVE.open || directive === DIRECTIVE.next || directive === DIRECTIVE.close;
  if (!isBranch) return false;
  const kind =
    directive === DIRECTIVE.open
      ? TOKEN.branchOpen
      : directive === DIRECTIVE.next
        ? TOKEN.branchNext
        : TOKEN.branchClose;
  pushToken(tokens, kind, at, at, true);
  items.branchConditions.push(conditionText(preprocessor.conditions));
  return false;
}

/** Reads the directives on the lines that follow directly: headers of registers hold nothing else. */
function readDirectivesBehind(items: Items): void {
  const { lexer, groups } = items;
  const { preprocessor } = groups;
  const { codes, end } = lexer;
  let at = lexer.offset;
  while (at + 1 < end && codes[at] === LF && codes[at + 1] === HASH && preprocessor.guardEnd < 0) {
    at = readDirective(preprocessor, at + 1);
  }
  lexer.offset = at;
}

function addGroup(items: Items, kind: number, start: number, stop: number): void {
  const { lexer, groups, tokens } = items;
  // Directives in a body are no business of the declaration; in parameters they are.
  if (groups.isCut || (groups.sawDirective && kind !== OPEN_BRACE)) tokens.isSplit = true;
  pushToken(tokens, kind, start, stop, lexer.startsLine);
  lexer.offset = stop;
}

function addInitializer(items: Items, stop: number): void {
  const { lexer, groups, tokens } = items;
  const { codes } = lexer;
  let from = lexer.stop;
  let to = stop;
  while (from < to && (IS_BLANK[codes[from]!] === 1 || codes[from] === LF)) from++;
  while (to > from && (IS_BLANK[codes[to - 1]!] === 1 || codes[to - 1] === LF)) to--;
  if (groups.isCut || codes[stop] === HASH) tokens.isSplit = true;
  pushToken(tokens, TOKEN.initializer, from, to, false);
  lexer.offset = stop;
}

/** `extern "C" {` opens no body: what is in it stands at file scope. */
function isLinkageBlock(tokens: Tokens): boolean {
  return tokens.count === 2 && tokens.kinds[0] === KEYWORD.extern && tokens.kinds[1] === TOKEN.string;
}

/**
 * Whether the item is a macro call or a declaration whose semicolon is missing, so that the storage class on the next line
 * opens a new one. `__section(".x")` and `__attribute__((…))` on a line of their own belong to what follows.
 */
function isComplete(items: Items): boolean {
  const { tokens, lexer } = items;
  const last = tokens.count - 1;
  if (last < 1 || tokens.kinds[last] !== OPEN_PAREN || tokens.kinds[last - 1] === KEYWORD.attribute) return false;
  const { codes } = lexer;
  const word = tokens.starts[last - 1]!;
  const isReserved = codes[word] === UNDERSCORE && codes[word + 1] === UNDERSCORE;
  return last > 1 ? !isReserved : tokens.kinds[0] === TOKEN.word && !isReserved;
}

/** How much text the parameters of an old-style definition may take. */
const LONGEST_OLD_STYLE = 2048;

/**
 * old-style definition: declarator `(` name, … `)` (declaration `;`)… body (C11 6.9.1)
 *
 * Called behind the first `;`. Reads the rest of the parameters' declarations where a body follows; true then.
 */
function readOldStyle(items: Items): boolean {
  const { lexer, tokens, groups } = items;
  const { source } = groups.preprocessor;
  const parameters = oldStyleParameters(items);
  if (parameters < 0) return false;
  const end = Math.min(lexer.end, lexer.offset + LONGEST_OLD_STYLE);
  const ahead = openLexer(source, lexer.offset, end, "file");
  let afterSemicolon = true;
  let isPointed = false;
  let body = -1;
  for (;;) {
    const kind = nextToken(ahead);
    if (afterSemicolon && body < 0) body = ahead.start;
    if (kind === OPEN_BRACE && afterSemicolon) break;
    // The body may be that of another #if branch's head, too: it stands behind the #endif.
    if (kind === TOKEN.directive && afterSemicolon) {
      ahead.offset = endOfLine(ahead.codes, ahead.start, end);
      continue;
    }
    body = -1;
    const isPart = kind === TOKEN.word || kind === STAR || kind === COMMA || kind === SEMICOLON || kind >= 128;
    if (kind === OPEN_BRACKET || (kind === OPEN_PAREN && ahead.codes[ahead.offset] === STAR)) skipNested(ahead);
    // The parentheses of a pointer's declarator may be, those of another function's parameters not.
    else if (!isPart && !(kind === OPEN_PAREN && isPointed)) return false;
    else if (kind === OPEN_PAREN) skipNested(ahead);
    isPointed = kind === OPEN_PAREN;
    afterSemicolon = kind === SEMICOLON;
  }
  lexer.offset = body;
  // Of the parameters' declarations it matters only that they are there: a type's name would look like an annotation.
  const [start, stop] = [tokens.starts[parameters + 1]!, tokens.stops[parameters + 1]!];
  const last = tokens.starts[tokens.count - 1]!;
  tokens.count = parameters + 1;
  pushToken(tokens, KEYWORD.type, start, stop, false);
  pushToken(tokens, SEMICOLON, last, last + 1, false);
  return true;
}

function endOfLine(codes: Uint8Array, from: number, end: number): number {
  const at = codes.indexOf(LF, from);
  return at < 0 || at > end ? end : at;
}

/** The token of names alone in parentheses with declarations behind them, as in `int f(a, b) int a;`; -1 where there is none. */
function oldStyleParameters(items: Items): number {
  const { tokens, groups } = items;
  const { kinds, starts, stops, count } = tokens;
  let from = count;
  while (from > 0 && kinds[from - 1] !== TOKEN.branchNext && kinds[from - 1] !== TOKEN.branchOpen) from--;
  for (let at = from + 1; at < count - 2; at++) {
    if (kinds[at] !== OPEN_PAREN || kinds[at - 1] !== TOKEN.word) continue;
    const next = kinds[at + 1]!;
    const isType =
      (next >= KEYWORD.register && next <= KEYWORD.typeof) ||
      (next === TOKEN.word && (kinds[at + 2] === TOKEN.word || kinds[at + 2] === STAR));
    if (!isType || next === KEYWORD.inline) return -1;
    return parametersIn(groups.preprocessor.source, starts[at]!, stops[at]!) === PARAMETERS.perhaps ? at : -1;
  }
  return -1;
}

/** More ways through a declaration's branches than anyone writes. */
const MOST_WAYS = 8;

/**
 * The ways through the #if branches of an item, as the places of its tokens: the first takes the first branch of every #if,
 * the second the second, and so on. An #else whose #if stands before the item counts from the item's start.
 */
export function waysThrough(tokens: Tokens): number[][] {
  const { kinds, count } = tokens;
  let depth = 0;
  let unopened = 0;
  let isOpen = false;
  let branches = 1;
  for (let at = 0; at < count; at++) {
    const kind = kinds[at];
    if (kind === TOKEN.branchOpen) depth++;
    else if (kind === TOKEN.branchNext) {
      branches++;
      if (depth === 0) isOpen = true;
    } else if (kind === TOKEN.branchClose) {
      if (depth > 0) depth--;
      else {
        unopened++;
        isOpen = false;
      }
    }
  }
  if (isOpen) unopened++;
  const ways: number[][] = [];
  for (let way = 0; way < Math.min(branches, MOST_WAYS); way++) ways.push(wayThrough(tokens, way, unopened));
  return ways;
}

function wayThrough(tokens: Tokens, way: number, unopened: number): number[] {
  const { kinds, count } = tokens;
  /** For each #if around the place, which of its branches that is. */
  const stack: number[] = new Array(unopened).fill(0);
  const lengths = branchCounts(tokens, unopened);
  const wanted: number[] = [];
  const taken: number[] = [];
  let next = 0;
  for (let i = 0; i < unopened; i++) wanted.push(Math.min(way, lengths[next++]! - 1));
  for (let at = 0; at < count; at++) {
    const kind = kinds[at];
    if (kind === TOKEN.branchOpen) {
      stack.push(0);
      wanted.push(Math.min(way, lengths[next++]! - 1));
    } else if (kind === TOKEN.branchNext) {
      if (stack.length > 0) stack[stack.length - 1]!++;
    } else if (kind === TOKEN.branchClose) {
      stack.pop();
      wanted.pop();
    } else if (stack.every((branch, i) => branch === wanted[i])) taken.push(at);
  }
  return taken;
}

/** How many branches each #if has, those that stand open before the item first, then in order. */
function branchCounts(tokens: Tokens, unopened: number): number[] {
  const { kinds, count } = tokens;
  const counts: number[] = [];
  const stack: number[] = [];
  for (let i = 0; i < unopened; i++) stack.push(counts.push(1) - 1);
  for (let at = 0; at < count; at++) {
    const kind = kinds[at];
    if (kind === TOKEN.branchOpen) stack.push(counts.push(1) - 1);
    else if (kind === TOKEN.branchNext) {
      const innermost = stack.at(-1);
      if (innermost !== undefined) counts[innermost]!++;
    } else if (kind === TOKEN.branchClose) stack.pop();
  }
  return counts;
}
