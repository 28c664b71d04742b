/**
 * The build beside an open tree: found, read when something is first asked of it, and looked at again now and then. It joins
 * what sources predict with what the objects say. It knows no protocol types and prints nothing.
 */

import { resolve } from "node:path";
import { type ObjectsReport, reportObjects } from "../features/objects-report.ts";
import type { LinkUnitReport } from "../features/symbol-report.ts";
import { findBuild, namedBuild } from "../host/build/find-build.ts";
import { type LocalSymbol, readLocals } from "../host/build/local-symbols.ts";
import { type Build, openBuild } from "../host/build/open-build.ts";
import { type BuiltLinks, viewBuild } from "../linkage/links/built-links.ts";
import type { ObjectName } from "../linkage/objects/build-layout.ts";
import { baseName, withoutEnding } from "../text/path.ts";

export interface ObjectsOptions {
  /** The build folder that the user names; asked whenever the build is looked for. Empty: it is looked for below the root. */
  buildFolder?(): string | undefined;
  /** The map of the main link that the user names, absolute or relative to the root. Empty: it is looked for. */
  mapFile?(): string | undefined;
  onProgress?(done: number, total: number): void;
  /** Called when more of the build is known. */
  onChange?(): void;
  /** Called with a sentence when the build can't be read, or not whole. */
  onProblem?(problem: string): void;
}

export interface Objects {
  /** The build folder, when there is one. */
  folder(): string | undefined;
  /** What is known of the build by now; undefined when there is none, or nothing is known yet. Starts to read it. */
  view(): BuiltLinks | undefined;
  /** Reads the build and waits for all of it. undefined when there is none. Rejects when it can't be read. */
  whole(): Promise<BuiltLinks | undefined>;
  /** What the objects say of a symbol, beside what the sources predict; undefined when there is no build. */
  report(name: string, predicted: readonly LinkUnitReport[]): Promise<ObjectsReport | undefined>;
  /** What the objects that were made of a source have of a static; empty without a build, or where they can't be read. */
  locals(name: string, source: string): Promise<readonly ObjectLocals[]>;
  /** The source that an object was made of, relative to the tree. */
  sourceOf(object: ObjectName): Promise<string | undefined>;
  /** Looks for the build anew, as after a change of settings. */
  reset(): Promise<void>;
  dispose(): Promise<void>;
}

/** The local symbols that one object has of a name; none where every call was inlined. */
export interface ObjectLocals {
  readonly object: ObjectName;
  readonly symbols: readonly LocalSymbol[];
}

/** After so long a build may have changed, and its objects are looked at again; longer where that takes long. */
const LOOK_AGAIN_MILLISECONDS = 10_000;
const LOOK_AGAIN_FACTOR = 20;

/** Of so many objects of a symbol the sources are looked up, and whether these are newer. */
const MAX_ORIGINS = 40;

/** @param root the tree's real path */
export function openObjects(root: string, options: ObjectsOptions = {}): Objects {
  let build: Build | undefined;
  let isSought = false;
  let seen: BuiltLinks | undefined;
  let lookAgainAt = 0;

  function find(): Build | undefined {
    if (isSought) return build;
    isSought = true;
    const named = options.buildFolder?.();
    const folder = named === undefined || named === "" ? findBuild(root) : namedBuild(root, named);
    if (folder === undefined) {
      if (named !== undefined && named !== "") options.onProblem?.(`there is no build folder ${named}`);
      return undefined;
    }
    const map = options.mapFile?.();
    build = openBuild(folder, root, {
      map: map === undefined || map === "" ? undefined : resolve(root, map),
      onProgress: (done, total) => options.onProgress?.(done, total),
      onChange: () => options.onChange?.(),
    });
    return build;
  }

  function viewOf({ layout, index, maps, isComplete }: Build): BuiltLinks | undefined {
    if (layout === undefined) return undefined;
    const isSame = seen?.layout === layout && seen.index === index && seen.revision === index.revision;
    if (!isSame || seen?.isComplete !== isComplete) seen = viewBuild(layout, index, isComplete, maps);
    return seen;
  }

  /** Looks at the objects again in the background when the last time was long ago. */
  function refreshSometimes(opened: Build): void {
    const now = performance.now();
    if (!opened.isComplete || now < lookAgainAt) return;
    lookAgainAt = Number.POSITIVE_INFINITY;
    opened.refresh().then(
      () => {
        const took = performance.now() - now;
        lookAgainAt = performance.now() + Math.max(LOOK_AGAIN_MILLISECONDS, LOOK_AGAIN_FACTOR * took);
      },
      (error: unknown) => complain(error),
    );
  }

  function complain(error: unknown): void {
    if (isSought) options.onProblem?.(error instanceof Error ? error.message : String(error));
  }

  function view(): BuiltLinks | undefined {
    const opened = find();
    if (opened === undefined) return undefined;
    if (lookAgainAt === 0) {
      lookAgainAt = performance.now() + LOOK_AGAIN_MILLISECONDS;
      opened.load().catch(complain);
    } else refreshSometimes(opened);
    return viewOf(opened);
  }

  return {
    folder: () => find()?.folder,
    view,
    async whole() {
      const opened = find();
      if (opened === undefined) return undefined;
      lookAgainAt = performance.now() + LOOK_AGAIN_MILLISECONDS;
      await opened.load();
      return viewOf(opened);
    },
    async report(name, predicted) {
      let links = view();
      if (links === undefined || build === undefined) return undefined;
      const opened = build;
      if (opened.isComplete && (await haveChanged(opened, name, links))) {
        // The kernel was built again just now: what was read is of the past.
        await opened.refresh();
        links = viewOf(opened) ?? links;
      }
      const objects = reportObjects(name, links).objects.slice(0, MAX_ORIGINS);
      const files = [...new Set(objects.filter(({ part }) => part !== "image").map(({ file }) => file))];
      const sources = await Promise.all(files.map((file) => opened.sourceOf(file)));
      const newer = await Promise.all(files.map((file) => opened.newerThan(file)));
      return reportObjects(name, links, predicted, { sources: present(files, sources), newer: present(files, newer) });
    },
    async locals(name, source) {
      const links = view();
      const opened = build;
      if (links === undefined || opened === undefined) return [];
      const base = baseName(withoutEnding(source));
      const objects = new Set(links.layout.links.flatMap((link) => link.objects.map(({ object }) => object)));
      const found: ObjectLocals[] = [];
      for (const object of objects) {
        if (!baseName(object).startsWith(base) || (await opened.sourceOf(object)) !== source) continue;
        const symbols = await readLocals(opened.folder, object, name);
        if (symbols !== undefined) found.push({ object, symbols });
      }
      return found;
    },
    sourceOf: async (object) => find()?.sourceOf(object),
    async reset() {
      const old = build;
      build = undefined;
      isSought = false;
      seen = undefined;
      lookAgainAt = 0;
      await old?.close();
    },
    async dispose() {
      const old = build;
      build = undefined;
      isSought = true;
      await old?.close();
    },
  };
}

/** Whether one of the files that speak of the symbol is no more what was read. */
async function haveChanged(build: Build, name: string, links: BuiltLinks): Promise<boolean> {
  const files = reportObjects(name, links).objects.slice(0, MAX_ORIGINS);
  const changed = await Promise.all(files.map(({ file }) => build.hasChanged(file)));
  return changed.includes(true);
}

function present(keys: readonly string[], values: readonly (string | undefined)[]): ReadonlyMap<string, string> {
  return new Map(keys.flatMap((key, i) => (values[i] === undefined ? [] : [[key, values[i]] as const])));
}
