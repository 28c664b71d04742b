import assert from "node:assert/strict";
import { describeCopy } from "../../server/src/features/copied-sections.ts";
import type { ImageSection } from "../../server/src/linkage/objects/image.ts";
import type { MapAssignment } from "../../server/src/syntax/map/parse-map.ts";

const data: ImageSection = {
  name: ".data",
  address: 0x2000_0000n,
  loadAddress: 0x0800_0100n,
  size: 0x1e,
  isAllocated: true,
  isLoaded: true,
  patterns: [],
  inputs: [],
  symbols: [],
};

function assigned(values: Readonly<Record<string, bigint>>): MapAssignment[] {
  return Object.entries(values).map(([symbol, value]) => ({ symbol, value, isProvide: false, tookEffect: true }));
}

const whole = { _sidata: 0x0800_0100n, _sdata: 0x2000_0000n, _edata: 0x2000_0020n };

describe("what copies a section at start", () => {
  it("are the symbols of its load address, its start and its end, which may be aligned", () => {
    assert.deepEqual(describeCopy(data, assigned(whole)), [
      "- to be copied from `_sidata` to `_sdata`, up to `_edata`",
    ]);
  });

  it("is short where the end lies before the section's", () => {
    assert.deepEqual(describeCopy(data, assigned({ ...whole, _edata: 0x2000_0010n })), [
      "- the last symbol of the script in it, `_edata`, lies 14 bytes before its end",
    ]);
  });

  it("is amiss where no symbol has the load address, as after the section was loaded from elsewhere", () => {
    assert.deepEqual(describeCopy(data, assigned({ ...whole, _sidata: 0x0800_0080n })), [
      "- no symbol of the script has its load address `0x08000100`",
    ]);
  });

  it("is nothing for what runs where it is loaded, what is not loaded, and where no map tells", () => {
    assert.deepEqual(describeCopy({ ...data, loadAddress: data.address }, assigned(whole)), []);
    assert.deepEqual(describeCopy({ ...data, isLoaded: false }, assigned(whole)), []);
    assert.deepEqual(describeCopy(data, []), []);
  });
});
