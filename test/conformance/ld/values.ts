/**
 * Constant expressions, ours beside ld's: random expressions are assigned to symbols, linked with an empty object, and the
 * symbols' values read back.
 */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluate } from "../../../server/src/syntax/ld/evaluate.ts";
import { parseLinkerScript } from "../../../server/src/syntax/ld/parser.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { runOrThrow, runProgram } from "../../support/run-program.ts";
import { seededRandom } from "./mutants.ts";

const BINARY = ["+", "-", "*", "/", "%", "<<", ">>", "&", "|", "==", "!=", "<", ">", "<=", ">=", "&&", "||"];
const NUMBERS = [
  "0",
  "1",
  "2",
  "7",
  "8",
  "010",
  "0x10",
  "4K",
  "2M",
  "$ff",
  "0ffh",
  "17o",
  "101b",
  "12d",
  "0xffffffffffffffff",
];

/** A random constant expression that divides by nothing that could be 0 and shifts by less than 64. */
function makeExpression(random: () => number, depth: number): string {
  const choose = (list: readonly string[]): string => list[Math.floor(random() * list.length)]!;
  if (depth === 0 || random() < 0.15)
    return random() < 0.7 ? choose(NUMBERS) : `0x${Math.floor(random() * 2 ** 40).toString(16)}`;
  const inner = (): string => makeExpression(random, depth - 1);
  const kind = random();
  if (kind < 0.5) {
    const operator = choose(BINARY);
    const right =
      operator === "/" || operator === "%"
        ? `(${inner()} | 1)`
        : /<<|>>/.test(operator)
          ? choose(["0", "3", "17", "63"])
          : inner();
    return `${inner()} ${operator} ${right}`;
  }
  if (kind < 0.6) return `${choose(["-", "~", "!", "+"])} ${inner()}`;
  if (kind < 0.75) return `(${inner()})`;
  if (kind < 0.85) return `${inner()} ? ${inner()} : ${inner()}`;
  if (kind < 0.92) return `${choose(["MAX", "MIN", "ALIGN"])}(${inner()}, ${inner()})`;
  return `${choose(["ABSOLUTE", "LOG2CEIL"])}(${inner()})`;
}

const PER_SCRIPT = 200;

export interface Values {
  readonly compared: number;
  readonly agreed: number;
  readonly differences: readonly string[];
  readonly notJudged: number;
}

/**
 * Compares `count` expressions of a seed. Not judged are those that ld stops at (it divides by zero), and shifts by 64 and
 * more, which depend on the machine that ld was compiled for.
 */
export async function compareValues(count: number, seed: number): Promise<Values> {
  const folder = await mkdtemp(join(tmpdir(), "weakspot-values-"));
  try {
    await writeFile(join(folder, "empty.s"), "");
    await runOrThrow("as", ["-o", "empty.o", "empty.s"], { folder });
    const random = seededRandom(seed);
    const result = { compared: 0, agreed: 0, differences: [] as string[], notJudged: 0 };
    for (let done = 0; done < count; done += PER_SCRIPT) {
      const texts = Array.from({ length: Math.min(PER_SCRIPT, count - done) }, () => makeExpression(random, 4));
      const kept = texts.filter((text) => evaluateText(text).kind === "value");
      result.notJudged += texts.length - kept.length;
      await compareScript(folder, kept, result);
    }
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function evaluateText(text: string) {
  const [statement] = parseLinkerScript(sourceOfText(`x = ${text};`)).statements;
  return statement?.kind === "assignment" ? evaluate(statement.value) : { kind: "unknown" as const };
}

async function compareScript(
  folder: string,
  texts: readonly string[],
  result: { compared: number; agreed: number; differences: string[]; notJudged: number },
): Promise<void> {
  const script = texts.map((text, index) => `x${index} = ${text};\n`).join("");
  await writeFile(join(folder, "values.ld"), script);
  const linked = await runProgram("ld", ["-T", "values.ld", "-o", "values", "empty.o"], { folder });
  if (linked.status !== 0) {
    const line = Number(/:(\d+)/.exec(linked.stderr)?.[1] ?? 1);
    throw new Error(`ld stopped: ${linked.stderr} at ${script.split("\n")[line - 1]}`);
  }
  const symbols = await runOrThrow("nm", ["values"], { folder });
  const values = new Map(
    [...symbols.matchAll(/^([0-9a-f]+) \S (x\d+)$/gm)].map((match) => [match[2]!, BigInt(`0x${match[1]}`)]),
  );
  texts.forEach((text, index) => {
    const ours = evaluateText(text);
    const theirs = values.get(`x${index}`);
    result.compared++;
    if (ours.kind === "value" && ours.value === theirs) result.agreed++;
    else result.differences.push(`${text}: ld ${theirs}, ours ${ours.kind === "value" ? ours.value : ours.kind}`);
  });
}
