/**
 * Whole files to break: objects of every class and byte order, with relocations, versions, debug information and many
 * sections, executables, libraries, archives. Those that need a compiler are left out where there is none.
 */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listObjectsOf } from "../../../server/src/host/elf/list-objects.ts";
import { buildArchive, symbolTable, thinMagic } from "../../host/elf/build-archive.ts";
import { type Build, buildElf } from "../../host/elf/build-elf.ts";
import { findTool } from "./corpora.ts";

/** Writes the files into a folder and gives their paths; some stay where the system has them. */
export function makeSeeds(folder: string): string[] {
  const seeds: string[] = [];
  const add = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes);
    seeds.push(join(folder, name));
  };
  for (const bits of [32, 64] as const) {
    for (const isBigEndian of [false, true]) {
      for (const rela of [false, true]) {
        for (const machine of [3, 8, 21, 22, 40, 62, 183]) {
          add(
            `built-${bits}-${isBigEndian}-${rela}-${machine}.o`,
            buildElf(build({ bits, isBigEndian, rela, machine })),
          );
        }
      }
    }
  }
  add("extended.o", buildElf(build({ extendedNumbering: true })));
  const object = buildElf(build({}));
  add(
    "regular.a",
    buildArchive([
      { name: "/", data: symbolTable([["s", 80]]) },
      { name: "a.o/", data: object },
    ]),
  );
  add("bsd.a", buildArchive([{ name: "#1/8", data: Buffer.concat([Buffer.from("name.o\0\0"), object]) }]));
  const names = { name: "//", data: "built-64-false-true-62.o/\nregular.a/\n" };
  add(
    "thin.a",
    buildArchive([names, { name: "/0", size: 1 }, { name: "/26", size: 1 }, { name: "/26:88" }], thinMagic),
  );
  return [...seeds, ...compiledSeeds(folder), ...librarySeeds(folder)];
}

function build(more: Partial<Build>): Build {
  const text = { name: ".text", type: 1, flags: 6, data: new Uint8Array(64) };
  const data = { name: ".data", type: 1, flags: 3, data: new Uint8Array(64) };
  const relocations = Array.from({ length: 40 }, (_, i) => ({
    offset: BigInt((i * 4) % 60),
    symbol: 1 + (i % 5),
    type: 1 + (i % 45),
    addend: BigInt(i),
  }));
  return {
    sections: [text, data],
    symbols: [
      { name: "", type: 3, binding: 0, section: ".text" },
      { name: "", type: 3, binding: 0, section: ".data" },
      { name: "local_object", type: 1, binding: 0, section: ".data", value: 16n, size: 16n },
      { name: "global_function", type: 2, section: ".text", size: 8n },
      { name: "weak_reference", binding: 2 },
    ],
    relocations: { ".text": relocations, ".data": relocations },
    ...more,
  };
}

function compiledSeeds(folder: string): string[] {
  if (findTool("gcc") === undefined) {
    console.log("SKIPPED seeds that need a compiler: install gcc");
    return [];
  }
  const source = join(import.meta.dirname, "references.c");
  const rest = join(folder, "rest.c");
  writeFileSync(
    rest,
    "int external(const void *p, ...) { return !!p; }\nint all(int);\nint main(void) { return all(1); }\n",
  );
  const versions = join(folder, "versions");
  writeFileSync(versions, "V_1 { global: all; local: *; };\nV_2 { global: external; } V_1;\n");
  const variants: readonly (readonly [name: string, ...options: string[]])[] = [
    ["debug.o", "-g", "-c", source],
    ["compressed.o", "-g", "-gz=zlib", "-c", source],
    ["pic.o", "-fPIC", "-ffunction-sections", "-fdata-sections", "-c", source],
    ["kernel.o", "-mcmodel=kernel", "-fno-pic", "-c", source],
    ["program", source, rest],
    ["relocated", "-Wl,--emit-relocs", "-no-pie", source, rest],
    ["library.so", "-shared", "-fPIC", `-Wl,--version-script=${versions}`, source, rest],
  ];
  const made: string[] = [];
  for (const [name, ...options] of variants) {
    const path = join(folder, name);
    execFileSync("gcc", ["-O2", "-w", "-DLOCAL=static", ...options, "-o", path], { stdio: "ignore" });
    made.push(path);
  }
  return made;
}

/** A few objects out of the C libraries that are installed. */
function librarySeeds(folder: string): string[] {
  const machines = ["x86_64-linux-gnu/libc.a", "../aarch64-linux-gnu/lib/libc.a", "../s390x-linux-gnu/lib/libc.a"];
  const more = ["../powerpc-linux-gnu/lib/libc.a", "../i686-linux-gnu/lib/libc.a"];
  const made: string[] = [];
  for (const path of [...machines, ...more].map((name) => join("/usr/lib", name))) {
    if (!existsSync(path)) continue;
    const bytes = readFileSync(path);
    const { places } = listObjectsOf(path, () => {});
    for (const [index, { member }] of places.filter((_, at) => at % 400 === 3).entries()) {
      const name = join(folder, `${path.split("/").at(-3)}-${index}.o`);
      writeFileSync(name, bytes.subarray(member!.offset, member!.offset + member!.size));
      made.push(name);
    }
  }
  return made;
}
