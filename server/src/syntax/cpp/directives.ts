/**
 * Carries out directives (C11 6.10): conditionals, includes, definitions, messages, lines and pragmas, one at a time as
 * the reader of tokens comes to them.
 */

import { lineColumnAt } from "../../text/lines.ts";
import { readHeaderOperand } from "./builtins.ts";
import { nextWithoutPadding } from "./expand.ts";
import { evaluateCondition } from "./expression.ts";
import { findInclude, lexedFileAt } from "./include.ts";
import { type Directive, type LexedFile, lexedLines } from "./lex.ts";
import { definitionOf, isSameDefinition } from "./macros.ts";
import { runIdent, runPragma } from "./pragma.ts";
import { spellingText, wordNumber } from "./spellings.ts";
import { type Frame, growTables, type MessageSeverity, NOT_IN_ARGUMENTS, type Run, report, spend } from "./state.ts";
import { type CppToken, END, IDENTIFIER, NUMBER, SPACE_BEFORE, STRING } from "./tokens.ts";

const DEFINED = wordNumber("defined");

/** What an include costs beside its tokens, so that files that include themselves in vain come to an end. */
const INCLUDE_STEPS = 100;

/** Starts to read a file. */
export function enterFile(run: Run, file: LexedFile, searchIndex: number): void {
  // Lexing the file may have added spellings.
  growTables(run);
  run.files.set(file.number, file);
  run.frames.push({
    file,
    position: 0,
    directive: 0,
    stop: file.directives[0]?.hash ?? file.tokens.count,
    conditionals: [],
    searchIndex,
    name: file.path,
    lineShift: 0,
  });
}

/** Goes on where a frame's plain text stops: with its next directive, or, at its end, with the file that included it. */
export function passStop(run: Run, frame: Frame): void {
  const directive = frame.file.directives[frame.directive];
  if (directive === undefined) {
    leaveFile(run, frame);
    return;
  }
  spend(run, 1);
  const savedArguments = run.arguments;
  const savedPrevention = run.preventExpansion;
  run.arguments = NOT_IN_ARGUMENTS;
  run.preventExpansion = 0;
  const next = runDirective(run, frame, directive);
  run.arguments = savedArguments;
  run.preventExpansion = savedPrevention;
  run.directiveEnd = -1;
  goTo(frame, next);
}

/** Reports what a file leaves open, and goes back to the file that included it. */
export function leaveFile(run: Run, frame: Frame): void {
  const { file } = frame;
  for (const open of frame.conditionals) {
    const opening = file.directives[open.opening]!;
    const at = file.tokens.offsets[opening.hash]!;
    report(run, "error", `unterminated #${openingWord(file, open.opening)}`, file.number, at);
  }
  if (file.unterminatedComment >= 0) {
    report(run, "error", "unterminated comment", file.number, file.unterminatedComment, file.unterminatedComment + 2);
  }
  run.frames.pop();
}

function openingWord(file: LexedFile, index: number): string {
  return file.directives[index]?.kind ?? "if";
}

/** Stands for the file's end where the index of the next directive is given. */
const FILE_END = -1;

/** Puts the frame behind directive `index - 1`, before the directive `index`, or at its file's end. */
function goTo(frame: Frame, index: number): void {
  const { directives, tokens } = frame.file;
  if (index === FILE_END) {
    frame.position = tokens.count;
    frame.directive = directives.length;
    frame.stop = tokens.count;
    return;
  }
  frame.position = index > 0 ? directives[index - 1]!.end : 0;
  frame.directive = index;
  frame.stop = directives[index]?.hash ?? tokens.count;
}

/** Carries out the directive and gives the index of the directive that comes next in the file, or {@link FILE_END}. */
function runDirective(run: Run, frame: Frame, directive: Directive): number {
  const { file } = frame;
  const index = frame.directive;
  switch (directive.kind) {
    case "define":
      define(run, file, directive);
      break;
    case "undef":
      undefine(run, file, directive);
      break;
    case "include":
    case "include_next":
    case "import":
      include(run, frame, directive);
      break;
    case "if":
    case "ifdef":
    case "ifndef":
      frame.conditionals.push({ opening: index, sawElse: false });
      return isTaken(run, frame, directive) ? index + 1 : skipGroup(run, frame, index);
    case "elif":
    case "elifdef":
    case "elifndef":
    case "else":
    case "endif":
      return endGroup(run, frame, directive, index);
    case "error":
    case "warning":
      message(run, file, directive, directive.kind);
      break;
    case "line":
    case "marker":
      changeLine(run, frame, directive);
      break;
    case "pragma":
      runPragma(run, frame, directive);
      break;
    case "ident":
      runIdent(run, frame, directive);
      break;
    case "unknown": {
      const name = file.tokens.spellings[directive.hash + 1] ?? 0;
      at(
        run,
        file,
        directive.hash + 1,
        "error",
        `invalid preprocessing directive #${spellingText(run.spellings, name)}`,
      );
      break;
    }
  }
  return index + 1;
}

function at(run: Run, file: LexedFile, token: number, severity: MessageSeverity, message: string): void {
  const { tokens } = file;
  const index = Math.max(0, Math.min(token, tokens.count - 1));
  const start = tokens.offsets[index] ?? 0;
  const length = run.spellings.lengths[tokens.spellings[index] ?? 0] ?? 0;
  report(run, severity, message, file.number, start, start + Math.max(1, length));
}

function tokenOf(file: LexedFile, index: number): CppToken {
  const { tokens } = file;
  return {
    kind: tokens.kinds[index] ?? END,
    spelling: tokens.spellings[index] ?? 0,
    flags: tokens.flags[index] ?? 0,
    file: file.number,
    offset: tokens.offsets[index] ?? 0,
  };
}

function define(run: Run, file: LexedFile, directive: Directive): void {
  const { macro, errors } = definitionOf(file, directive, run.spellings);
  for (const error of errors) at(run, file, error.token, error.severity, error.message);
  if (macro === undefined) return;
  const known = run.macros[macro.name];
  if (known !== undefined && known !== macro && !isSameDefinition(known, macro)) {
    at(run, file, directive.start, "warning", `"${spellingText(run.spellings, macro.name)}" redefined`);
  }
  run.macros[macro.name] = macro;
}

/** The name that #undef, #ifdef and #ifndef test; reported and 0 where there is none. */
function macroName(run: Run, file: LexedFile, directive: Directive): number {
  const { start, end } = directive;
  if (start >= end) {
    at(run, file, directive.hash, "error", `no macro name given in #${directive.kind} directive`);
    return 0;
  }
  if (file.tokens.kinds[start] !== IDENTIFIER) {
    at(run, file, start, "error", "macro names must be identifiers");
    return 0;
  }
  if (end > start + 1) at(run, file, start + 1, "warning", `extra tokens at end of #${directive.kind} directive`);
  return file.tokens.spellings[start]!;
}

function undefine(run: Run, file: LexedFile, directive: Directive): void {
  const name = macroName(run, file, directive);
  if (name === 0) return;
  if (name === DEFINED) at(run, file, directive.start, "error", '"defined" cannot be used as a macro name');
  else run.macros[name] = undefined;
}

function isTaken(run: Run, frame: Frame, directive: Directive): boolean {
  const { file } = frame;
  switch (directive.kind) {
    case "ifdef":
    case "elifdef": {
      const name = macroName(run, file, directive);
      return name !== 0 && run.macros[name] !== undefined;
    }
    case "ifndef":
    case "elifndef": {
      const name = macroName(run, file, directive);
      return name !== 0 && run.macros[name] === undefined;
    }
    default: {
      frame.position = directive.start;
      run.directiveEnd = directive.end;
      const taken = evaluateCondition(run, tokenOf(file, directive.hash + 1), `#${directive.kind}`);
      // A condition that is wrong may leave expansions half read.
      leaveContexts(run);
      run.directiveEnd = -1;
      return taken;
    }
  }
}

/** Forgets what is left of a directive's expansions. */
function leaveContexts(run: Run): void {
  while (run.depth > 0) {
    const { macro } = run.contexts[--run.depth]!;
    if (macro !== 0) run.disabled[macro] = 0;
  }
}

/** From a group that is not taken to the next one of its conditional that is; gives the index of the directive behind it. */
function skipGroup(run: Run, frame: Frame, from: number): number {
  const { directives } = frame.file;
  let index = from;
  for (;;) {
    spend(run, 1);
    const next = directives[index]!.next;
    noteInactive(run, frame, index, next);
    // Nothing ends the group, so nothing of the file is left; its end reports that.
    if (next < 0) return FILE_END;
    const directive = directives[next]!;
    const open = frame.conditionals[frame.conditionals.length - 1]!;
    frame.directive = next;
    if (directive.kind === "endif") {
      checkExtra(run, frame.file, directive);
      frame.conditionals.pop();
      return next + 1;
    }
    if (open.sawElse) afterElse(run, frame.file, directive);
    else if (directive.kind === "else") {
      checkExtra(run, frame.file, directive);
      open.sawElse = true;
      return next + 1;
    } else if (isTaken(run, frame, directive)) return next + 1;
    if (run.isStopped) return FILE_END;
    index = next;
  }
}

/** A conditional directive that ends a group which was taken: all others of the conditional are skipped. */
function endGroup(run: Run, frame: Frame, directive: Directive, index: number): number {
  const { file } = frame;
  const open = frame.conditionals[frame.conditionals.length - 1];
  if (open === undefined) {
    at(run, file, directive.hash + 1, "error", `#${directive.kind} without #if`);
    return index + 1;
  }
  let here = index;
  for (;;) {
    spend(run, 1);
    const current = file.directives[here]!;
    if (current.kind === "endif") {
      checkExtra(run, file, current);
      frame.conditionals.pop();
      return here + 1;
    }
    if (open.sawElse) afterElse(run, file, current);
    if (current.kind === "else") open.sawElse = true;
    noteInactive(run, frame, here, current.next);
    if (current.next < 0) return FILE_END;
    here = current.next;
  }
}

function afterElse(run: Run, file: LexedFile, directive: Directive): void {
  at(run, file, directive.hash + 1, "error", `#${directive.kind} after #else`);
}

function checkExtra(run: Run, file: LexedFile, directive: Directive): void {
  if (directive.end > directive.start) {
    at(run, file, directive.start, "warning", `extra tokens at end of #${directive.kind} directive`);
  }
}

/** Remembers the text between two conditional directives of the main file as inactive. */
function noteInactive(run: Run, frame: Frame, from: number, to: number): void {
  const { file } = frame;
  if (file.number !== run.mainFile) return;
  const start = file.directives[from]!.endOffset + 1;
  const next = file.directives[to];
  const end = next === undefined ? file.source.length : file.tokens.offsets[next.hash]!;
  if (end > start) run.inactive.push({ start, end });
}

function include(run: Run, frame: Frame, directive: Directive): void {
  const { file } = frame;
  const { tokens } = file;
  frame.position = directive.start;
  run.directiveEnd = directive.end;
  const operand = readHeaderOperand(run);
  leaveContexts(run);
  run.directiveEnd = -1;
  if (operand === undefined || operand.name === "") {
    const what =
      operand === undefined
        ? `#${directive.kind} expects "FILENAME" or <FILENAME>`
        : `empty filename in #${directive.kind}`;
    at(run, file, directive.start < directive.end ? directive.start : directive.hash, "error", what);
    return;
  }
  const start = tokens.offsets[directive.start]!;
  const last = directive.end - 1;
  const end = tokens.offsets[last]! + run.spellings.lengths[tokens.spellings[last]!]!;
  const { name, isAngled } = operand;
  const found = findInclude(run, name, isAngled, directive.kind === "include_next");
  run.includes.push({ file: file.number, start, end, name, isAngled, path: found?.file.path });
  if (found === undefined) {
    report(run, "error", `${name}: No such file or directory`, file.number, start, end);
    return;
  }
  if (directive.kind === "import") run.once.add(found.file.path);
  pushInclude(run, found.file, found.searchIndex, directive.kind === "import", { file: file.number, start, end });
}

/** Reads a file next, unless it says itself that once is enough. */
function pushInclude(
  run: Run,
  file: LexedFile,
  searchIndex: number,
  isImport: boolean,
  place: { readonly file: number; readonly start: number; readonly end: number },
): void {
  spend(run, INCLUDE_STEPS);
  if (file.guard !== 0 && run.macros[file.guard] !== undefined) return;
  if (run.once.has(file.path) && (!isImport || run.read.has(file.path))) return;
  if (run.frames.length > run.limits.includeDepth) {
    report(
      run,
      "error",
      `#include nested depth ${run.frames.length} exceeds maximum of ${run.limits.includeDepth}`,
      place.file,
      place.start,
      place.end,
    );
    return;
  }
  run.read.add(file.path);
  enterFile(run, file, searchIndex);
}

/** Reads a file that the command line names with -include, before the main file. */
export function includeForced(run: Run, name: string): boolean {
  const beside = lexedFileAt(run, name);
  const found = beside === undefined ? findInclude(run, name, false, false) : { file: beside, searchIndex: -1 };
  if (found === undefined) {
    report(run, "error", `${name}: No such file or directory`, run.mainFile, 0, 0);
    return false;
  }
  run.includes.push({ file: 0, start: 0, end: 0, name, isAngled: false, path: found.file.path });
  run.read.add(found.file.path);
  enterFile(run, found.file, found.searchIndex);
  return true;
}

function message(run: Run, file: LexedFile, directive: Directive, severity: MessageSeverity): void {
  let text = `#${severity}`;
  for (let i = directive.start; i < directive.end; i++) {
    const hasSpace = i === directive.start || (file.tokens.flags[i]! & SPACE_BEFORE) !== 0;
    text += (hasSpace ? " " : "") + spellingText(run.spellings, file.tokens.spellings[i]!);
  }
  const start = file.tokens.offsets[directive.hash]!;
  report(run, severity, text, file.number, start, directive.endOffset);
}

/** `# line digits "file"_opt` (C11 6.10.4), and `# digits "file" flags` of text that was preprocessed before. */
function changeLine(run: Run, frame: Frame, directive: Directive): void {
  const { file } = frame;
  frame.position = directive.start;
  run.directiveEnd = directive.end;
  const number = nextWithoutPadding(run);
  const name = nextWithoutPadding(run);
  leaveContexts(run);
  run.directiveEnd = -1;
  const digits = spellingText(run.spellings, number.spelling);
  if (number.kind !== NUMBER || !/^[0-9]+$/.test(digits)) {
    const what = number.kind === END ? "unexpected end of line" : `"${digits}"`;
    at(run, file, directive.start, "error", `${what} after #line is not a positive integer`);
    return;
  }
  if (name.kind === STRING) frame.name = spellingText(run.spellings, name.spelling).slice(1, -1);
  else if (name.kind !== END) {
    at(
      run,
      file,
      directive.start + 1,
      "error",
      `"${spellingText(run.spellings, name.spelling)}" is not a valid filename`,
    );
  }
  const next = lineColumnAt(lexedLines(file), directive.endOffset).line + 2;
  frame.lineShift = Number(digits) - next;
}
