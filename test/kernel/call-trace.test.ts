/** The kernel suite's own instruments: a trace that is right is told from one that is not. */

import assert from "node:assert/strict";
import { findFrameProblem, parseCallTrace, parseSystemMap } from "./call-trace.ts";

const MAP = parseSystemMap(
  [
    "ffffffff81000000 T startup_64",
    "ffffffff81000000 T _text",
    "ffffffff81000040 t helper",
    "ffffffff81000040 t alias_of_helper",
    "ffffffff81000090 D table",
    "ffffffff810000a0 T last",
    "",
  ].join("\n"),
);

function problemOf(line: string): string | undefined {
  const frames = parseCallTrace(`Call Trace:\n <TASK>\n ${line}\n </TASK>\n`);
  assert.equal(frames.length, 1);
  return findFrameProblem(frames[0]!, MAP);
}

describe("call traces", () => {
  it("are read from the line 'Call Trace:' to the first line that is no frame", () => {
    const frames = parseCallTrace(
      [
        "Kernel panic - not syncing: No working init found.",
        "CPU: 0 PID: 1 Comm: swapper Not tainted 6.1 #1 ",
        "Call Trace:",
        " <TASK>",
        " panic+0xf3/0x24c",
        " ? rest_init+0x85/0x85",
        "[    1.234567]  kernel_init+0xf3/0xf7",
        " </TASK>",
        "Kernel Offset: disabled",
        " never+0x1/0x2",
      ].join("\r\n"),
    );
    assert.deepEqual(
      frames.map((frame) => [frame.name, frame.offset, frame.size, frame.reliable]),
      [
        ["panic", 0xf3n, 0x24cn, true],
        ["rest_init", 0x85n, 0x85n, false],
        ["kernel_init", 0xf3n, 0xf7n, true],
      ],
    );
  });

  it("hold no frames where the kernel printed none", () => {
    assert.deepEqual(parseCallTrace("Kernel panic - not syncing\n"), []);
  });

  it("are right when name and size are the map's", () => {
    assert.equal(problemOf("startup_64+0x12/0x40"), undefined);
    assert.equal(problemOf("alias_of_helper+0x50/0x50"), undefined);
  });

  it("are wrong when the name is no function, the size differs or the address lies outside", () => {
    assert.match(problemOf("nowhere+0x1/0x2")!, /no function/);
    assert.match(problemOf("table+0x1/0x10")!, /no function/);
    assert.match(problemOf("helper+0x1/0x40")!, /0x50 bytes/);
    assert.match(problemOf("helper+0x51/0x50")!, /outside/);
    assert.match(problemOf("startup_64+0xffffffff81153521/0xffffffff81a18000")!, /0x40 bytes/);
  });
});
