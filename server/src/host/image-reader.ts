/** Reads a linked image in a thread of its own, so that nobody waits for a map of some megabytes. It decides nothing. */

import type { Image, ImageRegion } from "../linkage/objects/image.ts";
import type { ImageSizes, PastBuild } from "../linkage/objects/image-sizes.ts";
import type { MapAssignment } from "../syntax/map/parse-map.ts";
import type { FoundImage } from "./read-image.ts";
import { startWorker } from "./start-worker.ts";

/** What the worker starts with. */
export interface ImageTask {
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

/** Resolves with undefined where the files are no image, or can't be read. */
export function readImageApart(task: ImageTask): Promise<ReadImage | undefined> {
  return new Promise((resolve) => {
    const worker = startWorker("image-worker", { workerData: task });
    worker.once("message", (read: ReadImage | undefined) => resolve(read));
    worker.once("error", () => resolve(undefined));
    worker.once("exit", () => resolve(undefined));
    worker.unref();
  });
}
