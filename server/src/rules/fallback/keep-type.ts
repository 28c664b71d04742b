/**
 * Whether what is left of `f ? a : b` has the type of the whole (C11 6.5.15: that of both operands after the usual arithmetic
 * conversions), or what to write before it so that it has.
 */

import { treeOf } from "../../linkage/facts/parsed.ts";
import { bare, type Expression } from "../../syntax/c/code-tree.ts";
import { isNull } from "./address-flow.ts";
import { FLOATING, type Result, resultOf, resultOfFunction, textOfResult } from "./expression-type.ts";
import type { Fold } from "./fold-tests.ts";
import { calleeOf, expandBy } from "./macro-calls.ts";
import { enumeratorOf, isConstantName, soleDefinition } from "./named-constants.ts";
import { isTextType } from "./type-words.ts";
import type { ValueContext } from "./value-context.ts";
import { isErrorName, isFloating, isSymbolCallee, plainNumber } from "./world-expression.ts";

/** What stands before what is left, so that its type is that of before; undefined where no such thing is known. */
export function keepType(
  taken: Expression,
  left: Expression | undefined,
  context: ValueContext,
  fold: Fold,
): string | undefined {
  if (left === undefined || context === "discarded" || context === "truth") return "";
  const [kept, lost] = [typeOf(taken, fold), typeOf(left, fold)];
  // With a literal, `char *` by then, a pointer to const characters stays what it is (C11 6.5.15).
  if (bare(left).kind === "string") return isTextType(fold.typeText) && isOwn(taken, fold) ? "" : undefined;
  if (kept.sort === "pointer")
    return isNull(left) || (lost.sort === "pointer" && lost.isSame === true) ? "" : undefined;
  if (kept.sort === "void") return lost.sort === "void" ? "" : undefined;
  if (kept.sort === "unknown") return ofUnknown(left, lost, context, fold);
  if (kept.sort === "floating" || lost.sort === "floating") return ofFloating(kept, lost, context);
  if (!isArithmetic(kept) || !isArithmetic(lost)) return undefined;
  const common = commonType(kept, lost);
  if (common !== undefined && sameType(kept, common)) return "";
  // Converting to int and on gives what converting at once gives, as int holds all that the smaller type does.
  const keepsValue = common !== undefined && holdsAll(common, kept);
  if (keepsValue && context === "converted") return "";
  if (common?.name === "int" && context === "promoted") return "";
  return common?.name === undefined ? undefined : `(${common.name})`;
}

function isOwn(taken: Expression, { scene }: Fold): boolean {
  const inner = bare(taken);
  return inner.kind === "call" && isSymbolCallee(inner.callee, scene.isSymbol);
}

type Typed = Result & { readonly isSame?: boolean };

/** The usual arithmetic conversions where one of the two is floating (C11 6.3.1.8). */
function ofFloating(kept: Typed, lost: Typed, context: ValueContext): string | undefined {
  const rank = (type: Typed) => (type.sort === "floating" ? FLOATING.indexOf(type.name) : isArithmetic(type) ? -1 : 9);
  const common = FLOATING[Math.max(rank(kept), rank(lost))];
  if (common === undefined) return undefined;
  // A wider type holds all that the narrower does; what an integer becomes at once or by way of it may differ.
  if (kept.sort === "floating" && (kept.name === common || context === "converted")) return "";
  return `(${common})`;
}

/** Of a type that is not known, it is the same where the other is a plain 0, 1 or NULL and the result is converted anyway. */
function ofUnknown(left: Expression, lost: Typed, context: ValueContext, fold: Fold): string | undefined {
  const inner = bare(left);
  const enumerator =
    inner.kind === "name" && context === "converted"
      ? enumeratorOf(inner.name, fold.code.path, fold.program)
      : undefined;
  // With an int, an enumeration's value is one of a type that holds all of them.
  if (enumerator?.types.includes(fold.typeText) === true) return "";
  if (lost.isSame === true && (context === "converted" || context === "promoted")) return "";
  const isPlain = isPlainInt(left) || isNull(left);
  return isPlain && !hasSuffix(left) && context === "converted" ? "" : undefined;
}

function hasSuffix(node: Expression): boolean {
  const inner = bare(node);
  if (inner.kind !== "constant") return false;
  const last = inner.text.toLowerCase().at(-1);
  return last === "u" || last === "l";
}

/** What an expression's type is, as far as its text tells. */
function typeOf(node: Expression, fold: Fold): Typed {
  const inner = bare(node);
  switch (inner.kind) {
    case "call": {
      if (isSymbolCallee(inner.callee, fold.scene.isSymbol)) return { ...fold.result, isSame: true };
      const name = calleeOf(inner);
      if (name === undefined) return { sort: "unknown" };
      return isConstantName(name) ? typeOfName(name, textOf(inner, fold), fold) : typeOfFunction(name, fold);
    }
    case "constant":
      return typeOfConstant(inner.text);
    case "name":
      if (inner.name === "NULL" || inner.name === "nullptr") return { sort: "pointer" };
      // Whether true and false are ints is a matter of the standard.
      if (inner.name === "true" || inner.name === "false") return { sort: "truth" };
      return fold.scene.isLocal(inner.name) ? fold.scene.typeOf(inner.name) : typeOfName(inner.name, inner.name, fold);
    case "unary":
      if (inner.operator === "!") return INT;
      return inner.operator === "-" || inner.operator === "+" || inner.operator === "~"
        ? promoted(operandOf(inner.operand, fold))
        : { sort: "unknown" };
    case "binary": {
      if (["==", "!=", "<", ">", "<=", ">=", "&&", "||"].includes(inner.operator)) return INT;
      if (inner.operator === "<<" || inner.operator === ">>") return promoted(typeOf(inner.left, fold));
      if (!["+", "-", "*", "/", "%", "&", "|", "^"].includes(inner.operator)) return { sort: "unknown" };
      const [one, other] = [typeOf(inner.left, fold), typeOf(inner.right, fold)];
      return (isArithmetic(one) && isArithmetic(other) ? commonType(one, other) : undefined) ?? { sort: "unknown" };
    }
    case "cast":
      return resultOf(inner.type.text, inner.type.isPointer ? 1 : 0);
    default:
      return { sort: "unknown" };
  }
}

function textOf({ start, end }: Expression, { code }: Fold): string {
  return code.code.source.slice(start, end);
}

/** An enumerator is an int (C11 6.7.2.2); a macro is what its one definition makes of it. */
function typeOfName(name: string, text: string, fold: Fold): Typed {
  if (enumeratorOf(name, fold.code.path, fold.program) !== undefined) return INT;
  const definition = soleDefinition(name, fold.code.path, fold.program);
  const [code] = (definition === undefined ? undefined : expandBy([definition], text)) ?? [];
  const [item] = code?.items ?? [];
  if (code?.items.length !== 1 || item?.kind !== "expression") return { sort: "unknown" };
  const { expression } = item;
  const isItself =
    (expression.kind === "name" || expression.kind === "call") &&
    textOf(expression, { ...fold, code: { ...fold.code, code } }) === text;
  return isItself ? { sort: "unknown" } : typeOf(expression, { ...fold, code: { ...fold.code, code } });
}

function operandOf(node: Expression, fold: Fold): Typed {
  const inner = bare(node);
  // An error's number is a plain int.
  return inner.kind === "name" && isErrorName(inner.name) ? INT : typeOf(inner, fold);
}

/** A function's result, where all that declares it in the tree agrees. */
function typeOfFunction(name: string, { program, typeText }: Fold): Typed {
  const texts = new Set<string>();
  let result: Result = { sort: "unknown" };
  for (const { path, fact } of program.index.mentions(name)) {
    if (fact.kind !== "function") continue;
    const source = program.texts.source(path);
    if (source === undefined) return { sort: "unknown" };
    for (const declaration of treeOf(source).declarations) {
      const declarator = declaration.declarators.find((one) => one.nameSpan.start === fact.start);
      if (declarator === undefined) continue;
      const located = { path, source, declaration, declarator };
      result = resultOfFunction(located);
      texts.add(textOfResult(located));
    }
  }
  return texts.size === 1 ? { ...result, isSame: texts.has(typeText) } : { sort: "unknown" };
}

type Wide = Extract<Result, { sort: "wide" }>;
type Arithmetic = Extract<Result, { sort: "wide" | "narrow" | "truth" }>;

const INT: Wide = { sort: "wide", isSigned: true, name: "int" };

function isArithmetic(type: Typed): type is Arithmetic {
  return type.sort === "wide" || type.sort === "narrow" || type.sort === "truth";
}

function promoted(type: Typed): Typed {
  return type.sort === "narrow" || type.sort === "truth" ? INT : type;
}

function typeOfConstant(text: string): Typed {
  if (text.startsWith("'")) return INT;
  const lower = text.toLowerCase();
  if (isFloating(text)) {
    const name =
      lower.endsWith("f") && !lower.startsWith("0x") ? "float" : lower.endsWith("l") ? "long double" : "double";
    return lower.startsWith("0x") ? { sort: "unknown" } : { sort: "floating", name };
  }
  let at = lower.length;
  while (at > 0 && (lower[at - 1] === "u" || lower[at - 1] === "l")) at--;
  const suffix = lower.slice(at);
  if (plainNumber(text) === undefined) return { sort: "unknown" };
  const isUnsigned = suffix.includes("u");
  const rank = ["int", "long", "long long"][suffix.split("l").length - 1];
  if (rank === undefined) return { sort: "unknown" };
  return { sort: "wide", isSigned: !isUnsigned, name: isUnsigned ? `unsigned ${rank}` : rank };
}

function isPlainInt(node: Expression): boolean {
  const inner = bare(node);
  if (inner.kind === "constant") return plainNumber(inner.text) !== undefined;
  if (inner.kind === "unary" && inner.operator === "-") {
    const operand = bare(inner.operand);
    return (operand.kind === "name" && isErrorName(operand.name)) || isPlainInt(operand);
  }
  return false;
}

const RANKS: readonly string[] = ["int", "long", "long long"];

/** The usual arithmetic conversions (C11 6.3.1.8) of integers; undefined where the machine or an unknown rank decides. */
function commonType(one: Arithmetic, other: Arithmetic): Wide | undefined {
  const [left, right] = [wide(one), wide(other)];
  if (left.name === right.name && left.name !== undefined) return left;
  // Of a type of unknown name it is known that it is at least as large as int.
  if (left.name === "int") return right;
  if (right.name === "int") return left;
  if (left.name === undefined || right.name === undefined) return undefined;
  const [leftRank, rightRank] = [rankOf(left.name), rankOf(right.name)];
  if (leftRank === rightRank) return left.isSigned ? right : left;
  const [higher, lower] = leftRank > rightRank ? [left, right] : [right, left];
  // Whether long holds every unsigned int, and long long every unsigned long, is the machine's.
  if (!lower.isSigned && higher.isSigned) return undefined;
  return higher;
}

function wide(type: Arithmetic): Wide {
  return type.sort === "wide" ? type : INT;
}

function rankOf(name: string): number {
  return RANKS.indexOf(name.startsWith("unsigned ") ? name.slice("unsigned ".length) : name);
}

function sameType(one: Arithmetic, other: Wide): boolean {
  return one.sort === "wide" && one.name === other.name && one.isSigned === other.isSigned;
}

/** Whether every value of the smaller type is one of the larger. */
function holdsAll(larger: Wide, smaller: Arithmetic): boolean {
  if (smaller.sort === "truth") return true;
  if (smaller.sort === "narrow") return larger.isSigned || !smaller.isSigned;
  return larger.isSigned === smaller.isSigned;
}
