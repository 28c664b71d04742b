/**
 * Compares, for every symbol that has a weak definition in a built kernel, the winner that the sources predict with the one
 * that the objects have. It prints agreements by kind and disagreements by cause, and fails on those that no cause explains.
 *
 *     npm run conformance:winners [-- --all] [-- --trees musl,busybox,u-boot,arm-trusted-firmware | all] [-- --only-trees]
 *
 * WEAKSPOT_KERNEL_BUILD names the build; without it the small kernel of the cache is used. With --all, symbols without a weak
 * definition are compared too.
 *
 * The same of trees that are no kernel and are built with a linker's map (judge-trees.ts): of a small one, unless --trees names others.
 */

import type { LinkUnitReport } from "../../../server/src/features/symbol-report.ts";
import { reportSymbol } from "../../../server/src/features/symbol-report.ts";
import { sourceOfBuild } from "../../../server/src/host/build/find-build.ts";
import { openBuild } from "../../../server/src/host/build/open-build.ts";
import { configurationPathOfBuild } from "../../../server/src/host/configuration-file.ts";
import { defaultCacheFolder } from "../../../server/src/host/index-cache.ts";
import { linksOfSymbol, viewBuild } from "../../../server/src/linkage/links/built-links.ts";
import type { Links } from "../../../server/src/linkage/links/links.ts";
import { allNames, symbolsNamed } from "../../../server/src/linkage/objects/object-index.ts";
import { openSession } from "../../../server/src/session/session.ts";
import { kernelBuild } from "../../support/kernel-build.ts";
import { judgeTrees } from "./judge-trees.ts";

/** What the objects have. */
interface Actual {
  readonly object: string;
  readonly source: string | undefined;
  readonly binding: "weak" | "strong";
}

interface Case {
  readonly name: string;
  readonly predicted: LinkUnitReport | undefined;
  readonly actual: Actual;
  /** The text of the source that the winner was made of; undefined where it is not in the tree. */
  readonly text: string | undefined;
  /** Some declaration of the symbol in a header is weak. */
  readonly isWeakInHeader: boolean;
  /** Files of which no Makefile is known that builds them. */
  readonly unlisted: ReadonlySet<string>;
  /** Files that the winner's source includes as source. */
  readonly within: ReadonlySet<string>;
}

/** Why prediction and objects differ: "" is for agreement, and what no cause explains starts with "!". */
function judge({ name, predicted, actual, text, isWeakInHeader, unlisted, within }: Case): string {
  // What a file that is included as source defines is in the object of the file that includes it.
  const sourceOf = (file: string): string => (within.has(file) ? (actual.source ?? file) : file);
  const definitions = (predicted?.definitions ?? []).map((one) => ({ ...one, file: sourceOf(one.file) }));
  const winner = predicted?.winner === undefined ? undefined : sourceOf(predicted.winner.file);
  const ours = definitions.filter(({ file }) => file === actual.source);
  if (ours.length === 0) {
    if (text === undefined) return "the winner is made of a file that the build generates";
    if (!new RegExp(`\\b${name}\\b`).test(text)) {
      return /^[ \t]*#[ \t]*include[ \t]+"[^"]+\.c"/m.test(text)
        ? "the winner's source includes the one that defines it"
        : "the name is put together by a macro";
    }
    const others = definitions.map(({ file }) => file).join(", ");
    return `! ${others === "" ? "no definition is" : `${others}`} predicted, ${actual.source} has it`;
  }
  if (!ours.some(({ binding }) => (binding === "weak") === (actual.binding === "weak"))) {
    if (actual.binding === "weak" && isWeakInHeader) return "a weak declaration in a header makes the definition weak";
    return `! ${ours[0]!.binding} predicted in ${ours[0]!.file}, ${actual.binding} in ${actual.object}`;
  }
  const strong = definitions.filter(({ binding, role }) => binding !== "weak" && role !== "provide");
  const candidates = strong.length > 0 ? strong : definitions;
  if (winner !== undefined && winner === actual.source) return "";
  if (new Set(candidates.map(({ file }) => file)).size === 1 && candidates[0]!.file === actual.source) {
    return "several definitions in the one file, of which the preprocessor takes one";
  }
  if (strong.length === 0) return "of several weak definitions the first in the link wins";
  const rivals = candidates.filter(({ file }) => file !== actual.source);
  if (rivals.every(({ condition }) => condition !== ""))
    return "the others have conditions that no configuration decides";
  if (rivals.every(({ file }) => unlisted.has(file))) return "a file that no known Makefile lists may be in any link";
  return `! ${rivals.map(({ file }) => file).join(", ")} predicted, ${actual.source} has it`;
}

async function run(): Promise<void> {
  const isAll = process.argv.includes("--all");
  const folder = await kernelBuild();
  const root = sourceOfBuild(folder);
  if (root === undefined) throw new Error(`${folder} names no source tree`);
  const session = openSession(root, {
    cacheFolder: defaultCacheFolder(),
    configuration: () => configurationPathOfBuild(folder),
  });
  const build = openBuild(folder, root);
  try {
    await Promise.all([session.workspace.current, build.load()]);
    const links = viewBuild(build.layout!, build.index, true);
    const byCause = new Map<string, string[]>();
    const unexplained: string[] = [];
    let compared = 0;
    let agreed = 0;
    for (const name of [...allNames(build.index)].sort()) {
      const isWeak = symbolsNamed(build.index, name).some(({ binding, isDefined }) => binding === "weak" && isDefined);
      if (!isWeak && !isAll) continue;
      const unit = linksOfSymbol(links, name).find(({ link }) => link.unit.kind === "vmlinux");
      const winner = unit?.linked.winner;
      if (unit === undefined || winner === undefined) continue;
      const { linkUnits } = await session.ask((program) => reportSymbol(name, program, { limit: 0 }));
      const source = await build.sourceOf(winner.object);
      const actual: Actual = { object: winner.object, source, binding: winner.binding === "weak" ? "weak" : "strong" };
      const predicted = linkUnits.find((report) => report.link === "vmlinux");
      const text = source === undefined ? undefined : await session.workspace.readSource(source);
      const isWeakInHeader = linkUnits.some(({ declarations }) =>
        declarations.some(({ file, binding }) => file.endsWith(".h") && binding === "weak"),
      );
      const files = (predicted?.definitions ?? []).map(({ file }) => file);
      const unlisted = await session.ask(
        ({ links: model }) => new Set(files.filter((file) => model.unitsOf(file).length === 0)),
      );
      const isWithin = (file: string, model: Links) =>
        file !== source && model.translationUnitsOf(file).some(({ path }) => path === source);
      const within = await session.ask(({ links: model }) => new Set(files.filter((file) => isWithin(file, model))));
      const written = text?.slice(0, text.length);
      const cause = judge({ name, predicted, actual, text: written, isWeakInHeader, unlisted, within });
      compared++;
      if (cause === "") agreed++;
      else if (cause.startsWith("!")) unexplained.push(`${name}: ${cause.slice(2)}`);
      else byCause.set(cause, [...(byCause.get(cause) ?? []), name]);
    }
    console.log(
      `${compared} symbols${isAll ? "" : " with a weak definition"} in vmlinux: ${agreed} winners as predicted`,
    );
    for (const [cause, names] of byCause) {
      const some = names.slice(0, 4).join(", ");
      console.log(`  explained, ${names.length}: ${cause} (${some}${names.length > 4 ? " …" : ""})`);
    }
    for (const line of unexplained) console.log(`  DIFFERENT ${line}`);
    console.log(unexplained.length === 0 ? "no differences without a cause" : `${unexplained.length} differences`);
    process.exitCode = unexplained.length === 0 ? 0 : 1;
  } finally {
    await build.close();
    await session.dispose();
  }
}

if (!process.argv.includes("--only-trees")) await run();
const at = process.argv.indexOf("--trees");
if (!(await judgeTrees(at < 0 ? undefined : process.argv[at + 1]))) process.exitCode = 1;
