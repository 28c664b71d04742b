/** `--kconfig`, `--arch` and `--build`: what the command's answers are narrowed to. */

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { sourceOfBuild } from "../host/build/find-build.ts";
import { configurationPathOfBuild } from "../host/configuration-file.ts";
import { isKernelRoot } from "../host/find-root.ts";
import type { Session, SessionOptions } from "../session/session.ts";
import { sourceArchitecture } from "../syntax/kbuild/configuration.ts";

export interface NarrowingArguments {
  readonly kconfig?: string;
  readonly arch?: string;
  readonly build?: string;
}

/** The options of the session. Throws, with a message for people, when a configuration is named that is not there. */
export function narrowingOptions(options: NarrowingArguments): Pick<SessionOptions, "architecture" | "configuration"> {
  const { kconfig, build, arch } = options;
  if (kconfig !== undefined && !existsSync(kconfig)) throw new Error(`${kconfig}: there is no such configuration`);
  const path = kconfig ?? (build === undefined ? undefined : configurationOfBuild(build));
  return { architecture: () => arch, configuration: () => (path === undefined ? undefined : resolve(path)) };
}

/** A build of a tree that knows no Kconfig has no configuration of its own; a kernel's has one, or is none. */
function configurationOfBuild(build: string): string | undefined {
  const path = configurationPathOfBuild(build);
  if (existsSync(path)) return path;
  if (sourceOfBuild(build) !== undefined || isKernelRoot(build))
    throw new Error(`${path}: there is no such configuration`);
  return undefined;
}

/** Throws when a kernel tree has no such architecture: narrowed to it, nothing would be found, and nothing be right. */
export async function assertArchitecture(session: Session, name: string | undefined): Promise<void> {
  if (name === undefined) return;
  const known = await session.ask((program) => program.everywhere.links.architectures);
  if (known.length > 0 && !known.includes(sourceArchitecture(name))) {
    throw new Error(`--arch ${name}: the tree has ${known.join(", ")}`);
  }
}
