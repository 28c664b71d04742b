/**
 * What a changed source asks: "is this change made now?" Loaded before all else into the process of the tests and, by NODE_OPTIONS,
 * into the processes and threads that they start. It knows nothing of sources.
 *
 * `WEAKSPOT_MUTANT` is the number of the change that is made. Without it, it is noted who asked: in the process of the tests by
 * `globalThis.weakspotReached`, elsewhere in a file of `WEAKSPOT_REACHED`, with the test file that started it (`WEAKSPOT_TEST_FILE`).
 */

import { appendFileSync } from "node:fs";
import { threadId } from "node:worker_threads";

const { WEAKSPOT_REACHED: folder, WEAKSPOT_TEST_FILE: file, WEAKSPOT_MUTANT: given } = process.env;
const state = { active: given === undefined || given === "" ? -1 : Number(given) };
const noted = new Set();

globalThis.weakspotMutation = state;
globalThis.weakspotIsChanged = (id) => {
  if (state.active === id) return true;
  if (state.active !== -1) return false;
  if (globalThis.weakspotReached !== undefined) {
    globalThis.weakspotReached(id);
  } else if (folder && file && !noted.has(id)) {
    noted.add(id);
    appendFileSync(`${folder}/${process.pid}-${threadId}`, `${id}\t${file}\n`);
  }
  return false;
};
