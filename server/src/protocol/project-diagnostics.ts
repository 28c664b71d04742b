/** Shows what is wrong in a tree's own file of settings, where it stands in the file. */

import { type Connection, type Diagnostic, DiagnosticSeverity } from "vscode-languageserver/node";
import { PROJECT_FILE, type Project } from "../session/project-settings.ts";
import { printable } from "../text/printable.ts";
import { toRange, uriOfPath } from "./convert.ts";

/** Folders whose file has diagnostics that are to be taken back. */
const shown = new WeakMap<Connection, Set<string>>();

/** @param root the folder's real path */
export function publishProject(connection: Connection, root: string, { problems }: Project): void {
  const roots = shown.get(connection) ?? new Set();
  shown.set(connection, roots);
  if (problems.length === 0 && !roots.delete(root)) return;
  if (problems.length > 0) roots.add(root);
  const diagnostics = problems.map(
    ({ message, span, source }): Diagnostic => ({
      severity: DiagnosticSeverity.Warning,
      source: "weakspot",
      message,
      range: toRange(source, span),
    }),
  );
  void connection.sendDiagnostics({ uri: uriOfPath(root, PROJECT_FILE), diagnostics });
  for (const { line, message } of problems) connection.console.warn(printable(`${PROJECT_FILE}:${line}: ${message}`));
}
