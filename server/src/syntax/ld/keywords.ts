/**
 * The keywords of linker scripts and the lexer states that know them (ldlex.l of binutils 2.40, and what came later).
 * In every other state the same word is a plain name: `PHDRS` in an expression, `ALIGN` as a file's name in a section.
 */

/** The states of the lexer, as bits so that a keyword can belong to several. */
export const SCRIPT = 1;
export const EXPRESSION = 2;
export const INSIDE = 4;
export const INPUT_LIST = 8;
export const VERSION_START_STATE = 16;
export const VERSION_SCRIPT = 32;
export const VERSION_NODE = 64;

/** The state that the next token is read in; INSIDE is within the braces of an output section (WILD in ldlex.l). */
export type LexState = number;

export interface Keyword {
  /** The token's type; short and old spellings have that of the full one: `len` is LENGTH, SORT is SORT_BY_NAME. */
  readonly type: string;
  readonly states: number;
}

/** Every keyword by its spelling. */
export const KEYWORDS: ReadonlyMap<string, Keyword> = makeKeywords();

function makeKeywords(): Map<string, Keyword> {
  const keywords = new Map<string, Keyword>();
  const add = (states: number, words: string): void => {
    for (const word of words.split(" ")) {
      const [spelling, type] = word.split("=");
      keywords.set(spelling!, { type: type ?? spelling!, states });
    }
  };
  add(
    SCRIPT,
    "MEMORY REGION_ALIAS LD_FEATURE VERSION ENTRY EXTERN MAP TARGET SEARCH_DIR OUTPUT INPUT GROUP " +
      "FORCE_COMMON_ALLOCATION FORCE_GROUP_ALLOCATION INHIBIT_COMMON_ALLOCATION SECTIONS INSERT AFTER BEFORE STARTUP " +
      "OUTPUT_FORMAT OUTPUT_ARCH HLL SYSLIB FLOAT NOFLOAT o=ORIGIN org=ORIGIN l=LENGTH len=LENGTH PHDRS",
  );
  add(
    SCRIPT | EXPRESSION,
    "ORIGIN BLOCK BIND LENGTH ALIGN DATA_SEGMENT_ALIGN DATA_SEGMENT_RELRO_END DATA_SEGMENT_END ADDR LOADADDR ALIGNOF " +
      "ABSOLUTE MAX MIN LOG2CEIL NEXT SIZEOF_HEADERS SEGMENT_START SIZEOF DEFINED NOCROSSREFS NOCROSSREFS_TO OVERLAY " +
      "ONLY_IF_RO ONLY_IF_RW SPECIAL ALIGN_WITH_INPUT SUBALIGN CONSTANT",
  );
  add(SCRIPT | EXPRESSION | INSIDE, "ASSERT INCLUDE AT HIDDEN PROVIDE PROVIDE_HIDDEN");
  add(
    INSIDE,
    "CREATE_OBJECT_SYMBOLS CONSTRUCTORS FILL QUAD SQUAD LONG SHORT BYTE SORT_BY_NAME SORT_BY_ALIGNMENT " +
      "SORT=SORT_BY_NAME SORT_BY_INIT_PRIORITY SORT_NONE INPUT_SECTION_FLAGS KEEP EXCLUDE_FILE",
  );
  add(EXPRESSION, "NOLOAD READONLY DSECT COPY INFO TYPE");
  add(INPUT_LIST, "AS_NEEDED");
  add(VERSION_NODE, "global local extern");
  // Later than 2.40: ASCIZ and LINKER_VERSION in 2.41, REVERSE in 2.42, ASCII in 2.43.
  add(INSIDE, "ASCIZ ASCII LINKER_VERSION REVERSE");
  // lld alone: OVERWRITE_SECTIONS since 13, CLASS since 20.
  add(SCRIPT, "OVERWRITE_SECTIONS");
  return keywords;
}
