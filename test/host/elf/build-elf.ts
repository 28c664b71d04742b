/**
 * Makes ELF files for tests, field by field, in either class and byte order: what no compiler would write as well. It must
 * not use any of the code that reads them.
 */

export interface BuiltSection {
  readonly name: string;
  readonly type: number;
  readonly flags?: number;
  readonly address?: bigint;
  readonly data?: Uint8Array;
  /** By name, or by number. */
  readonly link?: string | number;
  readonly info?: string | number;
  readonly entrySize?: number;
}

export interface BuiltSymbol {
  readonly name: string;
  readonly binding?: number;
  readonly type?: number;
  readonly other?: number;
  /** A section by name, or st_shndx. */
  readonly section?: string | number;
  readonly value?: bigint;
  readonly size?: bigint;
}

export interface BuiltRelocation {
  readonly offset?: bigint;
  /** The number of the symbol. */
  readonly symbol: number;
  readonly type: number;
  readonly addend?: bigint;
}

export interface Build {
  readonly bits?: 32 | 64;
  readonly isBigEndian?: boolean;
  readonly fileType?: number;
  readonly machine?: number;
  readonly sections?: readonly BuiltSection[];
  /** The static symbol table; local symbols first, number 0 is made. */
  readonly symbols?: readonly BuiltSymbol[];
  /** By the name of the section that is relocated. */
  readonly relocations?: Readonly<Record<string, readonly BuiltRelocation[]>>;
  /** Relocations with addends; true unless it is said. */
  readonly rela?: boolean;
  /** Puts the number of sections, and of the section of names, into section 0, as more than 65,279 sections need it. */
  readonly extendedNumbering?: boolean;
}

/** Numbers in the byte order and class of a file. */
interface Form {
  readonly bits: 32 | 64;
  readonly little: boolean;
}

function numbers(form: Form, ...fields: readonly (readonly [size: 1 | 2 | 4 | 8 | "word", value: number | bigint])[]) {
  const view = new DataView(new ArrayBuffer(fields.length * 8));
  let at = 0;
  for (const [size, value] of fields) {
    const width = size === "word" ? form.bits / 8 : size;
    if (width === 8) view.setBigInt64(at, BigInt.asIntN(64, BigInt(value)), form.little);
    else if (width === 4) view.setInt32(at, Number(BigInt.asIntN(32, BigInt(value))), form.little);
    else if (width === 2) view.setUint16(at, Number(value), form.little);
    else view.setUint8(at, Number(value));
    at += width;
  }
  return new Uint8Array(view.buffer, 0, at);
}

/** A table of strings and where each of them is. */
export function stringTable(strings: Iterable<string>): { data: Uint8Array; at: ReadonlyMap<string, number> } {
  const at = new Map<string, number>([["", 0]]);
  const parts = [Buffer.from([0])];
  let size = 1;
  for (const string of strings) {
    if (at.has(string)) continue;
    at.set(string, size);
    const bytes = Buffer.from(`${string}\0`, "utf8");
    parts.push(bytes);
    size += bytes.length;
  }
  return { data: new Uint8Array(Buffer.concat(parts)), at };
}

/** Makes the file. Its sections are: number 0, those given, .symtab, .strtab, one .rela or .rel for each target, .shstrtab. */
export function buildElf(build: Build): Uint8Array {
  const form: Form = { bits: build.bits ?? 64, little: build.isBigEndian !== true };
  const is64 = form.bits === 64;
  const sections: BuiltSection[] = [{ name: "", type: 0 }, ...(build.sections ?? [])];
  const known = new Map<string, number>();
  let indexed = 0;
  const numberOf = (section: string | number | undefined) => {
    for (; indexed < sections.length; indexed++) known.set(sections[indexed]!.name, indexed);
    return typeof section === "string" ? (known.get(section) ?? 0) : (section ?? 0);
  };
  if (build.symbols !== undefined) {
    const names = stringTable(build.symbols.map(({ name }) => name));
    const firstGlobal = build.symbols.findIndex(({ binding }) => (binding ?? 1) !== 0);
    const entries = [{ name: "", binding: 0 }, ...build.symbols].map((symbol) =>
      symbolBytes(form, symbol, names.at.get(symbol.name)!, numberOf(symbol.section)),
    );
    const info = 1 + (firstGlobal < 0 ? build.symbols.length : firstGlobal);
    const entrySize = is64 ? 24 : 16;
    const index = entries.map((_, i) => build.symbols![i - 1]?.section).map(numberOf);
    sections.push({ name: ".symtab", type: 2, data: concat(entries), link: ".strtab", info, entrySize });
    sections.push({ name: ".strtab", type: 3, data: names.data });
    if (index.some((number, i) => needsExtended(build.symbols![i - 1]?.section, number))) {
      const data = concat(index.map((number) => numbers(form, [4, number])));
      sections.push({ name: ".symtab_shndx", type: 18, data, link: ".symtab", entrySize: 4 });
    }
  }
  const rela = build.rela !== false;
  for (const [target, relocations] of Object.entries(build.relocations ?? {})) {
    const data = concat(relocations.map((relocation) => relocationBytes(form, relocation, rela, build.machine ?? 62)));
    const entrySize = (is64 ? 8 : 4) * (rela ? 3 : 2);
    const name = `${rela ? ".rela" : ".rel"}${target}`;
    sections.push({ name, type: rela ? 4 : 9, data, link: ".symtab", info: target, entrySize });
  }
  const names = stringTable([...sections.map(({ name }) => name), ".shstrtab"]);
  sections.push({ name: ".shstrtab", type: 3, data: names.data });
  const headerSize = is64 ? 64 : 52;
  const count = sections.length;
  const body: Uint8Array[] = [];
  const headers: Uint8Array[] = [];
  let offset = headerSize;
  for (const [index, section] of sections.entries()) {
    const data = section.data ?? new Uint8Array(0);
    const isFirst = index === 0 && build.extendedNumbering === true;
    headers.push(
      numbers(
        form,
        [4, names.at.get(section.name)!],
        [4, section.type],
        ["word", section.flags ?? 0],
        ["word", section.address ?? 0n],
        ["word", index === 0 ? 0 : offset],
        ["word", isFirst ? count : data.length],
        [4, isFirst ? count - 1 : numberOf(section.link)],
        [4, numberOf(section.info)],
        ["word", 1],
        ["word", section.entrySize ?? 0],
      ),
    );
    body.push(data);
    offset += data.length;
  }
  const header = numbers(
    form,
    [2, build.fileType ?? 1],
    [2, build.machine ?? 62],
    [4, 1],
    ["word", 0],
    ["word", 0],
    ["word", offset],
    [4, 0],
    [2, headerSize],
    [2, 0],
    [2, 0],
    [2, is64 ? 64 : 40],
    [2, build.extendedNumbering ? 0 : count],
    [2, build.extendedNumbering ? 0xffff : count - 1],
  );
  const ident = Uint8Array.from([
    0x7f,
    0x45,
    0x4c,
    0x46,
    is64 ? 2 : 1,
    form.little ? 1 : 2,
    1,
    ...new Array(9).fill(0),
  ]);
  return concat([ident, header, ...body, ...headers]);
}

function needsExtended(section: string | number | undefined, number: number): boolean {
  return typeof section === "string" && number >= 0xff00;
}

function symbolBytes(form: Form, symbol: BuiltSymbol, name: number, section: number): Uint8Array {
  const info = ((symbol.binding ?? 1) << 4) | (symbol.type ?? 0);
  const shndx = needsExtended(symbol.section, section) ? 0xffff : section;
  const other = symbol.other ?? 0;
  const [value, size] = [symbol.value ?? 0n, symbol.size ?? 0n];
  if (form.bits === 64) return numbers(form, [4, name], [1, info], [1, other], [2, shndx], [8, value], [8, size]);
  return numbers(form, [4, name], [4, value], [4, size], [1, info], [1, other], [2, shndx]);
}

function relocationBytes(form: Form, relocation: BuiltRelocation, rela: boolean, machine: number): Uint8Array {
  const { offset = 0n, symbol, type, addend = 0n } = relocation;
  const info =
    form.bits === 32
      ? numbers(form, [4, (symbol << 8) | (type & 0xff)])
      : machine === 8
        ? concat([numbers(form, [4, symbol]), Uint8Array.from([0, type >> 16, type >> 8, type])])
        : numbers(form, [8, (BigInt(symbol) << 32n) | BigInt(type)]);
  return concat([numbers(form, ["word", offset]), info, rela ? numbers(form, ["word", addend]) : new Uint8Array(0)]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
