/**
 * An editor that fixes a file: opens it in the language server as it is built, waits until the tree is indexed, asks for the
 * fix of the whole file and carries the edit out on disk.
 *
 * It knows the protocol and nothing of the server's inside.
 */

import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type CodeAction,
  CodeActionRequest,
  type Diagnostic,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { replaceFile } from "../support/kernel-tree.ts";
import { startClient } from "../support/language-client.ts";

const COMMAND = join(import.meta.dirname, "../../dist/cli.cjs");

export interface FixedFile {
  readonly title: string;
  /** The findings of the opened file once the tree was indexed. */
  readonly diagnostics: readonly Diagnostic[];
  /** The paths that were changed or created, relative to the root. */
  readonly changed: readonly string[];
}

/**
 * Applies `source.fixAll` to one file of a tree. Throws when the server offers no such action or an edit does not apply.
 *
 * @param settings the `weakspot` section of the user's settings
 */
export async function fixWholeFile(root: string, path: string, settings: object): Promise<FixedFile> {
  const client = await startClient(root, {
    settings,
    command: [COMMAND],
  });
  try {
    const document = client.open(path, await readFile(join(root, path), "utf8"));
    await client.indexed;
    const actions = await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: document.uri },
      range: { start: { line: 0, character: 0 }, end: document.positionAt(document.getText().length) },
      context: { diagnostics: [], only: ["source.fixAll.weakspot"] },
    });
    const [action, ...others] = (actions ?? []) as CodeAction[];
    if (action?.edit === undefined || others.length > 0) {
      throw new Error(`the server offers ${JSON.stringify(actions)} for the whole file`);
    }
    const changed = await carryOut(action.edit, root);
    return { title: action.title, diagnostics: client.diagnostics(path), changed };
  } finally {
    await client.stop();
  }
}

/** Carries an edit out in its order; returns the paths that it touched. */
async function carryOut(edit: WorkspaceEdit, root: string): Promise<string[]> {
  const touched = new Set<string>();
  for (const change of edit.documentChanges ?? []) {
    if ("kind" in change) {
      if (change.kind !== "create") throw new Error(`an edit of kind ${change.kind} was not expected`);
      const file = fileURLToPath(change.uri);
      if (existsSync(file)) throw new Error(`${file} exists, and the edit creates it`);
      await mkdir(dirname(file), { recursive: true });
      await replaceFile(file, "");
      touched.add(file);
      continue;
    }
    const file = fileURLToPath(change.textDocument.uri);
    const document = TextDocument.create(change.textDocument.uri, "", 0, await readFile(file, "utf8"));
    await replaceFile(file, TextDocument.applyEdits(document, change.edits as TextEdit[]));
    touched.add(file);
  }
  return [...touched].map((file) => file.slice(root.length + 1)).sort();
}
