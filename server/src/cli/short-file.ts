/** How reports name the files of a link. */

import { printable } from "../text/printable.ts";

/** A file as people know it, "main.o" or "libc.a(x.o)": of one outside of the build, such as a compiler's library, the last part of its path. */
export function shortFile(file: string): string {
  const member = file.indexOf("(");
  if (!file.startsWith("/")) return printable(file);
  return printable(file.slice(file.lastIndexOf("/", member < 0 ? file.length : member) + 1));
}
