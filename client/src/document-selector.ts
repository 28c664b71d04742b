/**
 * Which documents the server is asked about: those of its languages, and the names of the table of file kinds.
 * Must not know VS Code's API: plain data.
 */
import type { DocumentSelector } from "vscode-languageclient";
import { documentGlobs, EDITOR_LANGUAGES } from "../../server/src/linkage/facts/file-kinds.ts";

/** Only files on disk: what a diff or a history view shows is not part of the tree. */
export const documentSelector: DocumentSelector = [
  ...EDITOR_LANGUAGES.map((language) => ({ scheme: "file", language })),
  ...documentGlobs().map((pattern) => ({ scheme: "file", pattern })),
];
