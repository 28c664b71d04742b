import assert from "node:assert/strict";
import { configurationMacros, synthesizeHeader } from "../../../server/src/linkage/kbuild/kernel-headers.ts";

const FILES: Readonly<Record<string, string>> = {
  Makefile: "# SPDX\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 300\nEXTRAVERSION = -rc1\nNAME = Curry Ramen\n",
  "arch/x86/include/asm/Kbuild":
    "generated-y += syscalls_64.h\n\ngeneric-y += early_ioremap.h \\\n\tmcs_spinlock.h # why\n",
  "arch/x86/include/asm/page.h": "",
  "include/asm-generic/Kbuild": "mandatory-y += page.h\nmandatory-y += hardirq.h\n",
  "include/uapi/asm-generic/Kbuild": "mandatory-y += types.h\n",
};

const header = (path: string, configuration?: string, architecture = "x86") =>
  synthesizeHeader(
    { readText: (name) => FILES[name], hasFile: (name) => FILES[name] !== undefined, architecture, configuration },
    path,
  );

describe("headers that a kernel's build makes", () => {
  it("turn a configuration into macros as Kconfig does", () => {
    const configuration = [
      "# Linux/x86 6.1.0 Kernel Configuration",
      "CONFIG_SMP=y",
      "CONFIG_E1000=m",
      'CONFIG_CC_VERSION_TEXT="gcc (Debian) \\"12\\""',
      "CONFIG_HZ=250",
      "CONFIG_PHYSICAL_START=0x1000000",
      "# CONFIG_KASAN is not set",
      "CONFIG_EMPTY=",
    ].join("\r\n");
    assert.equal(
      configurationMacros(configuration),
      [
        "#define CONFIG_SMP 1",
        "#define CONFIG_E1000_MODULE 1",
        '#define CONFIG_CC_VERSION_TEXT "gcc (Debian) \\"12\\""',
        "#define CONFIG_HZ 250",
        "#define CONFIG_PHYSICAL_START 0x1000000",
        "",
      ].join("\n"),
    );
    assert.deepEqual(header("include/generated/autoconf.h", "CONFIG_A=y\n"), {
      text: "#define CONFIG_A 1\n",
      isWhole: true,
    });
    assert.deepEqual(header("include/generated/autoconf.h"), { text: "", isWhole: true });
  });

  it("wrap generic headers that the architecture lists", () => {
    const wrapper = { text: "#include <asm-generic/mcs_spinlock.h>\n", isWhole: true };
    assert.deepEqual(header("arch/x86/include/generated/asm/mcs_spinlock.h"), wrapper);
    assert.equal(header("arch/x86/include/generated/asm/why.h"), undefined);
  });

  it("wrap mandatory headers that the architecture lacks", () => {
    const wrapper = { text: "#include <asm-generic/hardirq.h>\n", isWhole: true };
    assert.deepEqual(header("arch/x86/include/generated/asm/hardirq.h"), wrapper);
    assert.equal(header("arch/x86/include/generated/asm/page.h"), undefined);
    assert.equal(header("arch/x86/include/generated/uapi/asm/types.h")?.text, "#include <asm-generic/types.h>\n");
    assert.equal(header("arch/arm/include/generated/asm/hardirq.h"), undefined);
    assert.equal(header("arch/um/include/generated/asm/hardirq.h", undefined, "um"), undefined);
  });

  it("are empty where a program or a compiler makes them, and say so", () => {
    assert.deepEqual(header("include/generated/asm-offsets.h"), { text: "", isWhole: false });
    assert.deepEqual(header("arch/x86/include/generated/asm/syscalls_64.h"), { text: "", isWhole: false });
    assert.equal(header("include/linux/none.h"), undefined);
    assert.equal(header("include/generated/uapi/pasyms.h"), undefined);
  });

  it("tell the kernel's version", () => {
    const text = header("include/generated/uapi/linux/version.h")?.text ?? "";
    assert.match(text, /#define LINUX_VERSION_CODE 393727\n/);
    assert.match(text, /#define LINUX_VERSION_SUBLEVEL 300\n/);
    assert.deepEqual(header("include/generated/utsrelease.h"), {
      text: '#define UTS_RELEASE "6.1.300-rc1"\n',
      isWhole: false,
    });
  });
});
