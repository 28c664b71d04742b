/**
 * Remembers the sizes of images from one build to the next, a file for each image in the user's cache. It is only a cache:
 * what can't be read or written is not there.
 */

import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ImageSizes, PastBuild } from "../linkage/objects/image-sizes.ts";
import { userCacheFolder } from "./index-cache.ts";
import { readRegular } from "./open-regular.ts";

/** Where the sizes are kept by default, if the system has a place for them. */
export function defaultHistoryFolder(): string | undefined {
  const folder = userCacheFolder();
  return folder && join(folder, "images");
}

interface History {
  readonly last: PastBuild;
  /** The one before it that had other sizes. */
  readonly before: PastBuild | undefined;
}

/** Larger histories are not believed, in bytes, and the symbols of larger images not kept. */
const MOST_BYTES = 64 * 2 ** 20;
const MOST_SYMBOLS = 100_000;

/** Histories that nobody has asked for are deleted after so long. */
const UNUSED_MILLISECONDS = 60 * 24 * 60 * 60 * 1000;

/**
 * Remembers a build of an image and tells the one before it: the last that had other sizes, so that linking again what did not change
 * forgets nothing.
 * @param image its absolute path
 */
export function rememberBuild(folder: string, image: string, build: PastBuild): PastBuild | undefined {
  const path = join(folder, `${createHash("sha256").update(image).digest("hex").slice(0, 24)}.json`);
  const known = load(path);
  if (known?.last.written === build.written) return known.before;
  const kept = isTooLarge(build.sizes) ? { ...build, sizes: { ...build.sizes, symbols: undefined } } : build;
  const isSame = known !== undefined && textOf(known.last.sizes) === textOf(kept.sizes);
  const before = isSame ? known.before : known?.last;
  save(folder, path, { last: kept, before });
  return before;
}

function isTooLarge({ symbols }: ImageSizes): boolean {
  return symbols !== undefined && symbols.size > MOST_SYMBOLS;
}

function load(path: string): History | undefined {
  try {
    const { version, last, before } = JSON.parse(readRegular(path, { most: MOST_BYTES }).toString("utf8"));
    if (version !== VERSION) return undefined;
    return { last: revive(last), before: before === undefined ? undefined : revive(before) };
  } catch {
    return undefined;
  }
}

/** Of the files' shape. */
const VERSION = 1;

function save(folder: string, path: string, { last, before }: History): void {
  const text = `{"version":${VERSION},"last":${buildText(last)}${before === undefined ? "" : `,"before":${buildText(before)}`}}`;
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, path);
    prune(folder);
  } catch {
    rmSync(temporary, { force: true });
  }
}

function prune(folder: string): void {
  const now = Date.now();
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (now - modified > UNUSED_MILLISECONDS) rmSync(path, { force: true });
  }
}

function buildText({ written, sizes }: PastBuild): string {
  return `{"written":${written},"sizes":${textOf(sizes)}}`;
}

function textOf(sizes: ImageSizes): string {
  return JSON.stringify(sizes, (_key, value: unknown) => (value instanceof Map ? [...value] : value));
}

interface StoredBuild {
  readonly written: number;
  readonly sizes: { readonly [kind in keyof ImageSizes]?: readonly (readonly [string, number])[] };
}

function revive({ written, sizes }: StoredBuild): PastBuild {
  const { regions = [], sections = [], files, symbols } = sizes;
  return {
    written,
    sizes: {
      regions: new Map(regions),
      sections: new Map(sections),
      files: files && new Map(files),
      symbols: symbols && new Map(symbols),
    },
  };
}
