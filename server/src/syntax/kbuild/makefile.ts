/**
 * Parses Makefiles as Kbuild uses them: into assignments, conditionals, includes, rules and definitions, with the places
 * where they stand. It expands nothing, knows no variables and reads no files.
 *
 *     makefile    := { statement }
 *     statement   := assignment | conditional | include | define | export | rule | other
 *     assignment  := [ "override" | "export" | "private" ] name ( "=" | ":=" | "::=" | "+=" | "?=" | "!=" ) value
 *     conditional := ( "ifeq" | "ifneq" | "ifdef" | "ifndef" ) test { statement } [ "else" [ conditional ] … ] "endif"
 *     include     := [ "-" | "s" ] "include" paths
 *     rule        := targets ":" [ ":" ] [ patterns ":" ] prerequisites [ ";" recipe ] { TAB recipe }
 *
 * (GNU make manual, "Writing Makefiles", "How to Use Variables", "Conditional Parts of Makefiles".)
 */

/** A stretch of the file that is still to be expanded. Offsets are UTF-16 units of the file, half-open. */
export interface RawText {
  readonly start: number;
  readonly end: number;
}

export type AssignmentOperator = "=" | ":=" | "+=" | "?=" | "!=";

export interface MakeAssignment {
  readonly kind: "assignment";
  readonly operator: AssignmentOperator;
  readonly name: RawText;
  readonly value: RawText;
  readonly isExported: boolean;
  /** The logical line, continued lines included, up to and with its newline. */
  readonly line: RawText;
}

export interface Conditional {
  readonly kind: "conditional";
  readonly branches: readonly Branch[];
}

export interface Branch {
  /** undefined for `else` without a test. */
  readonly test: { readonly word: "ifeq" | "ifneq" | "ifdef" | "ifndef"; readonly text: RawText } | undefined;
  readonly body: readonly MakeStatement[];
  /** Where its lines begin and end. */
  readonly start: number;
  readonly end: number;
}

export interface Include {
  readonly kind: "include";
  readonly paths: RawText;
}

export interface MakeDefinition {
  readonly kind: "define";
  readonly name: RawText;
  readonly operator: AssignmentOperator;
  readonly body: RawText;
}

export interface Export {
  readonly kind: "export";
  readonly names: RawText;
}

export interface MakeRule {
  readonly kind: "rule";
  readonly targets: RawText;
  readonly prerequisites: RawText;
  /** Of a static pattern rule: what stands between the two colons. */
  readonly pattern: RawText | undefined;
  /** A variable of the targets' own, `main.o: CFLAGS += -g`, instead of prerequisites; then `targets` is empty. */
  readonly own?: { readonly targets: RawText; readonly variable: RawText; readonly line: RawText };
}

/** A line of the recipe of the rule before it. It may stand within a conditional of its own. */
export interface RecipeLine {
  readonly kind: "recipe";
  readonly text: RawText;
}

/** A line that is a reference and nothing else: `$(foreach …,$(eval …))`. What it gives is read as a Makefile's text. */
export interface Expansion {
  readonly kind: "expansion";
  readonly text: RawText;
}

/** `vpath %.c src`: where prerequisites of a pattern are looked for. */
export interface SearchDirective {
  readonly kind: "vpath";
  readonly text: RawText;
}

export type MakeStatement =
  | SearchDirective
  | MakeAssignment
  | Conditional
  | Include
  | MakeDefinition
  | Export
  | MakeRule
  | RecipeLine
  | Expansion;

export interface Makefile {
  readonly text: string;
  readonly statements: readonly MakeStatement[];
}

/** Deeper conditionals are read as if they were not there. */
const DEEPEST = 100;

interface Line {
  readonly start: number;
  /** Where its text ends: before a comment and the newline. */
  readonly end: number;
  /** The start of the next logical line. */
  readonly next: number;
  readonly isTabbed: boolean;
}

interface OpenConditional {
  readonly branches: Branch[];
  body: MakeStatement[];
  test: Branch["test"];
  start: number;
}

/** Parses a Makefile. Total: what can't be understood is left out. */
export function parseMakefile(text: string): Makefile {
  const statements: MakeStatement[] = [];
  const open: OpenConditional[] = [];
  const current = () => open[open.length - 1]?.body ?? statements;
  let isInRule = false;
  let offset = 0;

  const closeBranch = (conditional: OpenConditional, end: number) => {
    const { test, body, start } = conditional;
    conditional.branches.push({ test, body, start, end });
  };

  while (offset < text.length) {
    const line = readLine(text, offset, isInRule);
    offset = line.next;
    if (line.isTabbed && isInRule) {
      current().push({ kind: "recipe", text: { start: line.start, end: line.end } });
      continue;
    }
    const start = skipMakeBlanks(text, line.start, line.end);
    if (start >= line.end) continue;
    const word = wordAt(text, start, line.end);
    const after = { start: skipMakeBlanks(text, start + word.length, line.end), end: line.end };
    const isKeyword = isKeywordPlace(text, after.start, line.end);

    if (isKeyword && isTest(word)) {
      if (open.length < DEEPEST) open.push({ branches: [], body: [], test: { word, text: after }, start: line.next });
      continue;
    }
    if (isKeyword && word === "else") {
      const conditional = open[open.length - 1];
      if (conditional === undefined) continue;
      closeBranch(conditional, line.start);
      conditional.body = [];
      conditional.start = line.next;
      const next = wordAt(text, after.start, line.end);
      const test = { start: skipMakeBlanks(text, after.start + next.length, line.end), end: line.end };
      conditional.test = isTest(next) ? { word: next, text: test } : undefined;
      continue;
    }
    if (isKeyword && word === "endif") {
      const conditional = open.pop();
      if (conditional === undefined) continue;
      closeBranch(conditional, line.start);
      current().push({ kind: "conditional", branches: conditional.branches });
      continue;
    }
    if (isKeyword && word === "define") {
      const definition = readDefine(text, after, line.next);
      offset = definition.next;
      isInRule = false;
      current().push(definition.statement);
      continue;
    }
    if (isKeyword && (word === "include" || word === "-include" || word === "sinclude")) {
      isInRule = false;
      current().push({ kind: "include", paths: after });
      continue;
    }
    if (isKeyword && word === "vpath" && after.start < after.end) {
      isInRule = false;
      current().push({ kind: "vpath", text: after });
      continue;
    }
    const statement = readAssignment(text, start, line) ?? readExport(text, word, after, isKeyword);
    if (statement !== undefined) {
      isInRule = false;
      current().push(statement);
      continue;
    }
    const rule = readRule(text, start, line);
    if (rule !== undefined) {
      isInRule = true;
      current().push(...rule);
    } else if (isReference(text, start, line.end)) {
      current().push({ kind: "expansion", text: { start, end: line.end } });
    }
  }
  while (open.length > 0) {
    const conditional = open.pop()!;
    closeBranch(conditional, text.length);
    current().push({ kind: "conditional", branches: conditional.branches });
  }
  return { text, statements };
}

/** True for a stretch that is one `$(…)`. */
function isReference(text: string, start: number, end: number): boolean {
  return text[start] === "$" && findOutside(text, start, end, () => true) < 0;
}

function isTest(word: string): word is "ifeq" | "ifneq" | "ifdef" | "ifndef" {
  return word === "ifeq" || word === "ifneq" || word === "ifdef" || word === "ifndef";
}

/** One logical line: continued over `\` newline, up to a comment. A recipe's line keeps its `#`. */
function readLine(text: string, offset: number, inRule: boolean): Line {
  const isTabbed = text.charCodeAt(offset) === 9;
  const keepsComment = isTabbed && inRule;
  let i = offset;
  let end = -1;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === 10) break;
    if (code === 92) {
      const skipped = continuationAt(text, i);
      i += skipped > 0 ? skipped : 2;
      continue;
    }
    if (code === 35 && end < 0 && !keepsComment) end = i;
    i++;
  }
  const stop = Math.min(i, text.length);
  const trimmed = end < 0 ? stop : end;
  return { start: offset, end: trimEnd(text, offset, trimmed), next: Math.min(stop + 1, text.length), isTabbed };
}

/** The length of a `\` newline, or 0. */
export function continuationAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== 92) return 0;
  const next = text.charCodeAt(at + 1);
  if (next === 10) return 2;
  return next === 13 && text.charCodeAt(at + 2) === 10 ? 3 : 0;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13;
}

export function skipMakeBlanks(text: string, start: number, end: number): number {
  let i = start;
  while (i < end) {
    if (isBlank(text.charCodeAt(i))) i++;
    else {
      const skipped = continuationAt(text, i);
      if (skipped === 0) break;
      i += skipped;
    }
  }
  return Math.min(i, end);
}

function trimEnd(text: string, start: number, end: number): number {
  let i = end;
  while (i > start && (isBlank(text.charCodeAt(i - 1)) || text.charCodeAt(i - 1) === 10)) i--;
  return i;
}

function wordAt(text: string, start: number, end: number): string {
  let i = start;
  while (i < end && !isBlank(text.charCodeAt(i)) && continuationAt(text, i) === 0 && text[i] !== "(") i++;
  return text.slice(start, i);
}

/** True where a word that stands before this place may be a keyword: no assignment to a variable of that name. */
function isKeywordPlace(text: string, at: number, end: number): boolean {
  return at >= end || !/^(?:[:+?!]?=|::=|:)/.test(text.slice(at, Math.min(end, at + 3)));
}

/**
 * The first place in [start, end), outside of `$(…)`, that the test finds.
 * @returns -1 where there is none
 */
function findOutside(text: string, start: number, end: number, test: (at: number) => boolean): number {
  let depth = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 36 && (text[i + 1] === "(" || text[i + 1] === "{")) {
      depth++;
      i++;
    } else if (depth > 0) {
      if (code === 40 || code === 123) depth++;
      else if (code === 41 || code === 125) depth--;
    } else if (test(i)) {
      return i;
    }
  }
  return -1;
}

const MODIFIERS = new Set(["override", "export", "private"]);

/** `name op value`; undefined for anything else. */
function readAssignment(text: string, from: number, line: Line): MakeAssignment | undefined {
  let start = from;
  let isExported = false;
  for (;;) {
    const word = wordAt(text, start, line.end);
    const next = skipMakeBlanks(text, start + word.length, line.end);
    if (!MODIFIERS.has(word) || !isKeywordPlace(text, next, line.end) || next >= line.end) break;
    if (word === "export") isExported = true;
    start = next;
  }
  let at = -1;
  let length = 0;
  let operator: AssignmentOperator = "=";
  findOutside(text, start, line.end, (i) => {
    const code = text.charCodeAt(i);
    const next = text[i + 1];
    if (code === 61) [at, length, operator] = [i, 1, "="];
    else if (code === 58 && next === "=") [at, length, operator] = [i, 2, ":="];
    else if (code === 58 && next === ":" && text[i + 2] === "=") [at, length, operator] = [i, 3, ":="];
    else if (code === 43 && next === "=") [at, length, operator] = [i, 2, "+="];
    else if (code === 63 && next === "=") [at, length, operator] = [i, 2, "?="];
    else if (code === 33 && next === "=") [at, length, operator] = [i, 2, "!="];
    // A colon first: a rule, perhaps with a variable of its own, which says nothing of the file's variables.
    else return code === 58;
    return true;
  });
  if (at < 0) return undefined;
  const nameEnd = trimEnd(text, start, at);
  // A name of two words is none: `$(Q)$(MAKE) X=1` outside of a rule.
  if (nameEnd === start || findOutside(text, start, nameEnd, (i) => isBlank(text.charCodeAt(i))) >= 0) return undefined;
  return {
    kind: "assignment",
    operator,
    name: { start, end: nameEnd },
    value: { start: skipMakeBlanks(text, at + length, line.end), end: line.end },
    isExported,
    line: { start: line.start, end: line.next },
  };
}

function readExport(text: string, word: string, after: RawText, isKeyword: boolean): Export | undefined {
  if (!isKeyword || (word !== "export" && word !== "unexport")) return undefined;
  const names = word === "export" ? after : { start: after.end, end: after.end };
  return text.length > 0 ? { kind: "export", names } : undefined;
}

/** `define name [op]` … `endef`. */
function readDefine(
  text: string,
  head: RawText,
  bodyStart: number,
): { readonly statement: MakeDefinition; readonly next: number } {
  const match = /^(.*?)\s*(=|::?=|\+=|\?=|!=)?\s*$/s.exec(text.slice(head.start, head.end))!;
  const operator = (match[2] ?? "=").replace("::", ":") as AssignmentOperator;
  const name = { start: head.start, end: head.start + match[1]!.length };
  let depth = 1;
  let offset = bodyStart;
  while (offset < text.length) {
    const newline = text.indexOf("\n", offset);
    const end = newline < 0 ? text.length : newline;
    const first = wordAt(text, skipMakeBlanks(text, offset, end), end);
    if (first === "define") depth++;
    else if (first === "endef" && --depth === 0) {
      const body = { start: bodyStart, end: Math.max(bodyStart, offset - 1) };
      return { statement: { kind: "define", name, operator, body }, next: Math.min(end + 1, text.length) };
    }
    offset = end + 1;
  }
  const body = { start: bodyStart, end: text.length };
  return { statement: { kind: "define", name, operator, body }, next: text.length };
}

/** A rule, and the recipe's first line where it stands behind a semicolon. */
function readRule(text: string, start: number, line: Line): (MakeRule | RecipeLine)[] | undefined {
  const colon = findOutside(text, start, line.end, (i) => text.charCodeAt(i) === 58);
  if (colon < 0) return undefined;
  const isDouble = text[colon + 1] === ":" || text[colon - 1] === "&";
  const from = colon + (text[colon + 1] === ":" ? 2 : 1);
  const recipe: RecipeLine[] = [];
  let end = line.end;
  const semicolon = findOutside(text, from, line.end, (i) => text.charCodeAt(i) === 59);
  if (semicolon >= 0) {
    recipe.push({ kind: "recipe", text: { start: semicolon + 1, end: line.end } });
    end = semicolon;
  }
  // A variable of the target's own: `vmlinux: KBUILD_CFLAGS := …`.
  if (findOutside(text, from, end, (i) => text.charCodeAt(i) === 61) >= 0) {
    const empty = { start: end, end };
    const own = {
      targets: { start, end: trimEnd(text, start, colon) },
      variable: { start: skipMakeBlanks(text, from, line.end), end: line.end },
      line: { start: line.start, end: line.next },
    };
    return [{ kind: "rule", targets: empty, prerequisites: empty, pattern: undefined, own }];
  }
  const second = findOutside(text, from, end, (i) => text.charCodeAt(i) === 58);
  const isStatic = second >= 0 && !isDouble;
  const targetsEnd = text[colon - 1] === "&" ? colon - 1 : colon;
  const rule: MakeRule = {
    kind: "rule",
    targets: { start, end: trimEnd(text, start, targetsEnd) },
    prerequisites: { start: isStatic ? second + 1 : from, end },
    pattern: isStatic ? { start: from, end: second } : undefined,
  };
  return [rule, ...recipe];
}
