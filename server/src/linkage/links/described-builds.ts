/**
 * What the descriptions that a generator was given, CMakeLists.txt and meson.build, say of a source: whether programs have it whatever
 * the build is configured to be, or in some configurations. A build folder knows one configuration alone. Where the descriptions do
 * what is not understood, nothing is said.
 */

import { baseName, folderOf } from "../../text/path.ts";
import { describedInCmake } from "./described-cmake.ts";
import { describedInMeson } from "./described-meson.ts";

/** What one description says of a source that it names. */
export interface DescribedSource {
  /** The program's name, and whether it has the source in every configuration. */
  readonly programs: ReadonlyMap<string, "always" | "sometimes">;
  /** It is named for nothing else: no library, no list that something else may use. */
  readonly isWhole: boolean;
}

/** What one description says of the build, apart from sources. */
export interface BuildDescription {
  sourceOf(isNamed: (word: string) => boolean): DescribedSource;
  /** Folders, as written, that are entered in every configuration. */
  readonly folders: readonly string[];
  /** Where it chooses libraries or options of links; undefined where it does not. */
  readonly chosenLinking: number | undefined;
}

export interface Descriptions {
  /** Whether the program has the source in every configuration. */
  isAlways(path: string): boolean;
  /** The programs that have the source in some configurations; undefined where that is not all, or not known. */
  programsOf(path: string): readonly string[] | undefined;
  /** Places that choose libraries or options of links. */
  chosenLinking(): readonly { readonly path: string; readonly offset: number }[];
}

const DESCRIPTION = /(?:^|\/)(?:CMakeLists\.txt|meson\.build)$/;
const PART = /\.cmake$|(?:^|\/)meson\.options$/;

/** @param readText undefined where a text is not read yet: nothing is said then */
export function readDescriptions(
  buildFiles: readonly string[],
  readText: (path: string) => string | undefined,
): Descriptions {
  const paths = buildFiles.filter((path) => DESCRIPTION.test(path));
  const known = new Map<string, { readonly text: string; readonly description: BuildDescription }>();
  const read = (path: string): BuildDescription | undefined => {
    const text = readText(path);
    if (text === undefined) return undefined;
    const before = known.get(path);
    if (before?.text === text) return before.description;
    const description = baseName(path) === "meson.build" ? describedInMeson(text) : describedInCmake(text);
    known.set(path, { text, description });
    return description;
  };
  /** The only description that names the source, and what it says. */
  const sayingOf = (path: string): { readonly file: string; readonly source: DescribedSource } | undefined => {
    const name = baseName(path);
    // What a file of CMake's own language does with it is not followed.
    const others = buildFiles.filter((file) => PART.test(file));
    if (others.some((file) => readText(file)?.includes(name) !== false)) return undefined;
    const naming = paths.flatMap((file) => {
      if (readText(file)?.includes(name) !== true) return [];
      const source = read(file)?.sourceOf((word) => isWordFor(word, folderOf(file), path));
      return source === undefined || (source.programs.size === 0 && source.isWhole) ? [] : [{ file, source }];
    });
    return naming.length === 1 ? naming[0] : undefined;
  };
  /** Whether a description is read in every configuration: those above it enter its folder. */
  const isEntered = (file: string): boolean => {
    const name = baseName(file);
    const folder = folderOf(file);
    for (let above = folder; above !== ""; ) {
      above = folderOf(above.slice(0, -1));
      const description = paths.includes(above + name) ? read(above + name) : undefined;
      if (description === undefined) continue;
      const isHere = description.folders.some((one) => above + one.replace(/\/*$/, "/") === folder);
      return isHere && isEntered(above + name);
    }
    return folder === "" || !paths.some((other) => other !== file && folder.startsWith(folderOf(other)));
  };
  return {
    isAlways(path) {
      const saying = sayingOf(path);
      if (saying === undefined || !isEntered(saying.file)) return false;
      const { programs, isWhole } = saying.source;
      return isWhole && programs.size === 1 && [...programs.values()].every((presence) => presence === "always");
    },
    programsOf(path) {
      const saying = sayingOf(path);
      return saying?.source.isWhole === true ? [...saying.source.programs.keys()] : undefined;
    },
    chosenLinking: () =>
      paths.flatMap((path) => {
        const offset = read(path)?.chosenLinking;
        return offset === undefined ? [] : [{ path, offset }];
      }),
  };
}

/** Whether a word of a description in the folder means the source. A variable may stand before it for any folder. */
function isWordFor(word: string, folder: string, path: string): boolean {
  if (baseName(word) !== baseName(path)) return false;
  const written = folderOf(word);
  const variable = written.lastIndexOf("}");
  // What lies in the build folder was made there, and is another file in another configuration.
  if (variable >= 0 && written.includes("BINARY_DIR")) return false;
  if (variable >= 0) return `/${folderOf(path)}`.endsWith(`/${written.slice(variable + 1).replace(/^\//, "")}`);
  return folder + written.replaceAll(/(?:^|(?<=\/))\.\//g, "") === folderOf(path) || written.includes("..");
}
