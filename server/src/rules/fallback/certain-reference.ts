/**
 * Whether every build refers to a symbol of a script: from a file that is always linked, in code that no configuration leaves out and
 * no compiler can do without. It errs towards no.
 */

import { architectureOf } from "../../linkage/facts/architecture.ts";
import { treeOf } from "../../linkage/facts/parsed.ts";
import { definitionsOf } from "../../linkage/symbols/macro-definitions.ts";
import type { FileUse, Program } from "../../linkage/symbols/program.ts";
import { scriptMeets } from "../../linkage/symbols/script-meeting.ts";
import { tokenize } from "../../syntax/asm/tokens.ts";
import type { CallExpression, Statement } from "../../syntax/c/code-tree.ts";
import type { Source } from "../../text/source.ts";
import type { RuleContext } from "../rule.ts";
import { calleeOf } from "./macro-calls.ts";
import { usesMeeting } from "./provide-references.ts";
import { type Node, readCodes, type SymbolCode } from "./symbol-code.ts";

/** Whether whatever is linked with the script under check refers to the symbol. */
export function isSurelyReferredTo(name: string, context: RuleContext): boolean {
  const { program, path } = context;
  const { index, links, texts } = program;
  const isInC = usesMeeting({ name, path }, program).some(
    (use) => isAlwaysLinked(use.path, context) && isCompiled(use, program),
  );
  if (isInC) return true;
  return index.filesWithWord(name).some((file) => {
    if (index.languageOf(file) !== "asm" || !scriptMeets(path, file, program, links.mayMeet)) return false;
    const source = texts.source(file);
    return source !== undefined && isAlwaysLinked(file, context) && isAssembled(name, source);
  });
}

/** Whether the file's object is in every link that the script is part of. */
function isAlwaysLinked(path: string, { program, path: script }: RuleContext): boolean {
  const architecture = architectureOf(path);
  if (architecture !== undefined && architecture !== architectureOf(script)) return false;
  const units = program.links.unitsOfScript(script);
  return program.links
    .membershipsOf(path)
    .some(({ unit, reach, guard }) => reach === "object" && guard?.length === 0 && (units?.includes(unit) ?? true));
}

/** Whether an assembly file in which nothing is conditional has the name. */
function isAssembled(name: string, source: Source): boolean {
  const tokens = tokenize(source, 0, source.length, undefined);
  const isPlain = !tokens.some(({ text }, at) => {
    const isDirective = text === "#" ? tokens[at + 1]?.text !== "include" : text === ".macro" || text.startsWith(".if");
    return isDirective && (at === 0 || tokens[at - 1]!.text === "\n");
  });
  // A directive alone, as `.globl x`, makes no reference to what the file does not use.
  return isPlain && tokens.some(({ text }, at) => text === name && !tokens[at - 1]?.text.startsWith(".gl"));
}

/** Whether compilers keep the use: its value is returned from a function that others can call, handed to another one, or stored. */
function isCompiled({ path, use }: FileUse, program: Program): boolean {
  if (use.condition !== "" || use.inMacro !== undefined || path.endsWith(".h")) return false;
  const [code] = readCodes([{ path, use }], program).codes;
  if (code === undefined || code.sort === "macro") return false;
  const node = [...code.parents.keys()].find((one) => one.kind === "name" && code.isSymbol(one));
  if (node === undefined || !isExternal(code, program)) return false;
  return code.sort === "initializer" || isKept(node, code, program);
}

/** Whether what is around the use, a function or a variable, can be seen from other files. */
function isExternal({ path, around, uses }: SymbolCode, { texts }: Program): boolean {
  const source = texts.source(path);
  const [use] = uses;
  if (source === undefined || use === undefined) return false;
  const declaration = treeOf(source).declarations.find(({ declarators, scope }) =>
    around === undefined
      ? scope === "file" &&
        declarators.some(
          ({ initializer }) => initializer && initializer.start <= use.start && use.end <= initializer.end,
        )
      : declarators[0]?.nameSpan.start === around.nameSpan.start,
  );
  return declaration !== undefined && declaration.storage !== "static" && !declaration.isInline;
}

const ARITHMETIC: ReadonlySet<string> = new Set(["+", "-", "*", "/", "%", "|", "&", "^", "<<", ">>"]);

/** Follows a value outwards: through arithmetic and calls to a return or to the end of a statement that a call is part of. */
function isKept(node: Node, code: SymbolCode, program: Program): boolean {
  let isHandedOver = false;
  let inner = node;
  for (let at = code.parents.get(node); at !== undefined; inner = at, at = code.parents.get(at)) {
    switch (at.kind) {
      case "paren":
      case "cast":
      case "index":
      case "member":
        break;
      case "unary":
        if (at.operator === "!" && !isHandedOver) return false;
        break;
      case "binary":
        if (at.operator === "&&" || at.operator === "||") return false;
        if (!ARITHMETIC.has(at.operator) && !isHandedOver) return false;
        break;
      case "call":
        if (isMacro(at, code, program)) return false;
        isHandedOver = true;
        break;
      case "assign":
        if (!isHandedOver) return false;
        break;
      case "return":
        return isFirst(at, code);
      case "expression":
        return isHandedOver && isFirst(at, code);
      default:
        return false;
    }
  }
  return inner === node ? false : isHandedOver;
}

/** A macro, or a function that is known and may be put in place, may drop its arguments. */
function isMacro(call: CallExpression, code: SymbolCode, program: Program): boolean {
  const callee = calleeOf(call);
  if (callee === undefined) return false;
  const macros = definitionsOf(callee, code.path, program);
  if (macros === "unknown" || macros.length > 0 || callee.startsWith("__builtin_")) return true;
  const isHere = treeOf(code.code.source).declarations.some(
    ({ body, declarators }) => body !== undefined && declarators[0]?.name === callee,
  );
  return isHere || program.index.mentions(callee).some(({ fact }) => fact.isInline === true);
}

/** Whether the statement stands in the function's own braces, and nothing before it leaves them. */
function isFirst(statement: Statement, { code }: SymbolCode): boolean {
  const at = code.items.indexOf(statement);
  return at >= 0 && code.items.slice(0, at).every(({ kind }) => kind === "expression" || kind === "declaration");
}
