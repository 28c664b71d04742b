/**
 * The fallback that looks right and is not: strong declarations in the header, and weak definitions with initializers in the
 * very file that reads the tables. gcc believes the initializers, and the kernel's call traces come out as garbage. The suite
 * builds it to know that it can tell such a kernel from a good one.
 *
 * Written from the kernel's own header, without any part of the product.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../support/kernel-tree.ts";

const HEADER = "kernel/kallsyms_internal.h";
const READER = "kernel/kallsyms.c";
const MAKEFILE = "kernel/Makefile";
const INCLUDE = '#include "kallsyms_internal.h"\n';

/** Edits a copied kernel tree; returns the names of the symbols. */
export async function applyNaiveForm(tree: string): Promise<string[]> {
  const header = await readFile(join(tree, HEADER), "utf8");
  const strong = header.replaceAll(/\s+(?:__weak|__section\("\.rodata"\)|__attribute__\(\(weak\)\))(?=[\s;])/g, "");
  const declarations = [...strong.matchAll(/^extern (const [\w ]+?) (\w+)(\[\])?;$/gm)];
  const definitions = declarations.map(([, type, name, array]) =>
    array === undefined ? `${type} ${name} __weak = 0;\n` : `${type} ${name}[1] __weak = { 0 };\n`,
  );
  const reader = await readFile(join(tree, READER), "utf8");
  if (!reader.includes(INCLUDE)) throw new Error(`${READER} does not include the header as expected`);
  await replaceFile(join(tree, HEADER), strong);
  await replaceFile(join(tree, READER), reader.replace(INCLUDE, INCLUDE + definitions.join("")));
  // gcc warns of a loop that it breaks.
  const makefile = await readFile(join(tree, MAKEFILE), "utf8");
  await replaceFile(join(tree, MAKEFILE), `${makefile}\nCFLAGS_kallsyms.o += -Wno-error\n`);
  return declarations.map(([, , name]) => name!);
}
