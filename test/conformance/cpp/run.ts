/**
 * Compares the preprocessor with gcc's: the linker scripts of a kernel for seven architectures, a kernel's translation units
 * for x86-64, random texts, the lists of predefined macros, and the symbols that a script assigns with those of a built kernel and
 * with what we say of every configuration.
 *
 *     npm run conformance:cpp [-- [--texts N] [--seed S] [--units N] [--arch NAME …] [--only PART …] [--show N]]
 *
 * Parts are predefined, texts, scripts, units, symbols and always. WEAKSPOT_LINUX names an unpacked tree of Linux 6.1, else Debian's
 * linux-source-6.1 is unpacked. Fails on any difference that has no named cause, and when tools are missing.
 */

import { parseArgs } from "node:util";
import { needTools } from "../../support/needed-tools.ts";
import { runOrThrow } from "../../support/run-program.ts";
import { compareAlwaysAssigned } from "./always-assigned.ts";
import { compareAssignedSymbols } from "./assigned-symbols.ts";
import type { Outcome } from "./compare.ts";
import { compareFormatted } from "./formatted.ts";
import { comparePredefined } from "./predefined.ts";
import { compareScripts } from "./scripts.ts";
import { compareTexts } from "./texts.ts";
import { compareUnits } from "./units.ts";

/** Folders of the kernel that hold ordinary code. */
const UNIT_FOLDERS = ["kernel", "lib"];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      texts: { type: "string", default: "2000" },
      seed: { type: "string", default: "1" },
      units: { type: "string", default: "1000" },
      arch: { type: "string", multiple: true, default: [] },
      only: {
        type: "string",
        multiple: true,
        default: ["predefined", "texts", "scripts", "formatted", "units", "symbols", "always"],
      },
      show: { type: "string", default: "5" },
    },
  });
  await needTools([{ command: "gcc", debianPackage: "gcc" }]);
  console.log((await runOrThrow("gcc", ["--version"])).split("\n")[0]);
  const show = Number(values.show);
  const parts = new Set(values.only);
  let isGood = true;
  const tell = (what: string, outcome: Outcome, more = "", who = "gcc"): void => {
    const { compared, same, named, failures } = outcome;
    console.log(
      `${what}: ${same} of ${compared} as ${who} has them${named > 0 ? `, ${named} with a named cause` : ""}${more}`,
    );
    for (const failure of failures.slice(0, show)) console.log(`  ${failure}`);
    if (failures.length > 0) isGood = false;
  };

  if (parts.has("predefined")) tell("\nlists of predefined macros", await comparePredefined());
  if (parts.has("texts")) {
    for (const mode of ["assembler", "c"] as const) {
      const outcome = await compareTexts(mode, Number(values.texts), Number(values.seed));
      tell(`\nrandom texts, ${mode}, from seed ${values.seed}`, outcome);
    }
  }
  if (parts.has("scripts")) tell("\nlinker scripts of the kernel", await compareScripts(values.arch));
  if (parts.has("formatted")) tell("\nscripts, formatted", await compareFormatted(), "", "the unformatted expansion");
  if (parts.has("units")) {
    const outcome = await compareUnits(UNIT_FOLDERS, Number(values.units));
    const { compared, tokens, ours, theirs } = outcome;
    const each = (milliseconds: number): string => `${Math.round(milliseconds / Math.max(1, compared))} ms`;
    tell("\ntranslation units of the kernel", outcome, `; ${tokens} tokens, ${each(ours)} each, gcc ${each(theirs)}`);
  }
  if (parts.has("symbols")) tell("\nsymbols that vmlinux.lds.S assigns", await compareAssignedSymbols(), "", "nm");
  if (parts.has("always")) {
    tell("\nsymbols that a script assigns always", await compareAlwaysAssigned(values.arch), "", "the expansion");
  }
  console.log(isGood ? "\nno difference without a cause" : "\nthere are differences");
  process.exitCode = isGood ? 0 : 1;
}

await main();
