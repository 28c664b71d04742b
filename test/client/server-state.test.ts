/** What the status says of the server and of the tree. */

import assert from "node:assert/strict";
import { describeState, describeTree, stateFromStatus } from "../../client/src/server-state.ts";

describe("the status", () => {
  it("says what kind of tree it is and what answers are narrowed to", () => {
    const architectures = ["arm", "x86"];
    assert.equal(describeTree({ kind: "kernel", architectures }), "kernel, all architectures");
    const narrowed = { kind: "kernel", architecture: "x86", configuration: ".config", architectures };
    assert.equal(describeTree(narrowed), "kernel, x86, .config");
    assert.equal(describeTree({ kind: "no build known", architectures: [] }), "no build known");
    assert.equal(describeTree(undefined), "");
  });

  it("tells that indexing was stopped, and what that means", () => {
    const state = stateFromStatus({ state: "stopped", message: "Links are open." });
    assert.deepEqual(describeState(state), {
      text: "Indexing stopped",
      detail: "Links are open.",
      severity: "warning",
      busy: false,
    });
  });

  it("has it beside the counts", () => {
    const tree = { kind: "2 links", architectures: [] };
    const state = stateFromStatus({ state: "ready", files: 1200, symbols: 7, tree });
    assert.equal(describeState(state).detail, "2 links; 1,200 files, 7 symbols");
  });
});
