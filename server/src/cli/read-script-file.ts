/** Reads a linker script that an option names. */

import { readRegular } from "../host/open-regular.ts";
import { readScript } from "../syntax/ld/read-script.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import { sourceOfBytes } from "../text/source.ts";

/** Larger scripts than this are not read, in bytes. */
const MOST_SCRIPT_BYTES = 16 * 2 ** 20;

/** Throws what the system says, and a sentence where the file is no text. */
export function readScriptFile(path: string): LdScript {
  const source = sourceOfBytes(readRegular(path, { most: MOST_SCRIPT_BYTES }));
  if (source === undefined) throw new Error(`${path}: it is a binary file`);
  return readScript(path, source);
}
