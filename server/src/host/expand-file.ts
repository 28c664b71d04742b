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
  return new TreeExpander(options);
}

class TreeExpander implements Expander {
  readonly #options: ExpanderOptions;
  readonly root: string;
  readonly #build: string | undefined;
  readonly #reader: TreeReader;
  readonly #built: TreeReader | undefined;
  readonly #cache = createPreprocessorCache();
  readonly #kbuilds = new Map<string, Kbuild>();
  readonly #headers = new Map<string, { readonly source: Source; readonly isWhole: boolean } | undefined>();
  #configurationText: string | undefined | null = null;
  readonly #source: (path: string) => Source | undefined;
  readonly #readText: (path: string) => string | undefined;
  readonly #host: { readText: (path: string) => string | undefined; hasFile: (path: string) => boolean };

  constructor(options: ExpanderOptions) {
    this.#options = options;
    this.root = resolve(options.root);
    this.#build = options.build === undefined ? undefined : resolve(options.build);
    this.#reader = createTreeReader(this.root, this.#build === undefined ? [] : [this.#build]);
    this.#built = this.#build === undefined || this.#build === this.root ? undefined : createTreeReader(this.#build);
    this.#source = (path: string): Source | undefined => options.openText?.(path) ?? this.#reader.source(path);
    this.#readText = (path: string): string | undefined => {
      const text = this.#source(path);
      return text?.slice(0, text.length);
    };
    this.#host = { readText: this.#readText, hasFile: (path: string) => this.#reader.hasFile(path) };
  }

  forget(path: string) {
    return this.#reader.forget(path);
  }

  preprocess(path: string, extra: ExpandExtras = {}) {
    return this.#preprocessFile(path, extra);
  }

  expand(path: string, extra: ExpandExtras | undefined) {
    const expanded = this.#preprocessFile(path, extra);
    return expanded && { ...expanded, ...formatPreprocessed(expanded.preprocessed) };
  }

  #configuration(): string | undefined {
    if (this.#configurationText !== null) return this.#configurationText;
    const file = this.#options.configuration;
    if (file !== undefined) {
      const path = resolve(file);
      const text = createTreeReader(dirname(path)).source(path);
      this.#configurationText = text?.slice(0, text.length);
    } else {
      const text = this.#built?.source(".config") ?? this.#source(".config");
      this.#configurationText = text?.slice(0, text.length);
    }
    return this.#configurationText;
  }

  #architectureOf(path: string): string {
    if (this.#options.architecture !== undefined) return sourceArchitecture(this.#options.architecture);
    const below = /^arch\/([^/]+)\//.exec(path)?.[1];
    if (below !== undefined) return below;
    const named = parseConfiguration(this.#configuration() ?? "").architecture;
    return named === undefined ? USUAL_ARCHITECTURE : sourceArchitecture(named);
  }

  #kbuildFor(architecture: string): Kbuild {
    const known = this.#kbuilds.get(architecture);
    if (known !== undefined) return known;
    const values = configurationValue(parseConfiguration(this.#configuration() ?? ""));
    const kbuild = openKbuild(this.#host, { architecture, configuration: values, readsFlags: true });
    this.#kbuilds.set(architecture, kbuild);
    return kbuild;
  }

  /** The file, or what the build made or would make in its place. */
  #readFor(architecture: string, standIns: Map<string, HeaderStandIn>): (path: string) => Source | undefined {
    return (path) => {
      const isGenerated = /(?:^|\/)include\/generated\//.test(path);
      // A configuration that the caller names goes before the one that the tree was built with.
      const isOverridden = path === "include/generated/autoconf.h" && this.#options.configuration !== undefined;
      if (!isOverridden) {
        const found = isGenerated
          ? (this.#built?.source(path) ?? this.#source(path))
          : (this.#source(path) ?? this.#built?.source(path));
        if (found !== undefined || !isGenerated) return found;
      }
      const key = `${architecture} ${path}`;
      if (!this.#headers.has(key)) {
        const tree = { ...this.#host, architecture, configuration: this.#configuration() };
        const made = synthesizeHeader(tree, path);
        this.#headers.set(key, made && { source: sourceOfText(made.text), isWhole: made.isWhole });
      }
      const made = this.#headers.get(key);
      if (made !== undefined) standIns.set(path, { path, isWhole: made.isWhole });
      return made?.source;
    };
  }

  #preprocessFile(path: string, extra: ExpandExtras = {}): PreprocessedFile | undefined {
    // The build makes some sources too.
    const text = this.#source(path) ?? this.#built?.source(path);
    if (text === undefined) return undefined;
    const ours = [
      ...(extra.includePaths ?? []).map((folder) => `-I${folder}`),
      ...(extra.definitions ?? []).map((definition) => `-D${definition}`),
    ];
    if (!isKernelTree(this.#host))
      return this.#run(path, text, ours, undefined, this.#source, new Map(), this.#cache, extra);
    const architecture = this.#architectureOf(path);
    const standIns = new Map<string, HeaderStandIn>();
    const flags = kernelFlags(this.#kbuildFor(architecture), path, extra.isScript ?? isScript(path, text));
    const words = [...(flags?.words ?? []), ...ours];
    return this.#run(
      path,
      text,
      words,
      architecture,
      this.#readFor(architecture, standIns),
      standIns,
      this.#cache,
      extra,
    );
  }

  #run(
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
    const values = configurationValue(parseConfiguration(this.#configuration() ?? ""));
    const target =
      architecture === undefined
        ? sourceTarget(this.#options.architecture ?? USUAL_ARCHITECTURE)
        : kernelTarget(architecture, values);
    const outside = outsideReader(this.root, extra.includePaths ?? []);
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
