/** The entry of the worker thread that reads one image, or the objects of its link, for a server: what image-reader.ts asks of it, and then it ends. */

import { dirname } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { type Image, makeImage } from "../linkage/objects/image.ts";
import { sizesOf } from "../linkage/objects/image-sizes.ts";
import { inLinkOrder } from "../linkage/objects/link-order.ts";
import { markByScript } from "../linkage/objects/mark-by-script.ts";
import { fatesOfSymbols } from "../linkage/objects/symbol-fates.ts";
import { readScript } from "../syntax/ld/read-script.ts";
import { sourceOfText } from "../text/source.ts";
import { rememberBuild } from "./image-history.ts";
import type { FatesTask, ImageTask, ReadFates, ReadImage, WorkerTask } from "./image-reader.ts";
import { readElfImage, readMap, readMapLayout } from "./read-image.ts";
import { readObjectsOfMap } from "./read-link-graph.ts";

async function read({ found, regions, historyFolder }: ImageTask): Promise<ReadImage | undefined> {
  const { path, map } = found;
  const elf = path === map ? undefined : await readElfImage(path, { hasSymbols: true });
  // The user may name a map.
  const layout = map !== undefined ? readMapLayout(map) : elf === undefined ? readMapLayout(path) : undefined;
  if (elf === undefined && layout === undefined) return undefined;
  const image = makeImage(elf?.sections, layout, regions);
  const sizes = sizesOf(image);
  const before =
    historyFolder === undefined ? undefined : rememberBuild(historyFolder, found.image, { written: found.time, sizes });
  const assignments = layout === undefined ? [] : (readMap(map ?? path)?.assignments ?? []);
  return { ...keepLargest(image), sizes, hasMap: layout !== undefined, assignments, before };
}

/** More symbols than this are not handed over, nor shown. */
const MOST_SYMBOLS = 20_000;

/** The image with its largest symbols alone, and how many others there are. */
function keepLargest(image: Image): { image: Image; leftOut: number } {
  const sizes = image.sections.flatMap(({ symbols }) => symbols.map(({ size }) => size));
  if (sizes.length <= MOST_SYMBOLS) return { image, leftOut: 0 };
  const least = sizes.sort((a, b) => b - a)[MOST_SYMBOLS]!;
  const sections = image.sections.map((section) => ({
    ...section,
    symbols: section.symbols.filter(({ size }) => size > least),
  }));
  const kept = sections.reduce((sum, { symbols }) => sum + symbols.length, 0);
  return { image: { ...image, sections }, leftOut: sizes.length - kept };
}

async function readFates({ image, map, below, script }: FatesTask): Promise<ReadFates | undefined> {
  const layout = readMapLayout(map);
  const members = readMap(map);
  if (layout === undefined || members === undefined) return undefined;
  const elf = image === map ? undefined : await readElfImage(image);
  const { objects, problems } = await readObjectsOfMap(layout, dirname(map), below);
  const ordered = inLinkOrder(objects, layout.loaded, members.members);
  const parsed = script && readScript(script.path, sourceOfText(script.text));
  const marking = parsed && markByScript(parsed, ordered, members.format === "lld" ? "lld" : "bfd");
  const fates = fatesOfSymbols({ layout, objects, entry: elf?.entry, ...(marking && { marking }) });
  return { fates, isWhole: problems.length === 0 };
}

const task = workerData as WorkerTask;
(task.kind === "image" ? read(task) : readFates(task)).then(
  (answer) => parentPort?.postMessage(answer),
  () => parentPort?.postMessage(undefined),
);
