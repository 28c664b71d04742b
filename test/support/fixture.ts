/**
 * The fixture language: a small tree of files in one string.
 *
 *     //- /include/foo.h
 *       extern int foo[] __weak;
 *     //           ^^^ warning(weak-reference): weak reference to 'foo'
 *
 * - `//- /path` opens a file; what stands before the first one is left out. Common leading white space is kept as it is.
 * - A line whose first non-blank is `//` followed by blanks and carets is an annotation of the last line above that is none:
 *   the carets mark the range, then come `severity(rule)` and, after a colon, text that the message must contain. It is taken
 *   out before parsing, as linker scripts and Makefiles have no `//`.
 * - `<|>` marks the cursor, `<|` … `|>` a range; both are taken out too.
 */

import type { Span } from "../../server/src/text/span.ts";

export interface ExpectedFinding {
  readonly path: string;
  readonly span: Span;
  readonly severity: string;
  readonly rule: string;
  /** Text that the message must contain; "" asks for nothing. */
  readonly message: string;
}

export interface FixtureFile {
  readonly path: string;
  readonly text: string;
}

export interface ParsedFixture {
  readonly files: readonly FixtureFile[];
  readonly expected: readonly ExpectedFinding[];
  /** Where `<|>` stood, or the range between `<|` and `|>`. */
  readonly cursor: { readonly path: string; readonly span: Span } | undefined;
}

const ANNOTATION = /^(\s*\/\/\s*)(\^+)\s*([a-z]+)\(([a-z-]+)\)(?::\s*(.*))?$/;

/** Reads a fixture. A fixture that is not well-formed throws: it is a mistake of the test. */
export function parseFixture(fixture: string): ParsedFixture {
  const files: FixtureFile[] = [];
  const expected: ExpectedFinding[] = [];
  let cursor: ParsedFixture["cursor"];
  for (const part of fixture.split(/^\s*\/\/- \//m).slice(1)) {
    const newline = part.indexOf("\n");
    const path = part.slice(0, newline).trim();
    let text = "";
    let lastLine = 0;
    for (const line of part.slice(newline + 1).split("\n")) {
      const annotation = ANNOTATION.exec(line);
      if (annotation) {
        const [, before = "", carets = "", severity = "", rule = "", message = ""] = annotation;
        const start = lastLine + before.length;
        expected.push({ path, span: { start, end: start + carets.length }, severity, rule, message });
        continue;
      }
      lastLine = text.length;
      let kept = line;
      const open = kept.indexOf("<|");
      if (open >= 0) {
        const isPoint = kept.startsWith("<|>", open);
        kept = kept.slice(0, open) + kept.slice(open + (isPoint ? 3 : 2));
        const close = isPoint ? open : kept.indexOf("|>", open);
        if (close < 0) throw new Error(`fixture: "<|" without "|>" in ${path}`);
        if (!isPoint) kept = kept.slice(0, close) + kept.slice(close + 2);
        cursor = { path, span: { start: text.length + open, end: text.length + close } };
      }
      text += `${kept}\n`;
    }
    files.push({ path, text: text.replace(/\n+$/, "\n") });
  }
  if (files.length === 0) throw new Error("fixture: no file: open one with //- /path");
  return { files, expected, cursor };
}
