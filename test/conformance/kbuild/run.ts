/**
 * Compares the objects that we predict from Makefiles and a configuration with those that a build has made, both ways; and for
 * configurations that are not built, with those that GNU make plans to make.
 *
 *     npm run conformance:kbuild [-- [ARCH/TARGET[@CROSS-PREFIX] …] [--keep DIR]]
 *
 * Always compared is the small x86-64 kernel of the kernel suite. ARCH/TARGET, such as x86/defconfig or
 * arm64/defconfig@aarch64-linux-gnu-, is planned in a folder below DIR, by default a temporary one.
 * Fails where a difference has none of the causes below, which say what is not in the Makefiles that Kbuild reads.
 */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openKbuild } from "../../../server/src/linkage/kbuild/build-graph.ts";
import type { BuildWalk } from "../../../server/src/linkage/kbuild/build-state.ts";
import { openWalk, walkAll } from "../../../server/src/linkage/kbuild/build-walk.ts";
import { configurationValue, parseConfiguration } from "../../../server/src/syntax/kbuild/configuration.ts";
import { classOfValue, holds } from "../../../server/src/syntax/kbuild/guard.ts";
import { kconfigSymbols, possibleValues } from "../../../server/src/syntax/kbuild/kconfig.ts";
import { kernelBuild } from "../../support/kernel-build.ts";
import { kernelTree } from "../../support/kernel-tree.ts";
import { diskHost } from "./disk-host.ts";
import { objectsUnder, planConfiguration } from "./plan.ts";

type Host = ReturnType<typeof diskHost>;

/** Why an object may be made although no prediction names it, or be predicted although the reference lacks it. */
interface Cause {
  readonly name: string;
  readonly test: RegExp;
}

const MISSED: readonly Cause[] = [
  { name: "tools/ has a build system of its own", test: /^tools\// },
  { name: "made to configure, not to build", test: /^scripts\/kconfig\// },
  { name: "made by the shell script that links vmlinux", test: /^\.tmp_vmlinux/ },
];

/** Only a finished build has these: a plan ends where vmlinux would be linked. */
const BEYOND_PLAN: readonly Cause[] = [
  {
    name: "planned only once vmlinux is there",
    test: /^arch\/\w+\/boot\/|^\.vmlinux\.export\.o$|^init\/version-timestamp\.o$/,
  },
];

interface Comparison {
  readonly title: string;
  readonly expected: ReadonlySet<string>;
  readonly predicted: ReadonlySet<string>;
  readonly unknown: readonly string[];
  readonly isPlan: boolean;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { keep: { type: "string" } } });
  const tree = await kernelTree();
  const build = await kernelBuild();
  const host = diskHost(tree);

  let isGood = report(await compareBuild(host, build, "x86"));
  reportEffort(host);
  for (const wanted of positionals) {
    const folder = values.keep ?? (await mkdtemp(join(tmpdir(), "weakspot-plan-")));
    isGood = report(await comparePlan(tree, host, folder, wanted)) && isGood;
    if (values.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
  console.log(isGood ? "\nevery difference is explained" : "\nsome differences are not explained");
  if (!isGood) process.exitCode = 1;
}

async function compareBuild(host: Host, build: string, architecture: string): Promise<Comparison> {
  const configuration = await readFile(join(build, ".config"), "utf8");
  const expected = new Set(objectsUnder(build));
  return { title: "the small kernel, built", expected, ...predict(host, architecture, configuration), isPlan: false };
}

async function comparePlan(tree: string, host: Host, folder: string, wanted: string): Promise<Comparison> {
  const match = /^(\w+)\/(\w+)(?:@(\S+))?$/.exec(wanted);
  if (match === null) throw new Error(`${wanted} is no ARCH/TARGET[@CROSS-PREFIX]`);
  const [, architecture, target, crossCompile] = match as unknown as [string, string, string, string | undefined];
  const place = join(folder, `${architecture}-${target}`);
  const plan = await planConfiguration(tree, place, { architecture, target, crossCompile });
  const title = `${architecture} ${target}, as make plans it`;
  return { title, expected: plan.objects, ...predict(host, architecture, plan.configuration), isPlan: true };
}

function predict(host: Host, architecture: string, text: string): Pick<Comparison, "predicted" | "unknown"> {
  const parsed = parseConfiguration(text);
  const configuration = configurationValue(parsed);
  checkKconfig(host, architecture, parsed.values);
  const walk = openWalk(openKbuild(host, { architecture, configuration }));
  walkAll(walk);
  const predicted = new Set<string>();
  const unknown: string[] = [];
  for (const [object, guard] of walk.objects) {
    const value = holds(guard, configuration);
    if (value === true) predicted.add(object);
    else if (value === undefined) unknown.push(object);
  }
  checkOpen(host, architecture, walk, configuration);
  return { predicted, unknown };
}

/** Every value that Kconfig has written must be one that our reading of its files finds possible. */
function checkKconfig(host: Host, architecture: string, values: ReadonlyMap<string, string>): void {
  const symbols = kconfigSymbols({ readText: host.readText, architectures: [architecture] });
  const wrong = [...values].filter(([name, value]) => (possibleValues(symbols, name) & classOfValue(value)) === 0);
  console.log(
    `\nKconfig: ${symbols.size} symbols, ${values.size} set, ${wrong.length} of them to what we take for impossible`,
  );
  for (const [name, value] of wrong.slice(0, 10)) console.log(`  ${name}=${value}`);
  if (wrong.length > 0) process.exitCode = 1;
}

/** The guards of a walk that leaves the configuration open must say of it what the walk with it says. */
function checkOpen(
  host: Host,
  architecture: string,
  decided: BuildWalk,
  configuration: (symbol: string) => string | undefined,
): void {
  const open = openWalk(openKbuild(host, { architecture }));
  walkAll(open);
  let differing = 0;
  let undecided = 0;
  for (const object of new Set([...open.objects.keys(), ...decided.objects.keys()])) {
    const value = open.objects.has(object) ? holds(open.objects.get(object)!, configuration) : false;
    const known = decided.objects.has(object) ? holds(decided.objects.get(object)!, configuration) : false;
    if (value === undefined) undecided++;
    else if (value !== known) {
      differing++;
      if (differing <= 5) console.log(`  open and decided walk differ: ${object}`);
    }
  }
  console.log(
    `\nguards of all configurations, decided for this one: ${open.objects.size} objects, ${differing} differ, ${undecided} undecided`,
  );
  if (differing > 0) process.exitCode = 1;
}

/** Prints a comparison; false where a difference has no known cause. */
function report({ title, expected, predicted, unknown, isPlan }: Comparison): boolean {
  const missed = [...expected].filter((object) => !predicted.has(object));
  const surplus = [...predicted].filter((object) => !expected.has(object));
  const agreed = expected.size - missed.length;
  const share = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(2)} %`;
  console.log(`\n${title}: ${expected.size} objects, ${predicted.size} predicted, ${agreed} in both`);
  console.log(
    `  precision ${share(agreed, predicted.size)}, recall ${share(agreed, expected.size)}, ${unknown.length} not decided`,
  );
  const unexplained = [
    ...explain("missed", missed, MISSED),
    ...explain("predicted only", surplus, isPlan ? BEYOND_PLAN : []),
    ...explain("not decided", unknown, []),
  ];
  for (const object of unexplained.slice(0, 40)) console.log(`  unexplained: ${object}`);
  return unexplained.length === 0;
}

function explain(what: string, objects: readonly string[], causes: readonly Cause[]): string[] {
  const rest: string[] = [];
  const counts = new Map<string, number>();
  for (const object of objects) {
    const cause = causes.find(({ test }) => test.test(object));
    if (cause === undefined) rest.push(`${object} (${what})`);
    else counts.set(cause.name, (counts.get(cause.name) ?? 0) + 1);
  }
  for (const [cause, count] of counts) console.log(`  ${what}: ${count}, ${cause}`);
  return rest;
}

/** What one file costs, and what the whole tree does. */
function reportEffort(host: Host): void {
  const texts = new Map(
    [...host.paths]
      .filter((path) => /(?:^|\/)(?:Makefile|Kbuild)[^/]*$/.test(path))
      .map((path) => [path, host.readText(path)!]),
  );
  let reads = 0;
  const memory = {
    hasFile: host.hasFile,
    readText(path: string) {
      reads++;
      return texts.get(path);
    },
  };
  const measure = (title: string, run: () => number) => {
    reads = 0;
    const start = process.cpuUsage();
    const time = performance.now();
    const count = run();
    const cpu = process.cpuUsage(start);
    const seconds = (cpu.user + cpu.system) / 1e6;
    console.log(
      `  ${title}: ${reads} files read, ${count} directories, ${seconds.toFixed(2)} s CPU, ${((performance.now() - time) / 1000).toFixed(2)} s`,
    );
  };
  console.log(`\neffort, texts in memory (${texts.size} Makefiles):`);
  for (let round = 0; round < 2; round++) {
    measure("whole tree, configuration left open", () => {
      const walk = openWalk(openKbuild(memory, { architecture: "x86" }));
      walkAll(walk);
      return walk.directories.size;
    });
  }
}

await main();
