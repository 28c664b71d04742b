/**
 * The tree of code: the expressions and statements of C as a body's raw text has them, macro calls unexpanded (they look like
 * calls). Offsets are UTF-16 units, half-open. What is not understood is an `opaque` node, never a guess.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";

export type Expression =
  | NameExpression
  | ConstantExpression
  | StringExpression
  | ParenExpression
  | UnaryExpression
  | PostfixExpression
  | BinaryExpression
  | AssignExpression
  | ConditionalExpression
  | CommaExpression
  | CallExpression
  | IndexExpression
  | MemberExpression
  | CastExpression
  | LiteralExpression
  | ListExpression
  | MeasureExpression
  | GenericExpression
  | TypeExpression
  | BlockExpression
  | LabelAddress
  | OpaqueExpression;

export interface NameExpression extends Span {
  readonly kind: "name";
  readonly name: string;
}

/** A number or a character constant. */
export interface ConstantExpression extends Span {
  readonly kind: "constant";
  readonly text: string;
}

/** String literals in a row, with the macros between them; `#x` in a macro. */
export interface StringExpression extends Span {
  readonly kind: "string";
}

export interface ParenExpression extends Span {
  readonly kind: "paren";
  readonly inner: Expression;
}

export interface UnaryExpression extends Span {
  readonly kind: "unary";
  readonly operator: "&" | "*" | "+" | "-" | "~" | "!" | "++" | "--";
  readonly operand: Expression;
}

export interface PostfixExpression extends Span {
  readonly kind: "postfix";
  readonly operator: "++" | "--";
  readonly operand: Expression;
}

export interface BinaryExpression extends Span {
  readonly kind: "binary";
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
  /** It may be a cast as well, as `(a) & b` is where `a` is a type. */
  readonly isDoubtful: boolean;
}

/** `=`, `+=` and so on. */
export interface AssignExpression extends Span {
  readonly kind: "assign";
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}

export interface ConditionalExpression extends Span {
  readonly kind: "conditional";
  readonly condition: Expression;
  /** undefined in GNU's `a ?: b`. */
  readonly then: Expression | undefined;
  readonly otherwise: Expression;
}

export interface CommaExpression extends Span {
  readonly kind: "comma";
  readonly left: Expression;
  readonly right: Expression;
}

export interface CallExpression extends Span {
  readonly kind: "call";
  readonly callee: Expression;
  readonly arguments: readonly Expression[];
  /** Between the parentheses. */
  readonly list: Span;
}

export interface IndexExpression extends Span {
  readonly kind: "index";
  readonly base: Expression;
  readonly index: Expression;
}

export interface MemberExpression extends Span {
  readonly kind: "member";
  readonly base: Expression;
  readonly isArrow: boolean;
  readonly name: string;
}

export interface CastExpression extends Span {
  readonly kind: "cast";
  readonly type: TypeExpression;
  readonly operand: Expression;
  /** It may be a binary operator as well. */
  readonly isDoubtful: boolean;
}

/** `(type){ … }` */
export interface LiteralExpression extends Span {
  readonly kind: "literal";
  readonly type: TypeExpression;
  readonly list: ListExpression;
}

/** `{ … }` of an initializer; designators' own expressions are among the values. */
export interface ListExpression extends Span {
  readonly kind: "list";
  readonly values: readonly Expression[];
}

/** `sizeof`, `_Alignof`, `typeof`: nothing of the operand is evaluated. */
export interface MeasureExpression extends Span {
  readonly kind: "measure";
  readonly word: string;
  readonly operand: Expression;
}

/** `_Generic(subject, type: choice, …)` */
export interface GenericExpression extends Span {
  readonly kind: "generic";
  readonly subject: Expression;
  readonly choices: readonly Expression[];
}

/** A type's name, with the operands of typeof and the bounds of arrays in it. */
export interface TypeExpression extends Span {
  readonly kind: "type";
  /** Its words, joined by blanks; a star for each `*`. */
  readonly text: string;
  readonly isPointer: boolean;
  readonly operands: readonly Expression[];
}

/** GNU's `({ … })`. */
export interface BlockExpression extends Span {
  readonly kind: "block-expression";
  readonly items: readonly Statement[];
}

/** GNU's `&&label`. */
export interface LabelAddress extends Span {
  readonly kind: "label-address";
  readonly name: string;
}

export interface OpaqueExpression extends Span {
  readonly kind: "opaque";
}

export type Statement =
  | ExpressionStatement
  | DeclarationStatement
  | BlockStatement
  | IfStatement
  | LoopStatement
  | ForStatement
  | SwitchStatement
  | CaseLabel
  | Label
  | ReturnStatement
  | GotoStatement
  | JumpStatement
  | ControlledStatement
  | PlainStatement;

export interface ExpressionStatement extends Span {
  readonly kind: "expression";
  readonly expression: Expression;
}

/** A name that a declaration in a block declares. */
export interface Variable {
  readonly name: string;
  readonly nameSpan: Span;
  readonly stars: number;
  readonly isArray: boolean;
  readonly isFunction: boolean;
  readonly initializer: Expression | undefined;
  readonly bounds: readonly Expression[];
}

export interface DeclarationStatement extends Span {
  readonly kind: "declaration";
  readonly storage: "extern" | "static" | "typedef" | "none";
  /** The specifiers' words, storage class left out, joined by blanks. */
  readonly type: string;
  /** `auto x = …`, `__auto_type x = …`: the type is that of the initializer. */
  readonly isDeduced: boolean;
  readonly variables: readonly Variable[];
  /** Operands of typeof in the specifiers. */
  readonly operands: readonly Expression[];
}

export interface BlockStatement extends Span {
  readonly kind: "block";
  readonly items: readonly Statement[];
  /** False for a label with the statement behind it, where one statement is wanted. */
  readonly hasBraces: boolean;
}

export interface IfStatement extends Span {
  readonly kind: "if";
  readonly condition: Expression;
  readonly then: Statement;
  readonly otherwise: Statement | undefined;
}

export interface LoopStatement extends Span {
  readonly kind: "while" | "do";
  readonly condition: Expression;
  readonly body: Statement;
}

export interface ForStatement extends Span {
  readonly kind: "for";
  readonly first: Statement | undefined;
  readonly condition: Expression | undefined;
  readonly step: Expression | undefined;
  readonly body: Statement;
}

export interface SwitchStatement extends Span {
  readonly kind: "switch";
  readonly subject: Expression;
  readonly body: Statement;
}

/** `case a:`, `case a ... b:`, `default:`; the statement behind it is the next item. */
export interface CaseLabel extends Span {
  readonly kind: "case";
  readonly values: readonly Expression[];
}

export interface Label extends Span {
  readonly kind: "label";
  readonly name: string;
}

export interface ReturnStatement extends Span {
  readonly kind: "return";
  readonly value: Expression | undefined;
}

/** `goto name;`; no name where the address is computed. */
export interface GotoStatement extends Span {
  readonly kind: "goto";
  readonly label: string | undefined;
}

export interface JumpStatement extends Span {
  readonly kind: "break" | "continue";
}

/** `list_for_each(…) statement`: a call that no semicolon ends. */
export interface ControlledStatement extends Span {
  readonly kind: "controlled";
  readonly head: Expression;
  readonly body: Statement;
}

/** A lone `;`, a line of the preprocessor's, or what is not understood. */
export interface PlainStatement extends Span {
  readonly kind: "empty" | "directive" | "opaque";
}

/** A function's body, a macro's replacement or an initializer, read as code. */
export interface Code {
  readonly source: Source;
  readonly items: readonly Statement[];
}

/** The expressions right within an expression, in their order in the text. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "paren":
      return [node.inner];
    case "unary":
    case "postfix":
    case "measure":
      return [node.operand];
    case "binary":
    case "assign":
    case "comma":
      return [node.left, node.right];
    case "conditional":
      return node.then === undefined ? [node.condition, node.otherwise] : [node.condition, node.then, node.otherwise];
    case "call":
      return [node.callee, ...node.arguments];
    case "index":
      return [node.base, node.index];
    case "member":
      return [node.base];
    case "cast":
      return [node.type, node.operand];
    case "literal":
      return [node.type, node.list];
    case "list":
      return node.values;
    case "generic":
      return [node.subject, ...node.choices];
    case "type":
      return node.operands;
    default:
      return [];
  }
}

/** The statements right within a statement. */
export function statementsIn(node: Statement): readonly Statement[] {
  switch (node.kind) {
    case "block":
      return node.items;
    case "if":
      return node.otherwise === undefined ? [node.then] : [node.then, node.otherwise];
    case "while":
    case "do":
    case "switch":
    case "controlled":
      return [node.body];
    case "for":
      return node.first === undefined ? [node.body] : [node.first, node.body];
    default:
      return [];
  }
}

/** The expressions right within a statement, those of the statements in it left out. */
export function expressionsIn(node: Statement): readonly Expression[] {
  switch (node.kind) {
    case "expression":
      return [node.expression];
    case "declaration":
      return [
        ...node.operands,
        ...node.variables.flatMap(({ bounds, initializer }) =>
          initializer === undefined ? bounds : [...bounds, initializer],
        ),
      ];
    case "if":
    case "while":
    case "do":
      return [node.condition];
    case "for":
      return [node.condition, node.step].filter((one) => one !== undefined);
    case "switch":
      return [node.subject];
    case "case":
      return node.values;
    case "return":
      return node.value === undefined ? [] : [node.value];
    case "controlled":
      return [node.head];
    default:
      return [];
  }
}

/** The expression without the parentheses around it. */
export function bare(node: Expression): Expression {
  let inner = node;
  while (inner.kind === "paren") inner = inner.inner;
  return inner;
}
