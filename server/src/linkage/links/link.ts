/**
 * One link, as plain data: what is put together, in which order, with which options, and why what can be in it is not known whole,
 * where it is not. It knows no build system and no symbols.
 */

/** A place in the tree or its build folder that decides something. */
export interface BuildPlace {
  /** Relative to the tree's root. */
  readonly path: string;
  /** In UTF-16 units; undefined where the whole file is meant. */
  readonly offset?: number | undefined;
}

/**
 * Why a link, or what a file can be linked with, is open.
 * - no build: nothing is known of how the tree is linked
 * - choice: something that is not known chooses what is linked: a variable, a condition, a configuration
 * - configuration: all that can be linked is known, and some of it is linked in some configurations alone
 * - outside: what is no part of the tree may define symbols there: a C library, a shared library, a loader, a plugin's host
 * - variant: what is linked is compiled for it alone, with symbols that no configuration names
 * - users: what is linked is a part of other links that are not known, as a library is
 */
export interface OpenReason {
  readonly kind: "no build" | "choice" | "configuration" | "outside" | "variant" | "users";
  /** A clause: "$(PORT) chooses what is linked into fw". */
  readonly text: string;
  /** What decides it. */
  readonly place?: BuildPlace | undefined;
  /** It is there when the program runs and not when it is linked, so that hidden symbols are none of its. */
  readonly isDynamic?: boolean;
}

/** An object that a link is given, by itself or as a member of an archive. Paths are relative to the root, or absolute outside of it. */
export interface ObjectInput {
  readonly kind: "object";
  readonly path: string;
  /** The source that it is compiled of, relative to the root; undefined where that is not known or no file of the tree. */
  readonly source: string | undefined;
  /** It holds the compiler's own representation, to be optimized when it is linked. */
  readonly isLto: boolean;
}

export interface ArchiveInput {
  readonly kind: "archive";
  readonly path: string;
  /** undefined where they are not known: the archive is made elsewhere. */
  readonly members: readonly ObjectInput[] | undefined;
  /** "all" of --whole-archive; "needed" takes a member for what is undefined where the archive stands. */
  readonly take: "needed" | "all";
}

export interface SharedInput {
  readonly kind: "shared";
  readonly path: string;
  /** The link of the tree that makes it; undefined where none does. */
  readonly unit: string | undefined;
  readonly isAsNeeded: boolean;
}

/** Archives that are searched again and again until nothing more is taken (--start-group). */
export interface GroupInput {
  readonly kind: "group";
  readonly inputs: readonly LinkInput[];
}

/** A library by its name, `-lm`, that nothing in the tree makes. */
export interface LibraryInput {
  readonly kind: "library";
  readonly name: string;
}

/** A linker script among the inputs, without -T. */
export interface ScriptInput {
  readonly kind: "script";
  readonly path: string;
}

/** A word of the command that is not known, as it is written. */
export interface UnknownInput {
  readonly kind: "unknown";
  readonly text: string;
}

export type LinkInput =
  | ObjectInput
  | ArchiveInput
  | SharedInput
  | GroupInput
  | LibraryInput
  | ScriptInput
  | UnknownInput;

/** What a link's command line says besides its inputs (ld(1), "Command-line Options"). */
export interface LinkOptions {
  /** The linker as far as the command names it: "lld" of -fuse-ld=lld or ld.lld. */
  readonly linker: "bfd" | "gold" | "lld" | "mold" | undefined;
  readonly isShared: boolean;
  readonly isPie: boolean;
  /** -static: no shared library is taken. */
  readonly isStatic: boolean;
  /** -r */
  readonly isPartial: boolean;
  /** The compiler adds its start files and the C library: neither -nostdlib nor -nodefaultlibs is given. */
  readonly hasStandardLibraries: boolean;
  /** The compiler adds the start files, which refer to `main`. */
  readonly hasStartFiles: boolean;
  readonly isLto: boolean;
  readonly collectsGarbage: boolean;
  /** -u, --undefined, --require-defined */
  readonly undefined: readonly string[];
  readonly entry: string | undefined;
  readonly wrap: readonly string[];
  /** --defsym */
  readonly defined: readonly { readonly name: string; readonly value: string }[];
  /** -T */
  readonly scripts: readonly string[];
  readonly versionScripts: readonly string[];
  readonly dynamicLists: readonly string[];
  /** Files of symbols that another link has defined (-R, --just-symbols). */
  readonly justSymbols: readonly string[];
  readonly allowsMultipleDefinitions: boolean;
}

export interface Link {
  /** Its name, as `Links.unitsOf` gives it: "vmlinux", "target fw", "module fs/ext4/ext4". */
  readonly unit: string;
  /** The file that it makes, relative to the root where it lies below; undefined where that is not known. */
  readonly output: string | undefined;
  readonly form: "program" | "shared library" | "object";
  /** In the order of the command line; undefined where they are not listed one by one, as a kernel's are not. */
  readonly inputs: readonly LinkInput[] | undefined;
  readonly options: LinkOptions;
  /** Where the command stands. */
  readonly place: BuildPlace | undefined;
  /** Sources that are linked in some configurations alone, though the link is closed. */
  readonly chosen?: readonly string[];
  /** Empty where the link is closed: all that can be in it, and all that can define a symbol there, is known. */
  readonly whyOpen: readonly OpenReason[];
}

/** The options of a command line that says nothing. */
export const NO_OPTIONS: LinkOptions = {
  linker: undefined,
  isShared: false,
  isPie: false,
  isStatic: false,
  isPartial: false,
  hasStandardLibraries: false,
  hasStartFiles: false,
  isLto: false,
  collectsGarbage: false,
  undefined: [],
  entry: undefined,
  wrap: [],
  defined: [],
  scripts: [],
  versionScripts: [],
  dynamicLists: [],
  justSymbols: [],
  allowsMultipleDefinitions: false,
};

/** All objects and archive members that a link may take, groups opened, in order. */
export function* objectsOf(
  inputs: readonly LinkInput[],
): Generator<{ object: ObjectInput; archive: ArchiveInput | undefined }> {
  for (const input of inputs) {
    if (input.kind === "object") yield { object: input, archive: undefined };
    else if (input.kind === "archive") for (const object of input.members ?? []) yield { object, archive: input };
    else if (input.kind === "group") yield* objectsOf(input.inputs);
  }
}

/** The reasons as one clause: "…; …"; "" where there are none. */
export function describeReasons(reasons: readonly OpenReason[]): string {
  const texts = [...new Set(reasons.map(({ text }) => text))];
  const more = texts.length > MOST_REASONS ? [`and ${texts.length - MOST_REASONS + 1} reasons more`] : [];
  return [...texts.slice(0, more.length === 0 ? MOST_REASONS : MOST_REASONS - 1), ...more].join("; ");
}

/** One reason is enough to leave a link open; more than these tell people nothing new. */
const MOST_REASONS = 3;
