import assert from "node:assert/strict";
import { parseConfiguration, sourceArchitecture } from "../../../server/src/syntax/kbuild/configuration.ts";

describe("configurations", () => {
  it("reads y, m, numbers and strings, and leaves out what is not set", () => {
    const text =
      '#\n# Linux/x86 6.1.0 Kernel Configuration\n#\nCONFIG_A=y\nCONFIG_B=m\r\n# CONFIG_C is not set\nCONFIG_D=100\nCONFIG_E="a \\"b\\""\nCONFIG_F=n\nnoise\n';
    const { values, architecture } = parseConfiguration(text);
    assert.deepEqual(
      [...values],
      [
        ["CONFIG_A", "y"],
        ["CONFIG_B", "m"],
        ["CONFIG_D", "100"],
        ["CONFIG_E", 'a "b"'],
      ],
    );
    assert.equal(architecture, "x86");
  });

  it("knows which directory an ARCH stands for", () => {
    assert.deepEqual(["x86_64", "i386", "sparc64", "arm64"].map(sourceArchitecture), ["x86", "x86", "sparc", "arm64"]);
  });
});
