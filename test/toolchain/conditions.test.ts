/**
 * The conditions of declarations beside gcc -E: in random nests of #if, #elif and #else, each declaration's condition holds
 * for exactly those definitions of three macros for which the preprocessor keeps the declaration. The same nests stand around
 * C, assembly and a linker script.
 */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readFacts } from "../../server/src/linkage/facts/extract.ts";
import { conditionOf } from "../../server/src/syntax/condition/condition.ts";
import { decide } from "../../server/src/syntax/condition/evaluate.ts";
import { ANY_VALUE } from "../../server/src/syntax/kbuild/guard.ts";
import { sourceOfText } from "../../server/src/text/source.ts";
import { needTools, orSkip } from "../support/needed-tools.ts";
import { createRandom } from "../support/random.ts";
import { type Assignment, assignments, randomCondition } from "../support/random-conditions.ts";
import { runOrThrow } from "../support/run-program.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const MACROS = ["A", "B", "C"];
const ASSIGNMENTS = assignments(MACROS, [undefined, 0, 1, 2]);
const NESTS = 60;

/** Where a declaration stands in the nests, to be written in one of the languages. */
const HERE = "@";

function randomNest(random: (limit: number) => number, depth: number): string {
  const body = () => `${HERE}\n${depth > 0 && random(2) === 0 ? randomNest(random, depth - 1) : ""}`;
  const test = () => randomCondition(random, MACROS, 3, false).text;
  const macro = () => MACROS[random(MACROS.length)]!;
  const opening = [`#if ${test()}`, `#ifdef ${macro()}`, `# ifndef ${macro()} /* ${macro()} */`][random(3)]!;
  let text = `${opening}\n${body()}`;
  for (let i = random(3); i > 0; i--) text += `#elif ${test()}\n${body()}`;
  if (random(2) === 0) text += `#else // ${macro()}\n${body()}`;
  return `${text}#endif\n${random(3) === 0 ? `${HERE}\n` : ""}`;
}

/** The text with a declaration of its own in each place. */
function writtenAs(nests: string, declaration: (name: string) => string): string {
  let count = 0;
  return nests.replaceAll(HERE, () => declaration(`d_${count++}`));
}

const LANGUAGES: readonly (readonly [string, (name: string) => string])[] = [
  ["nests.c", (name) => `int ${name};`],
  ["nests.S", (name) => `.globl ${name}\n${name}:`],
  ["nests.lds.S", (name) => `${name} = 1;`],
];

describe("conditions beside the preprocessor", function () {
  this.timeout(120_000);
  let folder: TemporaryFolder;

  before(async function () {
    folder = createTemporaryFolder();
    await orSkip(this, () => needTools([{ command: "gcc", debianPackage: "gcc" }]));
  });
  after(() => folder?.[Symbol.dispose]());

  for (const seed of [1, 2, 3]) {
    it(`hold exactly where gcc keeps what they stand around, seed ${seed}`, async () => {
      const random = createRandom(seed);
      const nests = Array.from({ length: NESTS }, () => randomNest(random, 2)).join("");
      const file = join(folder.path, `nests${seed}.c`);
      writeFileSync(
        file,
        writtenAs(nests, (name) => `int ${name};`),
      );
      const files = LANGUAGES.map(([path, declaration]) => ({
        path,
        conditions: conditionsIn(path, writtenAs(nests, declaration)),
      }));
      let compared = 0;
      for (const assignment of ASSIGNMENTS) {
        const options = MACROS.filter((name) => assignment[name] !== undefined).map(
          (name) => `-D${name}=${assignment[name]}`,
        );
        const output = await runOrThrow("gcc", ["-E", "-P", "-w", ...options, file]);
        const kept = new Set(output.match(/d_\d+/g));
        for (const { path, conditions } of files) {
          for (const name of new Set(writtenAs(nests, (one) => one).match(/d_\d+/g))) {
            // A branch that is never compiled has no facts.
            const condition = conditions.get(name) ?? "0";
            const answer = decide(conditionOf(condition), knowledgeOf(assignment));
            assert.equal(
              answer,
              kept.has(name) ? "yes" : "no",
              `${path}: ${name} under ${condition}, ${options.join(" ")}`,
            );
            compared++;
          }
        }
      }
      assert.ok(compared > 20_000, `${compared} compared`);
    });
  }
});

function conditionsIn(path: string, text: string): ReadonlyMap<string, string> {
  const { symbols } = readFacts(path, sourceOfText(text));
  return new Map(symbols.map(({ name, condition }) => [name, condition]));
}

function knowledgeOf(assignment: Assignment) {
  return {
    possible: () => ANY_VALUE,
    isDefined: (name: string) => assignment[name] !== undefined,
    number: (name: string) => String(assignment[name]),
  };
}
