/** Reads a linked image, or the objects of its link, in a thread of its own, so that nobody waits for some megabytes. It decides nothing. */

import type { Image, ImageRegion } from "../linkage/objects/image.ts";
import type { ImageSizes, PastBuild } from "../linkage/objects/image-sizes.ts";
import type { SymbolFate } from "../linkage/objects/symbol-fates.ts";
import type { MapAssignment } from "../syntax/map/parse-map.ts";
import type { FoundImage } from "./read-image.ts";
import { startWorker } from "./start-worker.ts";

/** What the worker starts with. */
export type WorkerTask = ImageTask | FatesTask;

export interface ImageTask {
  readonly kind: "image";
  readonly found: FoundImage;
  /** The script's own, for linkers whose maps have none. */
  readonly regions: readonly ImageRegion[];
  /** Where the sizes of images are remembered; undefined: nowhere. */
  readonly historyFolder: string | undefined;
}

export interface ReadImage {
  /** With its largest symbols. */
  readonly image: Image;
  /** How many symbols are not among those of the image. */
  readonly leftOut: number;
  /** Of all that is in it. */
  readonly sizes: ImageSizes;
  readonly hasMap: boolean;
  /** What the script assigns, as the map tells. */
  readonly assignments: readonly MapAssignment[];
  /** The build before this one that had other sizes, where one was seen. */
  readonly before: PastBuild | undefined;
}

/** What became of the symbols of an image is asked of its map and of the objects of its link. */
export interface FatesTask {
  readonly kind: "fates";
  readonly image: string;
  readonly map: string;
  /** What lies elsewhere is not read. */
  readonly below: string;
  /** The script that laid it out, with its text; undefined where it is not known, or where there are several. */
  readonly script: { readonly path: string; readonly text: string } | undefined;
}

export interface ReadFates {
  readonly fates: ReadonlyMap<string, readonly SymbolFate[]>;
  /** All objects of the map were read: what nothing refers to, nothing refers to. */
  readonly isWhole: boolean;
}

/** Resolves with undefined where the files are no image, or can't be read. */
export function readImageApart(task: Omit<ImageTask, "kind">): Promise<ReadImage | undefined> {
  return workApart({ ...task, kind: "image" });
}

/** Resolves with undefined where there is no map that can be read. */
export function readFatesApart(task: Omit<FatesTask, "kind">): Promise<ReadFates | undefined> {
  return workApart({ ...task, kind: "fates" });
}

function workApart<Answer>(task: WorkerTask): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const worker = startWorker("image-worker", { workerData: task });
    worker.once("message", (read: Answer | undefined) => resolve(read));
    worker.once("error", () => resolve(undefined));
    worker.once("exit", () => resolve(undefined));
    worker.unref();
  });
}
