/**
 * The controlling expression of #if and #elif (C11 6.10.1): 64-bit integers, signed and unsigned, as GNU cpp evaluates
 * them. Operators wait on a stack of their own, so that no nesting is too deep.
 */

import { nextWithoutPadding } from "./expand.ts";
import { type Punctuator, punctuatorNumber, spellingText, wordNumber } from "./spellings.ts";
import { type Run, report } from "./state.ts";
import { CHARACTER, type CppToken, END, IDENTIFIER, NUMBER, PUNCTUATOR } from "./tokens.ts";

/**
 * A value of the expression. `isBroken` is one that divides by zero, an error only where the value is wanted; it is the
 * dividend then, as in GNU cpp.
 */
interface Value {
  readonly value: bigint;
  readonly isUnsigned: boolean;
  readonly isBroken: boolean;
}

/** An operator that waits for its right operand. */
interface Waiting {
  readonly operator: string;
  readonly precedence: number;
  readonly token: CppToken;
}

const ZERO: Value = { value: 0n, isUnsigned: false, isBroken: false };
const ONE: Value = { value: 1n, isUnsigned: false, isBroken: false };

const DEFINED = wordNumber("defined");
const OPEN = punctuatorNumber("(");
const CLOSE = punctuatorNumber(")");

/** Binary operators and how tightly they bind. `?` and `:` bind from the right. */
const PRECEDENCE = new Map<number, readonly [text: string, precedence: number]>(
  (
    [
      [",", 1],
      ["?", 2],
      [":", 2],
      ["||", 4],
      ["&&", 5],
      ["|", 6],
      ["^", 7],
      ["&", 8],
      ["==", 9],
      ["!=", 9],
      ["<", 10],
      [">", 10],
      ["<=", 10],
      [">=", 10],
      ["<<", 11],
      [">>", 11],
      ["+", 12],
      ["-", 12],
      ["*", 13],
      ["/", 13],
      ["%", 13],
    ] satisfies [Punctuator, number][]
  ).map(([text, precedence]) => [punctuatorNumber(text), [text, precedence]]),
);
const UNARY = new Map<number, string>(
  (["+", "-", "!", "~"] satisfies Punctuator[]).map((text) => [punctuatorNumber(text), text]),
);
const UNARY_PRECEDENCE = 14;

/** Thrown away with the expression: what is wrong has been reported. */
const FAILED = Symbol("failed");

/**
 * Evaluates the expression that {@link nextWithoutPadding} yields up to the directive's end. An expression that is wrong
 * is reported and false, as GNU cpp has it.
 */
export function evaluateCondition(run: Run, place: CppToken, directive: string): boolean {
  const value = evaluate(run, place, directive);
  return value !== FAILED && value.value !== 0n;
}

function evaluate(run: Run, place: CppToken, directive: string): Value | typeof FAILED {
  const values: Value[] = [];
  const operators: Waiting[] = [];
  let wantsOperand = true;
  let last = place;
  const fail = (message: string, token: CppToken): typeof FAILED => {
    report(run, "error", message, token.file, token.offset, token.offset + 1);
    return FAILED;
  };

  for (;;) {
    const token = nextWithoutPadding(run);
    if (token.kind === END) break;
    last = token;
    const { spelling } = token;
    if (wantsOperand) {
      if (token.kind === PUNCTUATOR) {
        const unary = UNARY.get(spelling);
        if (unary !== undefined) {
          operators.push({ operator: unary, precedence: UNARY_PRECEDENCE, token });
          continue;
        }
        if (spelling === OPEN) {
          operators.push({ operator: "(", precedence: 0, token });
          continue;
        }
        const text = spellingText(run.spellings, spelling);
        if (spelling === CLOSE) {
          const top = operators[operators.length - 1];
          if (top === undefined) return fail("missing '(' in expression", token);
          if (top.operator === "(") return fail("missing expression between '(' and ')'", token);
          return fail(`operator '${top.operator}' has no right operand`, token);
        }
        if (PRECEDENCE.has(spelling)) {
          const top = operators[operators.length - 1];
          const message =
            top === undefined || top.operator === "("
              ? `operator '${text}' has no left operand`
              : `operator '${top.operator}' has no right operand`;
          return fail(message, token);
        }
        return fail(`token "${text}" is not valid in preprocessor expressions`, token);
      }
      const operand = readOperand(run, token);
      if (operand === FAILED) return FAILED;
      values.push(operand);
      wantsOperand = false;
      continue;
    }
    if (token.kind !== PUNCTUATOR || spelling === OPEN || UNARY_ONLY.has(spelling)) {
      return fail(`missing binary operator before token "${spellingText(run.spellings, spelling)}"`, token);
    }
    if (spelling === CLOSE) {
      reduce(values, operators, 1);
      const top = operators.pop();
      if (top === undefined) return fail("missing '(' in expression", token);
      if (top.operator !== "(") return fail(`'${top.operator}' without following ':'`, token);
      continue;
    }
    const binary = PRECEDENCE.get(spelling);
    if (binary === undefined) {
      return fail(`token "${spellingText(run.spellings, spelling)}" is not valid in preprocessor expressions`, token);
    }
    const [operator, precedence] = binary;
    if (operator === ":") {
      // The branch between ? and : is whole now; the two become one operator that waits for the last branch.
      reduce(values, operators, 1);
      const top = operators.pop();
      if (top?.operator !== "?") return fail("':' without preceding '?'", token);
      operators.push({ operator: "?:", precedence: 2, token });
    } else {
      reduce(values, operators, operator === "?" ? precedence + 1 : precedence);
      operators.push({ operator, precedence, token });
    }
    wantsOperand = true;
  }

  if (wantsOperand) {
    const top = operators[operators.length - 1];
    if (top === undefined) return fail(`${directive} with no expression`, last);
    if (top.operator === "(") return fail("missing ')' in expression", last);
    return fail(`operator '${top.operator}' has no right operand`, last);
  }
  while (operators.length > 0) {
    const top = operators[operators.length - 1]!;
    if (top.operator === "(") return fail("missing ')' in expression", last);
    if (top.operator === "?") return fail("'?' without following ':'", last);
    reduceTop(values, operators);
  }
  const result = values.pop() ?? ZERO;
  if (result.isBroken) fail("division by zero in #if", last);
  return result;
}

const UNARY_ONLY = new Set([punctuatorNumber("!"), punctuatorNumber("~")]);

/** Applies the waiting operators that bind at least as tightly. */
function reduce(values: Value[], operators: Waiting[], precedence: number): void {
  for (;;) {
    const top = operators[operators.length - 1];
    if (top === undefined || top.operator === "(" || top.operator === "?" || top.precedence < precedence) return;
    reduceTop(values, operators);
  }
}

function reduceTop(values: Value[], operators: Waiting[]): void {
  const { operator, precedence } = operators.pop()!;
  if (precedence === UNARY_PRECEDENCE) {
    values.push(applyUnary(operator, values.pop()!));
    return;
  }
  const right = values.pop()!;
  const left = values.pop()!;
  if (operator !== "?:") {
    values.push(applyBinary(operator, left, right));
    return;
  }
  const condition = values.pop()!;
  const isUnsigned = left.isUnsigned || right.isUnsigned;
  const chosen = condition.value !== 0n ? left : right;
  values.push({ value: wrap(chosen.value, isUnsigned), isUnsigned, isBroken: condition.isBroken || chosen.isBroken });
}

function wrap(value: bigint, isUnsigned: boolean): bigint {
  return isUnsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value);
}

function applyUnary(operator: string, operand: Value): Value {
  const { value, isUnsigned, isBroken } = operand;
  switch (operator) {
    case "!":
      return { value: value === 0n ? 1n : 0n, isUnsigned: false, isBroken };
    case "~":
      return { value: wrap(~value, isUnsigned), isUnsigned, isBroken };
    case "-":
      return { value: wrap(-value, isUnsigned), isUnsigned, isBroken };
    default:
      return operand;
  }
}

function truth(left: Value, right: Value, value: boolean): Value {
  return { value: value ? 1n : 0n, isUnsigned: false, isBroken: left.isBroken || right.isBroken };
}

function applyBinary(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case "&&":
      return left.value === 0n ? { ...ZERO, isBroken: left.isBroken } : truth(left, right, right.value !== 0n);
    case "||":
      return left.value !== 0n ? { ...ONE, isBroken: left.isBroken } : truth(left, right, right.value !== 0n);
    case "<<":
    case ">>":
      return shift(
        left,
        operator === "<<" ? right : { ...right, value: right.isUnsigned ? right.value : -right.value },
        {
          isRightUnsigned: operator === ">>" && right.isUnsigned,
        },
      );
    case ",":
      return { ...right, isBroken: left.isBroken || right.isBroken };
  }
  const isUnsigned = left.isUnsigned || right.isUnsigned;
  const isBroken = left.isBroken || right.isBroken;
  const a = wrap(left.value, isUnsigned);
  const b = wrap(right.value, isUnsigned);
  const number = (value: bigint): Value => ({ value: wrap(value, isUnsigned), isUnsigned, isBroken });
  switch (operator) {
    case "|":
      return number(a | b);
    case "^":
      return number(a ^ b);
    case "&":
      return number(a & b);
    case "==":
      return truth(left, right, a === b);
    case "!=":
      return truth(left, right, a !== b);
    case "<":
      return truth(left, right, a < b);
    case ">":
      return truth(left, right, a > b);
    case "<=":
      return truth(left, right, a <= b);
    case ">=":
      return truth(left, right, a >= b);
    case "+":
      return number(a + b);
    case "-":
      return number(a - b);
    case "*":
      return number(a * b);
    case "/":
      return b === 0n ? { ...number(a), isBroken: true } : number(a / b);
    default:
      return b === 0n ? { ...number(a), isBroken: true } : number(a % b);
  }
}

/** Shifts left by a positive count and right by a negative one; bits that leave the 64 are lost. */
function shift(left: Value, count: Value, how: { readonly isRightUnsigned: boolean }): Value {
  const { isUnsigned } = left;
  const isBroken = left.isBroken || count.isBroken;
  const by = how.isRightUnsigned ? -count.value : count.value;
  if (by >= 64n) return { value: 0n, isUnsigned, isBroken };
  if (by <= -64n) return { value: left.value < 0n ? -1n : 0n, isUnsigned, isBroken };
  return { value: wrap(by >= 0n ? left.value << by : left.value >> -by, isUnsigned), isUnsigned, isBroken };
}

function readOperand(run: Run, token: CppToken): Value | typeof FAILED {
  const text = spellingText(run.spellings, token.spelling);
  switch (token.kind) {
    case NUMBER:
      return readNumber(run, token, text);
    case CHARACTER:
      return readCharacter(run, token, text);
    case IDENTIFIER:
      return token.spelling === DEFINED ? readDefined(run, token) : ZERO;
    default:
      if (text === "#") return readAssertion(run);
      report(run, "error", `token "${text}" is not valid in preprocessor expressions`, token.file, token.offset);
      return FAILED;
  }
}

/** `# predicate ( answer )`: a GNU assertion; none is ever true here. */
function readAssertion(run: Run): Value {
  nextWithoutPadding(run);
  return ZERO;
}

/** `defined identifier` or `defined ( identifier )`, the name not expanded. */
function readDefined(run: Run, place: CppToken): Value | typeof FAILED {
  run.preventExpansion++;
  try {
    let token = nextWithoutPadding(run);
    const isParenthesized = token.kind === PUNCTUATOR && token.spelling === OPEN;
    if (isParenthesized) token = nextWithoutPadding(run);
    if (token.kind !== IDENTIFIER) {
      report(run, "error", 'operator "defined" requires an identifier', place.file, place.offset);
      return FAILED;
    }
    if (isParenthesized) {
      const close = nextWithoutPadding(run);
      if (close.kind !== PUNCTUATOR || close.spelling !== CLOSE) {
        report(run, "error", "missing ')' after \"defined\"", place.file, place.offset);
        return FAILED;
      }
    }
    return run.macros[token.spelling] !== undefined ? ONE : ZERO;
  } finally {
    run.preventExpansion--;
  }
}

const LARGEST_SIGNED = (1n << 63n) - 1n;
const LARGEST_UNSIGNED = (1n << 64n) - 1n;

/** An integer constant: decimal, octal, hexadecimal or binary, with u and l or ll behind it (C11 6.4.4.1, GNU C's 0b). */
function readNumber(run: Run, token: CppToken, text: string): Value | typeof FAILED {
  if (text === "0") return ZERO;
  if (text === "1") return ONE;
  const fail = (message: string): typeof FAILED => {
    report(run, "error", message, token.file, token.offset, token.offset + text.length);
    return FAILED;
  };
  const isFloating = /^0[xX]/.test(text) ? /[.pP]/.test(text) : /\.|^[0-9]+[eE]/.test(text);
  if (isFloating) return fail("floating constant in preprocessor expression");
  const parts = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)(.*)$/.exec(text);
  if (parts === null) return fail(`invalid integer constant "${text}"`);
  const digits = parts[1]!;
  const suffix = parts[2]!;
  if (!/^(?:[uU](?:l|L|ll|LL)?|(?:l|L|ll|LL)[uU]?)?$/.test(suffix)) {
    return fail(`invalid suffix "${suffix}" on integer constant`);
  }
  const isOctal = /^0[0-9]/.test(digits);
  const wrong = isOctal ? /[89]/.exec(digits) : null;
  if (wrong !== null) return fail(`invalid digit "${wrong[0]}" in octal constant`);
  // Digits beyond these cannot make a valid constant, and to read a million of them takes long.
  let value = BigInt((isOctal ? "0o" : "") + digits.slice(0, 100));
  if (value > LARGEST_UNSIGNED) {
    report(run, "warning", "integer constant is too large for its type", token.file, token.offset);
    value = BigInt.asUintN(64, value);
  }
  const isUnsigned = /[uU]/.test(suffix) || value > LARGEST_SIGNED;
  return { value, isUnsigned, isBroken: false };
}

const ESCAPES: Record<string, number> = { n: 10, t: 9, r: 13, v: 11, f: 12, b: 8, a: 7, e: 27, E: 27 };

/** A character constant: its bytes one after the other, as gcc for a target with signed char and 32-bit int has it. */
function readCharacter(run: Run, token: CppToken, text: string): Value | typeof FAILED {
  const quote = text.indexOf("'");
  const isWide = quote > 0;
  const body = text.slice(quote + 1, -1);
  if (body === "") {
    report(run, "error", "empty character constant", token.file, token.offset);
    return FAILED;
  }
  const units: number[] = [];
  const pattern = /\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))|([\s\S])/gu;
  for (const match of body.matchAll(pattern)) {
    const [, hex, octal, short, long, escaped, plain] = match;
    if (hex !== undefined) units.push(Number(BigInt.asUintN(32, BigInt(`0x${hex}`))));
    else if (octal !== undefined) units.push(Number.parseInt(octal, 8));
    else if (escaped !== undefined) units.push(ESCAPES[escaped] ?? escaped.codePointAt(0)!);
    else {
      const point = plain !== undefined ? plain.codePointAt(0)! : Number.parseInt(short ?? long ?? "0", 16);
      if (isWide) units.push(point);
      else units.push(...new TextEncoder().encode(String.fromCodePoint(Math.min(point, 0x10ffff))));
    }
  }
  if (isWide) return { value: BigInt(units[units.length - 1]!), isUnsigned: false, isBroken: false };
  let value = 0;
  for (const unit of units) value = (value << 8) | (unit & 0xff);
  if (units.length === 1) value = (value << 24) >> 24;
  return { value: BigInt(value), isUnsigned: false, isBroken: false };
}
