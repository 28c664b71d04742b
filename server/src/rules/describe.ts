/** Words for what is known of a symbol, shared by rules and hover. It decides nothing. */

import { describePlace } from "../linkage/facts/texts.ts";
import { definitionsNear, type Outcome, outcomeOf } from "../linkage/symbols/outcome.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { describeOthers, whoMayDefine } from "../linkage/symbols/who-may-define.ts";
import type { RelatedPlace } from "./rule.ts";

export interface Description {
  /** "" where there is nothing to say. */
  readonly text: string;
  readonly related: readonly RelatedPlace[];
}

/** How many places are named before "and N more". */
const NAMED_PLACES = 3;

/** "one, two, three and 4 more". */
export function listSome(items: readonly string[]): string {
  return someOf(items, (item) => item);
}

/**
 * The same of items whose names are dear to find: only those that are named are looked at. `count` is how many there are where
 * `items` are the first few of them, more than are named if there are more.
 */
export function someOf<T>(items: readonly T[], nameOf: (item: T) => string, count = items.length): string {
  const named = items.slice(0, NAMED_PLACES).map(nameOf).join(", ");
  return count > NAMED_PLACES ? `${named} and ${count - NAMED_PLACES} more` : named;
}

/** What defines the symbol for users of this file, as one clause. */
export function describeDefinitions(program: Program, path: string, name: string): Description {
  if (!program.index.isComplete) return { text: "", related: [] };
  const definitions = definitionsNear(program, path, name);
  const outcome = outcomeOf(program, definitions);
  const deciding = definitions.filter((one) => outcomeOf(program, [one]) === outcome);
  const places = deciding.map(({ path: at, fact }) => {
    const condition = fact.condition === "" ? "" : ` (if ${shorten(fact.condition)})`;
    const archive = isArchived(program, at) ? ", in an archive, which a weak reference takes nothing from" : "";
    // C11 6.7.4p7: but for one without `inline` or with `extern` besides, and but for gnu89.
    const inline = program.resolve(fact).isInline === true ? ", inline, which may make no symbol" : "";
    return `${describePlace(program.texts, at, fact.start)}${inline}${condition}${archive}`;
  });
  return {
    text: outcome === "nowhere" ? describeNowhere(program, path, name) : sentences[outcome](listSome(places)),
    related: definitions.slice(0, 5).map(({ path: at, fact }) => ({
      path: at,
      span: { start: fact.start, end: fact.end },
      message: `${program.isWeak(fact) ? "weak " : ""}${fact.role} of '${name}'`,
    })),
  };
}

/** Whether the file is linked as the member of an archive alone. */
export function isArchived({ links }: Program, path: string): boolean {
  const memberships = links.membershipsOf(path);
  return memberships.length > 0 && memberships.every(({ reach }) => reach === "archive");
}

/** Who may define what no source file does. */
function describeNowhere(program: Program, path: string, name: string): string {
  const nobody =
    program.narrowing === undefined ? "no source file defines it" : "nothing that this configuration builds defines it";
  const { others, isClosed } = whoMayDefine(name, path, program.everywhere);
  if (isClosed) return `${nobody}: it is generated at link time, or always NULL`;
  const known = others.filter(({ kind }) => kind !== "unknown link");
  if (known.length > 0) {
    const isMade = known.every(({ kind }) => kind === "linker" || kind === "load time");
    return `${nobody}${isMade ? "" : "; it may come from elsewhere"}: ${describeOthers(known)}`;
  }
  return `${nobody}: it is defined outside of the tree, generated at link time, or NULL (${describeOthers(others)})`;
}

const sentences: Record<Exclude<Outcome, "nowhere">, (places: string) => string> = {
  strong: (places) => `defined strongly at ${places}`,
  weak: (places) => `defined weakly at ${places}`,
  provided: (places) => `provided by ${places} where nothing else defines it`,
};

/** Where C code compares the symbol's address with NULL, as one clause. */
export function describeNullTests(program: Program, path: string, name: string): Description {
  if (!program.index.isComplete) return { text: "", related: [] };
  const tests = program
    .usesOf(name)
    .filter((use) => use.use.kind === "null-test" && program.links.canLink(path, use.path));
  if (tests.length === 0) return { text: "", related: [] };
  return {
    text: `tested against NULL at ${listSome(tests.map((test) => describePlace(program.texts, test.path, test.use.start)))}`,
    related: tests.slice(0, 5).map((test) => ({
      path: test.path,
      span: { start: test.use.start, end: test.use.end },
      message: `'${name}' is tested against NULL`,
    })),
  };
}

/** Conditions can run over lines; a message shows the beginning. */
function shorten(condition: string): string {
  return condition.length > 60 ? `${condition.slice(0, 57)}...` : condition;
}
