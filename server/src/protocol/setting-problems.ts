/** Tells people, once each, what is wrong with settings that only the tree can judge: what they name is not there. */

import { type Connection, MessageType, ShowMessageNotification } from "vscode-languageserver/node";
import { sourceArchitecture } from "../syntax/kbuild/configuration.ts";
import { messageText } from "../text/printable.ts";
import type { Settings } from "./settings.ts";

export interface SettingProblems {
  /** A setting by its name, with what is wrong as a clause. */
  tell(setting: string, problem: string): void;
  /** Checks the architecture against those of the tree; without any, the tree is no kernel and it means nothing. */
  checkArchitecture(settings: Settings, architectures: readonly string[]): void;
}

export function createSettingProblems(connection: Connection): SettingProblems {
  const told = new Set<string>();

  function tell(setting: string, problem: string): void {
    const sentence = messageText(`Weakspot: ${setting}: ${problem}`);
    if (told.has(sentence)) return;
    told.add(sentence);
    // Nothing is asked, so it is no request, which a client may not know.
    void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message: sentence });
  }

  return {
    tell,
    checkArchitecture({ kernelArch }, architectures) {
      if (kernelArch === undefined || architectures.length === 0) return;
      if (architectures.includes(sourceArchitecture(kernelArch))) return;
      tell("weakspot.kernel.arch", `there is no architecture ${kernelArch}; the tree has ${architectures.join(", ")}`);
    },
  };
}
