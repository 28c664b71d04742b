/**
 * The linked image of a script: the one that the user names, or the newest of those that the tree's links make with the script.
 * It reads an image when it is asked for and again when its files have changed. It knows no protocol types.
 */

import { relative, resolve } from "node:path";
import type { ShownImage } from "../features/image-words.ts";
import { type FoundImage, findImage, modifiedAt, readElfImage, readMapLayout } from "../host/read-image.ts";
import { type Image, type ImageRegion, makeImage } from "../linkage/objects/image.ts";
import { leadsOutside } from "../text/path.ts";
import type { Session } from "./session.ts";

export interface Images {
  /** @param regions the script's own, for linkers whose maps have none. Never rejects: what can't be read is not there. */
  imageOf(script: string, regions: readonly ImageRegion[]): Promise<ShownImage | undefined>;
}

/** A map that is larger is not read while people wait, in bytes; the command reads it. */
const MOST_MAP_BYTES = 32 * 2 ** 20;

/** @param named the image that the user's trusted setting names, absolute or relative to the root */
export function openImages(session: Session, named: () => string | undefined): Images {
  const { root } = session.workspace;
  let last: { readonly key: string; readonly image: Promise<Image | undefined> } | undefined;

  async function candidateFor(script: string): Promise<FoundImage | undefined> {
    const setting = named();
    if (setting !== undefined) return findImage(resolve(root, setting), { mostMapBytes: MOST_MAP_BYTES });
    const outputs = await session.ask(({ links }) =>
      (links.unitsOfScript(script) ?? []).flatMap((unit) => links.linkOf(unit)?.output ?? []),
    );
    const found = outputs.flatMap(
      (output) => findImage(resolve(root, output), { below: root, mostMapBytes: MOST_MAP_BYTES }) ?? [],
    );
    return found.sort((a, b) => b.time - a.time)[0];
  }

  return {
    async imageOf(script, regions) {
      const candidate = await candidateFor(script);
      if (candidate === undefined) return undefined;
      const key = `${candidate.identity} ${regions.map(({ name, origin, length }) => `${name} ${origin} ${length}`).join()}`;
      if (last?.key !== key) last = { key, image: readImage(candidate, regions).catch(() => undefined) };
      const image = await last.image;
      if (image === undefined) return undefined;
      const below = relative(root, candidate.path);
      const path = leadsOutside(below) ? candidate.path : below;
      const written = modifiedAt(resolve(root, script));
      return { path, image, isStale: written !== undefined && written > candidate.time };
    },
  };
}

async function readImage({ path, map }: FoundImage, regions: readonly ImageRegion[]): Promise<Image | undefined> {
  const elf = path === map ? undefined : await readElfImage(path);
  // The user may name a map.
  const layout = map !== undefined ? readMapLayout(map) : elf === undefined ? readMapLayout(path) : undefined;
  return elf === undefined && layout === undefined ? undefined : makeImage(elf?.sections, layout, regions);
}
