/**
 * The rule by which make remakes a target: written for it, by a static pattern, by a pattern, or built in (GNU make manual, "Using
 * Implicit Rules", "How Patterns Match", "Searching Directories for Prerequisites"). It carries out nothing.
 */

import { variableWords } from "./expand.ts";
import { bothGuard, type Guard, UNGUARDED } from "./guard.ts";
import { type EvaluatedRecipeLine, type EvaluatedRule, type Make, normalizePath } from "./make.ts";
import { isUnknownText, matchPattern, type ValueWord } from "./value.ts";

/** How a target is made. */
export interface TargetRule {
  readonly target: string;
  /** What `%` stood for; "" for a rule that names its target. */
  readonly stem: string;
  /** With folders that vpath found, in order. */
  readonly prerequisites: readonly ValueWord[];
  readonly recipe: readonly EvaluatedRecipeLine[];
  readonly guard: Guard;
  readonly path: string;
  readonly offset: number | undefined;
}

export interface MakeRules {
  /** The targets that rules name, in order. */
  readonly targets: readonly string[];
  /** undefined for a file that nothing makes. */
  ruleOf(target: string): TargetRule | undefined;
}

/** Rules of make's own that matter to links ("Catalogue of Built-In Rules"). */
export const BUILT_IN_RULES = `
%.o: %.c
	$(CC) $(CFLAGS) $(CPPFLAGS) -c -o $@ $<
%.o: %.cc
	$(CXX) $(CXXFLAGS) $(CPPFLAGS) -c -o $@ $<
%.o: %.cpp
	$(CXX) $(CXXFLAGS) $(CPPFLAGS) -c -o $@ $<
%.o: %.S
	$(CC) $(ASFLAGS) $(CPPFLAGS) -c -o $@ $<
%.o: %.s
	$(AS) $(ASFLAGS) -o $@ $<
%: %.o
	$(CC) $(LDFLAGS) $^ $(LOADLIBES) $(LDLIBS) -o $@
%: %.c
	$(CC) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS) $^ $(LOADLIBES) $(LDLIBS) -o $@
`;

/** Variables that make gives such rules ("Variables Used by Implicit Rules"). */
export const BUILT_IN_VARIABLES: Readonly<Record<string, string>> = {
  CC: "cc",
  CXX: "c++",
  CPP: "cc -E",
  LD: "ld",
  AR: "ar",
  AS: "as",
  ARFLAGS: "rv",
  RM: "rm -f",
};

interface Explicit {
  readonly prerequisites: ValueWord[];
  readonly made: { readonly rule: EvaluatedRule; readonly stem: string; readonly guard: Guard }[];
}

interface Pattern {
  readonly pattern: string;
  readonly rule: EvaluatedRule;
}

interface Match {
  readonly pattern: Pattern;
  readonly stem: string;
  readonly needs: readonly ValueWord[];
}

/** How many implicit rules may follow one another. */
const LONGEST_CHAIN = 3;

export function makeRules(make: Make): MakeRules {
  const explicit = new Map<string, Explicit>();
  const patterns: Pattern[] = [];
  for (const rule of make.rules) note(rule, explicit, patterns);
  const folders = (make.variables.has("VPATH") ? variableWords(make, "VPATH") : []).flatMap(({ text }) =>
    text.split(":"),
  );
  const found = new Map<string, TargetRule | undefined>();

  const places = new Map<string, string | undefined>();
  /** The path of what a rule needs: itself, or where vpath finds it. */
  function locate(path: string): string | undefined {
    if (!places.has(path)) places.set(path, search(path));
    return places.get(path);
  }

  function search(path: string): string | undefined {
    if (explicit.has(path) || make.host.hasFile(path)) return path;
    for (const { pattern, folders: listed } of make.plain?.searchPaths ?? []) {
      if (matchPattern(pattern, path) === undefined) continue;
      for (const folder of listed.flatMap(({ text }) => text.split(":"))) {
        const there = normalizePath(`${folder}/${path}`);
        if (make.host.hasFile(there)) return there;
      }
    }
    for (const folder of folders) {
      const there = normalizePath(`${folder}/${path}`);
      if (make.host.hasFile(there)) return there;
    }
    return undefined;
  }

  const located = (word: ValueWord): ValueWord => {
    const text = isUnknownText(word.text) ? word.text : normalizePath(word.text);
    return { ...word, text: isUnknownText(text) ? text : (locate(text) ?? text) };
  };

  const matches = new Map<string, Match | undefined>();
  /** The implicit rule that makes a target, as one of so many steps. */
  function implicit(target: string, depth: number): Match | undefined {
    const key = `${depth} ${target}`;
    if (!matches.has(key)) matches.set(key, match(target, depth));
    return matches.get(key);
  }

  function match(target: string, depth: number): Match | undefined {
    let best: Match | undefined;
    for (const pattern of patterns) {
      const stem = stemOf(pattern.pattern, target);
      if (stem === undefined || stem.short === "") continue;
      if (best !== undefined && best.stem.length <= stem.full.length) continue;
      const needs = pattern.rule.prerequisites.map((word) => ({
        ...word,
        text: normalizePath(
          word.text.includes("%") ? stem.folder + word.text.replace("%", () => stem.short) : word.text,
        ),
      }));
      const isMatch = pattern.pattern === "%";
      const isThere = needs.every(
        (word) =>
          // What stands behind it must be there before, and decides nothing ("Types of Prerequisites").
          word.text === "|" ||
          isUnknownText(word.text) ||
          locate(word.text) !== undefined ||
          // A rule for anything is no step between two others.
          (!isMatch && depth < LONGEST_CHAIN && implicit(word.text, depth + 1) !== undefined) ||
          (isMatch && depth === 0 && implicit(word.text, LONGEST_CHAIN) !== undefined),
      );
      if (isThere && !(isMatch && depth > 0)) best = { pattern, stem: stem.full, needs };
    }
    return best;
  }

  function findRule(target: string): TargetRule | undefined {
    const named = explicit.get(target);
    const own = named?.made[named.made.length - 1];
    if (named !== undefined && own !== undefined) {
      const prerequisites = own.rule.prerequisites.map((word) =>
        located(own.stem === "" ? word : { ...word, text: word.text.replace("%", () => own.stem) }),
      );
      const more = named.prerequisites.map(located);
      const { recipe, path, offset } = own.rule;
      return {
        target,
        stem: own.stem,
        prerequisites: [...prerequisites, ...more],
        recipe,
        guard: own.guard,
        path,
        offset,
      };
    }
    const matched = implicit(target, 0);
    if (matched === undefined) {
      if (named === undefined) return undefined;
      const first = make.rules.find(({ targets }) => targets.some(({ text }) => normalizePath(text) === target));
      const { path = "", offset } = first ?? {};
      return {
        target,
        stem: "",
        prerequisites: named.prerequisites.map(located),
        recipe: [],
        guard: UNGUARDED,
        path,
        offset,
      };
    }
    const { rule } = matched.pattern;
    const prerequisites = [...matched.needs, ...(named?.prerequisites ?? [])].map(located);
    const { recipe, guard, path, offset } = rule;
    return { target, stem: matched.stem, prerequisites, recipe, guard, path, offset };
  }

  return {
    targets: [...explicit.keys()],
    ruleOf(target) {
      if (!found.has(target)) found.set(target, findRule(target));
      return found.get(target);
    },
  };
}

/** Targets that say something about others, and make nothing (GNU make manual, "Special Built-in Target Names"). */
const SPECIAL = /^\.[A-Z_]+$/;

function note(rule: EvaluatedRule, explicit: Map<string, Explicit>, patterns: Pattern[]): void {
  for (const { text, guard } of rule.targets) {
    if (isUnknownText(text) || SPECIAL.test(text)) continue;
    const suffixes = /^(\.\w+)(\.\w+)$/.exec(text);
    if (suffixes !== null && rule.recipe.length > 0) {
      const word: ValueWord = { text: `%${suffixes[1]!}`, guard: UNGUARDED, origin: undefined, offset: -1 };
      patterns.push({ pattern: `%${suffixes[2]!}`, rule: { ...rule, prerequisites: [word] } });
      continue;
    }
    if (text.includes("%") && rule.pattern === undefined) {
      if (rule.recipe.length > 0) patterns.push({ pattern: normalizePath(text), rule });
      continue;
    }
    const target = normalizePath(text);
    const stem =
      rule.pattern?.map((pattern) => matchPattern(pattern.text, text)).find((one) => one !== undefined) ?? "";
    let entry = explicit.get(target);
    if (entry === undefined) explicit.set(target, (entry = { prerequisites: [], made: [] }));
    if (rule.recipe.length > 0) entry.made.push({ rule, stem, guard: bothGuard(rule.guard, guard) });
    else {
      for (const word of rule.prerequisites) {
        const replaced = stem === "" ? word.text : word.text.replace("%", () => stem);
        entry.prerequisites.push({ ...word, text: replaced, guard: bothGuard(rule.guard, word.guard) });
      }
    }
  }
}

/** A pattern without a slash matches the name alone; the folder goes before what the stem makes ("How Patterns Match"). */
function stemOf(
  pattern: string,
  target: string,
): { readonly short: string; readonly folder: string; readonly full: string } | undefined {
  const slash = pattern.includes("/") ? -1 : target.lastIndexOf("/");
  const folder = target.slice(0, slash + 1);
  const short = matchPattern(pattern, target.slice(slash + 1));
  return short === undefined ? undefined : { short, folder, full: folder + short };
}
