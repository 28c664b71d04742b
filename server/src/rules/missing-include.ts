/** Finds INCLUDE of a file that is not there, and of a script that includes itself. */

import { joinPath, pathsNamed } from "../linkage/index/includers.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import type { LdInclude, LdScript } from "../syntax/ld/tree.ts";
import { isMistyped } from "../text/nearest.ts";
import { baseName, folderOf } from "../text/path.ts";
import type { Rule, RuleContext } from "./rule.ts";
import { findingAt, unquoted } from "./script-findings.ts";
import { changeName } from "./script-fixes.ts";

export const missingInclude: Rule = {
  id: "missing-include",
  severity: "warning",
  scope: "workspace",
  docs: {
    summary: "INCLUDE names a file that is not in the tree, or a script that includes itself.",
    why: `ld looks for the file in its working directory and in the directories that -L names, not beside the script, and stops where it
finds none. The tree is searched for it as ld could find it from any directory; a file that the build makes from another one,
\`memory.ld\` from \`memory.ld.in\` or \`memory.ld.S\`, counts as there. Nothing is said where another folder has a script of that name, which
the build may copy. Where the link may hold what is not in the tree, so may the folders of -L: there it is only said of a name that is one letter away from a
script's. A script that comes to include itself ends the link, too.`,
    whenToIgnore: "Where the build writes the file: exclude the script, or name the folder in `includeFolders`.",
    bad: [
      `//- /boards/one/link.ld
INCLUDE common/sections.ld
//      ^^^^^^^^^^^^^^^^^^ warning(missing-include): no 'common/sections.ld' in this tree
`,
      `//- /link.ld
INCLUDE regions.ld
//      ^^^^^^^^^^ warning(missing-include): comes to include this script again
//- /regions.ld
MEMORY { ram : ORIGIN = 0, LENGTH = 64K }
INCLUDE link.ld
//      ^^^^^^^ warning(missing-include): comes to include this script again
`,
    ],
    good: [
      `//- /boards/one/link.ld
MEMORY { INCLUDE regions.inc }
INCLUDE common/sections.ld
INCLUDE generated.ld
//- /boards/one/regions.inc
ram : ORIGIN = 0, LENGTH = 64K
//- /scripts/common/sections.ld
SECTIONS { .text : { *(.text) } }
INCLUDE stage/program.ld
//- /src/program.ld
SECTIONS { .rodata : { *(.rodata) } }
//- /boards/generated.ld.in
SECTIONS { .data : { *(.data) } }
`,
    ],
  },
  *check(context) {
    const { script, program, path } = context;
    if (script === undefined || !program.index.isComplete) return;
    for (const include of includesOf(script)) {
      const name = include.path.text;
      if (name === "" || name.startsWith("/") || include.path.pasted || name.includes("$")) continue;
      const found = findIncluded(name, context);
      if (found === "unknown") continue;
      if (found === undefined) {
        if (program.links.whyOpenAt(path).length > 0 && !isMisspelled(name, context)) continue;
        const message = `there is no '${name}' in this tree; ld looks in its working directory and where -L says`;
        yield findingAt(missingInclude.id, unquoted(include.path), message);
      } else if (comesBack(found, path, context)) {
        const what = found === path ? "the script includes itself" : `'${name}' comes to include this script again`;
        yield findingAt(missingInclude.id, unquoted(include.path), what);
      }
    }
  },
  fixes(finding, context) {
    const base = baseName(finding.symbol);
    const meant = findScripts(context).find((one) => isMistyped(base, one));
    return changeName(finding, context, meant && `${folderOf(finding.symbol)}${meant}`);
  },
};

function includesOf(script: LdScript): LdInclude[] {
  const found: LdInclude[] = [];
  for (const { statement } of statementsOf(script)) {
    if (statement.kind === "include") found.push(statement);
    else if (statement.kind === "memory") {
      for (const region of statement.regions) if (region.kind === "include") found.push(region);
    }
  }
  return found;
}

/** What a build makes a script from. */
const TEMPLATES = ["", ".in", ".S", ".cpp", ".template", ".tmpl", ".j2", ".jinja"];

/** The file as some directory could make ld find it; "unknown" where a text was not looked for yet. */
function findIncluded(name: string, { path, program }: RuleContext): string | "unknown" | undefined {
  const { index, texts } = program;
  const tail = name.replace(/^(?:\.{1,2}\/)+/, "");
  const base = baseName(tail);
  const folder = folderOf(path);
  const beside = joinPath(folder, name);
  for (const ending of TEMPLATES) {
    const named = pathsNamed(index, `${base}${ending}`);
    if (named.includes(`${beside}${ending}`)) return `${beside}${ending}`;
    const [any] = named.filter((one) => one === `${tail}${ending}` || one.endsWith(`/${tail}${ending}`));
    if (any !== undefined) return any;
  }
  // A build may lay scripts out in its own folders, under another path: `bootblock/lib/program.ld` from src/lib/program.ld.
  if (TEMPLATES.some((ending) => pathsNamed(index, `${base}${ending}`).length > 0)) return "unknown";
  // The index holds files by their endings; an include may have any.
  let isPending = false;
  const folders = ancestorsOf(folder);
  for (const candidate of [beside, ...folders.map((above) => `${above}${tail}`)]) {
    for (const ending of TEMPLATES) {
      if (texts.source(`${candidate}${ending}`) !== undefined) return `${candidate}${ending}`;
      isPending ||= texts.isPending(`${candidate}${ending}`);
    }
  }
  return isPending ? "unknown" : undefined;
}

/** True where a script of the tree has this name but for one letter. */
function isMisspelled(name: string, context: RuleContext): boolean {
  return findScripts(context).some((one) => isMistyped(baseName(name), one));
}

/** The names of the tree's scripts, without their folders. */
function findScripts({ program: { index } }: RuleContext): string[] {
  const names: string[] = [];
  for (const path of index.paths()) if (index.languageOf(path) === "ld") names.push(baseName(path));
  return names;
}

/** "a/b/" gives "a/b/", "a/" and "". */
function ancestorsOf(folder: string): string[] {
  const found = [folder];
  for (let at = folder; at !== ""; ) {
    at = at.slice(0, at.lastIndexOf("/", at.length - 2) + 1);
    found.push(at);
  }
  return found;
}

const MOST_FILES = 200;

/** True when the file, or one that it includes, includes the script. */
function comesBack(start: string, path: string, { program }: RuleContext): boolean {
  const { index } = program;
  const seen = new Set<string>();
  const queue = [start];
  for (let at = queue.pop(); at !== undefined && seen.size < MOST_FILES; at = queue.pop()) {
    if (at === path) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    const facts = index.factsOf(at);
    // Headers have include guards.
    if (facts?.language !== "ld" || at.endsWith(".h")) continue;
    const folder = folderOf(at);
    for (const include of facts.includes) {
      if (include.angled || include.condition !== "") continue;
      const next = [joinPath(folder, include.path), joinPath("", include.path)].find((one) => index.hasFile(one));
      if (next !== undefined) queue.push(next);
    }
  }
  return false;
}
