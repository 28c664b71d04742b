/**
 * What the kernel's annotation macros for assembly mean, where the tree's own definitions are not at hand. Their names are
 * a small grammar (include/linux/linkage.h, Documentation/asm-annotations.rst):
 *
 *     annotation := "SYM_" ["INNER_LABEL" | "ENTRY" | "START" | "END" | "ALIAS" | kind "_" action | "DATA"] modifiers
 *     kind       := FUNC | TYPED_FUNC | CODE | DATA | PIC …
 *     action     := START | END | ALIAS
 *     modifiers  := LOCAL, WEAK (the binding), NOALIGN, PAGE_ALIGNED, LABEL …
 *
 * and older ones: ENTRY, GLOBAL, WEAK, ENDPROC and those of some architectures. It knows no tokens and no files.
 */

import type { AsmItemKind } from "./tree.ts";

/** One thing that a macro does: the kind of statement, for which argument, with which value. */
export interface AnnotationStep {
  readonly kind: AsmItemKind;
  /** The index of the argument that is the symbol. */
  readonly argument: number;
  /** The index of the argument that is the value of an assignment. */
  readonly valueArgument?: number;
  readonly value?: string;
}

const LABEL: AnnotationStep = { kind: "label", argument: 0 };
const GLOBAL: AnnotationStep = { kind: "global", argument: 0 };
const WEAK: AnnotationStep = { kind: "weak", argument: 0 };
const FUNCTION: AnnotationStep = { kind: "type", argument: 0, value: "function" };
const OBJECT: AnnotationStep = { kind: "type", argument: 0, value: "object" };

/** Older macros, of include/linux/linkage.h and of architectures' headers, with how many arguments they take at most. */
const OLD: ReadonlyMap<string, { readonly most: number; readonly steps: readonly AnnotationStep[] }> = new Map([
  ["ENTRY", { most: 1, steps: [GLOBAL, LABEL] }],
  ["GLOBAL", { most: 1, steps: [GLOBAL, LABEL] }],
  ["WEAK", { most: 1, steps: [WEAK, LABEL] }],
  ["ENDPROC", { most: 1, steps: [FUNCTION] }],
  // arch/powerpc/include/asm/ppc_asm.h
  ["_GLOBAL", { most: 1, steps: [GLOBAL, FUNCTION, LABEL] }],
  ["_GLOBAL_TOC", { most: 1, steps: [GLOBAL, FUNCTION, LABEL] }],
  ["_GLOBAL_KASAN", { most: 1, steps: [GLOBAL, FUNCTION, LABEL] }],
  ["_GLOBAL_TOC_KASAN", { most: 1, steps: [GLOBAL, FUNCTION, LABEL] }],
  // arch/mips/include/asm/asm.h
  ["LEAF", { most: 1, steps: [GLOBAL, FUNCTION, LABEL] }],
  ["NESTED", { most: 3, steps: [GLOBAL, FUNCTION, LABEL] }],
  ["FEXPORT", { most: 1, steps: [GLOBAL, FUNCTION, LABEL] }],
  ["EXPORT", { most: 1, steps: [GLOBAL, LABEL] }],
  // arch/ia64/include/asm/asmmacro.h, arch/parisc and arch/arc include/asm/linkage.h
  ["GLOBAL_ENTRY", { most: 1, steps: [GLOBAL, LABEL] }],
  ["ENTRY_CFI", { most: 9, steps: [GLOBAL, LABEL] }],
]);

/** The macros that export a symbol to modules; the first argument is the symbol. */
export function isExportMacro(name: string): boolean {
  return name.startsWith("EXPORT_SYMBOL") || name.startsWith("EXPORT_DATA_SYMBOL");
}

/** True for the name of an older annotation. */
export function isOldAnnotation(name: string): boolean {
  return OLD.has(name);
}

/**
 * What a macro call does, by the macro's name; undefined where the name belongs to no family.
 * @param argumentTexts the arguments, of which a linkage argument (`SYM_L_GLOBAL`) is looked at
 */
export function readAnnotation(name: string, argumentTexts: readonly string[]): readonly AnnotationStep[] | undefined {
  const old = OLD.get(name);
  if (old !== undefined) return argumentTexts.length <= old.most ? old.steps : undefined;
  if (!name.startsWith("SYM_")) return undefined;
  const words = name.slice(4).split("_");
  const has = (word: string) => words.includes(word);
  const binding = has("LOCAL") ? [] : has("WEAK") ? [WEAK] : [GLOBAL];
  const byArgument = (index: number, argument: number): AnnotationStep[] => {
    const linkage = argumentTexts[index];
    if (linkage === "SYM_L_GLOBAL") return [{ kind: "global", argument }];
    return linkage === "SYM_L_WEAK" ? [{ kind: "weak", argument }] : [];
  };

  if (has("END")) {
    const type = has("FUNC") ? FUNCTION : has("DATA") ? OBJECT : endType(argumentTexts[1]);
    const steps = type === undefined ? [] : [type];
    return has("LABEL") ? [...steps, ...byArgument(1, 2), { kind: "label", argument: 2 }] : steps;
  }
  if (has("INNER")) return [...byArgument(1, 0), LABEL];
  if (has("ALIAS")) {
    const linkage = words[0] === "ALIAS" ? byArgument(2, 0) : binding;
    return [...linkage, { kind: "assign", argument: 0, valueArgument: 1 }];
  }
  if (argumentTexts[1]?.startsWith("SYM_L_") && (has("ENTRY") || has("START"))) return [...byArgument(1, 0), LABEL];
  if (has("START")) {
    if (has("FUNC")) return [...binding, FUNCTION, LABEL];
    return has("DATA") ? [...binding, OBJECT, LABEL] : [...binding, LABEL];
  }
  if (words[0] === "DATA") return [...binding, OBJECT, LABEL];
  return undefined;
}

function endType(argument: string | undefined): AnnotationStep | undefined {
  if (argument === "SYM_T_FUNC") return FUNCTION;
  return argument === "SYM_T_OBJECT" ? OBJECT : undefined;
}
