/**
 * What of a C++ file has C language linkage ([dcl.link]): the declarations within extern "C", whose names the linker sees as they
 * are written. They are given as a C text with all else blanked, so that the reader of C tells what they declare, at the same
 * offsets. Functions beside them have mangled names. It expands no macros and knows no types.
 *
 *     linkage-specification := "extern" string-literal ( "{" declaration* "}" | declaration )
 */

import { type Source, sourceOfText } from "../../text/source.ts";

/** A function that is defined at namespace scope without extern "C": its name is mangled. */
export interface MangledFunction {
  readonly name: string;
  /** Of the name, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

export interface LanguageLinkage {
  /** The declarations with C linkage; blanks and line ends elsewhere, the same length. */
  readonly c: Source;
  readonly mangled: readonly MangledFunction[];
}

type Linkage = "c" | "c++";

interface Token {
  readonly kind: "word" | "string" | "number" | "punctuation" | "directive";
  readonly start: number;
  readonly end: number;
}

/** Comments, raw strings, strings, characters, numbers (with digit separators), words, and any other letter ([lex.pptoken]). */
const TOKEN =
  /\/\/(?:[^\n\\]|\\[\s\S])*|\/\*[\s\S]*?(?:\*\/|$)|(?:u8|[uUL])?R"([^()\\\s]{0,16})\([\s\S]*?(?:\)\1"|$)|(?:u8|[uUL])?"(?:[^"\\\n]|\\[\s\S])*"?|(?:u8|[uUL])?'(?:[^'\\\n]|\\[\s\S])*'?|\.?\d(?:'?[\w.]|[eEpP][+-])*|[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*|\S/g;

/** Larger files are tables, and declare nothing by hand. */
const MOST_UNITS = 4 * 2 ** 20;

/** Reads a C++ text. Total; of one that is too large nothing is known. */
export function languageLinkageOf(source: Source): LanguageLinkage {
  if (source.length > MOST_UNITS) return { c: sourceOfText(""), mangled: [] };
  const text = source.slice(0, source.length);
  const reading: Reading = { text, tokens: tokensOf(text), mangled: [], spans: [], at: 0 };
  readFile(reading);
  return { c: sourceOfText(keptText(reading)), mangled: reading.mangled };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [found] = match;
    const start = match.index;
    if (found.startsWith("//") || found.startsWith("/*")) continue;
    if (found === "#" && isLineStart(text, start)) {
      const end = endOfDirective(text, start);
      tokens.push({ kind: "directive", start, end });
      TOKEN.lastIndex = end;
      continue;
    }
    tokens.push({ kind: kindOf(found), start, end: start + found.length });
  }
  return tokens;
}

function kindOf(found: string): Token["kind"] {
  if (/^\.?\d/.test(found)) return "number";
  if (/["']$/.test(found)) return "string";
  return /^[\w$\u0080-\uffff]/.test(found) ? "word" : "punctuation";
}

function isLineStart(text: string, at: number): boolean {
  for (let i = at - 1; i >= 0; i--) {
    if (text[i] === "\n") return true;
    if (text[i] !== " " && text[i] !== "\t") return false;
  }
  return true;
}

function endOfDirective(text: string, start: number): number {
  for (let at = start; ; ) {
    const end = text.indexOf("\n", at);
    if (end < 0) return text.length;
    if (text[end - 1] !== "\\" && !(text[end - 1] === "\r" && text[end - 2] === "\\")) return end;
    at = end + 1;
  }
}

/** Where the pass over the tokens of a file is. */
interface Reading {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly mangled: MangledFunction[];
  /** What is kept of the text. */
  readonly spans: { readonly start: number; readonly end: number }[];
  /** The next token's index. */
  at: number;
}

/** The text with all blanked but directives and what has C linkage. */
function keptText({ text, spans }: Reading): string {
  let result = "";
  let last = 0;
  const blank = (start: number, end: number) => text.slice(start, end).replace(/[^\r\n]/g, " ");
  for (const { start, end } of spans.sort((a, b) => a.start - b.start)) {
    if (start < last) continue;
    result += blank(last, start) + text.slice(start, end);
    last = end;
  }
  return result + blank(last, text.length);
}

/** All declarations. The linkages of the scopes around stand on a stack: a text may nest them without end. */
function readFile(reading: Reading): void {
  const scopes: Linkage[] = ["c++"];
  while (reading.at < reading.tokens.length) {
    const linkage = scopes.at(-1)!;
    const word = wordAt(reading);
    if (word === "}") {
      if (scopes.length > 1) scopes.pop();
      reading.at++;
    } else if (word === ";") reading.at++;
    else if (reading.tokens[reading.at]!.kind === "directive") keep(reading, reading.at, ++reading.at);
    else if (opensNamespace(reading)) scopes.push(linkage);
    else if (word === "extern" && reading.tokens[reading.at + 1]?.kind === "string") {
      const inner = wordAt(reading, reading.at + 1) === '"C"' ? "c" : "c++";
      if (wordAt(reading, reading.at + 2) === "{") {
        scopes.push(inner);
        reading.at += 3;
      } else {
        // Without braces it declares as extern does.
        if (inner === "c") keep(reading, reading.at, reading.at + 1);
        reading.at += 2;
        readDeclaration(reading, inner);
      }
    } else readDeclaration(reading, linkage);
  }
}

/** `namespace a::b {`, `inline namespace {`: its tokens are taken where it is one. */
function opensNamespace(reading: Reading): boolean {
  let { at } = reading;
  if (wordAt(reading, at) === "inline") at++;
  if (wordAt(reading, at) !== "namespace") return false;
  while (at < reading.tokens.length && !["{", ";", "="].includes(wordAt(reading, at))) at++;
  if (wordAt(reading, at) !== "{") return false;
  reading.at = at + 1;
  return true;
}

/** One declaration at namespace scope, to its semicolon or behind its body. */
function readDeclaration(reading: Reading, linkage: Linkage): void {
  const first = reading.at;
  let depth = 0;
  /** Up to where it is kept: not what it begins with, which may be in any language. */
  let assigned = -1;
  let parameters = -1;
  let hasBraces = false;
  for (; reading.at < reading.tokens.length; reading.at++) {
    const word = wordAt(reading);
    if (reading.tokens[reading.at]!.kind === "directive") keep(reading, reading.at, reading.at + 1);
    else if (word === "(" || word === "[") {
      if (word === "(" && depth === 0 && parameters < 0 && assigned < 0) parameters = reading.at;
      depth++;
    } else if (word === ")" || word === "]") depth--;
    else if (word === "=" && depth === 0 && assigned < 0) assigned = reading.at;
    else if (word === ";" && depth <= 0) break;
    // It ends the scope around: the semicolon is missing.
    else if (word === "}" && depth <= 0) return;
    else if (word === "{") {
      const body = reading.at;
      skipBraces(reading);
      if (parameters < 0 || assigned >= 0 || depth > 0) {
        hasBraces = true;
        reading.at--;
        continue;
      }
      if (linkage === "c++") noteMangled(reading, first, parameters);
      else {
        keep(reading, first, body + 1);
        keep(reading, reading.at - 1, reading.at);
      }
      return;
    }
  }
  // A type that is defined there declares no symbol.
  if (linkage === "c" && (!hasBraces || assigned >= 0) && !isInternal(reading, first, parameters)) {
    keep(reading, first, assigned < 0 ? reading.at + 1 : assigned + 1);
    keep(reading, reading.at, reading.at + 1);
  }
  reading.at++;
}

/** Constants have internal linkage where nothing says extern, be it before the string "C" ([basic.link] 3). */
function isInternal(reading: Reading, first: number, parameters: number): boolean {
  if (parameters >= 0 || wordAt(reading, first - 2) === "extern") return false;
  let isConstant = false;
  for (let at = first; at < reading.at; at++) {
    const word = wordAt(reading, at);
    if (word === "=") break;
    if (word === "extern" || word === "volatile") return false;
    if (word === "const" || word === "constexpr") isConstant = true;
    // What stands before it is said of what the pointer points to.
    else if (word === "*") isConstant = false;
  }
  return isConstant;
}

/** Notes a function that is defined, unless it is a template, a member of a class or an operator. */
function noteMangled(reading: Reading, first: number, parameters: number): void {
  const name = reading.tokens[parameters - 1];
  const before = wordAt(reading, parameters - 2);
  if (name?.kind !== "word" || wordAt(reading, first) === "template") return;
  if (before === ":" || before === "operator" || before === "~") return;
  reading.mangled.push({ name: wordAt(reading, parameters - 1), start: name.start, end: name.end });
}

/** Goes from a brace to behind the one that closes it. */
function skipBraces(reading: Reading): void {
  let depth = 0;
  for (; reading.at < reading.tokens.length; reading.at++) {
    const word = wordAt(reading);
    if (word === "{") depth++;
    else if (word === "}" && --depth === 0) {
      reading.at++;
      return;
    }
  }
}

/** Keeps the tokens from one index to another. */
function keep({ tokens, spans }: Reading, from: number, to: number): void {
  const start = tokens[from]?.start;
  const end = tokens[Math.min(to, tokens.length) - 1]?.end;
  if (start !== undefined && end !== undefined && end > start) spans.push({ start, end });
}

function wordAt({ text, tokens, at }: Reading, index = at): string {
  const token = tokens[index];
  return token === undefined ? "" : text.slice(token.start, token.end);
}
