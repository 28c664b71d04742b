/** Objects and their symbols in one line each, for tests of links: "weak f", "global f", "weak undefined f". */

import {
  addObjects,
  bindings,
  createObjectIndex,
  DEFINED,
  type ObjectBatch,
  type ObjectIndex,
} from "../../server/src/linkage/objects/object-index.ts";

/** A batch of objects by name, each with its symbols: [binding] ["undefined"] name ["@" value]. */
export function batchOf(objects: Readonly<Record<string, readonly string[]>>): ObjectBatch {
  const strings: string[] = ["notype", ".text", "UND"];
  const rows = Object.values(objects).flat();
  const parsed = rows.map((row) => {
    const words = row.split(" ");
    const isDefined = !words.includes("undefined");
    const [name, value = "0"] = words.at(-1)!.split("@");
    const binding = bindings.findIndex((one) => one === words[0]);
    return {
      name: strings.push(name!) - 1,
      value: BigInt(value),
      flags: binding | (isDefined ? DEFINED : 0),
      isDefined,
    };
  });
  return {
    objects: Object.entries(objects).map(([object, symbols]) => ({
      object,
      identity: "1",
      modified: 1000,
      isRelocatable: object.endsWith(".o"),
      problems: [],
      rows: symbols.length,
    })),
    strings,
    names: Uint32Array.from(parsed, ({ name }) => name),
    types: new Uint32Array(rows.length),
    sections: Uint32Array.from(parsed, ({ isDefined }) => (isDefined ? 1 : 2)),
    flags: Uint32Array.from(parsed, ({ flags }) => flags),
    values: BigUint64Array.from(parsed, ({ value }) => value),
    sizes: new Float64Array(rows.length),
    relocations: Uint32Array.from(parsed, ({ isDefined }) => (isDefined ? 0 : 2)),
    gotRelocations: Uint32Array.from(parsed, ({ isDefined }) => (isDefined ? 0 : 1)),
  };
}

export function indexOf(objects: Readonly<Record<string, readonly string[]>>): ObjectIndex {
  const index = createObjectIndex();
  addObjects(index, batchOf(objects));
  return index;
}
