/**
 * A link as its map and its objects tell it: the sections of each object, what they refer to and define, and what went where. It
 * decides nothing.
 */

import type { MapLayout } from "../../syntax/map/map-layout.ts";

/** A reference from a section: to a section of the same object, or to a symbol that any object may define. */
export interface SectionReference {
  readonly symbol: string;
  /** The index of the section of a local symbol; undefined where the name decides. */
  readonly section: number | undefined;
}

export interface ObjectSection {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly references: readonly SectionReference[];
  /** What a linker that collects garbage goes by; undefined of what is no section of a file, as common symbols. */
  readonly traits?: SectionTraits;
}

export interface SectionTraits {
  /** It occupies memory at run time; garbage is collected of nothing else here. */
  readonly isAllocated: boolean;
  /** Kept whatever refers to it: notes, SHF_GNU_RETAIN. */
  readonly isAlwaysKept: boolean;
  /** Addresses of constructors or destructors: lld keeps them too, GNU ld where the script does. */
  readonly isArray: boolean;
  readonly isExecutable: boolean;
  /** Which of the object's groups it is in: kept with all others there (gABI, "Section Groups"). */
  readonly group?: SectionGroup | undefined;
  /** The section that it describes (SHF_LINK_ORDER). */
  readonly linkedTo?: number | undefined;
  /** A table that unwinds the section that it describes, on ARM: kept with it. */
  readonly isUnwindTable: boolean;
}

export interface SectionGroup {
  readonly members: readonly number[];
  /** Of groups with one signature the link takes the first (GRP_COMDAT); undefined of others. */
  readonly signature: string | undefined;
}

/** What .eh_frame says of the functions of a section: their personality routine and the table of their exceptions. */
export interface SectionFrame {
  /** The section that it describes. */
  readonly section: number;
  readonly references: readonly SectionReference[];
}

/** A symbol that is defined in a section, with its offset there in bytes. */
export interface SectionSymbol {
  readonly name: string;
  readonly section: number;
  readonly offset: number;
  readonly isLocal: boolean;
  readonly isWeak: boolean;
}

/** One object of a link. */
export interface ObjectSections {
  /** As the map names it: "main.o", "lib.a(x.o)". */
  readonly file: string;
  /** By their indexes. */
  readonly sections: readonly ObjectSection[];
  readonly symbols: readonly SectionSymbol[];
  /** In no order; none where there is no .eh_frame. */
  readonly frames?: readonly SectionFrame[];
}

/** An input section, by what the map and the objects both know of it. */
export interface InputPlace {
  readonly file: string;
  readonly section: string;
}

/** One step of a chain: this section is kept, and refers by `symbol` to the next one. */
export interface ChainStep extends InputPlace {
  /** The symbol by which the step before refers to it; undefined at a root. */
  readonly symbol: string | undefined;
}

/** Why a section is kept. */
export type MarkReason =
  /** A root: by its name, a KEEP of the script, or what it is. */
  | { readonly kind: "symbol"; readonly symbol: string }
  | { readonly kind: "keep" }
  | { readonly kind: "always" }
  /** Another kept section refers to it, describes it, or is in its group. */
  | { readonly kind: "section"; readonly file: string; readonly section: string; readonly symbol: string | undefined };

export interface Marking {
  /** undefined for what is dropped. Sections by their indexes in the object. */
  reasonOf(file: string, section: number): MarkReason | undefined;
  /** The second of two groups with one signature: no part of the link at all. */
  isDuplicate(file: string, section: number): boolean;
}

export interface LinkGraph {
  readonly layout: MapLayout;
  readonly objects: readonly ObjectSections[];
  /** The address that the image starts at; undefined where it is not known. */
  readonly entry: bigint | undefined;
  /** What garbage collection keeps, by the script and the options of the link; left out where these are not known. */
  readonly marking?: { readonly marks: Marking; readonly entry: string | undefined };
}
