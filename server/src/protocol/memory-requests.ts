/** Answers for the view "Memory": the linked images of all folders, and where the source of what is in them is. */

import { pathToFileURL } from "node:url";
import type { Connection } from "vscode-languageserver/node";
import { findImageSource } from "../features/image-source.ts";
import { reportMemory } from "../features/memory-report.ts";
import { scriptOf } from "../linkage/facts/parsed.ts";
import { compareSizes } from "../linkage/objects/compare-images.ts";
import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import type { Images, KnownImage } from "../session/images.ts";
import type { Session } from "../session/session.ts";
import { uriOfPath } from "./convert.ts";
import {
  type LinkagePlace,
  type MemoryParams,
  type MemoryResult,
  type MemorySourceParams,
  type MemoryViewImage,
  memoryMethod,
  memorySourceMethod,
} from "./messages.ts";

interface MemoryFolder {
  readonly session: Session;
  readonly images: Images;
}

export interface MemoryContext {
  readonly connection: Connection;
  /** Waits for those to be opened that the client has named. */
  folders(): Promise<readonly MemoryFolder[]>;
}

/** So many changes are told, the largest. */
const MOST_CHANGES = 1000;

export function serveMemory({ connection, folders }: MemoryContext): void {
  connection.onRequest(memoryMethod, async ({ compare }: MemoryParams): Promise<MemoryResult> => {
    const all = await folders();
    const images = await Promise.all(all.map((folder) => imagesOf(folder, compare)));
    return {
      images: images.flat().sort((a, b) => b.written - a.written),
      isComplete: all.every(({ session }) => session.workspace.index.isComplete),
    };
  });

  connection.onRequest(
    memorySourceMethod,
    async ({ uri, file, symbol }: MemorySourceParams): Promise<LinkagePlace | null> => {
      for (const { session, images } of await folders()) {
        const image = (await images.all()).find((one) => uriOfFile(one.file) === uri);
        if (image === undefined) continue;
        const place = await session.ask((program) => findImageSource({ file, symbol }, program));
        if (place !== undefined) return toPlace(session.workspace.root, place.path, place.span);
      }
      return null;
    },
  );
}

function uriOfFile(file: string): string {
  return pathToFileURL(file).href;
}

function toPlace(root: string, path: string, { start, end }: { start: number; end: number }): LinkagePlace {
  return { uri: uriOfPath(root, path), path, start, end };
}

async function imagesOf(
  { session, images }: MemoryFolder,
  compare: MemoryParams["compare"],
): Promise<MemoryViewImage[]> {
  const known = await images.all();
  return Promise.all(
    known.map(async (image) => {
      const other = compare?.uri === uriOfFile(image.file) ? await images.open(compare.with) : undefined;
      const shown = other === undefined ? fromBefore(image) : { sizes: other.sizes, from: fromImage(compare!.with) };
      return toView(image, await placesOf(image, session), shown);
    }),
  );
}

interface Comparison {
  readonly sizes: NonNullable<KnownImage["before"]>["sizes"];
  readonly from: NonNullable<MemoryViewImage["comparedWith"]>;
}

function fromBefore({ before, path }: KnownImage): Comparison | undefined {
  return before && { sizes: before.sizes, from: { kind: "build before", path, written: before.written } };
}

function fromImage(path: string): Comparison["from"] {
  return { kind: "image", path };
}

function toView(
  image: KnownImage,
  places: MemoryViewImage["places"],
  comparison: Comparison | undefined,
): MemoryViewImage {
  const changes = comparison && compareSizes(comparison.sizes, image.sizes);
  return {
    uri: uriOfFile(image.file),
    path: image.path,
    written: image.written,
    ...(image.olderThan === undefined ? {} : { olderThan: image.olderThan }),
    hasMap: image.hasMap,
    symbolsLeftOut: image.leftOut,
    ...reportMemory(image.image, comparison?.sizes),
    ...(comparison === undefined || changes === undefined
      ? {}
      : {
          comparedWith: comparison.from,
          changes: {
            regions: changes.regions.slice(0, MOST_CHANGES),
            sections: changes.sections.slice(0, MOST_CHANGES),
            files: changes.files.slice(0, MOST_CHANGES),
            symbols: changes.symbols.slice(0, MOST_CHANGES),
          },
        }),
    places,
  };
}

/** Where the image's scripts have its regions and sections; a name that several places have stands at the first. */
async function placesOf({ scripts }: KnownImage, session: Session): Promise<MemoryViewImage["places"]> {
  const { root } = session.workspace;
  const sources = await session.workspace.readSources(scripts);
  const regions: Record<string, LinkagePlace> = {};
  const sections: Record<string, LinkagePlace> = {};
  for (const path of scripts) {
    const source = sources.get(path);
    if (source === undefined) continue;
    const model = scriptModelOf(scriptOf(path, source));
    for (const name of model.names) {
      const known = name.kind === "region" ? regions : name.kind === "section" ? sections : undefined;
      if (known !== undefined && name.isDefinition) known[name.text] ??= toPlace(root, path, name);
    }
  }
  return { regions, sections };
}
