/**
 * A kernel as it was in 6.10: the tables that a later link supplies are declared strongly, and the linker script provides stand-ins for
 * the first link. Made of a tree that does it otherwise, without any part of the product.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../support/kernel-tree.ts";

const HEADER = "kernel/kallsyms_internal.h";
const READER = "kernel/kallsyms.c";
const SCRIPT = "include/asm-generic/vmlinux.lds.h";

/** Edits a copied kernel tree; returns the names of the symbols, sorted. */
export async function provideStandIns(tree: string): Promise<string[]> {
  const header = await readFile(join(tree, HEADER), "utf8");
  const strong = header.replaceAll(/\s+(?:__weak|__section\("\.rodata"\)|__attribute__\(\(weak\)\))(?=[\s;])/g, "");
  const names = [...strong.matchAll(/^extern const [\w ]+? (\w+)(?:\[\])?;$/gm)].map(([, name]) => name!);
  await replaceFile(join(tree, HEADER), strong);
  const reader = await readFile(join(tree, READER), "utf8");
  // Assertions that a strong declaration makes senseless, and gcc says so.
  const asserted = /\tif \(!IS_ENABLED\(CONFIG_KALLSYMS_BASE_RELATIVE\)\)\n\t\tBUG_ON\(.*\n\telse\n\t\tBUG_ON\(.*\n/;
  await replaceFile(join(tree, READER), reader.replace(asserted, ""));
  const lines = names.map((name) => `\tPROVIDE(${name} = .);`);
  const macro = `#define PRELIMINARY_SYMBOL_DEFINITIONS\t\\\n${lines.join("\t\\\n")}\n\n`;
  const script = await readFile(join(tree, SCRIPT), "utf8");
  const place = /(#define RO_DATA\(align\)[\t ]*\\\n\t\. = ALIGN\(\(align\)\);[\t ]*\\\n)/;
  if (!place.test(script)) throw new Error(`${SCRIPT} does not begin RO_DATA as expected`);
  const used = script.replace(place, "$1\tPRELIMINARY_SYMBOL_DEFINITIONS\t\\\n");
  await replaceFile(join(tree, SCRIPT), used.replace("/*\n * Read only Data", `${macro}/*\n * Read only Data`));
  return names.sort();
}
