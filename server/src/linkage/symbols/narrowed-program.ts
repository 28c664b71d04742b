/**
 * A program narrowed to one configuration: facts that it leaves out and files that it does not build do not count. That is
 * for reports alone; fixes are judged by the program of all configurations, which stays at hand as `everywhere`.
 */

import { conditionOf } from "../../syntax/condition/condition.ts";
import { decide, type Knowledge, knowledgeOf } from "../../syntax/condition/evaluate.ts";
import { ANY_VALUE, type ConfigurationValue } from "../../syntax/kbuild/guard.ts";
import type { SymbolFact } from "../facts/facts.ts";
import type { Mention } from "../facts/link-index.ts";
import type { IncludingUnit } from "../index/included-sources.ts";
import { type LinkUnit, unitText } from "../kbuild/link-unit.ts";
import type { Program } from "./program.ts";

/** What reports are narrowed to. */
export interface Narrowing {
  /** undefined leaves conditions open, save for what the architecture says. */
  readonly configuration: ConfigurationValue | undefined;
  /** The directory below arch/; undefined for all. */
  readonly architecture: string | undefined;
  /** Where the configuration was read, for people: ".config". */
  readonly source: string | undefined;
}

/** The program as the configuration has it. What is not known to be left out counts. */
export function narrowProgram(everywhere: Program, narrowing: Narrowing): Program {
  const { links } = everywhere;
  const { configuration, architecture } = narrowing;
  const knowledge: Knowledge =
    configuration !== undefined
      ? knowledgeOf(configuration)
      : { possible: architecture === undefined ? () => ANY_VALUE : links.possibleOn(architecture) };
  // Not remembered here: the answer changes as Makefiles are read, and the links remembers it when they are.
  const unitsOf = (path: string, counts?: (unit: IncludingUnit) => boolean) =>
    unitsUnder(everywhere, path, narrowing, knowledge, counts);

  function isActive(path: string, fact: Pick<SymbolFact, "condition">): boolean {
    const units = unitsOf(path);
    if (units?.length === 0) return false;
    if (fact.condition === "") return true;
    const isDefined = (name: string) => isDefinedIn(name, path, units);
    return decide(conditionOf(fact.condition), { ...knowledge, isDefined }) !== "no";
  }

  const isActiveMention = (mention: Mention) =>
    (mention.architecture === undefined || architecture === undefined || mention.architecture === architecture) &&
    isActive(mention.path, mention.fact);

  return {
    everywhere,
    narrowing,
    isActive,
    index: everywhere.index,
    texts: everywhere.texts,
    links: {
      ...links,
      possibleOn: (name) => (configuration === undefined ? links.possibleOn(name) : knowledge.possible),
      architectures: architecture === undefined ? links.architectures : [architecture],
      unitsOf: (path, counts) => unitsOf(path, counts)?.map(unitText) ?? links.unitsOf(path, counts),
    },
    fallbackForm: everywhere.fallbackForm,
    isWeak: everywhere.isWeak,
    isWeakWord: everywhere.isWeakWord,
    resolve: everywhere.resolve,
    madeIn: (path) => everywhere.madeIn(path).filter((fact) => isActive(path, fact)),
    madeAt: (path, start) => everywhere.madeAt(path, start).filter(isActiveMention),
    mentionsOf: (name) => everywhere.mentionsOf(name).filter(isActiveMention),
    declarationsOf: (name) => everywhere.declarationsOf(name).filter(isActiveMention),
    definitionsOf: (name) => everywhere.definitionsOf(name).filter(isActiveMention),
    usesOf: (name) => everywhere.usesOf(name).filter(({ path, use }) => isActive(path, use)),
  };
}

/** The links of a file under the narrowing: of the one architecture, or of every one where none is named. */
function unitsUnder(
  program: Program,
  path: string,
  { architecture }: Narrowing,
  { possible }: Knowledge,
  counts?: (unit: IncludingUnit) => boolean,
): readonly LinkUnit[] | undefined {
  const { links } = program;
  if (architecture !== undefined) return links.unitsIn(path, architecture, possible, counts);
  // A configuration of no known architecture leaves files of all of them in.
  const own = /^arch\/([^/]+)\//.exec(path)?.[1];
  return links.unitsIn(path, own ?? links.architectures[0] ?? "", possible, counts);
}

/** What the preprocessor knows besides configuration symbols, by how the file is built. */
function isDefinedIn(name: string, path: string, units: readonly LinkUnit[] | undefined): boolean | undefined {
  switch (name) {
    case "MODULE": {
      // KBUILD_CFLAGS_MODULE is -DMODULE (the top Makefile).
      if (units === undefined || units.length === 0) return undefined;
      const modules = units.filter((unit) => unit.kind === "module").length;
      return modules === 0 ? false : modules === units.length ? true : undefined;
    }
    case "__KERNEL__":
      return units?.some(({ kind }) => kind === "vmlinux" || kind === "module") ? true : undefined;
    case "__ASSEMBLY__":
    case "__ASSEMBLER__":
      return path.endsWith(".h") ? undefined : !path.endsWith(".c");
    case "__cplusplus":
      return false;
    default:
      return undefined;
  }
}
