/**
 * Compares the mark phase with what linkers drop: random objects with references, groups, retained sections, constructors, weak
 * definitions and KEEP patterns are linked with --gc-sections by GNU ld and lld, and so is firmware with its C library. What the linker says with
 * --print-gc-sections must be what is not marked.
 *
 *     npm run conformance:garbage [-- --links N] [--seed S] [--keep]
 *
 * Prints a table, and exits 1 when a section differs.
 */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readMap, readMapLayout } from "../../../server/src/host/read-image.ts";
import { readObjectsOfMap } from "../../../server/src/host/read-link-graph.ts";
import { inLinkOrder } from "../../../server/src/linkage/objects/link-order.ts";
import { markSections } from "../../../server/src/linkage/objects/mark-sections.ts";
import { askedSymbols, keptPatterns, referredSymbols } from "../../../server/src/linkage/scripts/kept-patterns.ts";
import { readScript } from "../../../server/src/syntax/ld/read-script.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { needTools } from "../../support/needed-tools.ts";
import { runOrThrow, runProgram } from "../../support/run-program.ts";
import { FIRMWARE, type Firmware, SOURCES } from "./firmware.ts";
import { makeGarbage } from "./garbage-objects.ts";

interface Outcome {
  readonly name: string;
  /** Allocated sections that the link could keep or drop, and how many it dropped. */
  readonly sections: number;
  readonly dropped: number;
  readonly differences: readonly string[];
}

interface LinkOfObjects {
  readonly name: string;
  readonly linker: "bfd" | "lld";
  readonly folder: string;
  readonly script: string;
  readonly map: string;
  /** What the linker printed. */
  readonly output: string;
  readonly roots: readonly string[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      links: { type: "string", default: "100" },
      seed: { type: "string", default: "1" },
      keep: { type: "boolean", default: false },
    },
  });
  await needTools([
    { command: "as", debianPackage: "binutils" },
    { command: "ld.bfd", debianPackage: "binutils" },
    { command: "ld.lld-19", debianPackage: "lld-19" },
  ]);
  const top = await mkdtemp(join(tmpdir(), "weakspot-garbage-"));
  const outcomes: Outcome[] = [];
  for (const linker of ["bfd", "lld"] as const) {
    const some: Outcome[] = [];
    for (let index = 0; index < Number(values.links); index++) {
      some.push(await checkRandom(Number(values.seed) * 100_000 + index, linker, top));
    }
    outcomes.push({
      name: `${values.links} random links, ${linker}`,
      sections: some.reduce((sum, one) => sum + one.sections, 0),
      dropped: some.reduce((sum, one) => sum + one.dropped, 0),
      differences: some.flatMap(({ name, differences }) => differences.map((text) => `${name}: ${text}`)),
    });
  }
  for (const [name, text] of Object.entries(SOURCES)) await writeFile(join(top, name), text);
  for (const firmware of FIRMWARE) outcomes.push(...(await checkFirmware(firmware, top)));
  if (!values.keep) await rm(top, { recursive: true, force: true });
  let wrong = 0;
  for (const { name, sections, dropped, differences } of outcomes) {
    wrong += differences.length;
    console.log(`${name.padEnd(28)} ${sections} sections, ${dropped} dropped, ${differences.length} differences`);
    for (const difference of differences.slice(0, 10)) console.log(`    ${difference}`);
  }
  if (values.keep) console.log(`kept in ${top}`);
  if (wrong > 0 || outcomes.every(({ dropped }) => dropped === 0)) process.exitCode = 1;
}

async function checkRandom(seed: number, linker: "bfd" | "lld", top: string): Promise<Outcome> {
  const folder = join(top, `${linker}-${seed}`);
  await mkdir(folder);
  const { objects, script } = makeGarbage(seed);
  await writeFile(join(folder, "image.ld"), script);
  const names: string[] = [];
  for (const [at, text] of objects.entries()) {
    await writeFile(join(folder, `o${at}.s`), text);
    await runOrThrow("as", [`o${at}.s`, "-o", `o${at}.o`], { folder });
    names.push(`o${at}.o`);
  }
  const program = linker === "bfd" ? "ld.bfd" : "ld.lld-19";
  const words = [
    "-T",
    "image.ld",
    "--gc-sections",
    "--print-gc-sections",
    "-Map=image.map",
    "-o",
    "image.elf",
    ...names,
  ];
  const { stdout, stderr, status } = await runProgram(program, words, { folder });
  if (status !== 0) throw new Error(`${folder}: ${stderr}`);
  const output = stdout + stderr;
  // lld's map does not have what was dropped, so its objects are those of the command.
  const map = linker === "bfd" ? join(folder, "image.map") : "";
  const link = { name: `seed ${seed}`, linker, folder, script, map, output, roots: ["_init", "_fini"] };
  return compare(link, names);
}

async function checkFirmware({ name, compiler, options, script }: Firmware, folder: string): Promise<Outcome[]> {
  if (script !== undefined) await writeFile(join(folder, "image.ld"), script);
  const words = [...options, "-Wl,--print-gc-sections,-Map=gc.map", "-save-temps", "main.c", "-o", "gc.elf"];
  const built = await runProgram(compiler, words, { folder }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (built === undefined) {
    console.log(`${name}: left out, ${compiler} is missing`);
    return [];
  }
  if (built.status !== 0) throw new Error(`${name}: ${built.stderr}`);
  // Without a script of one's own, the linker tells the one that it took.
  const verbose = await runProgram(compiler, [...options, "-Wl,--verbose", "main.c", "-o", "gc.elf"], { folder });
  const own = /={20,}\n([\s\S]*?)={20,}/.exec(verbose.stdout)?.[1] ?? script;
  const text = script ?? own ?? "";
  // Compilers ask for symbols with -u (picolibc's specs do).
  const asked = [...words.join(" ").matchAll(/-u[ ,]?(\w+)/g)].map(([, symbol]) => symbol!);
  const roots = ["_init", "_fini", ...asked];
  const output = built.stdout + built.stderr;
  return [await compare({ name, linker: "bfd", folder, script: text, map: join(folder, "gc.map"), output, roots }, [])];
}

async function compare(link: LinkOfObjects, names: readonly string[]): Promise<Outcome> {
  const layout =
    link.map === ""
      ? { regions: [], sections: [], discarded: names.map((file) => ({ section: "", file, size: 0 })), loaded: names }
      : readMapLayout(link.map)!;
  const { objects, problems } = await readObjectsOfMap(layout, link.folder);
  const script = readScript("image.ld", sourceOfText(link.script));
  const keeps = keptPatterns(script, link.linker);
  const referred = link.linker === "lld" ? referredSymbols(script) : [];
  const { entry, asked } = askedSymbols(script);
  const roots = { symbols: [entry ?? "_start", ...asked, ...link.roots, ...referred], keeps };
  const members = link.map === "" ? [] : readMap(link.map)!.members;
  const marking = markSections(inLinkOrder(objects, layout.loaded, members), roots, link.linker);
  const ours = new Map<string, number>();
  let sections = 0;
  for (const { file, sections: own } of objects) {
    for (const [at, { name, size, traits }] of own.entries()) {
      if (traits?.isAllocated !== true || size === 0 || marking.isDuplicate(file, at)) continue;
      sections++;
      if (marking.reasonOf(file, at) === undefined) count(ours, `${name} of ${file}`);
    }
  }
  const allocated = new Set(
    objects.flatMap(({ file, sections: own }) =>
      own.flatMap(({ name, size, traits }, at) =>
        traits?.isAllocated && size > 0 && !marking.isDuplicate(file, at) ? [`${name} of ${file}`] : [],
      ),
    ),
  );
  const theirs = new Map<string, number>();
  for (const row of readPrinted(link.output)) if (allocated.has(row)) count(theirs, row);
  const differences = [
    ...problems,
    ...[...ours]
      .filter(([row, number]) => number > (theirs.get(row) ?? 0))
      .map(([row]) => `kept by the linker: ${row}`),
    ...[...theirs]
      .filter(([row, number]) => number > (ours.get(row) ?? 0))
      .map(([row]) => `dropped by the linker: ${row}`),
  ];
  const dropped = [...theirs.values()].reduce((sum, one) => sum + one, 0);
  return { name: link.name, sections, dropped, differences };
}

function count(counts: Map<string, number>, row: string): void {
  counts.set(row, (counts.get(row) ?? 0) + 1);
}

/** "removing unused section '.text.x' in file 'x.o'" of GNU ld; "removing unused section x.o:(.text.x)" of lld. */
function readPrinted(output: string): string[] {
  // GNU ld puts the signature of a group behind the name of its section: '.text.f[f]'.
  const gnu = [...output.matchAll(/removing unused section '([^'[]*)(?:\[[^']*)?' in file '([^']*)'/g)].map(
    ([, section, file]) => `${section} of ${file}`,
  );
  const lld = [...output.matchAll(/removing unused section (\S+):\(([^()]*)\)/g)].map(
    ([, file, section]) => `${section} of ${file}`,
  );
  return [...gnu, ...lld];
}

await main();
