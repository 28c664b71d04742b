/**
 * Every node of a script's tree, in no promised order: what features go through that care for kinds of nodes and not for
 * their places in the tree. It keeps a stack of its own, since the tree of a sum is as deep as the sum is long.
 */

import { createAttached } from "../../text/attached.ts";
import type { Span } from "../../text/span.ts";
import type { LdExpression, LdMacro, LdNameArgument, LdRegion, LdScript, LdSegment, LdStatement } from "./tree.ts";

/** A node that has a kind. */
export type LdNode = LdStatement | LdExpression | LdNameArgument | LdRegion | LdSegment;

const nodesByScript = createAttached<LdScript, readonly LdNode[]>();
const spansByScript = createAttached<LdScript, readonly Span[]>();

/** The nodes with kinds, those of macros' bodies, macros' arguments and branches of `#else` included. */
export function nodesOf(script: LdScript): readonly LdNode[] {
  let nodes = nodesByScript.get(script);
  if (nodes === undefined) {
    nodes = spansOf(script).filter(hasKind);
    nodesByScript.set(script, nodes);
  }
  return nodes;
}

/** Everything in the tree that has a place: nodes, names, fragments, trailers, bodies. */
export function spansOf(script: LdScript): readonly Span[] {
  let spans = spansByScript.get(script);
  if (spans === undefined) {
    spans = findSpans([script.statements, script.branches, script.macros, script.headers]);
    spansByScript.set(script, spans);
  }
  return spans;
}

/** The spans within a part of a tree, itself included. */
export function findSpans(root: object): readonly Span[] {
  const spans: Span[] = [];
  const stack: object[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if ("start" in node && "end" in node) spans.push(node as Span);
    for (const value of Object.values(node)) if (typeof value === "object" && value !== null) stack.push(value);
  }
  return spans;
}

function hasKind(span: Span): span is LdNode {
  return "kind" in span;
}

/** The macro in whose body the offset stands. */
export function macroAt(script: LdScript, offset: number): LdMacro | undefined {
  return script.macros.find((macro) => macro.start <= offset && offset <= macro.end);
}
