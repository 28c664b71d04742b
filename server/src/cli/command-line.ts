/** The command's arguments. It parses and dispatches; every subcommand has a file of its own. */

import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { rules } from "../rules/registry.ts";
import { readGlob } from "../text/glob.ts";
import { VERSION } from "../version.ts";
import { type CheckArguments, runCheck } from "./check-command.ts";
import { runCompletion, SHELLS, type Shell } from "./completion-command.ts";
import type { ExitCode } from "./exit-code.ts";
import { type ExpandArguments, runExpand } from "./expand-command.ts";
import { runExplain } from "./explain-command.ts";
import { runIndex } from "./index-command.ts";
import { type Limit, type MemoryArguments, parseLimit, runMemory } from "./memory-command.ts";
import { tell } from "./output.ts";
import { runScip } from "./scip-command.ts";
import { runServer } from "./server-command.ts";
import { runSymbol } from "./symbol-command.ts";
import { runSymbols } from "./symbols-command.ts";
import { runWhy, type WhyArguments } from "./why-command.ts";

/** Runs the command with these arguments (without node and the script). Never rejects. */
export async function runCommand(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = makeProgram(argv, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    tell(`${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
}

/** The command with all its subcommands, as commander has them; its documentation is made of this too. */
export function makeProgram(argv: readonly string[] = [], done: (exitCode: ExitCode) => void = () => {}): Command {
  const program = new Command("weakspot")
    .description(
      "Linkage for C, assembly and linker scripts: weak references, PROVIDE, and fixes that compilers can't break.",
    )
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError("(weakspot --help lists the commands)");

  const root = () => new Option("--root <dir>", "the top of the source tree (default: found from the paths)");
  const kconfig = () =>
    new Option(
      "--kconfig <file>",
      "narrow the answer to this configuration (default: what the tree was configured for)",
    );
  const arch = () => new Option("--arch <name>", "narrow the answer to this architecture");
  const build = () => new Option("--build <dir>", "a build directory: its configuration, and what its objects say");
  const exclude = () =>
    new Option("--exclude <glob>", "leave these paths out; may be repeated")
      .argParser(gatherGlob)
      .default([] as string[]);
  const noCache = () => new Option("--no-cache", "neither use nor write the index cache");

  program
    .command("check")
    .description("print findings")
    .argument("[path...]", "files and directories to check (default: the whole tree)")
    .addOption(
      new Option("--format <format>", "how to print").choices(["text", "json", "sarif", "github"]).default("text"),
    )
    .addOption(
      new Option("--rule <id>", "only this rule; may be repeated").argParser(gatherRule).default([] as string[]),
    )
    .addOption(
      new Option("--min-severity <severity>", "leave out findings below it")
        .choices(["error", "warning", "information", "hint"])
        .default("hint"),
    )
    .addOption(
      new Option("--max-findings <count>", "print no more findings than this; all count all the same").argParser(
        gatherCount,
      ),
    )
    .option("--baseline <file>", "leave out the findings that this file holds")
    .option("--write-baseline <file>", "write the findings to this file, as known from now on")
    .option("--changed <diff>", "only lines that this diff adds or changes; - reads it from standard input")
    .option("--fix", "apply the fixes")
    .option("--diff", "print the fixes as a diff, without applying them")
    .addOption(
      new Option("--fallback <form>", "how fallbacks of objects are written (default: c)").choices(["c", "asm"]),
    )
    .addOption(root())
    .addOption(kconfig())
    .addOption(arch())
    .addOption(build())
    .addOption(exclude())
    .addOption(noCache())
    .action(async (paths: string[], options: Omit<CheckArguments, "paths">) => {
      done(await runCheck({ ...options, paths }));
    });

  program
    .command("explain")
    .description("print the page of a rule: what it finds, why, and what to do")
    .argument("<rule>")
    .action((id: string) => {
      done(runExplain(id));
    });

  program
    .command("symbol")
    .description("print what is known of one symbol")
    .argument("<name>")
    .option("--json", "print JSON")
    .addOption(root())
    .addOption(kconfig())
    .addOption(arch())
    .addOption(build())
    .option("--map <file>", "the map that the linker wrote of vmlinux (-Map), where it is not beside it")
    .addOption(exclude())
    .addOption(noCache())
    .action(async (name: string, options) => {
      done(await runSymbol(name, options));
    });

  program
    .command("symbols")
    .description("print the external symbols of files: C, assembly, linker scripts, ELF objects and archives")
    .argument("<file...>")
    .option("--json", "print JSON")
    .addOption(root())
    .option("--kconfig <file>", "print the symbols that the file's object has in a build with this configuration")
    .option("--arch <name>", "the same, for this architecture (default: from the path, the configuration, or x86)")
    .option("--build <dir>", "the same, with what this build directory holds (default: that of the configuration)")
    .action(async (files: string[], options) => {
      done(await runSymbols(files, options));
    });

  program
    .command("expand")
    .description("print a linker script, or another file, after preprocessing as its build would do it")
    .argument("<file>")
    .option("--arch <name>", "the architecture to expand for (default: from the path, the configuration, or x86)")
    .option("--kconfig <file>", "the configuration (default: .config of the build or the tree)")
    .option("--build <dir>", "the build directory, for the headers that a build makes")
    .addOption(
      new Option("-I, --include <dir>", "look for headers there too; may be repeated")
        .argParser(gather)
        .default([] as string[]),
    )
    .addOption(
      new Option("-D, --define <macro[=value]>", "define a macro; may be repeated")
        .argParser(gather)
        .default([] as string[]),
    )
    .addOption(root())
    .action((file: string, options: ExpandArguments) => {
      done(runExpand(file, options));
    });

  program
    .command("memory")
    .description("print how full the memory regions of a linked image are, and what fills them")
    .argument("<image>", "an ELF file, with the map that its linker wrote beside it, or a map alone")
    .option("--map <file>", "the map (-Map) of the image, where it is not beside it")
    .option("--script <file>", "the linker script, for regions that the map does not tell")
    .option("--compare <image>", "print what grew since this build")
    .addOption(
      new Option("--max <region=limit>", "exit 1 where a region holds more: RAM=90%, FLASH=60K; may be repeated")
        .argParser(gatherLimit)
        .default([] as Limit[]),
    )
    .addOption(new Option("--top <count>", "how many files are listed").argParser(gatherCount).default(10))
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json", "csv"]).default("text"))
    .action(async (image: string, options: MemoryArguments) => {
      done(await runMemory(image, options));
    });

  program
    .command("why")
    .description("print why a symbol or an input section is in a linked image, or why it is not")
    .argument("<name>", "a symbol or an input section")
    .argument("<image>", "an ELF file, with the map that its linker wrote beside it, or a map alone")
    .option("--map <file>", "the map (-Map) of the image, where it is not beside it")
    .option("--script <file>", "the linker script, for what its KEEP and ENTRY hold back from --gc-sections")
    .option("--entry <symbol>", "with --script: what the link's command line had behind -e")
    .option("--undefined <symbol...>", "with --script: what it had behind -u")
    .option("--json", "print JSON")
    .action(async (name: string, image: string, options: WhyArguments) => {
      done(await runWhy(name, image, options));
    });

  program
    .command("index")
    .description("build or refresh the index")
    .addOption(root())
    .option("--stats", "print JSON")
    .option("--scip <file>", "write definitions, references and what overrides what as SCIP, for code search")
    .addOption(exclude())
    .addOption(noCache())
    .action(async (options) => {
      done(await (options.scip === undefined ? runIndex(options) : runScip(options.scip, options)));
    });

  program
    .command("server")
    .description("run the language server")
    .option("--stdio", "over standard input and output (the default)")
    // Clients add words of their own: --node-ipc, --socket=PORT, --clientProcessId=ID.
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async () => {
      done(await runServer(argv.slice(1)));
    });

  program
    .command("completion")
    .description("print a script that completes the command in a shell")
    .addArgument(new Argument("<shell>").choices(SHELLS))
    .action((shell: Shell) => {
      done(runCompletion(shell, program));
    });

  return program;
}

function gather(value: string, known: string[]): string[] {
  return [...known, value];
}

function gatherGlob(value: string, known: string[]): string[] {
  const glob = readGlob(value);
  if (typeof glob === "string") throw new InvalidArgumentError(`No pattern that is matched here: ${glob}.`);
  return [...known, value];
}

function gatherCount(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError("It is a whole number.");
  return Number(value);
}

function gatherLimit(value: string, known: Limit[]): Limit[] {
  const limit = parseLimit(value);
  if (limit === undefined) throw new InvalidArgumentError("It is REGION=90% or REGION=60K.");
  return [...known, limit];
}

function gatherRule(value: string, known: string[]): string[] {
  if (!rules.some((rule) => rule.id === value)) {
    throw new InvalidArgumentError(`There are: ${rules.map((rule) => rule.id).join(", ")}.`);
  }
  return [...known, value];
}
