/**
 * What a session narrows its reports to: the configuration and architecture that settings name, or those that the tree was
 * last configured for, kept up to date. It reads through host and decides nothing.
 */

import { relative } from "node:path";
import { configurationPaths, readConfiguration, watchConfiguration } from "../host/configuration-file.ts";
import { describeFailure, type FileProblem } from "../host/problems.ts";
import type { Narrowing } from "../linkage/narrowed-program.ts";
import {
  type Configuration,
  parseConfiguration,
  sourceArchitecture,
  valuesOf,
} from "../syntax/kbuild/configuration.ts";

export interface NarrowingOptions {
  architecture(): string | undefined;
  /** The path of the configuration that settings name. */
  configuration(): string | undefined;
  readonly isWatched: boolean;
  onProblem(problem: FileProblem): void;
  /** Called after the narrowing has become another. */
  onChange(): void;
}

export interface KnownNarrowing {
  /** undefined where there is nothing to narrow to. */
  readonly current: Narrowing | undefined;
  /** Resolves when the configuration was read, as of the last reload. */
  readonly ready: Promise<void>;
  /** Reads it anew. */
  reload(): Promise<void>;
  close(): void;
}

/** Starts to read the configuration of a tree. */
export function openNarrowing(root: string, options: NarrowingOptions): KnownNarrowing {
  let current: Narrowing | undefined;
  /** What was read last, so that a file that was only touched changes nothing. */
  let lastText: string | undefined;
  let stopWatching = (): void => {};
  let watched: string | undefined;
  let isClosed = false;
  let ready = load();

  async function load(): Promise<void> {
    const named = options.configuration();
    const paths = configurationPaths(root, named);
    if (options.isWatched && !isClosed && paths.join("\n") !== watched) {
      stopWatching();
      stopWatching = watchConfiguration(paths, () => void reload());
      watched = paths.join("\n");
    }
    const architecture = options.architecture();
    let found: Awaited<ReturnType<typeof readConfiguration>>;
    try {
      found = await readConfiguration(paths);
      if (found === undefined && named !== undefined) throw new Error("there is no such file");
    } catch (error) {
      options.onProblem({ path: paths[0]!, reason: `no configuration: ${describeFailure(error)}` });
    }
    const text = JSON.stringify([found, architecture]);
    if (text === lastText || isClosed) return;
    const isFirst = lastText === undefined;
    lastText = text;
    const configuration = found === undefined ? undefined : parseConfiguration(found.text);
    const isOther = isOfOther(configuration, architecture);
    if (found !== undefined && named !== undefined && isOther) {
      options.onProblem({ path: found.path, reason: `it is no configuration of ${architecture}` });
    }
    const source = found === undefined ? undefined : describePath(root, found.path);
    current = toNarrowing(isOther ? undefined : configuration, source, architecture);
    if (!isFirst) options.onChange();
  }

  function reload(): Promise<void> {
    ready = ready.then(load);
    return ready;
  }

  return {
    get current() {
      return current;
    },
    get ready() {
      return ready;
    },
    reload,
    close() {
      isClosed = true;
      stopWatching();
    },
  };
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
    configuration: known === undefined ? undefined : valuesOf(known),
    architecture: architecture === undefined ? undefined : sourceArchitecture(architecture),
    source: known === undefined ? undefined : source,
  };
}

function describePath(root: string, path: string): string {
  const below = relative(root, path);
  return below.startsWith("..") ? path : below;
}
