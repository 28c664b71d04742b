import assert from "node:assert/strict";
import { readFlags, splitShellWords } from "../../../server/src/syntax/cpp/flags.ts";
import { KNOWN_TARGETS, predefinedMacros } from "../../../server/src/syntax/cpp/predefined.ts";
import { expand, messagesOf, preprocessText } from "./run.ts";

describe("a compiler's command line", () => {
  it("is split as a shell does", () => {
    assert.deepEqual(splitShellWords(String.raw`a  'b c' "d \"e\" \f" g\ h -DX='"y"' ''`), [
      "a",
      "b c",
      String.raw`d "e" \f`,
      "g h",
      '-DX="y"',
      "",
    ]);
    assert.deepEqual(splitShellWords("'open"), ["open"]);
  });

  it("names folders, definitions and forced includes", () => {
    const flags = readFlags(
      "-Ia -I b -isystem s -idirafter z -iquote q -I a -DX -DY=2 -D Z=3 -UX -include k.h -O2 -o out -MF dep x.c".split(
        " ",
      ),
    );
    assert.deepEqual(flags.includePaths, ["a", "b", "s", "z"]);
    assert.deepEqual(flags.quotePaths, ["q"]);
    assert.equal(flags.definitions, "#define X 1\n#define Y 2\n#define Z 3\n#undef X\n");
    assert.deepEqual(flags.forcedIncludes, ["k.h"]);
    assert.deepEqual(flags.others, ["-O2", "x.c"]);
    assert.equal(flags.isStrict, false);
    assert.equal(readFlags(["-std=c11"]).isStrict, true);
  });

  it("can define macros with parameters", () => {
    const { definitions } = readFlags(["-DADD(a,b)=a+b"]);
    assert.equal(expand("ADD(1,2)", { definitions }), "1 +2");
  });
});

describe("the compiler's own macros", () => {
  const has = (text: string, line: string): boolean => text.split("\n").includes(line);

  it("are well-formed for every target and mode", () => {
    for (const target of [...KNOWN_TARGETS, "unheard of"]) {
      for (const mode of ["c", "assembler"] as const) {
        const predefined = predefinedMacros(target, { mode });
        assert.deepEqual(messagesOf(preprocessText("", { mode, predefined })), [], target);
        assert.equal(expand("__GNUC__ __ELF__", { mode, predefined }), "12 1");
      }
    }
  });

  it("tell the target", () => {
    const size = (target: string, flags: string[] = []): string =>
      expand("__SIZEOF_LONG__ __BYTE_ORDER__ __SIZEOF_POINTER__", {
        predefined: predefinedMacros(target, { mode: "c", flags }),
      });
    assert.equal(size("x86_64"), "8 1234 8");
    assert.equal(size("x86_64", ["-m32"]), "4 1234 4");
    assert.equal(size("s390x"), "8 4321 8");
    assert.equal(size("powerpc64", ["-mlittle-endian"]), "8 1234 8");
    assert.equal(size("mipsel", ["-EB", "-mabi=64"]), "8 4321 8");
    assert.equal(size("riscv64", ["-mabi=ilp32"]), "4 1234 4");
  });

  it("follow the flags", () => {
    const text = predefinedMacros("x86_64", {
      mode: "c",
      flags: ["-O2", "-fno-PIE", "-mno-sse", "-mcmodel=kernel", "-std=gnu11", "-fshort-wchar"],
    });
    assert.ok(has(text, "#define __OPTIMIZE__ 1"));
    assert.ok(has(text, "#define __code_model_kernel__ 1"));
    assert.ok(has(text, "#define __STDC_VERSION__ 201112L"));
    assert.ok(has(text, "#define __SIZEOF_WCHAR_T__ 2"));
    assert.ok(!/__NO_INLINE__|__PIC__|__SSE__|__code_model_small__/.test(text));
  });

  it("are others in assembly and in strict C", () => {
    assert.ok(has(predefinedMacros("x86_64", { mode: "assembler" }), "#define __ASSEMBLER__ 1"));
    assert.ok(!predefinedMacros("x86_64", { mode: "assembler" }).includes("__STDC_VERSION__"));
    assert.ok(has(predefinedMacros("x86_64", { mode: "c" }), "#define linux 1"));
    assert.ok(!has(predefinedMacros("x86_64", { mode: "c", flags: ["-std=c11"] }), "#define linux 1"));
  });
});
