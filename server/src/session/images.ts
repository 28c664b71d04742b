/**
 * The linked images of a tree: the one that the user names, those that the links of the tree make, or what lies there under an
 * image's name. It reads an image when it is asked for and again when its files have changed. It knows no protocol types.
 */

import { relative, resolve } from "node:path";
import type { ShownImage } from "../features/image-words.ts";
import { regionsOf } from "../features/script-values.ts";
import { findImages } from "../host/find-images.ts";
import { type ReadImage, readImageApart } from "../host/image-reader.ts";
import { type FoundImage, findImage, mapsBeside, modifiedAt } from "../host/read-image.ts";
import { watchFiles } from "../host/watch-files.ts";
import { scriptOf } from "../linkage/facts/parsed.ts";
import { type Link, objectsOf } from "../linkage/links/link.ts";
import type { ImageRegion } from "../linkage/objects/image.ts";
import { leadsOutside } from "../text/path.ts";
import type { Session } from "./session.ts";

/** An image of the tree, whole. */
export interface KnownImage extends ShownImage, ReadImage {
  /** The absolute path of what the link makes, where only its map is there too. */
  readonly file: string;
  /** When it was written, in milliseconds. */
  readonly written: number;
  /** The scripts that it was laid out by, relative to the root; none where that is not known. */
  readonly scripts: readonly string[];
}

export interface Images {
  /** @param regions the script's own, for linkers whose maps have none. Never rejects: what can't be read is not there. */
  imageOf(script: string, regions: readonly ImageRegion[]): Promise<ShownImage | undefined>;
  /** All images, the newest first. Never rejects. */
  all(): Promise<readonly KnownImage[]>;
  /** Another image to compare with, absolute or relative to the root; undefined where it is none. */
  open(path: string): Promise<ReadImage | undefined>;
  dispose(): void;
}

export interface ImagesOptions {
  /** The image that the user's trusted setting names, absolute or relative to the root. */
  named(): string | undefined;
  /** The images that a build folder is known to hold, absolute. */
  built(): readonly string[];
  /** Where the sizes of builds are remembered; undefined: nowhere. */
  readonly historyFolder: string | undefined;
  /** Called when a file of an image that was asked for has changed, came or went. */
  onChange?(): void;
}

/** A map that is larger is not read while people wait, in bytes; the command reads it. */
const MOST_MAP_BYTES = 128 * 2 ** 20;

/** So many images are kept, and shown at most. */
const MOST_IMAGES = 20;

/** So many files are watched: trees with more links are none that people look at image by image. */
const MOST_WATCHED = 1000;

/** Of so many sources it is looked whether they are newer than their image. */
const MOST_SOURCES = 2000;

interface Candidate {
  readonly path: string;
  readonly link: Link | undefined;
}

export function openImages(session: Session, options: ImagesOptions): Images {
  return new TreeImages(session, options);
}

class TreeImages implements Images {
  readonly #session: Session;
  readonly #options: ImagesOptions;
  readonly #root: string;
  readonly #read = new Map<string, { readonly key: string; readonly image: Promise<ReadImage | undefined> }>();
  readonly #watched = new Set<string>();
  #stopWatching = (): void => {};

  constructor(session: Session, options: ImagesOptions) {
    this.#session = session;
    this.#options = options;
    const { root } = session.workspace;
    this.#root = root;
  }

  async imageOf(script: string, regions: readonly ImageRegion[]) {
    const candidate = await this.#candidateFor(script);
    const image = candidate && (await this.#load(candidate.found, regions));
    if (candidate === undefined || image === undefined) return undefined;
    const { found, link } = candidate;
    const { path, time } = found;
    return { ...image, path: this.#shownPath(path), olderThan: this.#olderThan(time, [script], link) };
  }

  async all() {
    const known = await this.#candidates();
    const found = known.flatMap(({ path, link }) => {
      const image = this.#findHere(path);
      return image === undefined ? [] : [{ image, link }];
    });
    this.#follow(known.map(({ path }) => path));
    const newest = found.sort((a, b) => b.image.time - a.image.time).slice(0, MOST_IMAGES);
    const images = await Promise.all(
      newest.map(async ({ image: one, link }): Promise<KnownImage[]> => {
        const { path, time, image: file } = one;
        const scripts = link?.options.scripts ?? [];
        const image = await this.#load(one, await this.#regionsOfScripts(scripts));
        if (image === undefined) return [];
        const shown = { path: this.#shownPath(path), olderThan: this.#olderThan(time, scripts, link) };
        return [{ ...image, ...shown, file, written: time, scripts }];
      }),
    );
    return images.flat();
  }

  async open(path: string) {
    const found = findImage(resolve(this.#root, path), { mostMapBytes: MOST_MAP_BYTES });
    // What is compared with is no build of the image itself, so nothing of it is remembered.
    return found && readImageApart({ found, regions: [], historyFolder: undefined });
  }

  dispose() {
    return this.#stopWatching();
  }

  /** Outputs of links, and what a setting or a build names; not all of them are there. */
  async #candidates(): Promise<Candidate[]> {
    const setting = this.#options.named();
    if (setting !== undefined) return [{ path: resolve(this.#root, setting), link: undefined }];
    const links = await this.#session.ask((program) => program.links.all());
    const made = links.filter(isImage).map((link) => ({ path: resolve(this.#root, link.output!), link }));
    const built = this.#options.built().map((path) => ({ path, link: undefined }));
    const known = [...made, ...built.filter(({ path }) => !made.some((one) => one.path === path))];
    const isThere = known.some(({ path }) => this.#findHere(path) !== undefined);
    return isThere ? known : [...known, ...findImages(this.#root).map((path) => ({ path, link: undefined }))];
  }

  #findHere(path: string): FoundImage | undefined {
    const below = this.#options.named() === undefined ? this.#root : undefined;
    return findImage(path, { ...(below === undefined ? {} : { below }), mostMapBytes: MOST_MAP_BYTES });
  }

  #load(found: FoundImage, regions: readonly ImageRegion[]): Promise<ReadImage | undefined> {
    const key = `${found.identity} ${regions.map(({ name, origin, length }) => `${name} ${origin} ${length}`).join()}`;
    const known = this.#read.get(found.path);
    if (known?.key === key) return known.image;
    const image = readImageApart({ found, regions, historyFolder: this.#options.historyFolder });
    this.#read.delete(found.path);
    this.#read.set(found.path, { key, image });
    for (const old of this.#read.keys()) if (this.#read.size > MOST_IMAGES) this.#read.delete(old);
    return image;
  }

  /** Watches the files of images that are there or may come. */
  #follow(images: readonly string[]): void {
    const { onChange } = this.#options;
    const before = this.#watched.size;
    for (const path of images) for (const file of [path, ...mapsBeside(path)]) this.#watched.add(file);
    if (onChange === undefined || this.#watched.size === before) return;
    this.#stopWatching();
    this.#stopWatching = watchFiles([...this.#watched].slice(0, MOST_WATCHED), onChange);
  }

  #shownPath(path: string): string {
    const below = relative(this.#root, path);
    return leadsOutside(below) ? path : below;
  }

  async #candidateFor(script: string): Promise<{ found: FoundImage; link: Link | undefined } | undefined> {
    const setting = this.#options.named();
    if (setting !== undefined) {
      this.#follow([resolve(this.#root, setting)]);
      const found = this.#findHere(resolve(this.#root, setting));
      return found && { found, link: undefined };
    }
    const links = await this.#session.ask((program) =>
      (program.links.unitsOfScript(script) ?? []).flatMap((unit) => program.links.linkOf(unit) ?? []),
    );
    this.#follow(links.flatMap(({ output }) => (output === undefined ? [] : [resolve(this.#root, output)])));
    const found = links.flatMap((link) => {
      const image = link.output === undefined ? undefined : this.#findHere(resolve(this.#root, link.output));
      return image === undefined ? [] : [{ found: image, link }];
    });
    return found.sort((a, b) => b.found.time - a.found.time)[0];
  }

  /** A script that was changed after the image was linked, or else the newest of such sources. */
  #olderThan(time: number, scripts: readonly string[], link: Link | undefined): string | undefined {
    const script = scripts.find((path) => (modifiedAt(resolve(this.#root, path)) ?? time) > time);
    if (script !== undefined) return script;
    const inputs = new Set([...objectsOf(link?.inputs ?? [])].flatMap(({ object }) => object.source ?? []));
    let newest: { readonly path: string; readonly time: number } | undefined;
    for (const path of [...inputs].slice(0, MOST_SOURCES)) {
      const written = modifiedAt(resolve(this.#root, path));
      if (written !== undefined && written > (newest?.time ?? time)) newest = { path, time: written };
    }
    return newest?.path;
  }

  async #regionsOfScripts(scripts: readonly string[]): Promise<readonly ImageRegion[]> {
    const sources = await this.#session.workspace.readSources(scripts);
    return scripts.flatMap((path) => {
      const source = sources.get(path);
      return source === undefined ? [] : regionsOf(scriptOf(path, source));
    });
  }
}

/** A program that is laid out by a script of its own; what runs under a system is not. */
function isImage({ output, form, options }: Link): boolean {
  return output !== undefined && form !== "object" && options.scripts.length > 0;
}
