/** Finds patterns of input sections that ld accepts and that never match anything. */

import { linesOf } from "../linkage/facts/texts.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import type { LdInputSection, LdName, LdPattern, LdScript } from "../syntax/ld/tree.ts";
import { lineColumnAt } from "../text/lines.ts";
import type { Finding, Fix, Rule, RuleContext } from "./rule.ts";
import { findingAt, placeHere, unquoted } from "./script-findings.ts";
import { removeFrom } from "./script-fixes.ts";

export const unmatchedPattern: Rule = {
  id: "unmatched-pattern",
  severity: "warning",
  scope: "file",
  docs: {
    summary: "A pattern of input sections never matches anything, and ld does not say so.",
    why: `Within the braces of an output section ld takes nearly every character for a part of a name: in \`*(.text, .data)\` the first
pattern is \`.text,\` with its comma, and no section has that name. What was meant to be there ends up where ld puts sections
that no pattern matches. The same goes for two names in one pair of quotes, for a bracket that is not closed or holds a range that runs
backwards, and for a pattern behind another one that takes all it could match: ld gives each section to the first pattern that matches.
The last is a hint, as it is mostly boilerplate. KEEP behind a pattern without it is left alone, as it still keeps the sections from --gc-sections.`,
    whenToIgnore:
      "Where the section comes from an object that is not in the tree, or from a compiler that is not known here.",
    bad: [
      `//- /link.ld
SECTIONS { .text : { *(.text, .text.*) } }
//                     ^^^^^^ warning(unmatched-pattern): the comma is part of the name
`,
      `//- /link.ld
SECTIONS { .text : { *(".text .text.*") *(.init.[0-9) *(.fini.[9-0]) } }
//                      ^^^^^^^^^^^^^ warning(unmatched-pattern): one name with a blank in it
//                                        ^^^^^^^^^^ warning(unmatched-pattern): the bracket is not closed
//                                                      ^^^^^^^^^^^ warning(unmatched-pattern): runs backwards
`,
      `//- /link.ld
SECTIONS {
  .text : { *(.text .text.*) }
  .hot : { *(.text.hot .text.hot.*) }
//           ^^^^^^^^^ hint(unmatched-pattern): '.text.*' in line 2 takes all that '.text.hot' could match
//                     ^^^^^^^^^^^ hint(unmatched-pattern): '.text.*' in line 2 takes all that '.text.hot.*' could match
}
`,
    ],
    good: [
      `//- /link.ld
SECTIONS {
  .hot : { *(.text.hot , .text.hot.*) }
  .text : { *(.text) *(EXCLUDE_FILE(*crt.o) .init .text.*) *(.init.[0-9]) *(COMMON) }
  .late : { KEEP(*(.text.kept)) crt.o(.init) *(.init) }
}
`,
    ],
  },
  *check(context) {
    const { script } = context;
    if (script === undefined) return;
    const shadowed = findShadowed(script);
    for (const { statement } of statementsOf(script)) {
      if (statement.kind !== "input-section") continue;
      if (statement.file !== undefined && /[*?[]/.test(statement.file.name.text)) {
        const reason = whyNever(statement.file.name);
        if (reason !== undefined) yield findingAt(unmatchedPattern.id, unquoted(statement.file.name), reason);
      }
      for (const pattern of statement.sections ?? []) {
        const { name } = pattern;
        const reason = whyNever(name) ?? whyExcluded(pattern);
        if (reason !== undefined) {
          yield findingAt(unmatchedPattern.id, unquoted(name), reason);
          continue;
        }
        const earlier = shadowed.get(name);
        if (earlier === undefined) continue;
        const message = `'${earlier.text}' in line ${lineOf(earlier, context)} takes all that '${name.text}' could match`;
        const first = placeHere(context, unquoted(earlier), "ld gives each section to the first pattern that matches");
        // Boilerplate, mostly: a pattern more than is needed does no harm where the first one takes the sections as well.
        yield { ...findingAt(unmatchedPattern.id, unquoted(name), message, [first]), isMinor: true };
      }
    }
  },
  fixes: mendPattern,
};

/** Writes a pattern as it was meant, or takes one out that takes nothing. */
function mendPattern(finding: Finding, context: RuleContext): readonly Fix[] {
  const { path, script } = context;
  if (script === undefined) return [];
  const { start, end } = finding.span;
  const change = (from: number, to: number, text: string) => [{ path, edits: [{ start: from, end: to, text }] }];
  for (const { statement } of statementsOf(script)) {
    if (statement.kind !== "input-section") continue;
    const at = statement.sections?.find(({ name }) => unquoted(name).start === start);
    if (at === undefined) continue;
    const { text } = at.name;
    if (findShadowed(script).has(at.name)) {
      // KEEP and sorting stand around one or more: what is left of them must stay as it is.
      const isOnly = statement.sections!.length === 1;
      const title = "Remove the pattern that takes nothing";
      if (isOnly && linksFile(statement)) {
        const refusal = `ld links '${statement.file!.name.text}' where a script names it, and this may be the only place`;
        return [{ title, isPreferred: false, edits: [], refusal }];
      }
      return [removeFrom(context, isOnly ? statement : at, title, "preferred")];
    }
    if (at.name.quoted) {
      const words = text.trim().split(/\s+/);
      const edits = change(at.name.start, at.name.end, words.map((word) => `"${word}"`).join(" "));
      return [{ title: "Put quotes around each name", isPreferred: false, edits }];
    }
    if (text.includes(",")) {
      const edits = change(
        start,
        end,
        text
          .split(",")
          .filter((word) => word !== "")
          .join(" "),
      );
      return [{ title: "Put a blank in the comma's place", isPreferred: false, edits }];
    }
    const backwards = /\[[!^]?[^\]]*?(.)-(.)[^\]]*\]/.exec(text);
    if (backwards !== null && backwards[1]! > backwards[2]!) {
      const [, low, high] = backwards;
      const edits = change(start, end, text.replace(`${low}-${high}`, `${high}-${low}`));
      return [{ title: `Write the range as ${high}-${low}`, isPreferred: false, edits }];
    }
  }
  return [];
}

/** True where the statement names one file: ld then links it, whether the command line names it or not (ldlang.c, lookup_name). */
function linksFile({ file }: LdInputSection): boolean {
  return file !== undefined && !/[*?[:]/.test(file.name.text);
}

/** The patterns that never match anything because an earlier one takes all they could match, which is given with each. */
export function findShadowed(script: LdScript): ReadonlyMap<LdName, LdName> {
  const shadowed = new Map<LdName, LdName>();
  const statements = statementsOf(script);
  if (statements.some(({ statement }) => statement.kind === "insert")) return shadowed;
  /** Patterns that take sections from all files in every configuration, by what must stand before their only `*`. */
  const taken = new Map<string, { readonly name: LdName; readonly isKept: boolean }>();
  for (const { statement, section, condition } of statements) {
    if (statement.kind !== "input-section") continue;
    const isKept = statement.keep !== undefined;
    for (const pattern of statement.sections ?? []) {
      const { name } = pattern;
      if ((whyNever(name) ?? whyExcluded(pattern)) !== undefined) continue;
      const earlier = findEarlier(taken, name, isKept);
      if (earlier !== undefined) shadowed.set(name, earlier.name);
      const isCertain = condition === "" && section?.constraint === undefined && takesAll(statement, pattern);
      if (isCertain && !taken.has(name.text)) taken.set(name.text, { name, isKept });
    }
  }
  return shadowed;
}

function lineOf(name: LdName, { source }: RuleContext): number {
  return lineColumnAt(linesOf(source), name.start).line + 1;
}

/** Why no section has a name like this; undefined where one may. */
function whyNever(name: LdName): string | undefined {
  const { text, quoted, pasted } = name;
  if (pasted || text.includes("(")) return undefined;
  if (quoted) return /\s/.test(text) ? `to ld this is one name with a blank in it: put quotes around each` : undefined;
  // A comma by itself between two names separates them, as far as anybody can see.
  if (text !== "," && text.includes(",")) return `to ld the comma is part of the name: put a blank before it`;
  const range = /\[[!^]?\]?[^\]]*\]/g;
  for (const [bracket] of text.matchAll(range)) {
    const backwards = /(.)-(.)/.exec(bracket.slice(1, -1));
    if (backwards !== null && backwards[1]! > backwards[2]!) {
      return `the range ${backwards[0]} runs backwards and matches no character`;
    }
  }
  return text.replace(range, "").includes("[") ? `the bracket is not closed, so that it stands for itself` : undefined;
}

function whyExcluded({ excluded }: LdPattern): string | undefined {
  return excluded.some((file) => file.text === "*") ? "EXCLUDE_FILE(*) leaves no file" : undefined;
}

/** True when the statement's pattern takes its sections from every file. */
function takesAll(statement: LdInputSection, pattern: LdPattern): boolean {
  const { file, flags } = statement;
  const isEvery = file === undefined || (file.name.text === "*" && file.excluded.length === 0);
  return isEvery && flags.length === 0 && pattern.excluded.length === 0 && !pattern.name.pasted;
}

/** An earlier pattern that matches all that this one could; one that did not keep them only counts where this does not. */
function findEarlier(
  taken: ReadonlyMap<string, { readonly name: LdName; readonly isKept: boolean }>,
  { text, pasted }: LdName,
  isKept: boolean,
): { readonly name: LdName } | undefined {
  if (pasted || text === "COMMON") return undefined;
  const counts = (key: string) => {
    const earlier = taken.get(key);
    return earlier !== undefined && (earlier.isKept || !isKept) ? earlier : undefined;
  };
  const same = counts(text);
  if (same !== undefined) return same;
  const literal = /^[^*?[\\]*/.exec(text)?.[0] ?? "";
  for (let length = literal.length; length >= 0; length--) {
    const earlier = counts(`${literal.slice(0, length)}*`);
    if (earlier !== undefined) return earlier;
  }
  return undefined;
}
