/** What the reader of a build and its worker thread say to each other. It must not know how either does its part. */

import type { BuildLayout } from "../../linkage/objects/build-layout.ts";
import type { ObjectBatch } from "../../linkage/objects/object-index.ts";
import type { LinkMap } from "../../syntax/map/parse-map.ts";

/** What the worker starts with. */
export interface BuildTask {
  readonly folder: string;
  readonly root: string;
  /** The map of the main link that the user names; else those beside what was linked are read. */
  readonly map: string | undefined;
  /** The objects that are known already, and the states they were read in. */
  readonly known: ReadonlyMap<string, string>;
}

/** What the worker tells: the layout first, then objects, then that it is through. */
export type BuildMessage =
  | { readonly kind: "layout"; readonly layout: BuildLayout; readonly total: number }
  /** `done` objects were looked at; those that are still as they were known are in no batch. */
  | { readonly kind: "objects"; readonly batch: ObjectBatch; readonly gone: readonly string[]; readonly done: number }
  /** The maps of links, by the name of their unit. */
  | { readonly kind: "maps"; readonly maps: ReadonlyMap<string, LinkMap> }
  | { readonly kind: "end" };
