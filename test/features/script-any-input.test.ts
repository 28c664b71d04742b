import assert from "node:assert/strict";
import { completeScript } from "../../server/src/features/script-completion.ts";
import { foldScript } from "../../server/src/features/script-folding.ts";
import { formatScript } from "../../server/src/features/script-format.ts";
import { hintScript } from "../../server/src/features/script-hints.ts";
import { hoverScript } from "../../server/src/features/script-hover.ts";
import { findScriptLinks } from "../../server/src/features/script-links.ts";
import {
  findOwnReferences,
  highlightName,
  ownNameAt,
  planOwnRename,
} from "../../server/src/features/script-navigation.ts";
import { outlineScript, type ScriptOutlineNode } from "../../server/src/features/script-outline.ts";
import { selectionsAt } from "../../server/src/features/script-selection.ts";
import { signatureAt } from "../../server/src/features/script-signature.ts";
import { tokenizeScript } from "../../server/src/features/script-tokens.ts";
import { planSymbolRename } from "../../server/src/features/symbol-rename.ts";
import { scriptOf } from "../../server/src/linkage/facts/parsed.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import type { Span } from "../../server/src/text/span.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { createRandom } from "../support/random.ts";

const WHOLE = `#include "a.h"
#define SIZE (4K * 2) /* two */
#define TEXT(name, align) \\
	.text.##name : ALIGN(align) { *(.text.##name) KEEP(*(SORT(.init*))) } :text
OUTPUT_FORMAT("elf64-x86-64", "a", "b")
ENTRY(start)
MEMORY { rom (rx!w) : ORIGIN = 0x1000, LENGTH = SIZE  ram : ORIGIN = ORIGIN(rom) + LENGTH(rom), LENGTH = 1M }
REGION_ALIAS("data", ram)
PHDRS { text PT_LOAD FILEHDR FLAGS(5); }
SECTIONS
{
	. = 0x1000;
#ifdef CONFIG_A
	TEXT(hot, 16)
#else
	TEXT(cold, MAX(8, 16))
#endif
	.data (NOLOAD) : AT(ADDR(.data) - 4) SUBALIGN(8) ONLY_IF_RW { a = .; BYTE(1) *crt.o(EXCLUDE_FILE(x.o) .data) ASCIZ "z" } >ram AT>rom :text =0x90
	PROVIDE(end = . + SIZEOF(.data) ? 1 : DEFINED(start));
	OVERLAY 0x100 : { .o1 { *(.o1) } .o2 { *(.o2) } } >data
	/DISCARD/ : { *(.comment) }
	ASSERT(end > a, "too /* large")
}
VERSION { V1 { global: a; local: *; } V0; }
INSERT AFTER .bss;
`;

const VERSIONS = `/* public */
V1 { global: a; lib_*; extern "C++" { "x::y()"; z }; local: *; };
V2 {
	global:
		b;
} V1;
`;

const files = [
  { path: "m.lds.S", text: WHOLE },
  { path: "m.c", text: "extern char a[]; int start;" },
];

/** Asks every feature about every place given; whoever throws fails the test, and so does a span outside of the text. */
function askAll(path: string, text: string, offsets: readonly number[]): void {
  const { program } = loadFixture([{ path, text }, ...files.filter((file) => file.path !== path)]);
  const script = scriptOf(path, program.texts.source(path)!);
  const check = (what: string, spans: Iterable<Span>): void => {
    for (const { start, end } of spans) {
      assert.ok(start >= 0 && start <= end && end <= text.length, `${what}: ${start}-${end} of ${text.length}`);
    }
  };
  const all = { start: 0, end: text.length };
  const outline = (nodes: readonly ScriptOutlineNode[], around: Span): void => {
    for (const { span, selection, children } of nodes) {
      assert.ok(around.start <= span.start && span.end <= around.end && span.start <= selection.start);
      assert.ok(selection.end <= span.end);
      outline(children, span);
    }
  };
  outline(outlineScript(script), all);
  const edits = formatScript(script, { insertSpaces: false, tabSize: 8 });
  const formatted = applyEdits(text, edits);
  assert.equal(formatted?.replace(/\s+/g, ""), text.replace(/\s+/g, ""), "formatting changed more than white space");
  const tokens = tokenizeScript(script);
  check("tokens", tokens);
  for (let i = 1; i < tokens.length; i++) assert.ok(tokens[i - 1]!.end <= tokens[i]!.start, "tokens overlap");
  check("folds", foldScript(script));
  for (const { offset } of hintScript(script, all)) check("hints", [{ start: offset, end: offset }]);
  const links = findScriptLinks(path, script, { quoted: ["x"], angled: ["y"], hasFile: () => true });
  check(
    "links",
    links.map((link) => link.span),
  );
  for (const offset of offsets) {
    check("selections", selectionsAt(script, offset));
    check("hover", [hoverScript(script, offset)?.span ?? all]);
    check("completion", [completeScript(path, script, offset, program).replaced]);
    check("highlights", highlightName(script, offset));
    signatureAt(path, script, offset, program);
    const name = ownNameAt(script, offset);
    if (name === undefined) continue;
    findOwnReferences(name, path, program, true);
    planOwnRename(name, path, "fresh", program);
  }
  planSymbolRename("a", path, "fresh", program);
}

describe("the editing of linker scripts, on any input", function () {
  // It asks for much, on machines that may be busy.
  this.timeout(120_000);

  it("answers at every place of a script", () => {
    askAll(
      "m.lds.S",
      WHOLE,
      Array.from({ length: WHOLE.length + 2 }, (_, offset) => offset - 1),
    );
  });

  it("answers at every place of a version script, and on half-typed ones", () => {
    const offsets = Array.from({ length: VERSIONS.length + 2 }, (_, offset) => offset - 1);
    askAll("m.map", VERSIONS, offsets);
    const random = createRandom(12);
    for (let round = 0; round < 60; round++) {
      const at = random(VERSIONS.length);
      const some = VERSIONS.slice(at, at + random(20));
      const mutants = [
        VERSIONS.slice(0, at),
        VERSIONS.slice(0, at) + VERSIONS.slice(at + some.length),
        VERSIONS.slice(0, at) + some + VERSIONS.slice(at),
        VERSIONS.slice(0, at) + '(){};:="/*#\\>'[random(13)] + VERSIONS.slice(at),
      ];
      askAll(round % 2 === 0 ? "m.map" : "m.dyn", mutants[random(mutants.length)]!, [at, VERSIONS.length]);
    }
  });

  it("answers on half-typed scripts: cut off, with text gone, doubled or put in", () => {
    const random = createRandom(11);
    for (let round = 0; round < 60; round++) {
      const at = random(WHOLE.length);
      const some = WHOLE.slice(at, at + random(40));
      const mutants = [
        WHOLE.slice(0, at),
        WHOLE.slice(0, at) + WHOLE.slice(at + some.length),
        WHOLE.slice(0, at) + some + WHOLE.slice(at),
        WHOLE.slice(0, at) + '(){};:="/*#\\>'[random(13)] + WHOLE.slice(at),
      ];
      const path = random(2) === 0 ? "m.lds.S" : "n.lds";
      const text = mutants[random(mutants.length)]!;
      askAll(path, text, [Math.min(at, text.length), text.length]);
    }
  });

  it("answers on text that is nothing, deep or long", () => {
    for (const piece of [
      "(",
      "{",
      ".a : {",
      "A(",
      "-",
      "1+",
      '"',
      "/*",
      "#if A\n",
      "#else\n",
      "é",
      "\0",
      "\\\n",
      "a;",
    ]) {
      for (const path of ["m.lds.S", "n.lds"]) askAll(path, piece.repeat(1500), [0, 700, 1500 * piece.length]);
    }
    askAll("n.lds", "", [0]);
  });
});
