/**
 * Puts a real VS Code, with its web workbench and its extension host, into the cache.
 * Microsoft's own test builds come from a server that not every machine may reach. The npm package code-server carries a
 * complete VS Code server under lib/vscode; nothing else of code-server is used, and nothing is compiled.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { cachePath } from "../support/cache.ts";
import { run } from "../support/run.ts";

/** code-server's version; the VS Code in it has the same numbers with 1 in front. */
const version = process.env.WEAKSPOT_CODE_SERVER ?? "4.117.0";
const ripgrep = "@vscode/ripgrep-linux-x64@1.18.0";

/** The path of the server's entry. Takes half a minute and 600 MB of disk the first time, nothing afterwards. */
export async function installVSCode(): Promise<string> {
  const folder = cachePath(`vscode-${version}`);
  const entry = join(folder, "out/server-main.js");
  if (existsSync(entry)) return entry;

  const unfinished = await mkdtemp(`${folder}.installing-`);
  try {
    const npm = (...parameters: string[]) => run("npm", parameters, { cwd: unfinished });
    await npm("pack", "--silent", `code-server@${version}`);
    await run("tar", [
      ...["--extract", "--gzip", "--file", join(unfinished, `code-server-${version}.tgz`)],
      ...["--directory", unfinished, "--strip-components=3", "package/lib/vscode"],
    ]);
    // Its shrinkwrap does not fit its package.json, so that `npm ci` refuses.
    await npm("install", "--omit=dev", "--ignore-scripts", "--engine-strict=false", "--silent");
    await installRipgrep(unfinished);
    rmSync(join(unfinished, `code-server-${version}.tgz`));
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return entry;
}

/** Without it, searching for files never ends. The package fetches it in an install script, which did not run. */
async function installRipgrep(folder: string): Promise<void> {
  const target = join(folder, "node_modules/@vscode/ripgrep/bin/rg");
  if (existsSync(target)) return;
  const work = join(folder, "ripgrep");
  mkdirSync(work);
  const tarball = (await run("npm", ["pack", "--silent", ripgrep], { cwd: work })).trim();
  await run("tar", ["--extract", "--gzip", "--file", tarball], { cwd: work });
  mkdirSync(join(target, ".."), { recursive: true });
  copyFileSync(join(work, "package/bin/rg"), target);
  rmSync(work, { recursive: true });
}
