/** Whether a text is a linker script that the C preprocessor has yet to see, by its name and its first lines. */

import type { Source } from "../../text/source.ts";

const NAME = /\.(?:S|h|in|cpp|pp)$/;

/** Lines that only the preprocessor gives meaning to; to ld, a `#` begins a comment. */
const DIRECTIVE = /^[ \t]*#[ \t]*(?:include[ \t]*[<"]|define[ \t]+[A-Za-z_]|ifn?def[ \t]+[A-Za-z_]|endif\b)/m;

/** How much of a text is looked at, in UTF-16 units. */
const PROBE = 64 * 1024;

/**
 * True for `vmlinux.lds.S`, `vmlinux.lds.h` and their like, and for a `.lds` that includes headers, as some that Linux
 * includes in a `.lds.S` do.
 */
export function isUnexpandedScript(path: string, source: Source): boolean {
  return NAME.test(path) || DIRECTIVE.test(source.slice(0, Math.min(source.length, PROBE)));
}
