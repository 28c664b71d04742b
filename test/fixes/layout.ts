/** What a generated tree consists of, before it is written for one kind of build: its symbols, its files, its programs. Plain data. */

import type { Choice } from "./choose.ts";
import { openChoice } from "./choose.ts";
import { type FunctionOptions, makeFunction } from "./functions.ts";
import { makeLibrarySymbol } from "./library-symbols.ts";
import { makeObject } from "./objects.ts";
import type { Presence, Specimen } from "./specimen.ts";

/** - database: only a compile database; bare: no build file at all */
export type TreeKind = "kernel" | "make" | "cmake" | "meson" | "database" | "bare";

/** Symbols that are used in one file. */
export interface Group {
  readonly name: string;
  readonly specimens: readonly Specimen[];
  /** The configuration symbol without which the file is not built. */
  readonly when: "CONFIG_STRONG" | "CONFIG_OPTION" | undefined;
  /** Which programs have the file: the first, both, or as a member of an archive the first. */
  readonly reach: "program" | "both" | "archive";
  readonly newline: "\n" | "\r\n";
  readonly endsOpen: boolean;
  /** The header stands in a folder that only this file's flags name. */
  readonly isDeep: boolean;
}

export interface TreeSpec {
  readonly seed: number;
  readonly kind: TreeKind;
  /** Linked with the C library, dynamically: then anything may define a name. */
  readonly isOpen: boolean;
  /** A variable's text names one of the objects: the links are open. */
  readonly hasBoard: boolean;
  /** Its build files ask for link-time optimization. */
  readonly isOptimized: boolean;
  readonly groups: readonly Group[];
  /** The files of definitions include the headers with the weak declarations, as most do. */
  readonly definesWithHeaders: boolean;
  /** Whether CONFIG_OPTION is set where CONFIG_STRONG is not. */
  readonly hasOption: boolean;
  /** What build files give compilers and linkers besides. */
  readonly flags: Flags;
  /** A variant of how build files list objects. */
  readonly listing: number;
}

export interface Flags {
  readonly compile: string;
  readonly link: string;
}

const PLAIN: Flags = { compile: "", link: "" };
const SECTIONS: Flags = { compile: "-ffunction-sections -fdata-sections", link: "-Wl,--gc-sections" };
const C23: Flags = { compile: "-std=gnu2x", link: "" };
const HIDDEN: Flags = { compile: "-fvisibility=hidden", link: "" };

const CLOSED_FLAGS: readonly Flags[] = [
  PLAIN,
  PLAIN,
  PLAIN,
  PLAIN,
  { compile: "-fPIC", link: "" },
  { compile: "-fno-pie -fno-plt", link: "" },
  { compile: "-g -fno-strict-aliasing", link: "" },
  { compile: "-fcommon", link: "" },
  SECTIONS,
  SECTIONS,
  HIDDEN,
  C23,
  { compile: "", link: "-Wl,--as-needed -Wl,-Bsymbolic" },
];

/** What a shared library hides, nobody links with. */
const OPEN_FLAGS: readonly Flags[] = [
  PLAIN,
  PLAIN,
  { compile: "-fno-pie", link: "-no-pie" },
  { compile: "-fPIE", link: "-pie" },
  { compile: "-fPIC", link: "-Wl,-z,now" },
  { compile: "-fPIC", link: "-Wl,--as-needed -Wl,-Bsymbolic" },
  SECTIONS,
  C23,
];

const KINDS: readonly (readonly [TreeKind, number])[] = [
  ["kernel", 34],
  ["make", 32],
  ["cmake", 12],
  ["meson", 8],
  ["database", 7],
  ["bare", 7],
];

const CLOSED: readonly Presence[] = [
  "absent",
  "absent",
  "absent",
  "absent",
  "always",
  "always",
  "configured",
  "configured",
  "conditional",
  "program",
  "archive",
  "pulled",
  "assembly",
  "switched",
  "switched",
  "aliased",
  "sections",
  "weakly",
];

/** Who may define the symbols of such a tree. */
function presencesOf(kind: TreeKind, isOpen: boolean): readonly Presence[] {
  if (kind === "kernel") return [...CLOSED, "assigned", "provided"];
  if (kind === "database" || kind === "bare") {
    return [
      "absent",
      "always",
      "conditional",
      "outside",
      "outside",
      "assembly",
      "cxx",
      "sections",
      "libc",
      "preloaded",
    ];
  }
  const more: Presence[] = isOpen ? ["cxx", "shared", "preloaded", "libc"] : ["cxx"];
  return kind === "make"
    ? [...CLOSED, ...more, "board", ...(isOpen ? [] : (["assigned", "provided"] as const))]
    : [...CLOSED, ...more];
}

/** A tree of about so many symbols. */
export function makeTreeSpec(seed: number, count: number, kinds?: readonly TreeKind[]): TreeSpec {
  const choice = openChoice(seed);
  const possible = KINDS.filter(([kind]) => kinds === undefined || kinds.includes(kind));
  let at = choice.below(possible.reduce((sum, [, share]) => sum + share, 0));
  const kind = possible.find(([, share]) => (at -= share) < 0)![0];
  const isOpen = kind === "database" || kind === "bare" || (kind !== "kernel" && choice.percent(40));
  const hasBoard = kind === "make" && choice.percent(15);
  const isOptimized = choice.percent(25);
  // What compiles C++ here is another compiler's, which does not read this one's representation.
  const isLeftOut = (one: Presence) => (one === "board" && !hasBoard) || (one === "cxx" && isOptimized);
  const flags = choice.one(isOpen ? OPEN_FLAGS : CLOSED_FLAGS);
  const means = { isOptimized, isOpen, isC23: flags === C23 };
  const presences = presencesOf(kind, isOpen).filter((one) => !isLeftOut(one));
  const groupCount = Math.max(1, Math.round(count / 6));
  const sizes = Array.from(
    { length: groupCount },
    (_, index) => Math.floor(((index + 1) * count) / groupCount) - Math.floor((index * count) / groupCount),
  );
  let serial = 0;
  const groups = sizes.map((size, index): Group => {
    const when = choice.percent(20) ? choice.one(["CONFIG_STRONG", "CONFIG_OPTION"] as const) : undefined;
    return {
      name: `g${index}`,
      specimens: Array.from({ length: size }, () => {
        const specimen = makeSpecimen(serial++, choice.one(presences), means, choice);
        return kind !== "kernel" && !isOptimized && when === undefined && choice.percent(4)
          ? withCxxUse(specimen)
          : specimen;
      }),
      when,
      reach:
        when !== undefined
          ? "program"
          : choice.one(["program", "program", "program", "program", "both", "archive"] as const),
      newline: choice.percent(10) ? "\r\n" : "\n",
      endsOpen: choice.percent(10),
      // Meson has flags for targets and none for files.
      isDeep: kind !== "meson" && choice.percent(15),
    };
  });
  return {
    seed,
    kind,
    isOpen,
    hasBoard,
    isOptimized,
    groups,
    definesWithHeaders: choice.percent(40),
    hasOption: choice.percent(50),
    flags,
    listing: choice.below(4),
  };
}

function makeSpecimen(
  serial: number,
  presence: Presence,
  means: Omit<FunctionOptions, "onlyPlain">,
  choice: Choice,
): Specimen {
  const options = { ...means, onlyPlain: choice.percent(45) };
  if (presence === "libc") return makeLibrarySymbol(serial, choice);
  if (presence === "sections") return makeObject(`__start_set_${serial}`, presence, options, choice);
  const isObject = presence === "assigned" || presence === "provided" || choice.percent(35);
  return isObject
    ? makeObject(`table_${serial}`, presence, options, choice)
    : makeFunction(`hook_${serial}`, presence, options, choice);
}

/** The symbol with a use in C++, which no other file's search for uses reads. */
function withCxxUse(specimen: Specimen): Specimen {
  const { name, naive, kind, presence } = specimen;
  if (kind !== "function" || presence === "libc" || presence === "cxx") return specimen;
  const id = `use_${name}_cxx`;
  const declaration = naive.declaration.replace(/;\n$/, " __attribute__((weak));\n").replace(/^extern /, 'extern "C" ');
  const text = `${declaration}extern "C" long ${id}(long n)\n{\n\treturn ${name} ? n : -1;\n}\n`;
  return { ...specimen, cxxUse: { id, form: "C++", isPlain: false, text, header: "" } };
}

/** All symbols of the tree. */
export function specimensOf(spec: TreeSpec): Specimen[] {
  return spec.groups.flatMap(({ specimens }) => specimens);
}

/** The tree with some of its symbols, without the files that are left empty. */
export function keepSpecimens(spec: TreeSpec, keeps: (specimen: Specimen) => boolean): TreeSpec {
  const groups = spec.groups
    .map((group) => ({ ...group, specimens: group.specimens.filter(keeps) }))
    .filter(({ specimens }) => specimens.length > 0);
  return { ...spec, groups };
}
