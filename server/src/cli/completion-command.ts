/** `weakspot completion SHELL`: a script that completes subcommands, options and their values. It is made of commander's own list. */

import type { Command } from "commander";
import { rules } from "../rules/registry.ts";
import type { ExitCode } from "./exit-code.ts";
import { printReady } from "./output.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof SHELLS)[number];

/** What may stand behind a subcommand: its options with their values, and its arguments' values, where they are known. */
interface Completed {
  readonly name: string;
  readonly words: readonly string[];
  readonly options: readonly {
    readonly flags: readonly string[];
    readonly values: readonly string[];
    readonly about: string;
  }[];
  readonly about: string;
}

/** Prints the script for a shell. */
export function runCompletion(shell: Shell, program: Command): ExitCode {
  const commands = program.commands.map(completedOf);
  printReady(shell === "fish" ? fishScript(commands) : bashScript(commands, shell));
  return 0;
}

function completedOf(command: Command): Completed {
  const ids = rules.map(({ id }) => id);
  const words = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  return {
    name: command.name(),
    words: command.name() === "explain" ? ids : words,
    options: command.options.map((option) => ({
      flags: [option.short, option.long].flatMap((flag) => flag ?? []),
      values: option.long === "--rule" ? ids : (option.argChoices ?? []),
      about: option.description,
    })),
    about: command.description(),
  };
}

/** zsh takes bash's script by its own bashcompinit. */
function bashScript(commands: readonly Completed[], shell: Shell): string {
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.flatMap(({ name, options, words }) => {
    const valued = options.flatMap(({ flags, values }) =>
      values.length === 0
        ? []
        : [`    ${flags.map((flag) => `${name}:${flag}`).join("|")}) words="${values.join(" ")}" ;;`],
    );
    const flags = options.flatMap((option) => option.flags);
    return [...valued, `    ${name}:*) words="${[...words, ...flags].join(" ")}" ;;`];
  });
  return `${shell === "zsh" ? "#compdef weakspot\nautoload -U +X bashcompinit && bashcompinit\n" : ""}_weakspot() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words
  case "\${COMP_WORDS[1]}:$before" in
${cases.join("\n")}
    *) words="" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${names} --help --version"; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [ "\${#COMPREPLY[@]}" -eq 0 ]; then COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _weakspot weakspot
`;
}

function fishScript(commands: readonly Completed[]): string {
  const quoted = (text: string) => `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
  const isIn = (name: string) => quoted(`__fish_seen_subcommand_from ${name}`);
  const lines = commands.flatMap(({ name, about, options, words }) => [
    `complete -c weakspot -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
    ...(words.length === 0 ? [] : [`complete -c weakspot -n ${isIn(name)} -f -a ${quoted(words.join(" "))}`]),
    ...options.map(({ flags, values, about: told }) => {
      const written = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
      const given = values.length === 0 ? "" : ` -x -a ${quoted(values.join(" "))}`;
      return `complete -c weakspot -n ${isIn(name)} ${written.join(" ")}${given} -d ${quoted(told)}`;
    }),
  ]);
  return `${lines.join("\n")}\n`;
}
