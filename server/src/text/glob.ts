/**
 * Patterns of paths, matched in bounded time: a pattern becomes an automaton whose states are all followed at once (Thompson,
 * "Regular Expression Search Algorithm", 1968), so that a match costs at most the pattern's length times the path's, whatever is in
 * either. Settings and Makefiles hold patterns, and a repository may bring both.
 */

export interface Glob {
  /** @param path relative, with forward slashes */
  matches(path: string): boolean;
}

/**
 * - settings: `*`, `?`, `[…]`, `**` for any folders, `{one,other}`, `@(…|…)`, `?(…)`, `*(…)`, `+(…)`, and a `!` ahead of all
 * - make: `*`, `?` and `[…]`, none of which matches a slash (glob(7))
 * - ld: the same, but `*` and `?` match slashes too (fnmatch(3) without flags)
 */
export type GlobSyntax = "settings" | "make" | "ld";

/** A pattern has at most so many characters. */
export const LONGEST_GLOB = 1000;

/** Brackets are nested at most so deeply. */
const DEEPEST = 20;

/** One state of the automaton: what it takes to go on, and where. */
type State =
  | { readonly kind: "take"; readonly takes: (code: number) => boolean; next: number }
  | { readonly kind: "fork"; next: number; other: number }
  | { readonly kind: "end" };

/** Makes what matches a pattern; a sentence where the pattern is none that is matched here. */
export function readGlob(pattern: string, syntax: GlobSyntax = "settings"): Glob | string {
  if (pattern.length > LONGEST_GLOB) return `it is longer than ${LONGEST_GLOB} characters`;
  const isNegated = syntax === "settings" && /^!(?!\()/.test(pattern);
  const text = isNegated ? pattern.slice(1) : pattern;
  const builder: Builder = { text: text.replace(/^\.\//, ""), syntax, states: [{ kind: "end" }], depth: 0 };
  const start = readSequence(builder, 0, builder.text.length, 0);
  if (typeof start === "string") return start;
  return { matches: (path) => runs(builder.states, start, path) !== isNegated };
}

/** A state is made after those behind it, so patterns are read from their ends. */
interface Builder {
  readonly text: string;
  readonly syntax: GlobSyntax;
  readonly states: State[];
  depth: number;
}

function add({ states }: Builder, state: State): number {
  return states.push(state) - 1;
}

const isAny = (): boolean => true;
const isSlash = (code: number): boolean => code === SLASH;
const isNoSlash = (code: number): boolean => code !== SLASH;
const SLASH = 0x2f;

/** A piece of a pattern, [start, end). */
interface Piece {
  readonly kind: "character" | "any" | "one" | "class" | "folders" | "below" | "alternatives";
  readonly start: number;
  readonly end: number;
  /** Alternatives: the sign before them, "" for braces, and their places. */
  readonly repeat?: string;
  readonly parts?: readonly (readonly [number, number])[];
}

/** Adds the states of [start, end), behind which `next` follows; gives the first one, or a sentence. */
function readSequence(builder: Builder, start: number, end: number, next: number): number | string {
  const pieces: Piece[] = [];
  for (let at = start; at < end; ) {
    const piece = pieceAt(builder, at, end);
    if (typeof piece === "string") return piece;
    pieces.push(piece);
    at = piece.end;
  }
  let first: number | string = next;
  for (const piece of joinBelow(builder, pieces).reverse()) {
    first = addPiece(builder, piece, first);
    if (typeof first === "string") return first;
  }
  return first;
}

/** `folder/**` is the folder too; a star before the slash says that something below is meant. */
function joinBelow({ text }: Builder, pieces: Piece[]): Piece[] {
  const [ahead, slash, last] = pieces.slice(-3);
  const isBelow = last?.kind === "folders" && text[last.end - 1] === "*" && slash?.kind === "character";
  if (!isBelow || text[slash.start] !== "/" || ahead?.kind === "any") return pieces;
  return [...pieces.slice(0, -2), { kind: "below", start: slash.start, end: last.end }];
}

function pieceAt({ text, syntax }: Builder, at: number, end: number): Piece | string {
  const sign = text[at]!;
  if (sign === "\\" && at + 1 < end) return { kind: "character", start: at + 1, end: at + 2 };
  if (sign === "[") {
    const close = classEnd(text, at, end);
    if (close > 0) return { kind: "class", start: at, end: close };
  }
  if (syntax === "settings") {
    if (sign === "{") {
      const group = groupAt(text, at, end, "{", "}", ",");
      if (group !== undefined && (group.parts.length > 1 || at + 1 === group.end - 1))
        return { kind: "alternatives", start: at, end: group.end, repeat: "", parts: group.parts };
    }
    if (text[at + 1] === "(" && "@?*+!".includes(sign)) {
      const group = groupAt(text, at + 1, end, "(", ")", "|");
      if (group !== undefined) {
        if (sign === "!") return "it has !(…), which is not supported";
        return { kind: "alternatives", start: at, end: group.end, repeat: sign, parts: group.parts };
      }
    }
    if (sign === "*") return starsAt(text, at, end);
  }
  if (sign === "*") return { kind: "any", start: at, end: at + 1 };
  if (sign === "?") return { kind: "one", start: at, end: at + 1 };
  return { kind: "character", start: at, end: at + 1 };
}

/** `**` between slashes, or at an end, stands for folders; other stars for a part of a name. */
function starsAt(text: string, at: number, end: number): Piece {
  let behind = at;
  while (behind < end && text[behind] === "*") behind++;
  if (text[behind] === "(" && behind > at + 1) behind--;
  const isWhole = behind - at >= 2 && isEdge(text[at - 1]) && isEdge(text[behind]);
  if (!isWhole) return { kind: "any", start: at, end: behind };
  return { kind: "folders", start: at, end: text[behind] === "/" ? behind + 1 : behind };
}

function isEdge(sign: string | undefined): boolean {
  return sign === undefined || "/{},(|)".includes(sign);
}

/** Behind the `]` of the class that opens at the place; 0 where none closes it. */
function classEnd(text: string, at: number, end: number): number {
  let from = at + 1;
  if (text[from] === "!" || text[from] === "^") from++;
  const close = text.indexOf("]", from + 1);
  return close < 0 || close >= end ? 0 : close + 1;
}

/** The alternatives in a bracket, and where it ends; undefined where nothing closes it. */
function groupAt(text: string, at: number, end: number, open: string, close: string, comma: string) {
  const parts: [number, number][] = [];
  let depth = 0;
  let from = at + 1;
  for (let i = at; i < end; i++) {
    const sign = text[i];
    if (sign === "\\") i++;
    else if (sign === open) depth++;
    else if (sign === comma && depth === 1) {
      parts.push([from, i]);
      from = i + 1;
    } else if (sign === close && --depth === 0) {
      parts.push([from, i]);
      return { parts, end: i + 1 };
    }
  }
  return undefined;
}

function addPiece(builder: Builder, piece: Piece, next: number): number | string {
  const { text } = builder;
  switch (piece.kind) {
    case "character": {
      const wanted = text.charCodeAt(piece.start);
      return add(builder, { kind: "take", takes: (code) => code === wanted, next });
    }
    case "one":
      return add(builder, { kind: "take", takes: builder.syntax === "ld" ? isAny : isNoSlash, next });
    case "class":
      return add(builder, { kind: "take", takes: readClass(text.slice(piece.start + 1, piece.end - 1)), next });
    case "any":
      return addLoop(builder, builder.syntax === "ld" ? isAny : isNoSlash, next);
    case "folders":
      return text[piece.end - 1] === "/" ? addFolders(builder, next) : addLoop(builder, isAny, next);
    case "below": {
      const slash = add(builder, { kind: "take", takes: isSlash, next: addLoop(builder, isAny, next) });
      return add(builder, { kind: "fork", next: slash, other: next });
    }
    case "alternatives":
      return addAlternatives(builder, piece, next);
  }
}

/** As many as there are, none too. */
function addLoop(builder: Builder, takes: (code: number) => boolean, next: number): number {
  const fork: State = { kind: "fork", next: -1, other: next };
  const place = add(builder, fork);
  fork.next = add(builder, { kind: "take", takes, next: place });
  return place;
}

/** Any folders, each with its slash. */
function addFolders(builder: Builder, next: number): number {
  const fork: State = { kind: "fork", next: -1, other: next };
  const place = add(builder, fork);
  const slash = add(builder, { kind: "take", takes: isSlash, next: place });
  const name = addLoop(builder, isNoSlash, slash);
  fork.next = add(builder, { kind: "take", takes: isNoSlash, next: name });
  return place;
}

function addAlternatives(builder: Builder, { repeat, parts }: Piece, next: number): number | string {
  if (++builder.depth > DEEPEST) return `its brackets are nested more than ${DEEPEST} deep`;
  const isLoop = repeat === "*" || repeat === "+";
  const loop: State = { kind: "fork", next: -1, other: next };
  const behind = isLoop ? add(builder, loop) : next;
  let first: number | undefined;
  for (const [start, end] of parts ?? []) {
    const one = readSequence(builder, start, end, behind);
    if (typeof one === "string") return one;
    first = first === undefined ? one : add(builder, { kind: "fork", next: one, other: first });
  }
  builder.depth--;
  const start = first ?? next;
  loop.next = start;
  if (repeat === "*") return behind;
  return repeat === "?" ? add(builder, { kind: "fork", next: start, other: next }) : start;
}

/** What stands between the brackets, `!` or `^` for all others. No class takes a slash. */
function readClass(text: string): (code: number) => boolean {
  const isNegated = text[0] === "!" || text[0] === "^";
  const signs = isNegated ? text.slice(1) : text;
  const ranges: (readonly [number, number])[] = [];
  for (let i = 0; i < signs.length; i++) {
    if (signs[i] === "\\" && i + 1 < signs.length) i++;
    const from = signs.charCodeAt(i);
    if (signs[i + 1] === "-" && i + 2 < signs.length) {
      ranges.push([from, signs.charCodeAt(i + 2)]);
      i += 2;
    } else ranges.push([from, from]);
  }
  return (code) => code !== SLASH && ranges.some(([from, to]) => from <= code && code <= to) !== isNegated;
}

/** Whether the automaton comes to its end with the path's. */
function runs(states: readonly State[], start: number, path: string): boolean {
  const seen = new Int32Array(states.length).fill(-1);
  let now: number[] = [];
  let later: number[] = [];
  const waiting: number[] = [];

  function enter(state: number, at: number, into: number[]): void {
    waiting.push(state);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen[next] === at) continue;
      seen[next] = at;
      const entered = states[next]!;
      if (entered.kind === "fork") waiting.push(entered.next, entered.other);
      else into.push(next);
    }
  }

  enter(start, 0, now);
  for (let i = 0; i < path.length && now.length > 0; i++) {
    const code = path.charCodeAt(i);
    later.length = 0;
    for (const place of now) {
      const state = states[place]!;
      if (state.kind === "take" && state.takes(code)) enter(state.next, i + 1, later);
    }
    [now, later] = [later, now];
  }
  return now.some((place) => states[place]!.kind === "end");
}
