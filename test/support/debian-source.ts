/** Sources of Debian's packages, fetched from the mirror that the machine uses, whose own lists may name no sources. */

import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tool } from "./needed-tools.ts";
import { runOrThrow } from "./run-program.ts";

/** What fetching needs. */
export const SOURCE_TOOLS: readonly Tool[] = [
  { command: "apt-get", debianPackage: "apt" },
  { command: "dpkg-source", debianPackage: "dpkg-dev" },
];

const DEFAULT_MIRROR = "http://deb.debian.org/debian";

/** Puts the unpacked source of a package at `target`, which must not be there yet. Throws what apt-get says. */
export async function fetchDebianSource(name: string, target: string): Promise<void> {
  const folder = `${target}.apt`;
  await mkdir(join(folder, "lists/partial"), { recursive: true });
  const release = /^VERSION_CODENAME=(\w+)/m.exec(await readFile("/etc/os-release", "utf8"))?.[1] ?? "stable";
  const list = join(folder, "sources.list");
  await writeFile(list, `deb-src ${await mirror()} ${release} main\n`);
  const options = [
    `Dir::Etc::SourceList=${list}`,
    "Dir::Etc::SourceParts=/dev/null",
    `Dir::State::Lists=${join(folder, "lists")}`,
  ];
  const given = options.flatMap((option) => ["-o", option]);
  await runOrThrow("apt-get", [...given, "update", "-qq"], { seconds: 300 });
  await runOrThrow("apt-get", [...given, "source", "-qq", name], { folder, seconds: 600 });
  const unpacked = (await readdir(folder, { withFileTypes: true })).find(
    (one) => one.isDirectory() && one.name.startsWith(`${name}-`),
  );
  if (unpacked === undefined) throw new Error(`apt-get source ${name} unpacked nothing`);
  await rename(join(folder, unpacked.name), target);
  await rm(folder, { recursive: true });
}

/** The mirror of the machine's own lists. */
async function mirror(): Promise<string> {
  const parts = await readdir("/etc/apt/sources.list.d").catch(() => []);
  for (const file of ["/etc/apt/sources.list", ...parts.map((part) => `/etc/apt/sources.list.d/${part}`)]) {
    const lines = (await readFile(file, "utf8").catch(() => "")).split("\n").filter((line) => !line.startsWith("#"));
    const [found] = /https?:\/\/\S+\/debian(?=[\s/])/.exec(lines.join("\n")) ?? [];
    if (found !== undefined) return found;
  }
  return DEFAULT_MIRROR;
}
