/**
 * The words of the extension's client: what l10n.t is given, of which l10n/bundle.l10n.json is made, and what people would see untranslated.
 * The server's words are English.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@babel/parser";

export interface ClientWords {
  /** The messages that l10n.t is given, sorted. */
  readonly messages: readonly string[];
  /** "file:line: text" of words that look as if people saw them, and that l10n.t is not given. */
  readonly untranslated: readonly string[];
}

interface Node {
  readonly type: string;
  readonly loc?: { readonly start: { readonly line: number } };
  readonly [key: string]: unknown;
}

/** Methods whose words go to a log, are a key, or are compared with others; and the library's `client.warn`, whose words go to the log too. */
const UNSEEN = new Set([
  "error",
  "warn",
  "info",
  "debug",
  "startsWith",
  "endsWith",
  "includes",
  "executeCommand",
  "replace",
  "split",
  "test",
]);

/** Syntax in which a string is no text: types, imports, names of properties, comparisons. */
const NO_TEXT = new Set([
  "ImportDeclaration",
  "TSLiteralType",
  "BinaryExpression",
  "SwitchCase",
  "NewExpression",
  "TSTypeAliasDeclaration",
]);

/** Reads the client's sources below a folder. */
export function readClientWords(folder: string): ClientWords {
  const messages = new Set<string>();
  const untranslated: string[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith(".ts")) continue;
    const text = readFileSync(join(folder, name), "utf8");
    const tree = parse(text, { sourceType: "module", plugins: ["typescript", "importAttributes"] });
    visit(tree.program as unknown as Node, (node) => {
      const message = messageOf(node);
      if (message === undefined) {
        const words = wordsOf(node);
        if (words !== undefined) untranslated.push(`${name}:${node.loc?.start.line}: ${words}`);
        return isOfNoText(node);
      }
      messages.add(message);
      return true;
    });
  }
  return { messages: [...messages].sort(), untranslated };
}

/** Goes through a tree; `enter` returns whether what lies below is left out. */
function visit(node: Node, enter: (node: Node) => boolean): void {
  if (enter(node)) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === "key" && node["computed"] !== true) continue;
    const isName = key === "callee" || key === "property";
    for (const child of Array.isArray(value) ? value : [value]) {
      if (!isName && typeof child?.type === "string") visit(child as Node, enter);
    }
  }
}

/** What `l10n.t(…)` or `vscode.l10n.t(…)` is given; undefined for any other syntax. */
function messageOf(node: Node): string | undefined {
  if (node.type !== "CallExpression") return undefined;
  const callee = node["callee"] as Node;
  const object = callee["object"] as Node | undefined;
  const holder = (object?.["property"] ?? object) as Node | undefined;
  if ((callee["property"] as Node | undefined)?.["name"] !== "t" || holder?.["name"] !== "l10n") return undefined;
  const [first] = node["arguments"] as Node[];
  if (first?.type !== "StringLiteral")
    throw new Error(`l10n.t is given no plain string in line ${node.loc?.start.line}`);
  return first["value"] as string;
}

/** Words in a string or a template that people would read: two with a blank between them, or one with a capital. */
function wordsOf(node: Node): string | undefined {
  let text: string;
  if (node.type === "StringLiteral") text = node["value"] as string;
  else if (node.type === "TemplateLiteral")
    text = (node["quasis"] as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join("{}");
  else return undefined;
  // Of pages and styles the words are looked at where they are put in.
  if (text === "Weakspot" || text.includes("<") || text.includes(";") || text.includes("var(--")) return undefined;
  const isSentence = /[A-Za-z]{2,}[^A-Za-z{}/]* [^A-Za-z{}/]*[A-Za-z]{2,}/.test(text);
  return isSentence || /^[A-Z][a-z]+(?: |…|$)/.test(text) ? text : undefined;
}

function isOfNoText(node: Node): boolean {
  if (NO_TEXT.has(node.type)) return true;
  if (node.type !== "CallExpression") return false;
  return UNSEEN.has(((node["callee"] as Node)["property"] as Node | undefined)?.["name"] as string);
}
