/** One run of make: its variables, its rules, and what it may ask of the outside. It reads nothing and expands nothing. */

import {
  ANY_VALUE,
  type ConfigurationValue,
  type Guard,
  type PossibleValues,
  symbolGuard,
  UNGUARDED,
  UNKNOWN,
  VALUE_N,
} from "./guard.ts";
import { makeVariable } from "./make-variables.ts";
import type { Makefile, RawText } from "./makefile.ts";
import { literal, type Origin, type Piece, type ValueWord } from "./value.ts";
import { createVariables, type Variables } from "./variables.ts";

/** A part of a variable: expanded when it was assigned, or to be expanded whenever the variable is used. */
export interface Part {
  readonly pieces: readonly Piece[] | undefined;
  readonly raw: { readonly text: string; readonly span: RawText; readonly origin: Origin | undefined } | undefined;
  readonly guard: Guard;
}

export interface MakeVariable {
  readonly isRecursive: boolean;
  readonly parts: readonly Part[];
}

/** What evaluation asks of the outside. Synchronous; paths are relative to the tree's root. */
export interface MakeHost {
  /** The text of a file, or undefined where there is none. */
  readText(path: string): string | undefined;
  hasFile(path: string): boolean;
  /** The files of a pattern with `*`, sorted; left out, or undefined, where that is not known. */
  glob?(pattern: string): readonly string[] | undefined;
  /** The files of the tree that match such a pattern, sorted. What the build makes may be missing. */
  treeFiles?(pattern: string): readonly string[];
}

export interface EvaluatedRule {
  readonly targets: readonly ValueWord[];
  /** Of a static pattern rule. */
  readonly pattern: readonly ValueWord[] | undefined;
  readonly prerequisites: readonly ValueWord[];
  readonly guard: Guard;
  readonly recipe: EvaluatedRecipeLine[];
  readonly path: string;
  /** Where its targets stand; undefined in a text that no file has. */
  readonly offset: number | undefined;
}

/** A variable of targets' own: `fw: LDFLAGS += -T fw.ld`. */
export interface OwnVariable {
  readonly targets: readonly ValueWord[];
  readonly assignment: string;
}

/** `vpath %.c src` */
export interface SearchPath {
  readonly pattern: string;
  readonly folders: readonly ValueWord[];
}

/** What a run that reads a plain Makefile, and none of Kbuild's, notes. */
export interface PlainNotes {
  /** Variables that were used and that nobody has assigned, and those that `?=` gives a value: who calls make may set them. */
  readonly openVariables: Set<string>;
  /** Assignments to variables whose names hold what is not known: `obj-$(BOARD) += board.o`. */
  readonly openNames: { readonly name: string; readonly raw: NonNullable<Part["raw"]>; readonly guard: Guard }[];
  /** How many tests were met whose outcome is not known: each has a guard of its own. */
  undecided: number;
  readonly own: OwnVariable[];
  readonly searchPaths: SearchPath[];
}

/** A line of a recipe, to be expanded when the rule's target is wanted. */
export interface EvaluatedRecipeLine {
  readonly text: string;
  readonly span: RawText;
  readonly guard: Guard;
}

/** One run of make over one Makefile and what it includes. */
export interface Make {
  readonly host: MakeHost;
  /** undefined leaves all configuration symbols open. */
  readonly configuration: ConfigurationValue | undefined;
  /** The classes of values that a configuration symbol can have, as a mask. */
  readonly possible: PossibleValues | undefined;
  readonly variables: Variables;
  /** Variables from the environment, such as what the top Makefile exports. */
  readonly inherited: ReadonlyMap<string, MakeVariable>;
  /** What a variable is that nobody has assigned: empty, where all that could have assigned it was read. */
  readonly undefinedIsEmpty: boolean;
  /** Reads compilers' and linkers' flags too. They are long and decide nothing about what is built, so few want them. */
  readonly readsFlags?: boolean | undefined;
  /** Set where a plain Makefile is read: nothing of what Kbuild alone has is taken for granted. */
  readonly plain?: PlainNotes | undefined;
  readonly exported: Set<string>;
  /** Variables that stay as they are, whatever a Makefile assigns. */
  readonly fixed: ReadonlySet<string>;
  readonly rules: EvaluatedRule[];
  /** Makefiles by path, parsed once for all runs. */
  readonly parsed: Map<string, Makefile>;
  /** Paths of what was read, in the order in which reading began: what MAKEFILE_LIST says. */
  readonly read: string[];
  /** Makefiles that are being read now, each included by the one before. */
  readonly including: Set<string>;
  /** What was passed over, and what could not be decided. */
  readonly gaps: Gap[];
  /** Carries out text that $(eval …) or a line of nothing but $(…) gives; set by who evaluates. */
  evaluate: ((text: string) => void) | undefined;
  /** How many pieces may still be made. */
  budget: number;
  depth: number;
  /** Variables that are being expanded: make refuses one that refers to itself. */
  readonly expanding: Set<string>;
}

/** A place of a Makefile from which something was not followed. */
export interface Gap {
  readonly kind:
    | "branch not taken"
    /** A test whose value is not known: both branches count as possible. */
    | "undecided test"
    /** A file to include whose name is not known, or that the tree does not have. */
    | "not included";
  readonly path: string;
  /** The offset of the test, or of the names to include. */
  readonly offset: number;
  /** How much text it is about, in UTF-16 units. */
  readonly length: number;
}

/** How many pieces one run may make; the top Makefile makes some thousands. */
const PIECE_BUDGET = 500_000;

export function newMake(
  options: Pick<
    Make,
    | "host"
    | "configuration"
    | "possible"
    | "inherited"
    | "undefinedIsEmpty"
    | "readsFlags"
    | "parsed"
    | "fixed"
    | "plain"
  >,
): Make {
  return {
    ...options,
    variables: createVariables(),
    exported: new Set(),
    rules: [],
    read: [],
    including: new Set(),
    gaps: [],
    evaluate: undefined,
    budget: PIECE_BUDGET,
    depth: 0,
    expanding: new Set(),
  };
}

/** A variable as this run sees it: assigned by a Makefile, inherited, or made by make itself. */
export function findVariable(make: Make, name: string): MakeVariable | undefined {
  return make.variables.get(name) ?? make.inherited.get(name) ?? makeVariable(name);
}

export function setVariable(make: Make, name: string, text: string): void {
  make.variables.set(name, fixedVariable(text));
}

/**
 * The guard of a test that is not decided. In a plain Makefile each has its own, so that its branches are known to exclude each
 * other.
 */
export function undecidedGuard({ plain }: Make): Guard {
  return plain === undefined ? UNKNOWN : symbolGuard(`${UNDECIDED}${plain.undecided++}`, ANY_VALUE & ~VALUE_N);
}

/** What such a guard's symbol begins with. */
export const UNDECIDED = "?";

export function fixedVariable(text: string): MakeVariable {
  return { isRecursive: false, parts: [{ pieces: [literal(text)], raw: undefined, guard: UNGUARDED }] };
}

/** A path without `.`, `..` and doubled slashes. */
export function normalizePath(path: string): string {
  if (!/(?:^|\/)\.{0,2}(?:\/|$)/.test(path)) return path;
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length > 0 && out[out.length - 1] !== "..") out.pop();
    else out.push(part);
  }
  return out.join("/");
}

/** A variable with something behind its value, whose parts are put together when somebody asks: lists grow by thousands of lines. */
export function appendedVariable(before: MakeVariable, added: readonly Part[]): MakeVariable {
  const appended: Appended = {
    isRecursive: before.isRecursive,
    before,
    added,
    get parts() {
      appended.whole ??= gatherParts(appended);
      return appended.whole;
    },
  };
  return appended;
}

interface Appended extends MakeVariable {
  readonly before: MakeVariable;
  readonly added: readonly Part[];
  whole?: readonly Part[];
}

function gatherParts(appended: Appended): Part[] {
  const runs: (readonly Part[])[] = [];
  let at: MakeVariable = appended;
  while ("before" in at && (at as Appended).whole === undefined) {
    runs.push((at as Appended).added);
    at = (at as Appended).before;
  }
  runs.push(at.parts);
  return runs.reverse().flat();
}
