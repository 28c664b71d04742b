/**
 * Commands that tool-command.ts does not read, and that may link what they are given all the same: scripts, other build tools, parts
 * of a shell's conditions and loops. It knows which programs never link anything, and runs none.
 */

/** Words that stand before a command in a shell's compound commands (POSIX, "Compound Commands"). */
const BEFORE_COMMAND = /^(?:then|else|elif|if|do|while|until|!|\{|\(+|exec|eval|sudo|command|builtin)$/;

/** What ends such a command, or begins one of a list of words. */
const NO_COMMAND = /^(?:fi|done|esac|\}|\)+|for|case|in|function|)$/;

/** Programs that show, copy and change files, and link nothing. */
const HARMLESS = new Set(
  (
    "[ [[ : . addr2line awk basename bash-completion bison bzip2 cat cd chgrp chmod chown clang-format clang-tidy cmp column comm " +
    "convert cp cpio cppcheck cscope csplit ctags curl cut date dd diff dirname doxygen dtc du echo egrep elfedit etags exit export " +
    "expr false fgrep file find flex fold gawk gcov gdb git gperf grep gunzip gzip head hexdump hg id indent install kill lcov ldd " +
    "less lex ln local ls lz4 lzma lzop m4 makeinfo man mkdir mkfifo mkimage mktemp mv nm objcopy objdump od openocd openssl patch " +
    "paste pkg-config pod2man popd printf ps pushd pwd ranlib read readelf readlink realpath return rev rm rmdir rsync scp sed seq set " +
    "sha1sum sha256sum shift size sleep sort split ssh st-flash stat strings strip svn sync tac tail tar tee test touch tr trap true " +
    "tsort type ulimit umask uname unexpand uniq unlink unset unxz unzip wait wc wget which xxd xz yacc yes zip zstd md5sum"
  ).split(" "),
);

/** Programs that build whatever their own files say. */
const BUILDERS = /^(?:scons|ninja|samu|cmake|meson|bazel|xmake|waf|ant|gradle|cargo|premake\d?|tup|jam|b2|redo)$/;

const SHELL = /^(?:ba|da|k|z)?sh$/;
const INTERPRETER = /^(?:(?:ba|da|k|z)?sh|python[\d.]*|perl|ruby|node|tclsh|lua|php)$/;

export interface UnreadProgram {
  /** As it is written: "./link.sh". */
  readonly program: string;
  /** All of its words, behind the program's. */
  readonly words: readonly string[];
  /**
   * - files: it may link the files that it is given
   * - anything: it builds what its own files say
   * - script: a program of the tree, which may do anything
   */
  readonly reach: "files" | "anything" | "script";
}

/**
 * What the command of these words may do besides what is read; undefined for one that links nothing.
 * @param words of a simple command that was not read
 */
export function unreadProgram(words: readonly string[]): UnreadProgram | undefined {
  let at = 0;
  const wordAt = (index: number) => (words[index] ?? "").replace(/^[@+-]+/, "").replace(/^\(+(?=.)/, "");
  while (at < words.length && (wordAt(at) === "" || BEFORE_COMMAND.test(wordAt(at)) || /^\w+=/.test(wordAt(at)))) at++;
  if (at === words.length) return undefined;
  const first = wordAt(at);
  const rest = words.slice(at + 1);
  if (NO_COMMAND.test(first) || first.startsWith("#")) return undefined;
  const name = first.slice(first.lastIndexOf("/") + 1);
  if (SHELL.test(name) && rest[0] === "-c")
    return { program: first, words: (rest[1] ?? "").split(/\s+/), reach: "files" };
  if (INTERPRETER.test(name)) {
    const script = rest.findIndex((word) => !word.startsWith("-"));
    if (script < 0 || rest.includes("-c") || rest.includes("-e"))
      return { program: first, words: rest, reach: "files" };
    return { program: rest[script]!, words: rest.slice(script + 1), reach: isOwn(rest[script]!) ? "script" : "files" };
  }
  if (name === "make" || name === "gmake") {
    const named = rest.some((word) => /^(?:-f.*|--file.*|--makefile.*)$/.test(word));
    return named ? { program: first, words: rest, reach: "anything" } : undefined;
  }
  const inner = BUILDERS.test(name) ? withinTool(name, rest) : undefined;
  if (inner !== undefined) return inner.length === 0 ? undefined : { program: first, words: inner, reach: "files" };
  if (BUILDERS.test(name)) return { program: first, words: rest, reach: "anything" };
  if (isHarmless(name)) return undefined;
  return { program: first, words: rest, reach: isOwn(first) ? "script" : "files" };
}

/** The tools of `cmake -E` that run another command, and of how many words before it (cmake(1), "Run a Command-Line Tool"). */
const RUNNING: ReadonlyMap<string, number> = new Map([
  ["env", 1],
  ["time", 1],
  ["chdir", 2],
]);

/**
 * What a build tool runs where it is asked for something else than to build: to copy files, to write the build anew, to clean up,
 * to test. undefined where it builds.
 */
function withinTool(name: string, words: readonly string[]): readonly string[] | undefined {
  const [first = "", second = ""] = words;
  if (name === "cmake") {
    if (first === "-E") return RUNNING.has(second) ? words.slice(1 + RUNNING.get(second)!) : [];
    const builds = words.some((word) => word === "--build" || word === "-P" || word === "--workflow");
    return builds ? undefined : [];
  }
  if (name === "meson") {
    if (first === "--internal") return second === "exe" ? words.slice(words.indexOf("--") + 1) : [];
    return first === "compile" || first === "" ? undefined : [];
  }
  return (name === "ninja" || name === "samu") && words.includes("-t") ? [] : undefined;
}

/** Those of a cross toolchain have its name before them: `arm-none-eabi-objcopy`. */
function isHarmless(name: string): boolean {
  return HARMLESS.has(name) || /-(?:objcopy|objdump|nm|size|strip|ranlib|readelf|addr2line|strings|gdb)$/.test(name);
}

/** A program of the tree, by a path that is relative, and none that a search path has. */
function isOwn(path: string): boolean {
  return !path.startsWith("/") && (path.includes("/") || /\.(?:sh|py|pl|rb|bash)$/.test(path));
}
