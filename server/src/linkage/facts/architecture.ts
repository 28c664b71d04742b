/** The architectures of a kernel tree, by the paths of files: arch/x86/… is x86's. It reads no file. */

/** The architecture whose directory a path lies in. */
export function architectureOf(path: string): string | undefined {
  return /^arch\/([^/]+)\//.exec(path)?.[1];
}

/**
 * Whether one architecture builds files of the other: arm64 takes Xen's from arm, and user-mode Linux is built of x86.
 * (arch/arm64/xen/Makefile; HOST_DIR in arch/um/Makefile.)
 */
export function areRelated(left: string, right: string): boolean {
  if (left === right) return true;
  const pair = [left, right].sort().join(" ");
  return pair === "arm arm64" || pair === "um x86";
}
