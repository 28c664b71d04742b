/** Looks for linked images in a tree of which no build is known, by the names that people give them. It reads no more than their beginnings. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { mapFormatOf } from "../syntax/map/map-lines.ts";
import { formatOf, MAGIC_SIZE } from "./elf/elf-headers.ts";
import { readRegularStart } from "./open-regular.ts";

/** So deep builds leave their images: build/target/app.elf, Debug/app.elf. */
const MOST_DEPTH = 4;

/** Folders and files that are looked at, at most. */
const MOST_ENTRIES = 20_000;

const MOST_IMAGES = 20;

const IMAGE_NAME = /\.(?:elf|axf)$|^(?:vmlinux|u-boot(?:-[st]pl)?|xen-syms)$/i;
const MAP_NAME = /\.map$/i;

/** How much of a map tells that it is one. */
const MAP_START = 4096;

/** The images below a folder, absolute; a map stands for one where its ELF file is not there, as a link that overflowed leaves it. */
export function findImages(root: string): string[] {
  const found: string[] = [];
  let entries = 0;
  let level = [root];
  for (let depth = 0; depth <= MOST_DEPTH && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      const listed = listFolder(folder);
      entries += listed.length;
      if (entries > MOST_ENTRIES || found.length >= MOST_IMAGES) return found;
      const images = listed.filter((one) => one.isFile() && IMAGE_NAME.test(one.name)).map(({ name }) => name);
      found.push(...images.map((name) => join(folder, name)).filter((path) => isElf(path, root)));
      for (const one of listed) {
        if (one.isDirectory() && !NEVER.has(one.name)) next.push(join(folder, one.name));
        else if (one.isFile() && MAP_NAME.test(one.name) && !isOfImage(one.name, images)) {
          const path = join(folder, one.name);
          if (isMap(path, root)) found.push(path);
        }
      }
    }
    level = next;
  }
  return found.slice(0, MOST_IMAGES);
}

const NEVER = new Set([".git", "node_modules"]);

function listFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** fw.map and fw.elf.map stand beside fw.elf. */
function isOfImage(map: string, images: readonly string[]): boolean {
  const name = map.slice(0, -".map".length);
  return images.some((image) => image === name || image.replace(/\.[^.]*$/, "") === name);
}

function isElf(path: string, root: string): boolean {
  return startOf(path, root, MAGIC_SIZE, (start) => formatOf(start) === "elf");
}

function isMap(path: string, root: string): boolean {
  return startOf(path, root, MAP_START, (start) => mapFormatOf(start.toString("latin1")) !== undefined);
}

function startOf(path: string, root: string, most: number, test: (start: Buffer) => boolean): boolean {
  try {
    return test(Buffer.from(readRegularStart(path, { most, below: [root] })));
  } catch {
    return false;
  }
}
