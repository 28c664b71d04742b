/**
 * Files that are made to cost as much as they can: each claims what its size, or a hole in a sparse file, seems to allow.
 */

import { closeSync, ftruncateSync, openSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { buildArchive, thinMagic } from "../../host/elf/build-archive.ts";
import { buildElf } from "../../host/elf/build-elf.ts";

export interface HostileFile {
  readonly what: string;
  readonly path: string;
}

const GIB = 2 ** 30;

/** Makes the files in a folder. They take less than 200 MB of the disk. */
export function makeHostileFiles(folder: string): HostileFile[] {
  const files: HostileFile[] = [];
  const add = (what: string, bytes: Uint8Array, size = bytes.length) => {
    const path = join(folder, `hostile-${files.length}`);
    const descriptor = openSync(path, "w");
    writeSync(descriptor, bytes);
    ftruncateSync(descriptor, size);
    closeSync(descriptor);
    files.push({ what, path });
    return path;
  };
  add("a terabyte of symbols and strings", claiming(2n, 512n * BigInt(GIB)), 1024 * GIB);
  add("a terabyte of relocations", claiming(4n, 512n * BigInt(GIB)), 1024 * GIB);
  add("two billion sections", manySections(), 1024 * GIB);
  add("half a million sections that are all relocations of everything", relocationsEverywhere());
  add("millions of symbols with one endless name", endlessNames());
  add("an archive of a billion empty members", Buffer.from("!<arch>\n"), 64 * GIB);
  add("an archive of a million members", buildArchive(Array.from({ length: 300_000 }, () => ({ name: "a.o/" }))));
  const names = Array.from({ length: 64 }, (_, i) => `${"again/".repeat(i + 1)}hostile.a/\n`).join("");
  const members = Array.from({ length: 2000 }, (_, i) => ({ name: `/${offsetOf(i % 64)}` }));
  writeFileSync(join(folder, "hostile.a"), buildArchive([{ name: "//", data: names }, ...members], thinMagic));
  symlinkSync(".", join(folder, "again"));
  files.push({ what: "a thin archive that names itself two thousand times", path: join(folder, "hostile.a") });
  return files;
}

/** Where name number i starts among names that are six letters longer each. */
function offsetOf(i: number): number {
  return 11 * i + (6 * i * (i + 1)) / 2;
}

/** Two tables that claim to be that large, one behind the other. */
function claiming(type: bigint, size: bigint): Uint8Array {
  const entrySize = 24;
  const bytes = buildElf({
    sections: [
      { name: ".symtab", type: Number(type), data: new Uint8Array(48), link: ".strtab", entrySize },
      { name: ".strtab", type: 3, data: new Uint8Array(48) },
      { name: ".dynsym", type: type === 2n ? 11 : 2, data: new Uint8Array(48), link: ".strtab", entrySize },
    ],
  });
  const view = new DataView(bytes.buffer);
  const headers = Number(view.getBigUint64(0x28, true));
  for (const section of [1, 2, 3]) view.setBigUint64(headers + section * 64 + 32, size, true);
  if (type === 4n) view.setUint32(headers + 64 + 40, 3, true);
  return bytes;
}

function manySections(): Uint8Array {
  const bytes = buildElf({ sections: [{ name: ".text", type: 1 }], extendedNumbering: true });
  const view = new DataView(bytes.buffer);
  const headers = Number(view.getBigUint64(0x28, true));
  view.setBigUint64(headers + 32, 2_000_000_000n, true);
  return bytes;
}

/** The headers are themselves what each of the sections claims to hold. */
function relocationsEverywhere(): Uint8Array {
  const small = buildElf({ sections: [{ name: ".text", type: 1 }], symbols: [{ name: "s" }], extendedNumbering: true });
  const headers = Number(new DataView(small.buffer).getBigUint64(0x28, true));
  const count = 500_000;
  const bytes = new Uint8Array(headers + count * 64);
  bytes.set(small);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(headers + 32, BigInt(count), true);
  for (let section = 5; section < count; section++) {
    const at = headers + section * 64;
    view.setUint32(at + 4, 4, true);
    view.setBigUint64(at + 8, 2n, true);
    view.setBigUint64(at + 24, 64n, true);
    view.setBigUint64(at + 32, BigInt(bytes.length - 64), true);
    view.setUint32(at + 40, 2, true);
    view.setBigUint64(at + 56, 24n, true);
  }
  return bytes;
}

function endlessNames(): Uint8Array {
  const count = 3_000_000;
  const entries = new Uint8Array(count * 24);
  const view = new DataView(entries.buffer);
  for (let i = 1; i < count; i++) view.setUint32(i * 24, i, true);
  return buildElf({
    sections: [
      { name: ".symtab", type: 2, data: entries, link: ".strtab", entrySize: 24 },
      { name: ".strtab", type: 3, data: new Uint8Array(50_000_000).fill(0x78) },
    ],
  });
}
