/**
 * The editing of linker scripts as the protocol has it: which requests are offered for them, and what answers each. The
 * answers themselves are made by features/, one file each; nothing here knows the language.
 *
 * Editors have other tools for C and assembly. So that these requests are not asked, and theirs not displaced, in files of
 * other languages, each is registered for linker scripts alone wherever the client can be told so.
 */

import {
  BulkRegistration,
  type ClientCapabilities,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  CompletionRequest,
  type Connection,
  DocumentFormattingRequest,
  type DocumentHighlight,
  DocumentHighlightKind,
  type DocumentLink,
  DocumentLinkRequest,
  DocumentRangeFormattingRequest,
  type DocumentSelector,
  type DocumentSymbol,
  type FoldingRange,
  FoldingRangeRequest,
  type FormattingOptions,
  type Hover,
  type InlayHint,
  InlayHintRequest,
  MarkupKind,
  type Range,
  RegistrationType,
  type SelectionRange,
  SelectionRangeRequest,
  SemanticTokensRegistrationType,
  type ServerCapabilities,
  SignatureHelpRequest,
  type TextDocumentIdentifier,
  type TextDocumentPositionParams,
  type TextEdit,
} from "vscode-languageserver/node";
import { describeInImage, hintRegions, type ShownImage } from "../features/image-words.ts";
import { findOrphans, hintOrphans, type Orphan } from "../features/orphan-sections.ts";
import { commandAt } from "../features/script-commands.ts";
import { completeScript } from "../features/script-completion.ts";
import { foldScript } from "../features/script-folding.ts";
import { formatScript } from "../features/script-format.ts";
import { hintScript } from "../features/script-hints.ts";
import { hoverScript } from "../features/script-hover.ts";
import { findScriptLinks } from "../features/script-links.ts";
import { describeMacro, highlightWord, macroWordAt } from "../features/script-macros.ts";
import { outlineScript } from "../features/script-outline.ts";
import { selectionsAt } from "../features/script-selection.ts";
import { signatureAt } from "../features/script-signature.ts";
import { TOKEN_MODIFIERS, TOKEN_TYPES, tokenizeScript } from "../features/script-tokens.ts";
import { regionsOf } from "../features/script-values.ts";
import { type LinkedName, linkedNameAt } from "../features/symbol-at.ts";
import { languageOf } from "../linkage/facts/extract.ts";
import { scriptOf } from "../linkage/facts/parsed.ts";
import type { Images } from "../session/images.ts";
import type { Session } from "../session/session.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import { toOffset, toPosition, toRange, toSpan, uriOfPath } from "./convert.ts";
import { linkFoldersOf } from "./link-folders.ts";
import { type Folders, locateDocument } from "./locate-document.ts";
import { isSymbolData, markup, toCompletionList, toSignatureHelp } from "./script-completion.ts";
import { toFoldingRanges, toSelectionRange, toSemanticTokens, toSymbols } from "./script-convert.ts";
import type { Settings } from "./settings.ts";
import { describeNames } from "./symbol-hover.ts";

/** The languages and files that are linker scripts to the editors we know, and no C; of `.map` and its like, some are. */
const SELECTOR: DocumentSelector = [
  { scheme: "file", language: "linkerscript" },
  { scheme: "file", language: "ld" },
  { scheme: "file", pattern: "**/*.{lds,lds.S,lds.h,ld.S,ld,map,ver,dyn}" },
];

export interface ScriptServices extends Folders {
  readonly connection: Connection;
  capabilities(): ClientCapabilities;
  settings(): Settings;
  /** The linked images of a folder; undefined once it is closed. */
  imagesOf(session: Session): Images | undefined;
}

export interface ScriptRequests {
  /** What initialize has to say for clients that can't be told later. */
  capabilities(): ServerCapabilities;
  /** Tells the others. Rejects where a client refuses what it said it can. */
  register(): Promise<void>;
  /** The outline of a script; undefined where the document is none. */
  documentSymbols(document: TextDocumentIdentifier): Promise<DocumentSymbol[] | undefined>;
  /** Actions on a script that are no fixes of findings: orphan sections can be placed where the linker put them. */
  codeActions(params: CodeActionParams): Promise<CodeAction[]>;
  /** What a script itself says of a place; undefined where it says nothing that others don't know. */
  hover(params: TextDocumentPositionParams): Promise<Hover | undefined>;
  /** Where a script has the name at a place; undefined where the document is none. */
  highlight(params: TextDocumentPositionParams): Promise<DocumentHighlight[] | undefined>;
}

/** A linker script that was asked about. */
interface OpenScript {
  readonly path: string;
  readonly source: Source;
  readonly script: LdScript;
  readonly session: Session;
}

/** A request that can be registered for some documents alone. */
interface Offer {
  readonly canRegister: boolean | undefined;
  readonly type: { readonly method: string };
  /** How the capabilities of initialize have it. */
  readonly fixed: ServerCapabilities;
  readonly options?: object;
}

/** Answers the requests of editing for the linker scripts of the connection's folders. */
export function serveScripts(context: ScriptServices): ScriptRequests {
  return new ScriptServer(context);
}

class ScriptServer implements ScriptRequests {
  readonly #context: ScriptServices;
  readonly #connection: Connection;

  constructor(context: ScriptServices) {
    this.#context = context;
    const { connection } = context;
    this.#connection = connection;
    this.#answerLayout();
    this.#answerWriting();
    this.#answerDisplay();
  }

  capabilities() {
    const fixed = this.#offers().filter((offer) => offer.canRegister !== true);
    return Object.assign({}, ...fixed.map((offer) => offer.fixed)) as ServerCapabilities;
  }

  async register() {
    const registrations = BulkRegistration.create();
    const offered = this.#offers().filter((offer) => offer.canRegister === true);
    if (offered.length === 0) return;
    for (const { type, options } of offered) {
      registrations.add(new RegistrationType<object>(type.method), { documentSelector: SELECTOR, ...options });
    }
    await this.#connection.client.register(registrations);
  }

  async documentSymbols(document: TextDocumentIdentifier) {
    const symbols = await this.#withScript(document, ({ script, source }) =>
      toSymbols(outlineScript(script), source, isHierarchical(this.#context.capabilities())),
    );
    return symbols ?? undefined;
  }

  async codeActions({ textDocument, range, context: { only } }: CodeActionParams) {
    if (only !== undefined && !only.includes(CodeActionKind.QuickFix)) return [];
    const actions = await this.#withScript(textDocument, async (open) => {
      const shown = await this.#imageOf(open);
      const { start, end } = toSpan(open.source, range);
      const orphans = shown === undefined ? [] : findOrphans(open.script, shown, open.path);
      return orphans
        .filter(({ behind }) => behind.start <= end && start <= behind.end)
        .map((orphan) => toAction(orphan, open.source, textDocument.uri));
    });
    return actions ?? [];
  }

  async hover({ textDocument, position }: TextDocumentPositionParams) {
    const hover = await this.#withScript(textDocument, async (open) => {
      const { path, script, source, session } = open;
      const offset = toOffset(source, position);
      const here = hoverScript(script, offset);
      const shown = await this.#imageOf(open);
      const built = shown && describeInImage(script, offset, shown);
      const span = here?.span ?? built?.span ?? macroWordAt(script, offset);
      if (span === undefined) return null;
      let known: string | undefined;
      if (built === undefined && (here === undefined || here.isSymbol)) {
        known = commandAt(script, offset)?.text ?? (await this.#describeMacroAt(offset, open));
        // What is known of a symbol alone, others tell.
        if (known === undefined && here?.text === undefined) return null;
        const place = linkedNameAt(path, source, offset);
        known ??= place && (await this.#describeSymbol(place, path, session));
      }
      const value = [known, here?.text, built?.text].filter((text) => text !== undefined).join("\n\n");
      return { contents: { kind: MarkupKind.Markdown, value }, range: toRange(source, span) };
    });
    return hover ?? undefined;
  }

  /** How a script is laid out: its format, what folds, what is selected, what its words are. */
  #answerLayout(): void {
    this.#connection.onDocumentFormatting(({ textDocument, options }) =>
      this.#withScript(textDocument, (open) => this.#format(open, options)),
    );
    this.#connection.onDocumentRangeFormatting(({ textDocument, options, range }) =>
      this.#withScript(textDocument, (open) => this.#format(open, options, range)),
    );
    this.#connection.onFoldingRanges(
      ({ textDocument }): Promise<FoldingRange[] | null> =>
        this.#withScript(textDocument, ({ script, source }) =>
          toFoldingRanges(
            foldScript(script),
            source,
            this.#context.capabilities().textDocument?.foldingRange?.rangeLimit,
          ),
        ),
    );
    this.#connection.onSelectionRanges(
      ({ textDocument, positions }): Promise<SelectionRange[] | null> =>
        this.#withScript(textDocument, ({ script, source }) =>
          positions.map((position) => toSelectionRange(selectionsAt(script, toOffset(source, position)), source)),
        ),
    );
    this.#connection.languages.semanticTokens.on(async ({ textDocument }) => {
      const tokens = await this.#withScript(textDocument, ({ script, source }) =>
        toSemanticTokens(tokenizeScript(script), source),
      );
      return tokens ?? { data: [] };
    });
    this.#connection.languages.semanticTokens.onRange(async ({ textDocument, range }) => {
      const tokens = await this.#withScript(textDocument, ({ script, source }) =>
        toSemanticTokens(tokenizeScript(script, toSpan(source, range)), source),
      );
      return tokens ?? { data: [] };
    });
  }

  /** What helps whoever writes a script. */
  #answerWriting(): void {
    this.#connection.onCompletion(({ textDocument, position }) =>
      this.#withScript(textDocument, async ({ path, script, source, session }) => {
        const offset = toOffset(source, position);
        const found = await session.ask((program) => completeScript(path, script, offset, program));
        return toCompletionList(found, source, textDocument.uri, this.#context.capabilities());
      }),
    );
    this.#connection.onCompletionResolve(async (item) => {
      const { data } = item;
      if (!isSymbolData(data)) return item;
      const text = await this.#withScript({ uri: data.uri }, ({ path, session }) =>
        this.#describeSymbol(
          { text: data.symbol, start: -1, end: -1, fact: undefined, isInternal: false },
          path,
          session,
        ),
      );
      const formats = this.#context.capabilities().textDocument?.completion?.completionItem?.documentationFormat;
      return text === null || text === undefined ? item : { ...item, documentation: markup(text, formats) };
    });
    this.#connection.onSignatureHelp(({ textDocument, position }) =>
      this.#withScript(textDocument, async ({ path, script, source, session }) => {
        const offset = toOffset(source, position);
        const found = await session.ask((program) => signatureAt(path, script, offset, program));
        return found === undefined ? null : toSignatureHelp(found, this.#context.capabilities());
      }),
    );
  }

  /** What is shown in and beside the text. */
  #answerDisplay(): void {
    this.#connection.onDocumentLinks(
      ({ textDocument }): Promise<DocumentLink[] | null> =>
        this.#withScript(textDocument, ({ path, script, source, session }) => {
          const folders = linkFoldersOf(path, session, this.#context.settings().kernelArch);
          return findScriptLinks(path, script, folders).map((link) => ({
            range: toRange(source, link.span),
            target: uriOfPath(session.workspace.root, link.path),
          }));
        }),
    );
    this.#connection.languages.inlayHint.on(
      ({ textDocument, range }): Promise<InlayHint[] | null> =>
        this.#withScript(textDocument, async (open) => {
          const { script, source } = open;
          if (!this.#context.settings().inlayHints) return [];
          const shown = await this.#imageOf(open);
          const hints = [
            ...hintScript(script, toSpan(source, range)),
            ...(shown === undefined ? [] : hintRegions(script, toSpan(source, range), shown)),
            ...(shown === undefined ? [] : hintOrphans(findOrphans(script, shown, open.path), toSpan(source, range))),
          ];
          return hints.map(({ offset, label, tooltip }) => ({
            position: toPosition(source, offset),
            label,
            tooltip,
            paddingLeft: true,
          }));
        }),
    );
  }

  async highlight({ textDocument, position }: TextDocumentPositionParams) {
    const places = await this.#withScript(textDocument, ({ script, source }) =>
      highlightWord(script, toOffset(source, position)).map((name) => ({
        range: toRange(source, name),
        kind: name.isDefinition ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
      })),
    );
    return places ?? undefined;
  }

  async #imageOf({ path, script, session }: OpenScript): Promise<ShownImage | undefined> {
    return this.#context.imagesOf(session)?.imageOf(path, regionsOf(script));
  }

  /** Runs a computation over the document if it is a linker script; null otherwise. */
  async #withScript<T>(
    { uri }: TextDocumentIdentifier,
    compute: (open: OpenScript) => T | Promise<T>,
  ): Promise<T | null> {
    const located = await locateDocument(uri, this.#context);
    if (located === undefined) return null;
    const { path, session } = located;
    const source = await session.workspace.readSource(path);
    if (source === undefined || languageOf(path, source) !== "ld") return null;
    return compute({ path, source, script: scriptOf(path, source), session });
  }

  #format({ script, source }: OpenScript, options: FormattingOptions, range?: Range): TextEdit[] {
    const span: Span | undefined = range && toSpan(source, range);
    return formatScript(script, options, span).map((edit) => ({ range: toRange(source, edit), newText: edit.text }));
  }

  async #describeSymbol(place: LinkedName, path: string, session: Session): Promise<string | undefined> {
    const { root } = session.workspace;
    const capabilities = this.#context.capabilities();
    return session.ask(
      (program) =>
        describeNames({ ...place, names: [place], macro: undefined }, path, program, { root, capabilities })?.value,
    );
  }

  async #describeMacroAt(offset: number, open: OpenScript): Promise<string | undefined> {
    const word = macroWordAt(open.script, offset);
    return word && open.session.ask((program) => describeMacro(word.text, open.path, program));
  }

  #offers(): Offer[] {
    const document = this.#context.capabilities().textDocument;
    return [
      {
        canRegister: document?.formatting?.dynamicRegistration,
        type: DocumentFormattingRequest.type,
        fixed: { documentFormattingProvider: true },
      },
      {
        canRegister: document?.rangeFormatting?.dynamicRegistration,
        type: DocumentRangeFormattingRequest.type,
        fixed: { documentRangeFormattingProvider: true },
      },
      {
        canRegister: document?.foldingRange?.dynamicRegistration,
        type: FoldingRangeRequest.type,
        fixed: { foldingRangeProvider: true },
      },
      {
        canRegister: document?.selectionRange?.dynamicRegistration,
        type: SelectionRangeRequest.type,
        fixed: { selectionRangeProvider: true },
      },
      {
        canRegister: document?.semanticTokens?.dynamicRegistration,
        type: SemanticTokensRegistrationType.type,
        fixed: { semanticTokensProvider: semanticTokens },
        options: semanticTokens,
      },
      {
        canRegister: document?.documentLink?.dynamicRegistration,
        type: DocumentLinkRequest.type,
        fixed: { documentLinkProvider: { resolveProvider: false } },
      },
      {
        canRegister: document?.completion?.dynamicRegistration,
        type: CompletionRequest.type,
        fixed: { completionProvider: completion },
        options: completion,
      },
      {
        canRegister: document?.signatureHelp?.dynamicRegistration,
        type: SignatureHelpRequest.type,
        fixed: { signatureHelpProvider: signatureHelp },
        options: signatureHelp,
      },
      {
        canRegister: document?.inlayHint?.dynamicRegistration,
        type: InlayHintRequest.type,
        fixed: { inlayHintProvider: true },
      },
    ];
  }
}

function toAction({ section, edit }: Orphan, source: Source, uri: string): CodeAction {
  const position = toPosition(source, edit.offset);
  return {
    title: `Place the orphan section ${section.name} here, where the linker put it`,
    kind: CodeActionKind.QuickFix,
    edit: { changes: { [uri]: [{ range: { start: position, end: position }, newText: edit.text }] } },
  };
}

const semanticTokens = {
  legend: { tokenTypes: [...TOKEN_TYPES], tokenModifiers: [...TOKEN_MODIFIERS] },
  full: true,
  range: true,
};

/** Behind `>` and `:` come regions and segments, behind `#` directives, behind `<`, `"` and `/` the parts of a path. */
const completion = { triggerCharacters: [">", ":", "(", "#", "<", '"', "/"], resolveProvider: true };
const signatureHelp = { triggerCharacters: ["(", ","], retriggerCharacters: [","] };

function isHierarchical({ textDocument }: ClientCapabilities): boolean {
  return textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true;
}
