/**
 * Preprocesses a file of a tree as its build would: a kernel's by its Makefiles and configuration, any other with the paths
 * and macros that the caller names. It reads files, blocking, and runs nothing.
 */

import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { languageOf } from "../linkage/facts/extract.ts";
import { isKernelTree, type Kbuild, openKbuild } from "../linkage/kbuild/build-graph.ts";
import { isScriptName, kernelFlags } from "../linkage/kbuild/kernel-flags.ts";
import { synthesizeHeader } from "../linkage/kbuild/kernel-headers.ts";
import { kernelTarget } from "../linkage/kbuild/kernel-target.ts";
import { readFlags } from "../syntax/cpp/flags.ts";
import { type FormattedText, formatPreprocessed } from "../syntax/cpp/format.ts";
import { predefinedMacros } from "../syntax/cpp/predefined.ts";
import { type Preprocessed, preprocess } from "../syntax/cpp/preprocess.ts";
import { createPreprocessorCache, type PreprocessorCache } from "../syntax/cpp/state.ts";
import { configurationValue, parseConfiguration, sourceArchitecture } from "../syntax/kbuild/configuration.ts";
import { leadsOutside } from "../text/path.ts";
import { type Source, sourceOfText } from "../text/source.ts";
import { createTreeReader, type TreeReader } from "./tree-reader.ts";

/** A tree that files are expanded in. What was read is kept; make a new one when build files or the configuration change. */
export interface Expander {
  readonly root: string;
  /** Expands a file, whose path is relative to the root with forward slashes. Undefined where there is no such text. */
  expand(path: string, extra?: ExpandExtras): ExpandedFile | undefined;
  /** The same as tokens alone, for those who need no text. */
  preprocess(path: string, extra?: ExpandExtras): PreprocessedFile | undefined;
  /** Reads a file anew the next time. */
  forget(path: string): void;
}

export interface ExpanderOptions {
  /** The tree's top. */
  readonly root: string;
  /** The architecture, as ARCH or as the directory below arch/; found from path and configuration if left out. */
  readonly architecture?: string | undefined;
  /** The file of the configuration; if left out, .config of the build folder or of the root, where there is one. */
  readonly configuration?: string | undefined;
  /** Where the tree was built, if not in itself. */
  readonly build?: string | undefined;
  /** Texts that are open in an editor, by path relative to the root; they go before the files. */
  readonly openText?: ((path: string) => Source | undefined) | undefined;
}

/** What the caller adds to one expansion. */
export interface ExpandExtras {
  /** Folders to look for headers in, behind the build's own; relative ones below the root. */
  readonly includePaths?: readonly string[];
  /** `NAME` or `NAME=value`, after the build's own. */
  readonly definitions?: readonly string[];
  /** Whether the file is part of a linker script; told from its name and its text where it is left out. */
  readonly isScript?: boolean;
}

export interface ExpandedFile extends FormattedText, PreprocessedFile {
  readonly preprocessed: Preprocessed;
}

export interface PreprocessedFile {
  readonly preprocessed: Preprocessed;
  /** The directory below arch/ that was expanded for; undefined outside of a kernel. */
  readonly architecture: string | undefined;
  /** The flags that were used. */
  readonly flags: readonly string[];
  /** Headers that a build would have made, and that were made up or left empty. */
  readonly standIns: readonly HeaderStandIn[];
}

export interface HeaderStandIn {
  readonly path: string;
  /** False where only its name is known, so that its macros are missing. */
  readonly isWhole: boolean;
}

/** The architecture where nothing names one. */
const USUAL_ARCHITECTURE = "x86";

/** Opens a tree for expanding files. Reads nothing yet. */
export function createExpander(options: ExpanderOptions): Expander {
  const root = resolve(options.root);
  const build = options.build === undefined ? undefined : resolve(options.build);
  const reader = createTreeReader(root, build === undefined ? [] : [build]);
  const built = build === undefined || build === root ? undefined : createTreeReader(build);
  const cache = createPreprocessorCache();
  const kbuilds = new Map<string, Kbuild>();
  const headers = new Map<string, { readonly source: Source; readonly isWhole: boolean } | undefined>();
  let configurationText: string | undefined | null = null;

  const source = (path: string): Source | undefined => options.openText?.(path) ?? reader.source(path);
  const readText = (path: string): string | undefined => {
    const text = source(path);
    return text?.slice(0, text.length);
  };
  const host = { readText, hasFile: (path: string) => reader.hasFile(path) };

  function configuration(): string | undefined {
    if (configurationText !== null) return configurationText;
    const file = options.configuration;
    if (file !== undefined) {
      const path = resolve(file);
      const text = createTreeReader(dirname(path)).source(path);
      configurationText = text?.slice(0, text.length);
    } else {
      const text = built?.source(".config") ?? source(".config");
      configurationText = text?.slice(0, text.length);
    }
    return configurationText;
  }

  function architectureOf(path: string): string {
    if (options.architecture !== undefined) return sourceArchitecture(options.architecture);
    const below = /^arch\/([^/]+)\//.exec(path)?.[1];
    if (below !== undefined) return below;
    const named = parseConfiguration(configuration() ?? "").architecture;
    return named === undefined ? USUAL_ARCHITECTURE : sourceArchitecture(named);
  }

  function kbuildFor(architecture: string): Kbuild {
    const known = kbuilds.get(architecture);
    if (known !== undefined) return known;
    const values = configurationValue(parseConfiguration(configuration() ?? ""));
    const kbuild = openKbuild(host, { architecture, configuration: values, readsFlags: true });
    kbuilds.set(architecture, kbuild);
    return kbuild;
  }

  /** The file, or what the build made or would make in its place. */
  function readFor(architecture: string, standIns: Map<string, HeaderStandIn>): (path: string) => Source | undefined {
    return (path) => {
      const isGenerated = /(?:^|\/)include\/generated\//.test(path);
      // A configuration that the caller names goes before the one that the tree was built with.
      const isOverridden = path === "include/generated/autoconf.h" && options.configuration !== undefined;
      if (!isOverridden) {
        const found = isGenerated ? (built?.source(path) ?? source(path)) : (source(path) ?? built?.source(path));
        if (found !== undefined || !isGenerated) return found;
      }
      const key = `${architecture} ${path}`;
      if (!headers.has(key)) {
        const tree = { ...host, architecture, configuration: configuration() };
        const made = synthesizeHeader(tree, path);
        headers.set(key, made && { source: sourceOfText(made.text), isWhole: made.isWhole });
      }
      const made = headers.get(key);
      if (made !== undefined) standIns.set(path, { path, isWhole: made.isWhole });
      return made?.source;
    };
  }

  return {
    root,
    forget: (path) => reader.forget(path),
    preprocess: preprocessFile,
    expand(path, extra) {
      const expanded = preprocessFile(path, extra);
      return expanded && { ...expanded, ...formatPreprocessed(expanded.preprocessed) };
    },
  };

  function preprocessFile(path: string, extra: ExpandExtras = {}): PreprocessedFile | undefined {
    // The build makes some sources too.
    const text = source(path) ?? built?.source(path);
    if (text === undefined) return undefined;
    const ours = [
      ...(extra.includePaths ?? []).map((folder) => `-I${folder}`),
      ...(extra.definitions ?? []).map((definition) => `-D${definition}`),
    ];
    if (!isKernelTree(host)) return run(path, text, ours, undefined, source, new Map(), cache, extra);
    const architecture = architectureOf(path);
    const standIns = new Map<string, HeaderStandIn>();
    const flags = kernelFlags(kbuildFor(architecture), path, extra.isScript ?? isScript(path, text));
    const words = [...(flags?.words ?? []), ...ours];
    return run(path, text, words, architecture, readFor(architecture, standIns), standIns, cache, extra);
  }

  function run(
    path: string,
    text: Source,
    words: readonly string[],
    architecture: string | undefined,
    readFile: (path: string) => Source | undefined,
    standIns: ReadonlyMap<string, HeaderStandIn>,
    sharedCache: PreprocessorCache,
    extra: ExpandExtras,
  ): PreprocessedFile {
    const mode = /\.[ch]$/.test(path) && !(extra.isScript ?? isScript(path, text)) ? "c" : "assembler";
    const flags = readFlags(words);
    const values = configurationValue(parseConfiguration(configuration() ?? ""));
    const target =
      architecture === undefined
        ? sourceTarget(options.architecture ?? USUAL_ARCHITECTURE)
        : kernelTarget(architecture, values);
    const outside = outsideReader(root, extra.includePaths ?? []);
    const preprocessed = preprocess(path, text, {
      mode,
      cache: sharedCache,
      readFile: (name) => (isAbsolute(name) ? outside(name) : name.startsWith("../") ? undefined : readFile(name)),
      quotePaths: flags.quotePaths,
      includePaths: flags.includePaths,
      predefined: flags.isUndefined ? "" : predefinedMacros(target, { mode, flags: flags.others }),
      definitions: flags.definitions,
      forcedIncludes: flags.forcedIncludes,
      isStrict: flags.isStrict,
    });
    return { preprocessed, architecture, flags: words, standIns: [...standIns.values()] };
  }
}

/** True for a script by its name, and for a header that holds one, as arch/arm64/kernel/image-vars.h of Linux does. */
function isScript(path: string, text: Source): boolean {
  return isScriptName(path) || languageOf(path, text) === "ld";
}

function sourceTarget(architecture: string): string {
  return kernelTarget(sourceArchitecture(architecture), undefined);
}

/** Reads below folders outside of the root that the caller named. */
function outsideReader(root: string, folders: readonly string[]): (path: string) => Source | undefined {
  const named = folders.filter((folder) => isAbsolute(folder));
  if (named.length === 0) return () => undefined;
  const reader: TreeReader = createTreeReader(root, named);
  return (path) => reader.source(path);
}

export interface ExpandFileOptions extends ExpanderOptions, ExpandExtras {
  /** The file, absolute or relative to the working directory. It must lie below the root. */
  readonly file: string;
}

/**
 * What `weakspot expand` prints: a file after preprocessing. Relative folders of `includePaths` are below the working
 * directory here. Throws with a message for people when the file can't be read.
 */
export function expandFile(options: ExpandFileOptions): ExpandedFile {
  const root = resolve(options.root);
  const path = pathBelow(root, options.file);
  if (path === undefined) throw new Error(`${options.file} is not below ${root}`);
  const includePaths = (options.includePaths ?? []).map((folder) => pathBelow(root, folder) ?? resolve(folder));
  const expanded = createExpander(options).expand(path, { ...options, includePaths });
  if (expanded === undefined) throw new Error(`${options.file}: there is no such text file`);
  return expanded;
}

/** The path relative to the root with forward slashes; undefined outside of it. */
function pathBelow(root: string, path: string): string | undefined {
  const below = relative(root, resolve(path));
  if (leadsOutside(below)) return undefined;
  return below.split(sep).join("/");
}
