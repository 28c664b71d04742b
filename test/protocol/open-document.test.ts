import assert from "node:assert/strict";
import type { TextDocumentContentChangeEvent } from "vscode-languageserver-protocol";
import { TextDocument } from "vscode-languageserver-textdocument";
import { linesOf } from "../../server/src/linkage/facts/texts.ts";
import { type OpenDocument, openDocuments } from "../../server/src/protocol/open-document.ts";
import { findLines } from "../../server/src/text/lines.ts";
import { sourceOfText } from "../../server/src/text/source.ts";
import { createRandom } from "../support/random.ts";

const URI = "file:///a.c";

/** Applies the changes, and compares with the reference after each message. */
function assertSame(before: string, messages: readonly TextDocumentContentChangeEvent[][]): void {
  let ours: OpenDocument = openDocuments.create(URI, "c", 1, before);
  let theirs = TextDocument.create(URI, "c", 1, before);
  for (const [i, changes] of messages.entries()) {
    ours = openDocuments.update(ours, changes, i + 2);
    theirs = TextDocument.update(theirs, changes, i + 2);
    const { source } = ours;
    const expected = sourceOfText(theirs.getText());
    const about = JSON.stringify({ before, messages: messages.slice(0, i + 1) });
    assert.equal(source.slice(0, source.length), theirs.getText(), about);
    assert.deepEqual([...source.codes.subarray(0, source.length)], [...expected.codes], about);
    assert.deepEqual(linesOf(source), findLines(expected), about);
    assert.equal(ours.version, i + 2);
  }
}

function change(line: number, character: number, endLine: number, endCharacter: number, text: string) {
  return { range: { start: { line, character }, end: { line: endLine, character: endCharacter } }, text };
}

describe("open document", () => {
  it("takes in a key", () => {
    assertSame("int a;\nint b;\n", [[change(1, 4, 1, 4, "x")]]);
  });

  it("takes in lines that come and go", () => {
    assertSame("int a;\nint b;\nint c;\n", [[change(1, 0, 1, 0, "int x;\nint y;\n")], [change(0, 3, 3, 2, "")]]);
  });

  it("applies the changes of a message one after the other", () => {
    assertSame("a\nb\n", [[change(0, 0, 0, 0, "x\n"), change(2, 0, 2, 1, "y")]]);
  });

  it("takes a text without a range for the whole", () => {
    assertSame("a\n", [[{ text: "b\r\nc" }], [change(1, 0, 1, 1, "d")]]);
  });

  it("holds letters beyond ASCII, and forgets that it did", () => {
    assertSame("int a;\n", [[change(0, 0, 0, 0, "/* ä🙂 */")], [change(0, 3, 0, 6, "")], [change(0, 0, 0, 0, "x")]]);
  });

  it("ends a position beyond its line before the line's end", () => {
    assertSame("ab\r\ncd\n", [[change(0, 99, 0, 99, "x")], [change(1, 99, 9, 99, "y")]]);
  });

  it("takes an end before its start for the start", () => {
    assertSame("abc\ndef\n", [[change(1, 1, 0, 1, "x")]]);
  });

  it("joins and parts the halves of a CRLF as the editor does", () => {
    assertSame("a\rb\n", [[change(1, 0, 1, 1, "")], [change(0, 1, 0, 1, "\r")], [change(0, 1, 1, 0, "")]]);
  });

  it("is what the editor has after any changes", () => {
    const random = createRandom(7);
    const pieces = ["a", "\n", "\r", "\r\n", "ü", "", "int x;\n", "🙂", "/*\n*/"];
    const piece = () => pieces[random(pieces.length)]!;
    for (let round = 0; round < 300; round++) {
      const before = Array.from({ length: random(12) }, piece).join("");
      const messages: TextDocumentContentChangeEvent[][] = [];
      let now = TextDocument.create(URI, "c", 1, before);
      for (let i = 0; i < 6; i++) {
        // Lines that are not there are left out: the reference loses count of its lines over them.
        const line = () => random(now.lineCount);
        const changes = [change(line(), random(5), line(), random(5), piece() + piece())];
        messages.push(changes);
        now = TextDocument.update(now, changes, i + 2);
      }
      assertSame(before, messages);
    }
  });
});
