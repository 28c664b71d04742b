/** Symbols that the C library defines, and no file of the tree. */

import type { Choice } from "./choose.ts";
import type { Specimen, Use } from "./specimen.ts";

const SYMBOLS = [
  { name: "gnu_get_libc_version", type: "const char *", declarator: "gnu_get_libc_version(void)", result: "r[0]" },
  { name: "gnu_get_libc_release", type: "const char *", declarator: "gnu_get_libc_release(void)", result: "r[0]" },
  { name: "getpagesize", type: "int ", declarator: "getpagesize(void)", result: "r" },
  { name: "ffsl", type: "int ", declarator: "ffsl(long i)", result: "r" },
  { name: "opterr", type: "int ", declarator: "opterr", result: "r" },
  { name: "optind", type: "int ", declarator: "optind", result: "r" },
  { name: "obstack_exit_failure", type: "int ", declarator: "obstack_exit_failure", result: "r" },
] as const;

/** One of them; the serial number keeps two of one tree apart. */
export function makeLibrarySymbol(serial: number, choice: Choice): Specimen {
  const symbol = SYMBOLS[serial % SYMBOLS.length]!;
  const isFunction = symbol.declarator.includes("(");
  const id = `use_${symbol.name}_${serial}`;
  const value = isFunction ? `${symbol.name}(${symbol.declarator.includes("long") ? "n" : ""})` : symbol.name;
  const body = choice.one([
    `\treturn ${isFunction ? symbol.name : `&${symbol.name}`} ? ${value} : 0;\n`,
    `\tif (${isFunction ? symbol.name : `&${symbol.name}`})\n\t\treturn ${value};\n\treturn 0;\n`,
    `\treturn ${value};\n`,
  ]);
  const use: Use = {
    id,
    form: "library symbol",
    isPlain: true,
    header: "",
    text: `static ${symbol.type}${id}_in(long n)\n{\n\t(void)n;\n${body}}\n\nlong ${id}(long n)\n{\n\t${symbol.type}r = ${id}_in(n);\n\n\treturn r ? ${symbol.result} : -5;\n}\n`,
  };
  return {
    name: symbol.name,
    kind: isFunction ? "function" : "object",
    label: `${symbol.type.trim()}, libc`,
    presence: "libc",
    declaration: `extern ${symbol.type}${symbol.declarator} __attribute__((weak));\n`,
    place: "header",
    fileText: "",
    uses: [use],
    definition: "",
    assembly: undefined,
    naive: {
      declaration: `extern ${symbol.type}${symbol.declarator};\n`,
      definition: isFunction
        ? `__attribute__((weak)) ${symbol.type}${symbol.declarator}\n{\n${symbol.declarator.includes("long") ? "\t(void)i;\n" : ""}\treturn 0;\n}\n`
        : `${symbol.type}${symbol.declarator} __attribute__((weak)) = 0;\n`,
    },
  };
}
