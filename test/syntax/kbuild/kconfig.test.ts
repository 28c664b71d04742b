import assert from "node:assert/strict";
import { describeGuard } from "../../../server/src/syntax/kbuild/describe-guard.ts";
import { symbolGuard, VALUE_M, VALUE_N, VALUE_OTHER, VALUE_Y } from "../../../server/src/syntax/kbuild/guard.ts";
import {
  areAlternatives,
  kconfigSymbols,
  possibleValues,
  refineGuard,
  typeOfSymbol,
} from "../../../server/src/syntax/kbuild/kconfig.ts";

function read(files: Readonly<Record<string, string>>, architectures = ["x86"]) {
  return kconfigSymbols({ readText: (path) => files[path], architectures });
}

describe("Kconfig", () => {
  it("knows of which choice a symbol is a member, wherever it stands in it, and nothing else", () => {
    const symbols = read({
      Kconfig: `config A
	bool
choice
	prompt "one of them"
config B
	bool "b"
if A
config C
	bool "c"
endif
source "more"
endchoice
choice
config E
	bool "e"
config F
	bool "f"
endchoice
config F
	bool
config G
	bool
`,
      more: 'config D\n\tbool "d"\n',
    });
    const pairs = ["B C", "C B", "B D", "CONFIG_B CONFIG_C"];
    const others = ["B B", "A B", "B E", "E F", "A G", "B H", "H I"];
    const answer = (pair: string) => areAlternatives(symbols, pair.split(" ")[0]!, pair.split(" ")[1]!);
    assert.deepEqual(
      pairs.map(answer),
      pairs.map(() => true),
    );
    assert.deepEqual(
      others.map(answer),
      others.map(() => false),
    );
  });

  it("reads types, with prompts, defaults and def_bool", () => {
    const symbols = read({
      Kconfig:
        'config A\n\tbool "a"\nconfig B\n\ttristate "b" if A\nconfig C\n\tdef_bool y\nconfig D\n\tint "d"\nmenuconfig E\n\tdef_tristate m\nconfig F\n\tstring\n',
    });
    assert.deepEqual(
      ["A", "B", "C", "D", "E", "F", "G"].map((name) => typeOfSymbol(symbols, name)),
      ["bool", "tristate", "bool", "int", "tristate", "string", undefined],
    );
  });

  it("takes nothing out of help texts", () => {
    const symbols = read({
      Kconfig:
        "config A\n\tbool\n\thelp\n\t  Say y.\n\n\t  config B\n\t  bool\nconfig C\n\ttristate\n\t---help---\n\t  if so\nconfig D\n\tbool\n",
    });
    assert.deepEqual([...symbols.keys()], ["A", "C", "D"]);
    assert.deepEqual(symbols.get("D")?.[0]?.dependsOn, []);
  });

  it("collects what an entry depends on, the menus and ifs around it included, and what it selects", () => {
    const symbols = read({
      Kconfig:
        'if A\nmenu "m"\n\tdepends on B || C\nconfig D\n\tbool "d"\n\tdepends on E && \\\n\t\tF\n\tselect G\n\tselect H if I\nendmenu\nendif\nconfig J\n\tbool\n',
    });
    assert.deepEqual(symbols.get("D")?.[0]?.dependsOn, ["A", "B || C", "E && F"]);
    assert.deepEqual(symbols.get("D")?.[0]?.selects, [
      { symbol: "G", condition: undefined },
      { symbol: "H", condition: "I" },
    ]);
    assert.deepEqual(symbols.get("J")?.[0]?.dependsOn, []);
  });

  it("follows source, for one architecture or all", () => {
    const files = {
      Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\nif Z\nsource "lib/Kconfig" # comment\nendif\nsource "gone/Kconfig"\n',
      "arch/x86/Kconfig": "config X\n\tbool\n",
      "arch/arm/Kconfig": "config ARM\n\tbool\n",
      "lib/Kconfig": 'rsource "sub/Kconfig"\nconfig L\n\tbool\n',
      "lib/sub/Kconfig": "config S\n\tbool\n",
    };
    assert.deepEqual([...read(files).keys()], ["X", "S", "L"]);
    assert.deepEqual(read(files).get("S")?.[0]?.dependsOn, ["Z"]);
    assert.deepEqual([...read(files, ["x86", "arm"]).keys()], ["X", "ARM", "S", "L"]);
  });

  it("says which values a symbol can have", () => {
    const symbols = read({ Kconfig: "config A\n\tbool\nconfig B\n\ttristate\nconfig D\n\tint\n" });
    assert.deepEqual(
      ["CONFIG_A", "CONFIG_B", "CONFIG_D", "CONFIG_Z"].map((name) => possibleValues(symbols, name)),
      [VALUE_N | VALUE_Y, VALUE_N | VALUE_Y | VALUE_M, VALUE_N | VALUE_OTHER, VALUE_N],
    );
  });

  it("takes out of a guard what can't be", () => {
    const possible = () => VALUE_N | VALUE_Y;
    assert.equal(describeGuard(refineGuard(symbolGuard("A", VALUE_M), possible)), "never");
    assert.equal(describeGuard(refineGuard(symbolGuard("A", VALUE_Y | VALUE_M | VALUE_OTHER), possible)), "A=y");
    assert.equal(describeGuard(refineGuard(symbolGuard("A", VALUE_N | VALUE_Y | VALUE_M), possible)), "");
  });

  it("takes any text, and files that source themselves", () => {
    assert.ok(read({ Kconfig: 'config\nendif\nsource "Kconfig"\nbool\nconfig A\nconfig A\n\t\\' }).has("A"));
  });
});
