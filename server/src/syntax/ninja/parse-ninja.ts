/**
 * Reads build.ninja (the Ninja manual, "Ninja file reference"; src/lexer.in.cc and src/manifest_parser.cc): rules, build edges with
 * their variables expanded, pools and defaults, and the files that a manifest takes in. It reads no files itself: what include and
 * subninja name is asked for.
 *
 *     manifest := { "rule" name bindings | "build" paths [ "|" paths ] ":" rule [ paths ] [ "|" paths ] [ "||" paths ]
 *                   [ "|@" paths ] bindings | "pool" name bindings | "default" paths | name "=" value
 *                   | ( "include" | "subninja" ) path }
 *     bindings := { INDENT name "=" value }
 *     value    := { text | "$" NEWLINE blanks | "$ " | "$:" | "$$" | "$" name | "${" name "}" }
 */

/** One build edge, its command expanded. */
export interface NinjaEdge {
  readonly rule: string;
  /** Explicit outputs, then implicit ones. */
  readonly outputs: readonly string[];
  readonly inputs: readonly string[];
  readonly implicit: readonly string[];
  readonly orderOnly: readonly string[];
  /** "" for a phony edge. */
  readonly command: string;
  /** What the command finds in `rspfile`. */
  readonly responseFile: { readonly path: string; readonly content: string } | undefined;
  /** The manifest that holds it, and where in it. */
  readonly path: string;
  readonly offset: number;
}

export interface NinjaManifest {
  readonly edges: readonly NinjaEdge[];
  /** Files that were named and could not be read. */
  readonly missing: readonly string[];
  /** Lines that are not understood: an offset in a file. */
  readonly errors: readonly { readonly path: string; readonly offset: number }[];
}

interface Scope {
  readonly variables: Map<string, string>;
  readonly rules: Map<string, ReadonlyMap<string, Value>>;
  readonly parent: Scope | undefined;
}

/** Text and names of variables, in turn. */
type Value = readonly (string | { readonly name: string })[];

interface Reading {
  readonly edges: NinjaEdge[];
  readonly missing: string[];
  readonly errors: { path: string; offset: number }[];
  readonly readText: (path: string) => string | undefined;
  files: number;
}

/** A manifest may take in this many files. */
const MOST_FILES = 2000;

/**
 * Reads a manifest and what it includes. Total.
 * @param readText gives a file's text by its path as the manifest names it
 */
export function readNinja(path: string, readText: (path: string) => string | undefined): NinjaManifest {
  const reading: Reading = { edges: [], missing: [], errors: [], readText, files: 0 };
  readFile(reading, path, { variables: new Map(), rules: new Map([["phony", new Map()]]), parent: undefined });
  return { edges: reading.edges, missing: reading.missing, errors: reading.errors };
}

function readFile(reading: Reading, path: string, scope: Scope): void {
  const text = reading.files++ < MOST_FILES ? reading.readText(path) : undefined;
  if (text === undefined) {
    reading.missing.push(path);
    return;
  }
  const lines = logicalLines(text);
  for (let i = 0; i < lines.length; ) i = readStatement(reading, path, scope, lines, i);
}

interface LogicalLine {
  readonly text: string;
  readonly offset: number;
  readonly isIndented: boolean;
}

/** Lines with those that `$` continues; comments and empty lines are left out. */
function logicalLines(text: string): LogicalLine[] {
  const lines: LogicalLine[] = [];
  for (let at = 0; at < text.length; ) {
    const offset = at;
    let end = lineEnd(text, at);
    while (isContinued(text, offset, end)) end = lineEnd(text, Math.min(end + 1, text.length));
    at = end + 1;
    const line = text.slice(offset, text[end - 1] === "\r" ? end - 1 : end);
    const start = line.search(/[^ ]/);
    if (start < 0 || line[start] === "#") continue;
    lines.push({ text: line.slice(start), offset: offset + start, isIndented: start > 0 });
  }
  return lines;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** An odd number of `$` before the newline; a comment is never continued. */
function isContinued(text: string, start: number, end: number): boolean {
  if (end >= text.length || text[start] === "#") return false;
  let at = text[end - 1] === "\r" ? end - 2 : end - 1;
  let dollars = 0;
  while (at >= start && text[at] === "$") {
    dollars++;
    at--;
  }
  return dollars % 2 === 1;
}

/** @returns the index of the line behind the statement */
function readStatement(
  reading: Reading,
  path: string,
  scope: Scope,
  lines: readonly LogicalLine[],
  at: number,
): number {
  const line = lines[at]!;
  const [word = ""] = /^[A-Za-z0-9_.-]+/.exec(line.text) ?? [];
  const rest = line.text.slice(word.length);
  if (/^\s*=/.test(rest)) {
    const value = parseValue(rest.slice(rest.indexOf("=") + 1).trimStart());
    scope.variables.set(
      word,
      expand(value, (name) => lookUp(scope, name)),
    );
    // A line that is indented without reason belongs to nothing.
    return at + 1;
  }
  let next = at + 1;
  while (next < lines.length && lines[next]!.isIndented) next++;
  const bindings = () => readBindings(lines.slice(at + 1, next));
  if (word === "rule") scope.rules.set(rest.trim(), bindings());
  else if (word === "build") readEdge(reading, path, scope, line, bindings());
  else if (word === "include" || word === "subninja") {
    const named = expand(parseValue(rest.trim()), (name) => lookUp(scope, name));
    const inner = word === "include" ? scope : { variables: new Map(), rules: new Map(), parent: scope };
    readFile(reading, named, inner);
  } else if (word !== "pool" && word !== "default") reading.errors.push({ path, offset: line.offset });
  return next;
}

function readBindings(lines: readonly LogicalLine[]): Map<string, Value> {
  const bindings = new Map<string, Value>();
  for (const { text } of lines) {
    const match = /^([A-Za-z0-9_.-]+)\s*=\s*/.exec(text);
    if (match !== null) bindings.set(match[1]!, parseValue(text.slice(match[0].length)));
  }
  return bindings;
}

function lookUp(scope: Scope | undefined, name: string): string {
  for (let at = scope; at !== undefined; at = at.parent) {
    const value = at.variables.get(name);
    if (value !== undefined) return value;
  }
  return "";
}

function findRule(scope: Scope | undefined, name: string): ReadonlyMap<string, Value> | undefined {
  for (let at = scope; at !== undefined; at = at.parent) {
    const rule = at.rules.get(name);
    if (rule !== undefined) return rule;
  }
  return undefined;
}

const PATH_LISTS = ["outputs", "implicitOutputs", "inputs", "implicit", "orderOnly", "validations"] as const;

function readEdge(
  reading: Reading,
  path: string,
  scope: Scope,
  line: LogicalLine,
  bindings: ReadonlyMap<string, Value>,
): void {
  const own = new Map<string, string>();
  // The bindings of an edge see those before them, and the file's.
  for (const [name, value] of bindings)
    own.set(
      name,
      expand(value, (other) => own.get(other) ?? lookUp(scope, other)),
    );
  const see = (name: string) => own.get(name) ?? lookUp(scope, name);
  const lists: Record<(typeof PATH_LISTS)[number], string[]> = {
    outputs: [],
    implicitOutputs: [],
    inputs: [],
    implicit: [],
    orderOnly: [],
    validations: [],
  };
  let list: (typeof PATH_LISTS)[number] = "outputs";
  let rule: string | undefined;
  for (const word of pathWords(line.text.slice("build".length))) {
    if (word === "|") list = rule === undefined ? "implicitOutputs" : "implicit";
    else if (word === "||") list = "orderOnly";
    else if (word === "|@") list = "validations";
    else if (word === ":") list = "inputs";
    else if (list === "inputs" && rule === undefined) rule = textOf(word);
    else lists[list].push(typeof word === "string" ? word : expand(word, see));
  }
  const known = rule === undefined ? undefined : findRule(scope, rule);
  if (rule === undefined || known === undefined || lists.outputs.length === 0) {
    reading.errors.push({ path, offset: line.offset });
    return;
  }
  const { outputs, implicitOutputs, inputs, implicit, orderOnly } = lists;
  const evaluate = evaluator(known, own, scope, inputs, outputs);
  const file = evaluate("rspfile");
  reading.edges.push({
    rule,
    outputs: [...outputs, ...implicitOutputs],
    inputs,
    implicit,
    orderOnly,
    command: rule === "phony" ? "" : evaluate("command"),
    responseFile: file === "" ? undefined : { path: file, content: evaluate("rspfile_content") },
    path,
    offset: line.offset,
  });
}

/** Variables as a rule sees them for an edge: `in` and `out`, then the edge's, the rule's, the file's. */
function evaluator(
  rule: ReadonlyMap<string, Value>,
  own: ReadonlyMap<string, string>,
  scope: Scope,
  inputs: readonly string[],
  outputs: readonly string[],
): (name: string) => string {
  const active = new Set<string>();
  const see = (name: string): string => {
    if (name === "in") return inputs.map(quoted).join(" ");
    if (name === "in_newline") return inputs.map(quoted).join("\n");
    if (name === "out") return outputs.map(quoted).join(" ");
    const bound = own.get(name);
    if (bound !== undefined) return bound;
    const value = rule.get(name);
    // A rule's variable that needs itself is an error to ninja.
    if (value === undefined || active.has(name)) return lookUp(scope, name);
    active.add(name);
    const text = expand(value, see);
    active.delete(name);
    return text;
  };
  return see;
}

/** As GetShellEscapedString of ninja's src/util.cc has it. */
function quoted(path: string): string {
  return /^[A-Za-z0-9_+\-./]*$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function textOf(value: Value | string): string {
  return typeof value === "string" ? value : value.map((part) => (typeof part === "string" ? part : "")).join("");
}

/** The paths of a build line, and the marks between them as strings. */
function pathWords(text: string): (Value | ":" | "|" | "||" | "|@")[] {
  const words: (Value | ":" | "|" | "||" | "|@")[] = [];
  let part = "";
  const flush = () => {
    if (part !== "") words.push(parseValue(part));
    part = "";
  };
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    if (letter === "$" && i + 1 < text.length) {
      if (text[i + 1] === "\n" || text[i + 1] === "\r") {
        flush();
        i += text[i + 1] === "\r" ? 2 : 1;
        continue;
      }
      part += letter + text[++i]!;
      if (text[i] === "{") {
        const close = text.indexOf("}", i);
        if (close < 0) break;
        part += text.slice(i + 1, close + 1);
        i = close;
      }
    } else if (letter === " ") flush();
    else if (letter === ":" || letter === "|") {
      flush();
      const mark = letter === "|" && (text[i + 1] === "|" || text[i + 1] === "@") ? `|${text[++i]!}` : letter;
      words.push(mark as ":" | "|" | "||" | "|@");
    } else part += letter;
  }
  flush();
  return words;
}

/** The parts of a value as it is written. */
function parseValue(text: string): Value {
  const parts: (string | { readonly name: string })[] = [];
  let from = 0;
  for (let i = 0; i < text.length; ) {
    if (text[i] !== "$") {
      i++;
      continue;
    }
    if (i > from) parts.push(text.slice(from, i));
    const read = readEscape(text, i);
    if (read.part !== undefined) parts.push(read.part);
    i = read.next;
    from = i;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

function readEscape(
  text: string,
  dollar: number,
): { readonly part: string | { readonly name: string } | undefined; readonly next: number } {
  const next = text[dollar + 1];
  if (next === undefined) return { part: "$", next: dollar + 1 };
  if (next === "\n" || next === "\r") {
    let at = dollar + (next === "\r" ? 3 : 2);
    while (text[at] === " ") at++;
    return { part: undefined, next: at };
  }
  const braced = /^\$\{([A-Za-z0-9_.-]+)\}/.exec(text.slice(dollar, dollar + 200));
  if (braced !== null) return { part: { name: braced[1]! }, next: dollar + braced[0].length };
  const plain = /^\$([A-Za-z0-9_-]+)/.exec(text.slice(dollar, dollar + 200));
  if (plain !== null) return { part: { name: plain[1]! }, next: dollar + plain[0].length };
  return { part: next, next: dollar + 2 };
}

function expand(value: Value, see: (name: string) => string): string {
  let text = "";
  for (const part of value) text += typeof part === "string" ? part : see(part.name);
  return text;
}
