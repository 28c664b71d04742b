/**
 * Random links: objects, archives and shared libraries in random order, with symbols that meet in every way, and options. Each link is
 * plain data, which assemble.ts builds and which our rules resolve.
 */

import type {
  Assignment,
  InputSymbol,
  LinkRequest,
  ResolvableArchive,
  ResolvableInput,
  ResolvableObject,
  ResolvableShared,
} from "../../../server/src/linkage/links/resolve/inputs.ts";
import { createRandom } from "../../support/random.ts";

/** A link to be built: `request` but for who links it. */
export type RandomLink = Omit<LinkRequest, "linker">;

const NAMES = ["s0", "s1", "s2", "s3", "s4", "s5"];
const SECTIONS = ["set_a", "set_b"];

type Random = (limit: number) => number;

/** The link of a seed. */
export function makeLink(seed: number): RandomLink {
  const random = createRandom(seed);
  const chance = (percent: number) => random(100) < percent;
  const hasLibraries = chance(40);
  const wrap = chance(12) ? [NAMES[random(NAMES.length)]!] : [];
  const names = wrap.length > 0 ? [...NAMES, `__wrap_${wrap[0]}`, `__real_${wrap[0]}`] : NAMES;
  let number = 0;
  // lld wraps what scripts say in ways of its own.
  const assignments = wrap.length === 0 && chance(30) ? makeAssignments(random) : [];
  // GNU ld searches archives for what a script has assigned, where a common symbol has the name as well: nobody writes that.
  const withoutCommon = new Set([...wrap, ...assignments.map(({ name }) => name)]);
  const object = () => makeObject(`o${number++}`, { names, withoutCommon }, random);
  const single = (): ResolvableObject | ResolvableArchive | ResolvableShared => {
    const kind = random(10);
    if (kind < 4) return object();
    if (kind < 8 || !hasLibraries) {
      const members = Array.from({ length: 1 + random(4) }, object);
      return { kind: "archive", name: `a${number++}`, members, take: chance(12) ? "all" : "needed" };
    }
    return makeLibrary(
      `l${number++}`,
      NAMES.filter((name) => !wrap.includes(name)),
      random,
    );
  };
  const inputs: ResolvableInput[] = [object()];
  for (let i = 2 + random(5); i > 0; i--) {
    if (!chance(15)) inputs.push(single());
    else inputs.push({ kind: "group", inputs: Array.from({ length: 2 + random(2) }, single) });
  }
  return {
    inputs,
    assignments,
    undefined: chance(20) ? [NAMES[random(NAMES.length)]!] : [],
    // Programs start in the runtime's own code.
    entry: undefined,
    wrap,
  };
}

interface Vocabulary {
  readonly names: readonly string[];
  readonly withoutCommon: ReadonlySet<string>;
}

function makeObject(name: string, { names, withoutCommon }: Vocabulary, random: Random): ResolvableObject {
  const symbols: InputSymbol[] = [];
  for (const symbol of names) {
    const kind = random(100);
    const isMade = symbol.startsWith("__");
    if (kind < 22) symbols.push({ name: symbol, binding: "global", place: "undefined" });
    else if (kind < 34) symbols.push({ name: symbol, binding: "weak", place: "undefined" });
    else if (symbol.startsWith("__real_")) continue;
    else if (kind < 44) symbols.push({ name: symbol, binding: "weak", place: "defined", ...groupOf(symbol, random) });
    else if (kind < 50) symbols.push({ name: symbol, binding: "global", place: "defined" });
    else if (kind < 53 && !isMade && !withoutCommon.has(symbol))
      symbols.push({ name: symbol, binding: "global", place: "common", size: 4 });
  }
  for (const section of SECTIONS) {
    if (random(100) >= 8) continue;
    symbols.push({ name: `__start_${section}`, binding: random(2) === 0 ? "weak" : "global", place: "undefined" });
  }
  const sections = SECTIONS.filter(() => random(100) < 10);
  return { kind: "object", name, symbols, sections };
}

/** Some weak definitions lie in a section of a group that other objects bring as well, as C++ has it. */
function groupOf(symbol: string, random: Random): { readonly group?: string } {
  return random(100) < 15 ? { group: `group_${symbol}` } : {};
}

/** Libraries define more than they need, so that programs can be linked with them; what is wrapped they don't speak of. */
function makeLibrary(name: string, names: readonly string[], random: Random): ResolvableShared {
  const symbols: InputSymbol[] = [];
  for (const symbol of names) {
    const kind = random(100);
    if (kind < 12) symbols.push({ name: symbol, binding: "global", place: "undefined" });
    else if (kind < 20) symbols.push({ name: symbol, binding: "weak", place: "undefined" });
    else if (kind < 34) symbols.push({ name: symbol, binding: "weak", place: "defined" });
    else if (kind < 48) symbols.push({ name: symbol, binding: "global", place: "defined" });
  }
  return { kind: "shared", name, symbols, isAsNeeded: random(100) < 30 };
}

function makeAssignments(random: Random): Assignment[] {
  return Array.from({ length: 1 + random(2) }, () => ({
    name: NAMES[random(NAMES.length)]!,
    how: random(3) === 0 ? ("assign" as const) : ("provide" as const),
    refersTo: [],
    isKnownEarly: true,
    source: "script",
  }));
}
