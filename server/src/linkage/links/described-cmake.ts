/** What a CMakeLists.txt says of sources, of programs and of what chooses (cmake-commands(7)). It evaluates no variable. */

import { type CmakeCommand, readCommands } from "../../syntax/cmake/commands.ts";
import type { BuildDescription, DescribedSource } from "./described-builds.ts";

/** A command, and whether it is carried out in every configuration. */
interface Placed extends CmakeCommand {
  readonly isAlways: boolean;
}

const OPENS = /^(?:if|foreach|while|function|macro|block)$/;
const CLOSES = /^end(?:if|foreach|while|function|macro|block)$/;
/** What chooses libraries or options of links where it is carried out in some configurations. */
const LINKING =
  /^(?:target_link_libraries|link_libraries|target_link_options|add_link_options|link_directories|find_package|find_library)$/;
const LINK_VARIABLE = /^CMAKE_(?:\w+_)?(?:LINKER_FLAGS|STANDARD_LIBRARIES|INTERPROCEDURAL_OPTIMIZATION)/;
/** Commands that name sources and give them to no link. */
const SAYS_NOTHING = /^(?:message|install|set_source_files_properties|source_group)$/;

export function describedInCmake(text: string): BuildDescription {
  const commands = placed(readCommands(text));
  const chosen = commands.find(
    (command) =>
      !command.isAlways &&
      (LINKING.test(command.name) || (command.name === "set" && LINK_VARIABLE.test(command.arguments[0]?.text ?? ""))),
  );
  const folders = commands
    .filter(({ name, isAlways }) => name === "add_subdirectory" && isAlways)
    .flatMap(({ arguments: [first] }) => first?.text ?? []);
  return {
    folders,
    chosenLinking: chosen?.arguments[0]?.start,
    sourceOf: (isNamed) => sourceOf(commands, isNamed),
  };
}

function placed(commands: readonly CmakeCommand[]): Placed[] {
  let depth = 0;
  let hasReturned = false;
  return commands.map((command) => {
    if (CLOSES.test(command.name)) depth = Math.max(0, depth - 1);
    const isAlways = depth === 0 && !hasReturned;
    if (OPENS.test(command.name)) depth++;
    // What stands behind a return that may be met is not always met itself.
    if (command.name === "return") hasReturned = true;
    return { ...command, isAlways };
  });
}

function sourceOf(commands: readonly Placed[], isNamed: (word: string) => boolean): DescribedSource {
  const programs = new Map<string, "always" | "sometimes">();
  let isWhole = true;
  const follow = (isSought: (word: string) => boolean, isThere: boolean, lists: readonly string[]): void => {
    for (const command of commands) {
      const [first, ...rest] = command.arguments;
      if (first === undefined || ![first, ...rest].some(({ text }) => isSought(text))) continue;
      const isAlways = isThere && command.isAlways;
      const program = programOf(command, commands);
      if (program !== undefined) {
        const before = programs.get(program.name);
        programs.set(program.name, before === "always" || (isAlways && program.isAlways) ? "always" : "sometimes");
      } else if (isList(command) && lists.length < DEEPEST) {
        const name = command.name === "set" ? first.text : (rest[0]?.text ?? "");
        if (lists.includes(name)) continue;
        follow((word) => word === `\${${name}}`, isAlways && isKept(name, commands), [...lists, name]);
      } else if (!SAYS_NOTHING.test(command.name) && !CLOSES.test(command.name)) isWhole = false;
    }
  };
  follow(isNamed, true, []);
  return { programs, isWhole };
}

const DEEPEST = 4;

/** The program that the command gives its words to. */
function programOf(
  { name, arguments: [target] }: Placed,
  commands: readonly Placed[],
): { readonly name: string; readonly isAlways: boolean } | undefined {
  if (target === undefined || (name !== "add_executable" && name !== "target_sources")) return undefined;
  const made = commands.filter((one) => one.name === "add_executable" && one.arguments[0]?.text === target.text);
  if (made.length === 0 || target.text.includes("$")) return undefined;
  return { name: target.text, isAlways: made.every(({ isAlways }) => isAlways) };
}

/** `set(VAR a.c …)` and `list(APPEND VAR a.c …)`. */
function isList({ name, arguments: [first] }: Placed): boolean {
  return name === "set" || (name === "list" && /^(?:APPEND|PREPEND)$/.test(first?.text ?? ""));
}

/** Whether nothing takes away what a list has been given: it is set once, and added to. */
function isKept(name: string, commands: readonly Placed[]): boolean {
  const sets = commands.filter(
    (one) =>
      one.name === "set" &&
      one.arguments[0]?.text === name &&
      !one.arguments.slice(1).some(({ text }) => text === `\${${name}}`),
  );
  const others = commands.filter(
    (one) => one.name !== "set" && !isList(one) && one.arguments.some(({ text }) => text === name),
  );
  return sets.length <= 1 && others.length === 0;
}
