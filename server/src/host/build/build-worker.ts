/**
 * The entry of the worker thread that reads one build: its layout, then its objects in batches, then it ends. Who does not
 * want the rest terminates it.
 */

import { statSync } from "node:fs";
import { resolve } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { unitText } from "../../linkage/kbuild/link-unit.ts";
import { type BuildLayout, filesOfLayout } from "../../linkage/objects/build-layout.ts";
import type { ObjectBatch } from "../../linkage/objects/object-index.ts";
import { type LinkMap, parseLinkMap } from "../../syntax/map/parse-map.ts";
import { readObject } from "../elf/read-objects.ts";
import { isReallyBelow, readRegular } from "../open-regular.ts";
import { addToBatch, finishBatch, startBatch } from "./pack-objects.ts";
import { readLayout } from "./read-layout.ts";
import type { BuildMessage, BuildTask } from "./worker-messages.ts";

/** Rows in a batch, about: the main thread takes a batch over in a few milliseconds. */
const BATCH_ROWS = 8000;

function tell(message: BuildMessage, buffers: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, buffers);
}

/** Larger maps than this are not read: a kernel's has 60 MB at most. */
const MAX_MAP = 400 * 2 ** 20;

function readMaps(layout: BuildLayout, named: string | undefined, allowed: readonly string[]): Map<string, LinkMap> {
  const maps = new Map<string, LinkMap>();
  for (const [index, link] of layout.links.entries()) {
    const isNamed = index === 0 && named !== undefined;
    const file = isNamed ? named : link.map;
    if (file === undefined) continue;
    try {
      const bounds = { most: MAX_MAP, below: isNamed ? undefined : allowed };
      const map = parseLinkMap(readRegular(resolve(layout.folder, file), bounds).toString("latin1"));
      if (map !== undefined) maps.set(unitText(link.unit), map);
    } catch {
      // It was removed since the build, or may not be read: then there is no map.
    }
  }
  return maps;
}

async function run({ folder, root, map, known }: BuildTask): Promise<void> {
  const { layout, members } = readLayout(folder, root);
  const files = filesOfLayout(layout);
  tell({ kind: "layout", layout, total: files.length });
  let batch = startBatch();
  let gone: string[] = [];
  for (const [index, name] of files.entries()) {
    const place = members.get(name) ?? { path: resolve(folder, name), member: undefined };
    try {
      if (!isReallyBelow(place.path, [folder, root])) throw new Error("a link leads out of the tree there");
      const read = await readObject(place, { relocations: "allocated", known: known.get(name) });
      if (read !== undefined) addToBatch(batch, name, statSync(place.path).mtimeMs, read);
    } catch {
      // It was removed since the build, or may not be read: then nothing is known of it.
      if (known.has(name)) gone.push(name);
    }
    if (batch.values.length < BATCH_ROWS && index < files.length - 1) continue;
    const finished = finishBatch(batch);
    tell({ kind: "objects", batch: finished, gone, done: index + 1 }, buffersOf(finished));
    batch = startBatch();
    gone = [];
  }
  tell({ kind: "maps", maps: readMaps(layout, map, [folder, root]) });
  tell({ kind: "end" });
}

function buffersOf(batch: ObjectBatch): ArrayBuffer[] {
  return Object.values(batch).flatMap((part) => (ArrayBuffer.isView(part) ? [part.buffer as ArrayBuffer] : []));
}

void run(workerData as BuildTask);
