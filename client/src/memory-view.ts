/**
 * The view "Memory" in the side bar: how full the regions of the linked images are, and what fills them. Knows the view and its
 * commands; the server reads the images, and memory-tree.ts arranges them.
 */

import * as vscode from "vscode";
import {
  type LinkagePlace,
  type MemoryParams,
  type MemoryResult,
  type MemorySourceParams,
  memoryMethod,
  memorySourceMethod,
} from "../../server/src/protocol/messages.ts";
import { l10n } from "./l10n.ts";
import { openPlace } from "./linkage-view.ts";
import { createMemoryPicture } from "./memory-picture.ts";
import { filterRows, type MemoryOrder, type MemoryRow, rowsOf } from "./memory-tree.ts";
import type { ServerSession } from "./server-session.ts";

export interface MemoryView extends vscode.Disposable {
  /** Asks for the images anew if the view is in sight, else when it comes into sight. */
  invalidate(): void;
}

const VIEW = "weakspot.memory";

const icons: Readonly<Record<MemoryRow["kind"], string>> = {
  image: "file-binary",
  region: "chip",
  section: "symbol-namespace",
  file: "file",
  symbol: "symbol-variable",
  changes: "diff",
  change: "diff-modified",
  note: "info",
};

export function createMemoryView(session: ServerSession): MemoryView {
  let result: MemoryResult | undefined;
  let order: MemoryOrder = "size";
  let filter = "";
  let compare: MemoryParams["compare"];
  let loading: vscode.CancellationTokenSource | undefined;
  const changed = new vscode.EventEmitter<MemoryRow | undefined>();
  const picture = createMemoryPicture();

  const view = vscode.window.createTreeView<MemoryRow>(VIEW, {
    treeDataProvider: { onDidChangeTreeData: changed.event, getChildren, getTreeItem },
    showCollapseAll: true,
  });

  function getChildren(row?: MemoryRow): MemoryRow[] {
    if (row !== undefined) return [...row.children];
    return result === undefined ? [] : [...filterRows(rowsOf(result.images, order), filter)];
  }

  function getTreeItem(row: MemoryRow): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const isOpen = row.kind === "image" || filter !== "";
    const item = new vscode.TreeItem(row.label, row.children.length === 0 ? None : isOpen ? Expanded : Collapsed);
    item.id = `${row.id} ${filter}`;
    item.description = row.description;
    item.tooltip = row.spoken;
    item.accessibilityInformation = { label: row.spoken };
    item.contextValue = row.place === undefined && row.source === undefined ? row.kind : `${row.kind} source`;
    const color = row.isOverfull ? new vscode.ThemeColor("list.errorForeground") : undefined;
    item.iconPath = new vscode.ThemeIcon(row.isOverfull ? "error" : icons[row.kind], color);
    // What opens to more opens; its source is in the menu.
    if (row.children.length === 0 && (row.place ?? row.source) !== undefined)
      item.command = { command: "weakspot.memory.open", title: l10n.t("Open"), arguments: [row] };
    return item;
  }

  function isSeen(): boolean {
    return view.visible || picture.isOpen();
  }

  async function load(): Promise<void> {
    const client = session.client();
    if (client === undefined || !isSeen()) return;
    loading?.cancel();
    const source = new vscode.CancellationTokenSource();
    loading = source;
    tellWelcome("loading");
    try {
      const params: MemoryParams = compare === undefined ? {} : { compare };
      const answer = await vscode.window.withProgress({ location: { viewId: VIEW } }, () =>
        client.sendRequest<MemoryResult>(memoryMethod, params, source.token),
      );
      if (source.token.isCancellationRequested) return;
      result = answer;
      show();
    } catch (error) {
      if (!source.token.isCancellationRequested) client.warn("The view Memory could not be filled.", error);
    } finally {
      if (loading === source) {
        loading = undefined;
        tellWelcome("ready");
      }
      source.dispose();
    }
  }

  function show(): void {
    const [only, ...others] = result?.images ?? [];
    view.description = only !== undefined && others.length === 0 ? only.path : "";
    const waiting = result?.isComplete === false ? l10n.t("The tree is still being indexed; more may come.") : "";
    view.message = filter === "" ? waiting : l10n.t('Only those with "{0}".', filter);
    changed.fire(undefined);
    picture.update(rowsOf(result?.images ?? [], "size"));
  }

  async function showPicture(): Promise<void> {
    picture.show();
    if (result === undefined) await load();
    else show();
  }

  async function askFilter(): Promise<void> {
    const text = await vscode.window.showInputBox({
      prompt: l10n.t("Words that the name of a region, section, file or symbol must contain. Empty: all."),
      value: filter,
    });
    if (text === undefined) return;
    filter = text.trim();
    show();
  }

  async function askOrder(): Promise<void> {
    order = (await pickOrder(order)) ?? order;
    show();
  }

  /** Compares an image with another that the user names, or with the build before again. */
  async function askCompare(row?: MemoryRow): Promise<void> {
    const images = result?.images ?? [];
    const uri = row?.image.uri ?? view.selection[0]?.image.uri ?? images[0]?.uri;
    if (uri === undefined) return;
    const before = { label: l10n.t("The build before"), description: l10n.t("as far as it was seen") };
    const others = images.filter((one) => one.uri !== uri).map((one) => ({ label: one.path, uri: one.uri }));
    const file = {
      label: l10n.t("Another image…"),
      description: l10n.t("an ELF file with its map beside it, or a map"),
    };
    type Choice = { readonly label: string; readonly description?: string; readonly uri?: string };
    const choices: readonly Choice[] = [before, ...others, file];
    const chosen = await vscode.window.showQuickPick(choices, { placeHolder: l10n.t("What to compare with") });
    if (chosen === undefined) return;
    if (chosen === before) compare = undefined;
    else if (chosen.uri !== undefined) compare = { uri, with: session.uriOf(chosen.uri).fsPath };
    else {
      const [picked] = (await vscode.window.showOpenDialog({ title: l10n.t("An image to compare with") })) ?? [];
      if (picked === undefined) return;
      compare = { uri, with: picked.fsPath };
    }
    await load();
  }

  async function open(given?: Pick<MemoryRow, "label" | "place" | "source">): Promise<void> {
    const row = given ?? view.selection[0];
    const client = session.client();
    if (row === undefined || client === undefined) return;
    const params: MemorySourceParams | undefined = row.source;
    const asked = params && (await client.sendRequest<LinkagePlace | null>(memorySourceMethod, params));
    const place = row.place ?? asked;
    if (place) await openPlace(session, place);
    else void vscode.window.showInformationMessage(l10n.t("Weakspot: the source of {0} is not known.", row.label));
  }

  function invalidate(): void {
    if (isSeen()) void load();
    else result = undefined;
  }

  const disposable = vscode.Disposable.from(
    view,
    changed,
    picture,
    view.onDidChangeVisibility(({ visible }) => {
      if (visible && result === undefined) void load();
    }),
    vscode.commands.registerCommand("weakspot.memory.refresh", load),
    vscode.commands.registerCommand("weakspot.memory.filter", askFilter),
    vscode.commands.registerCommand("weakspot.memory.sort", askOrder),
    vscode.commands.registerCommand("weakspot.memory.compare", askCompare),
    vscode.commands.registerCommand("weakspot.memory.open", open),
    vscode.commands.registerCommand("weakspot.memory.picture", showPicture),
  );
  return {
    invalidate,
    dispose() {
      loading?.cancel();
      disposable.dispose();
    },
  };
}

/** Asks how rows are sorted; undefined where nothing is chosen. */
async function pickOrder(order: MemoryOrder): Promise<MemoryOrder | undefined> {
  const labels: Readonly<Record<MemoryOrder, string>> = {
    size: l10n.t("By size"),
    address: l10n.t("By address"),
    name: l10n.t("By name"),
  };
  const items = (Object.keys(labels) as MemoryOrder[]).map((one) => {
    return { label: labels[one], description: one === order ? l10n.t("now") : "", order: one };
  });
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder: l10n.t("How what is in a region is sorted"),
  });
  return chosen?.order;
}

/** Which words stand in the view while it is empty. */
function tellWelcome(state: "loading" | "ready"): void {
  void vscode.commands.executeCommand("setContext", "weakspot.memoryState", state);
}
