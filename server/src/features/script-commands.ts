/** What the commands of linker scripts do, for hover and completion. Facts from the GNU ld manual, chapter 3. */

import { commentsOf } from "../syntax/ld/comments.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import type { Span } from "../text/span.ts";
import { describeConstant } from "./script-words.ts";
import { wordAt } from "./word.ts";

const commands: Readonly<Record<string, string>> = {
  PROVIDE:
    "`PROVIDE(symbol = expression)` defines the symbol only where something refers to it and no object defines it. Weak definitions count as definitions, so a weak fallback keeps PROVIDE from taking effect.",
  PROVIDE_HIDDEN:
    "`PROVIDE_HIDDEN(symbol = expression)` is PROVIDE with hidden visibility: the symbol is not exported.",
  HIDDEN: "`HIDDEN(symbol = expression)` assigns the symbol with hidden visibility: it is not exported.",
  ENTRY: "`ENTRY(symbol)` sets the first instruction to execute. The symbol is kept by `--gc-sections`.",
  EXTERN:
    "`EXTERN(symbol …)` enters symbols as undefined, as `-u` does, so that archive members that define them are linked in.",
  KEEP: "`KEEP(input sections)` keeps `--gc-sections` from removing these sections.",
  SECTIONS:
    "`SECTIONS { … }` says how input sections are mapped into output sections, and where these are placed in memory.",
  MEMORY:
    "`MEMORY { name (attributes) : ORIGIN = …, LENGTH = … }` describes the memory regions that output sections are placed in.",
  PHDRS: "`PHDRS { name type … ; }` describes the program headers (segments) of the output file.",
  VERSION: "`VERSION { … }` gives the symbol versions of a shared library, as a version script does.",
  ASSERT: "`ASSERT(expression, message)` fails the link with the message when the expression is zero.",
  INCLUDE: "`INCLUDE filename` reads another script at this place, looked for along the `-L` paths.",
  INPUT: "`INPUT(file …)` links these files as if they were named on the command line.",
  GROUP: "`GROUP(file …)` links archives again and again until no new undefined symbol turns up.",
  AS_NEEDED: "`AS_NEEDED(file …)`, in INPUT or GROUP, adds a shared library to DT_NEEDED only when it is used.",
  OUTPUT: "`OUTPUT(filename)` names the output file, as `-o` does.",
  OUTPUT_FORMAT: "`OUTPUT_FORMAT(default, big, little)` names the BFD format of the output file.",
  OUTPUT_ARCH: "`OUTPUT_ARCH(architecture)` names the machine of the output file.",
  TARGET: "`TARGET(bfdname)` names the format in which further input files are read.",
  STARTUP: "`STARTUP(filename)` links this file first.",
  SEARCH_DIR: "`SEARCH_DIR(path)` adds a directory in which archives are looked for, as `-L` does.",
  REGION_ALIAS: "`REGION_ALIAS(alias, region)` gives a memory region another name.",
  INSERT: "`INSERT AFTER section` or `INSERT BEFORE section` puts this script's statements into the default script.",
  NOCROSSREFS: "`NOCROSSREFS(section …)` reports any reference from one of these output sections to another.",
  NOCROSSREFS_TO: "`NOCROSSREFS_TO(to from …)` reports references to the first section from the others.",
  FORCE_COMMON_ALLOCATION: "`FORCE_COMMON_ALLOCATION` assigns space to common symbols even in a relocatable link.",
  FORCE_GROUP_ALLOCATION:
    "`FORCE_GROUP_ALLOCATION` places section group members like other input sections in a relocatable link.",
  INHIBIT_COMMON_ALLOCATION: "`INHIBIT_COMMON_ALLOCATION` assigns no addresses to common symbols.",
  OVERLAY:
    "`OVERLAY address : { … }` describes sections that are loaded at different addresses and run at the same one.",
  EXCLUDE_FILE: "`EXCLUDE_FILE(pattern …)` leaves input files out of a section pattern.",
  SORT: "`SORT(pattern)` is `SORT_BY_NAME`.",
  SORT_BY_NAME: "`SORT_BY_NAME(pattern)` places the matching sections in ascending order of their names.",
  SORT_BY_ALIGNMENT: "`SORT_BY_ALIGNMENT(pattern)` places the matching sections in descending order of alignment.",
  SORT_BY_INIT_PRIORITY:
    "`SORT_BY_INIT_PRIORITY(pattern)` places the matching sections in ascending order of the number at the end of their names.",
  SORT_NONE: "`SORT_NONE(pattern)` switches sorting off, against `--sort-section` too.",
  REVERSE: "`REVERSE(pattern)` turns the order of a sort around (GNU ld 2.42).",
  ASCII: '`ASCII (size) "text"` puts a text into the output section, cut off or filled up to the size (GNU ld 2.43).',
  ASCIZ: '`ASCIZ "text"` puts a text with a zero byte at its end into the output section (GNU ld 2.41).',
  LINKER_VERSION: "`LINKER_VERSION` puts the linker's version there, where `--enable-linker-version` asks for it.",
  OVERWRITE_SECTIONS: "`OVERWRITE_SECTIONS { … }` describes output sections anew where they stand by default (lld 13).",
  CONSTRUCTORS: "`CONSTRUCTORS` places the table of constructors where the object format has none.",
  CREATE_OBJECT_SYMBOLS: "`CREATE_OBJECT_SYMBOLS` makes a symbol for each input file, at the place of its section.",
  BYTE: "`BYTE(expression)` puts one byte into the output section.",
  SHORT: "`SHORT(expression)` puts two bytes into the output section.",
  LONG: "`LONG(expression)` puts four bytes into the output section.",
  QUAD: "`QUAD(expression)` puts eight bytes into the output section.",
  SQUAD: "`SQUAD(expression)` puts eight bytes, sign-extended from a 32-bit expression, into the output section.",
  FILL: "`FILL(expression)` sets the pattern that fills gaps in the rest of this output section.",
  ABSOLUTE: "`ABSOLUTE(expression)` is the absolute value of an expression that is relative to a section.",
  ADDR: "`ADDR(section)` is the address (VMA) of the section.",
  ALIGN: "`ALIGN(align)` is the location counter, aligned; `ALIGN(expression, align)` is the expression, aligned.",
  ALIGNOF: "`ALIGNOF(section)` is the alignment of the section in bytes.",
  AT: "`AT(address)` gives the load address (LMA) of an output section.",
  BLOCK: "`BLOCK(expression)` is an older name of ALIGN.",
  DATA_SEGMENT_ALIGN:
    "`DATA_SEGMENT_ALIGN(maxpagesize, commonpagesize)` aligns the start of the data segment, using fewer pages where it can.",
  DATA_SEGMENT_END: "`DATA_SEGMENT_END(expression)` marks the end of the data segment for DATA_SEGMENT_ALIGN.",
  DATA_SEGMENT_RELRO_END:
    "`DATA_SEGMENT_RELRO_END(offset, expression)` marks the end of what is read-only after relocation.",
  DEFINED: "`DEFINED(symbol)` is 1 when the symbol is in the global symbol table before this statement, else 0.",
  LENGTH: "`LENGTH(region)` is the length of the memory region.",
  LOADADDR: "`LOADADDR(section)` is the load address (LMA) of the section.",
  LOG2CEIL: "`LOG2CEIL(expression)` is the binary logarithm, rounded up.",
  MAX: "`MAX(a, b)` is the larger of two expressions.",
  MIN: "`MIN(a, b)` is the smaller of two expressions.",
  NEXT: "`NEXT(expression)` is the next unallocated address that is a multiple of the expression.",
  ORIGIN: "`ORIGIN(region)` is the start of the memory region.",
  SEGMENT_START:
    '`SEGMENT_START("segment", default)` is the base address of a segment, where an option such as `-Ttext` gives one.',
  SIZEOF: "`SIZEOF(section)` is the size of the section in bytes.",
  SIZEOF_HEADERS: "`SIZEOF_HEADERS` is the size of the output file's headers in bytes.",
  CONSTANT: "`CONSTANT(MAXPAGESIZE)` and `CONSTANT(COMMONPAGESIZE)` are the target's page sizes.",
  SUBALIGN: "`SUBALIGN(align)` overrides the alignment of every input section in an output section.",
  ALIGN_WITH_INPUT:
    "`ALIGN_WITH_INPUT` keeps the difference between VMA and LMA of an output section as it is aligned.",
  ONLY_IF_RO: "`ONLY_IF_RO` makes the output section only when all its input sections are read-only.",
  ONLY_IF_RW: "`ONLY_IF_RW` makes the output section only when all its input sections are writable.",
  NOLOAD: "`(NOLOAD)` marks an output section that is not loaded when the program starts.",
  READONLY: "`(READONLY)` marks an output section read-only.",
  DSECT: "`(DSECT)` marks an output section that takes no memory; for compatibility.",
  TYPE: "`(TYPE = value)` sets the type of an output section, as in `SHT_PROGBITS`.",
  FILEHDR: "`FILEHDR` puts the ELF file header into the segment.",
  FLAGS: "`FLAGS(flags)` sets the segment's `p_flags`: 4 read, 2 write, 1 execute.",
  AFTER: "`INSERT AFTER section` puts the statements behind the section of the default script.",
  BEFORE: "`INSERT BEFORE section` puts the statements before the section of the default script.",
  COPY: "`(COPY)` marks an output section that takes no memory; for compatibility.",
  INFO: "`(INFO)` marks an output section that takes no memory; for compatibility.",
  INPUT_SECTION_FLAGS: "`INPUT_SECTION_FLAGS(flags)` takes only input sections with these section header flags.",
  MAP: "`MAP(file)` is read and has no effect in GNU ld; `-Map` names the map file.",
  HLL: "`HLL(files)` is read and has no effect in GNU ld.",
  SYSLIB: "`SYSLIB(files)` is read and has no effect in GNU ld.",
  FLOAT: "`FLOAT` is read and has no effect in GNU ld.",
  NOFLOAT: "`NOFLOAT` is read and has no effect in GNU ld.",
  BIND: "`BIND(address)` before the colon of an output section gives its address (VMA); for compatibility.",
  SPECIAL: "`SPECIAL` is a constraint of output sections that GNU ld uses itself.",
  LD_FEATURE: '`LD_FEATURE("SANE_EXPR")` makes numbers and absolute symbols behave alike in expressions.',
};

/** The documentation of a command or function of linker scripts, in Markdown. */
export function describeCommand(word: string): string | undefined {
  return Object.hasOwn(commands, word) ? commands[word] : undefined;
}

/** The command, function or constant under a cursor in a linker script, with its documentation. */
export function commandAt(
  script: LdScript,
  offset: number,
): { readonly span: Span; readonly text: string } | undefined {
  const word = wordAt(script.source, offset);
  const text = word === undefined ? undefined : (describeCommand(word.text) ?? describeConstant(word.text));
  if (word === undefined || text === undefined || isTalk(script, word)) return undefined;
  return { span: word, text };
}

/** True within a comment, and within quotes, where the word is but a word. */
function isTalk(script: LdScript, { start, end }: Span): boolean {
  if (commentsOf(script).some((comment) => comment.start < start && start < comment.end)) return true;
  const line = script.source.slice(Math.max(0, start - LONGEST_LINE), start).replace(/^.*\n/s, "");
  const isQuoted = (line.match(/"/g)?.length ?? 0) % 2 === 1;
  return (
    isQuoted &&
    script.source
      .slice(end, end + LONGEST_LINE)
      .split("\n")[0]!
      .includes('"')
  );
}

const LONGEST_LINE = 1000;
