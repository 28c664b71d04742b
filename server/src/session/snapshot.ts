/**
 * What is known of a tree at one moment: its links, its program, and what was concluded from them. This is the only place of a session
 * that forgets: whoever changes something says here what it was, and asks again.
 */

import type { Links } from "../linkage/links/links.ts";
import type { Program } from "../linkage/symbols/program.ts";

export interface SnapshotSource {
  /** The build files of the tree, in a list that is another one as soon as one of them changes. */
  buildFiles(): readonly string[];
  makeLinks(buildFiles: readonly string[]): Links;
  makeProgram(links: Links): Program;
}

export class Snapshot {
  readonly #source: SnapshotSource;
  #links: Links | undefined;
  /** The build files that the links were made of. */
  #buildFiles: readonly string[] | undefined;
  #program: Program | undefined;
  /** Answers by what was asked; they go with the program that gave them. */
  #conclusions: { readonly program: Program; readonly answers: Map<string, unknown> } | undefined;

  constructor(source: SnapshotSource) {
    this.#source = source;
  }

  /** The program as of now. It holds conclusions, so each change makes a new one. */
  program(): Program {
    const buildFiles = this.#source.buildFiles();
    if (buildFiles !== this.#buildFiles) this.configurationChanged();
    this.#buildFiles = buildFiles;
    this.#links ??= this.#source.makeLinks(buildFiles);
    this.#program ??= this.#source.makeProgram(this.#links);
    return this.#program;
  }

  /** The index has other facts. */
  indexChanged(): void {
    this.#program = undefined;
  }

  /** The configuration, or what the links are told by beside the tree's build files, is another one. */
  configurationChanged(): void {
    this.#links = undefined;
    this.#program = undefined;
  }

  /** Files have other texts, on disk or in a buffer. */
  textsChanged(paths: readonly string[]): void {
    const buildFiles = this.#source.buildFiles();
    if (paths.some((path) => buildFiles.includes(path))) this.#links = undefined;
    this.#program = undefined;
  }

  /** What was answered to this question since the last change; undefined where it was not asked. */
  known(question: string): { readonly answer: unknown } | undefined {
    const answers = this.#answers();
    return answers.has(question) ? { answer: answers.get(question) } : undefined;
  }

  /** The answer to a question, computed unless it was given since the last change. It is not kept where something changes meanwhile. */
  async once<T>(question: string, compute: () => Promise<T>): Promise<T> {
    const known = this.known(question);
    if (known !== undefined) return known.answer as T;
    const answers = this.#answers();
    const answer = await compute();
    if (this.#answers() === answers) answers.set(question, answer);
    return answer;
  }

  #answers(): Map<string, unknown> {
    const program = this.program();
    if (this.#conclusions?.program !== program) this.#conclusions = { program, answers: new Map() };
    return this.#conclusions.answers;
  }
}
