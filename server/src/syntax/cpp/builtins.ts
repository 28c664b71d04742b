/**
 * The macros that the preprocessor computes: __LINE__ and its kin, the __has_… operators of #if, and the _Pragma operator
 * (C11 6.10.8, 6.10.9; "The C Preprocessor", 3.7 and 4.2). It knows which headers exist only by asking.
 */

import { lineColumnAt } from "../../text/lines.ts";
import { sourceOfText } from "../../text/source.ts";
import { beginLine, NO_INDENTATION, nextWithoutPadding, pushContext } from "./expand.ts";
import { findInclude } from "./include.ts";
import { lexedLines, lexFile } from "./lex.ts";
import type { Macro } from "./macros.ts";
import { emitPragmaLine } from "./pragma.ts";
import { internText, punctuatorNumber, spellingText, wordNumber } from "./spellings.ts";
import { AVOID_PASTE, currentFrame, growTables, type Run, report } from "./state.ts";
import {
  type CppToken,
  END,
  HEADER_NAME,
  IDENTIFIER,
  NUMBER,
  PUNCTUATOR,
  SPACE_BEFORE,
  STRING,
  SYNTHESIZED,
} from "./tokens.ts";

const OPEN = punctuatorNumber("(");
const CLOSE = punctuatorNumber(")");
const LESS = punctuatorNumber("<");
const GREATER = punctuatorNumber(">");
const COLON = punctuatorNumber(":");

const PRAGMA_OPERATOR = wordNumber("_Pragma");
const HAS_INCLUDE = wordNumber("__has_include");
const HAS_INCLUDE_NEXT = wordNumber("__has_include_next");
const HAS_ATTRIBUTE = wordNumber("__has_attribute");
const HAS_CPP_ATTRIBUTE = wordNumber("__has_cpp_attribute");
const HAS_C_ATTRIBUTE = wordNumber("__has_c_attribute");
const HAS_BUILTIN = wordNumber("__has_builtin");
const LINE = wordNumber("__LINE__");
const FILE = wordNumber("__FILE__");
const FILE_NAME = wordNumber("__FILE_NAME__");
const BASE_FILE = wordNumber("__BASE_FILE__");
const INCLUDE_LEVEL = wordNumber("__INCLUDE_LEVEL__");
const COUNTER = wordNumber("__COUNTER__");
const DATE = wordNumber("__DATE__");
const TIME = wordNumber("__TIME__");
const TIMESTAMP = wordNumber("__TIMESTAMP__");

const EVERYWHERE = [
  PRAGMA_OPERATOR,
  HAS_INCLUDE,
  HAS_INCLUDE_NEXT,
  LINE,
  FILE,
  FILE_NAME,
  BASE_FILE,
  INCLUDE_LEVEL,
  COUNTER,
  DATE,
  TIME,
  TIMESTAMP,
];
/** gcc answers for attributes and built-in functions only where it compiles. */
const IN_C = [HAS_ATTRIBUTE, HAS_CPP_ATTRIBUTE, HAS_C_ATTRIBUTE, HAS_BUILTIN];

/** Defines the macros that the preprocessor computes. */
export function defineBuiltins(run: Run): void {
  for (const name of run.mode === "c" ? [...EVERYWHERE, ...IN_C] : EVERYWHERE) {
    const macro: Macro = {
      name,
      isFunctionLike: false,
      parameters: [],
      isVariadic: false,
      body: [],
      needsArguments: false,
      hasOptionalPart: false,
      file: 0,
      offset: 0,
      builtin: name,
    };
    run.macros[name] = macro;
  }
}

/** Expands a computed macro; false where its name stays in the text. */
export function expandBuiltin(run: Run, builtin: number, name: CppToken): boolean {
  switch (builtin) {
    case PRAGMA_OPERATOR:
      return runPragmaOperator(run, name);
    case HAS_INCLUDE:
    case HAS_INCLUDE_NEXT:
      if (run.directiveEnd < 0) {
        const word = spellingText(run.spellings, builtin);
        report(run, "error", `"${word}" used outside of preprocessing directive`, name.file, name.offset);
      }
      return pushText(run, name, NUMBER, hasInclude(run, builtin === HAS_INCLUDE_NEXT, name) ? "1" : "0");
    case HAS_ATTRIBUTE:
    case HAS_CPP_ATTRIBUTE:
    case HAS_C_ATTRIBUTE:
    case HAS_BUILTIN:
      return pushText(run, name, NUMBER, String(askCompiler(run, builtin, name)));
    case LINE:
      return pushText(run, name, NUMBER, String(lineOf(run, name)));
    case FILE:
      return pushText(run, name, STRING, literal(currentFrame(run)?.name ?? ""));
    case FILE_NAME:
      return pushText(run, name, STRING, literal((currentFrame(run)?.name ?? "").replace(/^.*\//, "")));
    case BASE_FILE:
      return pushText(run, name, STRING, literal(run.frames[0]?.file.path ?? ""));
    case INCLUDE_LEVEL:
      return pushText(run, name, NUMBER, String(Math.max(0, run.frames.length - 1)));
    case COUNTER:
      return pushText(run, name, NUMBER, String(run.counter++));
    default:
      return pushText(run, name, STRING, literal(moment(run, builtin)));
  }
}

function pushText(run: Run, name: CppToken, kind: number, text: string): boolean {
  const spelling = internText(run.spellings, text);
  growTables(run);
  const token: CppToken = {
    kind,
    spelling,
    flags: (name.flags & SPACE_BEFORE) | SYNTHESIZED,
    file: name.file,
    offset: name.offset,
  };
  pushContext(run, [token], 0, 1, 0);
  return true;
}

function literal(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/**
 * What __LINE__ says, as gcc has it: the line in which the outermost call begins; within an argument that is being
 * expanded, the line of the argument's own token.
 */
function lineOf(run: Run, name: CppToken): number {
  const frame = currentFrame(run);
  if (frame === undefined) return 1;
  let { file, offset } = name;
  if (run.directiveEnd >= 0) {
    // A directive has the line it ends in.
    offset = frame.file.directives[frame.directive]?.endOffset ?? offset;
    file = frame.file.number;
  } else if (run.depth > 0 && run.expansion >= 0) {
    const { expansions, expansion } = run;
    file = expansions.files[expansion]!;
    const start = expansions.starts[expansion]!;
    const end = expansions.ends[expansion]!;
    const isWritten = (token: CppToken | undefined): boolean =>
      token !== undefined && token.file === file && start <= token.offset && token.offset < end;
    offset = (run.isOutermostCall ? run.argumentNames.findLast(isWritten)?.offset : undefined) ?? start;
  }
  const holder = file === frame.file.number ? frame.file : run.files.get(file);
  if (holder === undefined) return 1;
  const line = lineColumnAt(lexedLines(holder), offset).line + 1;
  return file === frame.file.number ? line + frame.lineShift : line;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** __DATE__, __TIME__ and __TIMESTAMP__; unknown, they read as GNU cpp has them when the clock fails. */
function moment(run: Run, builtin: number): string {
  const { date } = run;
  if (date === undefined) {
    if (builtin === DATE) return "??? ?? ????";
    return builtin === TIME ? "??:??:??" : "??? ??? ?? ??:??:?? ????";
  }
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${MONTHS[date.getMonth()]} ${String(date.getDate()).padStart(2, " ")}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (builtin === DATE) return `${day} ${date.getFullYear()}`;
  return builtin === TIME ? time : `${DAYS[date.getDay()]} ${day} ${time} ${date.getFullYear()}`;
}

/** `__has_include ( header-name )`: whether the header would be found. */
function hasInclude(run: Run, isNext: boolean, name: CppToken): boolean {
  const word = isNext ? "__has_include_next" : "__has_include";
  run.preventExpansion++;
  const open = nextWithoutPadding(run);
  run.preventExpansion--;
  if (open.kind !== PUNCTUATOR || open.spelling !== OPEN) {
    report(run, "error", `missing '(' before "${word}" operand`, name.file, name.offset);
    return false;
  }
  const operand = readHeaderOperand(run);
  if (operand === undefined) {
    report(run, "error", `operator "${word}" requires a header-name`, name.file, name.offset);
    return false;
  }
  const close = nextWithoutPadding(run);
  if (close.kind !== PUNCTUATOR || close.spelling !== CLOSE) {
    report(run, "error", `missing ')' after "${word}" operand`, name.file, name.offset);
  }
  return findInclude(run, operand.name, operand.isAngled, isNext) !== undefined;
}

/**
 * A header's name as the rest of a directive spells it, macros expanded: `"name"`, `<name>`, or tokens between `<` and
 * `>` (C11 6.10.2p4, spelled together as GNU cpp does, each white space as one space).
 */
export function readHeaderOperand(run: Run): { name: string; isAngled: boolean; token: CppToken } | undefined {
  const first = nextWithoutPadding(run);
  const text = spellingText(run.spellings, first.spelling);
  if (first.kind === HEADER_NAME) return { name: text.slice(1, -1), isAngled: true, token: first };
  if (first.kind === STRING && text.startsWith('"')) return { name: text.slice(1, -1), isAngled: false, token: first };
  if (first.kind !== PUNCTUATOR || first.spelling !== LESS) return undefined;
  let name = "";
  for (;;) {
    const token = nextWithoutPadding(run);
    if (token.kind === END) return undefined;
    if (token.kind === PUNCTUATOR && token.spelling === GREATER) return { name, isAngled: true, token: first };
    if ((token.flags & SPACE_BEFORE) !== 0 && name !== "") name += " ";
    name += spellingText(run.spellings, token.spelling);
    if (name.length > run.limits.spelling) return undefined;
  }
}

/** `__has_attribute ( name )` and its kin: what the compiler answers. */
function askCompiler(run: Run, builtin: number, name: CppToken): number {
  const word = spellingText(run.spellings, builtin);
  run.preventExpansion++;
  const open = nextWithoutPadding(run);
  run.preventExpansion--;
  if (open.kind !== PUNCTUATOR || open.spelling !== OPEN) {
    report(run, "error", `missing '(' after "${word}"`, name.file, name.offset);
    return 0;
  }
  const isBuiltin = builtin === HAS_BUILTIN;
  // gcc expands macros in an attribute's name and not in a function's.
  if (isBuiltin) run.preventExpansion++;
  let operand = nextWithoutPadding(run);
  let answer = 0;
  if (operand.kind === IDENTIFIER) {
    const text = spellingText(run.spellings, operand.spelling);
    answer = isBuiltin ? run.hasBuiltin(text) : run.hasAttribute(text.replace(/^__(.+)__$/, "$1"));
  } else {
    const what = isBuiltin ? "macro" : "attribute identifier";
    report(run, "error", `${what} required after "${word}("`, name.file, name.offset);
  }
  operand = nextWithoutPadding(run);
  // An attribute may have a namespace, `gnu::weak`, whose last part decides.
  while (operand.kind === PUNCTUATOR && operand.spelling === COLON && !isBuiltin) {
    operand = nextWithoutPadding(run);
    if (operand.kind !== IDENTIFIER) continue;
    answer = run.hasAttribute(spellingText(run.spellings, operand.spelling).replace(/^__(.+)__$/, "$1"));
    operand = nextWithoutPadding(run);
  }
  if (isBuiltin) run.preventExpansion--;
  if (operand.kind !== PUNCTUATOR || operand.spelling !== CLOSE) {
    report(run, "error", `missing ')' after "${word}"`, name.file, name.offset);
  }
  return answer;
}

/** `_Pragma ( string-literal )`: the pragma is passed on at once, in a line of its own (C11 6.10.9). */
function runPragmaOperator(run: Run, name: CppToken): boolean {
  // Within a directive it means nothing, and within an argument its turn comes when the argument is rescanned.
  if (run.directiveEnd >= 0 || run.expandingArgument > 0) return false;
  const text = readPragmaText(run);
  if (text === undefined) {
    report(run, "error", "_Pragma takes a parenthesized string literal", name.file, name.offset);
    return false;
  }
  const spelling = spellingText(run.spellings, text.spelling);
  const quoted = spelling.slice(spelling.indexOf('"') + 1, -1).replace(/\\(["\\])/g, "$1");
  if (run.mode === "c") {
    const file = lexFile("", sourceOfText(quoted), run.mode, run.spellings, 0);
    growTables(run);
    emitPragmaLine(run, name, file.tokens, 0, file.tokens.count, true);
  }
  beginLine(run, name.file, NO_INDENTATION);
  pushContext(run, [AVOID_PASTE], 0, 1, 0);
  return true;
}

/** The string of `( string-literal )`; what else stands there is lost, as in GNU cpp. */
function readPragmaText(run: Run): CppToken | undefined {
  const open = nextWithoutPadding(run);
  if (open.kind !== PUNCTUATOR || open.spelling !== OPEN) return undefined;
  const text = nextWithoutPadding(run);
  if (text.kind !== STRING) return undefined;
  const close = nextWithoutPadding(run);
  return close.kind === PUNCTUATOR && close.spelling === CLOSE ? text : undefined;
}
