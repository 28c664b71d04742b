import assert from "node:assert/strict";
import {
  describeCount,
  describeItem,
  filterItems,
  groupItems,
  type LinkageViewItem,
} from "../../client/src/linkage-tree.ts";

function itemOf(symbol: string, path: string, more: Partial<LinkageViewItem> = {}): LinkageViewItem {
  return {
    kind: "weak reference",
    symbol,
    path,
    uri: `file:///${path}`,
    start: 0,
    end: 1,
    state: "undefined",
    overriders: [],
    ...more,
  };
}

const place = { path: "arch/x86/a.c", uri: "file:///arch/x86/a.c", start: 5, end: 6 };
const items = [
  itemOf("b", "kernel/k.h"),
  itemOf("a", "kernel/k.h"),
  itemOf("c", "lib/l.c", { kind: "weak definition", state: "strong", overriders: [place] }),
  itemOf("d", "x.lds", { kind: "PROVIDE", state: "provided" }),
];

describe("the items of the view Linkage", () => {
  it("are grouped by state, what needs work first, each group by name", () => {
    const groups = groupItems(items, "state").map(({ label, items: members }) => [
      label,
      members.map(({ symbol }) => symbol),
    ]);
    assert.deepEqual(groups, [
      ["Weak references, undefined", ["a", "b"]],
      ["PROVIDE, alone", ["d"]],
      ["Weak definitions, overridden", ["c"]],
    ]);
  });

  it("are grouped by directory", () => {
    assert.deepEqual(
      groupItems(items, "directory").map(({ label }) => label),
      [".", "kernel", "lib"],
    );
  });

  it("are filtered by words of symbol, path and kind", () => {
    const names = (filter: string) => filterItems(items, filter).map(({ symbol }) => symbol);
    assert.deepEqual(names("KERNEL a"), ["b", "a"]);
    assert.deepEqual(names("definition lib"), ["c"]);
    assert.deepEqual(names("  "), ["b", "a", "c", "d"]);
    assert.deepEqual(names("nothing"), []);
  });

  it("say where they are and what overrides them", () => {
    assert.equal(describeItem(items[2]!, "state"), "lib/l.c, 1 overrider");
    assert.equal(describeItem(items[0]!, "directory"), "weak reference, k.h");
    assert.equal(describeCount(2, 1500), "2 of 1,500");
    assert.equal(describeCount(3, 3), "3");
  });
});
