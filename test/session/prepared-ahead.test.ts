/** A session in which somebody waits for answers: what takes long is done ahead, and no question waits for it. */

import assert from "node:assert/strict";
import { openSession } from "../../server/src/session/session.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

const tree = {
  "m.h": "#define MAKE(name) int name##_made\n",
  "a.c": '#include "m.h"\nMAKE(one);\nint main(void) { return one_made; }\n',
  Makefile: "prog: a.o\n\tcc -o prog a.o\n",
};

const deferred = () => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { released, release: () => release() };
};

describe("a session that prepares ahead", () => {
  it("answers with what is known while it prepares, and says that it is not complete", async () => {
    using folder = createTemporaryFolder(tree);
    const { released, release } = deferred();
    const begun = deferred();
    const session = openSession(folder.path, {
      threads: 1,
      turn() {
        begun.release();
        return released;
      },
    });
    try {
      await begun.released;
      const before = await session.ask((program) => ({
        isComplete: program.index.isComplete,
        made: program.mentionsOf("one_made").length,
        why: program.links.whyOpenAt("a.c").map(({ text }) => text),
      }));
      assert.deepEqual(before, { isComplete: false, made: 0, why: ["the build files are still being read"] });
      release();
      await session.workspace.ready;
      const after = await session.ask((program) => ({
        isComplete: program.index.isComplete,
        made: program.mentionsOf("one_made").length,
        units: program.links.unitsOf("a.c"),
      }));
      assert.equal(after.isComplete, true);
      assert.equal(after.made, 1);
      assert.deepEqual(after.units, ["target prog"]);
    } finally {
      release();
      await session.dispose();
    }
  });
});
