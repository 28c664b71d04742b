/**
 * The fix for a weak definition that compilers may believe: it moves to a file that never reads it, and a declaration stays. It refuses
 * where the definition needs what its file alone has, and where it is not known that the new file is linked wherever the old one is.
 */

import type { SymbolFact } from "../../linkage/facts/facts.ts";
import { treeOf } from "../../linkage/facts/parsed.ts";
import { includersOf } from "../../linkage/index/includers.ts";
import { COMMON_WORD, type FileUse, type Program } from "../../linkage/symbols/program.ts";
import { TOKEN } from "../../syntax/c/lexer.ts";
import { listDefineLines, listTokens } from "../../syntax/c/token-list.ts";
import type { TextEdit } from "../../text/edit.ts";
import { hasWord } from "../../text/has-word.ts";
import type { Span } from "../../text/span.ts";
import type { Finding, Fix, RuleContext } from "../rule.ts";
import { commentAbove, findDeclared, type LocatedDeclaration, weaknessOf } from "./declaration.ts";
import { repeatDeclaration } from "./definition.ts";
import { findMacroOfName, isOfConfigurationAlone } from "./fallback-context.ts";
import { findAllIncludes } from "./fallback-includes.ts";
import { isSafe } from "./forms.ts";
import { type FallbackHome, findHome } from "./home.ts";
import { findLinkOptimization } from "./link-optimization.ts";
import { editsOfMove } from "./plan-edits.ts";
import { isTypeOf } from "./types-in-sight.ts";
import { findUsers, type User } from "./users.ts";

type Refusal = { readonly refusal: string };

/** The fix of one finding, or one without edits that says why there is none. */
export function moveDefinition(finding: Finding, context: RuleContext): readonly Fix[] {
  const fix = planMove(finding, context);
  if (!("refusal" in fix)) return [fix];
  const title = `Move the weak definition of ${finding.symbol} to a file of its own`;
  return [{ title, isPreferred: false, edits: [], refusal: fix.refusal }];
}

function planMove({ symbol: name, span }: Finding, context: RuleContext): Fix | Refusal {
  const { program, path } = context;
  if (!program.index.isComplete) return { refusal: "the tree is still being indexed" };
  if (program.index.filesWithWord(name).length > COMMON_WORD) {
    return { refusal: `'${name}' is too common a word to find all its uses for sure` };
  }
  const fact = context.facts.symbols.map(program.resolve).find(({ start }) => start === span.start);
  const own = fact === undefined ? undefined : findDeclared({ path, fact }, context);
  if (fact === undefined || own === undefined) return { refusal: "the definition is not understood" };
  if ("refusal" in own) return own;
  const bound = whyBound(fact, own, program);
  if (bound !== undefined) return { refusal: bound };
  const uses = program.usesOf(name).filter((use) => program.links.mayMeet(path, use.path));
  const users = findUsers(name, uses, [own], program);
  if ("refusal" in users) return users;
  const fixed = whyFixed(own, uses, users.files, program);
  if (fixed !== undefined) return { refusal: fixed };
  const header = headerOf(name, own, program);
  const believed = header === undefined ? undefined : boundBelieved(header, own, program);
  if (believed !== undefined) return { refusal: believed };
  const home = findNewHome(own, users.files, program);
  if ("refusal" in home) return home;
  const declaration = header === undefined ? declarationOf(own, program) : "";
  const comment = header === undefined ? undefined : commentAbove(own.source, own.declaration.start);
  const head = comment === undefined ? "" : own.source.slice(comment.start, comment.end);
  const text = `${head}${declaration}${textOf(own)}\n`;
  const { condition } = own.declaration;
  const edits = editsOfMove(
    { path, edits: [cutOf(own, declaration, comment)] },
    { home, text: condition === "" ? text : `#if ${condition}\n${text}#endif\n` },
    context,
  );
  if ("refusal" in edits) return edits;
  const advice = home.advice === undefined ? "" : ` (${home.advice})`;
  return {
    title: `Move the weak definition of ${name} to ${home.path}, which never reads it${advice}`,
    isPreferred: advice === "",
    edits,
    ...(home.advice === undefined ? {} : { toDo: home.advice }),
  };
}

/** Why the definition is bound to its file by what it is; undefined where it is not. */
function whyBound(fact: SymbolFact, own: LocatedDeclaration, program: Program): string | undefined {
  const { name } = fact;
  const { source, declaration, declarator, path } = own;
  if (fact.role === "alias") return `'${name}' is an alias, which stands in the file of what it names`;
  if (declaration.declarators.length > 1) return `one declaration in ${path} defines several symbols`;
  if (weaknessOf(own, program).length === 0) return `what makes '${name}' weak stands elsewhere`;
  if (declaration.condition !== "" && !isOfConfigurationAlone(declaration.condition)) {
    return `${path} defines '${name}' only if ${declaration.condition}`;
  }
  const named = treeOf(source).calls.find(({ arguments: list }) => hasWord(source.slice(list.start, list.end), name));
  if (named !== undefined) return `${named.name} names '${name}' in ${path}`;
  if (isInString(name, own))
    return `a string in ${path} names '${name}', as an alias or assembly of the same file would`;
  const local = wordsOf(own).find((word) => word !== declarator.name && isMadeIn(own, word));
  if (local !== undefined) return `the definition needs '${local}', which ${path} alone has`;
  return undefined;
}

/** Strings of the file's attributes and assembly may name the symbol, which has to be defined in the same file then. */
function isInString(name: string, { source }: LocatedDeclaration): boolean {
  return listTokens(source, 0, source.length).some(({ kind, text }) => kind === TOKEN.string && hasWord(text, name));
}

/** The words of the definition that are no keywords, members of designators and parts of attributes' lists left out. */
function wordsOf({ source, declaration }: LocatedDeclaration): readonly string[] {
  const tokens = listTokens(source, declaration.start, declaration.end);
  return tokens.flatMap(({ kind, text }, at) => {
    const isMember = tokens[at - 1]?.text === "." || tokens[at - 1]?.text === "->";
    return kind === TOKEN.word && !isMember ? [text] : [];
  });
}

/** Whether the file itself makes the word: as a type, a macro, or anything at file scope. */
function isMadeIn({ source, declaration }: LocatedDeclaration, word: string): boolean {
  if (isTypeOf(source, word)) return true;
  if (listDefineLines(source, 0, source.length).some((line) => line.name === word)) return true;
  return treeOf(source).declarations.some(
    (other) =>
      other !== declaration &&
      other.scope === "file" &&
      other.declarators.some((declarator) => declarator.name === word),
  );
}

/** Why the definition has to stay where its users are, or is believed elsewhere as well. */
function whyFixed(
  own: LocatedDeclaration,
  uses: readonly FileUse[],
  users: readonly User[],
  program: Program,
): string | undefined {
  const { path, declarator } = own;
  const { name } = declarator;
  const user = users.find((one) => one.path === path);
  if (user === undefined) return `no use of '${name}' in ${path} is understood`;
  const { reach, unit } = user.membership;
  if (reach !== "object")
    return `${path} is a member of an archive, and what takes the definition out of it is not known`;
  const isConstant = ({ use }: FileUse) =>
    use.kind === "initializer" ? declarator.shape !== "array" : use.kind === "read" && use.inMacro !== undefined;
  const constant = uses.find(isConstant);
  if (constant !== undefined) return `${constant.path} may need the value of '${name}' while it is compiled`;
  const measured = declarator.shape === "array" && uses.some((one) => one.path === path && one.use.kind === "sizeof");
  if (measured) return `${path} needs the size of '${name}', which compilers believe`;
  const weak = program.declarationsOf(name).find(({ fact }) => program.isWeak(fact));
  if (weak !== undefined) return `${weak.path} declares '${name}' weak, so that its users would refer to it weakly`;
  const renaming = findMacroOfName(name, path, ".c", program);
  if (renaming !== undefined) return `${renaming} makes '${name}' a macro, which means another symbol there`;
  const form = declarator.isConst ? "other-file const object" : "other-file variable";
  if (isSafe(form, true)) return undefined;
  const optimized = findLinkOptimization(program);
  if (optimized !== undefined)
    return `${optimized} asks for link-time optimization, which looks into other files as well`;
  if (program.links.linkOf(unit)?.options.isLto && program.links.ltoFlags() === undefined) {
    return `${unit} is optimized when it is linked, which looks into other files as well`;
  }
  return undefined;
}

/** The declaration of a header that the file has in any case. */
function headerOf(name: string, own: LocatedDeclaration, program: Program): LocatedDeclaration | undefined {
  for (const { path, fact } of program.declarationsOf(name)) {
    if (!path.endsWith(".h") || fact.condition !== "" || !isIncluded(path, own, program)) continue;
    const source = program.texts.source(path);
    if (source === undefined) continue;
    for (const declaration of treeOf(source).declarations) {
      const declarator = declaration.declarators.find(({ nameSpan }) => nameSpan.start === fact.start);
      if (declarator !== undefined) return { path, source, declaration, declarator };
    }
  }
  return undefined;
}

/** Whether a line that no condition is around includes the header, or another one with it. */
function isIncluded(header: string, { path, source }: LocatedDeclaration, { index }: Program): boolean {
  if (!includersOf(index, header).has(path)) return false;
  return treeOf(source).includes.every(({ condition }) => condition === "");
}

/** Why the bound in a header's declaration would be believed although a definition has another one. */
function boundBelieved(header: LocatedDeclaration, own: LocatedDeclaration, program: Program): string | undefined {
  const bound = boundOf(header);
  if (bound === "") return undefined;
  const others = program.definitionsOf(own.declarator.name).map(({ path, fact }) => {
    const source = program.texts.source(path);
    const declaration =
      source && treeOf(source).declarations.find(({ start, end }) => start <= fact.start && fact.end <= end);
    const declarator = declaration?.declarators.find(({ nameSpan }) => nameSpan.start === fact.start);
    return source === undefined || declarator === undefined ? undefined : boundOf({ source, declarator });
  });
  return others.every((other) => other === bound)
    ? undefined
    : `${header.path} declares a bound of '${own.declarator.name}', which compilers believe in any file`;
}

function boundOf({ source, declarator }: Pick<LocatedDeclaration, "source" | "declarator">): string {
  const [first] = declarator.bounds;
  return first === undefined ? "" : source.slice(first.start, first.end).trim();
}

/** The file that the definition goes to, with all that its own one includes where it needs any of that. */
function findNewHome(own: LocatedDeclaration, users: readonly User[], program: Program): FallbackHome | Refusal {
  const home = findHome(own.declarator.name, own, { files: users, further: [] }, false, program);
  if ("refusal" in home) return home;
  const isPlain = wordsOf(own).every((word) => word === own.declarator.name || ATTRIBUTE_WORDS.has(word));
  if (isPlain) return home;
  const all = findAllIncludes(own, program);
  return "refusal" in all ? all : { ...home, header: undefined, includes: all.includes };
}

/** What compilers know by themselves. */
const ATTRIBUTE_WORDS: ReadonlySet<string> = new Set(["weak", "__weak__", "section", "__section__", "used", "aligned"]);

/** The definition as it is written. */
function textOf({ source, declaration }: LocatedDeclaration): string {
  return source.slice(declaration.start, declaration.end);
}

/** The declaration that stays: without what makes the symbol weak, its initializer, and an array's bound, which would be believed. */
function declarationOf(own: LocatedDeclaration, program: Program): string {
  const { declarator, source } = own;
  const removals: Span[] = [...weaknessOf(own, program)];
  const { initializer, bounds } = declarator;
  if (initializer !== undefined) {
    const equals = source.slice(declarator.start, initializer.start).lastIndexOf("=") + declarator.start;
    removals.push({ start: equals, end: initializer.end });
  }
  if (bounds[0] !== undefined) removals.push(bounds[0]);
  return repeatDeclaration(own, removals);
}

/** What takes the definition's place in its file; the lines go, with the comment above, where nothing does. */
function cutOf({ source, declaration }: LocatedDeclaration, text: string, comment: Span | undefined): TextEdit {
  if (text !== "") return { start: declaration.start, end: declaration.end, text: text.trimEnd() };
  const { codes } = source;
  const start = comment?.start ?? declaration.start;
  let { end } = declaration;
  while (codes[end] === 32 || codes[end] === 9) end++;
  const isLine = (start === 0 || codes[start - 1] === 10) && codes[end] === 10;
  if (!isLine) return { start, end: declaration.end, text: "" };
  // Of the blank lines above and below one is enough.
  const isBetweenBlanks = codes[start - 2] === 10 && codes[end + 1] === 10;
  return { start, end: end + (isBetweenBlanks ? 2 : 1), text: "" };
}
