/**
 * Macros: what a #define says (C11 6.10.3, with GNU cpp's named variadics), and whether two definitions say the same.
 * It knows nothing of expansion.
 */

import type { Directive, LexedFile } from "./lex.ts";
import { punctuatorNumber, type Spellings, spellingText, wordNumber } from "./spellings.ts";
import {
  type CppToken,
  IDENTIFIER,
  LINE_START,
  PARAMETER,
  PASTE_LEFT,
  PUNCTUATOR,
  SPACE_BEFORE,
  STRINGIFY,
} from "./tokens.ts";

/** A macro. Shared between translation units, so nothing about its use is kept here. */
export interface Macro {
  /** The name, by spelling. */
  readonly name: number;
  readonly isFunctionLike: boolean;
  /** Parameter names by spelling; the last is the variable one where `isVariadic`. */
  readonly parameters: readonly number[];
  readonly isVariadic: boolean;
  /**
   * The replacement list. `#` and `##` are gone into flags of the tokens that they work on; parameters have the kind
   * PARAMETER and their index for a spelling.
   */
  readonly body: readonly CppToken[];
  /** Whether the replacement list holds a parameter or __VA_OPT__ at all. */
  readonly needsArguments: boolean;
  readonly hasOptionalPart: boolean;
  /** The file of the definition, by number, and where the name stands there. */
  readonly file: number;
  readonly offset: number;
  /** For a macro that the preprocessor itself computes: its name's number again, else 0. */
  readonly builtin: number;
}

/** A #define as read: the macro, unless it makes none, and what is wrong with it. */
export interface DefinitionResult {
  readonly macro: Macro | undefined;
  readonly errors: readonly DefinitionError[];
}

export interface DefinitionError {
  readonly message: string;
  readonly severity: "error" | "warning";
  /** By token index in the file. */
  readonly token: number;
}

const OPEN = punctuatorNumber("(");
const CLOSE = punctuatorNumber(")");
const COMMA = punctuatorNumber(",");
const ELLIPSIS = punctuatorNumber("...");
const HASH = punctuatorNumber("#");
const HASH_DIGRAPH = punctuatorNumber("%:");
const PASTE = punctuatorNumber("##");
const PASTE_DIGRAPH = punctuatorNumber("%:%:");
const VARIABLE_ARGUMENTS = wordNumber("__VA_ARGS__");
const OPTIONAL_PART = wordNumber("__VA_OPT__");
const DEFINED = wordNumber("defined");

/** The macro that a #define directive of the file makes; read once, then remembered with the directive. */
export function definitionOf(file: LexedFile, directive: Directive, spellings: Spellings): DefinitionResult {
  directive.definition ??= readDefinition(file, directive, spellings);
  return directive.definition;
}

/**
 * control-line: `# define identifier replacement-list`
 *             | `# define identifier lparen identifier-list_opt [, ...] ) replacement-list` (C11 6.10)
 */
function readDefinition(file: LexedFile, directive: Directive, spellings: Spellings): DefinitionResult {
  const { tokens } = file;
  const errors: DefinitionError[] = [];
  const report = (message: string, token: number, severity: "error" | "warning" = "error"): void => {
    errors.push({ message, severity, token });
  };
  const at = directive.start;
  if (at >= directive.end) {
    report("no macro name given in #define directive", directive.hash);
    return { macro: undefined, errors };
  }
  const name = tokens.spellings[at]!;
  if (tokens.kinds[at] !== IDENTIFIER) {
    report("macro names must be identifiers", at);
    return { macro: undefined, errors };
  }
  if (name === DEFINED || name === VARIABLE_ARGUMENTS || name === OPTIONAL_PART) {
    report(`"${spellingText(spellings, name)}" cannot be used as a macro name`, at);
    return { macro: undefined, errors };
  }

  let bodyStart = at + 1;
  const parameters: number[] = [];
  let isVariadic = false;
  const isFunctionLike =
    bodyStart < directive.end &&
    tokens.kinds[bodyStart] === PUNCTUATOR &&
    tokens.spellings[bodyStart] === OPEN &&
    (tokens.flags[bodyStart]! & SPACE_BEFORE) === 0;
  if (isFunctionLike) {
    const list = readParameters(file, directive, bodyStart + 1, spellings, report);
    if (list === undefined) return { macro: undefined, errors };
    parameters.push(...list.parameters);
    isVariadic = list.isVariadic;
    bodyStart = list.end;
  } else if (bodyStart < directive.end && (tokens.flags[bodyStart]! & SPACE_BEFORE) === 0) {
    report("ISO C99 requires whitespace after the macro name", bodyStart, "warning");
  }

  if (isVariadic && !isOptionalPartClosed(file, directive, bodyStart, report)) return { macro: undefined, errors };
  const body = readBody(file, directive, bodyStart, isFunctionLike ? parameters : undefined, report);
  if (body === undefined) return { macro: undefined, errors };
  const hasOptionalPart =
    isVariadic && body.some((token) => token.kind === IDENTIFIER && token.spelling === OPTIONAL_PART);
  const macro: Macro = {
    name,
    isFunctionLike,
    parameters,
    isVariadic,
    body,
    needsArguments: hasOptionalPart || body.some((token) => token.kind === PARAMETER),
    hasOptionalPart,
    file: file.number,
    offset: tokens.offsets[at]!,
    builtin: 0,
  };
  return { macro, errors };
}

type Report = (message: string, token: number, severity?: "error" | "warning") => void;

/** identifier-list, `...`, `identifier-list , ...`, and GNU's `identifier ...`. */
function readParameters(
  file: LexedFile,
  directive: Directive,
  start: number,
  spellings: Spellings,
  report: Report,
): { parameters: number[]; isVariadic: boolean; end: number } | undefined {
  const { tokens } = file;
  const parameters: number[] = [];
  const seen = new Set<number>();
  let wantsName = true;
  for (let i = start; i < directive.end; i++) {
    const spelling = tokens.spellings[i]!;
    if (tokens.kinds[i] === IDENTIFIER) {
      if (!wantsName) {
        report("expected ',' or ')' in a macro's parameter list", i);
        return undefined;
      }
      if (seen.has(spelling)) {
        report(`duplicate macro parameter "${spellingText(spellings, spelling)}"`, i);
        return undefined;
      }
      if (spelling === VARIABLE_ARGUMENTS) {
        report("__VA_ARGS__ cannot name a macro parameter", i);
        return undefined;
      }
      seen.add(spelling);
      parameters.push(spelling);
      wantsName = false;
      continue;
    }
    if (spelling === CLOSE && (!wantsName || parameters.length === 0))
      return { parameters, isVariadic: false, end: i + 1 };
    if (spelling === COMMA && !wantsName) {
      wantsName = true;
      continue;
    }
    if (spelling === ELLIPSIS) {
      if (wantsName) parameters.push(VARIABLE_ARGUMENTS);
      if (i + 1 < directive.end && tokens.spellings[i + 1] === CLOSE && tokens.kinds[i + 1] === PUNCTUATOR) {
        return { parameters, isVariadic: true, end: i + 2 };
      }
      report("expected ')' after \"...\"", i);
      return undefined;
    }
    report("expected a parameter name in a macro's parameter list", i);
    return undefined;
  }
  report("expected ')' before the end of the line", directive.hash);
  return undefined;
}

/** Whether each __VA_OPT__ of a variable macro is followed by its parentheses, none within another. */
function isOptionalPartClosed(file: LexedFile, directive: Directive, start: number, report: Report): boolean {
  const { tokens } = file;
  let depth = 0;
  let opening = -1;
  for (let i = start; i < directive.end; i++) {
    const spelling = tokens.spellings[i]!;
    if (tokens.kinds[i] === IDENTIFIER && spelling === OPTIONAL_PART) {
      if (depth > 0) {
        report("__VA_OPT__ may not appear in a __VA_OPT__", i);
        return false;
      }
      if (i + 1 >= directive.end || tokens.kinds[i + 1] !== PUNCTUATOR || tokens.spellings[i + 1] !== OPEN) {
        report("__VA_OPT__ must be followed by an open parenthesis", i);
        return false;
      }
      opening = i;
      depth = 1;
      i++;
    } else if (depth > 0 && tokens.kinds[i] === PUNCTUATOR) {
      if (spelling === OPEN) depth++;
      else if (spelling === CLOSE) depth--;
    }
  }
  if (depth > 0) report("unterminated __VA_OPT__", opening);
  return depth === 0;
}

/** replacement-list: the tokens up to the line's end, `#` and `##` turned into flags. */
function readBody(
  file: LexedFile,
  directive: Directive,
  start: number,
  parameters: readonly number[] | undefined,
  report: Report,
): CppToken[] | undefined {
  const { tokens } = file;
  const { end } = directive;
  const indexes = new Map<number, number>();
  parameters?.forEach((parameter, index) => {
    indexes.set(parameter, index);
  });
  const body: CppToken[] = [];
  for (let i = start; i < end; i++) {
    const kind = tokens.kinds[i]!;
    const spelling = tokens.spellings[i]!;
    let flags = tokens.flags[i]! & ~LINE_START;
    if (i === start) flags &= ~SPACE_BEFORE;
    if (kind === PUNCTUATOR && (spelling === PASTE || spelling === PASTE_DIGRAPH)) {
      if (i === start || i === end - 1) {
        report("'##' cannot appear at either end of a macro expansion", i);
        return undefined;
      }
      // Several ## in a row work as one.
      const last = body[body.length - 1]!;
      body[body.length - 1] = { ...last, flags: last.flags | PASTE_LEFT };
      continue;
    }
    const offset = tokens.offsets[i]!;
    const isHash = kind === PUNCTUATOR && (spelling === HASH || spelling === HASH_DIGRAPH);
    if (isHash && parameters !== undefined) {
      const index =
        i + 1 < end && tokens.kinds[i + 1] === IDENTIFIER ? indexes.get(tokens.spellings[i + 1]!) : undefined;
      if (index !== undefined) {
        body.push({ kind: PARAMETER, spelling: index, flags: flags | STRINGIFY, file: file.number, offset });
        i++;
        continue;
      }
      // #__VA_OPT__(…) stringifies the optional part; the flag waits on its name.
      if (i + 1 < end && tokens.spellings[i + 1] === OPTIONAL_PART && indexes.size > 0) {
        body.push({ kind: IDENTIFIER, spelling: OPTIONAL_PART, flags: flags | STRINGIFY, file: file.number, offset });
        i++;
        continue;
      }
      if (file.mode === "c") {
        report("'#' is not followed by a macro parameter", i);
        return undefined;
      }
    }
    const index = kind === IDENTIFIER ? indexes.get(spelling) : undefined;
    if (index !== undefined) body.push({ kind: PARAMETER, spelling: index, flags, file: file.number, offset });
    else body.push({ kind, spelling, flags, file: file.number, offset });
  }
  return body;
}

/** Whether two definitions of a name are the same in the sense of C11 6.10.3p1: white space counts, its amount does not. */
export function isSameDefinition(a: Macro, b: Macro): boolean {
  if (a.isFunctionLike !== b.isFunctionLike || a.isVariadic !== b.isVariadic || a.builtin !== b.builtin) return false;
  if (a.parameters.length !== b.parameters.length || a.body.length !== b.body.length) return false;
  for (let i = 0; i < a.parameters.length; i++) if (a.parameters[i] !== b.parameters[i]) return false;
  for (let i = 0; i < a.body.length; i++) {
    const left = a.body[i]!;
    const right = b.body[i]!;
    if (left.kind !== right.kind || left.spelling !== right.spelling || left.flags !== right.flags) return false;
  }
  return true;
}
