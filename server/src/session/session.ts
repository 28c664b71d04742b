/**
 * What the language server and the command share: an open workspace, the program made of it, and findings and fixes for one
 * file or for all. It knows no protocol types and prints nothing.
 */

import { openWorkspace, type Workspace, type WorkspaceOptions } from "../host/workspace.ts";
import { createTexts, type KnownTexts } from "../linkage/facts/texts.ts";
import { prepareIncluders } from "../linkage/index/includers.ts";
import type { Links } from "../linkage/links/links.ts";
import { makeLinks } from "../linkage/links/make-links.ts";
import type { TreeLinkSources } from "../linkage/links/target-links.ts";
import { prepareMade } from "../linkage/macros/made-symbols.ts";
import type { Narrowing } from "../linkage/symbols/narrowed-program.ts";
import { narrowProgram } from "../linkage/symbols/narrowed-program.ts";
import { createProgram, type Program } from "../linkage/symbols/program.ts";
import { findWeakeningMacros } from "../linkage/symbols/weakening-macros.ts";
import { mayHaveFindings } from "../rules/candidates.ts";
import { type CheckOptions, checkFile, createContext, type RatedFinding } from "../rules/check.ts";
import { findRule } from "../rules/registry.ts";
import type { Fix, Rule, RuleContext } from "../rules/rule.ts";
import type { Source } from "../text/source.ts";
import type { Kept } from "./keep-current.ts";
import { openNarrowing } from "./narrowing.ts";
import { type Project, type ProjectSettings, projectSeverity, readProject } from "./project-settings.ts";
import { requestSignal } from "./request-signal.ts";
import { settle } from "./settle.ts";
import { Snapshot } from "./snapshot.ts";
import { type LinkSetting, openTreeLinks } from "./tree-links.ts";

export interface SessionOptions extends WorkspaceOptions, CheckOptions {
  /** How fallbacks of objects are written; asked whenever it matters, as settings change. */
  fallbackForm?(): "c" | "asm" | undefined;
  /** The architecture that reports are narrowed to, as ARCH names it. Without it, the configuration's own, or all. */
  architecture?(): string | undefined;
  /** The configuration that reports are narrowed to: a file's path. Without it, what the tree was last configured for. */
  configuration?(): string | undefined;
  /** The links that the user names, in a tree that is no kernel; asked whenever settings may have changed. */
  linkUnits?(): readonly LinkSetting[];
  /**
   * Awaited before each step of long work. Where it is given, somebody waits for answers meanwhile: the first of that work is done
   * before the index says that it is complete, and no question waits for it.
   */
  turn?(): Promise<unknown>;
  /** Follows the configuration's file, or the compile database, as it changes, until the session is disposed of. */
  readonly watchesConfiguration?: boolean;
}

/** The findings of one file and the context in which they were made, from which fixes are made. */
export interface CheckedFile {
  readonly path: string;
  readonly findings: readonly RatedFinding[];
  readonly context: RuleContext;
}

/** A fix with the texts that its edits were made for, by path. New files have none. */
export interface OfferedFix extends Fix {
  readonly bases: ReadonlyMap<string, Source>;
}

export interface Session {
  readonly workspace: Workspace;
  /** What the tree's own file of settings says. The options of the session go before it. */
  readonly project: Project;
  /** Checks a file as it is now, or as the open buffer has it. undefined where it can't be read or is no text. */
  check(path: string, signal?: AbortSignal): Promise<CheckedFile | undefined>;
  /** Checks the whole tree; files without findings are left out. */
  checkAll(
    isWanted: (path: string) => boolean,
    signal?: AbortSignal,
    onProgress?: (done: number, total: number) => void,
  ): Promise<CheckedFile[]>;
  /** The fixes of a finding, refused ones included. */
  fixes(checked: CheckedFile, finding: RatedFinding): Promise<readonly OfferedFix[]>;
  /** Fixes for many findings of one file at once, a set for each rule. */
  fixAll(checked: CheckedFile, findings: readonly RatedFinding[]): Promise<readonly OfferedFix[]>;
  /**
   * Of the files that the fixes edit those that hold another text by now, on disk or in a buffer, and of those that they make those
   * that are there. They are read anew, so that a fix that is asked for again fits them.
   */
  refreshStale(fixes: readonly OfferedFix[]): Promise<readonly string[]>;
  /**
   * Runs a pure computation over the program, reading what it asks for. The program is narrowed to the configuration, if
   * there is one; its `everywhere` is not.
   */
  ask<T>(compute: (program: Program) => T, signal?: AbortSignal): Promise<T>;
  /** The same of each of some paths: what was whole at once is not computed again with those that ask for more. */
  askEach<T>(
    paths: readonly string[],
    compute: (path: string, program: Program) => T,
    signal?: AbortSignal,
  ): Promise<readonly T[]>;
  /**
   * Does ahead what questions would wait for: the build files of all architectures are read and followed, in steps of some
   * milliseconds. Resolves when nothing is left of it.
   */
  prepare(): Promise<void>;
  /** Gives the text of an open buffer, which counts instead of the file, or takes it away. */
  setOverlay(path: string, source: Source | undefined): void;
  /** Reads the configuration anew: settings have changed. */
  reconfigure(): Promise<void>;
  /** Forgets the text of files that changed on disk or in a buffer. */
  forget(paths: readonly string[]): void;
  dispose(): Promise<void>;
}

/** The options with what the tree's own file says where they say nothing. */
function withProject(given: SessionOptions, project: ProjectSettings): SessionOptions {
  return {
    ...given,
    exclude: [...project.exclude, ...(given.exclude ?? [])],
    fallbackForm: () => given.fallbackForm?.() ?? project.fallbackForm,
    architecture: () => given.architecture?.() ?? project.kernelArch,
    configuration: () => given.configuration?.() ?? project.kernelConfig,
    linkUnits: () => {
      const named = given.linkUnits?.() ?? [];
      return named.length > 0 ? named : project.linkUnits;
    },
    severityOf: (rule, path) => given.severityOf?.(rule, path) ?? projectSeverity(project, rule.id, path),
  };
}

/** Texts of other files are kept between two questions up to this many UTF-16 units. */
const KEPT_UNITS = 64 * 1024 * 1024;

/** Files are checked in groups, between which progress is told and texts are let go. */
const CHECKED_AT_ONCE = 16;

/** Some milliseconds of work; false once nothing is left of it. */
type Step = (known: Program) => boolean;

/** What answers about most files take. */
const FIRST_STEPS: readonly Step[] = [
  (known) => prepareMade(known.index),
  (known) => prepareIncluders(known.index),
  (known) => known.links.prepare("usual"),
];

/** The same, and what is asked more seldom. */
const ALL_STEPS: readonly Step[] = [
  ...FIRST_STEPS,
  (known) => known.links.prepare("all"),
  (known) => {
    findWeakeningMacros(known);
    return false;
  },
];

/** Opens a workspace and starts to index it. Throws when the root is not there. */
export function openSession(root: string, given: SessionOptions = {}): Session {
  return new TreeSession(root, given);
}

class TreeSession implements Session {
  readonly project: Project;
  readonly #options: SessionOptions;
  readonly workspace: Workspace;
  readonly #texts: KnownTexts = createTexts();
  readonly #narrowing: Kept<Narrowing | undefined>;
  readonly #links: Kept<TreeLinkSources>;
  readonly #snapshot = new Snapshot({
    buildFiles: () => this.workspace.buildFiles,
    makeLinks: (buildFiles) => this.#makeLinks(buildFiles),
    makeProgram: (links) => this.#makeProgram(links),
  });
  #preparing: Promise<void> | undefined;
  #isDisposed = false;

  constructor(root: string, given: SessionOptions = {}) {
    this.project = readProject(root);
    this.#options = withProject(given, this.project.settings);
    this.workspace = openWorkspace(root, {
      ...this.#options,
      onChange: () => {
        this.#snapshot.indexChanged();
        this.#options.onChange?.();
      },
      ...(this.#options.turn === undefined ? {} : { beforeComplete: () => this.#doInSteps(FIRST_STEPS) }),
    });
    this.#narrowing = openNarrowing(this.workspace.root, {
      architecture: () => this.#options.architecture?.(),
      configuration: () => this.#options.configuration?.(),
      // What a tree's own file names is trusted no more than the tree.
      mustBeBelow: () => given.configuration?.() === undefined,
      isWatched: this.#options.watchesConfiguration ?? false,
      onProblem: (problem) => this.#options.onProblem?.(problem),
      onChange: () => {
        this.#snapshot.configurationChanged();
        this.#options.onChange?.();
      },
    });
    this.#links = openTreeLinks(this.workspace.root, {
      linkUnits: () => this.#options.linkUnits?.() ?? [],
      isWatched: this.#options.watchesConfiguration ?? false,
      onProblem: (problem) => this.#options.onProblem?.(problem),
      onChange: () => {
        this.#snapshot.configurationChanged();
        this.#options.onChange?.();
      },
    });
  }

  async checkAll(
    isWanted: (path: string) => boolean,
    signal: AbortSignal | undefined,
    onProgress: ((done: number, total: number) => void) | undefined,
  ) {
    await orAborted(this.workspace.ready, signal);
    const paths = await this.ask((known) => this.#findCandidates(known, isWanted), signal);
    const found: CheckedFile[] = [];
    for (let done = 0; done < paths.length; done += CHECKED_AT_ONCE) {
      onProgress?.(done, paths.length);
      const some = paths.slice(done, done + CHECKED_AT_ONCE);
      const checked = await this.ask(
        this.#eachOnce(some, (path, known) => this.#checkNow(path, known)),
        signal,
      );
      for (const file of checked) if (file !== undefined && file.findings.length > 0) found.push(file);
    }
    return found;
  }

  fixes(checked: CheckedFile, finding: RatedFinding) {
    return this.#askOf(checked, "fixes", [finding], (known) => {
      const rule = findRule(finding.rule);
      return rule === undefined
        ? []
        : this.#guarded(rule, checked.path, () => rule.fixes?.(finding, this.#fixContext(checked, known)));
    });
  }

  fixAll(checked: CheckedFile, findings: readonly RatedFinding[]) {
    return this.#askOf(checked, "fixAll", findings, (known) => {
      const context = this.#fixContext(checked, known);
      const byRule = new Map<Rule, RatedFinding[]>();
      for (const finding of findings) {
        const rule = findRule(finding.rule);
        if (rule !== undefined) byRule.set(rule, [...(byRule.get(rule) ?? []), finding]);
      }
      return [...byRule].flatMap(([rule, these]) =>
        this.#guarded(rule, checked.path, () => rule.fixAll?.(these, context)),
      );
    });
  }

  prepare() {
    this.#preparing ??= this.#doInSteps(ALL_STEPS).finally(() => {
      this.#preparing = undefined;
    });
    return this.#preparing;
  }

  setOverlay(path: string, source: Source | undefined) {
    this.workspace.setOverlay(path, source);
    this.forget([path]);
  }

  async reconfigure() {
    await Promise.all([this.#narrowing.reload(), this.#links.reload()]);
  }

  async dispose() {
    this.#isDisposed = true;
    this.#narrowing.close();
    this.#links.close();
    await this.workspace.dispose();
  }

  #makeLinks(buildFiles: readonly string[]): Links {
    return makeLinks(this.workspace.index, this.#texts, buildFiles, {
      architecture: this.#narrowing.current?.architecture,
      links: this.#links.current,
      isPreparedAhead: this.#options.turn !== undefined,
      includeFolders: this.project.settings.includeFolders,
    });
  }

  #makeProgram(links: Links): Program {
    const everywhere = createProgram(this.workspace.index, this.#texts, links, this.#options.fallbackForm?.() ?? "c");
    return this.#narrowing.current === undefined ? everywhere : narrowProgram(everywhere, this.#narrowing.current);
  }

  async ask<T>(compute: (program: Program) => T, signal?: AbortSignal): Promise<T> {
    await this.#narrowing.ready;
    await this.#links.ready;
    const readSources = (paths: readonly string[]) => this.workspace.readSources(paths);
    const answer = await settle(
      this.#texts,
      readSources,
      () => compute(this.#snapshot.program()),
      KEPT_UNITS,
      signal ?? requestSignal(),
    );
    this.#texts.trim(KEPT_UNITS);
    return answer;
  }

  #findCandidates(known: Program, isWanted: (path: string) => boolean): string[] {
    const paths: string[] = [];
    for (const path of this.workspace.index.paths()) {
      if (!isWanted(path)) continue;
      const facts = this.workspace.index.factsOf(path);
      if (facts !== undefined && mayHaveFindings(facts, known)) paths.push(path);
    }
    return paths;
  }

  check(path: string, signal?: AbortSignal): Promise<CheckedFile | undefined> {
    return this.#snapshot.once(`check ${path}`, () => this.ask((known) => this.#checkNow(path, known), signal));
  }

  /** Asks about findings of a checked file; once, where the file was checked since the last change. */
  #askOf<T>(
    checked: CheckedFile,
    what: string,
    findings: readonly RatedFinding[],
    compute: (known: Program) => T,
  ): Promise<T> {
    if (this.#snapshot.known(`check ${checked.path}`)?.answer !== checked) return this.ask(compute);
    const places = findings.map(({ rule, span }) => `${rule}@${span.start}`);
    return this.#snapshot.once(`${what} ${checked.path} ${places.join(" ")}`, () => this.ask(compute));
  }

  askEach<T>(
    paths: readonly string[],
    compute: (path: string, program: Program) => T,
    signal?: AbortSignal,
  ): Promise<readonly T[]> {
    return this.ask(this.#eachOnce(paths, compute), signal);
  }

  /** Computes something of each of some paths; what was whole at once is not computed again with those that want more texts. */
  #eachOnce<T>(paths: readonly string[], compute: (path: string, known: Program) => T): (known: Program) => T[] {
    const whole = new Map<string, T>();
    let wholeOf: Program | undefined;
    return (known) => {
      if (wholeOf !== known) whole.clear();
      wholeOf = known;
      return paths.map((path) => {
        if (whole.has(path)) return whole.get(path)!;
        const before = this.#texts.pendingCount();
        const answer = compute(path, known);
        if (this.#texts.pendingCount() === before) whole.set(path, answer);
        return answer;
      });
    };
  }

  #checkNow(path: string, known: Program): CheckedFile | undefined {
    const source = this.#texts.source(path);
    if (source === undefined) return undefined;
    const context = createContext(path, source, known);
    return { path, findings: checkFile(context, this.#options), context };
  }

  /** What fixes are judged by: the file and the tree in every configuration, whatever one was reported on. */
  #fixContext({ path, context }: CheckedFile, known: Program): RuleContext {
    return createContext(path, context.source, known.everywhere);
  }

  /** An exception in a rule costs its fixes and nothing else. */
  #guarded(rule: Rule, path: string, compute: () => readonly Fix[] | undefined): readonly OfferedFix[] {
    try {
      return (compute() ?? []).map((fix) => ({ ...fix, bases: this.#basesOf(fix) }));
    } catch (error) {
      this.#options.onFailure?.(rule, path, error);
      return [];
    }
  }

  #basesOf({ edits }: Fix): ReadonlyMap<string, Source> {
    const bases = new Map<string, Source>();
    for (const edit of edits) {
      const source = "create" in edit ? undefined : this.#texts.source(edit.path);
      if (source !== undefined) bases.set(edit.path, source);
    }
    return bases;
  }

  async refreshStale(fixes: readonly OfferedFix[]): Promise<readonly string[]> {
    const bases = new Map<string, Source | undefined>();
    for (const fix of fixes) for (const { path } of fix.edits) bases.set(path, fix.bases.get(path));
    const now = await this.workspace.readSources([...bases.keys()]);
    const stale = [...bases].filter(([path, base]) => !isSameText(base, now.get(path))).map(([path]) => path);
    if (stale.length > 0) {
      this.forget(stale);
      await this.workspace.refresh(stale);
    }
    return stale;
  }

  async #doInSteps(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      do {
        await this.#options.turn?.();
        if (this.#isDisposed) return;
      } while (await this.ask(step));
    }
  }

  forget(paths: readonly string[]): void {
    for (const path of paths) this.#texts.forget(path);
    this.#snapshot.textsChanged(paths);
  }
}

/** What is waited for, or the signal's reason as soon as that is aborted. */
function orAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function isSameText(one: Source | undefined, other: Source | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return one === other;
  return one.length === other.length && one.slice(0, one.length) === other.slice(0, other.length);
}
