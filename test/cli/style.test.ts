import assert from "node:assert/strict";
import { styleFor } from "../../server/src/cli/style.ts";

describe("colours of the report", () => {
  const isColoured = (isTerminal: boolean, environment: NodeJS.ProcessEnv) =>
    styleFor(isTerminal, environment)("error", "x") !== "x";

  it("are for terminals, where nothing forbids them", () => {
    assert.equal(isColoured(true, {}), true);
    assert.equal(isColoured(false, {}), false);
    assert.equal(isColoured(true, { NO_COLOR: "1" }), false);
    assert.equal(isColoured(true, { NO_COLOR: "" }), true);
    assert.equal(isColoured(true, { TERM: "dumb" }), false);
    assert.equal(isColoured(true, { FORCE_COLOR: "0" }), false);
    assert.equal(isColoured(false, { FORCE_COLOR: "1" }), true);
  });
});
