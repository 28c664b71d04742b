/**
 * What a shell command links, as a build's layout asks for it: objects and archives in their order, scripts, and the map. It reads
 * commands through tool-command.ts.
 */

import { type CommandInput, parseToolCommands } from "../command/tool-command.ts";

export interface LinkCommandInput {
  readonly path: string;
  /**
   * - object: always linked
   * - archive: members are taken when something refers to them
   * - whole archive: all members are taken (--whole-archive)
   * - list: a file that holds more words of the command (@file)
   */
  readonly kind: "object" | "archive" | "whole archive" | "list";
}

export interface LinkCommand {
  /** What links: "ld", "gcc". */
  readonly program: string;
  readonly output: string;
  /** In the order of the command. */
  readonly inputs: readonly LinkCommandInput[];
  /** Linker scripts (-T). */
  readonly scripts: readonly string[];
  /** Where the map goes (-Map). */
  readonly map: string | undefined;
  /** The result is an object that is linked further (-r). */
  readonly isPartial: boolean;
  /** It links without the start files and libraries of hosted programs. */
  readonly isFreestanding: boolean;
  /** --wrap */
  readonly wrap: readonly string[];
}

/** The first link of a command, which may be a list of commands. Total: undefined where it links no objects. */
export function parseLinkCommand(command: string): LinkCommand | undefined {
  for (const { command: found } of parseToolCommands(command)) {
    if (found.kind !== "link" || found.output === undefined || found.output === "") continue;
    const inputs = found.inputs.flatMap((input) => asInput(input) ?? []);
    if (inputs.length === 0) continue;
    const { program, output, scripts, map, isPartial, wrap } = found;
    return {
      program,
      output,
      inputs,
      scripts,
      map,
      isPartial,
      isFreestanding: !found.hasStartFiles || !found.hasStandardLibraries,
      wrap,
    };
  }
  return undefined;
}

function asInput({ path, kind, isWhole }: CommandInput): LinkCommandInput | undefined {
  if (kind === "list") return { path: path.slice(1), kind: "list" };
  return inputOf(path, isWhole);
}

/** What a file named in a link command is, by its name; undefined where it holds no objects. */
export function inputOf(path: string, isWhole: boolean): LinkCommandInput | undefined {
  if (/\.(?:o|lo|obj)$/.test(path)) return { path, kind: "object" };
  if (path.endsWith(".a")) return { path, kind: isWhole ? "whole archive" : "archive" };
  return undefined;
}
