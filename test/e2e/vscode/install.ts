/**
 * Puts a real VS Code, with its web workbench and its extension host, into the cache.
 * Microsoft's own test builds come from a server that not every machine may reach. The npm package code-server carries a
 * complete VS Code server under lib/vscode; nothing else of code-server is used, and nothing is compiled.
 */
import { existsSync } from "node:fs";
import { cp, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cachedFolder } from "../../support/cached-folder.ts";
import { runOrThrow } from "../../support/run-program.ts";

/** code-server's version; the VS Code in it has the same numbers with 1 in front. */
const version = process.env.WEAKSPOT_CODE_SERVER ?? "4.117.0";
const ripgrep = "@vscode/ripgrep-linux-x64@1.18.0";

/** The path of the server's entry. Takes half a minute and 600 MB of disk the first time, nothing afterwards. */
export async function installVSCode(): Promise<string> {
  const folder = await cachedFolder(`vscode-${version}`, async (unfinished) => {
    await unpackPackage(`code-server@${version}`, "package/lib/vscode", unfinished);
    // Its shrinkwrap does not fit its package.json, so that `npm ci` refuses.
    const install = ["install", "--omit=dev", "--ignore-scripts", "--engine-strict=false", "--silent"];
    await runOrThrow("npm", install, { folder: unfinished });
    // Without it, searching for files never ends. The package fetches it in an install script, which did not run.
    const target = join(unfinished, "node_modules/@vscode/ripgrep/bin/rg");
    if (existsSync(target)) return;
    const unpacked = join(unfinished, "ripgrep");
    await mkdir(unpacked);
    await unpackPackage(ripgrep, "package/bin", unpacked);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(unpacked, "rg"), target);
    await rm(unpacked, { recursive: true });
  });
  return join(folder, "out/server-main.js");
}

/** Unpacks one folder of a package of the npm registry into `target`. */
async function unpackPackage(name: string, inner: string, target: string): Promise<void> {
  const tarball = join(target, (await runOrThrow("npm", ["pack", "--silent", name], { folder: target })).trim());
  const depth = `--strip-components=${inner.split("/").length}`;
  await runOrThrow("tar", ["--extract", "--gzip", "--file", tarball, "--directory", target, depth, inner]);
  await rm(tarball);
}
