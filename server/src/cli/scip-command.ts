/**
 * `weakspot index --scip FILE`: writes what is known of a tree's names as SCIP, which engines for code search read. It knows the format and
 * none of the languages.
 */

import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { create, toBinary } from "@bufbuild/protobuf";
import * as scip from "@c4312/scip/scip_pb.js";
import { type ScipDocument, scipDocumentOf } from "../features/scip-document.ts";
import { findRoot } from "../host/find-root.ts";
import { openSession } from "../session/session.ts";
import { VERSION } from "../version.ts";
import { cacheOf } from "./cache-option.ts";
import type { ExitCode } from "./command-line.ts";
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
    writeSync(output, metadataOf(session.workspace.root));
    const paths = await session.ask(({ index }) => [...index.paths()]);
    const writing = showProgress("writing");
    let documents = 0;
    for (let done = 0; done < paths.length; done += AT_ONCE) {
      writing.update(done, paths.length);
      const some = paths.slice(done, done + AT_ONCE);
      const found = await session.ask((program) => some.map((path) => scipDocumentOf(path, program)));
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

/** An index without documents. Messages of protobuf that stand one behind the other are one whose lists are joined: so each document is written by itself. */
function metadataOf(root: string): Uint8Array {
  const toolInfo = create(scip.ToolInfoSchema, { name: "weakspot", version: VERSION, arguments: [] });
  const metadata = create(scip.MetadataSchema, {
    toolInfo,
    projectRoot: pathToFileURL(root).href,
    textDocumentEncoding: scip.TextEncoding.UTF8,
  });
  return toBinary(scip.IndexSchema, create(scip.IndexSchema, { metadata }));
}

const ROLES = {
  definition: scip.SymbolRole.Definition,
  declaration: scip.SymbolRole.ForwardDefinition,
  reference: 0,
} as const;

const KINDS = {
  function: scip.SymbolInformation_Kind.Function,
  variable: scip.SymbolInformation_Kind.Variable,
  unknown: scip.SymbolInformation_Kind.UnspecifiedKind,
} as const;

function documentOf({ path, language, occurrences, symbols }: ScipDocument): Uint8Array {
  const document = create(scip.DocumentSchema, {
    relativePath: path,
    language,
    positionEncoding: scip.PositionEncoding.UTF16CodeUnitOffsetFromLineStart,
    occurrences: occurrences.map(({ symbol, line, startColumn, endColumn, role }) => {
      return create(scip.OccurrenceSchema, { symbol, range: [line, startColumn, endColumn], symbolRoles: ROLES[role] });
    }),
    symbols: symbols.map(({ symbol, name, kind, documentation, overrides }) => {
      const related = overrides === undefined ? [] : [{ symbol: overrides, isImplementation: true, isReference: true }];
      return create(scip.SymbolInformationSchema, {
        symbol,
        displayName: name,
        kind: KINDS[kind],
        documentation: [documentation],
        relationships: related.map((relation) => create(scip.RelationshipSchema, relation)),
      });
    }),
  });
  return toBinary(scip.IndexSchema, create(scip.IndexSchema, { documents: [document] }));
}
