/**
 * Random linker scripts of everything that GNU ld 2.40 reads: each command of the manual's chapter 3 in its forms, in the order and the
 * spelling that people choose. Names that must be there are declared before they are used, so that most of them link. What a linker makes
 * of them is not said here.
 */

import { createRandom } from "../../support/random.ts";

interface Writer {
  readonly random: (limit: number) => number;
  readonly regions: string[];
  readonly segments: string[];
  readonly sections: string[];
  readonly symbols: string[];
  count: number;
}

type Piece = (writer: Writer) => string;

const pick = <T>({ random }: Writer, from: readonly T[]): T => from[random(from.length)]!;
const choose = (writer: Writer, pieces: readonly Piece[]): string => pick(writer, pieces)(writer);
const maybe = (writer: Writer, text: string, oneOf = 2): string => (writer.random(oneOf) === 0 ? text : "");
const some = (writer: Writer, most: number, piece: Piece): string[] =>
  Array.from({ length: 1 + writer.random(most) }, () => piece(writer));

/** Blanks as people put them, now and then with a comment. */
const gap: Piece = (writer) => pick(writer, [" ", " ", " ", "  ", "\n  ", "\t", " /* a; } */ ", " /* two\n lines */ "]);

const NUMBERS = ["0", "1", "8", "0x10", "0X20", "4K", "2k", "1M", "$40", "0ffh", "0FFH", "17o", "101b", "12d", "010"];
const SMALL = ["1", "2", "4", "8", "16", "0x20", "$8", "10h"];

const number: Piece = (writer) => pick(writer, NUMBERS);

function fresh(writer: Writer, stem: string): string {
  return `${stem}${writer.count++}`;
}

/** A value that is the same wherever it stands. */
function constant(writer: Writer, depth = 2): string {
  const { regions, symbols } = writer;
  const inner = (): string => constant(writer, depth - 1);
  const leaves: Piece[] = [number, number, (w) => (symbols.length === 0 ? "1" : pick(w, symbols))];
  if (regions.length > 0) leaves.push((w) => `${pick(w, ["ORIGIN", "LENGTH"])}${maybe(w, " ")}(${pick(w, regions)})`);
  if (depth === 0) return choose(writer, leaves);
  return choose(writer, [
    ...leaves,
    () => `${inner()} ${pick(writer, ["+", "-", "*", "|", "&", "<", ">=", "==", "!=", "&&", "||"])} ${inner()}`,
    () => `(${inner()})`,
    () => `${pick(writer, ["~", "-", "!"])}${inner()}`,
    () => `${inner()} ${pick(writer, ["<<", ">>"])} ${pick(writer, ["1", "3"])}`,
    () => `${inner()} ${pick(writer, ["/", "%"])} (${number(writer)} | 1)`,
    () => `(${inner()} ? ${inner()} : ${inner()})`,
    () => `${pick(writer, ["MAX", "MIN"])}(${inner()},${gap(writer)}${inner()})`,
    () => `ALIGN(${inner()}, ${pick(writer, SMALL)})`,
    () => `${pick(writer, ["ABSOLUTE", "LOG2CEIL"])} (${inner()})`,
    () => `DEFINED(${pick(writer, ["nowhere", "_start", "no.where"])})`,
    () => `CONSTANT${maybe(writer, " ")}(${pick(writer, ["MAXPAGESIZE", "COMMONPAGESIZE"])})`,
  ]);
}

/** A value that may hang on the place. */
const value: Piece = (writer) =>
  choose(writer, [
    (w) => constant(w),
    (w) => constant(w),
    () => ".",
    (w) => `. ${pick(w, ["+", "-"])} 0`,
    (w) => `ALIGN(${pick(w, SMALL)})`,
    (w) =>
      w.sections.length === 0 ? "." : `${pick(w, ["ADDR", "SIZEOF", "LOADADDR", "ALIGNOF"])}(${pick(w, w.sections)})`,
    () => "SIZEOF_HEADERS",
    (w) => `SEGMENT_START("text-segment", ${number(w)})`,
    () => "ABSOLUTE(.)",
  ]);

const assignment: Piece = (writer) => {
  const { random } = writer;
  const name = fresh(writer, pick(writer, ["s", "_s", ".s", "$s", "s.x", "__S_"]));
  const given = random(2) === 0 ? constant(writer) : value(writer);
  const text = choose(writer, [
    () => `${name} = ${given};`,
    () => `${name} =${given} ;`,
    () => `${name}${gap(writer)}=${gap(writer)}${given}${gap(writer)};`,
    () => `"${name}" = ${given};`,
    () => `PROVIDE(${name} = ${given});`,
    () => `PROVIDE_HIDDEN (${name} = ${given});`,
    () => `HIDDEN(${name} = ${given});`,
    () => `${name} = ${given}; ${name} ${pick(writer, ["+=", "-=", "|=", "&=", "*=", "<<="])} ${pick(writer, SMALL)};`,
  ]);
  if (!text.startsWith("P") && random(2) === 0) writer.symbols.push(name);
  return text;
};

const assertion: Piece = (w) =>
  `ASSERT(${pick(w, ["1", "1 == 1", ". >= 0", "DEFINED(nowhere) || 1"])}, "${pick(w, ["fine", "a; b", "/* no */", ""])}")`;

const region: Piece = (w) => {
  const name = fresh(w, pick(w, ["ram", "ROM", "r-", "m.x", "FLASH_"]));
  const flags = pick(w, ["", " (rx)", "(rwx)", " (!w)", " (rx!w)", " (RWX)", " (axil)"]);
  const origin = `${pick(w, ["ORIGIN", "org", "o"])} = ${pick(w, ["0x10000", "1M", "(2M + 0x100)", "0x100000 * 3", "$400000"])}`;
  const length = `${pick(w, ["LENGTH", "len", "l"])} = ${pick(w, ["1M", "64K", "(1M - 0x100)", "2 * 64K", "0x4000"])}`;
  const text = `${name}${flags} : ${origin}${pick(w, [",", ", ", " , ", ","])}${length}`;
  w.regions.push(name);
  return text;
};

const memory: Piece = (w) => `MEMORY${gap(w)}{\n  ${some(w, 4, region).join("\n  ")}\n}`;

const regionAlias: Piece = (w) => {
  if (w.regions.length === 0) return "";
  const name = fresh(w, "ALIAS");
  const text = `REGION_ALIAS(${pick(w, [`"${name}"`, `${name} `])}, ${pick(w, w.regions)})${maybe(w, ";")}`;
  w.regions.push(name);
  return text;
};

const segments: Piece = (w) => {
  const lines = some(w, 3, (writer) => {
    const name = fresh(writer, pick(writer, ["text", "data", "p."]));
    writer.segments.push(name);
    return `${name} PT_LOAD${maybe(writer, " FLAGS(5)")};`;
  });
  return `PHDRS { ${lines.join(` ${maybe(w, "/* */ ")}`)} }`;
};

const SECTION_PATTERNS = [
  ".text",
  ".text.*",
  ".data",
  ".data.[a-f]*",
  ".bss",
  ".rodata*",
  "*.x",
  ".t?xt",
  "COMMON",
  "$x",
  ".a-b",
  ".x,y",
  "a~b",
  '"quoted name"',
];
const FILE_PATTERNS = ["*", "*.o", "*lib?.a:*.o", "*crt[0-9].o", "*:b.o", "*/dir/*.o", '"*quoted*"', "*x.o"];

const oneSection: Piece = (w) =>
  choose(w, [
    (x) => pick(x, SECTION_PATTERNS),
    (x) => pick(x, SECTION_PATTERNS),
    (x) =>
      `${pick(x, ["SORT", "SORT_BY_NAME", "SORT_BY_ALIGNMENT", "SORT_NONE", "SORT_BY_INIT_PRIORITY"])}(${pick(x, SECTION_PATTERNS)})`,
    (x) => `SORT_BY_NAME(SORT_BY_ALIGNMENT(${pick(x, SECTION_PATTERNS)}))`,
    (x) => `EXCLUDE_FILE(*a.o *b.o) ${pick(x, SECTION_PATTERNS)}`,
    (x) => `EXCLUDE_FILE (${pick(x, ["*c.o", "*c.o *d.o"])})${pick(x, SECTION_PATTERNS)}`,
  ]);

const inputSection: Piece = (w) => {
  const sections = some(w, 3, oneSection).join(pick(w, [" ", " ", " , "]));
  const file = pick(w, FILE_PATTERNS);
  const inner = choose(w, [
    () => `${file}(${sections})`,
    () => `${file} ( ${sections} )`,
    () => `EXCLUDE_FILE(*e.o) ${file}(${sections})`,
    () => `SORT_BY_NAME(${file})(${sections})`,
    () => `INPUT_SECTION_FLAGS(SHF_ALLOC & !SHF_WRITE) ${file}(${sections})`,
    () => `[${pick(w, SECTION_PATTERNS)}]`,
  ]);
  return w.random(3) === 0 ? `KEEP${maybe(w, " ")}(${inner})${maybe(w, ";")}` : inner + maybe(w, ";", 4);
};

const within: Piece = (w) =>
  choose(w, [
    inputSection,
    inputSection,
    inputSection,
    assignment,
    (x) => `${pick(x, ["BYTE", "SHORT", "LONG", "QUAD", "SQUAD"])}(${constant(x, 1)})${maybe(x, ";")}`,
    (x) => `. = ALIGN(${pick(x, SMALL)});`,
    // Without blanks it is the name of a file.
    (x) => maybe(x, `.=ALIGN(${pick(x, SMALL)});`, 20),
    (x) => `. += ${pick(x, SMALL)};`,
    (x) => `. = . + ${pick(x, SMALL)};`,
    (x) => `FILL(${number(x)})${maybe(x, ";")}`,
    (x) => `${assertion(x)};`,
    () => "CONSTRUCTORS",
    () => "CREATE_OBJECT_SYMBOLS",
    () => "SORT_BY_NAME(CONSTRUCTORS)",
    () => ";",
    () => "INCLUDE within.ld",
  ]);

const SECTION_NAMES = [
  ".text",
  ".data",
  ".bss",
  ".vectors",
  ".a-b",
  ".x+y",
  "boot",
  '"out put"',
  ".rom.text",
  ".T/x",
  ".$s",
  ".t*",
];

const outputSection: Piece = (w) => {
  const name = pick(
    w,
    ["/DISCARD/", ...SECTION_NAMES, ...SECTION_NAMES].filter((one) => !w.sections.includes(one)),
  );
  if (name === "/DISCARD/") return `/DISCARD/ : { ${pick(w, ["*(.comment)", "*(.note.*) *(.gone)"])} }`;
  const address = pick(w, ["", "", "", "0x40000 ", "ALIGN(16) ", "BLOCK(8) ", ". ", "(. + 16) "]);
  const type = pick(w, ["", "", "", "(NOLOAD) ", "(INFO) ", "(COPY) ", "(READONLY) ", "(TYPE = SHT_PROGBITS) ", "() "]);
  const options = [
    maybe(w, `AT(${pick(w, ["0x8000", "ADDR(.x)", "."])})`.replace("ADDR(.x)", "0x9000"), 4),
    maybe(w, `ALIGN(${pick(w, SMALL)})`, 4),
    maybe(w, "ALIGN_WITH_INPUT", 30),
    maybe(w, `SUBALIGN(${pick(w, SMALL)})`, 6),
    maybe(w, pick(w, ["ONLY_IF_RO", "ONLY_IF_RW"]), 10),
  ];
  const body = some(w, 4, within).join(pick(w, [" ", "\n    "]));
  const hasRegion = w.regions.length > 0 && w.random(3) === 0;
  const trailer = [
    hasRegion ? `>${maybe(w, " ")}${pick(w, w.regions)}` : "",
    hasRegion && w.random(2) === 0 && !options[0] ? `AT${maybe(w, " ")}>${maybe(w, " ")}${pick(w, w.regions)}` : "",
    w.segments.length > 0 ? `:${maybe(w, " ")}${pick(w, w.segments)}` : "",
    maybe(w, `=${pick(w, ["0x90909090", "0", "0xff", "(1 << 3)"])}`, 5),
    maybe(w, ",", 12),
  ];
  w.sections.push(name);
  return [`${name} ${address}${type}:`, ...options, `{ ${body} }`, ...trailer].filter((part) => part !== "").join(" ");
};

const overlay: Piece = (w) => {
  const names = [fresh(w, ".o"), fresh(w, ".o")];
  w.sections.push(...names);
  return `OVERLAY 0x3000 : ${maybe(w, "NOCROSSREFS ")}${maybe(w, "AT (0x5000) ")}{ ${names.map((name) => `${name} { *(${name}.*) }${maybe(w, " =0x12")}`).join(" ")} }`;
};

const sections: Piece = (w) => {
  const statements = some(w, 5, (x) =>
    choose(x, [
      outputSection,
      outputSection,
      outputSection,
      outputSection,
      assignment,
      (y) => `. = ${pick(y, ["0x1000", ". + 16", "ALIGN(32)"])};`,
      assertion,
      overlay,
      (y) => maybe(y, ";", 20),
      () => "ENTRY(_start)",
      () => "INCLUDE sections.ld",
    ]),
  );
  return `SECTIONS${gap(w)}{\n  ${statements.join("\n  ")}\n}`;
};

const COMMANDS: readonly Piece[] = [
  (w) => `ENTRY${maybe(w, " ")}(_start)${maybe(w, ";")}`,
  (w) => `EXTERN(${pick(w, ["_start", "_start other", "_start, other"])})`,
  (w) =>
    `OUTPUT_FORMAT(${pick(w, ["elf64-x86-64", '"elf64-x86-64"', '"elf64-x86-64", "elf64-x86-64", "elf64-x86-64"'])})`,
  () => "OUTPUT_ARCH(i386:x86-64)",
  (w) => `SEARCH_DIR(${pick(w, [".", '"./lib"', "$ORIGIN/lib"])})${maybe(w, ";")}`,
  (w) =>
    `${pick(w, ["INPUT", "GROUP"])}(${pick(w, ["empty.o", "AS_NEEDED(empty.o)", "empty.o , empty.o", "AS_NEEDED ( empty.o empty.o ) empty.o"])})`,
  () => "TARGET(elf64-x86-64)",
  (w) => pick(w, ["FORCE_COMMON_ALLOCATION", "FORCE_COMMON_ALLOCATION", "FORCE_GROUP_ALLOCATION"]),
  (w) => `NOCROSSREFS(${pick(w, [".text .data", ".a, .b"])})`,
  () => "NOCROSSREFS_TO(.text .data)",
  (w) => `${assertion(w)}${maybe(w, ";")}`,
  assignment,
  assignment,
  () => "INCLUDE file.ld",
  () => ";",
  () => "VERSION { V1 { global: a*; local: *; }; }",
  () => 'LD_FEATURE("SANE_EXPR")',
];

/** What INCLUDE finds. */
export const INCLUDED: Readonly<Record<string, string>> = {
  "within.ld": "*(.included)\n",
  "sections.ld": ".included : { *(.included.*) }\n",
  "file.ld": "included_symbol = 1;\n",
};

/** A script; the same seed makes the same one. */
export function randomScript(seed: number): string {
  const writer: Writer = { random: createRandom(seed), regions: [], segments: [], sections: [], symbols: [], count: 0 };
  const parts: string[] = [];
  const add = (piece: Piece): void => {
    parts.push(piece(writer));
  };
  for (let i = writer.random(4); i > 0; i--) add(pick(writer, COMMANDS));
  if (writer.random(2) === 0) add(memory);
  if (writer.random(3) === 0) add(regionAlias);
  if (writer.random(3) === 0) add(segments);
  for (let i = writer.random(3); i > 0; i--) add(pick(writer, COMMANDS));
  add(sections);
  for (let i = writer.random(3); i > 0; i--) add(pick(writer, COMMANDS));
  if (writer.random(8) === 0)
    parts.push(
      `SECTIONS { .late : { *(.late) } } INSERT ${pick(writer, ["AFTER", "BEFORE"])} .text${maybe(writer, ";")}`,
    );
  return `${parts.join(pick(writer, ["\n", "\n\n", " "]))}\n`;
}
