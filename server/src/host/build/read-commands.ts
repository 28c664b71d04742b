/**
 * Finds the folders that a tree was built in by CMake, Meson or another generator of build.ninja, and reads the commands of those
 * builds. It looks below the tree, and into the folder that a setting names; it runs nothing.
 */

import { readdirSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import type { BuildCommand, BuildCommands } from "../../linkage/links/build-commands.ts";
import { parseToolCommands } from "../../syntax/command/tool-command.ts";
import { readNinja } from "../../syntax/ninja/parse-ninja.ts";
import { leadsOutside } from "../../text/path.ts";
import { readRegular } from "../open-regular.ts";

/** Folders that are looked at in one folder. */
const MOST_FOLDERS = 400;

/** Larger files hold no commands. */
const MOST_BYTES = 256 * 1024 * 1024;

/** What a build folder has: its own description of all that it runs. */
const MARKS = ["build.ninja", "CMakeFiles/TargetDirectories.txt"] as const;

/** How deep below the tree's top build folders are looked for: build/, out/Release/. */
const DEEPEST = 2;

/** The build folders below a tree, absolute; the tree itself may be one. */
export function findBuildFolders(root: string, named?: string): string[] {
  const found: string[] = [];
  const look = (folder: string, depth: number) => {
    if (MARKS.some((mark) => isFile(join(folder, mark)))) {
      found.push(folder);
      // What lies below a build folder belongs to it.
      if (depth > 0) return;
    }
    if (depth >= DEEPEST) return;
    for (const name of foldersIn(folder)) look(join(folder, name), depth + 1);
  };
  look(root, 0);
  if (named !== undefined && !found.includes(named) && MARKS.some((mark) => isFile(join(named, mark))))
    found.push(named);
  return found;
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "node_modules" && entry.name !== ".git")
      .slice(0, MOST_FOLDERS)
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}

/** What tells one state of the builds from another without reading them. */
export function buildStamp(folders: readonly string[]): string {
  return folders
    .flatMap((folder) =>
      MARKS.map((mark) => {
        const found = statSync(join(folder, mark), { throwIfNoEntry: false });
        return found === undefined ? "" : `${folder}/${mark} ${found.size} ${found.mtimeMs}`;
      }),
    )
    .join("\n");
}

/** The files that say what such a stamp is made of. */
export function buildMarks(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => MARKS.map((mark) => join(folder, mark)).filter(isFile));
}

/** The commands of a build folder. Rejects nothing: what can't be read is left out. */
export function readBuildCommands(folder: string, root: string): BuildCommands {
  const isNinja = isFile(join(folder, MARKS[0]));
  const commands = isNinja ? ninjaCommands(folder, root) : cmakeCommands(folder, root);
  const path = placeOf(join(folder, isNinja ? MARKS[0] : "CMakeFiles"), root);
  return { folder: placeOf(folder, root), commands, isConfigured: true, path };
}

function ninjaCommands(folder: string, root: string): BuildCommand[] {
  const read = (path: string) => readText(isAbsolute(path) ? path : join(folder, path), [folder, root]);
  const { edges } = readNinja("build.ninja", read);
  return edges.flatMap((edge) => {
    if (edge.command === "") return [];
    const { responseFile } = edge;
    const readList = (path: string) => (path === responseFile?.path ? responseFile.content : read(path));
    return parseToolCommands(edge.command, readList).map(({ command, folder: at }): BuildCommand => {
      const manifest = placeOf(join(folder, edge.path), root);
      return { command, folder: placeIn(folder, at, root), place: { path: manifest, offset: edge.offset } };
    });
  });
}

/** CMake's Makefiles: link.txt has the command that links a target, build.make those that compile (cmMakefileTargetGenerator). */
function cmakeCommands(folder: string, root: string): BuildCommand[] {
  const allowed = [folder, root];
  const targets = readText(join(folder, MARKS[1]), allowed)?.split(/\r?\n/) ?? [];
  return targets.flatMap((target) => {
    if (target === "" || !isBelow(target, folder)) return [];
    // Commands run where the target's CMakeLists.txt is built: above CMakeFiles/<target>.dir.
    const at = dirname(dirname(target));
    const readList = (path: string) => readText(isAbsolute(path) ? path : join(at, path), allowed);
    const files = ["link.txt", "build.make"].map((name) => join(target, name));
    const flags = readText(join(target, "flags.make"), allowed) ?? "";
    return files.flatMap((file) => {
      const text = readText(file, allowed);
      if (text === undefined) return [];
      const isLink = file.endsWith("link.txt");
      const lines = isLink ? text.split(/\r?\n/) : recipeLines(text, flags);
      return lines.flatMap((line) =>
        parseToolCommands(line, readList)
          .filter(({ command }) => isLink || command.kind === "compile")
          .map(({ command, folder: inner }): BuildCommand => {
            return { command, folder: placeIn(at, inner, root), place: { path: placeOf(file, root) } };
          }),
      );
    });
  });
}

/** The recipes of a build.make, with the variables that flags.make assigns. */
function recipeLines(text: string, flags: string): string[] {
  const values = new Map([...flags.matchAll(/^(\w+) = (.*)$/gm)].map((match) => [match[1]!, match[2]!]));
  return text
    .split(/\r?\n/)
    .filter((line) => line.startsWith("\t") && / -c /.test(line))
    .map((line) => line.replaceAll(/\$\((\w+)\)/g, (_, name: string) => values.get(name) ?? ""));
}

function readText(path: string, allowed: readonly string[]): string | undefined {
  try {
    return readRegular(path, { most: MOST_BYTES, below: allowed }).toString("utf8");
  } catch {
    return undefined;
  }
}

function isBelow(path: string, folder: string): boolean {
  const between = relative(folder, path);
  return !leadsOutside(between);
}

function placeIn(folder: string, inner: string, root: string): string {
  return placeOf(isAbsolute(inner) ? inner : join(folder, inner), root);
}

/** Relative to the root where it lies below, with forward slashes. */
function placeOf(path: string, root: string): string {
  const place = isBelow(path, root) ? relative(root, path) : path;
  return sep === "/" ? place : place.replaceAll(sep, "/");
}
