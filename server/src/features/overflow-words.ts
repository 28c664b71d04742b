/** Why a region overflows, in sentences for hover, the command and the view alike. */

import type { Image } from "../linkage/objects/image.ts";
import type { ImageSizes } from "../linkage/objects/image-sizes.ts";
import type { RegionUse } from "../linkage/objects/memory-use.ts";
import { explainOverflow } from "../linkage/objects/overflow.ts";

/** @param quote how names are set off; none for a region that holds what is in it */
export function describeOverflow(
  use: RegionUse,
  image: Image,
  before: ImageSizes | undefined,
  quote: (name: string) => string,
): string[] {
  const found = explainOverflow(use, image, before);
  if (found === undefined) return [];
  const { excess, grown, movable, isOneEnough, elsewhere } = found;
  const lines = grown.map(
    ({ section, file, bytes }) => `grew: ${quote(section)} of ${quote(file)} by ${bytes} bytes since the build before`,
  );
  if (movable.length > 0) {
    const names = movable.map(({ section, file, size }) => `${quote(section)} of ${quote(file)}, ${size} bytes`);
    const what = isOneEnough ? "move or shrink one of these" : "several must go, the largest are";
    lines.push(`to make room for ${excess} bytes, ${what}: ${names.join("; ")}`);
  }
  const free = elsewhere.map(({ name, free: bytes }) => `${quote(name)} ${bytes} bytes`);
  lines.push(free.length > 0 ? `free elsewhere: ${free.join(", ")}` : "no other region has room");
  return lines;
}
