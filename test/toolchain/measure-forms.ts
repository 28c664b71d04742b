/** Tries every form with one toolchain, over all its variants, and sums the verdicts up. */

import type { CompilerFamily } from "../../server/src/rules/fallback/forms.ts";
import { evidenceFor } from "../../server/src/rules/fallback/forms.ts";
import { type FormRecipe, formRecipes } from "./fallback-forms.ts";
import { conduct, type Laboratory, type Trial, type Verdict } from "./laboratory.ts";
import { type LaboratorySymbol, laboratorySymbols } from "./symbols.ts";
import { type Toolchain, variants } from "./toolchains.ts";

/** What came of one symbol in all variants together. */
export interface SymbolResult {
  readonly symbol: LaboratorySymbol;
  /** The readers that saw something else than the linked definition in some variant. */
  readonly wrongReaders: readonly string[];
  /** The compiler's or linker's first words where a variant was rejected. */
  readonly rejection: string | undefined;
}

export interface FormMeasurement {
  readonly recipe: FormRecipe;
  readonly toolchain: Toolchain;
  readonly results: readonly SymbolResult[];
}

/** How many programs are built and run at once. */
const WORKERS = 2;

/** The forms that a toolchain is tried with: leaving out optimization needs optimization. */
export function formsFor(toolchain: Toolchain): readonly FormRecipe[] {
  return formRecipes.filter((recipe) => toolchain.lto !== "none" || recipe.place !== "other file without LTO");
}

/** Tries the forms; with `linked: "fallback"` no strong definitions are linked, and reads must see the fallback. */
export async function measureForms(
  laboratory: Laboratory,
  toolchain: Toolchain,
  recipes: readonly FormRecipe[],
  linked: "strong" | "fallback",
): Promise<FormMeasurement[]> {
  return mapInParallel(recipes, (recipe) => measureForm(laboratory, toolchain, recipe, linked));
}

async function measureForm(
  laboratory: Laboratory,
  toolchain: Toolchain,
  recipe: FormRecipe,
  linked: "strong" | "fallback",
): Promise<FormMeasurement> {
  const trials: Trial[] = laboratorySymbols.flatMap((symbol) => {
    const text = recipe.write(symbol);
    return text === undefined ? [] : [{ symbol, text }];
  });
  const verdicts: (readonly Verdict[])[] = [];
  for (const variant of variants) {
    verdicts.push(await conduct(laboratory, { toolchain, variant, place: recipe.place, trials, linked }));
  }
  const results = trials.map(({ symbol }, index) =>
    sumUp(
      symbol,
      verdicts.map((these) => these[index]!),
    ),
  );
  return { recipe, toolchain, results };
}

function sumUp(symbol: LaboratorySymbol, verdicts: readonly Verdict[]): SymbolResult {
  const wrong = verdicts.flatMap((verdict) => (verdict.outcome === "wrong" ? verdict.readers : []));
  const rejected = verdicts.find((verdict) => verdict.outcome === "rejected");
  return { symbol, wrongReaders: [...new Set(wrong)], rejection: rejected?.message };
}

/** Whether some read saw the fallback, or the compiler reasoned from it. */
export function isSeenThrough(measurement: FormMeasurement): boolean {
  return measurement.results.some((result) => result.wrongReaders.length > 0);
}

/** What the product's evidence says of the form and the toolchain. */
export function isSaidSeenThrough({ recipe, toolchain }: FormMeasurement): boolean {
  if (recipe.evidence === "safe") return false;
  const evidence = evidenceFor(recipe.evidence);
  const families: readonly CompilerFamily[] =
    toolchain.lto === "none" ? evidence.seenThroughBy : evidence.seenThroughWithLtoBy;
  return families.includes(toolchain.family);
}

/** Every wrong read, for messages: "const_array: loop". */
export function listWrongReads(measurement: FormMeasurement): string[] {
  return measurement.results
    .filter((result) => result.wrongReaders.length > 0)
    .map((result) => `${result.symbol.name}: ${result.wrongReaders.join(", ")}`);
}

/** Does the work for every item, a few at a time; the results stand in the order of the items. */
export async function mapInParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Map<number, R>();
  let next = 0;
  await Promise.all(
    Array.from({ length: WORKERS }, async () => {
      for (let index = next++; index < items.length; index = next++) results.set(index, await work(items[index]!));
    }),
  );
  return items.map((_item, index) => results.get(index)!);
}
