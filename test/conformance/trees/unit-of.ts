/** What the compiler's preprocessor says of a unit: which files it is made of, and which macros hold at its end. */

import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Knowledge } from "../../../server/src/syntax/condition/evaluate.ts";
import { VALUE_M, VALUE_N, VALUE_OTHER, VALUE_Y } from "../../../server/src/syntax/kbuild/guard.ts";
import { runProgram } from "../../support/run-program.ts";
import type { Compilation } from "./recorded-commands.ts";

export interface Unit {
  /** Relative to the tree; what lies outside of it is left out. */
  readonly files: ReadonlySet<string>;
  readonly knowledge: Knowledge;
}

/** How many macros one may stand for the next. */
const DEEPEST = 8;

/** Options that name an output, with and without one behind them. */
const WITH_NAME = new Set(["-o", "-MF", "-MT", "-MQ"]);
const ALONE = /^-(?:c|M|MM|MD|MMD|MP|MG|S|E|Wp,.*)$/;

/** Asks the preprocessor; undefined where it fails. */
export async function unitOf(
  { folder, compiler, options, source }: Compilation,
  tree: string,
  scratch: string,
): Promise<Unit | undefined> {
  if (source.endsWith(".s")) return { files: new Set([source]), knowledge: knowledgeOfMacros(new Map()) };
  const kept = options.filter(
    (option, i) => !WITH_NAME.has(option) && !WITH_NAME.has(options[i - 1] ?? "") && !ALONE.test(option),
  );
  const dependencies = join(scratch, `${process.hrtime.bigint()}.d`);
  const given = [...kept, "-w", "-E", "-dM", "-MD", "-MF", dependencies, "-MT", "x"];
  const { status, stdout } = await runProgram(compiler, given, { folder });
  if (status !== 0) return undefined;
  const files = new Set([source]);
  for (const name of (await readFile(dependencies, "utf8")).replaceAll("\\\n", " ").split(/\s+/).slice(1)) {
    const path = relative(tree, resolve(folder, name));
    if (name !== "" && !path.startsWith("..")) files.add(path);
  }
  const macros = new Map<string, string>();
  for (const [, name, value] of stdout.matchAll(/^#define (\w+)(?:\([^)]*\))? ?(.*)$/gm)) macros.set(name!, value!);
  return { files, knowledge: knowledgeOfMacros(macros) };
}

/** What is known where exactly these macros are defined. */
function knowledgeOfMacros(macros: ReadonlyMap<string, string>): Knowledge {
  const classOf = (name: string): number => {
    const value = macros.get(name);
    if (value !== undefined) return value === "1" ? VALUE_Y : VALUE_OTHER;
    return macros.has(`${name}_MODULE`) ? VALUE_M : VALUE_N;
  };
  return {
    possible: classOf,
    value: (name) => macros.get(name),
    isDefined: (name) => macros.has(name),
    number: (name) => {
      let value = macros.get(name);
      for (let i = 0; i < DEEPEST && value !== undefined && macros.has(value); i++) value = macros.get(value);
      return value !== undefined && /^(?:0[xX][\da-fA-F]+|\d+)[uUlL]*$/.test(value) ? value : undefined;
    },
  };
}
