/** What a meson.build says of sources, of programs and of what chooses (Meson's reference manual, "Syntax"). It evaluates nothing. */

import { findStrings, type MesonString } from "../../syntax/meson/strings.ts";
import type { BuildDescription, DescribedSource } from "./described-builds.ts";

/** A statement of the description. */
interface Statement {
  readonly start: number;
  readonly end: number;
  /** The text, with what its strings hold left out. */
  readonly code: string;
  readonly strings: readonly MesonString[];
  /** It is carried out in every configuration. */
  readonly isAlways: boolean;
}

/** What chooses libraries or options of links where it is carried out in some configurations. */
const LINKING =
  /\b(?:link_\w+|dependency|dependencies|find_library|add_(?:global|project)_link_arguments|subproject)\b/;

export function describedInMeson(text: string): BuildDescription {
  const statements = readStatements(text);
  const chosen = statements.find(({ code, isAlways }) => !isAlways && LINKING.test(code));
  return {
    folders: statements.flatMap(({ code, strings: [first], isAlways }) =>
      isAlways && /^subdir\s*\(/.test(code) && first !== undefined ? [first.text] : [],
    ),
    chosenLinking: chosen?.start,
    sourceOf: (isNamed) => sourceOf(statements, isNamed),
  };
}

function readStatements(text: string): Statement[] {
  const strings = findStrings(text);
  const blank = blanked(text, strings);
  const statements: Statement[] = [];
  let [depth, nesting, start] = [0, 0, 0];
  let hasEnded = false;
  for (let at = 0; at <= blank.length; at++) {
    const char = blank[at];
    if (char === "(" || char === "[" || char === "{") depth++;
    else if (char === ")" || char === "]" || char === "}") depth--;
    if (char !== undefined && (char !== "\n" || depth > 0)) continue;
    const code = blank.slice(start, at).trim();
    if (/^end(?:if|foreach)\b/.test(code)) nesting = Math.max(0, nesting - 1);
    const isAlways = nesting === 0 && !hasEnded;
    if (code !== "") {
      const end = at;
      statements.push({
        start,
        end,
        code,
        isAlways,
        strings: strings.filter((one) => one.start >= start && one.end <= end),
      });
    }
    if (/^(?:if|foreach)\b/.test(code)) nesting++;
    if (/^subdir_done\b/.test(code)) hasEnded = true;
    start = at + 1;
  }
  return statements;
}

/** The text without comments and without what strings hold; offsets stay. */
function blanked(text: string, strings: readonly MesonString[]): string {
  let out = "";
  let at = 0;
  const code = (part: string) => part.replaceAll(/#.*/g, (comment) => " ".repeat(comment.length));
  for (const { start, end } of strings) {
    out += `${code(text.slice(at, start))}'${" ".repeat(Math.max(0, end - start - 2))}'`;
    at = end;
  }
  return out + code(text.slice(at));
}

function sourceOf(statements: readonly Statement[], isNamed: (word: string) => boolean): DescribedSource {
  const programs = new Map<string, "always" | "sometimes">();
  let isWhole = true;
  const follow = (isSought: (statement: Statement) => boolean, isThere: boolean, depth: number): void => {
    for (const statement of statements) {
      if (!isSought(statement)) continue;
      const { code, strings } = statement;
      const isAlways = isThere && statement.isAlways;
      const list = /^(\w+)\s*\+?=(?!=)\s*(?:\[|files\s*\(|\w+\s*\+\s*\[|')/.exec(code)?.[1];
      const program = /^(?:\w+\s*=\s*)?executable\s*\(/.test(code) ? strings[0]?.text : undefined;
      // A choice within the statement itself: `x ? a : b`.
      const isChosen = /\?|\bget_option\b/.test(code);
      if (program !== undefined) {
        const isOnly = !isChosen && isAlways;
        programs.set(program, programs.get(program) === "always" || isOnly ? "always" : "sometimes");
      } else if (list !== undefined && depth < DEEPEST) {
        const uses = new RegExp(`\\b${list}\\b`);
        const isUse = (other: Statement) => other !== statement && uses.test(other.code) && !isAddedTo(other, list);
        follow(isUse, isAlways && !isChosen && isKept(list, statements), depth + 1);
      } else isWhole = false;
    }
  };
  follow(({ strings }) => strings.some(({ text }) => isNamed(text)), true, 0);
  return { programs, isWhole };
}

const DEEPEST = 4;

function isAddedTo({ code }: Statement, list: string): boolean {
  return new RegExp(`^${list}\\s*\\+?=(?!=)`).test(code);
}

/** Whether a list is set once, and added to. */
function isKept(list: string, statements: readonly Statement[]): boolean {
  return statements.filter(({ code }) => new RegExp(`^${list}\\s*=(?!=)`).test(code)).length <= 1;
}
