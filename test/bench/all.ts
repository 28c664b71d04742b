/** `npm run bench`: every benchmark, one after the other, also where one before it is over its budget; fails where any did. */

import { spawnSync } from "node:child_process";

let status = 0;
for (const name of ["trees", "index", "latency", "script", "elf"]) {
  console.log(`\n== bench:${name}`);
  const run = spawnSync("npm", ["run", "-s", `bench:${name}`], { stdio: "inherit" });
  if (run.status !== 0) status = 1;
}
process.exitCode = status;
