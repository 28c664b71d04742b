/**
 * What is known of the server, and how to say it in two lines.
 * Must not know VS Code: `status-item.ts` shows what this describes.
 */

import type { StatusParams, TreeStatus } from "../../server/src/protocol/messages.ts";
import { l10n } from "./l10n.ts";

export type ServerState =
  | { readonly kind: "stopped" }
  | { readonly kind: "starting" }
  | { readonly kind: "indexing"; readonly percentage: number | undefined; readonly detail: string | undefined }
  | { readonly kind: "paused"; readonly detail: string }
  | {
      readonly kind: "ready";
      readonly files: number | undefined;
      readonly symbols: number | undefined;
      readonly tree?: TreeStatus;
    }
  | { readonly kind: "incomplete"; readonly reason: string; readonly tree?: TreeStatus }
  | { readonly kind: "failed"; readonly reason: string };

export interface StateDescription {
  /** A few words. */
  readonly text: string;
  /** What is behind them, or what to do about it. */
  readonly detail: string;
  readonly severity: "information" | "warning" | "error";
  /** Whether something is under way. */
  readonly busy: boolean;
}

/** The state that a status message from the server stands for. */
export function stateFromStatus(status: StatusParams): ServerState {
  switch (status.state) {
    case "indexing":
      return { kind: "indexing", percentage: status.percentage, detail: status.message };
    case "stopped":
      return { kind: "paused", detail: status.message ?? "" };
    case "ready":
      return { kind: "ready", files: status.files, symbols: status.symbols, ...treeOf(status) };
    case "incomplete":
      return {
        kind: "incomplete",
        reason: status.message ?? l10n.t("Some files could not be read."),
        ...treeOf(status),
      };
    case "error":
      return { kind: "failed", reason: status.message ?? l10n.t("The workspace could not be indexed.") };
  }
}

function treeOf({ tree }: StatusParams): { tree?: TreeStatus } {
  return tree === undefined ? {} : { tree };
}

/** "kernel, x86, .config"; "kernel, all architectures" where nothing narrows it; "" while nothing is known. */
export function describeTree(tree: TreeStatus | undefined): string {
  if (tree === undefined) return "";
  const { kind, architecture, configuration, architectures } = tree;
  const all = architectures.length > 0 && architecture === undefined ? l10n.t("all architectures") : undefined;
  return [kind, architecture ?? all, configuration].filter((part) => part !== undefined).join(", ");
}

export function describeState(state: ServerState): StateDescription {
  switch (state.kind) {
    case "stopped":
      return {
        text: l10n.t("Stopped"),
        detail: l10n.t("Restart the server to get findings again."),
        severity: "warning",
        busy: false,
      };
    case "starting":
      return { text: l10n.t("Starting"), detail: "", severity: "information", busy: true };
    case "indexing": {
      const { percentage } = state;
      const text = percentage === undefined ? l10n.t("Indexing") : l10n.t("Indexing {0} %", Math.round(percentage));
      const detail = state.detail ?? l10n.t("Answers that need the whole tree are not complete yet.");
      return { text, detail, severity: "information", busy: true };
    }
    case "paused":
      return { text: l10n.t("Indexing stopped"), detail: state.detail, severity: "warning", busy: false };
    case "ready":
      return {
        text: l10n.t("Ready"),
        detail: [describeTree(state.tree), describeCounts(state.files, state.symbols)]
          .filter((part) => part !== "")
          .join("; "),
        severity: "information",
        busy: false,
      };
    case "incomplete":
      return { text: l10n.t("Incomplete"), detail: state.reason, severity: "warning", busy: false };
    case "failed":
      return { text: l10n.t("Failed"), detail: state.reason, severity: "error", busy: false };
  }
}

function describeCounts(files: number | undefined, symbols: number | undefined): string {
  const parts: string[] = [];
  if (files !== undefined) parts.push(l10n.t("{0} files", files.toLocaleString("en")));
  if (symbols !== undefined) parts.push(l10n.t("{0} symbols", symbols.toLocaleString("en")));
  return parts.join(", ");
}
