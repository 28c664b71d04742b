/**
 * Names of scripts' symbols that startup code, C libraries, profilers and debuggers look for by custom, though no file of a tree has
 * them: those of ld's own scripts (end(3); ld manual, "PROVIDE"), of newlib's and picolibc's start files, of crtbegin.o.
 */

import { madeByLinker } from "./linker-made.ts";

/** Without the underscores around them. */
const STEMS: ReadonlySet<string> = new Set(
  (
    "start end etext edata text data bss_start bss_end sbss ebss sdata heap_start heap_end heap_base heap_limit heap_size " +
    "HeapBase HeapLimit stack stack_top stack_bottom stack_end stack_size StackTop StackLimit exidx_start exidx_end " +
    "preinit_array_start preinit_array_end init_array_start init_array_end fini_array_start fini_array_end " +
    "ctors_start ctors_end dtors_start dtors_end global_pointer$ executable_start gp init fini eh_frame_start eh_frame_end"
  ).split(" "),
);

/** What start files name by a stem and whatever is behind it: `__data_load_start`, `__bss_size`, `__tls_align`. */
const BEGINNINGS = [
  "__data_",
  "__bss_",
  "__tls_",
  "__tdata_",
  "__tbss_",
  "__arm32_tls_",
  "__start_",
  "__stop_",
  "__ctors_",
  "__dtors_",
];

/** Whether code that is no part of a tree refers to the name by custom. */
export function isWellKnown(name: string): boolean {
  if (madeByLinker(name) !== undefined) return true;
  const first = [...name].findIndex((char) => char !== "_");
  let last = name.length;
  while (name[last - 1] === "_") last--;
  return STEMS.has(name.slice(Math.max(first, 0), last)) || BEGINNINGS.some((beginning) => name.startsWith(beginning));
}
