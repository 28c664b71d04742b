/**
 * Reads objects in a worker thread, and remembers what it has read for as long as the files stay the same. It must not
 * know the ELF format.
 */

import { setMaxListeners } from "node:events";
import type { Worker } from "node:worker_threads";
import { sharedCell, startWorker } from "../start-worker.ts";
import { type Archive, archiveBuffers } from "./archive.ts";
import type { MemberPlace, ObjectList, ObjectPlace } from "./list-objects.ts";
import { byteSizeOf, type ObjectSymbols } from "./object-symbols.ts";
import { buffersOfCounts, type ObjectRelocations } from "./relocation-counts.ts";
import type { RelocationScope } from "./relocation-sections.ts";
import type { ElfRequest, ElfResponse, ElfResults, ElfTask } from "./worker-messages.ts";

/** For all questions: an aborted signal ends the work at once and rejects the answer with the signal's reason. */
export interface ElfOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ObjectOptions extends ElfOptions {
  /** The archive's member to read, as {@link ElfReader.listObjects} gives it. */
  readonly member?: MemberPlace | undefined;
}

export interface RelocationOptions extends ObjectOptions {
  /** Which relocations to count: those of sections that are loaded, unless "all" is asked for. */
  readonly scope?: RelocationScope;
}

/**
 * Answers reject with what open(2) reports, with `code` ENOENT and the like. What is wrong inside of a file is no error; it
 * is among the problems of the answer.
 */
export interface ElfReader {
  /** The symbols of an object, an executable or a shared library. */
  readSymbols(path: string, options?: ObjectOptions): Promise<ObjectSymbols>;
  /** The same, and how many relocations refer to each of them. */
  countRelocations(path: string, options?: RelocationOptions): Promise<ObjectRelocations>;
  /** The members and the symbol table of an archive; undefined when the file is none. */
  readArchive(path: string, options?: ElfOptions): Promise<Archive | undefined>;
  /** The objects that a path stands for: itself, or everything in an archive and in the archives that it names. */
  listObjects(path: string, options?: ElfOptions): Promise<ObjectList>;
  /** The symbols of all of them, in order; files that cannot be opened have a problem instead of symbols. */
  readObjects(path: string, options?: ElfOptions): AsyncGenerator<ObjectSymbols>;
  /** Ends the worker; what is not answered yet is rejected. */
  close(): Promise<void>;
}

export interface ElfReaderSettings {
  /** How much to remember, in bytes. */
  readonly cacheBytes?: number;
}

const DEFAULT_CACHE_BYTES = 256 * 2 ** 20;

/** The most JavaScript objects the worker may hold, in MB; tables are in buffers beside them. */
const WORKER_HEAP_MB = 512;

/** How many objects of an archive are asked for before the first is answered. */
const OBJECTS_AHEAD = 32;

interface CacheEntry {
  readonly identity: string;
  readonly symbols?: ObjectSymbols;
  readonly relocations: ReadonlyMap<RelocationScope, ObjectRelocations>;
  readonly archive?: Archive;
}

interface Pending {
  readonly resolve: (result: ElfResults[ElfTask["kind"]]) => void;
  readonly reject: (error: unknown) => void;
  /** Called when there is an answer, of either kind. */
  readonly finish: () => void;
}

interface Context {
  readonly cache: Map<string, { entry: CacheEntry; bytes: number }>;
  readonly cacheLimit: number;
  cacheBytes: number;
  readonly pending: Map<number, Pending>;
  nextId: number;
  /** What is asked in this turn of the event loop, to be sent at its end. */
  outbox: ElfRequest[];
  worker: Worker | undefined;
}

/** Makes a reader. Its worker starts with the first question, and does not keep the process alive between questions. */
export function openElfReader(settings: ElfReaderSettings = {}): ElfReader {
  const context: Context = {
    cache: new Map(),
    cacheLimit: settings.cacheBytes ?? DEFAULT_CACHE_BYTES,
    cacheBytes: 0,
    pending: new Map(),
    nextId: 1,
    outbox: [],
    worker: undefined,
  };
  return {
    readSymbols: (path, options = {}) => readSymbols(context, { path, member: options.member }, options),
    countRelocations: (path, options = {}) =>
      countRelocations(context, { path, member: options.member }, options.scope ?? "allocated", options),
    readArchive: (path, options = {}) => readArchive(context, path, options),
    listObjects: (path, options = {}) => ask(context, { kind: "list", path }, options) as Promise<ObjectList>,
    readObjects: (path, options = {}) => readObjects(context, path, options),
    close: () => close(context),
  };
}

async function readSymbols(context: Context, place: ObjectPlace, options: ElfOptions): Promise<ObjectSymbols> {
  const key = keyOf(place);
  const entry = recall(context, key);
  const known = entry?.symbols && entry.identity;
  const task: ElfTask = { kind: "read", place, relocations: undefined, known };
  const read = (await ask(context, task, options)) as ElfResults["read"];
  if (read === undefined) return entry!.symbols!;
  remember(context, key, { identity: read.symbols.identity, symbols: read.symbols, relocations: new Map() });
  return read.symbols;
}

async function countRelocations(
  context: Context,
  place: ObjectPlace,
  scope: RelocationScope,
  options: ElfOptions,
): Promise<ObjectRelocations> {
  const key = keyOf(place);
  const entry = recall(context, key);
  const counted = entry?.relocations.get(scope);
  const task: ElfTask = { kind: "read", place, relocations: scope, known: counted && entry?.identity };
  const read = (await ask(context, task, options)) as ElfResults["read"];
  if (read === undefined) return counted!;
  const { identity } = read.symbols;
  const isKnown = entry?.symbols !== undefined && entry.identity === identity;
  const symbols = isKnown ? entry.symbols! : read.symbols;
  const relocations = { symbols, tables: read.counts, problems: read.relocationProblems };
  const others = isKnown ? entry.relocations : [];
  remember(context, key, { identity, symbols, relocations: new Map([...others, [scope, relocations]]) });
  return relocations;
}

async function readArchive(context: Context, path: string, options: ElfOptions): Promise<Archive | undefined> {
  const key = `archive ${path}`;
  const entry = recall(context, key);
  const task: ElfTask = { kind: "archive", path, known: entry?.identity };
  const archive = (await ask(context, task, options)) as ElfResults["archive"];
  if (archive === undefined) return entry!.archive;
  if (archive === "no archive") return undefined;
  remember(context, key, { identity: archive.identity, archive, relocations: new Map() });
  return archive;
}

async function* readObjects(context: Context, path: string, options: ElfOptions): AsyncGenerator<ObjectSymbols> {
  const list = (await ask(context, { kind: "list", path }, options)) as ElfResults["list"];
  const read = (place: ObjectPlace) =>
    readSymbols(context, place, options).catch((error: unknown) => {
      options.signal?.throwIfAborted();
      return unreadable(place, error);
    });
  const ahead: Promise<ObjectSymbols>[] = [];
  let next = 0;
  while (next < list.places.length || ahead.length > 0) {
    while (next < list.places.length && ahead.length < OBJECTS_AHEAD) {
      const reading = read(list.places[next++]!);
      // Whoever stops early leaves answers behind that nobody waits for.
      reading.catch(() => {});
      ahead.push(reading);
    }
    yield await ahead.shift()!;
  }
}

function unreadable(place: ObjectPlace, error: unknown): ObjectSymbols {
  return {
    path: place.path,
    member: place.member?.name,
    identity: "",
    format: "unknown",
    problems: [error instanceof Error ? error.message : String(error)],
    header: undefined,
    sections: undefined,
    tables: [],
  };
}

function keyOf({ path, member }: ObjectPlace): string {
  return member === undefined ? `object ${path}` : `member ${member.offset} ${member.size} ${member.name} ${path}`;
}

/** Finds what is remembered, and makes it the last to be forgotten. */
function recall(context: Context, key: string): CacheEntry | undefined {
  const held = context.cache.get(key);
  if (held === undefined) return undefined;
  context.cache.delete(key);
  context.cache.set(key, held);
  return held.entry;
}

/** Remembers an answer in place of an older one, and forgets what was not asked for longest when that is too much. */
function remember(context: Context, key: string, entry: CacheEntry): void {
  forget(context, key);
  const bytes = bytesOf(entry);
  if (bytes > context.cacheLimit) return;
  context.cache.set(key, { entry, bytes });
  context.cacheBytes += bytes;
  for (const oldest of context.cache.keys()) {
    if (context.cacheBytes <= context.cacheLimit) return;
    forget(context, oldest);
  }
}

function forget(context: Context, key: string): void {
  context.cacheBytes -= context.cache.get(key)?.bytes ?? 0;
  context.cache.delete(key);
}

function bytesOf({ symbols, relocations, archive }: CacheEntry): number {
  const buffers = [...relocations.values()].flatMap(({ tables }) => buffersOfCounts(tables));
  if (archive !== undefined) buffers.push(...archiveBuffers(archive));
  const members = (archive?.members.length ?? 0) * 300;
  const base = 1024 + members + (symbols === undefined ? 0 : byteSizeOf(symbols));
  return buffers.reduce((sum, buffer) => sum + buffer.byteLength, base);
}

/** Has the worker do something. Rejects with the signal's reason as soon as the signal is aborted. */
function ask(context: Context, task: ElfTask, { signal }: ElfOptions): Promise<ElfResults[ElfTask["kind"]]> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const id = context.nextId++;
    const cancelled = signal && sharedCell();
    const abort = () => {
      if (cancelled !== undefined) Atomics.store(cancelled, 0, 1);
      settle(context, id)?.reject(signal?.reason);
    };
    if (signal !== undefined) {
      // One signal may stop any number of questions; Node takes more than ten for a leak.
      setMaxListeners(0, signal);
      signal.addEventListener("abort", abort, { once: true });
    }
    const finish = () => signal?.removeEventListener("abort", abort);
    context.pending.set(id, { resolve, reject, finish });
    if (context.outbox.push({ id, task, cancelled }) === 1) queueMicrotask(() => send(context));
  });
}

function send(context: Context): void {
  const requests = context.outbox.filter(({ id }) => context.pending.has(id));
  context.outbox = [];
  if (requests.length === 0) return;
  const worker = workerOf(context);
  worker.ref();
  worker.postMessage(requests);
}

/** Takes a question off the list, and lets the process end when it was the last one. */
function settle(context: Context, id: number): Pending | undefined {
  const pending = context.pending.get(id);
  context.pending.delete(id);
  pending?.finish();
  if (context.pending.size === 0) context.worker?.unref();
  return pending;
}

function workerOf(context: Context): Worker {
  if (context.worker !== undefined) return context.worker;
  const worker = startWorker("elf-worker", { resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB } });
  worker.on("message", (responses: readonly ElfResponse[]) => {
    for (const response of responses) receive(context, response);
  });
  // A worker that ends unasked has run out of memory. The next question gets a new one.
  const fail = (error: unknown) => {
    if (context.worker === worker) abandon(context, error);
  };
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("the thread that reads objects has ended")));
  return (context.worker = worker);
}

function receive(context: Context, response: ElfResponse): void {
  const pending = settle(context, response.id);
  if ("error" in response) {
    const { message, code } = response.error;
    pending?.reject(Object.assign(new Error(message), code === undefined ? {} : { code }));
  } else pending?.resolve(response.result);
}

function abandon(context: Context, error: unknown): void {
  context.worker = undefined;
  const abandoned = [...context.pending.values()];
  context.pending.clear();
  for (const { reject, finish } of abandoned) {
    finish();
    reject(error);
  }
}

async function close(context: Context): Promise<void> {
  const { worker } = context;
  abandon(context, new Error("the reader of objects is closed"));
  context.cache.clear();
  context.cacheBytes = 0;
  await worker?.terminate();
}
