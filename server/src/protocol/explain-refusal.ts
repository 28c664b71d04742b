/** Answers "Why is there no fix?": a message with the reason, and the rule's page for who wants to know more. */

import type { ClientCapabilities, Connection } from "vscode-languageserver";
import { rulePageUri } from "../host/rule-pages.ts";
import { findRule } from "../rules/registry.ts";
import { messageText } from "../text/printable.ts";
import type { RefusalArguments } from "./messages.ts";

const OPEN = "What the Rule Says";

/** @param told what the action carries; anything else is not answered */
export async function explainRefusal(
  { window, console }: Connection,
  told: unknown,
  capabilities: ClientCapabilities,
): Promise<void> {
  const { reason, rule } = (told ?? {}) as Partial<RefusalArguments>;
  if (typeof reason !== "string" || typeof rule !== "string" || findRule(rule) === undefined) return;
  const page = capabilities.window?.showDocument?.support === true ? rulePageUri(rule) : undefined;
  const actions = page === undefined ? [] : [{ title: OPEN }];
  // Not awaited: a message may stand there for as long as its reader likes.
  window
    .showInformationMessage(messageText(`No safe fix: ${reason}.`), ...actions)
    .then((chosen) => {
      if (chosen?.title === OPEN && page !== undefined) return window.showDocument({ uri: page, external: false });
      return undefined;
    })
    .catch((error: unknown) => console.warn(messageText(`the client showed no message: ${String(error)}`)));
}
