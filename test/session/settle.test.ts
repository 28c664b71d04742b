/** Computations that ask for texts: what they asked for is read, in bounded pieces, until nothing is missing. */

import assert from "node:assert/strict";
import { createTexts } from "../../server/src/linkage/facts/texts.ts";
import { settle } from "../../server/src/session/settle.ts";
import { sourceOfText } from "../../server/src/text/source.ts";

const KEPT = 1000;

describe("settling a computation", () => {
  /** Reads files that hold the name of the next one. */
  function chainReader(length: number) {
    const groups: string[][] = [];
    const read = (paths: readonly string[]) => {
      groups.push([...paths]);
      const texts = paths.map((path) => {
        const next = Number(path) + 1;
        return [path, next > length ? undefined : sourceOfText(String(next))] as const;
      });
      return Promise.resolve(new Map(texts));
    };
    return { groups, read };
  }

  it("follows what one text leads to", async () => {
    const texts = createTexts();
    const { groups, read } = chainReader(3);
    const follow = (): string => {
      let path = "1";
      for (let source = texts.source(path); source !== undefined; source = texts.source(path)) {
        path = source.slice(0, source.length);
      }
      return path;
    };
    assert.equal(await settle(texts, read, follow, KEPT), "3");
    assert.deepEqual(groups, [["1"], ["2"], ["3"]]);
  });

  it("reads thousands of files piece by piece, and lets go of what it need not keep", async () => {
    const texts = createTexts();
    const paths = Array.from({ length: 35_000 }, (_, i) => String(i));
    const seen = new Set<string>();
    let most = 0;
    const read = (wanted: readonly string[]) => {
      most = Math.max(most, paths.filter((path) => !texts.isPending(path)).length);
      return Promise.resolve(new Map(wanted.map((path) => [path, sourceOfText("text")])));
    };
    const count = (): number => {
      for (const path of paths) if (!seen.has(path) && texts.source(path) !== undefined) seen.add(path);
      return seen.size;
    };
    assert.equal(await settle(texts, read, count, KEPT), 35_000);
    assert.equal(most, 0, "what was read before is let go before more is read");
  });

  it("reads for each of two computations what that one asked for", async () => {
    const texts = createTexts();
    const asked: string[][] = [];
    const read = async (paths: readonly string[]) => {
      asked.push([...paths]);
      await new Promise((resolve) => setImmediate(resolve));
      return new Map(paths.map((path) => [path, sourceOfText(path)]));
    };
    const lengthOf = (path: string) => () => texts.source(path)?.length;
    const [one, other] = await Promise.all([
      settle(texts, read, lengthOf("one"), KEPT),
      settle(texts, read, lengthOf("other"), KEPT),
    ]);
    assert.deepEqual([one, other], [3, 5]);
    assert.deepEqual(asked, [["one"], ["other"]]);
  });

  it("rejects with the signal's reason", async () => {
    const abort = new AbortController();
    const texts = createTexts();
    const read = (paths: readonly string[]) => {
      abort.abort(new Error("no longer wanted"));
      return Promise.resolve(new Map(paths.map((path) => [path, undefined])));
    };
    await assert.rejects(
      settle(texts, read, () => texts.source("a"), KEPT, abort.signal),
      /no longer wanted/,
    );
  });

  it("rejects where texts are asked for again and again, rather than give an unfinished answer", async () => {
    const texts = createTexts();
    let run = 0;
    const restless = (): number => {
      texts.source(String(run++));
      return run;
    };
    const nothing = (paths: readonly string[]) => Promise.resolve(new Map(paths.map((path) => [path, undefined])));
    await assert.rejects(settle(texts, nothing, restless, KEPT), /again and again/);
  });
});
