/** `weakspot expand`: prints a file after preprocessing, as the build of its tree would have it. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expandFile } from "../host/expand-file.ts";
import { findRoot } from "../host/find-root.ts";
import { describeExpansionProblems, hasExpansionErrors } from "../session/expansion-problems.ts";
import { type Project, readProject } from "../session/project-settings.ts";
import { sourceArchitecture } from "../syntax/kbuild/configuration.ts";
import type { ExitCode } from "./exit-code.ts";
import { mustExist } from "./must-exist.ts";
import { printReady, tell } from "./output.ts";
import { tellProjectProblems } from "./project-problems.ts";

export interface ExpandArguments {
  readonly root?: string;
  readonly arch?: string;
  readonly kconfig?: string;
  readonly build?: string;
  /** -I */
  readonly include: readonly string[];
  /** -D */
  readonly define: readonly string[];
}

/**
 * Prints the text; what the preprocessor has to say goes to standard error. 1 when it found an error, a missing header or
 * an #error, as gcc would have stopped there. Throws with a message for people when nothing can be expanded.
 */
export function runExpand(file: string, options: ExpandArguments): ExitCode {
  mustExist(file, "file");
  const root = options.root ?? findRoot(file);
  mustExist(root, "directory", "--root");
  if (options.kconfig !== undefined) mustExist(options.kconfig, "file", "--kconfig");
  if (options.build !== undefined) mustExist(options.build, "directory", "--build");
  for (const folder of options.include) mustExist(folder, "directory", "-I");
  if (options.arch !== undefined) mustBeArchitecture(root, options.arch);
  const project = readProject(root);
  tellProjectProblems(project);
  const expanded = expandFile({
    file,
    root,
    architecture: options.arch ?? project.settings.kernelArch,
    configuration: options.kconfig ?? configurationOf(project, root),
    build: options.build,
    includePaths: [...options.include, ...project.settings.includeFolders],
    definitions: options.define,
  });
  printReady(expanded.text);
  const problems = describeExpansionProblems(expanded, {
    configuration: options.kconfig === undefined ? "name a configuration with --kconfig" : undefined,
    build: options.build === undefined ? "name a build directory with --build" : undefined,
  });
  for (const problem of problems) tell(`${problem}`);
  return hasExpansionErrors(expanded.preprocessed) ? 1 : 0;
}

/** In a tree with architectures, the one that is asked for must be there. */
function mustBeArchitecture(root: string, name: string): void {
  const folder = join(root, "arch");
  if (!existsSync(folder) || existsSync(join(folder, sourceArchitecture(name)))) return;
  const known = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  throw new Error(`--arch ${name}: ${folder} has ${known.map((entry) => entry.name).join(", ")}`);
}

function configurationOf({ settings }: Project, root: string): string | undefined {
  return settings.kernelConfig === undefined ? undefined : join(root, settings.kernelConfig);
}
