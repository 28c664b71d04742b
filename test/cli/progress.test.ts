/** How far long work has come, on a terminal and in a log. */

import assert from "node:assert/strict";
import { showProgress } from "../../server/src/cli/progress.ts";

describe("progress", () => {
  it("is one line on a terminal, gone at the end", () => {
    const written: string[] = [];
    const progress = showProgress("indexing", { write: (text) => written.push(text), isTerminal: true });
    progress.update(1, 2000);
    progress.end();
    assert.deepEqual(written, ["\r\x1b[Kweakspot: indexing 1 of 2,000 files", "\r\x1b[K"]);
  });

  it("is a line every five seconds in a log, and none for what is short", () => {
    const written: string[] = [];
    let time = 0;
    const progress = showProgress("checking", {
      write: (text) => written.push(text),
      isTerminal: false,
      now: () => time,
    });
    for (time = 0; time <= 11_000; time += 1000) progress.update(time, 20_000);
    progress.end();
    assert.deepEqual(written, [
      "weakspot: checking 5,000 of 20,000 files\n",
      "weakspot: checking 10,000 of 20,000 files\n",
    ]);
  });
});
