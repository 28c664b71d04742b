/**
 * `weakspot index --scip FILE`: writes what is known of a tree's names as SCIP, which engines for code search read. It knows the format and
 * none of the languages.
 */

import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { type ScipDocument, type ScipOccurrence, type ScipSymbol, scipDocumentOf } from "../features/scip-document.ts";
import { findRoot } from "../host/find-root.ts";
import { openSession } from "../session/session.ts";
import { VERSION } from "../version.ts";
import { cacheOf } from "./cache-option.ts";
import type { ExitCode } from "./exit-code.ts";
import type { IndexArguments } from "./index-command.ts";
import { printLines } from "./output.ts";
import { showProgress } from "./progress.ts";
import { tellProjectProblems } from "./project-problems.ts";

/** Files whose texts are asked for together. */
const AT_ONCE = 64;

/** Reads the tree and writes the file; one that is there is replaced when all is written. */
export async function runScip(file: string, options: IndexArguments): Promise<ExitCode> {
  const progress = showProgress("indexing");
  const session = openSession(options.root ?? findRoot(".", "."), {
    exclude: options.exclude,
    ...cacheOf(options),
    onProgress: ({ done, total }) => progress.update(done, total),
  });
  const unfinished = `${resolve(file)}.${process.pid}`;
  const output = openSync(unfinished, "wx");
  let isWhole = false;
  try {
    tellProjectProblems(session.project);
    await session.workspace.current;
    await session.workspace.save();
    progress.end();
    await session.prepare();
    writeSync(output, metadataOf(session.workspace.root));
    const paths = await session.ask(({ index }) => [...index.paths()]);
    const writing = showProgress("writing");
    let documents = 0;
    for (let done = 0; done < paths.length; done += AT_ONCE) {
      writing.update(done, paths.length);
      const some = paths.slice(done, done + AT_ONCE);
      const found = await session.askEach(some, scipDocumentOf);
      for (const document of found) {
        if (document === undefined) continue;
        documents++;
        writeSync(output, documentOf(document));
      }
    }
    writing.end();
    isWhole = true;
    printLines([`${file}: ${documents.toLocaleString("en")} documents`]);
    return 0;
  } finally {
    progress.end();
    closeSync(output);
    if (isWhole) renameSync(unfinished, resolve(file));
    else rmSync(unfinished, { force: true });
    await session.dispose();
  }
}

/*
 * The messages and the numbers of their fields, as scip.proto has them. Messages that stand one behind the other are one whose lists are
 * joined (protobuf.dev, "Encoding", "Last One Wins"): so each document is written by itself, as an index of one.
 */

const FIELDS = {
  index: { metadata: 1, documents: 2 },
  metadata: { toolInfo: 2, projectRoot: 3, textDocumentEncoding: 4 },
  toolInfo: { name: 1, version: 2 },
  document: { relativePath: 1, occurrences: 2, symbols: 3, language: 4, positionEncoding: 6 },
  occurrence: { range: 1, symbol: 2, symbolRoles: 3 },
  symbolInformation: { symbol: 1, documentation: 3, relationships: 4, kind: 5, displayName: 6 },
  relationship: { symbol: 1, isReference: 2, isImplementation: 3 },
} as const;

/** TextEncoding and PositionEncoding: UTF-8, and UTF-16 units from the line's start. */
const UTF8 = 1;
const UTF16_UNITS = 2;

/** SymbolRole. */
const ROLES = { definition: 1, declaration: 64, reference: 0 } as const;

/** SymbolInformation.Kind. */
const KINDS = { function: 17, variable: 61, unknown: 0 } as const;

function metadataOf(root: string): Uint8Array {
  const { index, metadata, toolInfo } = FIELDS;
  const writer = new BinaryWriter();
  message(writer, index.metadata, () => {
    message(writer, metadata.toolInfo, () => {
      text(writer, toolInfo.name, "weakspot");
      text(writer, toolInfo.version, VERSION);
    });
    text(writer, metadata.projectRoot, pathToFileURL(root).href);
    number(writer, metadata.textDocumentEncoding, UTF8);
  });
  return writer.finish();
}

function documentOf({ path, language, occurrences, symbols }: ScipDocument): Uint8Array {
  const { index, document } = FIELDS;
  const writer = new BinaryWriter();
  message(writer, index.documents, () => {
    text(writer, document.relativePath, path);
    for (const occurrence of occurrences) writeOccurrence(writer, occurrence);
    for (const symbol of symbols) writeSymbol(writer, symbol);
    text(writer, document.language, language);
    number(writer, document.positionEncoding, UTF16_UNITS);
  });
  return writer.finish();
}

function writeOccurrence(writer: BinaryWriter, one: ScipOccurrence): void {
  const { document, occurrence } = FIELDS;
  message(writer, document.occurrences, () => {
    // Three numbers where the end is in the same line; packed, as proto3 has repeated numbers.
    message(writer, occurrence.range, () => {
      for (const part of [one.line, one.startColumn, one.endColumn]) writer.int32(part);
    });
    text(writer, occurrence.symbol, one.symbol);
    number(writer, occurrence.symbolRoles, ROLES[one.role]);
  });
}

function writeSymbol(writer: BinaryWriter, { symbol, name, kind, documentation, overrides }: ScipSymbol): void {
  const { document, symbolInformation, relationship } = FIELDS;
  message(writer, document.symbols, () => {
    text(writer, symbolInformation.symbol, symbol);
    text(writer, symbolInformation.documentation, documentation);
    if (overrides !== undefined) {
      message(writer, symbolInformation.relationships, () => {
        text(writer, relationship.symbol, overrides);
        number(writer, relationship.isReference, 1);
        number(writer, relationship.isImplementation, 1);
      });
    }
    number(writer, symbolInformation.kind, KINDS[kind]);
    text(writer, symbolInformation.displayName, name);
  });
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

/** An enumeration's, a flag's or a number's value; 0 is what a reader has without it. */
function number(writer: BinaryWriter, field: number, value: number): void {
  if (value !== 0) writer.tag(field, WireType.Varint).uint32(value);
}
