/**
 * Pragmas: the few that the preprocessor obeys itself, and the passing on of all others (C11 6.10.6; "The C
 * Preprocessor", 7).
 */

import { addToken, emitPragmaEnd, emitToken, notePadding } from "./emit.ts";
import { beginExpansion, beginLine, nextExpanded, popContext, pushContext } from "./expand.ts";
import type { Directive } from "./lex.ts";
import { internText, spellingText, wordNumber } from "./spellings.ts";
import { END_TOKEN, type Frame, type Run, report } from "./state.ts";
import {
  type CppToken,
  END,
  IDENTIFIER,
  PADDING,
  PRAGMA,
  SPACE_BEFORE,
  STRING,
  SYNTHESIZED,
  type TokenArrays,
} from "./tokens.ts";

const PRAGMA_WORD = wordNumber("pragma");
const IDENT_WORD = wordNumber("ident");
const ONCE = wordNumber("once");
const PUSH_MACRO = wordNumber("push_macro");
const POP_MACRO = wordNumber("pop_macro");
const GCC = wordNumber("GCC");
const SYSTEM_HEADER = wordNumber("system_header");
const ERROR = wordNumber("error");
const WARNING = wordNumber("warning");
/** Pragmas whose operands gcc expands before it passes them on. */
const EXPANDED = new Set([wordNumber("message"), wordNumber("redefine_extname")]);

/** Passes `#ident "text"` on, except to assemblers, as a pragma of that name. */
export function runIdent(run: Run, frame: Frame, directive: Directive): void {
  if (run.mode === "assembler") return;
  const { tokens, number } = frame.file;
  const place: CppToken = {
    kind: PRAGMA,
    spelling: IDENT_WORD,
    flags: 0,
    file: number,
    offset: tokens.offsets[directive.hash]!,
  };
  emitPragmaLine(run, place, tokens, directive.start, directive.end, false);
}

/** Carries out a #pragma. */
export function runPragma(run: Run, frame: Frame, directive: Directive): void {
  const { tokens } = frame.file;
  const { start, end } = directive;
  const first = start < end && tokens.kinds[start] === IDENTIFIER ? tokens.spellings[start]! : 0;
  if (first === ONCE) {
    run.once.add(frame.file.path);
    return;
  }
  if (first === PUSH_MACRO || first === POP_MACRO) {
    const name = macroOperand(run, tokens, start, end);
    if (name === undefined) return;
    if (first === PUSH_MACRO) {
      const saved = run.savedMacros.get(name) ?? [];
      saved.push(run.macros[name]);
      run.savedMacros.set(name, saved);
    } else {
      const saved = run.savedMacros.get(name);
      if (saved !== undefined && saved.length > 0) run.macros[name] = saved.pop();
    }
    return;
  }
  if (first === GCC && start + 1 < end) {
    const second = tokens.spellings[start + 1]!;
    if (second === SYSTEM_HEADER || spellingText(run.spellings, second) === "poison") return;
    if (second === ERROR || second === WARNING) {
      const text = start + 2 < end ? spellingText(run.spellings, tokens.spellings[start + 2]!).slice(1, -1) : "";
      report(run, second === ERROR ? "error" : "warning", text, frame.file.number, tokens.offsets[start]!);
      return;
    }
    if (spellingText(run.spellings, second) === "dependency") return;
  }
  // Assemblers may choke on pragmas, so they see none.
  if (run.mode === "assembler") return;
  const hash: CppToken = {
    kind: PRAGMA,
    spelling: PRAGMA_WORD,
    flags: 0,
    file: frame.file.number,
    offset: tokens.offsets[directive.hash]!,
  };
  if (EXPANDED.has(first)) emitExpandedPragma(run, frame, hash, directive);
  else emitPragmaLine(run, hash, tokens, start, end, false);
}

/** The macro that `("name")` names. */
function macroOperand(run: Run, tokens: TokenArrays, start: number, end: number): number | undefined {
  const text = start + 2 < end && tokens.kinds[start + 2] === STRING ? tokens.spellings[start + 2]! : 0;
  if (text === 0) return undefined;
  const name = spellingText(run.spellings, text).replace(/^[^"]*"|"$/g, "");
  const number = internText(run.spellings, name);
  return number < run.macros.length ? number : undefined;
}

/** Passes a pragma on: `#pragma` and the tokens as they are, in a line of their own. */
export function emitPragmaLine(
  run: Run,
  place: CppToken,
  tokens: TokenArrays,
  start: number,
  end: number,
  isSynthesized: boolean,
): void {
  const { previous, paddingSource } = run;
  beginLine(run, place.file, place.offset);
  const expansion = isSynthesized ? run.expansion : -1;
  addToken(run, PRAGMA, place.kind === PRAGMA ? place.spelling : PRAGMA_WORD, 0, place.file, place.offset, expansion);
  for (let i = start; i < end; i++) {
    const flags = (tokens.flags[i]! & SPACE_BEFORE) | (i === start ? SPACE_BEFORE : 0);
    if (isSynthesized) {
      addToken(run, tokens.kinds[i]!, tokens.spellings[i]!, flags | SYNTHESIZED, place.file, place.offset, expansion);
    } else addToken(run, tokens.kinds[i]!, tokens.spellings[i]!, flags, place.file, tokens.offsets[i]!, -1);
  }
  emitPragmaEnd(run, place.file, place.offset);
  // A pragma in the middle of a call comes before the call's tokens, which know nothing of it.
  run.previous = previous;
  run.paddingSource = paddingSource;
}

function emitExpandedPragma(run: Run, frame: Frame, hash: CppToken, directive: Directive): void {
  beginLine(run, hash.file, hash.offset);
  addToken(run, PRAGMA, PRAGMA_WORD, 0, hash.file, hash.offset, -1);
  const { tokens, number } = frame.file;
  const operand: CppToken[] = [];
  for (let i = directive.start; i < directive.end; i++) {
    const flags = (tokens.flags[i]! & SPACE_BEFORE) | (i === directive.start ? SPACE_BEFORE : 0);
    operand.push({
      kind: tokens.kinds[i]!,
      spelling: tokens.spellings[i]!,
      flags,
      file: number,
      offset: tokens.offsets[i]!,
    });
  }
  operand.push(END_TOKEN);
  pushContext(run, operand, 0, operand.length, 0);
  beginExpansion(run, { ...hash, spelling: PRAGMA_WORD });
  run.expansions.ends[run.expansion] = directive.endOffset;
  for (;;) {
    const token = nextExpanded(run);
    if (token.kind === END) break;
    if (token.kind === PADDING) notePadding(run, token);
    else emitToken(run, token, -1);
  }
  while (run.depth > 0) popContext(run);
  emitPragmaEnd(run, hash.file, hash.offset);
}
