/** Walks the statements of a script in the order in which ld acts on them. It knows the tree alone. */

import { conditionAt } from "../../syntax/ld/directives.ts";
import type { LdOutputSection, LdScript, LdStatement } from "../../syntax/ld/tree.ts";
import { createAttached } from "../../text/attached.ts";

/** A statement and where it stands. */
export interface PlacedStatement {
  readonly statement: LdStatement;
  /** The output section whose braces it stands in. */
  readonly section: LdOutputSection | undefined;
  /** The #if conditions around it, joined by " && "; "" is none. */
  readonly condition: string;
}

const walks = createAttached<LdScript, readonly PlacedStatement[]>();

/**
 * All statements of the script's text, each block before what is in it. What macros' bodies and arguments hold is left out,
 * and so is every branch of an #if that splits a statement but the first.
 */
export function statementsOf(script: LdScript): readonly PlacedStatement[] {
  let found = walks.get(script);
  if (found === undefined) {
    found = walk(script);
    walks.set(script, found);
  }
  return found;
}

function walk(script: LdScript): PlacedStatement[] {
  const found: PlacedStatement[] = [];
  const add = (statements: readonly LdStatement[], section: LdOutputSection | undefined): void => {
    for (const statement of statements) {
      found.push({ statement, section, condition: conditionAt(script.conditions, statement.start) });
      // The parser has bounded the depth of blocks.
      if (statement.kind === "output-section") add(statement.statements, statement);
      else if ("statements" in statement) add(statement.statements, section);
    }
  };
  add(script.statements, undefined);
  return found;
}
