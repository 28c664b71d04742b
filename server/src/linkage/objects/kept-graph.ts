/**
 * The graph of a link's input sections: those that are in the image, which of them refers to which, and a shortest way to each from a
 * root, as the linker follows references when it collects garbage (ld manual, "Options", --gc-sections).
 */

import type { ChainStep, InputPlace, LinkGraph, ObjectSections } from "./link-graph.ts";

/** A link with what all questions about it have in common. */
export interface KeptGraph extends LinkGraph {
  readonly files: ReadonlyMap<string, ObjectSections>;
  readonly nodes: ReadonlyMap<string, KeptNode>;
  readonly parents: ReadonlyMap<string, Parent | undefined>;
  /** The key of the section that the image starts in; undefined where that is not known. */
  readonly start: string | undefined;
  /** The sections that refer to a section, be they kept or not, but for itself and what describes functions. */
  referrersOf(place: InputPlace): readonly InputPlace[];
}

export function openGraph(graph: LinkGraph): KeptGraph {
  const nodes = keptNodes(graph);
  const files = new Map(graph.objects.map((object) => [object.file, object]));
  let referrers: Referrers | undefined;
  return {
    ...graph,
    files,
    nodes,
    parents: findParents(nodes, graph),
    start: entryKey(graph, nodes),
    referrersOf(place) {
      referrers ??= findReferrers(graph.objects);
      return sectionsReferringTo(place, files.get(place.file), referrers);
    },
  };
}

/** Who refers to what: to global symbols by their names, to sections of the own object by their keys. */
interface Referrers {
  readonly global: ReadonlyMap<string, readonly InputPlace[]>;
  readonly local: ReadonlyMap<string, readonly InputPlace[]>;
}

function findReferrers(objects: readonly ObjectSections[]): Referrers {
  const global = new Map<string, InputPlace[]>();
  const local = new Map<string, InputPlace[]>();
  for (const { file, sections } of objects) {
    for (const { name, references } of sections) {
      if (DESCRIBING.test(name)) continue;
      const place = { file, section: name };
      for (const { symbol, section } of references) {
        if (section === undefined) append(global, symbol, place);
        else if (sections[section] !== undefined)
          append(local, keyOf({ file, section: sections[section].name }), place);
      }
    }
  }
  return { global, local };
}

function append(lists: Map<string, InputPlace[]>, key: string, place: InputPlace): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [place]);
  else list.push(place);
}

function sectionsReferringTo(
  place: InputPlace,
  object: ObjectSections | undefined,
  { global, local }: Referrers,
): InputPlace[] {
  const own = object?.symbols.filter(
    ({ section, isLocal }) => !isLocal && object.sections[section]?.name === place.section,
  );
  const found = [...(local.get(keyOf(place)) ?? []), ...(own ?? []).flatMap(({ name }) => global.get(name) ?? [])];
  const others = new Map(found.map((one) => [keyOf(one), one]));
  others.delete(keyOf(place));
  return [...others.values()];
}

export function keyOf({ file, section }: InputPlace): string {
  return `${file}\0${section}`;
}

export interface KeptNode extends InputPlace {
  readonly address: bigint;
  /** In bytes. */
  readonly size: number;
  /** By key, with the symbol of the first reference. */
  readonly targets: Map<string, string>;
}

/** What describes functions refers to them without keeping them. */
const DESCRIBING = /^\.(?:ARM\.exidx|eh_frame|debug|stab)/;

/** The sections that are in the image, each with what it refers to. */
function keptNodes({ layout, objects }: LinkGraph): Map<string, KeptNode> {
  const nodes = new Map<string, KeptNode>();
  for (const { inputs } of layout.sections) {
    for (const { file, section, address, size } of inputs) {
      const key = keyOf({ file, section });
      if (file !== "" && !nodes.has(key)) nodes.set(key, { file, section, address, size, targets: new Map() });
    }
  }
  const defined = definitionsIn(objects, nodes);
  for (const { file, sections } of objects) {
    for (const { name, references } of sections) {
      const node = nodes.get(keyOf({ file, section: name }));
      if (node === undefined || DESCRIBING.test(name)) continue;
      for (const { symbol, section } of references) {
        const own = section === undefined ? undefined : sections[section];
        const target = own === undefined ? defined.get(symbol) : keyOf({ file, section: own.name });
        if (target !== undefined && nodes.has(target) && !node.targets.has(target)) node.targets.set(target, symbol);
      }
    }
  }
  return nodes;
}

/** The section that each global symbol is defined in, of those that are in the image; a strong definition before a weak one. */
function definitionsIn(objects: readonly ObjectSections[], nodes: ReadonlyMap<string, KeptNode>): Map<string, string> {
  const defined = new Map<string, { readonly key: string; readonly isWeak: boolean }>();
  for (const { file, sections, symbols } of objects) {
    for (const { name, section, isLocal, isWeak } of symbols) {
      const holder = isLocal ? undefined : sections[section];
      if (holder === undefined) continue;
      const key = keyOf({ file, section: holder.name });
      const before = defined.get(name);
      if (nodes.has(key) && (before === undefined || (before.isWeak && !isWeak))) defined.set(name, { key, isWeak });
    }
  }
  return new Map([...defined].map(([name, { key }]) => [name, key]));
}

/** The section that the image starts in. */
function entryKey({ entry }: LinkGraph, nodes: ReadonlyMap<string, KeptNode>): string | undefined {
  if (entry === undefined) return undefined;
  return [...nodes].find(([, { address, size }]) => entry >= address && entry < address + BigInt(size))?.[0];
}

export interface Parent {
  readonly key: string;
  readonly symbol: string;
}

/** For each section that is reached from a root, the one before it on a shortest way; undefined for roots. */
function findParents(nodes: ReadonlyMap<string, KeptNode>, graph: LinkGraph): Map<string, Parent | undefined> {
  const parents = new Map<string, Parent | undefined>();
  const entry = entryKey(graph, nodes);
  const referred = new Set(
    [...nodes].flatMap(([key, { targets }]) => [...targets.keys()].filter((one) => one !== key)),
  );
  const alone = [...nodes.keys()].filter((key) => !referred.has(key) && !DESCRIBING.test(nodes.get(key)!.section));
  // From the entry first: that is the chain that people look for.
  spread(entry === undefined ? [] : [entry], nodes, parents);
  spread(alone, nodes, parents);
  // What is left refers to itself in circles, so one of each was kept for itself.
  for (const key of nodes.keys()) spread([key], nodes, parents);
  return parents;
}

function spread(
  roots: readonly string[],
  nodes: ReadonlyMap<string, KeptNode>,
  parents: Map<string, Parent | undefined>,
): void {
  const queue = roots.filter((root) => !parents.has(root));
  for (const root of queue) parents.set(root, undefined);
  for (let next = 0; next < queue.length; next++) {
    const key = queue[next]!;
    for (const [target, symbol] of nodes.get(key)!.targets) {
      if (parents.has(target)) continue;
      parents.set(target, { key, symbol });
      queue.push(target);
    }
  }
}

/** The steps from a root to a section that is in the image. */
export function chainTo(place: InputPlace, { parents, nodes }: Pick<KeptGraph, "parents" | "nodes">): ChainStep[] {
  const chain: ChainStep[] = [];
  for (let at: string | undefined = keyOf(place); at !== undefined; ) {
    const parent: Parent | undefined = parents.get(at);
    const { file, section } = nodes.get(at)!;
    chain.push({ file, section, symbol: parent?.symbol });
    at = parent?.key;
  }
  return chain.reverse();
}
