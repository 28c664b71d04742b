/**
 * Reads the files in which Kbuild remembers how it made something: kernel/.fork.o.cmd beside kernel/fork.o. They are written
 * by scripts/Kbuild.include (if_changed) and scripts/basic/fixdep.c, and are makefiles of a fixed form. It runs nothing of them.
 *
 *     file    := ( "cmd_" | "savedcmd_" ) target " := " command "\n" [ source deps ]
 *     source  := "source_" target " := " path "\n"
 *     deps    := "deps_" target " := \" ( "\n    " ( path | "$(wildcard " path ")" ) " \" )* "\n"
 */

export interface CommandFile {
  /** The file that was made, relative to the build folder, as make has it. */
  readonly target: string;
  /** The shell command that made it; make's `$$` and `\#` are `$` and `#`. */
  readonly command: string;
  /** The first source, as the command has it: absolute, or relative to the build folder. Of objects of compilers alone. */
  readonly source: string | undefined;
  /** What else was read, headers and stamps of the configuration, in the file's order. */
  readonly dependencies: readonly string[];
}

/** Parses such a file, or its first part. Total: undefined for anything else. */
export function parseCommandFile(text: string): CommandFile | undefined {
  const first = /^(?:saved)?cmd_(\S+) := (.*)$/m.exec(text);
  if (first === null) return undefined;
  const source = /^source_\S+ := (\S.*?)[ \r]*$/m.exec(text)?.[1];
  return {
    target: first[1]!,
    command: first[2]!.trim().replaceAll("$$", "$").replaceAll("\\#", "#").replaceAll("$(pound)", "#"),
    source,
    dependencies: dependenciesIn(text),
  };
}

function dependenciesIn(text: string): string[] {
  const start = /^deps_\S+ :=/m.exec(text);
  if (start === null) return [];
  const found: string[] = [];
  for (let at = text.indexOf("\n", start.index); at >= 0; ) {
    const end = text.indexOf("\n", at + 1);
    const line = text.slice(at + 1, end < 0 ? text.length : end).trim();
    const path = line.replace(/ *\\$/, "");
    // The list ends with an empty line; a file that is cut off ends within a path, which is then of no use.
    if (path === "" || path.includes(":") || (end < 0 && !line.endsWith("\\"))) break;
    found.push(/^\$\(wildcard (.*)\)$/.exec(path)?.[1] ?? path);
    at = end;
  }
  return found;
}

/** The path of the file that tells how a target was made: "kernel/.fork.o.cmd" of "kernel/fork.o". */
export function commandFileOf(target: string): string {
  const slash = target.lastIndexOf("/") + 1;
  return `${target.slice(0, slash)}.${target.slice(slash)}.cmd`;
}

/** The target that a file of that path tells of; undefined for other files. */
export function targetOfCommandFile(path: string): string | undefined {
  const slash = path.lastIndexOf("/") + 1;
  const name = path.slice(slash);
  if (!name.startsWith(".") || !name.endsWith(".cmd") || name.length < 6) return undefined;
  return path.slice(0, slash) + name.slice(1, -4);
}

/** The objects that a module consists of, by its .mod file: one a line, or all in the first line in kernels before 5.19. */
export function parseModuleObjects(text: string): string[] {
  return text.split(/\s+/).filter((word) => /\.(?:o|a)$/.test(word));
}
