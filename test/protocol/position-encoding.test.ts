/** Positions in bytes, code points and UTF-16 units: the same places, whatever is asked and whatever is answered. */

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { createRandom } from "../support/random.ts";
import { type RawClient, startRawClient } from "../support/raw-client.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

interface Position {
  readonly line: number;
  readonly character: number;
}

/** How many of an encoding's units a text has. */
const lengths: Readonly<Record<string, (text: string) => number>> = {
  "utf-16": (text) => text.length,
  "utf-8": (text) => Buffer.byteLength(text),
  "utf-32": (text) => [...text].length,
};

/** One letter of each kind: of the BMP, combining, astral, a tab. */
const odd = ["é", "e\u0301", "中", "𝒳", "😀", "\t", "\ufeff", "ß"];

const pieces: Readonly<Record<string, readonly string[]>> = {
  "a.c": [
    "extern int hook(void) __attribute__((weak)); ",
    "int f(void) { return hook ? hook() : 0; } ",
    "int __attribute__((weak)) over(void) { return 1; } ",
    '#include "b.h"\n',
    "/* @ */ ",
    'char *s = "@"; ',
    "\n",
  ],
  "a.lds": [
    "/* @ */ ",
    "table = 1 + 2; ",
    "PROVIDE(hook = .); ",
    "SECTIONS { .text : { *(.text) /* @ */ } } ",
    'MEMORY { ram : ORIGIN = 0, LENGTH = 4K } /* "@" */ ',
    "/*\n@ */ ",
    "\n",
  ],
};

function randomText(path: string, random: (below: number) => number): string {
  let text = "";
  for (let i = 0; i < 30; i++) {
    const piece = pieces[path]![random(pieces[path]!.length)]!;
    text += piece.replaceAll("@", () => Array.from({ length: random(4) }, () => odd[random(odd.length)]).join("x"));
  }
  return text;
}

/** The lines as the protocol counts them, without what ends them. */
function lineOf(text: string, line: number): string {
  return text.split(/\r\n|\r|\n/)[line] ?? "";
}

function recode({ line, character }: Position, text: string, encoding: string): Position {
  return { line, character: lengths[encoding]!(lineOf(text, line).slice(0, character)) };
}

function isPosition(value: object): value is Position {
  return "line" in value && "character" in value;
}

/** All positions of an answer in UTF-16, as another encoding has them. */
function recodeAnswer(
  value: unknown,
  path: string,
  texts: ReadonlyMap<string, string>,
  encoding: string,
  uriOf: (path: string) => string,
): unknown {
  const pathOf = (uri: unknown) => [...texts.keys()].find((one) => uriOf(one) === uri);
  const visit = (one: unknown, at: string): unknown => {
    if (typeof one !== "object" || one === null) return one;
    if (Array.isArray(one)) return one.map((member) => visit(member, at));
    if (isPosition(one)) return recode(one, texts.get(at)!, encoding);
    const record = one as Record<string, unknown>;
    const document = (record["textDocument"] as { uri?: unknown } | undefined)?.uri;
    const within = pathOf(record["uri"] ?? document) ?? at;
    return Object.fromEntries(
      Object.entries(record).map(([key, member]) => [key, visit(member, pathOf(key) ?? within)]),
    );
  };
  return visit(value, path);
}

/** Semantic tokens as texts with their types, which are the same in every encoding. */
function tokenTexts(data: readonly number[], text: string, encoding: string): string[] {
  const found: string[] = [];
  let line = 0;
  let column = 0;
  const lines = text.split(/\r\n|\r|\n/);
  for (let i = 0; i < data.length; i += 5) {
    column = data[i] === 0 ? column + data[i + 1]! : data[i + 1]!;
    line += data[i]!;
    const rest = lines.slice(line).join("\n");
    const cut = (count: number) => {
      let at = 0;
      while (lengths[encoding]!(rest.slice(0, at)) < count || /[\udc00-\udfff]/.test(rest[at] ?? "")) at++;
      return at;
    };
    const start = cut(column);
    found.push(`${line}:${start} ${data[i + 3]} ${rest.slice(start, cut(column + data[i + 2]!))}`);
  }
  return found;
}

const atPosition = ["hover", "definition", "references", "documentHighlight", "prepareRename", "completion"];
const onDocument = ["documentSymbol", "documentLink", "foldingRange", "codeLens"];

describe("position encodings", function () {
  this.timeout(120_000);

  it("agrees on the first encoding that both know", async () => {
    using tree = createTemporaryFolder({ "a.c": "int a;\n" });
    const cases: [string[] | undefined, string][] = [
      [undefined, "utf-16"],
      [["utf-7", "utf-32", "utf-8"], "utf-32"],
      [["utf-7"], "utf-16"],
      [["utf-16", "utf-8"], "utf-16"],
    ];
    for (const [positionEncodings, wanted] of cases) {
      await using client = startRawClient(tree.path);
      const { result } = await client.initialize({ general: { positionEncodings } });
      assert.equal((result as { capabilities: { positionEncoding: string } }).capabilities.positionEncoding, wanted);
    }
  });

  for (const encoding of ["utf-8", "utf-32"]) {
    it(`answers in ${encoding} what it answers in UTF-16, to every request and behind every edit`, async () => {
      const random = createRandom(encoding.length);
      const texts = new Map(Object.keys(pieces).map((path) => [path, randomText(path, random)]));
      using tree = createTemporaryFolder({ ...Object.fromEntries(texts), "b.h": "int b;\n" });
      const uriOf = (path: string) => pathToFileURL(`${tree.path}/${path}`).href;
      await using reference = startRawClient(tree.path);
      await using client = startRawClient(tree.path);
      await reference.initialize(capabilitiesWith("utf-16"));
      await client.initialize(capabilitiesWith(encoding));
      for (const one of [reference, client]) {
        for (const [path, text] of texts) {
          const languageId = path.endsWith(".c") ? "c" : "ld";
          one.tell("textDocument/didOpen", { textDocument: { uri: uriOf(path), languageId, version: 1, text } });
        }
        await one.indexed;
      }

      const ask = async (method: string, path: string, more: (recoded: (at: Position) => Position) => object) => {
        const textDocument = { uri: uriOf(path) };
        const text = texts.get(path)!;
        const [first, second] = await Promise.all([
          reference.ask(method, { textDocument, ...more((at) => at) }),
          client.ask(method, { textDocument, ...more((at) => recode(at, text, encoding)) }),
        ]);
        const wanted = recodeAnswer(first, path, texts, encoding, uriOf);
        assert.deepEqual({ ...second, id: 0 }, { ...(wanted as object), id: 0 }, `${method} ${path}`);
      };

      for (let version = 2; version < 5; version++) {
        for (const [path, text] of texts) {
          const at = (): Position => {
            const lines = text.split("\n");
            const line = random(lines.length);
            const column = random(lines[line]!.length + 1);
            // Within a pair of surrogates no place is.
            return { line, character: /[\udc00-\udfff]/.test(lines[line]![column] ?? "") ? column - 1 : column };
          };
          for (let i = 0; i < 4; i++) {
            const position = at();
            for (const method of atPosition) {
              const context = { includeDeclaration: true };
              await ask(`textDocument/${method}`, path, (recoded) => ({ position: recoded(position), context }));
            }
            const range = (recoded: (at: Position) => Position) => ({
              start: recoded({ line: 0, character: 0 }),
              end: recoded(position),
            });
            await ask("textDocument/codeAction", path, (recoded) => ({
              range: range(recoded),
              context: { diagnostics: [] },
            }));
            await ask("textDocument/inlayHint", path, (recoded) => ({ range: range(recoded) }));
            await ask("textDocument/rename", path, (recoded) => ({ position: recoded(position), newName: "neu" }));
            await ask("textDocument/selectionRange", path, (recoded) => ({ positions: [recoded(position)] }));
          }
          for (const method of onDocument) await ask(`textDocument/${method}`, path, () => ({}));
          await ask("textDocument/formatting", path, () => ({ options: { tabSize: 8, insertSpaces: false } }));
          const tokens = async (one: RawClient, units: string) => {
            const { result } = await one.ask("textDocument/semanticTokens/full", {
              textDocument: { uri: uriOf(path) },
            });
            return tokenTexts((result as { data: number[] }).data, text, units);
          };
          assert.deepEqual(await tokens(client, encoding), await tokens(reference, "utf-16"));
          texts.set(path, edit(path, text, version, random, at));
        }
      }

      function edit(path: string, text: string, version: number, next: typeof random, at: () => Position): string {
        const [start, end] = [at(), at()].sort((a, b) => a.line - b.line || a.character - b.character) as [
          Position,
          Position,
        ];
        const put = odd[next(odd.length)]! + pieces[path]![next(pieces[path]!.length)]!;
        const offset = ({ line, character }: Position) =>
          text
            .split("\n")
            .slice(0, line)
            .reduce((sum, one) => sum + one.length + 1, character);
        const tell = (one: RawClient, units: string) =>
          one.tell("textDocument/didChange", {
            textDocument: { uri: uriOf(path), version },
            contentChanges: [
              { range: { start: recode(start, text, units), end: recode(end, text, units) }, text: put },
            ],
          });
        tell(reference, "utf-16");
        tell(client, encoding);
        return text.slice(0, offset(start)) + put + text.slice(offset(end));
      }
    });
  }
});

function capabilitiesWith(encoding: string): object {
  return {
    general: { positionEncodings: [encoding] },
    workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ["create"] } },
    textDocument: { documentSymbol: { hierarchicalDocumentSymbolSupport: true }, rename: { prepareSupport: true } },
  };
}
