/**
 * Headers that a kernel's build makes before it compiles anything, for a tree that was not built: the configuration as
 * macros, wrappers around asm-generic headers, the kernel's version. It reads the tree's Kbuild files through functions
 * that it is given, and makes no header that needs a compiler: such a one is empty, and says so.
 */

export interface HeaderTree {
  readText(path: string): string | undefined;
  hasFile(path: string): boolean;
  /** The directory below arch/. */
  readonly architecture: string;
  /** The text of the configuration; undefined is as if nothing were set. */
  readonly configuration: string | undefined;
}

/** A header that stands in for one that the build would make. */
export interface SynthesizedHeader {
  readonly text: string;
  /** False for a header of which only the name is known: it is empty here and is not in a build. */
  readonly isWhole: boolean;
}

/** Makes the header that a build would put at this path; undefined where it puts none. */
export function synthesizeHeader(tree: HeaderTree, path: string): SynthesizedHeader | undefined {
  if (path === "include/generated/autoconf.h") {
    return { text: configurationMacros(tree.configuration ?? ""), isWhole: true };
  }
  if (path === "include/generated/uapi/linux/version.h") return versionHeader(tree);
  if (path === "include/generated/utsrelease.h") return releaseHeader(tree);
  const wrapped = wrapperAt(tree, path);
  if (wrapped !== undefined) return wrapped;
  // Any other header of <generated/…> is made by a program or a compiler. Below uapi, where every header is looked for,
  // there is none but those above.
  return /^include\/generated\/(?!uapi\/).*\.h$/.test(path) ? { text: "", isWhole: false } : undefined;
}

/**
 * include/generated/autoconf.h (scripts/kconfig/confdata.c, print_symbol_for_c): y gives 1, m gives the name with _MODULE,
 * strings and numbers themselves, hexadecimal ones with 0x before them.
 */
export function configurationMacros(configuration: string): string {
  let text = "";
  for (const match of configuration.matchAll(/^(CONFIG_\w+)=(.*?)\r?$/gm)) {
    const [, name, value] = match;
    if (value === "y") text += `#define ${name} 1\n`;
    else if (value === "m") text += `#define ${name}_MODULE 1\n`;
    else if (value !== "n" && value !== "") text += `#define ${name} ${value}\n`;
  }
  return text;
}

/** A list of a Kbuild file: `generic-y += a.h b.h`. */
function listOf(text: string | undefined, name: string): ReadonlySet<string> {
  const names = new Set<string>();
  if (text === undefined) return names;
  const pattern = new RegExp(`^\\s*${name}\\s*[+:?]?=((?:\\\\\\n|[^\\n#])*)`, "gm");
  for (const match of text.matchAll(pattern)) {
    for (const word of match[1]!.split(/[\s\\]+/)) if (word !== "") names.add(word);
  }
  return names;
}

/**
 * arch/A/include/generated/(uapi/)asm/X.h (scripts/Makefile.asm-generic): a wrapper where the architecture's Kbuild lists X
 * as generic-y, or where asm-generic's lists it as mandatory-y and the architecture neither has nor makes it.
 */
function wrapperAt(tree: HeaderTree, path: string): SynthesizedHeader | undefined {
  const { architecture } = tree;
  const parts = /^arch\/([^/]+)\/include\/generated\/(uapi\/)?asm\/(.+\.h)$/.exec(path);
  if (parts === null || parts[1] !== architecture) return undefined;
  const below = parts[2] ?? "";
  const name = parts[3]!;
  const own = `arch/${architecture}/include/${below}asm`;
  const kbuild = tree.readText(`${own}/Kbuild`);
  if (listOf(kbuild, "generated-y").has(name)) return { text: "", isWhole: false };
  const isGeneric = listOf(kbuild, "generic-y").has(name);
  if (!isGeneric) {
    // User-mode Linux takes another architecture's headers, and no mandatory ones.
    if (architecture === "um" || tree.hasFile(`${own}/${name}`)) return undefined;
    const mandatory = tree.readText(`include/${below}asm-generic/Kbuild`);
    if (!listOf(mandatory, "mandatory-y").has(name)) return undefined;
  }
  return { text: `#include <asm-generic/${name}>\n`, isWhole: true };
}

interface Version {
  readonly version: number;
  readonly patchLevel: number;
  readonly subLevel: number;
  readonly extra: string;
}

/** VERSION, PATCHLEVEL, SUBLEVEL and EXTRAVERSION at the top Makefile's start. */
function versionOf(tree: HeaderTree): Version | undefined {
  const text = tree.readText("Makefile")?.slice(0, 4000);
  if (text === undefined) return undefined;
  const value = (name: string): string => new RegExp(`^${name}[ \\t]*=[ \\t]*(.*?)[ \\t]*$`, "m").exec(text)?.[1] ?? "";
  const number = (name: string): number => Number.parseInt(value(name), 10) || 0;
  if (value("VERSION") === "") return undefined;
  return {
    version: number("VERSION"),
    patchLevel: number("PATCHLEVEL"),
    subLevel: number("SUBLEVEL"),
    extra: value("EXTRAVERSION"),
  };
}

/** include/generated/uapi/linux/version.h (filechk_version.h in the top Makefile). */
function versionHeader(tree: HeaderTree): SynthesizedHeader {
  const found = versionOf(tree);
  if (found === undefined) return { text: "", isWhole: false };
  const { version, patchLevel, subLevel } = found;
  const code = version * 65536 + patchLevel * 256 + Math.min(subLevel, 255);
  const lines = [
    `#define LINUX_VERSION_CODE ${code}`,
    "#define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))",
    `#define LINUX_VERSION_MAJOR ${version}`,
    `#define LINUX_VERSION_PATCHLEVEL ${patchLevel}`,
    `#define LINUX_VERSION_SUBLEVEL ${subLevel}`,
  ];
  return { text: `${lines.join("\n")}\n`, isWhole: true };
}

/** include/generated/utsrelease.h, without what scripts/setlocalversion would add. */
function releaseHeader(tree: HeaderTree): SynthesizedHeader {
  const found = versionOf(tree);
  if (found === undefined) return { text: "", isWhole: false };
  const { version, patchLevel, subLevel, extra } = found;
  return { text: `#define UTS_RELEASE "${version}.${patchLevel}.${subLevel}${extra}"\n`, isWhole: false };
}
