/** Preprocesses texts for tests: files by name, of which the first is the main one. */

import { formatPreprocessed } from "../../../server/src/syntax/cpp/format.ts";
import { type Preprocessed, type PreprocessOptions, preprocess } from "../../../server/src/syntax/cpp/preprocess.ts";
import { createPreprocessorCache } from "../../../server/src/syntax/cpp/state.ts";
import { type Source, sourceOfText } from "../../../server/src/text/source.ts";

export type Files = Readonly<Record<string, string>>;

export function preprocessFiles(files: Files, options: Partial<PreprocessOptions> = {}): Preprocessed {
  const sources = new Map<string, Source>(Object.entries(files).map(([path, text]) => [path, sourceOfText(text)]));
  const main = Object.keys(files)[0]!;
  return preprocess(main, sources.get(main)!, {
    mode: "c",
    cache: createPreprocessorCache(),
    readFile: (path) => sources.get(path),
    ...options,
  });
}

export function preprocessText(text: string, options: Partial<PreprocessOptions> = {}): Preprocessed {
  return preprocessFiles({ "main.c": text }, options);
}

/** The output with each run of white space as one space. */
export function expand(text: string, options: Partial<PreprocessOptions> = {}): string {
  return squeeze(formatPreprocessed(preprocessText(text, options)).text);
}

export function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** The messages as "severity: text". */
export function messagesOf(result: Preprocessed): string[] {
  return result.messages.map(({ severity, message }) => `${severity}: ${message}`);
}
