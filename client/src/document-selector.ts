/**
 * Which documents the server is asked about: those of its languages, and the names of the table of file kinds.
 * Must not know VS Code's API: plain data.
 */
import type { DocumentSelector } from "vscode-languageclient";
import { documentGlobs, EDITOR_LANGUAGES } from "../../server/src/linkage/facts/file-kinds.ts";

/** @param schemes where the files of the tree are: what a diff or a history view shows is not part of it */
export function documentSelector(schemes: readonly string[]): DocumentSelector {
  return schemes.flatMap((scheme) => [
    ...EDITOR_LANGUAGES.map((language) => ({ scheme, language })),
    ...documentGlobs().map((pattern) => ({ scheme, pattern })),
  ]);
}
