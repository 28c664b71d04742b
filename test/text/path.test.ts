import assert from "node:assert/strict";
import { leadsOutside } from "../../server/src/text/path.ts";

describe("paths", () => {
  it("lead outside by two dots alone, not by names that begin with them", () => {
    for (const path of ["..", "../a", "/a", "..\\a", "C:\\a", "C:/a"]) assert.ok(leadsOutside(path), path);
    for (const path of ["", "a", "..a", "..a/b", "a/..b", "...", "c:a"]) assert.ok(!leadsOutside(path), path);
  });
});
