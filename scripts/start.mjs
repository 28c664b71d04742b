// `npm start`: builds what is missing or old, then runs the command. Without arguments it checks the sample tree and shows
// what the fixes would change.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const top = join(dirname(fileURLToPath(import.meta.url)), "..");
const command = join(top, "dist/cli.cjs");

/** The time of the newest source below a folder, in milliseconds. */
function newest(folder) {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    time = Math.max(time, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return time;
}

const built = existsSync(command) ? statSync(command).mtimeMs : 0;
if (built < newest(join(top, "server/src"))) {
  const build = spawnSync(process.execPath, [join(top, "scripts/build.mjs")], { stdio: "inherit", cwd: top });
  if (build.status !== 0) process.exit(2);
}

const given = process.argv.slice(2);
const isSample = given.length === 0;
if (isSample) console.log("$ weakspot check --diff sample\n");
const run = spawnSync(
  process.execPath,
  [command, ...(isSample ? ["check", "--diff", "--no-cache", "--root", join(top, "sample")] : given)],
  {
    stdio: "inherit",
  },
);
// The sample is there to have findings; only a failure is a failure.
process.exit(isSample && run.status === 1 ? 0 : (run.status ?? 2));
