/** Finds what ld rejects of a version script once it has read it: versions given twice, without a name beside others, unknown. */

import type { LdScript, LdVersionNode } from "../syntax/ld/tree.ts";
import { nodesOf } from "../syntax/ld/walk.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";
import { findingAt, placeHere, unquoted } from "./script-findings.ts";

export const versionConflict: Rule = {
  id: "version-conflict",
  severity: "error",
  scope: "file",
  docs: {
    summary:
      "A version script gives a version twice, gives one without a name beside others, or builds upon one that is not there.",
    why: `ld reads the script and then stops: each version's name may be given once, and before the versions that build upon it; a
version without a name must be the only one (ldlang.c: lang_register_vers_node, lang_add_vers_depend). Its messages name no line.`,
    whenToIgnore: "Never: such a script says two things at once.",
    bad: [
      `//- /lib.map
LIB_1 { global: lib_open; local: *; };
  LIB_1 { global: lib_read; };
//^^^^^ error(version-conflict): version 'LIB_1' is given twice
`,
      `//- /lib.map
LIB_1 { global: lib_open; local: *; };
  { global: lib_read; };
//^ error(version-conflict): a version without a name must be the only one
`,
      `//- /lib.map
LIB_1 { global: lib_open; local: *; };
LIB_3 { global: lib_read; } LIB_2;
//                          ^^^^^ error(version-conflict): no version 'LIB_2' is given before this one
`,
    ],
    good: [
      `//- /lib.map
LIB_1 { global: lib_open; local: *; };
LIB_2 { global: lib_read; } LIB_1;
`,
      `//- /plugin.dyn
{ plugin_init; };
{ plugin_exit; };
`,
    ],
  },
  *check(context) {
    const { script } = context;
    // Before the preprocessor, of two versions with one name only one may be left.
    if (script === undefined || script.preprocessed || script.kind === "dynamic-list") return;
    if (script.errors.some(({ kind }) => kind !== "character")) return;
    yield* findConflicts(versionsOf(script), context);
  },
};

function versionsOf(script: LdScript): LdVersionNode[] {
  const versions = nodesOf(script).flatMap((node) => (node.kind === "version" ? node.nodes : []));
  return versions.sort((a, b) => a.start - b.start);
}

function* findConflicts(versions: readonly LdVersionNode[], context: RuleContext): Iterable<Finding> {
  const given = new Map<string, LdVersionNode>();
  let isNamelessTold = false;
  for (const version of versions) {
    const { tag, body, parents } = version;
    if (body === undefined) continue;
    for (const parent of parents) {
      if (given.has(parent.text)) continue;
      const message = `no version '${parent.text}' is given before this one`;
      yield findingAt(versionConflict.id, unquoted(parent), message);
    }
    const nameless = tag === undefined ? version : given.get("");
    const first = given.get(tag?.text ?? "");
    if (nameless?.body !== undefined && given.size > 0) {
      // ld takes no further version then, so that one finding says it all.
      const { start } = nameless.body;
      const message = "a version without a name must be the only one";
      if (!isNamelessTold) yield findingAt(versionConflict.id, { text: "", start, end: start + 1 }, message);
      isNamelessTold = true;
    } else if (tag !== undefined && first !== undefined) {
      const related = [placeHere(context, first.tag ?? first, "first given here")];
      yield findingAt(versionConflict.id, unquoted(tag), `version '${tag.text}' is given twice`, related);
    }
    if (first === undefined) given.set(tag?.text ?? "", version);
  }
}
