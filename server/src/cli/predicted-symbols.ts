/**
 * The symbols that files' objects have in a build with a given configuration, in the shape in which `weakspot symbols` prints
 * those of sources. It must not know how they are printed.
 */

import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { createExpander, type Expander } from "../host/expand-file.ts";
import { findRoot } from "../host/find-root.ts";
import { type PredictedSymbol, predictObject } from "../host/object-prediction.ts";
import { leadsOutside } from "../text/path.ts";

export interface BuildArguments {
  readonly root?: string;
  readonly kconfig?: string;
  readonly arch?: string;
  readonly build?: string;
}

/** The fields that symbols of sources have, and what only a decided configuration can say. */
export interface PrintedPrediction {
  readonly name: string;
  readonly kind: string;
  readonly role: string;
  readonly binding: string;
  readonly scope: string;
  readonly line: number;
  readonly column: number;
  /** All conditions are decided. */
  readonly condition: "";
  /** The header or other file in which line and column are; left out where it is the file itself. */
  readonly file?: string;
  /** The object refers to it, as far as that shows before optimization. */
  readonly isReferenced: boolean;
  /** The symbol that an alias is another name of. */
  readonly target?: string;
}

export interface PrintedObjectSymbols {
  readonly symbols: readonly PrintedPrediction[];
  /** What was not found or not understood, so that symbols may be missing. */
  readonly problems: readonly string[];
}

/**
 * Opens the trees of the paths for prediction; undefined where no build is asked for. The function that it gives throws with a
 * message for people where a file can't be read.
 */
export function openPrediction(options: BuildArguments): ((path: string) => PrintedObjectSymbols) | undefined {
  const { kconfig, arch } = options;
  if (kconfig === undefined && arch === undefined && options.build === undefined) return undefined;
  const build = options.build ?? buildFolderOf(kconfig);
  const expanders = new Map<string, Expander>();
  const expanderOf = (path: string): Expander => {
    const root = resolve(options.root ?? findRoot(path));
    let expander = expanders.get(root);
    if (expander === undefined) {
      expander = createExpander({ root, configuration: kconfig, architecture: arch, build });
      expanders.set(root, expander);
    }
    return expander;
  };
  return (path) => {
    const expander = expanderOf(path);
    const below = (build === undefined ? undefined : pathBelow(build, path)) ?? pathBelow(expander.root, path);
    if (below === undefined) throw new Error(`it is not below ${expander.root}`);
    const predicted = predictObject(expander, below);
    if (predicted === undefined) throw new Error("there is no such text file");
    return { symbols: predicted.symbols.map((symbol) => print(symbol, below)), problems: predicted.problems };
  };
}

/** The build folder that a configuration lies in: what was made of it stands beside it. */
function buildFolderOf(kconfig: string | undefined): string | undefined {
  if (kconfig === undefined || basename(kconfig) !== ".config") return undefined;
  const folder = dirname(resolve(kconfig));
  return existsSync(join(folder, "include/generated/autoconf.h")) ? folder : undefined;
}

/** The path relative to the folder with forward slashes; undefined outside of it. */
function pathBelow(folder: string, path: string): string | undefined {
  const below = relative(resolve(folder), resolve(path)).split(sep).join("/");
  return leadsOutside(below) ? undefined : below;
}

function print(symbol: PredictedSymbol, path: string): PrintedPrediction {
  const { name, kind, role, binding, scope, file, line, column, isReferenced, target } = symbol;
  const made = {
    name,
    kind,
    role,
    binding,
    scope,
    line: line + 1,
    column: column + 1,
    condition: "",
    isReferenced,
  } as const;
  return { ...made, ...(file === path ? {} : { file }), ...(target === undefined ? {} : { target }) };
}
