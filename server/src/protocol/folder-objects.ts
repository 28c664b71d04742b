/**
 * What the build of one workspace folder adds to the answers on its documents: lines of hover, the definition that won, code
 * lenses. Without a build it adds nothing.
 */

import { resolve } from "node:path";
import {
  type ClientCapabilities,
  type CodeLens,
  CodeLensRefreshRequest,
  type Connection,
} from "vscode-languageserver/node";
import { describeLocals, describeObjects } from "../features/describe-objects.ts";
import type { Place } from "../features/navigation.ts";
import type { ObjectsReport } from "../features/objects-report.ts";
import { reportSymbol } from "../features/symbol-report.ts";
import { unitText } from "../linkage/kbuild/link-unit.ts";
import { linksOfSymbol } from "../linkage/links/built-links.ts";
import { type Objects, openObjects } from "../session/objects.ts";
import type { Session } from "../session/session.ts";
import { printable } from "../text/printable.ts";
import { findLenses } from "./lenses.ts";
import type { Settings } from "./settings.ts";

export interface FolderObjects {
  readonly objects: Objects;
  /** The images that the build's links made, as far as it was read, absolute. */
  images(): readonly string[];
  /** Starts to read the build, so that lenses come for documents that were opened before anything was known. */
  start(): void;
  /** The part of hover's text that the objects add; "" where they add nothing. */
  describe(name: string, path: string): Promise<string>;
  /** The same of a name with internal linkage in the file. */
  describeLocal(name: string, path: string): Promise<string>;
  /** Of these definitions those that the build's link took; all of them where that is not known. */
  preferWinner(name: string, path: string, definitions: readonly Place[]): Promise<readonly Place[]>;
  lenses(path: string): Promise<CodeLens[] | null>;
  settingsChanged(before: Settings, after: Settings): void;
  dispose(): Promise<void>;
}

export interface FolderObjectsContext {
  readonly connection: Connection;
  readonly capabilities: ClientCapabilities;
  readonly session: Session;
  settings(): Settings;
  /** Told of a setting that names what is not there, with what is wrong as a clause. */
  onWrongSetting(setting: string, problem: string): void;
}

/** How many declarations of each link are looked up for hover's comparison with the sources. */
const LISTED = 6;

export function openFolderObjects(given: FolderObjectsContext): FolderObjects {
  return new WatchedObjects(given);
}

class WatchedObjects implements FolderObjects {
  readonly #connection: Connection;
  readonly #capabilities: ClientCapabilities;
  readonly #session: Session;
  readonly #settings: () => Settings;
  #wasComplete = false;
  readonly objects: Objects;

  constructor({ connection, capabilities, session, settings, onWrongSetting }: FolderObjectsContext) {
    this.#connection = connection;
    this.#capabilities = capabilities;
    this.#session = session;
    this.#settings = settings;
    this.objects = openObjects(session.workspace.root, {
      buildFolder: () => settings().kernelBuild,
      mapFile: () => settings().kernelMap,
      onProblem(problem) {
        connection.console.warn(printable(`the build: ${problem}`));
        if (settings().kernelBuild !== undefined) onWrongSetting("weakspot.kernel.build", problem);
      },
      onChange: () => {
        const isComplete = this.objects.view()?.isComplete === true;
        if (isComplete && !this.#wasComplete) this.#refreshLenses();
        this.#wasComplete = isComplete;
      },
    });
  }

  images() {
    const layout = this.objects.view()?.layout;
    return (layout?.links ?? []).flatMap(({ image, map, scripts }) =>
      layout !== undefined && image !== undefined && (map !== undefined || scripts.length > 0)
        ? [resolve(layout.folder, image)]
        : [],
    );
  }

  start() {
    if (this.objects.view()?.isComplete === true) this.#refreshLenses();
  }

  async describe(name: string, path: string) {
    const built = await this.#report(name, path);
    return built === undefined ? "" : describeObjects(built);
  }

  async describeLocal(name: string, path: string) {
    return describeLocals(await this.objects.locals(name, path), name);
  }

  async preferWinner(name: string, path: string, definitions: readonly Place[]) {
    const links = this.objects.view();
    if (links === undefined || definitions.length < 2) return definitions;
    const units = new Set(await this.#session.ask((program) => program.links.unitsOf(path)));
    const all = linksOfSymbol(links, name);
    const near = all.filter(({ link }) => units.has(unitText(link.unit)));
    const winners = (near.length > 0 ? near : all).flatMap(({ linked }) => linked.winner?.object ?? []);
    const sources = new Set(await Promise.all(winners.map((object) => this.objects.sourceOf(object))));
    const won = definitions.filter((place) => sources.has(place.path));
    return won.length > 0 ? won : definitions;
  }

  async lenses(path: string) {
    if (!this.#settings().codeLens.weakReferences) return null;
    const links = this.objects.view();
    const source = await this.#session.workspace.readSource(path);
    if (source === undefined) return null;
    return this.#session.ask((program) => findLenses({ path, source, program, links }, this.#settings().codeLens));
  }

  settingsChanged(before: Settings, after: Settings) {
    if (before.kernelBuild !== after.kernelBuild || before.kernelMap !== after.kernelMap) {
      this.#wasComplete = false;
      void this.objects.reset().then(() => this.objects.view());
    }
    if (JSON.stringify(before.codeLens) !== JSON.stringify(after.codeLens)) this.#refreshLenses();
  }

  dispose() {
    return this.objects.dispose();
  }

  #refreshLenses(): void {
    if (this.#capabilities.workspace?.codeLens?.refreshSupport !== true) return;
    this.#connection.sendRequest(CodeLensRefreshRequest.type).catch((error: unknown) => {
      this.#connection.console.warn(`the client refused to refresh code lenses: ${String(error)}`);
    });
  }

  async #report(name: string, path: string): Promise<ObjectsReport | undefined> {
    if (this.objects.view() === undefined) return undefined;
    const predicted = await this.#session.ask((program) =>
      reportSymbol(name, program, { near: path, limit: LISTED, mostUsers: 0 }),
    );
    const built = await this.objects.report(name, predicted.linkUnits);
    if (built === undefined) return undefined;
    // Only the links that the file can be part of, unless the symbol is in none of them.
    const units = new Set(predicted.linkUnits.map(({ link }) => link));
    const links = built.links.filter(({ unit }) => units.has(unit));
    return links.length === 0 ? built : { ...built, links };
  }
}
