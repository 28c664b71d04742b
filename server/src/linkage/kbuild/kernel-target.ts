/** Which target the compiler of a kernel has, by architecture and configuration, in the words of predefined.ts. */

import type { ConfigurationValue } from "../../syntax/kbuild/guard.ts";

/**
 * @param architecture the directory below arch/
 * @param configuration undefined is as if nothing were set, which takes the 64-bit target where there are two
 */
export function kernelTarget(architecture: string, configuration: ConfigurationValue | undefined): string {
  const isSet = (name: string): boolean => configuration?.(name) === "y";
  const isBig = isSet("CONFIG_CPU_BIG_ENDIAN");
  switch (architecture) {
    case "x86":
      return isSet("CONFIG_X86_32") ? "i386" : "x86_64";
    case "um":
      return isSet("CONFIG_X86_32") ? "i386" : "x86_64";
    case "arm64":
      return isBig ? "aarch64_be" : "aarch64";
    case "arm":
      return isBig ? "armeb" : "arm";
    case "powerpc":
      if (isSet("CONFIG_PPC32")) return "powerpc";
      return isSet("CONFIG_CPU_LITTLE_ENDIAN") ? "powerpc64le" : "powerpc64";
    case "riscv":
      return isSet("CONFIG_32BIT") ? "riscv32" : "riscv64";
    case "s390":
      return "s390x";
    case "mips": {
      const size = isSet("CONFIG_64BIT") ? "64" : "";
      return `mips${size}${isSet("CONFIG_CPU_LITTLE_ENDIAN") ? "el" : ""}`;
    }
    default:
      return architecture;
  }
}
