import assert from "node:assert/strict";
import { createStringTable, internString, stringOf } from "../../../server/src/linkage/index/string-table.ts";
import { letterMask, searchNames } from "../../../server/src/linkage/index/symbol-search.ts";

function search(names: readonly string[], query: string, limit = 10, isWanted = (_name: string) => true): string[] {
  const strings = createStringTable();
  for (const name of names) internString(strings, name);
  const letters = new Uint32Array(strings.count);
  for (let id = 1; id < strings.count; id++) {
    letters[id] = letterMask(strings.bytes, strings.starts[id]!, strings.starts[id + 1]!);
  }
  const matches = searchNames(strings, letters, query, limit, (id) => isWanted(stringOf(strings, id)));
  return matches.map(({ id }) => stringOf(strings, id));
}

describe("symbol search", () => {
  it("finds names that hold the letters in order", () => {
    assert.deepEqual(search(["kallsyms_lookup", "lookup_kallsyms", "klk"], "kll"), [
      "kallsyms_lookup",
      "lookup_kallsyms",
    ]);
    assert.deepEqual(search(["abc"], "cab"), []);
    assert.deepEqual(search(["abc"], "abcd"), []);
    assert.deepEqual(search(["aab"], "abb"), []);
  });

  it("puts the name itself first, then what starts with it, holds it, has its letters", () => {
    assert.deepEqual(search(["p_r_i_n_t", "xprint", "printk", "print"], "print"), [
      "print",
      "printk",
      "xprint",
      "p_r_i_n_t",
    ]);
  });

  it("puts shorter names first among equals", () => {
    assert.deepEqual(search(["print_long", "printk"], "print"), ["printk", "print_long"]);
  });

  it("finds the same names in whichever order they came", () => {
    const names = Array.from({ length: 100 }, (_, i) => `print_${String(i).padStart(2, "0")}`);
    const wanted = names.slice(0, 10);
    assert.deepEqual(search(names, "print"), wanted);
    assert.deepEqual(search([...names].reverse(), "print"), wanted);
    assert.deepEqual(
      search([...names.slice(50), ...names.slice(0, 50)], "print", 10, (name) => name !== "print_03"),
      [...wanted.filter((name) => name !== "print_03"), "print_10"],
    );
  });

  it("takes both cases for the same", () => {
    assert.deepEqual(search(["PCI_Init"], "pci_init"), ["PCI_Init"]);
    assert.deepEqual(search(["pci_init"], "PCI"), ["pci_init"]);
  });

  it("gives the best ones when there are more than the limit", () => {
    const names = Array.from({ length: 300 }, (_, i) => `${"x".repeat(i % 7)}foo${"y".repeat(i)}`);
    const all = search(names, "foo", 1000);
    assert.equal(all.length, 300);
    for (const limit of [1, 2, 10, 299]) assert.deepEqual(search(names, "foo", limit), all.slice(0, limit), `${limit}`);
  });

  it("asks whether a name is wanted", () => {
    assert.deepEqual(
      search(["foo", "foo_old"], "foo", 10, (name) => name !== "foo_old"),
      ["foo"],
    );
  });

  it("finds nothing for nothing", () => {
    assert.deepEqual(search(["foo"], ""), []);
    assert.deepEqual(search(["foo"], "foo", 0), []);
  });

  it("finds characters beyond ASCII", () => {
    assert.deepEqual(search(["größe", "grosse"], "grö"), ["größe"]);
  });
});
