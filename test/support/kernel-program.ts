/** Makes the program of a small kernel of three architectures, arm, sh and x86, whole or narrowed to a configuration of x86. */

import { narrowProgram } from "../../server/src/linkage/symbols/narrowed-program.ts";
import type { Program } from "../../server/src/linkage/symbols/program.ts";
import { configurationValue, parseConfiguration } from "../../server/src/syntax/kbuild/configuration.ts";
import { loadFixture } from "./fixture-program.ts";
import { smallTree } from "./small-tree.ts";

const SH = {
  "arch/sh/Makefile": "",
  "arch/sh/Kbuild": "obj-y += kernel/\n",
  "arch/sh/kernel/Makefile": "obj-y += setup.o\n",
};

/** The program of the small kernel with these files more, or others instead. */
export function kernelProgram(more: Readonly<Record<string, string>>, configuration?: string): Program {
  const files = Object.entries(smallTree({ ...SH, ...more }).files).map(([path, text]) => ({ path, text }));
  const { program } = loadFixture(files);
  if (configuration === undefined) return program;
  return narrowProgram(program, {
    configuration: configurationValue(parseConfiguration(configuration)),
    architecture: "x86",
    source: ".config",
  });
}
