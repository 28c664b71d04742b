/** The words around the tables of docs/fallback-forms.md. The tables are measured; the words say what follows from them. */

export interface Measured {
  readonly compilers: readonly string[];
  readonly withoutLto: string;
  readonly withLto: string;
  readonly nullTests: string;
  readonly archives: string;
  readonly costs: string;
}

export function writeDocument(measured: Measured): string {
  return `# Which fallback definitions are safe

This page is written by \`npm run test:toolchain -- --update\`, which compiles, links and runs every case below;
\`npm run test:toolchain\` does the same and fails when the page or the product's own table
(server/src/rules/fallback/forms.ts) says something else.

A weak fallback definition is only useful if the strong definition that arrives later really is what the program reads.
Compilers break that promise in several ways. In each case one object uses the symbols: it reads scalars, indexes and loops
over arrays, walks pointer ranges, tests, walks and compares strings, calls functions. The fallback says zero, and a third
object, assembled from plain assembly so that no compiler sees its values, holds the strong definitions. The program is linked
with that object present, so every read must see the strong value. "wrong" means that a read saw the fallback, or that the
compiler reasoned from the fallback's value or from its array bound; the symbols, and where not all of its readers went wrong
the readers, stand behind it. "rejected" means that the compiler does not take the form.

Compilers: ${measured.compilers.join(", ")} of Debian 12, x86-64, each with -O2 and -Os, -fno-pie and -fPIE; a form is wrong if it
is wrong with one of these. What stands in another file is written by the product's own fix.

## Without link-time optimization

${measured.withoutLto}
A definition in another file is safe, whatever its form. Why clang up to 14 believes even tentative definitions: a \`const\`
variable with the weak attribute gets \`weak_odr\` linkage there, which licenses the optimizer to believe the initializer; from
15 on it gets plain \`weak\`. gcc believes the initializers of const scalars, and the bounds of arrays.

## With link-time optimization

${measured.withLto}
Link-time optimization looks into other files. gcc inlines the body of a weak function although the linker has told it that
another definition prevails, and merges the declarations of an array, so that readers see the fallback's bound. A fallback
that is compiled without it, as \`CFLAGS_REMOVE_x_weak.o := $(CC_FLAGS_LTO)\` asks for in Kbuild, is safe with all; so is
file-scope assembly for objects.

## Pairs of symbols that bound a range

Where nothing else defines the symbols, two fallbacks of their own never share an address: the range between them is not empty
and holds whatever lies there, where the weak references that they replace were both NULL and their range was empty. That is
asserted for every toolchain and form above. Fallbacks that share one address, which file-scope assembly can give them
(\`.weak start; .weak end; start: end:\`), are right with all.

Where both symbols are always defined the attribute can just go: with strong definitions at one address, walks over the empty
range, until equal too, and comparisons of its ends are right with all toolchains.

## NULL tests

Users are linked with the symbols at address 0. "seen" means that the test came out as it should. Once the declaration is strong,
compilers fold it to true. gcc alone keeps it when it is told that address 0 may hold something, as it is in the kernel
(\`-fno-delete-null-pointer-checks\`); clang folds it there, too.

${measured.nullTests}
So a fix that drops the weak attribute from a symbol that is tested against NULL changes what the program does, unless the test
goes with it and the fallback gives the same answer. With the test gone, and a fallback function that returns what callers got
where the test failed, the programs do the same with all toolchains, whether a strong definition is linked or not.

\`extern const void sym;\` can't be given a C definition at all: the type is incomplete.

## Where the strong definition lives

Two callers of \`opt\`. The real definition returns 42 and stands in an object or an archive, as \`lib-y\` objects do in the kernel's
lib.a, which is linked outside of --whole-archive. The fallback, the placeholder of PROVIDE and a caller without a definition
say -1.

${measured.archives}
GNU ld's PROVIDE defines what is referred to and not defined yet at the moment when ld comes to the script: named behind the callers
and before the object with the real definition, it wins over that, without a message. gold's keeps the archive's member out of the
link wherever it is named. The kernel names its script first, and links with GNU ld or lld.

So a fallback is safe only where the strong definition is an object of the same link, and it must be there whenever a file
that refers to the symbol is.

## What a weak reference costs

The same users of eight tables, as a weak reference and as a strong declaration; relocations that go through the GOT, and
bytes of code, at -O2.

${measured.costs}`;
}
