/** What a rule is. It knows the link model and syntax trees, and no editor, file system or protocol. */

import type { FileFacts } from "../linkage/facts/facts.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { CFile } from "../syntax/c/tree.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import type { FileEdit } from "../text/edit.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";

export type Severity = "error" | "warning" | "information" | "hint" | "off";

/** A small tree of files in the fixture language (docs in test/support/fixture.ts), with the expected findings marked. */
export type Fixture = string;

/** Another place that a finding speaks of. */
export interface RelatedPlace {
  readonly path: string;
  readonly span: Span;
  readonly message: string;
}

/** One defect at one place. The span is in UTF-16 units of the file that was checked. */
export interface Finding {
  readonly rule: string;
  readonly span: Span;
  readonly symbol: string;
  readonly message: string;
  readonly related: readonly RelatedPlace[];
  /** It is a hint, unless the user chose a severity for the rule: right, and seldom worth anybody's time. */
  readonly isMinor?: boolean;
  /** The code at the span is not needed any more; editors fade it out. */
  readonly isUnnecessary?: boolean;
}

/**
 * What can be done about a finding. `edits` are computed when the fix is asked for; a fix that must not be made has none and
 * says why in `refusal`.
 */
export interface Fix {
  readonly title: string;
  /** The one to choose where somebody asks for all fixes at once. */
  readonly isPreferred: boolean;
  readonly edits: readonly FileEdit[];
  readonly refusal?: string;
  /** What people have to do besides, "add a_weak.c to your build": such a fix is not preferred and in no fix of many findings. */
  readonly toDo?: string;
}

/** The file under check, read and parsed, and the whole tree's program around it. */
export interface RuleContext {
  readonly path: string;
  readonly source: Source;
  /** The file's own facts, those of local symbols included. */
  readonly facts: FileFacts;
  readonly tree: CFile | undefined;
  readonly script: LdScript | undefined;
  readonly program: Program;
}

export interface Rule {
  /** File name, LSP code, docs page and setting, named for the defect. */
  readonly id: string;
  readonly docs: {
    readonly summary: string;
    readonly why: string;
    /** Where a finding is right and nothing is to be done, in a sentence or two. */
    readonly whenToIgnore: string;
    readonly bad: readonly Fixture[];
    readonly good: readonly Fixture[];
  };
  /** The default; users override it for each rule. */
  readonly severity: Severity;
  /** A "file" rule needs this file's text alone; a "workspace" rule says more once the whole tree is known. */
  readonly scope: "file" | "workspace";
  check(context: RuleContext): Iterable<Finding>;
  /** Called when the editor or the command asks for fixes, never while checking. */
  fixes?(finding: Finding, context: RuleContext): readonly Fix[];
  /** One fix for many findings of this rule in the file, as one edit. */
  fixAll?(findings: readonly Finding[], context: RuleContext): readonly Fix[];
}
