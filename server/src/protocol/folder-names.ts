/**
 * Requests on the names at a place of a workspace folder's files: hover, and where they are declared, defined and used. Of a word that
 * a macro makes several names of, all are answered for.
 */

import {
  type CancellationToken,
  type ClientCapabilities,
  type DocumentHighlight,
  DocumentHighlightKind,
  type Hover,
  type Location,
  type ReferenceParams,
  type TextDocumentPositionParams,
} from "vscode-languageserver/node";
import type { FateInImage } from "../features/fate-words.ts";
import { describeFates } from "../features/fate-words.ts";
import { findImplementations } from "../features/implementation.ts";
import { namesAt } from "../features/names-at.ts";
import { findDefinitions, findReferences, type Place } from "../features/navigation.ts";
import { answersFor, type NavigationScope } from "../features/navigation-scope.ts";
import { commandAt } from "../features/script-commands.ts";
import type { SymbolPlace } from "../features/symbol-at.ts";
import { highlightNames } from "../features/symbol-highlight.ts";
import { languageOf } from "../linkage/facts/extract.ts";
import { scriptOf } from "../linkage/facts/parsed.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { Fates } from "../session/fates.ts";
import type { Session } from "../session/session.ts";
import type { Source } from "../text/source.ts";
import { signalOf } from "./cancellation.ts";
import { toOffset, toRange, uriOfPath } from "./convert.ts";
import type { FolderObjects } from "./folder-objects.ts";
import { describeNames } from "./symbol-hover.ts";

export interface FolderNamesContext {
  readonly session: Session;
  readonly capabilities: ClientCapabilities;
  readonly built: Pick<FolderObjects, "describe" | "describeLocal" | "preferWinner">;
  readonly fatesOf: Fates["of"];
  /** For which symbols navigation answers. */
  navigation(): NavigationScope;
  /** The file that a request is about; undefined where it is none of the folder's. */
  sourceAt(params: TextDocumentPositionParams): Promise<{ readonly path: string; readonly source: Source } | undefined>;
}

export interface FolderNames {
  hover(params: TextDocumentPositionParams): Promise<Hover | null>;
  definition(params: TextDocumentPositionParams): Promise<Location[] | null>;
  declaration(params: TextDocumentPositionParams): Promise<Location[] | null>;
  /** @param report takes parts of the answer as they come; what is answered is the rest */
  references(
    params: ReferenceParams,
    token: CancellationToken,
    report?: (part: Location[]) => void,
  ): Promise<Location[] | null>;
  implementation(params: TextDocumentPositionParams): Promise<Location[] | null>;
  /** Where the document has the symbol. */
  highlight(params: TextDocumentPositionParams): Promise<DocumentHighlight[] | null>;
}

const HIGHLIGHT_KINDS = {
  text: DocumentHighlightKind.Text,
  read: DocumentHighlightKind.Read,
  write: DocumentHighlightKind.Write,
} as const;

/** Places whose lines are looked up at once. */
const LOCATED_AT_ONCE = 1000;

/** Answers these requests for a folder. */
export function serveFolderNames(given: FolderNamesContext): FolderNames {
  return new FolderNameServer(given);
}

class FolderNameServer implements FolderNames {
  readonly #session: Session;
  readonly #capabilities: ClientCapabilities;
  readonly #built: Pick<FolderObjects, "describe" | "describeLocal" | "preferWinner">;
  readonly #fatesOf: (name: string, source?: string) => readonly FateInImage[];
  readonly #navigation: () => NavigationScope;
  readonly #sourceAt: (
    params: TextDocumentPositionParams,
  ) => Promise<{ readonly path: string; readonly source: Source } | undefined>;
  readonly #root: string;

  constructor({ session, capabilities, built, fatesOf, navigation, sourceAt }: FolderNamesContext) {
    this.#session = session;
    this.#capabilities = capabilities;
    this.#built = built;
    this.#fatesOf = fatesOf;
    this.#navigation = navigation;
    this.#sourceAt = sourceAt;
    const { root } = session.workspace;
    this.#root = root;
  }

  async hover(params: TextDocumentPositionParams): Promise<Hover | null> {
    const file = await this.#sourceAt(params);
    if (file === undefined) return null;
    const { path, source } = file;
    const offset = toOffset(source, params.position);
    const command = languageOf(path, source) === "ld" ? commandAt(scriptOf(path, source), offset) : undefined;
    if (command !== undefined) {
      return { contents: { kind: "markdown", value: command.text }, range: toRange(source, command.span) };
    }
    const at = await this.#session.ask((program) => namesAt(path, source, offset, program));
    if (at === undefined) return null;
    const objects = new Map<string, string>();
    for (const { text, isInternal } of at.names) {
      const said = await (isInternal ? this.#built.describeLocal(text, path) : this.#built.describe(text, path));
      const fates = describeFates(this.#fatesOf(text, isInternal ? path : undefined));
      objects.set(text, [said, fates].filter((part) => part !== "").join("\n\n"));
    }
    const objectsOf = (name: string) => objects.get(name) ?? "";
    const contents = await this.#session.ask((program) =>
      describeNames(at, path, program, { root: this.#root, capabilities: this.#capabilities, objectsOf }),
    );
    return contents === undefined ? null : { contents, range: toRange(source, at) };
  }

  async definition(params: TextDocumentPositionParams) {
    const found = await this.#navigate(params, ({ text: word }, program, path) => ({
      word,
      path,
      places: findDefinitions(word, path, program).definitions,
    }));
    if (found === null) return null;
    const places: Place[] = [];
    for (const one of found) places.push(...(await this.#built.preferWinner(one.word, one.path, one.places)));
    return this.#toLocations(places);
  }

  async declaration(params: TextDocumentPositionParams) {
    const found = await this.#navigate(params, ({ text }, program, path) => findDefinitions(text, path, program));
    return found === null ? null : this.#toLocations(found.flatMap(({ declarations }) => declarations));
  }

  async implementation(params: TextDocumentPositionParams) {
    const found = await this.#navigate(params, (place, program, path) => findImplementations(place, path, program));
    return found === null ? null : this.#toLocations(found.flat());
  }

  async highlight(params: TextDocumentPositionParams) {
    const file = await this.#sourceAt(params);
    if (file === undefined) return null;
    return highlightAt({ ...file, session: this.#session, navigation: this.#navigation }, params);
  }

  async references(
    params: ReferenceParams,
    token: CancellationToken,
    report: ((part: Location[]) => void) | undefined,
  ) {
    const found = await this.#navigate(
      params,
      ({ text }, program, path) => findReferences(text, path, program, params.context.includeDeclaration),
      signalOf(token),
    );
    return found === null ? null : this.#toLocations(found.flat(), report);
  }

  #isKnown(name: string): boolean {
    return this.#session.workspace.index.mentions(name).length > 0;
  }

  /** Answers for each symbol at a position; with null where the user wants other servers to answer. */
  async #navigate<T>(
    params: TextDocumentPositionParams,
    compute: (place: SymbolPlace, program: Program, path: string) => T,
    signal?: AbortSignal,
  ): Promise<readonly T[] | null> {
    const file = await this.#sourceAt(params);
    if (file === undefined) return null;
    const { path, source } = file;
    const offset = toOffset(source, params.position);
    const answers = await this.#session.ask((program) => {
      const names = namesAt(path, source, offset, program, (name) => this.#isKnown(name))?.names ?? [];
      return names
        .filter(({ text, isInternal }) => !isInternal && answersFor(this.#navigation(), text, path, program))
        .map((place) => compute(place, program, path));
    }, signal);
    return answers.length === 0 ? null : answers;
  }

  /** The places, each once. */
  async #toLocations(found: readonly Place[], report?: (part: Location[]) => void): Promise<Location[]> {
    const places = [...new Map(found.map((place) => [`${place.path} ${place.span.start}`, place])).values()];
    let locations: Location[] = [];
    // In groups: the places may be in thousands of files.
    for (let from = 0; from < places.length; from += LOCATED_AT_ONCE) {
      const group = places.slice(from, from + LOCATED_AT_ONCE);
      const sources = await this.#session.workspace.readSources(group.map((place) => place.path));
      for (const { path, span } of group) {
        const source = sources.get(path);
        if (source !== undefined) locations.push({ uri: uriOfPath(this.#root, path), range: toRange(source, span) });
      }
      if (report === undefined) continue;
      report(locations);
      locations = [];
    }
    return locations;
  }
}

interface NavigatedFile {
  readonly path: string;
  readonly source: Source;
  readonly session: Session;
  navigation(): NavigationScope;
}

/** Null where nothing is highlighted, so that others may answer. */
async function highlightAt(
  { path, source, session, navigation }: NavigatedFile,
  { position }: TextDocumentPositionParams,
): Promise<DocumentHighlight[] | null> {
  const places = await session.ask((program) => {
    // What macros make is known to the program alone.
    const isSymbol = (name: string) => program.mentionsOf(name).length > 0;
    const names = namesAt(path, source, toOffset(source, position), program, isSymbol)?.names ?? [];
    const answered = names.filter(({ text }) => answersFor(navigation(), text, path, program));
    return highlightNames(answered, path, source, program);
  });
  if (places.length === 0) return null;
  return places.map((place) => ({ range: toRange(source, place), kind: HIGHLIGHT_KINDS[place.kind] }));
}
