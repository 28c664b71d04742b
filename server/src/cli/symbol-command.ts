/** `weakspot symbol`: what hover says of one symbol, in a terminal. */

import { joinArchitectures } from "../features/hover.ts";
import { type ReportedMention, reportSymbol, type SymbolReport } from "../features/symbol-report.ts";
import { findRoot } from "../host/find-root.ts";
import type { LinkOutcome } from "../linkage/link-outcomes.ts";
import { openSession } from "../session/session.ts";
import { cacheOf } from "./cache-option.ts";
import type { ExitCode } from "./command-line.ts";
import { assertArchitecture, type NarrowingArguments, narrowingOptions } from "./narrowing-options.ts";
import { showProgress } from "./progress.ts";

export interface SymbolArguments extends NarrowingArguments {
  readonly json?: boolean;
  readonly root?: string;
  readonly exclude: readonly string[];
  /** Whether the index may be read from the cache and saved there. */
  readonly cache: boolean;
}

/** Prints the report. 1 when nothing in the tree names the symbol. */
export async function runSymbol(name: string, options: SymbolArguments): Promise<ExitCode> {
  const progress = showProgress("indexing");
  const session = openSession(options.root ?? findRoot("."), {
    exclude: options.exclude,
    ...cacheOf(options),
    ...narrowingOptions(options),
    onProgress: ({ done, total }) => progress.update(done, total),
  });
  try {
    await session.workspace.current;
    await session.workspace.save();
    progress.end();
    await assertArchitecture(session, options.arch);
    const report = await session.ask((program) => reportSymbol(name, program));
    if (options.json) process.stdout.write(`${JSON.stringify({ ...report, objects: [] }, null, 2)}\n`);
    else process.stdout.write(describe(report));
    return report.linkUnits.length === 0 ? 1 : 0;
  } finally {
    progress.end();
    await session.dispose();
  }
}

function describe(report: SymbolReport): string {
  if (report.linkUnits.length === 0) return `${report.name}: no file declares or defines it\n`;
  const lines = [report.name];
  for (const { link, outcome, definitions, declarations } of joinArchitectures(report.linkUnits)) {
    const differs = link === "vmlinux" ? report.summary : undefined;
    lines.push(`  ${link}: ${differs ?? sentences[outcome]}`);
    for (const mention of [...definitions, ...declarations]) lines.push(`    ${describeMention(mention)}`);
  }
  if (report.narrowedTo !== undefined) lines.push(`  as ${report.narrowedTo} has it`);
  for (const { file, line } of report.nullTests) lines.push(`  tested against NULL at ${file}:${line}`);
  return `${lines.join("\n")}\n`;
}

const sentences: Record<LinkOutcome, string> = {
  strong: "defined strongly",
  several: "defined strongly in several places, of which the configuration chooses",
  weak: "defined weakly",
  provided: "provided by a linker script where nothing else defines it",
  null: "no source file defines it, and references are weak: NULL, unless the link makes it",
  missing: "no source file defines it",
};

function describeMention({ file, line, column, binding, role, kind, condition }: ReportedMention): string {
  const what = [binding, kind === "unknown" ? "" : kind, role].filter((word) => word !== "").join(" ");
  return `${file}:${line}:${column}: ${what}${condition === "" ? "" : ` (if ${condition})`}`;
}
