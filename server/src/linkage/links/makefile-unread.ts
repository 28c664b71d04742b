/**
 * What a Makefile's recipes may link without that it can be read: commands that are not understood, and rules for files whose names
 * are not known. It makes sure that the files that they are given count as linked elsewhere, and concludes nothing else.
 */

import type { CommandInput, UnreadCommand } from "../../syntax/command/tool-command.ts";
import type { EvaluatedRecipeLine, Make } from "../../syntax/kbuild/make.ts";
import type { TargetRule } from "../../syntax/kbuild/make-rules.ts";
import { isUnknownText, MARK, type ValueWord } from "../../syntax/kbuild/value.ts";
import type { BuildPlace, OpenReason } from "./link.ts";
import { readable } from "./link-reasons.ts";
import type { RecipeCommand } from "./makefile-commands.ts";

/** A command that is not read, and the line of the recipe that it stands in. */
export interface UnreadLine {
  readonly command: UnreadCommand;
  readonly folder: string;
  readonly line: EvaluatedRecipeLine;
}

/** A line of which nothing is left once its variables are put in: a function that is not known, a tool that the caller names. */
export const NOTHING_KNOWN: UnreadCommand = { kind: "unread", program: "", inputs: [], reach: "files" };

interface Recipe {
  readonly make: Make;
  readonly rule: TargetRule;
  readonly folder: string;
  readonly place: BuildPlace;
  /** Another command of the recipe is read: what the rule needs is accounted for. */
  readonly isRead: boolean;
}

/** What is linked has no ending, or one of these. */
const LINKED = /(?:^|\/)[\w-]+(?:\.(?:elf|out|exe|axf|efi|so|ko|o|a|bin|img|hex))?$/;

export function unreadCommandsOf(lines: readonly UnreadLine[], recipe: Recipe): RecipeCommand[] {
  const { make, rule, place, isRead } = recipe;
  const needed = isRead ? [] : neededInputs(rule);
  return lines.flatMap(({ command, folder, line }): RecipeCommand[] => {
    if (command.program === "" && isRead) return [];
    const isScript = command.reach === "script" && command.inputs.length === 0;
    const inputs = [...command.inputs, ...needed];
    // A script that is given nothing and makes no file that a link makes is taken to do something else.
    const isBlind =
      isScript && needed.length === 0 && !isRead && LINKED.test(rule.target) && !isPhony(rule.target, make);
    const reach = command.reach === "script" && !isBlind ? "files" : command.reach;
    if (inputs.length === 0 && reach === "files") return [];
    const number = lineOf(line, rule, make);
    const at = number === undefined ? place.path : `${place.path}:${number}`;
    const shown = line.text.slice(line.span.start, line.span.end).replace(/^[@+\s-]+/, "");
    const reason: OpenReason = {
      kind: "choice",
      text: `${at} makes ${readable(rule.target)} by a command that is not read: ${shorten(shown)}`,
      place: number === undefined ? place : { path: place.path, offset: line.span.start },
    };
    const unread: UnreadCommand = { ...command, inputs, reach };
    return [{ command: unread, folder, place, reasons: [reason], target: rule.target }];
  });
}

/** Objects, archives and sources that a rule needs: its recipe may link them without that it names them. */
function neededInputs({ prerequisites }: TargetRule): CommandInput[] {
  return prerequisites.flatMap(({ text }): CommandInput[] => {
    const kind = /\.(?:o|lo|obj)$/.test(text) ? "object" : /\.(?:a|lib)$/.test(text) ? "archive" : undefined;
    const isUnknown = isUnknownText(text);
    if (kind === undefined && !isUnknown) return [];
    return [
      {
        path: text,
        kind: isUnknown ? "unknown" : kind!,
        isWhole: false,
        isAsNeeded: false,
        isStatic: false,
        group: 0,
      },
    ];
  });
}

function isPhony(target: string, { rules }: Make): boolean {
  return rules.some(
    ({ targets, prerequisites }) =>
      targets.some(({ text }) => text === ".PHONY") && prerequisites.some(({ text }) => text === target),
  );
}

/** The line of the recipe, counted from 1; undefined in a text that no file has. */
function lineOf({ text, span }: EvaluatedRecipeLine, { path }: TargetRule, { parsed }: Make): number | undefined {
  if (parsed.get(path)?.text !== text) return undefined;
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < span.start; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

const LONGEST_SHOWN = 60;

function shorten(text: string): string {
  const line = text.split(/\\?\n/, 1)[0]!.trim();
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line;
}

/** Rules for files of which the name hangs on what is not known, which no target's name leads to. */
export function rulesWithoutName({ rules }: Make): TargetRule[] {
  return rules.flatMap((rule): TargetRule[] => {
    const target = rule.targets.find(({ text }) => isUnknownText(text));
    if (target === undefined || rule.recipe.length === 0) return [];
    const open = (word: ValueWord): ValueWord => ({ ...word, text: word.text.replaceAll("%", MARK) });
    const { recipe, path, offset, guard } = rule;
    const prerequisites = rule.prerequisites.map(open);
    return [{ target: open(target).text, stem: MARK, prerequisites, recipe, guard, path, offset }];
  });
}
