/**
 * Compares our rules of who wins a link with GNU ld and lld: random links are really linked by both and run, and every reference
 * must read what we say that it is bound to; where a link fails, the same symbols must be undefined or defined twice.
 *
 *     npm run conformance:links [-- --links N] [--seed S] [--show N] [--keep]
 *
 * Exits 1 when anything differs, or when a tool is missing.
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Linker } from "../../../server/src/linkage/links/resolve/inputs.ts";
import { type ResolvedLink, resolve } from "../../../server/src/linkage/links/resolve/resolve.ts";
import { needTools } from "../../support/needed-tools.ts";
import { runOrThrow } from "../../support/run-program.ts";
import {
  buildInputs,
  buildRuntime,
  linkWith,
  numberInputs,
  type Observation,
  observe,
  SCRIPT_VALUE,
  SECTION_VALUE,
  STUB_VALUE,
} from "./assemble.ts";
import { makeLink, type RandomLink } from "./generate.ts";

const PROGRAMS: readonly { readonly linker: Linker; readonly program: string }[] = [
  { linker: "bfd", program: "ld.bfd" },
  { linker: "lld", program: "ld.lld-19" },
];

interface Tally {
  links: number;
  failing: number;
  /** Of these, links that fail for a reason of the linker's own. */
  refused: number;
  references: number;
  differences: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      links: { type: "string", default: "2000" },
      seed: { type: "string", default: "1" },
      show: { type: "string", default: "5" },
      keep: { type: "boolean", default: false },
    },
  });
  await needTools([
    { command: "gcc", debianPackage: "gcc" },
    { command: "ld.bfd", debianPackage: "binutils" },
    { command: "ld.lld-19", debianPackage: "lld-19" },
  ]);
  for (const { program } of PROGRAMS) console.log((await runOrThrow(program, ["--version"])).split("\n")[0]);
  const top = await mkdtemp(join(tmpdir(), "weakspot-links-"));
  const tallies = new Map(
    PROGRAMS.map(({ linker }) => [linker, { links: 0, failing: 0, refused: 0, references: 0, differences: 0 }]),
  );
  let shown = 0;
  try {
    await buildRuntime(top);
    const first = Number(values.seed);
    const seeds = Array.from({ length: Number(values.links) }, (_, i) => first + i);
    const work = async () => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const link = makeLink(seed);
        const folder = join(top, `${seed}`);
        await buildInputs(link, folder);
        for (const { linker, program } of PROGRAMS) {
          const differences = await compareLink({ linker, program, link, folder }, tallies.get(linker)!);
          if (differences.length === 0 || shown >= Number(values.show)) continue;
          shown++;
          console.log(`${program}, seed ${seed}${values.keep ? `, ${folder}` : ""}:\n  ${differences.join("\n  ")}`);
          console.log(describeLink(link));
        }
        if (!values.keep) await rm(folder, { recursive: true });
      }
    };
    await Promise.all([work(), work()]);
  } finally {
    if (!values.keep) await rm(top, { recursive: true, force: true });
  }
  let failed = 0;
  for (const [linker, { links, failing, refused, references, differences }] of tallies) {
    console.log(
      `${linker}: ${links} links (${failing} of them fail, ${refused} by the linker's own fault), ${references} references run, ${differences} differ`,
    );
    failed += differences;
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

interface Case {
  readonly linker: Linker;
  readonly program: string;
  readonly link: RandomLink;
  readonly folder: string;
}

/** Links, compares what fails, mends it as the linkers allow, runs, and compares what every reference reads. */
async function compareLink(one: Case, tally: Tally): Promise<string[]> {
  const { linker, program, link, folder } = one;
  const ours = resolve({ ...link, linker });
  tally.links++;
  const plain = await linkWith(linker, program, link, folder);
  const differences = compareFailures(ours, plain.stderr, one);
  if (plain.status !== 0) {
    tally.failing++;
    // GNU ld fails so where a library that it leaves out has what is common elsewhere: before it says what is undefined.
    if (linker === "bfd" && plain.stderr.includes("unresolvable R_X86_64")) {
      tally.refused++;
      return [];
    }
    if (differences.length > 0) return count(differences, tally);
    const missing = [...ours.symbols.values()].filter(({ binding }) => binding.kind === "undefined");
    const stub = missing.map(({ name }) => `.globl ${name}\n${name}: .long ${STUB_VALUE}\n`).join("");
    await runOrThrow("sh", ["-ec", `printf '%s' "$STUB" | as -o ${linker}-stub.o -`], {
      folder,
      environment: { STUB: `.section .note.GNU-stack,"",@progbits\n.data\n${stub}` },
    });
    const mended = await linkWith(linker, program, link, folder, ["-z", "muldefs", `${linker}-stub.o`]);
    if (mended.status !== 0)
      return count(
        [
          `does not link: ${mended.stderr
            .split("\n")
            .filter((line) => !/warning|NOTE/.test(line))
            .slice(0, 3)
            .join(" | ")}`,
        ],
        tally,
      );
  }
  const observed = await observe(linker, link, folder);
  if (observed === undefined) return count(hasUnboundLibrary(ours) ? differences : ["does not run"], tally);
  return count([...differences, ...compareReferences(ours, one, observed, tally)], tally);
}

/** Whether a library refers to what nothing defines, which the linker took no offence at: the dynamic linker then starts nothing. */
function hasUnboundLibrary({ symbols }: ResolvedLink): boolean {
  return [...symbols.values()].some(
    ({ binding, references }) =>
      binding.kind === "null" && references.some(({ input, isWeak }) => input.kind === "shared" && !isWeak),
  );
}

function count(differences: string[], tally: Tally): string[] {
  tally.differences += differences.length;
  return differences;
}

/** The names that the link fails for, as the linker tells them and as we do. */
function compareFailures(ours: ResolvedLink, stderr: string, { linker, link }: Case): string[] {
  const told = (pattern: RegExp) => new Set([...stderr.matchAll(pattern)].map((match) => match[1]!));
  const theirs = {
    undefined: told(/(?:undefined reference to `|undefined (?:symbol|reference): )([\w]+)/g),
    twice: told(/(?:multiple definition of `|duplicate symbol: )([\w]+)/g),
  };
  const symbols = [...ours.symbols.values()];
  const mine = {
    undefined: new Set(symbols.filter(({ binding }) => binding.kind === "undefined").map(({ name }) => name)),
    twice: new Set(symbols.filter(({ rivals }) => rivals.length > 0).map(({ name }) => name)),
  };
  // lld finds doubles of what it wraps by chance: it looks for them when it has redirected what objects have.
  if (linker === "lld") for (const name of link.wrap) for (const { twice } of [mine, theirs]) twice.delete(name);
  return (["undefined", "twice"] as const).flatMap((kind) => {
    // A linker that complains of the one may end before it looks for the other.
    if (kind === "undefined" && theirs.twice.size > 0) return [];
    const here = [...mine[kind]]
      .filter((name) => !theirs[kind].has(name))
      .map((name) => `${kind}: ${name} is not said`);
    const there = [...theirs[kind]].filter((name) => !mine[kind].has(name)).map((name) => `${kind}: ${name} is missed`);
    return [...here, ...there];
  });
}

function compareReferences(
  ours: ResolvedLink,
  { link, linker }: Case,
  observed: readonly Observation[],
  tally: Tally,
): string[] {
  const numbers = numberInputs(link);
  const libraries = new Set(ours.libraries.map(({ name }) => name));
  const taken = new Set<string>([...ours.objects, ...ours.libraries].map(({ name }) => name));
  const differences: string[] = [];
  for (const { input, symbol, value } of observed) {
    tally.references++;
    if (!taken.has(input)) differences.push(`${input} is in the program`);
    // What the link left unbound, the dynamic linker still looks for in all libraries, for these alone.
    if (libraries.has(input) && ours.symbols.get(symbol)?.binding.kind === "null") continue;
    const expected = expectedValue(ours, numbers, input, symbol, link, linker);
    if (expected !== value)
      differences.push(`${symbol} in ${input} reads ${value ?? "null"}, we say ${expected ?? "null"}`);
  }
  const seen = new Set(observed.map(({ input }) => input));
  for (const { name, symbols } of ours.objects) {
    if (symbols.length > 0 && !seen.has(name)) differences.push(`${name} is not in the program`);
  }
  return differences;
}

/** What the reference of an input reads by our rules. */
function expectedValue(
  ours: ResolvedLink,
  numbers: ReadonlyMap<string, number>,
  input: string,
  name: string,
  { wrap }: RandomLink,
  linker: Linker,
): number | undefined {
  const libraries = new Set(ours.libraries.map((library) => library.name));
  const found = [...ours.symbols.values()].find((symbol) =>
    symbol.references.some((reference) => reference.input.name === input && reference.name === name),
  );
  // lld wraps what an object says of its own definition too.
  const isWrapped = found === undefined && linker === "lld" && wrap.includes(name) && !libraries.has(input);
  const binding = (found ?? ours.symbols.get(isWrapped ? `__wrap_${name}` : name))?.binding;
  switch (binding?.kind) {
    case "object":
    case "shared":
      return numbers.get(binding.definition.input.name);
    case "common":
      return 0;
    case "script":
      return SCRIPT_VALUE;
    case "linker":
      return SECTION_VALUE;
    case "undefined":
      return STUB_VALUE;
    default:
      return undefined;
  }
}

function describeLink({ inputs, assignments, undefined: forced, wrap }: RandomLink): string {
  const describe = (input: RandomLink["inputs"][number]): string => {
    if (input.kind === "group") return `group(${input.inputs.map(describe).join(" ")})`;
    if (input.kind === "archive")
      return `${input.name}${input.take === "all" ? "!" : ""}[${input.members.map(describe).join(" ")}]`;
    const symbols = input.symbols.map(
      ({ name, binding, place, group }) =>
        `${place === "undefined" ? "?" : ""}${place === "common" ? "=" : ""}${binding === "weak" ? "~" : ""}${name}${group === undefined ? "" : `@${group}`}`,
    );
    const sections = input.kind === "object" ? (input.sections ?? []).map((section) => `#${section}`) : [];
    const asNeeded = input.kind === "shared" && input.isAsNeeded === true ? "?" : "";
    return `${input.name}${asNeeded}(${[...symbols, ...sections].join(" ")})`;
  };
  const script = assignments.map(({ name, how }) => `${how} ${name}`).join(", ");
  return `    ${inputs.map(describe).join(" ")}\n    script: ${script}; -u ${forced.join(" ")}; --wrap ${wrap.join(" ")}`;
}

await main();
