/**
 * Where the headers of a file are looked for: in a kernel tree as its Makefiles say, elsewhere in the folders that trees
 * usually have. It reads Makefiles, blocking, and knows nothing of what includes what.
 */

import { statSync } from "node:fs";
import { join } from "node:path";
import { isKernelTree, type Kbuild, openKbuild } from "../linkage/kbuild/build-graph.ts";
import { isScriptName, kernelFlags } from "../linkage/kbuild/kernel-flags.ts";
import { readFlags } from "../syntax/cpp/flags.ts";
import { configurationValue, parseConfiguration, sourceArchitecture } from "../syntax/kbuild/configuration.ts";
import { createTreeReader } from "./tree-reader.ts";

/** Folders relative to the root, in the order in which the preprocessor looks. */
export interface IncludeFolders {
  readonly quoted: readonly string[];
  readonly angled: readonly string[];
}

export interface IncludeFolderFinder {
  /** The folders for a file, whose path is relative to the root with forward slashes. */
  foldersOf(path: string): IncludeFolders;
  /** Whether there is a file at this path now. */
  hasFile(path: string): boolean;
}

/** The architecture where nothing names one. */
const USUAL_ARCHITECTURE = "x86";

const USUAL_FOLDERS: readonly string[] = ["include", ""];

/**
 * Finds folders in one tree. What was read is kept; make a new one when build files come or go.
 * @param architecture as in ARCH, for files outside of arch/; without it, what .config says
 * @param more folders that the user names, relative to the root; they come behind a kernel's own and before the usual ones
 */
export function createIncludeFolderFinder(
  root: string,
  architecture?: string,
  more: readonly string[] = [],
): IncludeFolderFinder {
  const reader = createTreeReader(root);
  const readText = (path: string): string | undefined => {
    const source = reader.source(path);
    return source?.slice(0, source.length);
  };
  const host = { readText, hasFile: (path: string) => reader.hasFile(path) };
  const kbuilds = new Map<string, Kbuild>();
  const folders = new Map<string, IncludeFolders>();

  function find(path: string): IncludeFolders {
    const usual = { quoted: [], angled: [...more, ...USUAL_FOLDERS] };
    if (!isKernelTree(host)) return usual;
    const configuration = parseConfiguration(readText(".config") ?? "");
    const named = /^arch\/([^/]+)\//.exec(path)?.[1] ?? architecture ?? configuration.architecture;
    const below = sourceArchitecture(named ?? USUAL_ARCHITECTURE);
    let kbuild = kbuilds.get(below);
    if (kbuild === undefined) {
      kbuild = openKbuild(host, {
        architecture: below,
        configuration: configurationValue(configuration),
        readsFlags: true,
      });
      kbuilds.set(below, kbuild);
    }
    const flags = kernelFlags(kbuild, path, isScriptName(path) || undefined);
    if (flags === undefined) return usual;
    const { quotePaths, includePaths } = readFlags(flags.words);
    return { quoted: quotePaths.map(withoutDot), angled: [...includePaths.map(withoutDot), ...more] };
  }

  return {
    foldersOf(path) {
      let known = folders.get(path);
      if (known === undefined) {
        known = find(path);
        folders.set(path, known);
      }
      return known;
    },
    hasFile: (path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true,
  };
}

function withoutDot(path: string): string {
  return path.replace(/^(?:\.\/)+/, "").replace(/^\.$/, "");
}
