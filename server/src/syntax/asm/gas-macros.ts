/**
 * The assembler's own macros: `.macro`, `.rept`, `.irp`, `.irpc`, and the constant expressions of `.if` (GNU as manual,
 * sections Macro, Rept, Irp, Irpc, If). Works on tokens; knows no statements that name symbols.
 */

import type { Budget } from "./expand-cpp.ts";
import { textOfTokens } from "./statement-parts.ts";
import { isName } from "./tokens.ts";
import type { AsmToken, GasMacro, GasParameter } from "./tree.ts";

/**
 * Reads the parameters of `.macro name p1, p2=default, p3:req, p4:vararg`, of the tokens behind the macro's name.
 * @returns the parameters in order; what is no name is passed over
 */
export function readGasParameters(tokens: readonly AsmToken[]): GasParameter[] {
  const parameters: GasParameter[] = [];
  let i = 0;
  while (i < tokens.length) {
    const token = tokens[i++]!;
    if (!isName(token)) continue;
    let isVararg = false;
    if (tokens[i]?.text === ":") {
      isVararg = tokens[i + 1]?.text === "vararg";
      i += 2;
    }
    const initial: AsmToken[] = [];
    if (tokens[i]?.text === "=") {
      i++;
      while (i < tokens.length && tokens[i]!.text !== "," && (initial.length === 0 || !tokens[i]!.spaced)) {
        initial.push(tokens[i++]!);
      }
    }
    parameters.push({ name: token.text, isVararg, initial });
  }
  return parameters;
}

const OPERATORS = new Set(["+", "-", "*", "/", "|", "&", "^", "<", ">", "!", "~", "=", "("]);

/** Splits a macro call's operands at commas, and at blanks that no operator stands beside. Quotes around one are taken off. */
export function splitOperands(tokens: readonly AsmToken[]): AsmToken[][] {
  const operands: AsmToken[][] = [];
  let current: AsmToken[] = [];
  let depth = 0;
  let wasComma = true;
  const flush = () => {
    operands.push(current);
    current = [];
  };
  for (const token of tokens) {
    if (token.text === "(") depth++;
    else if (token.text === ")") depth--;
    const last = current[current.length - 1];
    if (token.text === "," && depth <= 0) {
      // An operand that a blank has ended needs no second end; `a , b` has two operands.
      if (current.length > 0 || wasComma) flush();
      wasComma = true;
      continue;
    }
    if (last !== undefined && token.spaced && depth <= 0 && !OPERATORS.has(last.text) && !OPERATORS.has(token.text)) {
      flush();
      wasComma = false;
    }
    current.push(token);
  }
  if (current.length > 0 || (wasComma && operands.length > 0)) flush();
  return operands;
}

/** The values of a macro's parameters for one call, by name. */
export function bindGasArguments(macro: GasMacro, tokens: readonly AsmToken[]): Map<string, readonly AsmToken[]> {
  const values = new Map<string, readonly AsmToken[]>();
  for (const parameter of macro.parameters) values.set(parameter.name, parameter.initial);
  const operands = splitOperands(tokens);
  let position = 0;
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i]!;
    const named = operand[1]?.text === "=" && operand[2]?.text !== "=" ? operand[0]!.text : undefined;
    if (named !== undefined && values.has(named)) {
      values.set(named, unquoted(operand.slice(2)));
      continue;
    }
    const parameter = macro.parameters[position++];
    if (parameter === undefined) break;
    if (parameter.isVararg) {
      const rest = operands
        .slice(i)
        .flatMap((one, index) => (index === 0 ? one : [comma(one[0] ?? operand[0]), ...one]));
      values.set(
        parameter.name,
        rest.filter((token): token is AsmToken => token !== undefined),
      );
      break;
    }
    if (operand.length > 0) values.set(parameter.name, unquoted(operand));
  }
  return values;
}

function comma(near: AsmToken | undefined): AsmToken {
  return { text: ",", start: near?.start ?? 0, end: near?.end ?? 0, spaced: false };
}

function unquoted(operand: readonly AsmToken[]): readonly AsmToken[] {
  const only = operand[0];
  if (operand.length !== 1 || only === undefined || !/^".*"$/s.test(only.text)) return operand;
  return retokenize(only.text.slice(1, -1), only);
}

/** The words and signs of a text that stood within one token, all at that token's place. */
function retokenize(text: string, place: AsmToken): AsmToken[] {
  const tokens: AsmToken[] = [];
  for (const match of text.matchAll(/(\s*)([\w.$?]+|\\\w+|\\@|\\\(\)|[^\s])/gu)) {
    tokens.push({ text: match[2]!, start: place.start, end: place.end, spaced: match[1] !== "" });
  }
  return tokens;
}

/**
 * Puts values for `\name`, `\@` and `\()` into a body and glues what stands without a blank between.
 * Tokens of the body take the place of the use; arguments keep theirs.
 * @param counter the number of expansions so far, which `\@` stands for
 */
export function substituteGas(
  body: readonly AsmToken[],
  values: ReadonlyMap<string, readonly AsmToken[]>,
  use: AsmToken,
  counter: number,
  budget: Budget,
): AsmToken[] {
  const out: AsmToken[] = [];
  let gluesNext = false;
  for (const token of body) {
    if (--budget.tokens <= 0) break;
    const isParameter = token.text.startsWith("\\") && token.text.length > 1;
    if (!isParameter) {
      if (token.text.startsWith('"') && token.text.includes("\\")) {
        out.push({ ...token, text: withinString(token.text, values, counter), start: use.start, end: use.end });
        gluesNext = false;
        continue;
      }
      append(out, { text: token.text, start: use.start, end: use.end, spaced: token.spaced }, gluesNext);
      gluesNext = false;
      continue;
    }
    const name = token.text.slice(1);
    let value: readonly AsmToken[] | undefined;
    if (name === "()") value = [];
    else if (name === "@") value = [{ text: String(counter), start: use.start, end: use.end, spaced: false }];
    else value = values.get(name);
    if (value === undefined) {
      append(out, { ...token, start: use.start, end: use.end }, false);
      gluesNext = false;
      continue;
    }
    value.forEach((part, index) => {
      append(out, index === 0 ? { ...part, spaced: token.spaced } : part, index === 0 && !token.spaced);
      budget.tokens--;
    });
    if (value.length === 0 && token.spaced) {
      // An empty argument leaves its blank behind: what follows is not glued to what stood before it.
      out.push({ text: "", start: use.start, end: use.end, spaced: true });
    }
    gluesNext = true;
  }
  return out.filter((token) => token.text !== "");
}

/** A string of a macro's body with the values of the parameters that it names. */
function withinString(text: string, values: ReadonlyMap<string, readonly AsmToken[]>, counter: number): string {
  return text.replaceAll(/\\(?:(\w+)|\(\)|(@))/g, (whole, name: string | undefined, at: string | undefined) => {
    if (at !== undefined) return String(counter);
    if (name === undefined) return "";
    const value = values.get(name);
    return value === undefined ? whole : textOfTokens(value);
  });
}

/** Appends a token; where it may, glues it to the word before it. */
function append(out: AsmToken[], token: AsmToken, mayGlue: boolean): void {
  const last = out[out.length - 1];
  const glues = mayGlue || (last !== undefined && last.text === "");
  if (last === undefined || token.spaced || !glues || !isWordPart(token)) {
    out.push(token);
    return;
  }
  if (last.text !== "" && !isWordPart(last)) {
    out.push(token);
    return;
  }
  out.pop();
  const place = last.text === "" ? token : last;
  out.push({ text: last.text + token.text, start: place.start, end: place.end, spaced: last.spaced });
}

function isWordPart(token: AsmToken): boolean {
  return /^[\w.$?\u0080-\uffff]/u.test(token.text);
}

/** The bodies that `.irp`, `.irpc` and `.rept` make of theirs, one for each round; undefined where the count is unknown. */
export function repeatGas(
  directive: string,
  operands: readonly AsmToken[],
  body: readonly AsmToken[],
  constants: ReadonlyMap<string, number>,
  budget: Budget,
): AsmToken[] | undefined {
  const use = operands[0];
  if (use === undefined) return undefined;
  const out: AsmToken[] = [];
  if (directive === ".rept" || directive === ".rep") {
    const count = evaluateGas(operands, constants);
    if (count === undefined) return undefined;
    for (let round = 0; round < count && budget.tokens > 0; round++) {
      out.push(...body);
      budget.tokens -= body.length + 1;
    }
    return out;
  }
  const rest = operands.slice(operands[1]?.text === "," ? 2 : 1);
  const rounds =
    directive === ".irp"
      ? splitOperands(rest).map(unquoted)
      : [...(rest[0]?.text ?? "").replace(/^"|"$/g, "")].map((letter) => [
          { text: letter, start: use.start, end: use.end, spaced: false },
        ]);
  for (const value of rounds) {
    if (budget.tokens <= 0) break;
    out.push(...substituteGas(body, new Map([[use.text, value]]), use, 0, budget));
  }
  return out;
}

const BINARY: ReadonlyMap<string, { readonly level: number; readonly apply: (a: number, b: number) => number }> =
  new Map([
    ["||", { level: 1, apply: (a, b) => Number(a !== 0 || b !== 0) }],
    ["&&", { level: 2, apply: (a, b) => Number(a !== 0 && b !== 0) }],
    ["==", { level: 3, apply: (a, b) => Number(a === b) }],
    ["=", { level: 3, apply: (a, b) => Number(a === b) }],
    ["!=", { level: 3, apply: (a, b) => Number(a !== b) }],
    ["<>", { level: 3, apply: (a, b) => Number(a !== b) }],
    ["<", { level: 3, apply: (a, b) => Number(a < b) }],
    ["<=", { level: 3, apply: (a, b) => Number(a <= b) }],
    [">", { level: 3, apply: (a, b) => Number(a > b) }],
    [">=", { level: 3, apply: (a, b) => Number(a >= b) }],
    ["+", { level: 4, apply: (a, b) => a + b }],
    ["-", { level: 4, apply: (a, b) => a - b }],
    ["|", { level: 5, apply: (a, b) => a | b }],
    ["&", { level: 5, apply: (a, b) => a & b }],
    ["^", { level: 5, apply: (a, b) => a ^ b }],
    ["*", { level: 6, apply: (a, b) => a * b }],
    ["/", { level: 6, apply: (a, b) => (b === 0 ? 0 : Math.trunc(a / b)) }],
    ["%", { level: 6, apply: (a, b) => (b === 0 ? 0 : a % b) }],
    ["<<", { level: 6, apply: (a, b) => a * 2 ** b }],
    [">>", { level: 6, apply: (a, b) => Math.floor(a / 2 ** b) }],
  ]);

const DEEPEST_EXPRESSION = 100;

/** The value of a constant expression of the assembler; undefined where a part of it is unknown here. */
export function evaluateGas(tokens: readonly AsmToken[], constants: ReadonlyMap<string, number>): number | undefined {
  let i = 0;
  let depth = 0;

  const operatorAt = (): string | undefined => {
    const first = tokens[i]?.text;
    if (first === undefined) return undefined;
    const next = tokens[i + 1];
    const double = next !== undefined && !next.spaced ? first + next.text : "";
    return BINARY.has(double) ? double : BINARY.has(first) ? first : undefined;
  };
  const primary = (): number | undefined => {
    const token = tokens[i++];
    if (token === undefined || ++depth > DEEPEST_EXPRESSION) return undefined;
    if (token.text === "(") {
      const value = binary(1);
      return tokens[i++]?.text === ")" ? value : undefined;
    }
    if (token.text === "-" || token.text === "+" || token.text === "~" || token.text === "!") {
      const value = primary();
      if (value === undefined) return undefined;
      if (token.text === "-") return -value;
      return token.text === "~" ? ~value : token.text === "!" ? Number(value === 0) : value;
    }
    if (/^(?:0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)$/.test(token.text)) {
      return /^0[0-7]+$/.test(token.text) ? Number.parseInt(token.text, 8) : Number(token.text);
    }
    const letter = /^'(?:\\?)(.)'?$/.exec(token.text)?.[1];
    return letter === undefined ? constants.get(token.text) : letter.charCodeAt(0);
  };
  const binary = (level: number): number | undefined => {
    let left = primary();
    for (;;) {
      const name = operatorAt();
      const operator = name === undefined ? undefined : BINARY.get(name);
      if (name === undefined || operator === undefined || operator.level < level) return left;
      i += tokens[i]!.text === name ? 1 : 2;
      const right = binary(operator.level + 1);
      left = left === undefined || right === undefined ? undefined : operator.apply(left, right);
    }
  };

  const value = tokens.length === 0 ? undefined : binary(1);
  return i === tokens.length ? value : undefined;
}
