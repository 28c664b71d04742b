import assert from "node:assert/strict";
import { findInactiveCode } from "../../server/src/features/inactive-code.ts";
import { sourceOfText } from "../../server/src/text/source.ts";
import { kernelProgram } from "../support/kernel-program.ts";

const CONFIGURATION = "CONFIG_ON=y\nCONFIG_A=y\n";

/** The stretches of the text that are left out. */
function inactive(text: string, path = "kernel/fork.c", configuration: string | undefined = CONFIGURATION): string[] {
  const program = kernelProgram({ [path]: text }, configuration);
  return findInactiveCode(path, sourceOfText(text), program).map(({ span }) => text.slice(span.start, span.end));
}

describe("inactive code", () => {
  it("is the branches that the configuration leaves out", () => {
    assert.deepEqual(inactive("#ifdef CONFIG_ON\na\n#else\nb\nc\n#endif\nd\n"), ["b\nc"]);
    assert.deepEqual(inactive("#ifndef CONFIG_ON\na\n#elif defined(CONFIG_OFF)\nb\n#else\nc\n#endif\n"), ["a", "b"]);
    assert.deepEqual(inactive("# if IS_ENABLED(CONFIG_OFF) && X\na\n# endif\n"), ["a"]);
  });

  it("is not what hangs on other macros, nor an include guard", () => {
    assert.deepEqual(inactive("#ifndef H\n#define H\na\n#if X\nb\n#endif\n#endif\n"), []);
  });

  it("is what stands within an inactive branch, whatever it asks itself", () => {
    assert.deepEqual(inactive("#ifdef CONFIG_OFF\na\n#ifdef CONFIG_ON\nb\n#endif\nc\n#endif\n"), ["a", "b", "c"]);
    assert.deepEqual(inactive("#if 0\na\n#ifdef X\nb\n#endif\n#endif\n"), ["a", "b"]);
  });

  it("is found in assembly and linker scripts", () => {
    assert.deepEqual(inactive("#ifdef CONFIG_OFF\n.globl a\n#endif\n", "arch/x86/vdso/note.S"), [".globl a"]);
    assert.deepEqual(inactive("#ifdef CONFIG_OFF\na = .;\n#endif\n", "arch/x86/kernel/vmlinux.lds.S"), ["a = .;"]);
  });

  it("goes by directives, not by what looks like one", () => {
    assert.deepEqual(inactive("/*\n#ifdef CONFIG_OFF\n*/\na\n// \\\n#ifdef CONFIG_OFF\nb\n"), []);
    assert.deepEqual(inactive('char *s = "\\\n#if 0\\\n";\na\n'), []);
    assert.deepEqual(inactive("#ifdef CONFIG_OFF \\\n  \na\n#endif /* x */\nb\n"), ["a"]);
    assert.deepEqual(inactive("#ifdef CONFIG_OFF\r\na\r\n#endif\r\n"), ["a\r"]);
  });

  it("is none without a configuration, and none in a file that is not built at all", () => {
    const text = "#ifdef CONFIG_OFF\na\n#endif\n";
    const program = kernelProgram({ "kernel/fork.c": text });
    assert.deepEqual(findInactiveCode("kernel/fork.c", sourceOfText(text), program), []);
    assert.deepEqual(inactive(text, "kernel/t.c"), []);
    assert.deepEqual(inactive(text, "arch/arm/kernel/setup.c"), []);
  });

  it("is found in any text", () => {
    for (const text of [
      "#if",
      "#endif\n#else\n#elif\n",
      '"',
      "/*",
      "#ifdef CONFIG_OFF",
      "#if 0\n",
      "\\\n".repeat(1000),
    ]) {
      assert.doesNotThrow(() => inactive(text), JSON.stringify(text));
    }
    const deep = `${"#ifdef CONFIG_OFF\n".repeat(300)}a\n${"#endif\n".repeat(300)}`;
    assert.deepEqual(inactive(deep), ["a"]);
  });
});
