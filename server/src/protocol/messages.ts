/**
 * The messages that the server and this client exchange beyond the Language Server Protocol.
 * Types and method names only: no VS Code, no client library, so that either side may import it.
 */

import type { MemoryReport } from "../features/memory-report.ts";
import type { ImageChanges } from "../linkage/objects/compare-images.ts";

/** What the server tells about its index whenever that changes. A notification, server to client. */
export const statusMethod = "weakspot/status";

export interface StatusParams {
  /**
   * `indexing`: the tree is being read; `stopped`: it was, until the user had it stopped, and {@link RESUME_INDEXING} goes on; `ready`: answers are complete; `incomplete`: they are not and will not become so
   * without the user's doing, `message` says why; `error`: the server runs, but the tree could not be indexed.
   */
  readonly state: "indexing" | "stopped" | "ready" | "incomplete" | "error";
  /** One sentence for people. */
  readonly message?: string;
  /** 0 to 100, while indexing. */
  readonly percentage?: number;
  /** Files whose facts are in the index. */
  readonly files?: number;
  /** Symbols with external linkage in the index. */
  readonly symbols?: number;
  /** What kind of tree it is, and what answers are narrowed to; once that is known. */
  readonly tree?: TreeStatus;
}

export interface TreeStatus {
  /** "kernel", "3 links", "no build known". */
  readonly kind: string;
  readonly configuration?: string;
  readonly architecture?: string;
  /** The architectures that a kernel can be narrowed to. */
  readonly architectures: readonly string[];
}

/**
 * Asks for diagnostics of every file of the workspace, which the server then publishes. A request without parameters, client
 * to server, answered once all are published.
 */
export const checkWorkspaceMethod = "weakspot/checkWorkspace";

export interface CheckWorkspaceResult {
  readonly findings: number;
  /** Files that hold at least one finding. */
  readonly files: number;
}

/**
 * Asks for a document, such as a kernel's `vmlinux.lds.S`, as it is after preprocessing, with what is open in the editor in
 * place of the files. A request, client to server; the result is null for a document outside of every folder. Ask again when
 * a document has changed.
 */
export const expandMethod = "weakspot/expand";

export interface ExpandParams {
  readonly textDocument: { readonly uri: string };
}

export interface ExpandResult {
  readonly text: string;
  /** The folder of `arch/` that it was expanded for, in a kernel. */
  readonly architecture?: string;
  /** What the preprocessor has to say, and what it had to do without; each one line for people. */
  readonly problems: readonly string[];
}

/**
 * Asks for what the view "Linkage" lists: weak references, weak definitions and PROVIDEs. Client to server; it can be cancelled,
 * as all of a kernel takes a second or so.
 */
export const linkageMethod = "weakspot/linkage";

export interface LinkageParams {
  /** The one document whose items are wanted; without it those of all folders. */
  readonly uri?: string;
}

/** A place in a file, in UTF-16 units from its start: lines would cost the server a look into each file. */
export interface LinkagePlace {
  readonly uri: string;
  /** Relative to the folder. */
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

export interface LinkageViewItem extends LinkagePlace {
  readonly kind: "weak reference" | "weak definition" | "PROVIDE";
  readonly symbol: string;
  /** What the tree has for the symbol: nothing, weak definitions alone, a PROVIDE alone, or something strong. */
  readonly state: "undefined" | "weak" | "provided" | "strong";
  /** Definitions that go before this one. */
  readonly overriders: readonly LinkagePlace[];
}

export interface LinkageResult {
  readonly items: readonly LinkageViewItem[];
  /** False while the tree is still being indexed. */
  readonly isComplete: boolean;
}

/**
 * Asks for what the view "Memory" shows: the linked images of all folders, each with its regions, sections, files and symbols.
 * Client to server.
 */
export const memoryMethod = "weakspot/memory";

export interface MemoryParams {
  /** Compares an image, by its `uri`, with another one, by its path, and not with the build before. */
  readonly compare?: { readonly uri: string; readonly with: string };
}

export interface MemoryResult {
  /** The newest first. */
  readonly images: readonly MemoryViewImage[];
  /** False while the tree or its build is still being read: there may be more images. */
  readonly isComplete: boolean;
}

/** An image as `weakspot memory --format json` tells of it, and what only an editor asks for. */
export interface MemoryViewImage extends MemoryReport {
  readonly uri: string;
  /** Relative to the folder where it lies below. */
  readonly path: string;
  /** When it was linked, in milliseconds since 1970. */
  readonly written: number;
  /** A file of the tree that was changed since, relative to the folder. */
  readonly olderThan?: string;
  /** False where no map stands beside it: then no files are known. */
  readonly hasMap: boolean;
  /** How many symbols are left out, the smallest ones. */
  readonly symbolsLeftOut: number;
  /** What the sizes named `before` are those of; undefined where nothing is known to compare with. */
  readonly comparedWith?: { readonly kind: "build before" | "image"; readonly path: string; readonly written?: number };
  /** What became larger or smaller, the most first; none without `comparedWith`. */
  readonly changes?: ImageChanges;
  /** Where scripts describe the regions and sections, by their names. */
  readonly places: {
    readonly regions: Readonly<Record<string, LinkagePlace>>;
    readonly sections: Readonly<Record<string, LinkagePlace>>;
  };
}

/** Asks where the source of a file or of a symbol in an image is; null where that is not known. Client to server. */
export const memorySourceMethod = "weakspot/memorySource";

export interface MemorySourceParams {
  /** The image. */
  readonly uri: string;
  /** As the image's map has it: "main.o", "lib.a(x.o)"; "" where that is not known. */
  readonly file: string;
  readonly symbol?: string;
}

/** Tells that an image was linked again, came or went: what the view "Memory" shows is of the past. Server to client. */
export const memoryChangedMethod = "weakspot/memoryChanged";

/** What a client may say with `initialize`, as initializationOptions, beside the settings. */
export interface InitializationOptions {
  /** No other language server answers for C in this editor: navigation answers for all symbols, inactive code is faded. */
  readonly isOnlyCServer?: boolean;
  /** The editor has the command {@link SHOW_PLACES}: code lenses can be clicked. */
  readonly showsPlaces?: boolean;
  /** The whole workspace is checked when {@link checkWorkspaceMethod} asks for it, not all the time: a kernel takes a minute. */
  readonly checksWorkspaceByCommand?: boolean;
  /** What the server can't read of the workspace, in words, where the client knows that files are missing: nothing is concluded from the rest. */
  readonly missingFiles?: string;
}

/** A command of the editor's side: shows places beside one of them, as a lens that was clicked speaks of them. */
export const SHOW_PLACES = "weakspot.showPlaces";

/** In the protocol's positions, from 0. */
export interface ShowPlacesArguments {
  readonly uri: string;
  readonly position: { readonly line: number; readonly character: number };
  readonly locations: readonly {
    readonly uri: string;
    readonly range: {
      readonly start: { readonly line: number; readonly character: number };
      readonly end: { readonly line: number; readonly character: number };
    };
  }[];
}

/** Commands of the server without arguments: to read no more of the trees, and to go on where they were stopped. */
export const STOP_INDEXING = "weakspot.stopIndexing";
export const RESUME_INDEXING = "weakspot.resumeIndexing";

/** The command of the action that tells why there is no fix; its argument is {@link RefusalArguments}. */
export const EXPLAIN_REFUSAL = "weakspot.explainRefusal";

export interface RefusalArguments {
  /** A clause, for people. */
  readonly reason: string;
  /** The rule's id. */
  readonly rule: string;
}
