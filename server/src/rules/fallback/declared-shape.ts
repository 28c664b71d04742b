/** What a declaration makes of its symbol once typedefs are followed: `extern row_t row;` may be an array, or a function. */

import { treeOf } from "../../linkage/facts/parsed.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import type { CDeclaration, CDeclarator, Shape } from "../../syntax/c/tree.ts";
import type { LocatedDeclaration } from "./declaration.ts";
import { isScalarType } from "./type-words.ts";
import { headersWith } from "./types-in-sight.ts";

export interface DeclaredShape {
  /** undefined where it is not known what a type's name means. */
  readonly shape: Shape | undefined;
  /** How many dimensions an array has. */
  readonly dimensions: number;
}

const UNKNOWN: DeclaredShape = { shape: undefined, dimensions: 0 };
const PLAIN: DeclaredShape = { shape: "plain", dimensions: 0 };

/** Typedefs of typedefs are followed this far. */
const DEEPEST = 6;

export function shapeOfDeclared(
  { declaration, declarator, path }: LocatedDeclaration,
  program: Program,
): DeclaredShape {
  return shapeOf(declaration, declarator, path, program, 0);
}

/** Whether the name of its result's type makes a function return a pointer. */
export function returnsPointerByName({ declaration, declarator, path }: LocatedDeclaration, program: Program): boolean {
  return declarator.shape === "function" && shapeOfType(declaration.type, path, program, 0).shape === "pointer";
}

function shapeOf(
  { type }: CDeclaration,
  { shape, bounds, hasPointer }: CDeclarator,
  path: string,
  program: Program,
  depth: number,
): DeclaredShape {
  // Behind a pointer or a function it is no matter what the type's name means.
  if (shape === "function" || shape === "pointer") return { shape, dimensions: 0 };
  if (hasPointer) return { shape, dimensions: bounds.length };
  const base = depth < DEEPEST ? shapeOfType(type, path, program, depth) : UNKNOWN;
  if (shape === "plain" || base.shape === undefined) return base;
  return { shape, dimensions: bounds.length + base.dimensions };
}

/** What a type's words make of what is declared with nothing around its name. */
function shapeOfType(type: string, path: string, program: Program, depth: number): DeclaredShape {
  const words = type.split(" ").filter((word) => !QUALIFIERS.has(word));
  if (isScalarType(words) || TAGS.has(words[0] ?? "")) return PLAIN;
  const [word, ...others] = words;
  if (word === undefined || others.length > 0) return UNKNOWN;
  const shapes = typedefsOf(word, path, program).map(({ declaration, declarator, from }) =>
    shapeOf(declaration, declarator, from, program, depth + 1),
  );
  const [first, ...more] = shapes;
  const isOne = more.every(({ shape, dimensions }) => shape === first?.shape && dimensions === first?.dimensions);
  return first !== undefined && isOne ? first : UNKNOWN;
}

const QUALIFIERS: ReadonlySet<string> = new Set(["const", "volatile", "_Atomic", "register", "__extension__"]);
const TAGS: ReadonlySet<string> = new Set(["struct", "union", "enum"]);

/** All that the file or its headers may mean by a type's name. */
function typedefsOf(word: string, path: string, program: Program) {
  const paths = new Set([path, ...(headersWith(word, path, program) ?? [])]);
  return [...paths].flatMap((from) => {
    const source = program.texts.source(from);
    if (source === undefined) return [];
    return treeOf(source).declarations.flatMap((declaration) =>
      declaration.storage !== "typedef"
        ? []
        : declaration.declarators
            .filter(({ name }) => name === word)
            .map((declarator) => ({ declaration, declarator, from })),
    );
  });
}
