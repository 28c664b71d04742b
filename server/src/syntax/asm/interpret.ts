/**
 * Reads assembly statements as tokens, C's macros already expanded, and notes what they say of symbols. The assembler's own
 * macros, repetitions and conditions are carried out here, as far as their operands are constants. It reads no text.
 *
 *     statement := { label ":" } [ directive | assignment | macro-call | annotation | instruction ]
 */

import { joinAll, NEVER } from "../condition/condition.ts";
import { readCall } from "./calls.ts";
import { type AsmConditions, allConditions, noConditions } from "./conditions.ts";
import type { AsmDialect } from "./dialect.ts";
import { ASSIGNMENTS, BINDINGS, isKnownDirective, PLAIN_SECTIONS, REPETITIONS } from "./directives.ts";
import { type Budget, splitCallArguments } from "./expand-cpp.ts";
import { readIf } from "./gas-conditions.ts";
import {
  bindGasArguments,
  evaluateGas,
  readGasParameters,
  repeatGas,
  splitOperands,
  substituteGas,
} from "./gas-macros.ts";
import { type InterestFinder, outlineOf } from "./interest.ts";
import { type AnnotationStep, isExportMacro, readAnnotation } from "./linkage-macros.ts";
import { commaOperands, gasMacroOf, headOf, isActive, textOfTokens } from "./statement-parts.ts";
import { isName } from "./tokens.ts";
import type { AsmCall, AsmInclude, AsmItem, AsmItemKind, AsmToken, BodyOutline, GasMacro } from "./tree.ts";

export interface Interpreter {
  readonly dialect: AsmDialect;
  readonly items: AsmItem[];
  readonly includes: AsmInclude[];
  readonly calls: AsmCall[];
  readonly gasMacros: GasMacro[];
  /** By names in small letters. */
  readonly gasByName: Map<string, GasMacro>;
  readonly findGas: (name: string) => GasMacro | undefined;
  readonly interest: InterestFinder;
  /** The #if conditions, which the reader of lines keeps. */
  readonly cppConditions: AsmConditions;
  /** The .if conditions whose value is unknown. */
  readonly gasConditions: AsmConditions;
  /** Open .if blocks, innermost last. */
  readonly ifs: IfState[];
  readonly constants: Map<string, number>;
  /** Symbols that are defined above, whatever the conditions come to. */
  readonly defined: Set<string>;
  readonly budget: Budget;
  readonly sections: {
    current: string | undefined;
    previous: string | undefined;
    readonly stack: (string | undefined)[];
  };
  inMacro: string | undefined;
  expansions: number;
  depth: number;
}

/** taken: this branch is assembled; done: an earlier one was; waiting: none yet; unknown: can't be told here. */
type IfState = "taken" | "done" | "waiting" | "unknown";

const DEEPEST_EXPANSION = 32;

/** More calls than one file has of macros that name symbols. */
const MOST_CALLS = 10_000;

/** Reads a run of statements. */
export function interpret(state: Interpreter, tokens: readonly AsmToken[]): void {
  if (state.depth >= DEEPEST_EXPANSION) return;
  state.depth++;
  let i = 0;
  while (i < tokens.length && (state.depth === 1 || state.budget.tokens > 0)) {
    const end = endOfStatement(state, tokens, i);
    if (end > i) {
      const start = skipLabels(state, tokens, i, end);
      const directive = headOf(tokens[start]?.text ?? "");
      if (start < end && (REPETITIONS.has(directive) || directive === ".macro")) {
        i = readBlock(state, tokens, start, end);
        continue;
      }
      if (start < end) readStatement(state, tokens.slice(start, end));
    }
    i = end + 1;
  }
  state.depth--;
}

/** The separator or newline that ends the statement; those within a call's parentheses belong to the call. */
function endOfStatement(state: Interpreter, tokens: readonly AsmToken[], start: number): number {
  const { separators } = state.dialect;
  let i = start;
  if (tokens[start + 1]?.text === "(") i = splitCallArguments(tokens, start + 1)?.next ?? start;
  for (; i < tokens.length; i++) {
    const { text } = tokens[i]!;
    if (text === "\n" || separators.includes(text)) return i;
  }
  return tokens.length;
}

/** Notes that a statement says something of a symbol, unless its branch isn't assembled or the name is temporary. */
export function note(
  state: Interpreter,
  kind: AsmItemKind,
  token: AsmToken,
  value?: string,
  name: string = symbolName(token) ?? "",
): void {
  if (!isActive(state) || name === "" || isTemporary(name)) return;
  const condition = conditionOf(state);
  if (condition === NEVER.text) return;
  if (condition === "" && (kind === "label" || kind === "assign")) state.defined.add(name);
  state.items.push({
    kind,
    name,
    start: token.start,
    end: token.end,
    condition,
    section: state.sections.current,
    inMacro: state.inMacro,
    value,
  });
}

function conditionOf(state: Interpreter): string {
  return joinAll([allConditions(state.cppConditions), allConditions(state.gasConditions)]).text;
}

/** `.L` names and numbers are the assembler's own and reach no symbol table (GNU as manual, Symbol Names). */
function isTemporary(name: string): boolean {
  return name.startsWith(".L") || name === "." || /^[0-9$]/.test(name);
}

/** The symbol that a token names, bare or in quotes. */
function symbolName(token: AsmToken | undefined): string | undefined {
  if (token === undefined) return undefined;
  if (token.text.startsWith('"')) return /^"([^"\\\n]+)"$/.exec(token.text)?.[1];
  return isName(token) ? token.text : undefined;
}

/** `name:` and `1:`; gives the index behind them. */
function skipLabels(state: Interpreter, tokens: readonly AsmToken[], start: number, end: number): number {
  let i = start;
  while (i + 1 < end && tokens[i + 1]!.text === ":") {
    const token = tokens[i]!;
    if (symbolName(token) !== undefined) note(state, "label", token);
    else if (!/^[\d\\]/.test(token.text)) break;
    i += tokens[i + 2]?.text === ":" && i + 2 < end ? 3 : 2;
  }
  return i;
}

/** `.macro … .endm` and `.rept … .endr`: gives the index behind the block's last statement. */
function readBlock(state: Interpreter, tokens: readonly AsmToken[], start: number, end: number): number {
  const directive = headOf(tokens[start]!.text);
  const isMacro = directive === ".macro";
  let depth = 1;
  let i = end + 1;
  const bodyStart = i;
  let bodyEnd = tokens.length;
  while (i < tokens.length) {
    const stop = endOfStatement(state, tokens, i);
    const head = headOf(tokens[i]!.text);
    if (isMacro ? head === ".macro" : REPETITIONS.has(head)) depth++;
    else if ((isMacro ? head === ".endm" || head === ".endmacro" : head === ".endr") && --depth === 0) {
      bodyEnd = i;
      i = stop + 1;
      break;
    }
    i = stop + 1;
  }
  const body = tokens.slice(bodyStart, bodyEnd);
  if (!isActive(state)) return i;
  const operands = tokens.slice(start + 1, end);
  if (isMacro) {
    defineGasMacro(state, operands, body);
  } else {
    const repeated = repeatGas(directive, operands, body, state.constants, state.budget);
    interpret(state, repeated ?? body);
  }
  return i;
}

function defineGasMacro(state: Interpreter, operands: readonly AsmToken[], body: readonly AsmToken[]): void {
  const head = readMacroHead(operands);
  if (head === undefined) return;
  let outline: BodyOutline | undefined;
  addGasMacro(state, {
    ...head,
    body,
    condition: conditionOf(state),
    get outline() {
      outline ??= outlineOf(body);
      return outline;
    },
  });
}

/** The name and the parameters of a `.macro` line, without the body. */
export function readMacroHead(
  operands: readonly AsmToken[],
): Omit<GasMacro, "body" | "outline" | "condition"> | undefined {
  const nameToken = operands[0];
  if (!isName(nameToken)) return undefined;
  const rest = operands[1]?.text === "," ? operands.slice(2) : operands.slice(1);
  return { name: nameToken.text, parameters: readGasParameters(rest), start: nameToken.start, end: nameToken.end };
}

/** Makes a macro known, and notes what its body says of symbols it names in full. */
export function addGasMacro(state: Interpreter, macro: GasMacro): void {
  if (!isActive(state)) return;
  state.gasMacros.push(macro);
  state.gasByName.set(macro.name.toLowerCase(), macro);
  if (state.inMacro === undefined && macro.outline.isDirect) noteMacroBody(state, macro.name, macro.body);
}

/** Notes what a macro's body says of the symbols it names in full, without carrying anything out. */
export function noteMacroBody(state: Interpreter, name: string, body: readonly AsmToken[]): void {
  const sections = { ...state.sections, stack: [...state.sections.stack] };
  const constants = new Map(state.constants);
  const inner: Interpreter = {
    ...state,
    inMacro: name,
    sections,
    constants,
    defined: new Set(state.defined),
    ifs: [],
    gasConditions: noConditions(),
    gasByName: new Map(),
    gasMacros: [],
    findGas: () => undefined,
  };
  interpret(inner, body);
}

function readStatement(state: Interpreter, tokens: readonly AsmToken[]): void {
  const head = tokens[0]!;
  const text = headOf(head.text);
  if (text.startsWith(".if") || text === ".else" || text === ".elseif" || text === ".endif") {
    readIf(state, text, tokens.slice(1));
    return;
  }
  if (!isActive(state)) return;
  if (tokens[1]?.text === "=" && symbolName(head) !== undefined) {
    assign(state, head, tokens.slice(tokens[2]?.text === "=" ? 3 : 2));
    return;
  }
  if (text.startsWith(".") && isKnownDirective(text)) {
    readDirective(state, text, tokens.slice(1));
    return;
  }
  if (!isName(head)) return;
  const macro = gasMacroOf(state, text);
  if (macro !== undefined) {
    callGasMacro(state, macro, head, tokens.slice(1));
    return;
  }
  if (tokens[1]?.text !== "(" || !readAnnotationCall(state, tokens)) noteCall(state, tokens);
}

/** Keeps what may be the call of another file's macro. */
export function noteCall(state: Interpreter, tokens: readonly AsmToken[]): void {
  if (state.inMacro !== undefined || !isActive(state) || state.calls.length >= MOST_CALLS) return;
  const call = readCall(tokens);
  if (call !== undefined) state.calls.push({ ...call, condition: conditionOf(state) });
}

function callGasMacro(state: Interpreter, macro: GasMacro, use: AsmToken, operands: readonly AsmToken[]): void {
  const { namesSymbols, assigned } = state.interest.ofMacro(macro);
  if (!namesSymbols) {
    for (const name of assigned) state.constants.delete(name);
    // It may hand its operands to a macro of another file.
    noteCall(state, [use, ...operands]);
    return;
  }
  const values = bindGasArguments(macro, withValues(state, operands));
  const { ifs } = state;
  const body = substituteGas(macro.body, values, use, state.expansions++, state.budget);
  const opened = ifs.length;
  interpret(state, body);
  // A macro that leaves an .if open would be the assembler's error; the file's own blocks stay as they were.
  ifs.length = Math.min(ifs.length, opened);
}

/** `%expression` is its value where .altmacro was said (GNU as manual, Altmacro). */
function withValues(state: Interpreter, tokens: readonly AsmToken[]): readonly AsmToken[] {
  if (!tokens.some(({ text }) => text === "%")) return tokens;
  return splitOperands(tokens).flatMap((operand, i) => {
    const comma = i === 0 ? [] : [{ ...operand[0]!, text: "," }];
    const value = operand[0]?.text === "%" ? evaluateGas(operand.slice(1), state.constants) : undefined;
    return [...comma, ...(value === undefined ? operand : [{ ...operand[0]!, text: String(value) }])];
  });
}

/**
 * `SYM_FUNC_START(name)` and its family, and `EXPORT_SYMBOL(name)`; more than one call may stand in a line.
 * @returns false where the first call is of another macro
 */
function readAnnotationCall(state: Interpreter, tokens: readonly AsmToken[]): boolean {
  let i = 0;
  let isKnown = false;
  while (isName(tokens[i]) && tokens[i + 1]?.text === "(") {
    const call = splitCallArguments(tokens, i + 1);
    if (call === undefined) return isKnown;
    const name = tokens[i]!.text;
    const first = call.list[0]?.[0];
    if (isExportMacro(name)) {
      isKnown = true;
      if (first !== undefined) note(state, "export", first);
    } else {
      const texts = call.list.map((argument) => textOfTokens(argument));
      const steps = readAnnotation(name, texts);
      isKnown ||= steps !== undefined;
      for (const step of steps ?? []) carryOut(state, step, call.list);
    }
    i = call.next;
  }
  return isKnown;
}

function carryOut(state: Interpreter, step: AnnotationStep, list: readonly (readonly AsmToken[])[]): void {
  const argument = list[step.argument];
  const token = argument?.[0];
  if (token === undefined || argument?.length !== 1) return;
  if (step.kind === "assign") assign(state, token, list[step.valueArgument ?? 1] ?? []);
  else note(state, step.kind, token, step.value);
}

function assign(state: Interpreter, token: AsmToken, value: readonly AsmToken[]): void {
  const name = symbolName(token);
  if (name === undefined || value.length === 0) return;
  const number = evaluateGas(value, state.constants);
  if (isActive(state)) {
    if (number !== undefined) state.constants.set(name, number);
    else state.constants.delete(name);
  }
  note(state, "assign", token, textOfTokens(value));
}

function readDirective(state: Interpreter, name: string, rest: readonly AsmToken[]): void {
  const operands = commaOperands(rest);
  const first = operands[0]?.[0];
  const binding = BINDINGS.get(name);
  if (binding !== undefined) {
    const all = name === ".export" || name === ".import" ? operands.slice(0, 1) : operands;
    for (const operand of all) if (operand.length === 1) note(state, binding, operand[0]!);
    return;
  }
  if (ASSIGNMENTS.has(name)) {
    if (first !== undefined && operands[0]!.length === 1) assign(state, first, operands.slice(1).flat());
    return;
  }
  if (PLAIN_SECTIONS.has(name)) {
    enterSection(state, name);
    return;
  }
  switch (name) {
    case ".type":
      if (first !== undefined) note(state, "type", first, symbolType(rest));
      return;
    case ".comm":
    case ".common":
    case ".tls_common":
      if (first !== undefined) note(state, "common", first);
      return;
    case ".lcomm":
      if (first !== undefined) note(state, "localCommon", first);
      return;
    case ".symver":
      if (first !== undefined) note(state, "version", first, operands.slice(1, 3).map(textOfTokens).join(","));
      return;
    case ".weakref": {
      const target = operands[1]?.[0];
      if (target !== undefined) note(state, "weakReference", target);
      return;
    }
    case ".section":
      enterSection(state, sectionName(operands[0]));
      return;
    case ".pushsection":
      if (state.sections.stack.length < 1000) state.sections.stack.push(state.sections.current);
      enterSection(state, sectionName(operands[0]));
      return;
    case ".popsection":
      enterSection(state, state.sections.stack.pop());
      return;
    case ".previous":
      enterSection(state, state.sections.previous);
      return;
    case ".purgem":
      if (first !== undefined) state.gasByName.delete(first.text.toLowerCase());
      return;
    case ".include": {
      const path = /^"(.*)"$/.exec(first?.text ?? "")?.[1];
      if (first === undefined || path === undefined) return;
      const condition = allConditions(state.cppConditions).text;
      state.includes.push({ path, angled: false, start: first.start, end: first.end, condition });
      return;
    }
  }
}

function enterSection(state: Interpreter, name: string | undefined): void {
  if (!isActive(state)) return;
  state.sections.previous = state.sections.current;
  state.sections.current = name;
}

function sectionName(operand: readonly AsmToken[] | undefined): string | undefined {
  if (operand === undefined || operand.length === 0) return undefined;
  return textOfTokens(operand).replace(/"/g, "");
}

/** `@function`, `%function`, `#function`, `"function"`, `STT_FUNC`, with or without the comma. */
function symbolType(tokens: readonly AsmToken[]): string {
  const last = tokens[tokens.length - 1]?.text ?? "";
  if (/^"?(?:function|gnu_indirect_function|STT_FUNC|SYM_T_FUNC|STT_GNU_IFUNC)"?$/.test(last)) return "function";
  return /^"?(?:object|STT_OBJECT|SYM_T_OBJECT|gnu_unique_object|common|STT_COMMON|tls_object)"?$/.test(last)
    ? "object"
    : "none";
}
