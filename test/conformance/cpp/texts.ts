/** Compares random texts full of macros and directives with gcc's preprocessing of them. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatPreprocessed } from "../../../server/src/syntax/cpp/format.ts";
import { preprocess } from "../../../server/src/syntax/cpp/preprocess.ts";
import type { Mode } from "../../../server/src/syntax/cpp/scan.ts";
import { createPreprocessorCache } from "../../../server/src/syntax/cpp/state.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { createRandom } from "../../support/random.ts";
import { runOrThrow, runProgram } from "../../support/run-program.ts";
import { differenceOf, type Outcome, wrongOrigins } from "./compare.ts";
import { randomText } from "./random-text.ts";

/** Compares the text of `count` seeds, and whether there is an error in it. */
export async function compareTexts(mode: Mode, count: number, seed: number): Promise<Outcome> {
  const outcome: Outcome = { compared: 0, same: 0, named: 0, failures: [] };
  const folder = await mkdtemp(join(tmpdir(), "weakspot-cpp-"));
  try {
    const language = mode === "c" ? "c" : "assembler-with-cpp";
    // The compiler proper starts twice as fast as the driver before it.
    const compiler = (await runOrThrow("gcc", ["-print-prog-name=cc1"])).trim();
    const predefined = await runOrThrow("gcc", ["-dM", "-E", "-x", language, "/dev/null"]);
    const cache = createPreprocessorCache();
    const path = join(folder, "text.c");
    const flags = ["-E", "-quiet", "-P", ...(mode === "c" ? [] : ["-lang-asm"]), path, "-o", "-"];
    for (let i = 0; i < count; i++) {
      const text = randomText(createRandom(seed + i), mode);
      await writeFile(path, text);
      const reference = await runProgram(compiler, flags);
      const ours = preprocess(path, sourceOfText(text), { mode, cache, readFile: () => undefined, predefined });
      outcome.compared++;
      const difference = differenceOf(...withoutStaleIndentation(reference.stdout, formatPreprocessed(ours).text));
      const rejected = /: error: /.test(reference.stderr);
      const weReject = ours.messages.some((message) => message.severity === "error");
      const title = `${mode}, seed ${seed + i}`;
      if (difference !== undefined) outcome.failures.push(`${title}:\n${difference}`);
      else if (rejected !== weReject) {
        outcome.failures.push(`${title}: gcc ${rejected ? "reports an error" : "accepts it"}, and we do not`);
      } else outcome.same++;
      const wrong = wrongOrigins(ours);
      if (wrong !== undefined) outcome.failures.push(`${title}: ${wrong}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return outcome;
}

/** What random texts say with _Pragma and with no directive. */
const PRAGMA_LINE = "#pragma weak b\n";

/**
 * gcc indents what it prints behind a _Pragma by the column of whatever token its buffer held last (directives.cc:
 * destringize_and_run calls line_change with cur_token), which says nothing of the text. That indentation is left out on
 * both sides. Where the text goes on in another line, gcc leaves a blank line behind the pragma and then indents as the
 * text does, and so must we.
 */
function withoutStaleIndentation(reference: string, ours: string): [string, string] {
  const theirParts = reference.split(PRAGMA_LINE);
  const ourParts = ours.split(PRAGMA_LINE);
  for (let i = 1; i < theirParts.length; i++) {
    if (/^ *\n/.test(theirParts[i]!)) continue;
    theirParts[i] = theirParts[i]!.replace(/^ +/, "");
    ourParts[i] = ourParts[i]?.replace(/^ +/, "") ?? "";
  }
  return [theirParts.join(PRAGMA_LINE), ourParts.join(PRAGMA_LINE)];
}
