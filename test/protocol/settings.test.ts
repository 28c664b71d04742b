import assert from "node:assert/strict";
import { defaultSettings, readSettings } from "../../server/src/protocol/settings.ts";

describe("settings", () => {
  it("have defaults, whatever somebody typed", () => {
    for (const section of [
      undefined,
      null,
      1,
      "x",
      [],
      { kernel: 1, navigation: 7, codeLens: "yes", inactiveCode: {} },
    ]) {
      assert.deepEqual({ ...readSettings(section), refused: [] }, defaultSettings);
    }
  });

  it("leave C to others unless the client says that there are none", () => {
    const beside = readSettings({});
    assert.deepEqual([beside.navigation, beside.inactiveCode], ["linkage", false]);
    const alone = readSettings({}, true);
    assert.deepEqual([alone.navigation, alone.inactiveCode], ["all", true]);
  });

  it("take what the user says over what is usual", () => {
    const alone = readSettings({ navigation: "off", inactiveCode: "off" }, true);
    assert.deepEqual([alone.navigation, alone.inactiveCode], ["off", false]);
    const beside = readSettings({ navigation: "all", inactiveCode: "on", codeLens: { provide: false } });
    assert.deepEqual(
      [beside.navigation, beside.inactiveCode, beside.codeLens.provide, beside.codeLens.weakDefinitions],
      ["all", true, false, true],
    );
  });

  it("name links by globs; entries without a name or a glob are passed over", () => {
    const good = { name: "boot", files: ["boot/**"] };
    const bad = [{ name: "x" }, { files: ["a"] }, { name: "", files: ["a"] }, { name: "y", files: [7, ""] }, 1, null];
    assert.deepEqual(readSettings({ linkUnits: [...bad, good] }).linkUnits, [{ ...good, isClosed: false }]);
    assert.deepEqual(readSettings({ linkUnits: { boot: "boot/**" } }).linkUnits, []);
  });

  it("refuse a pattern by its setting's name", () => {
    const long = "a".repeat(2000);
    const { exclude, linkUnits, refused } = readSettings({
      exclude: ["out/**", long],
      linkUnits: [{ name: "boot", files: ["boot/**", long], closed: true }],
    });
    assert.deepEqual([exclude, linkUnits], [["out/**"], []]);
    assert.match(refused[0]!, /^weakspot\.exclude: the pattern a+ is not used: it is longer/);
    assert.match(refused[1]!, /^weakspot\.linkUnits\.files: /);
  });

  it("say by name what is not taken, and why", () => {
    const section = {
      rules: { "weak-refrence": "off", "weak-reference": "loud" },
      fallbackForm: "rust",
      kernel: { arch: 7 },
    };
    assert.deepEqual([...readSettings(section).refused].sort(), [
      'weakspot.fallbackForm: it is "rust", and none of c, asm',
      "weakspot.kernel.arch: it is no text",
      'weakspot.rules.weak-reference: it is "loud", and none of error, warning, information, hint, off',
      "weakspot.rules.weak-refrence: there is no rule weak-refrence",
    ]);
    assert.deepEqual(readSettings({ fallbackForm: "auto" }).refused, []);
  });

  it("name the configuration and the architecture", () => {
    const { kernelConfig, kernelArch } = readSettings({ kernel: { config: "a/.config", arch: "arm64" } });
    assert.deepEqual([kernelConfig, kernelArch], ["a/.config", "arm64"]);
  });
});
