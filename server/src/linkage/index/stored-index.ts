/**
 * The index that rules and features ask: the facts of the tree's files from a fact table, with those of open buffers laid
 * over them. It keeps no text and knows no IO.
 */

import { createAttached } from "../../text/attached.ts";
import { baseName } from "../../text/path.ts";
import type { FileFacts, HandoverFact, IncludeFact, MakerFact } from "../facts/facts.ts";
import {
  type ArgumentMention,
  type HandoverMention,
  type Inclusion,
  type LinkIndex,
  type MacroMention,
  type MakerMention,
  type Mention,
  sortMentions,
} from "../facts/link-index.ts";
import { makesWhatItIsGiven } from "../macros/made-symbols.ts";
import type { FileStamp } from "./fact-batch.ts";
import { createFactTable, dropFile, type FactTable, firstRow, nextRow, putFile } from "./fact-table.ts";
import {
  createFactRows,
  languageOfNumber,
  MAKERS,
  packFacts,
  RowKind,
  rowKind,
  unpackArgument,
  unpackFacts,
  unpackHandover,
  unpackInclude,
  unpackMacro,
  unpackMaker,
  unpackSymbol,
} from "./packed-facts.ts";
import { createStringTable, findString, internString, type StringTable, stringOf } from "./string-table.ts";
import { letterMask, searchNames } from "./symbol-search.ts";
import { mayHaveWord, wordHashes } from "./word-signature.ts";

/** A link index that can be changed. Its answers are always those of the moment. */
export interface StoredIndex extends LinkIndex {
  /** Where the facts of the files on disk are. */
  readonly table: FactTable;
  /** Takes another table in the place of the one it has. */
  adoptTable(table: FactTable): void;
  /** Counts the changes, so that what was concluded from the index can be told from what must be concluded anew. */
  readonly revision: number;
  setComplete(isComplete: boolean): void;
  setChanging(isChanging: boolean): void;
  /** Puts a file's facts in the place of those the index had. */
  replaceFile(path: string, facts: FileFacts, signature: Uint32Array, stamp?: FileStamp): void;
  removeFile(path: string): void;
  /** Lays an open buffer's facts over those of the file, or takes them off. */
  setOverlay(path: string, overlay: Overlay | undefined): void;
  /** How many distinct names declarations, definitions and scripts give to symbols; what only macros make is not counted. */
  symbolCount(): number;
  /** Says that the table was changed from outside. */
  touch(): void;
}

/** What an open buffer says. */
export interface Overlay {
  readonly facts: FileFacts;
  /** The signature of its words, which few ask for. */
  signature(): Uint32Array;
}

const noStamp: FileStamp = { size: 0, stat: [0, 0], content: [0, 0] };

/** A word that is an argument in more calls than this is a type or a flag, and names no symbol. */
const CALLS_LOOKED_AT = 20;

/** Words whose files are kept until the tree changes. */
const WORDS_KEPT = 1000;

export function createIndex(): StoredIndex {
  return new TableIndex();
}

class TableIndex implements StoredIndex {
  #table: FactTable = createFactTable();
  readonly #overlays = new Map<string, Overlay>();
  #isComplete = false;
  #isChanging = false;
  #revision = 0;
  #overlayRevision = 0;
  #inclusionRevision = 0;
  #sortedPaths: readonly string[] | undefined;
  #inclusionsOfOverlays: Map<string, Inclusion[]> | undefined;
  /** Changes to makers in open buffers, and of the whole table; the table counts those of files. */
  #otherMakerChanges = 0;
  /** Which files on disk may have a word, since one of them changed: to find out, every file is looked at. */
  readonly #filesByWord = new Map<string, readonly string[]>();

  get table() {
    return this.#table;
  }

  adoptTable(other: FactTable) {
    this.#otherMakerChanges += this.#table.makerChanges + 1;
    this.#table = other;
    this.#tableChanged();
  }

  get isComplete() {
    return this.#isComplete;
  }

  get isChanging() {
    return this.#isChanging;
  }

  get revision() {
    return this.#revision;
  }

  get treeRevision() {
    return this.#revision - this.#overlayRevision;
  }

  get inclusionRevision() {
    return this.#inclusionRevision;
  }

  get fileCount() {
    let count = this.#table.fileNumbers.size;
    for (const path of this.#overlays.keys()) if (!this.#table.fileNumbers.has(path)) count++;
    return count;
  }

  mentions(name: string) {
    const found: Mention[] = [];
    this.#eachRow(name, RowKind.symbol, (row, path) => {
      found.push({ path, fact: unpackSymbol(this.#table.rows, row, this.#table.strings) });
    });
    for (const [path, { facts }] of this.#overlays) {
      for (const fact of facts.symbols) if (fact.name === name) found.push({ path, fact });
    }
    return sortMentions(found);
  }

  macros(name: string) {
    const found: MacroMention[] = [];
    this.#eachRow(name, RowKind.macro, (row, path) => {
      found.push({ path, fact: unpackMacro(this.#table.rows, row, this.#table.strings) });
    });
    for (const [path, { facts }] of this.#overlays) {
      for (const fact of facts.macros) if (fact.name === name) found.push({ path, fact });
    }
    return sortMentions(found);
  }

  get makersRevision() {
    return this.#table.makerChanges + this.#otherMakerChanges;
  }

  makers() {
    const found: MakerMention[] = [];
    this.#eachRow(MAKERS, RowKind.maker, (row, path) => {
      found.push({ path, fact: unpackMaker(this.#table.rows, row, this.#table.strings) });
    });
    for (const [path, { facts }] of this.#overlays) for (const fact of facts.makers) found.push({ path, fact });
    return sortByPath(found);
  }

  handoversTo(macro: string) {
    const found: HandoverMention[] = [];
    this.#eachRow(macro, RowKind.handover, (row, path) => {
      found.push({ path, fact: unpackHandover(this.#table.rows, row, this.#table.strings) });
    });
    for (const [path, { facts }] of this.#overlays) {
      for (const fact of facts.handovers) if (fact.name === macro) found.push({ path, fact });
    }
    return sortByPath(found);
  }

  argumentsNamed(word: string) {
    const found: ArgumentMention[] = [];
    this.#eachRow(word, RowKind.argument, (row, path) => {
      found.push({ path, fact: unpackArgument(this.#table.rows, row, this.#table.strings) });
    });
    for (const [path, { facts }] of this.#overlays) {
      for (const fact of facts.arguments) if (fact.name === word) found.push({ path, fact });
    }
    return sortMentions(found);
  }

  factsOf(path: string) {
    const overlay = this.#overlays.get(path);
    if (overlay !== undefined) return overlay.facts;
    const file = this.#table.fileNumbers.get(path);
    if (file === undefined) return undefined;
    const { files, rows, strings } = this.#table;
    const from = files.rowStart[file]!;
    return unpackFacts(languageOfNumber(files.language[file]!), rows, from, from + files.rowCount[file]!, strings);
  }

  includesOf(path: string) {
    const overlay = this.#overlays.get(path);
    if (overlay !== undefined) return overlay.facts.includes;
    const found: IncludeFact[] = [];
    this.#eachRowOf(path, (row, kind) => {
      if (kind === RowKind.include) found.push(unpackInclude(this.#table.rows, row, this.#table.strings));
    });
    return found;
  }

  languageOf(path: string) {
    const overlay = this.#overlays.get(path);
    if (overlay !== undefined) return overlay.facts.language;
    const file = this.#table.fileNumbers.get(path);
    return file === undefined ? undefined : languageOfNumber(this.#table.files.language[file]!);
  }

  filesWithWord(word: string) {
    const hashes = wordHashes(word);
    const found = this.#filesByWord.get(word) ?? this.#findFilesWithWord(word, hashes);
    if (this.#overlays.size === 0) return found;
    const all = found.filter((path) => !this.#overlays.has(path));
    for (const [path, overlay] of this.#overlays) {
      const signature = overlay.signature();
      if (hashes.every((hash) => mayHaveWord(signature, 0, signature.length, hash))) all.push(path);
    }
    return all.sort();
  }

  mayMention(path: string, word: string) {
    const hashes = wordHashes(word);
    const overlay = this.#overlays.get(path);
    if (overlay !== undefined) {
      const signature = overlay.signature();
      return hashes.every((hash) => mayHaveWord(signature, 0, signature.length, hash));
    }
    const file = this.#table.fileNumbers.get(path);
    if (file === undefined) return false;
    const { signatureStart, signatureLength } = this.#table.files;
    return hashes.every((hash) =>
      mayHaveWord(this.#table.signatures, signatureStart[file]!, signatureLength[file]!, hash),
    );
  }

  openFiles() {
    return [...this.#overlays.keys()];
  }

  filesIncluding(wanted: string) {
    const found = new Set<string>();
    this.#eachRow(wanted, RowKind.include, (_row, path) => {
      found.add(path);
    });
    for (const { path } of this.#overlaidInclusions().get(wanted) ?? []) found.add(path);
    return [...found].sort();
  }

  inclusionsOf(wanted: string) {
    const found: Inclusion[] = [];
    this.#eachRow(wanted, RowKind.include, (row, path) => {
      found.push({ path, fact: unpackInclude(this.#table.rows, row, this.#table.strings) });
    });
    found.push(...(this.#overlaidInclusions().get(wanted) ?? []));
    return found;
  }

  paths() {
    return this.#allPaths();
  }

  hasFile(path: string) {
    return this.#overlays.has(path) || this.#table.fileNumbers.has(path);
  }

  symbolNames(query: string, limit: number) {
    const ranks = new Map<string, number>();
    for (const { id, rank } of searchNames(this.#table.strings, this.#table.letters, query, limit, (id) =>
      this.#isSymbolName(id),
    )) {
      ranks.set(stringOf(this.#table.strings, id), rank);
    }
    for (const { facts } of this.#overlays.values()) {
      const { strings, letters } = namesOf(facts);
      for (const { id, rank } of searchNames(strings, letters, query, limit, () => true)) {
        ranks.set(stringOf(strings, id), rank);
      }
    }
    const names = [...ranks].sort(
      ([a, rank], [b, other]) => rank - other || Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
    return names.slice(0, limit).map(([name]) => name);
  }

  symbolCount() {
    let count = 0;
    for (let id = 0; id < this.#table.strings.count; id++) if (this.#table.letters[id] && this.#isWritten(id)) count++;
    return count;
  }

  setComplete(value: boolean) {
    if (this.#isComplete !== value) this.#revision++;
    this.#isComplete = value;
  }

  setChanging(value: boolean) {
    if (this.#isChanging !== value) this.#revision++;
    this.#isChanging = value;
  }

  replaceFile(
    path: string,
    facts: FileFacts,
    signature: Uint32Array<ArrayBufferLike>,
    stamp: FileStamp | undefined = noStamp,
  ) {
    const rows = createFactRows(0);
    packFacts(facts, rows, this.#table.strings);
    putFile(this.#table, path, { language: facts.language, stamp, rows, from: 0, to: rows.count, signature });
    this.#tableChanged();
  }

  removeFile(path: string) {
    if (dropFile(this.#table, path)) this.#tableChanged();
  }

  setOverlay(path: string, overlay: Overlay | undefined) {
    const making = this.#makingOf(path);
    const inclusions = this.#inclusionText(path);
    if (overlay !== undefined) this.#overlays.set(path, overlay);
    else if (!this.#overlays.delete(path)) return;
    // Where typing moves the makers and does nothing else to them, all that was concluded from them still holds.
    if (making !== this.#makingOf(path)) this.#otherMakerChanges++;
    this.#inclusionsOfOverlays = undefined;
    if (inclusions !== this.#inclusionText(path)) this.#inclusionsChanged();
    this.#overlayRevision++;
    this.#revision++;
  }

  touch() {
    return this.#tableChanged();
  }

  /** Calls `visit` with each row of the name and its path, save those of files with an overlay. */
  #eachRow(name: string, kind: number, visit: (row: number, path: string) => void): void {
    const id = findString(this.#table.strings, name);
    if (id === undefined) return;
    for (let row = firstRow(this.#table, id); row >= 0; row = nextRow(this.#table, row)) {
      if (rowKind(this.#table.rows.shape[row]!) !== kind) continue;
      const path = this.#table.paths[this.#table.owner[row]!]!;
      if (!this.#overlays.has(path)) visit(row, path);
    }
  }

  #filesWithHash(files: readonly number[], hash: number): number[] {
    const { signatures } = this.#table;
    const { signatureStart, signatureLength } = this.#table.files;
    const found: number[] = [];
    for (let i = 0; i < files.length; i++) {
      const file = files[i]!;
      if (mayHaveWord(signatures, signatureStart[file]!, signatureLength[file]!, hash)) found.push(file);
    }
    return found;
  }

  /** True when a declaration, a definition or a script names a symbol so now; files that once did may have changed. */
  #isWritten(id: number): boolean {
    for (let row = firstRow(this.#table, id); row >= 0; row = nextRow(this.#table, row)) {
      if (rowKind(this.#table.rows.shape[row]!) === RowKind.symbol) return true;
    }
    return false;
  }

  /** The same, or when a macro is known to make a symbol of that name. */
  #isSymbolName(id: number): boolean {
    let calls = 0;
    for (let row = firstRow(this.#table, id); row >= 0; row = nextRow(this.#table, row)) {
      const kind = rowKind(this.#table.rows.shape[row]!);
      if (kind === RowKind.symbol) return true;
      if (kind !== RowKind.argument || ++calls > CALLS_LOOKED_AT) continue;
      const call = stringOf(this.#table.strings, this.#table.rows.detail[row]!);
      if (makesWhatItIsGiven(this, call.slice(0, call.indexOf("(")))) return true;
    }
    return false;
  }

  #allPaths(): readonly string[] {
    if (this.#sortedPaths === undefined) {
      const paths = [...this.#table.fileNumbers.keys()];
      for (const path of this.#overlays.keys()) if (!this.#table.fileNumbers.has(path)) paths.push(path);
      this.#sortedPaths = paths.sort();
    }
    return this.#sortedPaths;
  }

  #tableChanged(): void {
    this.#filesByWord.clear();
    this.#revision++;
    this.#inclusionsChanged();
  }

  #inclusionsChanged(): void {
    this.#inclusionRevision++;
    this.#sortedPaths = undefined;
  }

  /** The #include lines of open buffers by the last component of their paths. */
  #overlaidInclusions(): ReadonlyMap<string, readonly Inclusion[]> {
    if (this.#inclusionsOfOverlays === undefined) {
      this.#inclusionsOfOverlays = new Map();
      for (const [path, { facts }] of this.#overlays) {
        for (const fact of facts.includes) {
          const base = baseName(fact.path);
          const alike = this.#inclusionsOfOverlays.get(base);
          if (alike === undefined) this.#inclusionsOfOverlays.set(base, [{ path, fact }]);
          else alike.push({ path, fact });
        }
      }
    }
    return this.#inclusionsOfOverlays;
  }

  /** What a file includes as it counts now, as one text; undefined where it is not there. */
  #inclusionText(path: string): string | undefined {
    if (!this.hasFile(path)) return undefined;
    return JSON.stringify(
      this.includesOf(path).map(({ path: included, angled, condition }) => [included, angled, condition]),
    );
  }

  /** What the macros of a file make as it counts now, as one text. Where in the file they stand is left out. */
  #makingOf(path: string): string {
    const { makers, handovers } = this.#overlays.get(path)?.facts ?? this.#macrosOf(path);
    const placeless = (fact: MakerFact | HandoverFact) => ({ ...fact, start: 0, end: 0 });
    return JSON.stringify([makers.map(placeless), handovers.map(placeless)]);
  }

  /** The rows of a file on disk that say what its macros make. */
  #macrosOf(path: string): Pick<FileFacts, "makers" | "handovers"> {
    const makers: MakerFact[] = [];
    const handovers: HandoverFact[] = [];
    const { rows, strings } = this.#table;
    this.#eachRowOf(path, (row, kind) => {
      if (kind === RowKind.maker) makers.push(unpackMaker(rows, row, strings));
      else if (kind === RowKind.handover) handovers.push(unpackHandover(rows, row, strings));
    });
    return { makers, handovers };
  }

  /** Calls `visit` with each row of a file on disk and its kind. */
  #eachRowOf(path: string, visit: (row: number, kind: number) => void): void {
    const file = this.#table.fileNumbers.get(path);
    if (file === undefined) return;
    const { rows, files } = this.#table;
    const from = files.rowStart[file]!;
    const to = from + files.rowCount[file]!;
    for (let row = from; row < to; row++) visit(row, rowKind(rows.shape[row]!));
  }

  /** The files on disk, sorted, whatever is open. */
  #findFilesWithWord(word: string, hashes: Int32Array): readonly string[] {
    let files = [...this.#table.fileNumbers.values()];
    // A loop over all files for each hash, with nothing else in it: most often there is one hash and no file is left.
    for (const hash of hashes) files = this.#filesWithHash(files, hash);
    const found = files.map((file) => this.#table.paths[file]!).sort();
    if (this.#filesByWord.size >= WORDS_KEPT) this.#filesByWord.clear();
    this.#filesByWord.set(word, found);
    return found;
  }
}

/** The names of symbols of an open buffer, as the search wants them; made once for each version of the buffer. */
function namesOf(facts: FileFacts): Names {
  let names = knownNames.get(facts);
  if (names === undefined) {
    const strings = createStringTable();
    for (const { name } of facts.symbols) internString(strings, name);
    const letters = new Uint32Array(strings.count);
    for (let id = 1; id < strings.count; id++) {
      letters[id] = letterMask(strings.bytes, strings.starts[id]!, strings.starts[id + 1]!);
    }
    names = { strings, letters };
    knownNames.set(facts, names);
  }
  return names;
}

interface Names {
  readonly strings: StringTable;
  readonly letters: Uint32Array;
}

const knownNames = createAttached<FileFacts, Names>();

/** By path, whichever file was read first; those of one file stay in their order. */
function sortByPath<T extends { readonly path: string }>(found: T[]): T[] {
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
