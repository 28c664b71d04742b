/**
 * What a link is given, as ld's rules look at it: inputs in the order of the command line, each with the symbols that count, and the
 * options that decide. It does not know where any of it was read, from objects or from sources.
 */

/** One symbol of one object that is not local. A unique symbol counts as a global one. */
export interface InputSymbol {
  readonly name: string;
  readonly binding: "global" | "weak";
  readonly place: "undefined" | "defined" | "common";
  /** Left out where it is the default. */
  readonly visibility?: Visibility;
  /** A function, by its type in the object; GNU ld treats data and functions apart where common symbols meet others. */
  readonly isFunction?: boolean;
  /** In bytes; of common symbols the largest one counts. */
  readonly size?: number;
  /** The signature of the group (COMDAT), or the name of the linkonce section, that the definition lies in. */
  readonly group?: string;
}

export type Visibility = "default" | "protected" | "hidden" | "internal";

export interface ResolvableObject {
  readonly kind: "object";
  readonly name: string;
  readonly symbols: readonly InputSymbol[];
  /** Names of its sections that are C identifiers: the linker makes `__start_` and `__stop_` symbols of them. */
  readonly sections?: readonly string[];
}

export interface ResolvableArchive {
  readonly kind: "archive";
  readonly name: string;
  readonly members: readonly ResolvableObject[];
  /** "all" within --whole-archive; else members are taken for what is undefined. */
  readonly take: "needed" | "all";
}

export interface ResolvableShared {
  readonly kind: "shared";
  readonly name: string;
  /** Its dynamic symbols. */
  readonly symbols: readonly InputSymbol[];
  /** Within --as-needed it is a part of the program only when something refers to it. */
  readonly isAsNeeded?: boolean;
}

/** --start-group … --end-group, or GROUP(…): searched again until nothing more is taken. */
export interface ResolvableGroup {
  readonly kind: "group";
  readonly inputs: readonly (ResolvableObject | ResolvableArchive | ResolvableShared)[];
}

export type ResolvableInput = ResolvableObject | ResolvableArchive | ResolvableShared | ResolvableGroup;

/** What a linker script, or --defsym, says of a symbol. */
export interface Assignment {
  readonly name: string;
  /** "assign" for `x = …` and HIDDEN(x = …), "provide" for PROVIDE and PROVIDE_HIDDEN. */
  readonly how: "assign" | "provide";
  /** Names that its value refers to. */
  readonly refersTo: readonly string[];
  /**
   * Whether the value is known before anything is laid out: numbers, and symbols that are defined by then. GNU ld defines such a
   * symbol where it meets the assignment, so that no archive is searched for it (ldlang.c, open_input_bfds).
   */
  readonly isKnownEarly?: boolean;
  /** Where it stands, for people: the script, or "--defsym". */
  readonly source: string;
}

export type Linker = "bfd" | "lld";

export interface LinkRequest {
  readonly linker: Linker;
  readonly inputs: readonly ResolvableInput[];
  /** Assignments of scripts in their order; of --defsym as well. They stand before all inputs, as -T does. */
  readonly assignments: readonly Assignment[];
  /** -u, --undefined, and EXTERN of scripts. */
  readonly undefined: readonly string[];
  /** -e, or ENTRY of the script; undefined where there is none, as with -r. */
  readonly entry: string | undefined;
  /** --wrap. */
  readonly wrap: readonly string[];
  /** -z muldefs, --allow-multiple-definition: the first strong definition counts, and nobody complains. */
  readonly allowsMultipleDefinitions?: boolean;
}

/** The inputs of a link one by one, groups taken apart. */
export function* flattenInputs(
  inputs: readonly ResolvableInput[],
): Generator<ResolvableObject | ResolvableArchive | ResolvableShared> {
  for (const input of inputs) {
    if (input.kind === "group") yield* input.inputs;
    else yield input;
  }
}
