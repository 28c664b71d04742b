/**
 * Between the project's offsets and paths and the protocol's positions and URIs. Our offsets are UTF-16 units; how positions count, the
 * client has a say in (position-encoding.ts).
 */

import { relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Position, Range } from "vscode-languageserver";
import { linesOf } from "../linkage/facts/texts.ts";
import { lineColumnAt } from "../text/lines.ts";
import { leadsOutside } from "../text/path.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import { lengthIn, offsetBehind } from "./position-encoding.ts";

export function toPosition(source: Source, offset: number): Position {
  const { line, column } = lineColumnAt(linesOf(source), offset);
  const start = linesOf(source).starts[line]!;
  return { line, character: lengthIn(source, start, start + column) };
}

export function toRange(source: Source, span: Span): Range {
  return { start: toPosition(source, span.start), end: toPosition(source, span.end) };
}

/** The offset of a position. One beyond its line is the line's end, before what ends it, as the protocol asks. */
export function toOffset(source: Source, position: Position): number {
  const lines = linesOf(source);
  const start = lines.starts[position.line] ?? source.length;
  const end = lines.starts[position.line + 1] ?? source.length;
  let offset = offsetBehind(source, start, end, position.character);
  while (offset > start && (source.codes[offset - 1] === LF || source.codes[offset - 1] === CR)) offset--;
  return offset;
}

const LF = 10;
const CR = 13;

export function toSpan(source: Source, range: Range): Span {
  return { start: toOffset(source, range.start), end: toOffset(source, range.end) };
}

/** The file of a URI; undefined for anything that is no file on this machine. */
export function pathOfUri(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

export function uriOfPath(root: string, path: string): string {
  return pathToFileURL(`${root}/${path}`).href;
}

/** The path below the root, with forward slashes; undefined for a file elsewhere. */
export function pathBelow(root: string, file: string): string | undefined {
  const path = relative(root, file);
  if (path === "" || leadsOutside(path)) return undefined;
  return sep === "/" ? path : path.replaceAll(sep, "/");
}
