/**
 * What a session narrows its reports to: the configuration and architecture that settings name, or those that the tree was
 * last configured for, kept up to date. It reads through host and decides nothing.
 */

import { relative } from "node:path";
import { configurationPaths, readConfiguration } from "../host/configuration-file.ts";
import { describeFailure, type FileProblem } from "../host/problems.ts";
import type { Narrowing } from "../linkage/symbols/narrowed-program.ts";
import {
  type Configuration,
  configurationValue,
  parseConfiguration,
  sourceArchitecture,
} from "../syntax/kbuild/configuration.ts";
import { leadsOutside } from "../text/path.ts";
import { type Kept, keepCurrent } from "./keep-current.ts";

export interface NarrowingOptions {
  architecture(): string | undefined;
  /** The path of the configuration that settings name. */
  configuration(): string | undefined;
  /** Whether the configuration that is named must really lie below the root; the tree's own always must. */
  mustBeBelow?(): boolean;
  readonly isWatched: boolean;
  onProblem(problem: FileProblem): void;
  /** Called after the narrowing has become another. */
  onChange(): void;
}

/** Starts to read the configuration of a tree; `current` is undefined where there is nothing to narrow to. */
export function openNarrowing(root: string, options: NarrowingOptions): Kept<Narrowing | undefined> {
  /** What was read last, so that a file that was only touched changes nothing. */
  let lastText: string | undefined;

  async function read(
    follow: (paths: readonly string[]) => void,
  ): Promise<{ value: Narrowing | undefined } | undefined> {
    const named = options.configuration();
    const paths = configurationPaths(root, named);
    follow(paths);
    const architecture = options.architecture();
    let found: Awaited<ReturnType<typeof readConfiguration>>;
    try {
      found = await readConfiguration(
        paths,
        named === undefined || options.mustBeBelow?.() === true ? root : undefined,
      );
      if (found === undefined && named !== undefined) throw new Error("there is no such file");
    } catch (error) {
      options.onProblem({ path: paths[0]!, reason: `no configuration: ${describeFailure(error)}` });
    }
    const text = JSON.stringify([found, architecture]);
    if (text === lastText) return undefined;
    lastText = text;
    const configuration = found === undefined ? undefined : parseConfiguration(found.text);
    const isOther = isOfOther(configuration, architecture);
    if (found !== undefined && named !== undefined && isOther) {
      options.onProblem({ path: found.path, reason: `it is no configuration of ${architecture}` });
    }
    const source = found === undefined ? undefined : describePath(root, found.path);
    return { value: toNarrowing(isOther ? undefined : configuration, source, architecture) };
  }

  return keepCurrent<Narrowing | undefined>({
    initial: undefined,
    isWatched: options.isWatched,
    read,
    onChange: options.onChange,
  });
}

/** A configuration of another architecture than the wanted one says nothing. */
function isOfOther(configuration: Configuration | undefined, architecture: string | undefined): boolean {
  const own = configuration?.architecture;
  return (
    own !== undefined && architecture !== undefined && sourceArchitecture(own) !== sourceArchitecture(architecture)
  );
}

function toNarrowing(
  configuration: Configuration | undefined,
  source: string | undefined,
  named: string | undefined,
): Narrowing | undefined {
  // A file that sets nothing is some other program's .config.
  const known = configuration !== undefined && configuration.values.size > 0 ? configuration : undefined;
  const architecture = named ?? known?.architecture;
  if (known === undefined && architecture === undefined) return undefined;
  return {
    configuration: known === undefined ? undefined : configurationValue(known),
    architecture: architecture === undefined ? undefined : sourceArchitecture(architecture),
    source: known === undefined ? undefined : source,
  };
}

function describePath(root: string, path: string): string {
  const below = relative(root, path);
  return leadsOutside(below) ? path : below;
}
