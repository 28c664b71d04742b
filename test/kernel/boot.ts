/** Boots a kernel image in qemu until it gives up for want of an init, and returns what it wrote to the serial console. */

import { needTools } from "../support/needed-tools.ts";
import { runProgram } from "../support/run-program.ts";

const QEMU = "qemu-system-x86_64";

/** Makes sure that qemu is there; throws MissingToolError. */
export async function needQemu(): Promise<void> {
  await needTools([{ command: QEMU, debianPackage: "qemu-system-x86" }]);
}

/** The console's output. A kernel that hangs is killed after three minutes, and what it wrote until then is returned. */
export async function bootKernel(image: string): Promise<string> {
  const machine = ["-nographic", "-no-reboot", "-nodefaults", "-serial", "stdio", "-accel", "tcg", "-m", "256"];
  // On a busy machine the emulated timer looks broken to the kernel, which would panic before it has come to its init.
  const commandLine = "console=ttyS0 earlyprintk=serial panic=1 no_timer_check";
  const result = await runProgram(QEMU, [...machine, "-kernel", image, "-append", commandLine], { seconds: 180 });
  return result.stdout;
}
