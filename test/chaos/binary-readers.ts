/** Readers of objects and archives, each with files of any size for it. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readArchiveFile } from "../../server/src/host/elf/list-objects.ts";
import { packObject } from "../../server/src/host/elf/object-symbols.ts";
import { readObject } from "../../server/src/host/elf/read-objects.ts";
import { buildArchive, symbolTable } from "../host/elf/build-archive.ts";
import { type Build, buildElf } from "../host/elf/build-elf.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

export interface BinaryReader {
  readonly name: string;
  /** Writes a file with so many of what it is about, and gives what reads it. */
  prepare(count: number): () => unknown;
}

const folder = createTemporaryFolder();
process.once("exit", () => folder[Symbol.dispose]());

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

function object(name: string, build: (count: number) => Build): BinaryReader {
  return {
    name,
    prepare(count) {
      const path = join(folder.path, `${name.replaceAll(" ", "-")}-${count}.o`);
      writeFileSync(path, buildElf(build(count)));
      return async () => {
        const read = await readObject({ path, member: undefined }, { relocations: "all" });
        return read === undefined ? undefined : packObject(read.symbols);
      };
    },
  };
}

const TEXT = { name: ".text", type: 1, data: new Uint8Array(16) };

export const binaryReaders: readonly BinaryReader[] = [
  object("elf symbols", (count) => ({
    sections: [TEXT],
    symbols: numbers(count).map((i) => ({ name: `symbol_${i}`, binding: i % 3 === 0 ? 2 : 1, section: ".text" })),
  })),
  object("elf symbols of one name", (count) => ({
    sections: [TEXT],
    symbols: numbers(count).map(() => ({ name: "same", binding: 1, section: ".text" })),
  })),
  object("elf sections", (count) => ({
    sections: numbers(count).map((i) => ({ ...TEXT, name: `.text.${i}` })),
    symbols: numbers(count).map((i) => ({ name: `s${i}`, section: i + 1 })),
  })),
  object("elf relocations", (count) => ({
    machine: 62,
    sections: [TEXT],
    symbols: [{ name: "a" }, { name: "b" }],
    relocations: { ".text": numbers(count).map((i) => ({ symbol: 1 + (i % 2), type: 2 })) },
  })),
  {
    name: "archive",
    prepare(count) {
      const path = join(folder.path, `archive-${count}.a`);
      const table = symbolTable(numbers(count).map((i) => [`symbol_${i}`, 8 + 60 * i] as const));
      const members = numbers(count).map((i) => ({ name: `m${i}.o/`, data: "" }));
      writeFileSync(path, buildArchive([{ name: "/", data: table }, ...members]));
      return () => readArchiveFile(path, () => {});
    },
  },
];
