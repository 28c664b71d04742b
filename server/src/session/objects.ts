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
  return new TreeObjects(root, options);
}

class TreeObjects implements Objects {
  readonly #root: string;
  readonly #options: ObjectsOptions;
  #build: Build | undefined;
  #isSought = false;
  #seen: BuiltLinks | undefined;
  #lookAgainAt = 0;

  constructor(root: string, options: ObjectsOptions = {}) {
    this.#root = root;
    this.#options = options;
  }

  folder() {
    return this.#find()?.folder;
  }

  async whole() {
    const opened = this.#find();
    if (opened === undefined) return undefined;
    this.#lookAgainAt = performance.now() + LOOK_AGAIN_MILLISECONDS;
    await opened.load();
    return this.#viewOf(opened);
  }

  async report(name: string, predicted: readonly LinkUnitReport[]) {
    let links = this.view();
    if (links === undefined || this.#build === undefined) return undefined;
    const opened = this.#build;
    if (opened.isComplete && (await haveChanged(opened, name, links))) {
      // The kernel was built again just now: what was read is of the past.
      await opened.refresh();
      links = this.#viewOf(opened) ?? links;
    }
    const objects = reportObjects(name, links).objects.slice(0, MAX_ORIGINS);
    const files = [...new Set(objects.filter(({ part }) => part !== "image").map(({ file }) => file))];
    const sources = await Promise.all(files.map((file) => opened.sourceOf(file)));
    const newer = await Promise.all(files.map((file) => opened.newerThan(file)));
    return reportObjects(name, links, predicted, { sources: present(files, sources), newer: present(files, newer) });
  }

  async locals(name: string, source: string) {
    const links = this.view();
    const opened = this.#build;
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
  }

  async sourceOf(object: string) {
    return this.#find()?.sourceOf(object);
  }

  async reset() {
    const old = this.#build;
    this.#build = undefined;
    this.#isSought = false;
    this.#seen = undefined;
    this.#lookAgainAt = 0;
    await old?.close();
  }

  async dispose() {
    const old = this.#build;
    this.#build = undefined;
    this.#isSought = true;
    await old?.close();
  }

  #find(): Build | undefined {
    if (this.#isSought) return this.#build;
    this.#isSought = true;
    const named = this.#options.buildFolder?.();
    const folder = named === undefined || named === "" ? findBuild(this.#root) : namedBuild(this.#root, named);
    if (folder === undefined) {
      if (named !== undefined && named !== "") this.#options.onProblem?.(`there is no build folder ${named}`);
      return undefined;
    }
    const map = this.#options.mapFile?.();
    this.#build = openBuild(folder, this.#root, {
      map: map === undefined || map === "" ? undefined : resolve(this.#root, map),
      onProgress: (done, total) => this.#options.onProgress?.(done, total),
      onChange: () => this.#options.onChange?.(),
    });
    return this.#build;
  }

  #viewOf({ layout, index, maps, isComplete }: Build): BuiltLinks | undefined {
    if (layout === undefined) return undefined;
    const isSame =
      this.#seen?.layout === layout && this.#seen.index === index && this.#seen.revision === index.revision;
    if (!isSame || this.#seen?.isComplete !== isComplete) this.#seen = viewBuild(layout, index, isComplete, maps);
    return this.#seen;
  }

  /** Looks at the objects again in the background when the last time was long ago. */
  #refreshSometimes(opened: Build): void {
    const now = performance.now();
    if (!opened.isComplete || now < this.#lookAgainAt) return;
    this.#lookAgainAt = Number.POSITIVE_INFINITY;
    opened.refresh().then(
      () => {
        const took = performance.now() - now;
        this.#lookAgainAt = performance.now() + Math.max(LOOK_AGAIN_MILLISECONDS, LOOK_AGAIN_FACTOR * took);
      },
      (error: unknown) => this.#complain(error),
    );
  }

  #complain(error: unknown): void {
    if (this.#isSought) this.#options.onProblem?.(error instanceof Error ? error.message : String(error));
  }

  view(): BuiltLinks | undefined {
    const opened = this.#find();
    if (opened === undefined) return undefined;
    if (this.#lookAgainAt === 0) {
      this.#lookAgainAt = performance.now() + LOOK_AGAIN_MILLISECONDS;
      opened.load().catch((error) => this.#complain(error));
    } else this.#refreshSometimes(opened);
    return this.#viewOf(opened);
  }
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
