/** Signature help in linker scripts: the parameters of the function, command or macro whose parentheses are open. */

import { readWithIncludes } from "../linkage/scripts/script-assignments.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { LdMacro, LdScript } from "../syntax/ld/tree.ts";
import { describeCommand } from "./script-commands.ts";
import { contextAt, type OpenCall } from "./script-context.ts";

export interface ScriptSignature {
  /** `ALIGN(expression, align)` */
  readonly label: string;
  /** Where in the label each parameter stands, half-open. */
  readonly parameters: readonly (readonly [number, number])[];
  readonly documentation: string | undefined;
}

export interface ScriptSignatures {
  readonly signatures: readonly ScriptSignature[];
  /** The one that fits as many arguments as were typed. */
  readonly activeSignature: number;
  /** The parameter at the cursor; beyond the last where there are too many arguments. */
  readonly activeParameter: number;
}

/** The forms of each function and command (ld manual, 3.10.9 and the commands' own sections). */
const FORMS: Readonly<Record<string, readonly string[]>> = {
  ABSOLUTE: ["expression"],
  ADDR: ["section"],
  ALIGN: ["align", "expression, align"],
  ALIGNOF: ["section"],
  BLOCK: ["expression"],
  CONSTANT: ["name"],
  DATA_SEGMENT_ALIGN: ["maxpagesize, commonpagesize"],
  DATA_SEGMENT_END: ["expression"],
  DATA_SEGMENT_RELRO_END: ["offset, expression"],
  DEFINED: ["symbol"],
  LENGTH: ["region"],
  LOADADDR: ["section"],
  LOG2CEIL: ["expression"],
  MAX: ["a, b"],
  MIN: ["a, b"],
  NEXT: ["expression"],
  ORIGIN: ["region"],
  SEGMENT_START: ['"segment", default'],
  SIZEOF: ["section"],
  ASSERT: ['condition, "message"'],
  PROVIDE: ["symbol = expression"],
  PROVIDE_HIDDEN: ["symbol = expression"],
  HIDDEN: ["symbol = expression"],
  ENTRY: ["symbol"],
  EXTERN: ["symbol symbol …"],
  INPUT: ["file, file, …"],
  GROUP: ["file, file, …"],
  AS_NEEDED: ["file, file, …"],
  OUTPUT: ["filename"],
  OUTPUT_FORMAT: ["bfdname", "default, big, little"],
  OUTPUT_ARCH: ["architecture"],
  TARGET: ["bfdname"],
  STARTUP: ["filename"],
  SEARCH_DIR: ["path"],
  REGION_ALIAS: ["alias, region"],
  NOCROSSREFS: ["section section …"],
  NOCROSSREFS_TO: ["to from …"],
  KEEP: ["input sections"],
  SORT: ["pattern"],
  SORT_BY_NAME: ["pattern"],
  SORT_BY_ALIGNMENT: ["pattern"],
  SORT_BY_INIT_PRIORITY: ["pattern"],
  SORT_NONE: ["pattern"],
  REVERSE: ["pattern"],
  EXCLUDE_FILE: ["file file …"],
  INPUT_SECTION_FLAGS: ["flag & flag …"],
  BYTE: ["expression"],
  SHORT: ["expression"],
  LONG: ["expression"],
  QUAD: ["expression"],
  SQUAD: ["expression"],
  FILL: ["expression"],
  AT: ["address"],
  SUBALIGN: ["align"],
  FLAGS: ["flags"],
  LD_FEATURE: ["string"],
};

/** The signature of the innermost call around an offset of which one is known; macros may come from included headers. */
export function signatureAt(
  path: string,
  script: LdScript,
  offset: number,
  program: Program,
): ScriptSignatures | undefined {
  const { calls } = contextAt(script.source, offset, script.preprocessed);
  for (const call of [...calls].reverse()) {
    const found = signaturesOf(call, path, script, program);
    if (found !== undefined) return found;
  }
  return undefined;
}

function signaturesOf(
  { name, argument }: OpenCall,
  path: string,
  script: LdScript,
  program: Program,
): ScriptSignatures | undefined {
  const forms = Object.hasOwn(FORMS, name) ? FORMS[name]! : undefined;
  const macros = forms === undefined && name !== "" ? macrosNamed(name, path, script, program) : [];
  const signatures =
    forms?.map((form) => signature(name, form.split(", "), describeCommand(name))) ??
    macros.map((macro) => signature(name, macro.parameters ?? [], undefined));
  if (signatures.length === 0) return undefined;
  const fitting = signatures.findIndex(({ parameters }) => parameters.length > argument);
  const activeSignature = fitting < 0 ? signatures.length - 1 : fitting;
  const parameters = signatures[activeSignature]!.parameters;
  // `INPUT(a, b, c` goes on with its last parameter.
  const isList = signatures[activeSignature]!.label.includes("…") || signatures[activeSignature]!.label.includes("...");
  const activeParameter = isList ? Math.min(argument, Math.max(0, parameters.length - 1)) : argument;
  return { signatures, activeSignature, activeParameter };
}

function macrosNamed(name: string, path: string, script: LdScript, program: Program): readonly LdMacro[] {
  const included = readWithIncludes(path, program.index, program.texts).filter((one) => one.path !== path);
  const all = [script, ...included.map((one) => one.script)].flatMap((one) => one.macros);
  const found = all.filter((macro) => macro.name === name && macro.parameters !== undefined);
  const seen = new Set<string>();
  return found.filter((macro) => {
    const key = macro.parameters!.join(",");
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

function signature(name: string, parameters: readonly string[], documentation: string | undefined): ScriptSignature {
  let label = `${name}(`;
  const places = parameters.map((parameter, i): readonly [number, number] => {
    if (i > 0) label += ", ";
    const start = label.length;
    label += parameter;
    return [start, label.length];
  });
  return { label: `${label})`, parameters: places, documentation };
}
