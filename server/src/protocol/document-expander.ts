/** The documents of a folder after preprocessing, with what is open in the editor in place of the files. It publishes nothing. */

import { resolve } from "node:path";
import { createExpander, type Expander } from "../host/expand-file.ts";
import { describeExpansionProblems } from "../session/expansion-problems.ts";
import type { ProjectSettings } from "../session/project-settings.ts";
import type { Source } from "../text/source.ts";
import type { ExpandResult } from "./messages.ts";
import type { Settings } from "./settings.ts";

export interface DocumentExpander {
  /** The text after preprocessing; null where there is no such text. Reads files, blocking, a fraction of a second in all. */
  expand(path: string, settings: Settings): ExpandResult | null;
  /** Reads these files anew the next time. */
  forget(paths: readonly string[]): void;
}

/** Files from which flags are read, whose conclusions an expander keeps. */
const BUILD_FILE = /(?:^|\/)(?:Makefile|Kbuild|Kconfig|\.config)[^/]*$/;

/**
 * Makes an expander for the documents below a folder. Reads nothing yet.
 * @param openText the text of an open document, whose path is relative to the root; the same object while the text is the same
 */
export function createDocumentExpander(
  root: string,
  openText: (path: string) => Source | undefined,
  project: ProjectSettings,
): DocumentExpander {
  let expander: { readonly key: string; readonly value: Expander } | undefined;

  function expanderFor(settings: Settings): Expander {
    const { kernelArch = project.kernelArch, kernelConfig = project.kernelConfig } = settings;
    const key = JSON.stringify([kernelArch, kernelConfig]);
    if (expander?.key === key) return expander.value;
    const value = createExpander({
      root,
      architecture: kernelArch,
      configuration: kernelConfig === undefined ? undefined : resolve(root, kernelConfig),
      openText,
    });
    expander = { key, value };
    return value;
  }

  return {
    expand(path, settings) {
      const expanded = expanderFor(settings).expand(path, { includePaths: project.includeFolders });
      if (expanded === undefined) return null;
      const problems = describeExpansionProblems(expanded, {
        configuration: settings.kernelConfig === undefined ? "see the setting weakspot.kernel.config" : undefined,
        build: undefined,
      });
      const { text, architecture } = expanded;
      return { text, problems, ...(architecture === undefined ? {} : { architecture }) };
    },
    forget(paths) {
      if (paths.some((path) => BUILD_FILE.test(path))) expander = undefined;
      for (const path of paths) expander?.value.forget(path);
    },
  };
}
