/** The sources of the product as trees, for the tests that hold how the house is built. */

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "@babel/parser";

const ROOT = resolve(import.meta.dirname, "../..");

/** A node of Babel's tree, as far as all have the same parts. */
export interface Node {
  readonly type: string;
  readonly loc: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
  readonly [key: string]: unknown;
}

export interface SourceFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  readonly program: Node & { readonly body: readonly Node[] };
}

export const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === "string";

/** The nodes right below one. */
export function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}

/** Every TypeScript file below a folder of the repository, read and parsed. */
export function readSources(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .sort()
    .map((path) => {
      const text = readFileSync(join(ROOT, folder, path), "utf8");
      const { program } = parse(text, { sourceType: "module", plugins: ["typescript"] });
      return { path: `${folder}/${path}`, text, program: program as unknown as SourceFile["program"] };
    });
}
