/**
 * Which forms of a weak definition compilers see through, as measured with real compilers on x86-64 (docs/fallback-forms.md;
 * `npm run test:toolchain` measures them again and fails when this table and the compilers disagree). It knows no file and
 * no symbol.
 *
 * "Sees through" means: although a strong definition is linked, a read saw the weak definition's value, or the compiler
 * reasoned from its value or its array bound.
 */

/** The families of compilers that behave alike. */
export type CompilerFamily = "gcc" | "clang up to 14" | "clang from 15";

/** How and where the weak definition is written. */
export type FallbackForm =
  | "same-file function"
  | "same-file variable"
  | "same-file array"
  | "same-file const scalar with initializer"
  | "same-file tentative const scalar"
  | "same-file const struct"
  | "same-file const array"
  | "same-file zero-length array"
  | "same-file const with section"
  | "same-file array alias"
  | "same-file assembly"
  | "other-file const object"
  | "other-file variable"
  | "other-file assembly"
  | "other-file function";

/** Which families see through a form, without link-time optimization and with it. */
export interface FormEvidence {
  readonly form: FallbackForm;
  readonly seenThroughBy: readonly CompilerFamily[];
  readonly seenThroughWithLtoBy: readonly CompilerFamily[];
}

const CLANG_14: CompilerFamily = "clang up to 14";

const formEvidence: readonly FormEvidence[] = [
  { form: "same-file function", seenThroughBy: [], seenThroughWithLtoBy: ["gcc"] },
  { form: "same-file variable", seenThroughBy: [], seenThroughWithLtoBy: [] },
  { form: "same-file array", seenThroughBy: ["gcc"], seenThroughWithLtoBy: ["gcc"] },
  {
    form: "same-file const scalar with initializer",
    seenThroughBy: ["gcc", CLANG_14],
    seenThroughWithLtoBy: ["gcc", CLANG_14],
  },
  { form: "same-file tentative const scalar", seenThroughBy: [CLANG_14], seenThroughWithLtoBy: [CLANG_14] },
  { form: "same-file const struct", seenThroughBy: [CLANG_14], seenThroughWithLtoBy: [CLANG_14] },
  { form: "same-file const array", seenThroughBy: ["gcc", CLANG_14], seenThroughWithLtoBy: ["gcc", CLANG_14] },
  { form: "same-file zero-length array", seenThroughBy: [CLANG_14], seenThroughWithLtoBy: [CLANG_14] },
  { form: "same-file const with section", seenThroughBy: ["gcc", CLANG_14], seenThroughWithLtoBy: ["gcc", CLANG_14] },
  { form: "same-file array alias", seenThroughBy: ["gcc"], seenThroughWithLtoBy: ["gcc"] },
  { form: "same-file assembly", seenThroughBy: [], seenThroughWithLtoBy: [] },
  { form: "other-file const object", seenThroughBy: [], seenThroughWithLtoBy: ["gcc", CLANG_14] },
  { form: "other-file variable", seenThroughBy: [], seenThroughWithLtoBy: ["gcc"] },
  { form: "other-file assembly", seenThroughBy: [], seenThroughWithLtoBy: [] },
  { form: "other-file function", seenThroughBy: [], seenThroughWithLtoBy: ["gcc"] },
];

const byForm = new Map(formEvidence.map((evidence) => [evidence.form, evidence]));

/** The evidence for a form. */
export function evidenceFor(form: FallbackForm): FormEvidence {
  return byForm.get(form)!;
}

/** A form is safe only when nobody sees through it; with `lto`, not in link-time optimization either. */
export function isSafe(form: FallbackForm, lto: boolean): boolean {
  const evidence = evidenceFor(form);
  return evidence.seenThroughBy.length === 0 && (!lto || evidence.seenThroughWithLtoBy.length === 0);
}

/** The families as a reader would list them: "gcc, and clang up to 14,", so that the version is clang's alone. */
export function listFamilies(families: readonly CompilerFamily[]): string {
  if (families.length < 2) return families.join("");
  return `${families.slice(0, -1).join(", ")}, and ${families.at(-1)},`;
}
