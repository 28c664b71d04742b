/**
 * What the ELF reader and its worker thread say to each other. It must not know how either does its part.
 */

import type { Archive } from "./archive.ts";
import type { ObjectList, ObjectPlace } from "./list-objects.ts";
import type { ReadObject } from "./read-objects.ts";
import type { RelocationScope } from "./relocation-sections.ts";

/** What the worker can do. */
export type ElfTask =
  | {
      readonly kind: "read";
      readonly place: ObjectPlace;
      readonly relocations: RelocationScope | undefined;
      readonly known: string | undefined;
    }
  | { readonly kind: "archive"; readonly path: string; readonly known: string | undefined }
  | { readonly kind: "list"; readonly path: string };

/** The reader sends requests, and the worker sends answers, several at a time: a message costs as much as a small object. */
export interface ElfRequest {
  readonly id: number;
  readonly task: ElfTask;
  /** One number, shared by both threads: it becomes 1 when the answer is not wanted any more. */
  readonly cancelled: Int32Array | undefined;
}

/** For each task what it gives; undefined stands for "it is still what you know". */
export interface ElfResults {
  readonly read: ReadObject | undefined;
  readonly archive: Archive | "no archive" | undefined;
  readonly list: ObjectList;
}

export type ElfResponse =
  | { readonly id: number; readonly result: ElfResults[ElfTask["kind"]] }
  | { readonly id: number; readonly error: { readonly message: string; readonly code: string | undefined } };
