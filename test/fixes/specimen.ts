/** What a specimen is: one weakly referenced symbol of a generated tree, with all that is written for it. Plain data. */

/**
 * Who defines the symbol:
 * - absent: nobody; always: a file of every link; configured: a file that is linked in some configurations
 * - conditional: a file of every link, under an #ifdef; board: one of two files that stand in for each other
 * - program: another program of the tree, or a module; archive, pulled: a member of an archive, which nothing or something else pulls
 * - assembly, cxx: an assembly or C++ file; assigned, provided: a linker script; sections: ld, from sections' names
 * - switched: an assembly file that is linked in some configurations; aliased: another name of a definition, in a file of every link
 * - weakly: a weak definition; shared: a shared library of the tree; preloaded, outside: an object that is not in the tree
 * - libc: the C library
 */
export type Presence =
  | "absent"
  | "always"
  | "configured"
  | "conditional"
  | "board"
  | "program"
  | "archive"
  | "pulled"
  | "assembly"
  | "switched"
  | "aliased"
  | "cxx"
  | "assigned"
  | "provided"
  | "sections"
  | "weakly"
  | "shared"
  | "preloaded"
  | "outside"
  | "libc";

/** One use, in a function `long ID(long n)` that the program calls with some numbers. */
export interface Use {
  readonly id: string;
  /** The form, for reports. */
  readonly form: string;
  /** One of the plain forms, which must get a fix where the link is closed. */
  readonly isPlain: boolean;
  /** The C text, at file scope. */
  readonly text: string;
  /** What stands in the header: macros, static inline functions. */
  readonly header: string;
}

export interface Specimen {
  readonly name: string;
  readonly kind: "function" | "object";
  /** The type and the way of declaring it, for reports. */
  readonly label: string;
  readonly presence: Presence;
  /** The weak declaration, as the header or the C file has it. */
  readonly declaration: string;
  readonly place: "header" | "file";
  /** What the C file says besides, above its uses: a second declaration, a #pragma. */
  readonly fileText: string;
  readonly uses: readonly Use[];
  /** A strong declaration and definition, for a C file that does not see the weak declaration. */
  readonly definition: string;
  /** The same in x86-64 assembly; undefined where that can't be said shortly. */
  readonly assembly: string | undefined;
  /** The form that looks right and is not: the declaration without the attribute, and a definition in the user's own file. */
  /** A C++ file's use, where it has one: the function that main calls, and its text. */
  readonly cxxUse?: Use;
  readonly naive: { readonly declaration: string; readonly definition: string };
}

/** Whether all uses are of plain forms and the symbol is declared once, as most are. */
export function isPlain(specimen: Specimen): boolean {
  return specimen.uses.every((use) => use.isPlain);
}

/** The header of types that all files include. */
export const TYPES = `/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TYPES_H
#define TYPES_H

#define NULL ((void *)0)
#define __weak __attribute__((__weak__))
#define ENOENT 2
#define likely(x) __builtin_expect(!!(x), 1)

typedef unsigned char u8;
typedef signed char s8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
#if !defined(__STDC_VERSION__) || __STDC_VERSION__ < 202311L
typedef _Bool bool;
#endif
typedef unsigned long size_t;
typedef int (*handler_t)(int);
typedef int row_t[4];
typedef int open_t[];

enum color { RED, GREEN, BLUE };

struct pkt;

struct rec {
	int id;
	const char *name;
	long weight;
};

struct bits {
	unsigned int low : 3;
	unsigned int high : 5;
	int rest;
};

union word {
	int whole;
	char bytes[4];
};

extern long trace;

static inline long add_up(const int *list, long count)
{
	long sum = 0;

	while (count-- > 0)
		sum += list[count];
	return sum;
}

#endif
`;
