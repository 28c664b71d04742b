/**
 * The one table of file kinds: which names are read, as what, and whether the text has to agree. The index, what is watched on
 * disk, the editor's selector, the extension's manifest and `check PATH` go by it. It knows names, no texts and no IO.
 */

import { mayBeVersionScript } from "../../syntax/ld/detect.ts";
import { baseName } from "../../text/path.ts";
import type { Language } from "./facts.ts";

/** What a name says. */
export interface NamedKind {
  readonly language: Language;
  /** Other things have such names, too: the text has to show that it is one of ours. */
  readonly isDoubtful: boolean;
}

/** `.c_shipped` is a source that a generator wrote, and make copies to its real name. */
const C_SUFFIXES = [".c", ".h", ".c_shipped", ".h_shipped"] as const;

const ASSEMBLY_SUFFIXES = [".S", ".s", ".asm", ".sx", ".S_shipped", ".s_shipped"] as const;

/** C++, Rust, Arduino sketches and included parts of sources: they define symbols too, and only their words are known. */
const OTHER_SUFFIXES = [
  ".cc",
  ".cpp",
  ".cxx",
  ".c++",
  ".C",
  ".hh",
  ".hpp",
  ".hxx",
  ".inl",
  ".ino",
  ".inc",
  ".rs",
] as const;

/** What linker scripts are called, in whichever case: `Linker.LD`. */
const SCRIPT_SUFFIXES = [".ld", ".lds", ".ldscript"] as const;

/** What stands behind such a suffix where something has yet to rewrite the script; `x.lds.h` holds macros of scripts, not C. */
const REWRITTEN_SUFFIXES = [
  ".S",
  ".h",
  ".i",
  ".in",
  ".src",
  ".cpp",
  ".pp",
  ".template",
  ".tmpl",
  ".tpl",
  ".j2",
  ".jinja",
] as const;

/** Suffixes that scripts share with other languages: XDR, Perl's tests, shells. */
const DOUBTFUL_SUFFIXES = [".x", ".t", ".script", ".ld.inc", ".lds.inc"] as const;

/** Whole names of scripts, which may have a suffix of any kind: `linkcmds.base`, `ldscript.amd64`. */
const SCRIPT_NAMES = ["vmlinux.scr"] as const;
const DOUBTFUL_NAMES = ["linkcmds", "ldscript", "ld.script", "linker.script", "linkfile", "linkscript"] as const;

const escapeDots = (text: string): string => text.replace(/[.$+]/g, "\\$&");
const anyOf = (list: readonly string[]): string => `(?:${list.map(escapeDots).join("|")})`;

const cName = new RegExp(`${anyOf(C_SUFFIXES)}$`);
const assemblyName = new RegExp(`${anyOf(ASSEMBLY_SUFFIXES)}$`);
const otherName = new RegExp(`${anyOf(OTHER_SUFFIXES)}$`);
const scriptName = new RegExp(
  `${anyOf(SCRIPT_SUFFIXES)}${anyOf(REWRITTEN_SUFFIXES)}?$|\\.ldsS$|\\.ldS$|(?:^|/)${anyOf(SCRIPT_NAMES)}$`,
  "i",
);
const doubtfulName = new RegExp(
  `${anyOf(DOUBTFUL_SUFFIXES)}${anyOf(REWRITTEN_SUFFIXES)}?$|(?:^|/)${anyOf(DOUBTFUL_NAMES)}(?:[.-][\\w.-]+)?$`,
  "i",
);

/** What ld's own scripts are called: the emulation's name, then what the script is for, as `elf_x86_64.xsc`. */
const stockScriptName = /(?:elf[\w-]*|pep?)\.x[a-z]{1,4}$/;

const plainScriptName = new RegExp(
  `${anyOf([...SCRIPT_SUFFIXES, ...DOUBTFUL_SUFFIXES])}$|(?:^|/)${anyOf([...SCRIPT_NAMES, ...DOUBTFUL_NAMES])}$`,
  "i",
);

/** True for the name of a script that ld reads as it is, so that INCLUDE may name it; for no version script and no map. */
export function isPlainScriptName(path: string): boolean {
  return plainScriptName.test(path);
}

const textName = new RegExp(`${anyOf([".h", ".h_shipped", ".inc", ".S", ...SCRIPT_SUFFIXES])}$`);

/** True for a name that `#include` in a script may mean: headers, and other pieces that the preprocessor reads. */
export function isIncludableName(path: string): boolean {
  return textName.test(path);
}

/** Of the languages that are not read, C++ is in so far as it speaks of C linkage. `.inc` may be anything. */
const cxxName = /\.(?:cc|cpp|cxx|c\+\+|C|hh|hpp|hxx|inl|ino)$/;

/** True for a C++ file by its name. */
export function isCxx(path: string): boolean {
  return cxxName.test(path);
}

/** What a path is by its name; undefined where it is none of ours. */
export function kindOfName(path: string): NamedKind | undefined {
  if (scriptName.test(path) || stockScriptName.test(path)) return { language: "ld", isDoubtful: false };
  if (cName.test(path)) return { language: "c", isDoubtful: false };
  if (assemblyName.test(path)) return { language: "asm", isDoubtful: false };
  if (doubtfulName.test(path) || mayBeVersionScript(path)) return { language: "ld", isDoubtful: true };
  return otherName.test(path) ? { language: "other", isDoubtful: false } : undefined;
}

/** `Makefile`, `Makefile.build`, `Kbuild.include`, `Kconfig-nommu`, `x.mk`: what Kbuild, Kconfig and make read. */
const BUILD_NAMES = ["GNUmakefile", "Makefile", "makefile", "Kbuild", "Kconfig", "Platform"] as const;

/** What CMake and Meson are told. */
const DESCRIPTION_NAMES = ["CMakeLists.txt", "meson.build", "meson_options.txt", "meson.options"] as const;
const buildFileName = new RegExp(`^${anyOf(BUILD_NAMES)}(?:[.-].*)?$|\\.mk$|\\.cmake$|^${anyOf(DESCRIPTION_NAMES)}$`);

/** What other builds are told, which nobody here reads: SCons, Bazel, waf, xmake, premake, qmake, GN, the projects of IDEs, scripts. */
const UNREAD_NAMES = ["SConstruct", "SConscript", "BUILD", "BUILD.bazel", "BUILD.gn", "wscript"] as const;
const UNREAD_LUA_NAMES = ["xmake.lua", "premake5.lua"] as const;
const UNREAD_SUFFIXES = [".pro", ".pri", ".gyp", ".gypi", ".vcxproj", ".uvproj", ".uvprojx", ".ewp"] as const;
const SCRIPT_BEGINNINGS = ["build", "compile", "make"] as const;
const unreadName = new RegExp(
  `^${anyOf([...UNREAD_NAMES, ...UNREAD_LUA_NAMES])}$|${anyOf(UNREAD_SUFFIXES)}$|^${anyOf(SCRIPT_BEGINNINGS)}[\\w.-]*\\.sh$`,
);

/** True for a file that tells how others are built. */
export function isBuildFile(path: string): boolean {
  return buildFileName.test(baseName(path)) || isUnreadDescription(path);
}

/** True for a build file that is in none of the languages which are read: no more is known of it than its words. */
export function isUnreadDescription(path: string): boolean {
  return unreadName.test(baseName(path));
}

/** Version scripts and dynamic lists, by the suffixes that are worth watching; the server tells them by their texts. */
const VERSION_SUFFIXES = [".map", ".ver", ".vers", ".version", ".dyn", ".sym", ".syms", ".exports"] as const;

/** Letters of either case, as globs have no other way to say it. */
const eitherCase = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

/** Globs of the files that {@link isBuildFile} knows. */
export function buildFileGlobs(): string[] {
  return [
    `**/{${BUILD_NAMES.join(",")}}`,
    `**/{${BUILD_NAMES.join(",")}}[.-]*`,
    "**/*.{mk,cmake}",
    `**/{${DESCRIPTION_NAMES.join(",")}}`,
  ];
}

/** Globs of the files that {@link isUnreadDescription} knows. */
function unreadDescriptionGlobs(): string[] {
  return [
    `**/{${[...UNREAD_NAMES, ...UNREAD_LUA_NAMES].join(",")}}`,
    `**/*.{${UNREAD_SUFFIXES.map((one) => one.slice(1)).join(",")}}`,
    `**/{${SCRIPT_BEGINNINGS.join(",")}}*.sh`,
  ];
}

/** Globs of everything that can change an answer: what a client is asked to watch. */
export function watchedGlobs(): string[] {
  const suffixes = [...C_SUFFIXES, ...ASSEMBLY_SUFFIXES, ...OTHER_SUFFIXES, ...VERSION_SUFFIXES].map((one) =>
    one.slice(1),
  );
  const scripts = [...SCRIPT_SUFFIXES, ...DOUBTFUL_SUFFIXES, ".ldS", ".ldsS"];
  return [
    `**/*.{${suffixes.join(",")}}`,
    ...scripts.flatMap((one) => [`**/*${eitherCase(one)}`, `**/*${eitherCase(one)}.*`]),
    "**/{elf,pe}*.x[a-z]*",
    `**/{${[...SCRIPT_NAMES, ...DOUBTFUL_NAMES].map(eitherCase).join(",")}}`,
    `**/{${DOUBTFUL_NAMES.map(eitherCase).join(",")}}[.-]*`,
    "**/*{version,dynamic,dyn}*{script,list,sym,syms,symbols}*",
    ...buildFileGlobs(),
    ...unreadDescriptionGlobs(),
    "**/.config",
    "include/config/auto.conf",
    "weakspot.json",
  ];
}

/** Every name of scripts, as globs: those that something has yet to rewrite, too. */
function scriptGlobs(): string[] {
  const suffixes = [...SCRIPT_SUFFIXES, ...DOUBTFUL_SUFFIXES].map(eitherCase).join(",");
  const rewritten = REWRITTEN_SUFFIXES.map(eitherCase).join(",");
  return [
    `**/*{${suffixes}}`,
    `**/*{${suffixes}}{${rewritten}}`,
    `**/*{${[".ldS", ".ldsS"].map(eitherCase).join(",")}}`,
    `**/{${[...SCRIPT_NAMES, ...DOUBTFUL_NAMES].map(eitherCase).join(",")}}`,
  ];
}

/** The languages, by the names that VS Code has for them, of which the server is asked whatever a file is called. */
export const EDITOR_LANGUAGES = ["c", "linkerscript"] as const;

/**
 * Globs of the files that an editor asks the server about, whatever it takes them for: assembly has no language of its own in VS Code,
 * and headers are C++ to it. C++ and its like are left alone; some version scripts are none, which the server tells by their texts.
 */
export function documentGlobs(): string[] {
  const sources = [...C_SUFFIXES, ...ASSEMBLY_SUFFIXES, ...VERSION_SUFFIXES].map((one) => one.slice(1));
  return [`**/*.{${sources.join(",")}}`, ...scriptGlobs(), ...buildFileGlobs()];
}

/** What starts the extension: a file of these languages is opened, or the folder is a kernel's or has settings of ours. */
export function activationEvents(): string[] {
  return [
    // Headers are C++ to VS Code.
    ...[EDITOR_LANGUAGES[0], "cpp", EDITOR_LANGUAGES[1]].map((language) => `onLanguage:${language}`),
    ...["Kconfig", "Kbuild", "weakspot.json"].map((name) => `workspaceContains:${name}`),
  ];
}

/** The suffixes and names that VS Code takes for the language of linker scripts: those that nothing else has. */
export function editorNames(): { readonly extensions: readonly string[]; readonly filenames: readonly string[] } {
  const rewritten = SCRIPT_SUFFIXES.flatMap((one) => REWRITTEN_SUFFIXES.map((two) => `${one}${two}`));
  return {
    extensions: [...SCRIPT_SUFFIXES, ".x", ".x.in", ".ldS", ".ldsS", ...rewritten],
    filenames: [...SCRIPT_NAMES, ...DOUBTFUL_NAMES],
  };
}
