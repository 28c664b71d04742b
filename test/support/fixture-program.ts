/** Makes the program of a fixture: the real index and link model over files in memory. */

import { findLanguage, readFacts } from "../../server/src/linkage/facts/extract.ts";
import { isBuildFile } from "../../server/src/linkage/facts/file-kinds.ts";
import { createTexts } from "../../server/src/linkage/facts/texts.ts";
import { createIndex } from "../../server/src/linkage/index/stored-index.ts";
import { wordSignature } from "../../server/src/linkage/index/word-signature.ts";
import { makeLinks } from "../../server/src/linkage/links/make-links.ts";
import type { TreeLinkSources } from "../../server/src/linkage/links/target-links.ts";
import { createProgram, type Program } from "../../server/src/linkage/symbols/program.ts";
import { checkFile, createContext, type RatedFinding } from "../../server/src/rules/check.ts";
import { findRule } from "../../server/src/rules/registry.ts";
import type { Rule, RuleContext } from "../../server/src/rules/rule.ts";
import { sourceOfText } from "../../server/src/text/source.ts";
import type { FixtureFile } from "./fixture.ts";

export interface FixtureProgram {
  readonly program: Program;
  context(path: string): RuleContext;
  ruleOf(id: string): Rule;
  /** The findings of all files, by path. */
  findings(): ReadonlyMap<string, readonly RatedFinding[]>;
}

/** One link of all files, with nothing else in it: what a fixture is where it says nothing of a build. */
const ONE_CLOSED_LINK: TreeLinkSources = {
  compiled: undefined,
  named: [{ name: "all", holds: () => true, isClosed: true }],
};

/**
 * Indexes the files. An exception in a rule fails the test.
 * @param links what is known of the links of a fixture that is no kernel
 */
export function loadFixture(
  files: readonly FixtureFile[],
  fallbackForm: "c" | "asm" = "c",
  links: TreeLinkSources = ONE_CLOSED_LINK,
): FixtureProgram {
  const index = createIndex();
  const texts = createTexts();
  for (const { path, text } of files) {
    const source = sourceOfText(text);
    texts.supply(path, source);
    if (findLanguage(path) === undefined) continue;
    index.replaceFile(path, readFacts(path, source), wordSignature(source.codes, source.length));
  }
  index.setComplete(true);
  const buildFiles = files.map((file) => file.path).filter(isBuildFile);
  const build = makeLinks(index, texts, buildFiles, { links });
  const program = createProgram(index, texts, build, fallbackForm);
  function context(path: string): RuleContext {
    const source = texts.source(path);
    if (source === undefined) throw new Error(`the fixture has no file ${path}`);
    return createContext(path, source, program);
  }
  return {
    program,
    context,
    ruleOf: (id) => findRule(id)!,
    findings() {
      const found = new Map<string, readonly RatedFinding[]>();
      for (const { path } of files) {
        if (findLanguage(path) === undefined) continue;
        const options = {
          onFailure: (_rule: unknown, _path: string, error: unknown) => {
            throw error;
          },
        };
        let findings = checkFile(context(path), options);
        // What else was asked for is not in the fixture; knowing that may change the answer.
        for (let missing = texts.takeMissing(); missing.length > 0; missing = texts.takeMissing()) {
          for (const path of missing) texts.supply(path, undefined);
          findings = checkFile(context(path), options);
        }
        found.set(path, findings);
      }
      return found;
    },
  };
}
