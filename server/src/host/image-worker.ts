/** The entry of the worker thread that reads one image for a server: what image-reader.ts asks of it, and then it ends. */

import { parentPort, workerData } from "node:worker_threads";
import { type Image, makeImage } from "../linkage/objects/image.ts";
import { sizesOf } from "../linkage/objects/image-sizes.ts";
import { rememberBuild } from "./image-history.ts";
import type { ImageTask, ReadImage } from "./image-reader.ts";
import { readElfImage, readMap, readMapLayout } from "./read-image.ts";

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

read(workerData as ImageTask).then(
  (image) => parentPort?.postMessage(image),
  () => parentPort?.postMessage(undefined),
);
