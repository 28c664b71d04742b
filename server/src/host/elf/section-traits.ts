/** What a linker that collects garbage goes by: types, flags and groups of an object's sections. It must not know who asks. */

import type { SectionGroup, SectionTraits } from "../../linkage/objects/link-graph.ts";
import { SHF_ALLOC, SHF_EXECINSTR } from "./elf-constants.ts";
import type { SectionTable } from "./elf-headers.ts";
import { elfSymbolAt, type ObjectSymbols } from "./object-symbols.ts";
import type { Reading } from "./reading.ts";

// gABI, "Sections": types and flags that nothing else here asks for.
const SHT_NOTE = 7;
const SHT_INIT_ARRAY = 14;
const SHT_FINI_ARRAY = 15;
const SHT_PREINIT_ARRAY = 16;
const SHT_GROUP = 17;
const SHT_ARM_EXIDX = 0x7000_0001;
const SHF_LINK_ORDER = 0x80;
const SHF_GNU_RETAIN = 0x20_0000;
const GRP_COMDAT = 1;

const ARRAYS = new Set([SHT_INIT_ARRAY, SHT_FINI_ARRAY, SHT_PREINIT_ARRAY]);

export function traitsOf(table: SectionTable, index: number, group: SectionGroup | undefined): SectionTraits {
  const flags = table.flags[index]!;
  const type = table.types[index]!;
  const linkedTo = (flags & SHF_LINK_ORDER) !== 0 ? table.links[index] : undefined;
  const isLooseNote = type === SHT_NOTE && group === undefined && linkedTo === undefined;
  return {
    isAllocated: (flags & SHF_ALLOC) !== 0,
    isAlwaysKept: isLooseNote || (flags & SHF_GNU_RETAIN) !== 0,
    isArray: ARRAYS.has(type),
    isExecutable: (flags & SHF_EXECINSTR) !== 0,
    group,
    linkedTo,
    isUnwindTable: type === SHT_ARM_EXIDX,
  };
}

/** The groups of an object, by their members: a word of flags, then the members' indexes. */
export function readGroups(reading: Reading, object: ObjectSymbols): Map<number, SectionGroup> {
  const { sections, header, tables } = object;
  const groups = new Map<number, SectionGroup>();
  for (let index = 0; index < (sections?.count ?? 0); index++) {
    if (sections!.types[index] !== SHT_GROUP) continue;
    const bytes = reading.source.read(sections!.offsets[index]!, sections!.sizes[index]!);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length - (bytes.length % 4));
    const words = Array.from({ length: view.byteLength / 4 }, (_, at) =>
      view.getUint32(at * 4, header?.isBigEndian !== true),
    );
    const table = tables.find(({ kind }) => kind === "static");
    const isComdat = ((words[0] ?? 0) & GRP_COMDAT) !== 0;
    const signature =
      isComdat && table !== undefined ? elfSymbolAt(object, table, sections!.infos[index]!).name : undefined;
    const group = { members: words.slice(1), signature };
    for (const member of group.members) groups.set(member, group);
  }
  return groups;
}
