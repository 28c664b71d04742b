/**
 * Compares the names of relocation types with readelf's, for every number on every machine: an object is made that has
 * one relocation of each.
 */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { relocationTypeName } from "../../../server/src/host/elf/relocation-types.ts";
import { buildElf } from "../../host/elf/build-elf.ts";

const machines = [
  ["x86-64", 62, 64, 0x100],
  ["i386", 3, 32, 0x100],
  ["arm64", 183, 64, 0x480],
  ["arm64, 32-bit", 183, 32, 0x100],
  ["arm", 40, 32, 0x100],
  ["riscv", 243, 64, 0x100],
  ["powerpc", 20, 32, 0x100],
  ["powerpc64", 21, 64, 0x100],
  ["s390", 22, 64, 0x100],
  ["mips", 8, 32, 0x100],
  ["loongarch", 258, 64, 0x100],
] as const;

export interface NameComparison {
  readonly compared: number;
  readonly differences: readonly string[];
  /** Types that readelf of this system is too old to know. */
  readonly unknown: readonly string[];
}

export function compareTypeNames(folder: string): NameComparison {
  const differences: string[] = [];
  const unknown: string[] = [];
  let compared = 0;
  for (const [name, machine, bits, count] of machines) {
    const relocations = Array.from({ length: count }, (_, type) => ({ offset: BigInt(type), symbol: 1, type }));
    const text = { name: ".text", type: 1, flags: 6 };
    const path = join(folder, `types-${machine}-${bits}.o`);
    const isBigEndian = machine === 21 || machine === 22;
    const build = { bits, machine, isBigEndian, sections: [text], symbols: [{ name: "s" }] };
    writeFileSync(path, buildElf({ ...build, relocations: { ".text": relocations } }));
    const output = execFileSync("readelf", ["-rW", path], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    for (const [type, theirs] of namesIn(output)) {
      // arm64's 32-bit types have the low numbers; readelf names them in 64-bit files too, where they have no meaning.
      if (machine === 183 && bits === 64 && type > 0 && type < 256) continue;
      compared++;
      const ours = relocationTypeName(machine, bits, type);
      if (ours === theirs) continue;
      const isUnknown = theirs === undefined;
      if (isUnknown && ours === `type ${type}`) continue;
      if (isUnknown) unknown.push(ours);
      else differences.push(`${name} ${type}: ours ${ours}, theirs ${theirs}`);
    }
  }
  return { compared, differences, unknown };
}

/** The type's number is the offset; its name is missing where readelf prints "unrecognized". */
function namesIn(output: string): [type: number, name: string | undefined][] {
  const rows = [...output.matchAll(/^([0-9a-f]{8,}) +[0-9a-f]+ +(\S+)/gm)];
  return rows.map((row) => [Number.parseInt(row[1]!, 16), /^R_/.test(row[2]!) ? row[2] : undefined]);
}
