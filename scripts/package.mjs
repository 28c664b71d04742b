// Makes the extension's package (.vsix): the same bytes from the same sources, whenever and wherever it is made. Arguments go to vsce.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const top = join(dirname(fileURLToPath(import.meta.url)), "..");

/** What npm gives the files of its packages, 1985-10-26T08:15:00Z: a package's own date would be another each time. */
const DATE = "499162500";

const vsce = ["vsce", "package", "--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"];
for (const command of [
  ["node", "scripts/extension-page.mjs"],
  ["npx", ...vsce, "--readme-path", "dist/README.md", ...process.argv.slice(2)],
]) {
  const [program, ...words] = command;
  // Zip files hold local times, and the order of their files follows the language.
  const env = { ...process.env, SOURCE_DATE_EPOCH: DATE, TZ: "UTC", LC_ALL: "C" };
  const { status } = spawnSync(program, words, {
    cwd: top,
    env,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}
