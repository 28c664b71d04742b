/**
 * The fallback laboratory: real compilers and linkers, real programs. It measures which forms of a weak fallback compilers see
 * through, fails where the product's evidence says otherwise, and keeps docs/fallback-forms.md, which is written with
 *
 *     npm run test:toolchain -- --update
 */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { needTools, orSkip } from "../support/needed-tools.ts";
import { ARCHIVE_COMPILER, archiveCases, compileArchiveFiles, linkers, measureArchive } from "./archives.ts";
import { writeDocument } from "./document.ts";
import { fixableSymbols, rangeSymbols, runCheck, writeTree } from "./fixed-tree.ts";
import { fixedTrials, guardedTrials } from "./guarded-functions.ts";
import {
  closeLaboratory,
  conduct,
  conductWithFiles,
  type Laboratory,
  openLaboratory,
  type Trial,
} from "./laboratory.ts";
import {
  type FormMeasurement,
  formsFor,
  isSaidSeenThrough,
  isSeenThrough,
  listWrongReads,
  mapInParallel,
  measureForms,
} from "./measure-forms.ts";
import { KERNEL_OPTION, measureNullTests } from "./null-tests.ts";
import { emptyRange, sharedAddressTrials } from "./pairs.ts";
import { type Cost, type CostCase, costCases, measureCost } from "./reference-cost.ts";
import { archiveTable, costTable, formTable, type NullTestRow, nullTestTable } from "./tables.ts";
import { isToolchainInstalled, toolchains, variants } from "./toolchains.ts";

const MINUTE = 60_000;
const DOCUMENT = join(import.meta.dirname, "../../docs/fallback-forms.md");
const isUpdate = process.argv.includes("--update");

describe("compilers and linkers", function () {
  this.timeout(5 * MINUTE);
  let laboratory: Laboratory;
  const start = performance.now();
  const forms: FormMeasurement[] = [];
  const nullTests: NullTestRow[] = [];
  const archives: { one: (typeof archiveCases)[number]; results: number[][] }[] = [];
  const costs: { one: CostCase; weak: Cost; strong: Cost }[] = [];

  before(async function () {
    this.timeout(15 * MINUTE);
    laboratory = await openLaboratory();
    const tools = [
      { command: "cc", debianPackage: "gcc" },
      { command: "/usr/include/stdio.h", debianPackage: "libc6-dev" },
    ];
    await orSkip(this, () => needTools(tools));
  });

  after(async () => {
    await closeLaboratory(laboratory);
    console.log(`      the laboratory took ${((performance.now() - start) / 1000).toFixed(0)} s`);
  });

  for (const toolchain of toolchains) {
    describe(toolchain.name, () => {
      let measured: ReadonlyMap<string, FormMeasurement>;
      const recipes = formsFor(toolchain);

      before(async function () {
        this.timeout(15 * MINUTE);
        await orSkip(this, () => needTools(toolchain.tools));
        const measurements = await measureForms(laboratory, toolchain, recipes, "strong");
        forms.push(...measurements);
        measured = new Map(measurements.map((one) => [one.recipe.place + one.recipe.title, one]));
      });

      for (const recipe of recipes) {
        it(`${recipe.place}, ${recipe.title}: as the product's evidence says`, () => {
          const measurement = measured.get(recipe.place + recipe.title)!;
          const wrong = listWrongReads(measurement).join("; ");
          const message = wrong === "" ? "no read saw the fallback" : `reads saw the fallback: ${wrong}`;
          assert.equal(isSeenThrough(measurement), isSaidSeenThrough(measurement), message);
        });
      }

      it("accepts every form that the product offers", () => {
        const rejections = [...measured.values()]
          .filter((measurement) => measurement.recipe.isOffered)
          .flatMap(({ results }) => results.flatMap(({ rejection }) => rejection ?? []));
        assert.deepEqual(rejections, []);
      });

      it("reads the fallback where no strong definition is linked, except for pairs that bound a range", async () => {
        const offered = recipes.filter((recipe) => recipe.isOffered);
        for (const measurement of await measureForms(laboratory, toolchain, offered, "fallback")) {
          const { recipe, results } = measurement;
          const what = `${recipe.place}, ${recipe.title}`;
          const wrong = results.filter((result) => result.wrongReaders.length > 0).map((result) => result.symbol);
          const pairsHere = results.map((result) => result.symbol).filter((symbol) => symbol.kind === "range");
          // Two fallbacks of their own are never one address, so the range between them is not empty.
          assert.deepEqual(wrong, pairsHere, what);
        }
      });

      it("calls what a caller with a NULL test called, once the test is gone and the fallback stands in", async () => {
        for (const linked of ["strong", "fallback"] as const) {
          await assertOk(guardedTrials(), linked);
          await assertOk(fixedTrials(), linked);
        }
      });

      it("walks over an empty range and compares its ends, declared weak or strong", async () => {
        await assertOk([emptyRange("weak")], "strong");
        await assertOk([emptyRange("strong")], "strong");
      });

      it("finds a range empty where the fallbacks of both ends share an address", async () => {
        await assertOk(sharedAddressTrials(), "strong");
        await assertOk(sharedAddressTrials(), "fallback");
      });

      async function assertOk(trials: readonly Trial[], linked: "strong" | "fallback"): Promise<void> {
        // gcc's link-time optimization calls weak functions all the same, as the evidence says: they are left out of it.
        const place = toolchain.lto === "none" ? "other file" : "other file without LTO";
        await mapInParallel(variants, async (variant) => {
          const verdicts = await conduct(laboratory, { toolchain, variant, place, trials, linked });
          const expected = trials.map(({ symbol }) => ({ symbol: symbol.name, outcome: "ok" }));
          assert.deepEqual(
            verdicts.map((verdict, index) => ({ symbol: trials[index]!.symbol.name, ...verdict })),
            expected,
            `${variant.optimization} ${variant.codeModel}, linked with ${linked} definitions`,
          );
        });
      }

      if (toolchain.lto === "none") {
        it("sees NULL in tests of weak references, and folds tests of strong declarations", async () => {
          for (const binding of ["weak", "strong"] as const) {
            for (const options of [[], [KERNEL_OPTION]]) {
              const results = await measureNullTests(laboratory, toolchain.compiler, binding, options);
              const option = options.length === 0 ? "" : ` ${KERNEL_OPTION}`;
              nullTests.push({ compiler: toolchain.compiler, binding, option, results });
              if (binding === "weak") assert.deepEqual(results, ["seen", "seen", "seen"]);
              else if (options.length === 0) {
                assert.deepEqual(results, ["folded to true", "folded to true", "folded to true"]);
              }
            }
          }
        });
      }
    });
  }

  describe("the whole fix", () => {
    for (const form of ["c", "asm"]) {
      it(`makes a tree strong, with fallbacks as ${form}, and every program of it reads the right definitions`, async function () {
        this.timeout(15 * MINUTE);
        // The assembly form is not for structs, whose size only a compiler knows.
        const symbols = fixableSymbols.filter((symbol) => form === "c" || symbol.kind !== "struct");
        const tree = await writeTree(laboratory, symbols);
        const found = await runCheck(tree, []);
        assert.equal(found.status, 1, found.stderr);
        const fixed = await runCheck(tree, ["--fix", "--fallback", form]);
        const left = await runCheck(tree, []);
        assert.equal(left.status, 0, `${left.stdout}${fixed.stderr}`);
        const sources = { ...tree, fallback: "users_weak.c" };
        await mapInParallel(toolchains.filter(isToolchainInstalled), async (toolchain) => {
          const place = toolchain.lto === "none" ? "other file" : "other file without LTO";
          for (const variant of variants) {
            for (const linked of ["strong", "fallback"] as const) {
              const built = await conductWithFiles(laboratory, sources, symbols, { toolchain, variant, place, linked });
              const wrong =
                "message" in built
                  ? [built.message]
                  : symbols.filter((_symbol, index) => built.verdicts[index]!.outcome !== "ok").map(({ name }) => name);
              assert.deepEqual(wrong, [], `${toolchain.name}, ${linked} definitions`);
            }
          }
        });
      });
    }

    it("leaves pairs that bound a range alone", async () => {
      const tree = await writeTree(laboratory, rangeSymbols);
      await runCheck(tree, ["--fix"]);
      const left = await runCheck(tree, ["--format", "json"]);
      assert.equal(JSON.parse(left.stdout).findings.length, 2 * rangeSymbols.length);
    });
  });

  describe("archives", () => {
    let folder: string;

    before(async function () {
      const compiler = { command: ARCHIVE_COMPILER, debianPackage: ARCHIVE_COMPILER };
      await orSkip(this, () => needTools([compiler, ...linkers.map((linker) => linker.tool)]));
      folder = await compileArchiveFiles(laboratory);
    });

    for (const one of archiveCases) {
      it(`${one.title}: ${one.results.join(", ")}`, async () => {
        const results: number[][] = [];
        for (const linker of linkers) results.push(await measureArchive(folder, one, linker));
        archives.push({ one, results });
        for (const [index, linker] of linkers.entries()) {
          const expected = one.exceptions?.[linker.name] ?? one.results;
          assert.deepEqual(results[index], expected, linker.name);
        }
      });
    }
  });

  describe("the cost of a weak reference", () => {
    for (const one of costCases) {
      it(`${one.title}: ${one.isCostly ? "loads through the GOT" : "none"}`, async function () {
        await orSkip(this, () => needTools(one.tools));
        const [weak, strong] = await mapInParallel(["weak", "strong"] as const, (binding) =>
          measureCost(laboratory, one, binding),
        );
        costs.push({ one, weak: weak!, strong: strong! });
        assert.equal(weak!.got.size > 0, one.isCostly);
        assert.equal(strong!.got.size, 0);
        assert.ok(strong!.text <= weak!.text, `text ${strong!.text} and ${weak!.text}`);
      });
    }
  });

  // In a block of its own: mocha runs the tests of a block before the blocks inside it.
  describe("the document", () => {
    it(
      isUpdate ? "docs/fallback-forms.md is written" : "docs/fallback-forms.md says what was measured",
      async function () {
        const document = writeDocument({
          compilers: [...new Set(forms.map((one) => one.toolchain.compiler))],
          withoutLto: formTable(forms.filter((one) => one.toolchain.lto === "none")),
          withLto: formTable(forms.filter((one) => one.toolchain.lto !== "none")),
          nullTests: nullTestTable(nullTests),
          archives: archiveTable(archives, linkers),
          costs: costTable(costs),
        });
        console.log(document);
        if (toolchains.length > new Set(forms.map((one) => one.toolchain)).size) {
          console.log("      skipped, not all toolchains are installed");
          this.skip();
        }
        if (isUpdate) await writeFile(DOCUMENT, document);
        else assert.equal(document, await readFile(DOCUMENT, "utf8"), "stale: npm run test:toolchain -- --update");
      },
    );
  });
});
