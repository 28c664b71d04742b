/**
 * Holds the names that hover speaks of at the arguments of macro calls against what nm has of the objects that were built of the files.
 *
 *     npm run conformance:names -- TREE BUILD [ARCHITECTURE] [CALLS]
 *
 * A name is right where the object has it as it is said: defined, weak where it is weak. It is wrong where it is said under no condition
 * that is not known, and the object has none of it. What an object defines of which a call's argument is a part, and which nothing
 * that was read defines, is missed.
 */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { namesAt } from "../../../server/src/features/names-at.ts";
import { defaultCacheFolder } from "../../../server/src/host/index-cache.ts";
import { readFacts } from "../../../server/src/linkage/facts/extract.ts";
import type { ArgumentFact } from "../../../server/src/linkage/facts/facts.ts";
import type { Mention } from "../../../server/src/linkage/facts/link-index.ts";
import type { Program } from "../../../server/src/linkage/symbols/program.ts";
import { openSession } from "../../../server/src/session/session.ts";
import { conditionOf } from "../../../server/src/syntax/condition/condition.ts";
import { createRandom } from "../../support/random.ts";

/** What nm says of objects: the letter of each symbol. */
function symbolsOf(objects: readonly string[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const { stdout } = spawnSync("nm", ["-A", ...objects], { encoding: "utf8", maxBuffer: 1 << 30 });
  const byObject = new Map<string, Map<string, string>>();
  for (const line of stdout.split("\n")) {
    const [, object, letter, name] = /^(.+?):[0-9a-f ]+([A-Za-z]) (\S+)$/.exec(line) ?? [];
    if (object === undefined || letter === undefined || name === undefined) continue;
    let found = byObject.get(object);
    if (found === undefined) byObject.set(object, (found = new Map()));
    found.set(name, letter);
  }
  return byObject;
}

interface Judged {
  right: number;
  /** Names under conditions that are not known, and which the object has not. */
  open: number;
  readonly wrong: string[];
  readonly missed: string[];
}

function judgeCall(
  path: string,
  argument: ArgumentFact,
  symbols: ReadonlyMap<string, string>,
  program: Program,
  judged: Judged,
): void {
  const source = program.texts.source(path);
  if (source === undefined) return;
  const at = namesAt(path, source, argument.start, program);
  const say = (what: string) => `${path} ${argument.call} '${argument.name}': ${what}`;
  const made = program.madeAt(path, argument.start);
  for (const { text, fact } of at?.names ?? []) {
    const letter = symbols.get(text);
    if (fact === undefined || fact.role === "declaration") {
      // A declaration that nothing uses leaves nothing in the object.
      if (letter !== undefined) judged.right++;
      continue;
    }
    const mentions = made.filter((mention) => mention.fact.name === text);
    if (letter !== undefined && /[A-TV-Zu]/.test(letter)) {
      const isWeak = /[VW]/.test(letter);
      if (
        mentions.length > 0 &&
        mentions.every((one) => program.isWeak(one.fact)) !== isWeak &&
        isSure(mentions, program)
      )
        judged.wrong.push(say(`${text} is ${letter} in the object`));
      else judged.right++;
    } else if (mentions.length > 0 && isSure(mentions, program))
      judged.wrong.push(say(`${text} is not defined (${letter ?? "no symbol"})`));
    else judged.open++;
  }
}

/** Whether one of the mentions hangs on nothing that is not known. */
function isSure(mentions: readonly Mention[], program: Program): boolean {
  return mentions.some(({ path, fact }) => {
    if (fact.condition === "") return true;
    return program.isActive(path, fact) && !program.isActive(path, { condition: negationOf(fact.condition) });
  });
}

function negationOf(condition: string): string {
  return conditionOf(`!(${condition})`).text;
}

/** What the object defines of which an argument is a part, and which neither the file nor its macros are said to define. */
function findMissed(path: string, symbols: ReadonlyMap<string, string>, program: Program): string[] {
  const facts = program.index.factsOf(path);
  const source = program.texts.source(path);
  if (facts === undefined || source === undefined) return [];
  const own = readFacts(path, source, { includeLocal: true }).symbols;
  const known = new Set([...own, ...program.madeIn(path)].map(({ name }) => name));
  const words = new Set(facts.arguments.map(({ name }) => name).filter((name) => name.length > 3));
  const found: string[] = [];
  for (const [name, letter] of symbols) {
    if (!/[A-TV-Z]/.test(letter) || letter === "U" || known.has(name)) continue;
    // What stands in a header or in other included text is no business of this file's calls.
    if (program.definitionsOf(name).length > 0) continue;
    const word = [...words].find((one) => name.endsWith(one));
    if (word !== undefined) found.push(`${path}: ${name} (${letter}), perhaps of '${word}'`);
  }
  return found;
}

async function run(tree: string, build: string, architecture: string | undefined, most: number): Promise<number> {
  const configuration = join(build, ".config");
  const session = openSession(tree, {
    cacheFolder: defaultCacheFolder(),
    architecture: () => architecture,
    configuration: () => (existsSync(configuration) ? configuration : undefined),
  });
  const judged: Judged = { right: 0, open: 0, wrong: [], missed: [] };
  try {
    await session.workspace.current;
    await session.workspace.save();
    const files = await session.ask(({ index }) => [...index.paths()].filter((path) => /\.[cS]$/.test(path)));
    const built = files.flatMap((path) => {
      // musl has objects of two kinds.
      const object = [".o", ".lo"].map((ending) => join(build, path.replace(/\.[cS]$/, ending))).find(existsSync);
      return object === undefined ? [] : [{ path, object }];
    });
    const calls = await session.ask(({ index }) =>
      built.flatMap(({ path, object }) =>
        (index.factsOf(path)?.arguments ?? []).map((argument) => ({ path, object, argument })),
      ),
    );
    const random = createRandom(1);
    const chosen = calls
      .map((call) => ({ call, key: random(1 << 30) }))
      .sort((a, b) => a.key - b.key)
      .slice(0, most)
      .map(({ call }) => call)
      .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    const byObject = symbolsOf([...new Set(chosen.map(({ object }) => object))]);
    const began = process.cpuUsage();
    let made = 0;
    for (const { path, object, argument } of chosen) {
      const symbols = byObject.get(object);
      if (symbols === undefined) continue;
      made++;
      const one: Judged = { right: 0, open: 0, wrong: [], missed: [] };
      await session.workspace.readSource(path);
      await session.ask((program) => {
        Object.assign(one, { right: 0, open: 0 });
        one.wrong.length = 0;
        judgeCall(path, argument, symbols, program, one);
      });
      judged.right += one.right;
      judged.open += one.open;
      judged.wrong.push(...one.wrong);
    }
    const { user } = process.cpuUsage(began);
    for (const path of new Set(chosen.map((call) => call.path))) {
      const { object } = built.find((one) => one.path === path)!;
      const symbols = byObject.get(object) ?? new Map<string, string>();
      judged.missed.push(...(await session.ask((program) => findMissed(path, symbols, program))));
    }
    const { right, open, wrong, missed } = judged;
    console.log(
      `${tree}: ${made} arguments of ${calls.length} in ${built.length} files: ${right} right, ${missed.length} missed, ` +
        `${open} under conditions not known, ${wrong.length} wrong; ${Math.round(user / 1000 / Math.max(1, made))} ms each`,
    );
    for (const line of wrong) console.log(`  wrong: ${line}`);
    for (const line of missed) console.log(`  missed: ${line}`);
    return wrong.length;
  } finally {
    await session.dispose();
  }
}

const [tree, build, architecture, most = "300"] = process.argv.slice(2);
if (tree === undefined || build === undefined) throw new Error("usage: TREE BUILD [ARCHITECTURE] [CALLS]");
process.exitCode = (await run(resolve(tree), resolve(build), architecture || undefined, Number(most))) === 0 ? 0 : 1;
