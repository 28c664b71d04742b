/** What the parameters of requests and notifications must have, so that nobody behind it meets something else (LSP 3.17). */

type Shape = (value: unknown) => boolean;

const text: Shape = (value) => typeof value === "string";
const integer: Shape = (value) => Number.isInteger(value);
const unsigned: Shape = (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31;
const anything: Shape = () => true;

function optional(shape: Shape): Shape {
  return (value) => value === undefined || value === null || shape(value);
}

function list(of: Shape): Shape {
  return (value) => Array.isArray(value) && value.every(of);
}

function record(members: Readonly<Record<string, Shape>>): Shape {
  const entries = Object.entries(members);
  return (value) =>
    typeof value === "object" &&
    value !== null &&
    entries.every(([name, shape]) => shape((value as Readonly<Record<string, unknown>>)[name]));
}

const position = record({ line: unsigned, character: unsigned });
const range = record({ start: position, end: position });
const textDocument = record({ uri: text });
const place = record({ textDocument, position });
const whole = record({ textDocument });
const part = record({ textDocument, range });
const options = record({ tabSize: unsigned });
const versioned = record({ uri: text, version: integer });
const folders = list(record({ uri: text }));

const shapes: Readonly<Record<string, Shape>> = {
  initialize: record({ capabilities: record({}), workspaceFolders: optional(folders), rootUri: optional(text) }),
  "textDocument/hover": place,
  "textDocument/definition": place,
  "textDocument/declaration": place,
  "textDocument/implementation": place,
  "textDocument/references": record({ textDocument, position, context: record({}) }),
  "textDocument/documentHighlight": place,
  "textDocument/prepareRename": place,
  "textDocument/rename": record({ textDocument, position, newName: text }),
  "textDocument/completion": place,
  "textDocument/signatureHelp": place,
  "textDocument/codeAction": record({ textDocument, range, context: record({ diagnostics: list(record({ range })) }) }),
  "textDocument/codeLens": whole,
  "textDocument/documentSymbol": whole,
  "textDocument/documentLink": whole,
  "textDocument/foldingRange": whole,
  "textDocument/formatting": record({ textDocument, options }),
  "textDocument/rangeFormatting": record({ textDocument, range, options }),
  "textDocument/inlayHint": part,
  "textDocument/selectionRange": record({ textDocument, positions: list(position) }),
  "textDocument/semanticTokens/full": whole,
  "textDocument/semanticTokens/range": part,
  "textDocument/diagnostic": record({ textDocument, previousResultId: optional(text) }),
  "textDocument/didOpen": record({ textDocument: record({ uri: text, languageId: text, version: integer, text }) }),
  "textDocument/didChange": record({
    textDocument: versioned,
    contentChanges: list(record({ text, range: optional(range) })),
  }),
  "textDocument/didClose": whole,
  "workspace/diagnostic": record({ previousResultIds: list(record({ uri: text, value: text })) }),
  "workspace/symbol": record({ query: text }),
  "workspace/executeCommand": record({ command: text, arguments: optional(list(anything)) }),
  "workspace/didChangeWatchedFiles": record({ changes: list(record({ uri: text })) }),
  "workspace/didChangeWorkspaceFolders": record({ event: record({ added: folders, removed: folders }) }),
  "codeLens/resolve": record({ range }),
  "completionItem/resolve": record({ label: text }),
  "weakspot/expand": whole,
  "weakspot/linkage": record({ uri: optional(text) }),
};

/** Whether the parameters are such as the method's must be. Of methods that are not known, nothing is asked. */
export function areWellFormed(method: string, params: unknown): boolean {
  const shape = Object.hasOwn(shapes, method) ? shapes[method] : undefined;
  return shape === undefined || shape(params);
}

/** The methods whose parameters are looked at. */
export const checkedMethods: readonly string[] = Object.keys(shapes);
