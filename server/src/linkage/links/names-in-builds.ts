/** Where a build names a symbol: linkers' and objcopy's options, in links that are read and in build files as text. It has no IO. */

import { lineColumnAt } from "../../text/lines.ts";
import type { Texts } from "../facts/texts.ts";
import { linesOf } from "../facts/texts.ts";
import type { Links } from "./links.ts";

/** A clause that says where: "target fw is linked with -u alloc"; undefined where no build names it. */
export function findNameInBuilds(name: string, links: Links, texts: Texts): string | undefined {
  return nameInBuildFiles(name, links, texts) ?? links.meaningOf(name) ?? nameInLinks(name, links);
}

function nameInLinks(name: string, links: Links): string | undefined {
  const word = new RegExp(`(?<![\\w$.])${escaped(name)}(?![\\w$.])`);
  for (const { unit, options } of links.all()) {
    const { undefined: demanded, entry, defined } = options;
    const assigned = defined.find((one) => word.test(one.value));
    const option = demanded.includes(name)
      ? `-u ${name}`
      : entry === name
        ? `-e ${name}`
        : assigned !== undefined
          ? `--defsym ${assigned.name}=${assigned.value}`
          : undefined;
    if (option !== undefined) return `${unit} is linked with ${option}`;
  }
  return undefined;
}

/** Options of ld(1) and objcopy(1) that take the name of a symbol. */
const NAMING =
  "(?:--?(?:wrap|undefined|require-defined|defsym|entry|init|fini|export-dynamic-symbol|redefine-sym|globalize-symbol|localize-symbol|" +
  "keep-symbol|keep-global-symbol|weaken-symbol|strip-symbol|add-symbol)|(?<![\\w-])-[ueKNGLW])";

function nameInBuildFiles(name: string, { buildFiles }: Links, texts: Texts): string | undefined {
  const plain = name.replace(/^__(?:wrap|real)_/, "");
  const naming = new RegExp(`${NAMING}(?:[=,\\s]|-Wl,|\\\\\\n)*(?:[\\w$.]+=)?(?:${escaped(name)})(?![\\w$./-])`);
  const wrapping = new RegExp(`--?wrap(?:[=,\\s]|-Wl,)*${escaped(plain)}(?![\\w$./-])`);
  for (const path of buildFiles) {
    const source = texts.source(path);
    if (source === undefined) continue;
    const text = source.slice(0, source.length);
    if (!text.includes(plain)) continue;
    const at = (naming.exec(text) ?? wrapping.exec(text))?.index;
    if (at !== undefined)
      return `${path}:${lineColumnAt(linesOf(source), at).line + 1} names it in an option of the linker or of objcopy`;
  }
  return undefined;
}

function escaped(text: string): string {
  return text.replaceAll("$", "\\$");
}
