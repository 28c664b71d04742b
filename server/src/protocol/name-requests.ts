/**
 * Requests that follow a name: where a script's own names are declared and used, and the renaming of those and of symbols.
 * A rename is one edit that the client takes or refuses as a whole; what speaks against it is told to the user as it is.
 */

import {
  type ClientCapabilities,
  type Connection,
  type Location,
  LSPErrorCodes,
  type PrepareRenameParams,
  type Range,
  type ReferenceParams,
  type RenameOptions,
  type RenameParams,
  ResponseError,
  type TextDocumentPositionParams,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { namesAt } from "../features/names-at.ts";
import type { Place } from "../features/navigation.ts";
import { findMacroDefinitions, findMacroReferences, macroWordAt } from "../features/script-macros.ts";
import {
  findOwnDefinitions,
  findOwnReferences,
  type OwnName,
  ownNameAt,
  planOwnRename,
} from "../features/script-navigation.ts";
import { planSymbolRename, type RenamePlan, refusalOfMadeNames, refusalOfSymbol } from "../features/symbol-rename.ts";
import { languageOf } from "../linkage/facts/extract.ts";
import { scriptOf } from "../linkage/facts/parsed.ts";
import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { Session } from "../session/session.ts";
import type { FileEdit } from "../text/edit.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import { toWorkspaceEdit } from "./code-actions.ts";
import { toOffset, toRange, uriOfPath } from "./convert.ts";
import { type Folders, locateDocument } from "./locate-document.ts";

export interface NameContext extends Folders {
  readonly connection: Connection;
  capabilities(): ClientCapabilities;
  /** The version of an open document; null for files on disk. */
  versionOf(uri: string): number | null;
}

export interface NameRequests {
  /** Where a region, segment, section or macro of a script is declared; undefined where there is none at the place. */
  definition(params: TextDocumentPositionParams): Promise<Location[] | undefined>;
  references(params: ReferenceParams): Promise<Location[] | undefined>;
  renameProvider(): RenameOptions | boolean;
}

/** What can be renamed at a place, or why it can't be. */
type Target =
  | { readonly kind: "own"; readonly name: OwnName; readonly span: Span }
  | { readonly kind: "symbol"; readonly text: string; readonly span: Span }
  | { readonly kind: "refusal"; readonly reason: string };

interface OpenFile {
  readonly path: string;
  readonly source: Source;
  readonly session: Session;
  readonly offset: number;
}

/** Answers these requests for the connection's folders. */
export function serveNames(context: NameContext): NameRequests {
  return new NameServer(context);
}

class NameServer implements NameRequests {
  readonly #context: NameContext;
  readonly #connection: Connection;

  constructor(context: NameContext) {
    this.#context = context;
    const { connection } = context;
    this.#connection = connection;
    this.#connection.onPrepareRename(async (params: PrepareRenameParams): Promise<Prepared | null> => {
      const file = await this.#open(params);
      const target = file && (await targetAt(file));
      if (file === undefined || target === undefined) return null;
      if (target.kind === "refusal") throw refusal(target.reason);
      if (target.kind === "symbol") {
        const reason = await file.session.ask((program) => refusalOfSymbol(target.text, file.path, program));
        if (reason !== undefined) throw refusal(reason);
      }
      const { span } = target;
      return { range: toRange(file.source, span), placeholder: file.source.slice(span.start, span.end) };
    });
    this.#connection.onRenameRequest(async (params: RenameParams): Promise<WorkspaceEdit | null> => {
      const file = await this.#open(params);
      const target = file && (await targetAt(file));
      if (file === undefined || target === undefined) return null;
      if (target.kind === "refusal") throw refusal(target.reason);
      const { session, path } = file;
      const plan = await session.ask((program): RenamePlan => {
        return target.kind === "own"
          ? planOwnRename(target.name, path, params.newName, program)
          : planSymbolRename(target.text, path, params.newName, program);
      });
      if (plan.kind === "refusal") throw refusal(plan.reason);
      await checkUnchanged(plan.edits, target, session);
      const edit = await toWorkspaceEdit(plan, {
        session,
        capabilities: context.capabilities(),
        versionOf: context.versionOf,
      });
      return edit ?? null;
    });
  }

  async definition(params: TextDocumentPositionParams) {
    const file = await this.#open(params);
    const name = file && ownName(file);
    if (file === undefined) return undefined;
    if (name === undefined) return this.#macroLocations(file, findMacroDefinitions);
    const places = await file.session.ask((program) => findOwnDefinitions(name, file.path, program));
    return this.#toLocations(places, file.session);
  }

  async references(params: ReferenceParams) {
    const file = await this.#open(params);
    const name = file && ownName(file);
    if (file === undefined) return undefined;
    const { includeDeclaration } = params.context;
    if (name === undefined) {
      return this.#macroLocations(file, (word, path, program) =>
        findMacroReferences(word, path, program, includeDeclaration),
      );
    }
    const places = await file.session.ask((program) => findOwnReferences(name, file.path, program, includeDeclaration));
    return this.#toLocations(places, file.session);
  }

  renameProvider() {
    return this.#context.capabilities().textDocument?.rename?.prepareSupport ? { prepareProvider: true } : true;
  }

  async #open({ textDocument: { uri }, position }: TextDocumentPositionParams): Promise<OpenFile | undefined> {
    const located = await locateDocument(uri, this.#context);
    const source = await located?.session.workspace.readSource(located.path);
    return located && source && { ...located, source, offset: toOffset(source, position) };
  }

  async #toLocations(places: readonly Place[], { workspace }: Session): Promise<Location[]> {
    const sources = await workspace.readSources(places.map((place) => place.path));
    return places.flatMap(({ path, span }) => {
      const source = sources.get(path);
      return source === undefined ? [] : [{ uri: uriOfPath(workspace.root, path), range: toRange(source, span) }];
    });
  }

  /** Where the preprocessor's word under the cursor is defined or used; undefined where it is no macro's name. */
  async #macroLocations(
    { path, source, offset, session }: OpenFile,
    find: (name: string, path: string, program: Program) => readonly Place[],
  ): Promise<Location[] | undefined> {
    if (languageOf(path, source) !== "ld") return undefined;
    const word = macroWordAt(scriptOf(path, source), offset);
    if (word === undefined) return undefined;
    const places = await session.ask((program) => find(word.text, path, program));
    return places.length === 0 ? undefined : this.#toLocations(places, session);
  }
}

interface Prepared {
  readonly range: Range;
  readonly placeholder: string;
}

function refusal(reason: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}

function ownName({ path, source, offset }: OpenFile): OwnName | undefined {
  return languageOf(path, source) === "ld" ? ownNameAt(scriptOf(path, source), offset) : undefined;
}

async function targetAt(file: OpenFile): Promise<Target | undefined> {
  const { path, source, offset, session } = file;
  const name = ownName(file);
  if (name !== undefined) return { kind: "own", name, span: { start: name.start, end: name.end } };
  const at = await session.ask((program) => namesAt(path, source, offset, program));
  const reason = at && refusalOfMadeNames(at);
  if (reason !== undefined) return { kind: "refusal", reason };
  if (languageOf(path, source) === "ld") {
    const symbol = scriptModelOf(scriptOf(path, source)).nameAt(offset);
    return symbol && { kind: "symbol", text: symbol.text, span: { start: symbol.start, end: symbol.end } };
  }
  const symbol = at?.names.find(({ isInternal }) => !isInternal);
  return symbol && { kind: "symbol", text: symbol.text, span: { start: symbol.start, end: symbol.end } };
}

/** Sees to it that every place still has the old name: a file may have changed since it was read for the plan. */
async function checkUnchanged(
  edits: readonly FileEdit[],
  target: Exclude<Target, { kind: "refusal" }>,
  session: Session,
): Promise<void> {
  const old = target.kind === "own" ? target.name.text : target.text;
  const sources = await session.workspace.readSources(edits.map((edit) => edit.path));
  for (const edit of edits) {
    const source = sources.get(edit.path);
    const places = "edits" in edit ? edit.edits : [];
    if (source !== undefined && places.every(({ start, end }) => source.slice(start, end) === old)) continue;
    session.forget([edit.path]);
    throw refusal(`${edit.path} has changed meanwhile; try again.`);
  }
}
