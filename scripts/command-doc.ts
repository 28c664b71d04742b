/** Renders docs/command.md from the command as commander has it, so that the page can't name an option that is not there. */

import type { Argument, Command, Option } from "commander";
import { makeProgram } from "../server/src/cli/command-line.ts";

/** The page of all subcommands. */
export function renderCommandPage(): string {
  const program = makeProgram();
  const parts = [
    "# The command",
    program.description(),
    "Installing it: see the [README](../README.md#installing). Exit codes: 0, nothing found; 1, findings (hints alone are none), or nobody knows the symbol; 2, it could not run, or not read what it was given.",
    "Without `--root` the top of the tree is looked for above the paths. [weakspot.json](settings.md) there holds the project's settings; options go before it.",
    ...program.commands.map(renderCommand),
  ];
  return `${parts.join("\n\n")}\n`;
}

function renderCommand(command: Command): string {
  const words = command.registeredArguments.map(nameArgument).join(" ");
  const described = command.registeredArguments.filter(({ description }) => description !== "");
  const rows = [
    ...described.map((argument) => [`\`${nameArgument(argument)}\``, sentence(argument.description)]),
    ...command.options.filter(({ hidden }) => !hidden).map((option) => [`\`${option.flags}\``, describeOption(option)]),
  ];
  const table = rows.map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
  return [
    `## weakspot ${command.name()}${words === "" ? "" : ` ${words}`}`,
    `${sentence(command.description())}.`,
    ...(table.length === 0 ? [] : [`| | |\n|---|---|\n${table.join("\n")}`]),
  ].join("\n\n");
}

function nameArgument(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "…" : ""}`.toUpperCase();
  return argument.required ? name : `[${name}]`;
}

function describeOption({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? "" : ` (${argChoices.map((choice) => `\`${choice}\``).join(", ")})`;
  const preset = typeof defaultValue === "string" ? `; \`${defaultValue}\` where it is not given` : "";
  return `${sentence(description)}${choices}${preset}`;
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
