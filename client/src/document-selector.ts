/**
 * Which documents the server is asked about.
 * Assembly has no language id of its own in VS Code, and extensions that bring one disagree on its name, so it is selected by
 * file name; headers are, too, because VS Code opens them as C++ unless told otherwise. C++ sources are left alone.
 * Must not know VS Code's API: plain data.
 */
import type { DocumentSelector } from "vscode-languageclient";
import { buildFileGlobs } from "../../server/src/linkage/facts/file-kinds.ts";

/** Only files on disk: what a diff or a history view shows is not part of the tree. */
export const documentSelector: DocumentSelector = [
  { scheme: "file", language: "c" },
  { scheme: "file", language: "linkerscript" },
  { scheme: "file", pattern: "**/*.{c,h,S,s}" },
  // Some are version scripts and dynamic lists; the server tells them by their texts.
  { scheme: "file", pattern: "**/*.{map,ver,dyn}" },
  // An unsaved Makefile or Kconfig counts as it is typed.
  ...buildFileGlobs().map((pattern) => ({ scheme: "file", pattern })),
];
