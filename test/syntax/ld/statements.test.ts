import assert from "node:assert/strict";
import { first, kinds, parseWhole, show } from "./script-text.ts";

describe("statements of linker scripts", () => {
  it("reads commands with their names", () => {
    const script = parseWhole(
      'ENTRY(start) OUTPUT_ARCH(i386:x86-64) OUTPUT_FORMAT("a", "b", "c") REGION_ALIAS("x", y) SEARCH_DIR("=/lib");' +
        " STARTUP(crt0.o) NOCROSSREFS(.a .b) NOCROSSREFS_TO(.a .b) EXTERN(a, b c) TARGET(elf) FORCE_COMMON_ALLOCATION",
    );
    assert.deepEqual(
      script.statements.flatMap((each) =>
        each.kind === "command" ? [`${each.keyword.text} ${each.arguments.map((name) => name.text).join(" ")}`] : [],
      ),
      [
        "ENTRY start",
        "OUTPUT_ARCH i386:x86-64",
        "OUTPUT_FORMAT a b c",
        "REGION_ALIAS x y",
        "SEARCH_DIR =/lib",
        "STARTUP crt0.o",
        "NOCROSSREFS .a .b",
        "NOCROSSREFS_TO .a .b",
        "EXTERN a b c",
        "TARGET elf",
        "FORCE_COMMON_ALLOCATION ",
      ],
    );
  });

  it("reads input files, libraries and what is as needed", () => {
    const input = first(parseWhole("GROUP(a.o, -lc =b.o AS_NEEDED(-lm c.o))"), "input");
    assert.deepEqual(
      input.files.map(
        ({ name, isLibrary, asNeeded }) => `${name.text}${isLibrary ? " -l" : ""}${asNeeded ? " ?" : ""}`,
      ),
      // A comma is part of the name that it follows, as in ld.
      ["a.o,", "c -l", "=b.o", "m -l ?", "c.o ?"],
    );
  });

  it("reads every way to assign", () => {
    const script = parseWhole(
      "a = 1; b += 1; c -= 1; d *= 1; e /= 1; f <<= 1; g >>= 1; h &= 1; i |= 1, PROVIDE(j = 1); HIDDEN(k = 1); PROVIDE_HIDDEN(m = 1);",
    );
    assert.deepEqual(
      script.statements.map((each) =>
        each.kind === "assignment"
          ? `${each.keyword?.text ?? ""}${each.target.text}${each.operator}${each.provide ? "p" : ""}${each.hidden ? "h" : ""}`
          : each.kind,
      ),
      ["a=", "b+=", "c-=", "d*=", "e/=", "f<<=", "g>>=", "h&=", "i|=", "PROVIDEj=p", "HIDDENk=h", "PROVIDE_HIDDENm=ph"],
    );
  });

  it("reads the whole header and trailer of an output section", () => {
    const section = first(
      parseWhole(
        "SECTIONS { .x 0x10 (NOLOAD) : AT(1) ALIGN(2) ALIGN_WITH_INPUT SUBALIGN(3) ONLY_IF_RO { *(.x) } >ram AT>rom :a :b =0x90 }",
      ),
      "output-section",
    );
    assert.equal(section.name.text, ".x");
    assert.equal(show(section.address), "0x10");
    assert.deepEqual(
      section.type?.keywords.map((word) => word.text),
      ["NOLOAD"],
    );
    assert.deepEqual([section.loadAddress, section.align, section.subalign].map(show), ["1", "2", "3"]);
    assert.ok(section.alignWithInput !== undefined);
    assert.equal(section.constraint?.text, "ONLY_IF_RO");
    assert.equal(kinds(section.statements), "input-section");
    const { trailer } = section;
    assert.deepEqual(
      [
        trailer?.region?.text,
        trailer?.loadRegion?.text,
        trailer?.segments.map((each) => each.text).join(),
        show(trailer?.fill),
      ],
      ["ram", "rom", "a,b", "0x90"],
    );
  });

  it("tells a type from an address in parentheses", () => {
    const types = ["(NOLOAD)", "(READONLY)", "(TYPE = 7)", "(READONLY (TYPE = 7))", "()"];
    for (const type of types) {
      const section = first(parseWhole(`SECTIONS { .x ${type} : { } }`), "output-section");
      assert.equal(section.address, undefined, type);
      assert.ok(section.type !== undefined, type);
    }
    const section = first(parseWhole("SECTIONS { .x (4) + 1 (COPY) : { } }"), "output-section");
    assert.equal(show(section.address), "[(4) + 1]");
    assert.equal(section.type?.keywords[0]?.text, "COPY");
  });

  it("reads a name behind a fill as a name of the script", () => {
    const script = parseWhole("SECTIONS { .a : { } =0x90 .b-c : { } .d : { } =0 /DISCARD/ : { } }");
    const names = script.uses.filter((use) => use.isDefinition).map((use) => use.text);
    assert.deepEqual(names, [".a", ".b-c", ".d", "/DISCARD/"]);
  });

  it("reads overlays", () => {
    const overlay = first(
      parseWhole("SECTIONS { OVERLAY 0x1000 : NOCROSSREFS AT(4) SUBALIGN(2) { .a { *(.a) } .b { } :x =1 } >ram :y }"),
      "overlay",
    );
    assert.equal(show(overlay.address), "0x1000");
    assert.ok(overlay.noCrossReferences !== undefined);
    assert.deepEqual([overlay.loadAddress, overlay.subalign].map(show), ["4", "2"]);
    assert.deepEqual(
      overlay.statements.map((each) => (each.kind === "output-section" ? [each.name.text, each.inOverlay] : [])),
      [
        [".a", true],
        [".b", true],
      ],
    );
    assert.equal(overlay.trailer?.segments[0]?.text, "y");
  });

  it("reads input section patterns", () => {
    const script = parseWhole(
      "SECTIONS { .t : {\n KEEP(*(.a .b*))\n SORT(x.o)(SORT_BY_ALIGNMENT(SORT_BY_NAME(.c)))\n" +
        " *(EXCLUDE_FILE(a.o b.o) .d)\n file.o\n INPUT_SECTION_FLAGS(A & !B) *(.e)\n [ .f ] } }",
    );
    const section = first(script, "output-section");
    const shown = section.statements.map((each) => {
      if (each.kind !== "input-section") return each.kind;
      const pattern = (p: (typeof each.sections & object)[number]): string =>
        `${p.sorts.map((sort) => `${sort.text} `).join("")}${p.excluded.map((name) => `-${name.text} `).join("")}${p.name.text}`;
      const file = each.file === undefined ? "[]" : pattern(each.file);
      const flags = each.flags.map((flag) => `${flag.text} `).join("");
      return `${each.keep === undefined ? "" : "KEEP "}${flags}${file}: ${each.sections?.map(pattern).join(" | ") ?? "all"}`;
    });
    assert.deepEqual(shown, [
      "KEEP *: .a | .b*",
      "SORT x.o: SORT_BY_ALIGNMENT SORT_BY_NAME .c",
      "*: -a.o -b.o .d",
      "file.o: all",
      "A !B *: .e",
      "[]: .f",
    ]);
  });

  it("reads data, fills, texts and the words of an output section", () => {
    const script = parseWhole(
      'SECTIONS { .t : { BYTE(1) SHORT(2) LONG(3) QUAD(4) SQUAD(5) FILL(6) ASCIZ "text" ASCII(8) "text"\n' +
        'CREATE_OBJECT_SYMBOLS CONSTRUCTORS SORT(CONSTRUCTORS) LINKER_VERSION ASSERT(1, "x"); INCLUDE y } }',
    );
    assert.equal(
      kinds(script.statements),
      "sections(output-section(data data data data data fill text text command command command command assert include))",
    );
  });

  it("reads what later releases and lld have added", () => {
    parseWhole("OVERWRITE_SECTIONS { .x : { *(.x) } }");
    parseWhole("SECTIONS { CLASS(c) { *(.x) } .y : { CLASS(c) } }");
    parseWhole(
      "SECTIONS { .x : { *(REVERSE(.a*) SORT(REVERSE(.b*)) REVERSE(SORT_BY_INIT_PRIORITY(.c*))) REVERSE(*)(.d) } }",
    );
    parseWhole("x = a ^ b; x ^= 1;");
  });

  it("reads regions with their attributes, and short keywords", () => {
    const memory = first(
      parseWhole(
        "MEMORY { a (rx!w) : ORIGIN = 1 + 1, LENGTH = 64K b : org = 2 , len = 3, INCLUDE c d : o = 4 LENGTH = 5 }",
      ),
      "memory",
    );
    assert.deepEqual(
      memory.regions.map((each) =>
        each.kind === "region"
          ? `${each.name.text} ${each.attributes.map((word) => word.text).join(" ")} ${show(each.origin)} ${show(each.length)}`
          : each.kind,
      ),
      ["a rx !w [1 + 1] 64K", "b  2 3", "include", "d  4 5"],
    );
  });

  it("reads segments", () => {
    const segments = first(parseWhole("PHDRS { a PT_LOAD FILEHDR PHDRS AT(1) FLAGS(5 + 1); b 4 + 1; }"), "segments");
    assert.deepEqual(
      segments.segments.map((each) =>
        each.kind === "segment"
          ? `${each.name.text} ${show(each.type)} ${each.qualifiers.map(({ name, value }) => `${name.text} ${show(value)}`).join(", ")}`
          : each.kind,
      ),
      ["a PT_LOAD FILEHDR none, PHDRS none, AT 1, FLAGS [5 + 1]", "b [4 + 1] "],
    );
  });

  it("reads version nodes", () => {
    const text = 'VERSION { V1 { global: a; extern "C++" { "f(int)"; n::g* }; local: *; }; V2 { b; } V1; } x = 1;';
    const [version, assignment] = parseWhole(text).statements;
    assert.ok(version?.kind === "version" && assignment?.kind === "assignment");
    assert.deepEqual(
      version.nodes.map(({ tag, global, local, parents }) => [
        tag?.text,
        global.map(({ name, language }) => `${language?.text ?? ""} ${name.text}`.trim()),
        local.map(({ name }) => name.text),
        parents.map((name) => name.text),
      ]),
      [
        ["V1", ["a", "C++ f(int)", "C++ n::g*"], ["*"], []],
        ["V2", ["b"], [], ["V1"]],
      ],
    );
  });

  it("reads version scripts and dynamic lists by themselves", () => {
    const version = first(parseWhole("{ local: *; };", { context: "version" }), "version");
    assert.equal(version.nodes[0]?.local[0]?.name.text, "*");
    const list = first(parseWhole("{ a; b*; };\n{ c; };", { context: "dynamic-list" }), "version");
    assert.deepEqual(
      list.nodes.map((node) => node.global.map(({ name }) => name.text)),
      [["a", "b*"], ["c"]],
    );
  });

  it("reads what INCLUDE brings, in the place where it stands", () => {
    parseWhole(".text : { *(.text) } x = 1;", { context: "sections" });
    parseWhole("*(.text) BYTE(1)", { context: "section" });
    parseWhole("ram : ORIGIN = 0, LENGTH = 1", { context: "memory" });
  });

  it("takes both kinds of comments out", () => {
    assert.equal(
      kinds(parseWhole("a /* x */ = 1 # rest ; of the line\n; /**/ /***/ b = 2;").statements),
      "assignment assignment",
    );
  });

  it("lets a name in the script hold operators, as ld does", () => {
    const script = parseWhole("SECTIONS { .a-b+c=d,e:f : { *(.x,.y) } }");
    assert.deepEqual(first(script, "output-section").name.text, ".a-b+c=d,e:f");
  });
});
