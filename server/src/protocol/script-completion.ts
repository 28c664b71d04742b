/** Completion and signature help for linker scripts in the protocol's types, as far as the client knows them. */

import {
  type ClientCapabilities,
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  InsertTextFormat,
  MarkupKind,
  type SignatureHelp,
} from "vscode-languageserver";
import type { CompletionKind, ScriptCompletion, ScriptCompletions } from "../features/script-completion.ts";
import type { ScriptSignatures } from "../features/script-signature.ts";
import type { Source } from "../text/source.ts";
import { toRange } from "./convert.ts";

const kinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  command: CompletionItemKind.Keyword,
  function: CompletionItemKind.Function,
  symbol: CompletionItemKind.Variable,
  section: CompletionItemKind.Class,
  region: CompletionItemKind.Module,
  segment: CompletionItemKind.Struct,
  macro: CompletionItemKind.Constant,
  constant: CompletionItemKind.EnumMember,
  snippet: CompletionItemKind.Snippet,
  directive: CompletionItemKind.Keyword,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
};

/** Names before functions, and commands last, where several kinds may stand. */
const order: Readonly<Record<CompletionKind, string>> = {
  section: "1",
  region: "1",
  segment: "1",
  constant: "1",
  command: "2",
  snippet: "2",
  symbol: "3",
  macro: "4",
  function: "5",
  directive: "1",
  folder: "1",
  file: "2",
};

/** What a symbol's item carries, so that its documentation can be asked for. */
export interface SymbolData {
  readonly uri: string;
  readonly symbol: string;
}

export function isSymbolData(data: unknown): data is SymbolData {
  const { uri, symbol } = (typeof data === "object" && data !== null ? data : {}) as Partial<SymbolData>;
  return typeof uri === "string" && typeof symbol === "string";
}

export function toCompletionList(
  { items, replaced, isIncomplete }: ScriptCompletions,
  source: Source,
  uri: string,
  capabilities: ClientCapabilities,
): CompletionList {
  const range = toRange(source, replaced);
  const knowsSnippets = capabilities.textDocument?.completion?.completionItem?.snippetSupport === true;
  const formats = capabilities.textDocument?.completion?.completionItem?.documentationFormat;
  const toItem = (one: ScriptCompletion): CompletionItem => {
    const snippet = knowsSnippets ? one.snippet : undefined;
    return {
      label: one.label,
      kind: kinds[one.kind],
      sortText: `${order[one.kind]}${one.label}`,
      textEdit: { range, newText: snippet ?? one.label },
      ...(snippet === undefined ? {} : { insertTextFormat: InsertTextFormat.Snippet }),
      ...(one.detail === undefined ? {} : { detail: one.detail }),
      ...(one.documentation === undefined ? {} : { documentation: markup(one.documentation, formats) }),
      ...(one.kind === "symbol" ? { data: { uri, symbol: one.label } satisfies SymbolData } : {}),
    };
  };
  return { isIncomplete, items: items.map(toItem) };
}

/** Markdown for those who show it. */
export function markup(text: string, formats: readonly MarkupKind[] | undefined): CompletionItem["documentation"] & {} {
  return formats?.includes(MarkupKind.Markdown)
    ? { kind: MarkupKind.Markdown, value: text }
    : text.replace(/[`*]/g, "");
}

export function toSignatureHelp(found: ScriptSignatures, capabilities: ClientCapabilities): SignatureHelp {
  const information = capabilities.textDocument?.signatureHelp?.signatureInformation;
  const hasOffsets = information?.parameterInformation?.labelOffsetSupport === true;
  return {
    activeSignature: found.activeSignature,
    activeParameter: found.activeParameter,
    signatures: found.signatures.map(({ label, parameters, documentation }) => ({
      label,
      parameters: parameters.map(([start, end]) => ({ label: hasOffsets ? [start, end] : label.slice(start, end) })),
      ...(documentation === undefined
        ? {}
        : { documentation: markup(documentation, information?.documentationFormat) }),
    })),
  };
}
