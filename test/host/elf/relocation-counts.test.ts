import assert from "node:assert/strict";
import { relocationsOfName, relocationsOfSymbol } from "../../../server/src/host/elf/relocation-counts.ts";
import { isGotRelocation, relocationTypeName } from "../../../server/src/host/elf/relocation-types.ts";
import { type Build, type BuiltRelocation, type BuiltSymbol, buildElf } from "./build-elf.ts";
import { countBuilt, readBytes, removeTemporaryFolder } from "./temporary-files.ts";

const text = { name: ".text", type: 1, flags: 6, data: new Uint8Array(64) };
const data = { name: ".data", type: 1, flags: 3, data: new Uint8Array(64) };
const debug = { name: ".debug_info", type: 1, data: new Uint8Array(64) };

/** Section symbols for .text and .data, a local and a global symbol in .data, and an undefined one: numbers 1 to 5. */
const symbols: readonly BuiltSymbol[] = [
  { name: "", type: 3, binding: 0, section: ".text" },
  { name: "", type: 3, binding: 0, section: ".data" },
  { name: "array", type: 1, binding: 0, section: ".data", value: 16n, size: 16n },
  { name: "global", type: 1, section: ".data", value: 40n, size: 8n },
  { name: "away", binding: 2 },
];

function x86(relocations: readonly BuiltRelocation[], more: Partial<Build> = {}): Build {
  return { sections: [text, data, debug], symbols, relocations: { ".text": relocations }, ...more };
}

/** The code of an x86-64 instruction, with a displacement of zeros after the bytes, at the start of .text. */
function code(...bytes: number[]): { name: string; type: number; flags: number; data: Uint8Array } {
  const content = new Uint8Array(64);
  content.set(bytes);
  return { ...text, data: content };
}

describe("relocations", () => {
  after(removeTemporaryFolder);

  it("are counted by symbol and type, those through the GOT apart", async () => {
    const counts = await countBuilt(
      x86([
        { symbol: 5, type: 42 },
        { symbol: 5, type: 42 },
        { symbol: 5, type: 2 },
        { symbol: 4, type: 1 },
      ]),
    );
    assert.deepEqual(relocationsOfName(counts, "away"), {
      total: 3,
      got: 2,
      kinds: [
        { type: "R_X86_64_REX_GOTPCRELX", way: "direct", isGot: true, count: 2 },
        { type: "R_X86_64_PC32", way: "direct", isGot: false, count: 1 },
      ],
    });
    assert.equal(relocationsOfName(counts, "global").total, 1);
    assert.deepEqual(relocationsOfName(counts, "array"), { total: 0, got: 0, kinds: [] });
    assert.deepEqual(relocationsOfName(counts, "no such symbol"), { total: 0, got: 0, kinds: [] });
  });

  for (const bits of [32, 64] as const) {
    for (const isBigEndian of [false, true]) {
      for (const rela of [false, true]) {
        it(`are read in ${bits} bits, ${isBigEndian ? "big" : "little"}-endian, ${rela ? "with" : "without"} addends`, async () => {
          const relocations = [
            { symbol: 5, type: 10 },
            { symbol: 5, type: 10 },
            { symbol: 4, type: 26 },
          ];
          const counts = await countBuilt(x86(relocations, { bits, isBigEndian, rela, machine: 22 }));
          assert.deepEqual(counts.problems, []);
          assert.equal(relocationsOfName(counts, "away").total, 2);
          assert.equal(relocationsOfName(counts, "global").got, 1);
        });
      }
    }
  }

  for (const isBigEndian of [false, true]) {
    it(`of 64-bit MIPS, ${isBigEndian ? "big" : "little"}-endian, have three types`, async () => {
      const relocations = [
        { symbol: 5, type: 0x051807 },
        { symbol: 5, type: 19 },
      ];
      const counts = await countBuilt(x86(relocations, { machine: 8, isBigEndian }));
      const kinds = relocationsOfName(counts, "away").kinds.map(({ type, isGot }) => `${type} ${isGot}`);
      assert.deepEqual(kinds.sort(), ["R_MIPS_GOT_DISP true", "R_MIPS_GPREL16/R_MIPS_SUB/R_MIPS_HI16 false"]);
    });
  }

  it("for sections that are not loaded count only when all are asked for", async () => {
    const build = x86([{ symbol: 5, type: 1 }], {
      relocations: { ".text": [{ symbol: 5, type: 1 }], ".debug_info": [{ symbol: 5, type: 1 }] },
    });
    assert.equal(relocationsOfName(await countBuilt(build), "away").total, 1);
    assert.equal(relocationsOfName(await countBuilt(build, "all"), "away").total, 2);
  });

  it("against a section count for the local symbol that the addend leads into", async () => {
    const counts = await countBuilt(
      x86([
        { symbol: 2, type: 1, addend: 16n },
        { symbol: 2, type: 1, addend: 31n },
        { symbol: 2, type: 1, addend: 32n },
        { symbol: 2, type: 1, addend: 8n },
      ]),
    );
    assert.deepEqual(relocationsOfName(counts, "array"), {
      total: 2,
      got: 0,
      kinds: [{ type: "R_X86_64_64", way: "section", isGot: false, count: 2 }],
    });
    const [table] = counts.symbols.tables;
    assert.equal(relocationsOfSymbol(counts, table!, 2).total, 2);
  });

  it("against a section count for a global function when they are in code, and not when they are in a table", async () => {
    const functions = [...symbols, { name: "start", type: 2, section: ".text", value: 8n, size: 8n }];
    const inCode = x86([{ symbol: 1, type: 4, addend: 4n, offset: 1n }], { symbols: functions });
    assert.equal(relocationsOfName(await countBuilt(inCode), "start").total, 1);
    const inTable = x86([], { symbols: functions, relocations: { ".data": [{ symbol: 1, type: 1, addend: 8n }] } });
    assert.equal(relocationsOfName(await countBuilt(inTable), "start").total, 0);
  });

  it("of unwind tables describe a local function and do not refer to it; those of other tables do", async () => {
    const functions = [{ name: "start", binding: 0, type: 2, section: ".text", value: 8n, size: 8n }, ...symbols];
    const inTable = (name: string) =>
      x86([], {
        sections: [
          { name: ".text", type: 1, flags: 6, data: new Uint8Array(32) },
          { name: ".data", type: 1, flags: 3, data: new Uint8Array(64) },
          { name, type: 1, flags: 2, data: new Uint8Array(64) },
        ],
        symbols: functions,
        relocations: { [name]: [{ symbol: 2, type: 2, addend: 8n }] },
      });
    assert.equal(relocationsOfName(await countBuilt(inTable(".eh_frame")), "start").total, 0);
    assert.equal(relocationsOfName(await countBuilt(inTable(".rodata")), "start").total, 1);
  });

  const instructions: readonly [what: string, addend: bigint, bytes: readonly number[]][] = [
    ["lea array(%rip), %rax", 12n, [0x48, 0x8d, 0x05]],
    ["movl $5, array(%rip)", 8n, [0xc7, 0x05]],
    ["movw $5, array(%rip)", 10n, [0x66, 0xc7, 0x05]],
    ["cmpl $3, array(%rip)", 11n, [0x83, 0x3d]],
    ["testb $2, array(%rip)", 11n, [0xf6, 0x05]],
    ["notl array(%rip)", 12n, [0xf7, 0x15]],
    ["btl $3, array(%rip)", 11n, [0x0f, 0xba, 0x25]],
    ["xaddl %eax, array(%rip)", 12n, [0x0f, 0xc1, 0x05]],
    ["pinsrd $1, array(%rip), %xmm0", 11n, [0x0f, 0x3a, 0x22, 0x05]],
    ["call array", 12n, [0xe8]],
  ];
  for (const [what, addend, bytes] of instructions) {
    it(`of x86-64 code count from the end of the instruction: ${what}`, async () => {
      const relocation = { symbol: 2, type: 2, addend, offset: BigInt(bytes.length) };
      const counts = await countBuilt(x86([relocation], { sections: [code(...bytes), data, debug] }));
      assert.equal(relocationsOfName(counts, "array").total, 1);
    });
  }

  it("of x86-64 data count from the place itself", async () => {
    const relocations = { ".data": [{ symbol: 2, type: 2, addend: 16n }] };
    assert.equal(relocationsOfName(await countBuilt(x86([], { relocations })), "array").total, 1);
  });

  it("without addends have them in place", async () => {
    const content = new Uint8Array(64);
    new DataView(content.buffer).setInt32(4, 24, true);
    const build = x86([], {
      bits: 32,
      machine: 3,
      rela: false,
      sections: [text, { ...data, data: content }, debug],
      relocations: { ".data": [{ symbol: 2, type: 1, offset: 4n }] },
    });
    assert.equal(relocationsOfName(await countBuilt(build), "array").total, 1);
  });

  const armPlaces: readonly [what: string, type: number, word: number][] = [
    ["R_ARM_ABS32", 2, 16],
    ["R_ARM_MOVW_ABS_NC", 43, 0xe3000010],
    ["R_ARM_CALL", 28, 0xeb000002],
    ["R_ARM_PREL31", 42, 0x80000010],
    ["R_ARM_THM_CALL", 10, 0xf806f000],
  ];
  for (const [what, type, word] of armPlaces) {
    it(`of ARM have their addends in instructions: ${what}`, async () => {
      const content = new Uint8Array(64);
      new DataView(content.buffer).setUint32(0, word, true);
      const sections = [{ ...text, data: content }, data, debug];
      const build = x86([{ symbol: 2, type }], { bits: 32, machine: 40, rela: false, sections });
      assert.equal(relocationsOfName(await countBuilt(build), "array").total, 1);
    });
  }

  it("of linked files are resolved by address", async () => {
    const address = 0xffffffff81000000n;
    const sections = [
      { ...text, address },
      { ...data, address: address + 0x1000n },
    ];
    const linked = symbols.map((symbol) =>
      symbol.section === ".data" ? { ...symbol, value: (symbol.value ?? 0n) + address + 0x1000n } : symbol,
    );
    const relocations = { ".text": [{ symbol: 2, type: 11, addend: 20n, offset: address + 8n }] };
    const counts = await countBuilt({ fileType: 2, sections, symbols: linked, relocations });
    assert.equal(relocationsOfName(counts, "array").total, 1);
  });

  it("through a table of contents of 64-bit PowerPC count for the symbol in its entry, as the GOT", async () => {
    const toc = { name: ".toc", type: 1, flags: 3, data: new Uint8Array(16) };
    const build: Build = {
      machine: 21,
      isBigEndian: true,
      sections: [text, toc],
      symbols: [{ name: "", type: 3, binding: 0, section: ".toc" }, { name: "away" }, { name: "other" }],
      relocations: {
        ".toc": [
          { symbol: 3, type: 38, offset: 0n },
          { symbol: 2, type: 38, offset: 8n },
        ],
        ".text": [
          { symbol: 1, type: 50, addend: 8n },
          { symbol: 1, type: 64, addend: 8n },
        ],
      },
    };
    const { total, got } = relocationsOfName(await countBuilt(build), "away");
    assert.deepEqual({ total, got }, { total: 3, got: 2 });
  });

  it("in the table of addresses of 32-bit PowerPC count as the GOT", async () => {
    const sections = [text, { ...data, name: ".got2" }];
    const symbols = [{ name: "away" }];
    const relocations = { ".got2": [{ symbol: 1, type: 1 }], ".text": [{ symbol: 1, type: 10 }] };
    const build: Build = { bits: 32, machine: 20, isBigEndian: true, sections, symbols, relocations };
    const { total, got } = relocationsOfName(await countBuilt(build), "away");
    assert.deepEqual({ total, got }, { total: 2, got: 1 });
  });

  it("of symbols that do not exist are a problem and not counted", async () => {
    const counts = await countBuilt(
      x86([
        { symbol: 77, type: 1 },
        { symbol: 5, type: 1 },
      ]),
    );
    assert.match(counts.problems.join(), /1 relocations refer to symbols that do not exist/);
    assert.equal(relocationsOfName(counts, "away").total, 1);
  });

  it("whose sections overlap are read no further than the file is long", async () => {
    const count = 2000;
    const relocation = new Uint8Array(24 * 1000);
    const sections = [text, { name: ".first", type: 1, data: relocation }];
    for (let i = 0; i < count; i++) sections.push({ name: `.rela${i}`, type: 4, data: new Uint8Array(0) });
    const bytes = buildElf({ sections, symbols: [{ name: "s" }] });
    const view = new DataView(bytes.buffer);
    const headers = Number(view.getBigUint64(0x28, true));
    for (let section = 3; section < count + 3; section++) {
      const at = headers + section * 64;
      view.setBigUint64(at + 8, 2n, true);
      view.setBigUint64(at + 24, 64n, true);
      view.setBigUint64(at + 32, BigInt(relocation.length), true);
      view.setUint32(at + 40, count + 3, true);
      view.setBigUint64(at + 56, 24n, true);
    }
    const { counts, relocationProblems } = await readBytes(bytes, "all");
    assert.match(relocationProblems.join(), /overlap/);
    const read = counts[0]!.counts.reduce((sum, each) => sum + each, 0);
    assert.ok(read > 0 && read * 24 <= bytes.length, `${read} relocations`);
  });

  it("have the names of the processor supplements, and numbers where there are none", () => {
    assert.equal(relocationTypeName(62, 64, 42), "R_X86_64_REX_GOTPCRELX");
    assert.equal(relocationTypeName(183, 64, 311), "R_AARCH64_ADR_GOT_PAGE");
    assert.equal(relocationTypeName(183, 32, 26), "R_AARCH64_P32_ADR_GOT_PAGE");
    assert.equal(relocationTypeName(8, 32, 102), "R_MIPS16_GOT16");
    assert.equal(relocationTypeName(22, 64, 26), "R_390_GOTENT");
    assert.equal(relocationTypeName(62, 64, 200), "type 200");
    assert.equal(relocationTypeName(999, 64, 1), "type 1");
  });

  const machines = [
    ["x86-64", 62, 64],
    ["i386", 3, 32],
    ["arm64", 183, 64],
    ["arm64, 32-bit", 183, 32],
    ["arm", 40, 32],
    ["riscv", 243, 64],
    ["powerpc", 20, 32],
    ["powerpc64", 21, 64],
    ["s390", 22, 64],
    ["mips", 8, 32],
    ["loongarch", 258, 64],
  ] as const;
  /** What has GOT in its name and yet is not computed from the symbol's entry in the GOT, and the other way round. */
  const exceptions = {
    base: /_(GOTOFF|GOTPC|GOTOFF16|GOTOFF32|GOTOFF64|GOTPC32|GOTPC64|GOTPCDBL|GOTOFF12|GOTREL32|GOTREL64|GOTRELAX)$/,
    others: /_(GOT_OFST|RELGOT|GOTOFFFUNCDESC|PLTGOT16\w*)$/,
  };
  for (const [name, machine, bits] of machines) {
    it(`of ${name} that have GOT in their names, or thread-local entries in it, go through the GOT`, () => {
      for (let type = 0; type < 1100; type++) {
        const own = relocationTypeName(machine, bits, type & (bits === 32 && machine !== 183 ? 0xff : 0xffff));
        if (own.startsWith("type ") || /TLS|DTP|TPREL|TPOFF|GPREL/.test(own)) continue;
        const number = type & (bits === 32 && machine !== 183 ? 0xff : 0xffff);
        const expected =
          /GOT|_CALL16|_CALL_(HI|LO)16/.test(own) && !exceptions.base.test(own) && !exceptions.others.test(own);
        assert.equal(isGotRelocation(machine, bits, number), expected, own);
      }
    });
  }

  const threadLocal: readonly [machine: number, bits: 32 | 64, got: string][] = [
    [62, 64, "TLSGD TLSLD GOTTPOFF GOTPC32_TLSDESC"],
    [
      183,
      64,
      "TLSGD_ADR_PAGE21 TLSIE_ADR_GOTTPREL_PAGE21 TLSIE_LD64_GOTTPREL_LO12_NC TLSDESC_ADR_PAGE21 TLSDESC_LD64_LO12",
    ],
    [40, 32, "TLS_GD32 TLS_LDM32 TLS_IE32"],
    [243, 64, "TLS_GOT_HI20 TLS_GD_HI20 TLSDESC_HI20"],
    [21, 64, "GOT_TLSGD16_HA GOT_TPREL16_LO_DS"],
    [22, 64, "TLS_GD64 TLS_IEENT TLS_GOTIE20"],
    [8, 32, "TLS_GD TLS_LDM TLS_GOTTPREL"],
    [258, 64, "TLS_IE_PC_HI20 TLS_GD_PC_HI20 TLS_DESC_PC_HI20"],
  ];
  for (const [machine, bits, names] of threadLocal) {
    it(`for thread-local entries in the GOT count as such: ${names}`, () => {
      const found = new Set<string>();
      for (let type = 0; type < 1100; type++) {
        if (isGotRelocation(machine, bits, type)) found.add(relocationTypeName(machine, bits, type));
      }
      const prefix = relocationTypeName(machine, bits, 0).replace(/NONE$/, "");
      for (const name of names.split(" ")) assert.ok(found.has(prefix + name), name);
      for (const name of ["TPOFF32", "TLSLE_ADD_TPREL_HI12", "TPREL_HI20", "TLS_LE32"])
        assert.ok(!found.has(prefix + name));
    });
  }
});
