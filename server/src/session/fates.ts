/**
 * What became of a symbol in the linked images of a tree, as their maps and objects tell. They are read when a symbol is first asked
 * for, and nobody waits for that. It knows no protocol types.
 */

import { dirname, relative, resolve } from "node:path";
import type { FateInImage } from "../features/fate-words.ts";
import { type ReadFates, readFatesApart } from "../host/image-reader.ts";
import { findImage } from "../host/read-image.ts";
import { baseName, leadsOutside, withoutEnding } from "../text/path.ts";
import type { Images, KnownImage } from "./images.ts";
import type { Session } from "./session.ts";

export interface Fates {
  /**
   * What is known by now, the newest image first; empty where nothing is. Starts to read what isn't.
   * @param source of a name with internal linkage, the file that it belongs to, relative to the root
   */
  of(name: string, source?: string): readonly FateInImage[];
  /** The files of an image have changed: they are looked at again when a symbol is asked for next. */
  changed(): void;
}

/** The objects of larger links are not read while people work, in bytes of the map. */
const MOST_MAP_BYTES = 16 * 2 ** 20;

/** Of so many images, the newest. */
const MOST_IMAGES = 4;

/** After so long it is looked again whether there are other images. */
const LOOK_AGAIN_MILLISECONDS = 5_000;

interface Known {
  readonly identity: string;
  readonly path: string;
  readonly read: ReadFates | undefined;
}

export function openFates(session: Session, images: Images): Fates {
  const { root } = session.workspace;
  /** By the absolute path of the image, the newest first. */
  let known = new Map<string, Known>();
  let lookAgainAt = Number.NEGATIVE_INFINITY;
  let isLooking = false;

  async function scriptOf({ scripts }: KnownImage): Promise<{ path: string; text: string } | undefined> {
    const [path] = scripts;
    if (path === undefined || scripts.length > 1) return undefined;
    const source = (await session.workspace.readSources([path])).get(path);
    return source && { path, text: source.slice(0, source.length) };
  }

  async function readOne(image: KnownImage): Promise<readonly [string, Known] | undefined> {
    const found = findImage(image.file, { mostMapBytes: MOST_MAP_BYTES });
    if (found?.map === undefined) return undefined;
    const before = known.get(image.file);
    if (before?.identity === found.identity) return [image.file, before];
    // A setting that is trusted may name an image elsewhere: its folder is what is read then.
    const folder = dirname(found.map);
    const below = leadsOutside(relative(root, folder)) ? folder : root;
    const task = { image: found.path, map: found.map, below, script: await scriptOf(image) };
    return [image.file, { identity: found.identity, path: image.path, read: await readFatesApart(task) }];
  }

  async function look(): Promise<void> {
    const now = new Map<string, Known>();
    // One after the other: each is a thread with the objects of a link.
    for (const image of (await images.all()).slice(0, MOST_IMAGES)) {
      const one = await readOne(image);
      if (one !== undefined) now.set(resolve(one[0]), one[1]);
    }
    known = now;
  }

  function lookSometimes(): void {
    if (isLooking || performance.now() < lookAgainAt) return;
    isLooking = true;
    lookAgainAt = performance.now() + LOOK_AGAIN_MILLISECONDS;
    const done = () => {
      isLooking = false;
    };
    // A folder that is closed meanwhile has nothing to read.
    look().then(done, done);
  }

  return {
    of(name, source) {
      lookSometimes();
      return [...known.values()].flatMap(({ path, read }): FateInImage[] => {
        const all = read?.fates.get(name) ?? [];
        const fates = source === undefined ? all : all.filter(({ place }) => isMadeOf(place.file, source));
        return read === undefined || fates.length === 0 ? [] : [{ image: path, fates, isWhole: read.isWhole }];
      });
    },
    changed() {
      lookAgainAt = Number.NEGATIVE_INFINITY;
    },
  };
}

/** By the names of both: drivers/uart.o, libdrv.a(uart.c.obj) and drivers/uart.c. */
function isMadeOf(object: string, source: string): boolean {
  const name = baseName(/\(([^()]*)\)$/.exec(object)?.[1] ?? object);
  return name.startsWith(`${baseName(withoutEnding(source))}.`);
}
