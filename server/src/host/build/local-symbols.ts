/** What one object of a build has by the name of a static: read when it is asked for, as nobody else's symbols are worth keeping. */

import { isAbsolute, join } from "node:path";
import { eachSymbol } from "../elf/object-symbols.ts";
import { readObject } from "../elf/read-objects.ts";

/** A local symbol of an object. */
export interface LocalSymbol {
  /** As the object has it: compilers make `f.constprop.0`, `f.part.1`, `f.cold` of f. */
  readonly name: string;
  readonly section: string;
  /** In bytes. */
  readonly size: number;
}

/** What GCC and Clang add to a function's name when they make another of it. */
const MADE_OF = /^\.(?:constprop|isra|part|cold|lto_priv|llvm|localalias|clone)\b/;

/**
 * The local symbols that the object has of a static; undefined where the object can't be read or is an archive's member.
 * @param object relative to the build folder
 */
export async function readLocals(
  folder: string,
  object: string,
  name: string,
): Promise<readonly LocalSymbol[] | undefined> {
  if (object.includes("(")) return undefined;
  try {
    const read = await readObject({ path: isAbsolute(object) ? object : join(folder, object), member: undefined });
    if (read === undefined || read.symbols.problems.length > 0) return undefined;
    const found: LocalSymbol[] = [];
    for (const symbol of eachSymbol(read.symbols)) {
      if (symbol.binding !== "local" || !symbol.isDefined || !isMadeOf(symbol.name, name)) continue;
      found.push({ name: symbol.name, section: symbol.section, size: Number(symbol.size) });
    }
    return found;
  } catch {
    return undefined;
  }
}

function isMadeOf(symbol: string, name: string): boolean {
  return symbol === name || (symbol.startsWith(name) && MADE_OF.test(symbol.slice(name.length)));
}
