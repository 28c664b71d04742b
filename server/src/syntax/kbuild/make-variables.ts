/**
 * The variables that make defines by itself, as they are in the invocation that counts: the inner make that a top Makefile
 * starts for its own directory, with its options settled (GNU make manual, "Other Special Variables", "Variables Used by
 * Implicit Rules", "How the MAKE Variable Works", "Communicating Options to a Sub-make"). It knows no tree.
 */

import { UNGUARDED } from "./guard.ts";
import type { MakeVariable } from "./make.ts";
import { literal, MARK, UNKNOWN_PIECES } from "./value.ts";

/** The root of the tree, where make runs and where absolute paths begin. */
export const TREE_ROOT = ".";

/**
 * What make says of itself. `-rR` are there and `--no-print-directory`, as a make has them that another has started for
 * the same directory; no goal is named, no variable on the command line.
 */
const KNOWN: Readonly<Record<string, string>> = {
  CURDIR: TREE_ROOT,
  MAKEFLAGS: "rR --no-print-directory",
  MFLAGS: "-rR --no-print-directory",
  MAKEOVERRIDES: "",
  MAKECMDGOALS: "",
  MAKEFILES: "",
  MAKELEVEL: "1",
  MAKE: "make",
  MAKE_COMMAND: "make",
  SHELL: "/bin/sh",
  SUFFIXES: "",
  ".RECIPEPREFIX": "",
  ".SHELLFLAGS": "-c",
  // Those of 4.0 that Makefiles ask for, and that no later version has given up.
  ".FEATURES":
    "target-specific order-only second-expansion else-if shortest-stem undefine oneshell archives jobserver output-sync check-symlink",
};

/** What make defines and what hangs on its version, its machine or on what was read: there, but not known. */
const OPEN: readonly string[] = [".VARIABLES", ".INCLUDE_DIRS", ".LIBPATTERNS", ".LOADED", "MAKE_HOST"];

/** What the shell gives nearly every make, other on each machine. */
const ENVIRONMENT: readonly string[] = ["HOME", "PATH", "USER", "LOGNAME", "HOSTNAME", "LANG", "TERM", "DISPLAY"];

const known = (text: string): MakeVariable => ({
  isRecursive: false,
  parts: [{ pieces: text === "" ? [] : [literal(text)], raw: undefined, guard: UNGUARDED }],
});

const unknown: MakeVariable = {
  isRecursive: false,
  parts: [{ pieces: UNKNOWN_PIECES, raw: undefined, guard: UNGUARDED }],
};

const VARIABLES: ReadonlyMap<string, MakeVariable> = new Map([
  ...Object.entries(KNOWN).map(([name, text]): [string, MakeVariable] => [name, known(text)]),
  // Version 4 is what every tree of today asks for; what comes behind it is not known.
  ["MAKE_VERSION", known(`4.${MARK}`)],
  ["PWD", known(TREE_ROOT)],
  ...[...OPEN, ...ENVIRONMENT].map((name): [string, MakeVariable] => [name, unknown]),
]);

/** The variable that make itself, or the shell, has given a name; undefined for any other. */
export function makeVariable(name: string): MakeVariable | undefined {
  return VARIABLES.get(name);
}

/** What $(origin …) says of such a variable. */
export function makeVariableOrigin(name: string): "default" | "file" | "environment" | undefined {
  if (!VARIABLES.has(name)) return undefined;
  if (name === "PWD" || ENVIRONMENT.includes(name)) return "environment";
  return name === "CURDIR" || name === "SHELL" || name === "MAKEFLAGS" ? "file" : "default";
}
