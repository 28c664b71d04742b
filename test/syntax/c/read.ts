/** Short forms of what the C reader finds, so that a test states one fact in one line. */

import { parseC } from "../../../server/src/syntax/c/parser.ts";
import type { CDeclaration, CDeclarator, CFile } from "../../../server/src/syntax/c/tree.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import type { Span } from "../../../server/src/text/span.ts";

export function parse(text: string): CFile {
  return parseC(sourceOfText(text));
}

/** Every declarator of the file as "storage name shape", with what else is so: "extern x array const". */
export function declared(text: string): string[] {
  return parse(text).declarations.flatMap((declaration) =>
    declaration.declarators.map((declarator) => describe(declaration, declarator)),
  );
}

function describe(declaration: CDeclaration, declarator: CDeclarator): string {
  const parts = [declaration.storage, declarator.name, declarator.shape];
  if (declarator.isConst) parts.push("const");
  if (declaration.isInline) parts.push("inline");
  if (declaration.body !== undefined) parts.push("body");
  if (declarator.initializer !== undefined) parts.push("initialized");
  if (declaration.scope === "block") parts.push("block");
  if (declaration.inMacro !== undefined) parts.push(`in ${declaration.inMacro}`);
  if (declaration.isSplit) parts.push("split");
  return parts.filter((part) => part !== "none").join(" ");
}

/** The names of all declarators, in order. */
export function names(text: string): string[] {
  return parse(text).declarations.flatMap((declaration) => declaration.declarators.map(({ name }) => name));
}

/** The attributes and words of the only declaration's first declarator, those before the name first. */
export function annotations(text: string): string[] {
  const [declaration] = parse(text).declarations;
  const [declarator] = declaration!.declarators;
  return [declaration!.attributes, declaration!.words, declarator!.attributes, declarator!.words].flatMap((list) =>
    list.map(({ name, argument }) => (argument === undefined ? name : `${name}(${argument})`)),
  );
}

export function textOf(text: string, span: Span | undefined): string | undefined {
  return span === undefined ? undefined : text.slice(span.start, span.end);
}

/** The text without a span. */
export function without(text: string, span: Span): string {
  return text.slice(0, span.start) + text.slice(span.end);
}
