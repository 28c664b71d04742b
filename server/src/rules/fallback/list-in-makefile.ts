/**
 * Lists a file in a plain Makefile wherever that lists its neighbour: in variables, prerequisites and recipes. It refuses where
 * the neighbour is built in a way of its own, and evaluates nothing.
 */

import { type MakeWord, wordsWithin } from "../../syntax/kbuild/make-words.ts";
import {
  type MakeAssignment,
  type MakeRule,
  type MakeStatement,
  parseMakefile,
  type RawText,
  type RecipeLine,
} from "../../syntax/kbuild/makefile.ts";
import type { TextEdit } from "../../text/edit.ts";
import { folderOf } from "../../text/path.ts";
import {
  type BuildFile,
  insertBehind,
  type Neighbour,
  type NeighbourListing,
  siblingWord,
  takesIn,
} from "./neighbour-words.ts";

const STYLE = { inLine: " ", atLineEnd: " \\" };

/** Functions that do the same to each word of their last argument. */
const EACH_WORD: ReadonlySet<string> = new Set(
  "addprefix addsuffix patsubst subst sort strip abspath realpath notdir basename".split(" "),
);

/** What the Makefile says of the neighbour; undefined where it says nothing. */
export function listInMakefile(file: BuildFile, neighbour: Neighbour): NeighbourListing | undefined {
  const found: Found = { file, neighbour, edits: [], isCovered: false, refusal: undefined };
  readStatements(found, parseMakefile(file.text).statements);
  if (found.refusal !== undefined) return { kind: "refusal", refusal: `${file.path} ${found.refusal}` };
  if (found.edits.length > 0) return { kind: "edits", edits: found.edits };
  return found.isCovered ? { kind: "covered", advice: undefined } : undefined;
}

interface Found {
  readonly file: BuildFile;
  readonly neighbour: Neighbour;
  readonly edits: TextEdit[];
  isCovered: boolean;
  /** What the Makefile does that can't be done for the added file. */
  refusal: string | undefined;
}

function readStatements(found: Found, statements: readonly MakeStatement[]): void {
  for (let at = 0; at < statements.length; at++) {
    const statement = statements[at]!;
    if (statement.kind === "assignment") readAssignment(found, statement);
    else if (statement.kind === "conditional") {
      for (const { body } of statement.branches) readStatements(found, body);
    } else if (statement.kind === "define") {
      if (siblingsIn(found, statement.body).length > 0)
        found.refusal ??= "names it in a define, which is not understood";
    } else if (statement.kind === "rule") {
      const recipe: RecipeLine[] = [];
      for (let next = statements[at + 1]; next?.kind === "recipe"; next = statements[at + 1]) {
        recipe.push(next);
        at++;
      }
      readRule(found, statement, recipe);
    } else if (statement.kind === "recipe") readRecipe(found, statement);
  }
}

interface Sibling {
  readonly word: MakeWord;
  readonly added: string;
}

/** The words that name the neighbour. */
function siblingsIn({ file, neighbour }: Found, span: RawText): Sibling[] {
  const folder = folderOf(file.path);
  return wordsWithin(file.text, span).flatMap((word) => {
    const added = siblingWord(word.text, folder, neighbour);
    return added === undefined ? [] : [{ word, added }];
  });
}

function addAll(found: Found, siblings: readonly Sibling[]): void {
  for (const { word, added } of siblings) {
    const odd = word.functions.find((name) => !EACH_WORD.has(name));
    if (odd !== undefined) found.refusal ??= `names it in $(${odd.split(",")[0]} …), which is not understood`;
    else found.edits.push(insertBehind(found.file.text, word, added, STYLE));
  }
}

function readAssignment(found: Found, assignment: MakeAssignment): void {
  const { file, neighbour } = found;
  const { value } = assignment;
  found.edits.push(...repeatVariable(file, assignment, neighbour));
  addAll(found, siblingsIn(found, value));
  for (const word of wordsWithin(file.text, value)) {
    if (word.functions.at(-1) === "wildcard" && word.functions.slice(0, -1).every((name) => EACH_WORD.has(name))) {
      found.isCovered ||= takesIn(word.text, folderOf(file.path), neighbour, false);
    }
  }
}

/**
 * What a variable says of the neighbour's object alone, said of the added one as well: `CFLAGS_main.o += -Ideep`,
 * `KCOV_INSTRUMENT_main.o := n`. Such names are a name in capitals, an underline and the object (kbuild manual, "Compilation
 * flags").
 */
export function repeatVariable(file: BuildFile, { name, line }: MakeAssignment, neighbour: Neighbour): TextEdit[] {
  const written = file.text.slice(name.start, name.end);
  for (let at = written.indexOf("_"); at > 0; at = written.indexOf("_", at + 1)) {
    const object = siblingWord(written.slice(at + 1), folderOf(file.path), neighbour);
    const kind = written.slice(0, at);
    if (object === undefined || kind !== kind.toUpperCase()) continue;
    return [repeatLine(file.text, line, name, `${kind}_${object}`)];
  }
  return [];
}

/** The line once more behind itself, with something else in the place of a stretch of it. */
function repeatLine(text: string, line: RawText, span: RawText, replacement: string): TextEdit {
  const whole = text.slice(line.start, span.start) + replacement + text.slice(span.end, line.end);
  const isOpen = !text.slice(line.start, line.end).endsWith("\n");
  return { start: line.end, end: line.end, text: isOpen ? `\n${whole}` : whole };
}

function readRule(found: Found, rule: MakeRule, recipe: readonly RecipeLine[]): void {
  if (rule.own !== undefined) {
    const [only, ...others] = siblingsIn(found, rule.own.targets);
    if (only !== undefined && others.length === 0) {
      const { line, targets } = rule.own;
      found.edits.push(repeatLine(found.file.text, line, targets, only.added));
    }
    return;
  }
  const targets = siblingsIn(found, rule.targets);
  const prerequisites = siblingsIn(found, rule.prerequisites);
  if (rule.pattern !== undefined) addAll(found, targets);
  else if (targets.length > 0) {
    // What else its object is made of is no matter for the added file; how it is made is.
    if (recipe.length > 0) found.refusal ??= "builds it by a recipe of its own";
    return;
  }
  if (prerequisites.length > 0 && takesFirstAlone(found, recipe)) {
    found.refusal ??= "has a recipe that takes the first prerequisite alone";
  }
  addAll(found, prerequisites);
  for (const line of recipe) readRecipe(found, line);
}

/** `$<` without `$^`, `$+` or `$?`. */
function takesFirstAlone({ file }: Found, recipe: readonly RecipeLine[]): boolean {
  const text = recipe.map((line) => file.text.slice(line.text.start, line.text.end)).join("\n");
  const has = (name: string) => [`$${name}`, `$(${name})`, `\${${name}}`].some((word) => text.includes(word));
  return has("<") && !["^", "+", "?"].some(has);
}

function readRecipe(found: Found, { text }: RecipeLine): void {
  const siblings = siblingsIn(found, text);
  if (siblings.length === 0) return;
  if (wordsWithin(found.file.text, text).some((word) => word.text === "-c")) {
    found.refusal ??= "compiles it by a command of its own";
  }
  addAll(found, siblings);
}
