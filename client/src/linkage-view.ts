/**
 * The view "Linkage" in the side bar: what the tree has of weak references, weak definitions and PROVIDE, as a worklist.
 * Knows the view and its commands; the server gathers the items, and linkage-tree.ts arranges them.
 */

import * as vscode from "vscode";
import { EXPLAIN_REFUSAL, type LinkageResult, linkageMethod } from "../../server/src/protocol/messages.ts";
import { l10n } from "./l10n.ts";
import {
  describeCount,
  describeItem,
  filterItems,
  type Grouping,
  groupItems,
  type LinkageGroup,
  type LinkagePlace,
  type LinkageViewItem,
} from "./linkage-tree.ts";
import type { ServerSession } from "./server-session.ts";

interface ItemNode {
  readonly kind: "item";
  readonly item: LinkageViewItem;
}

interface OverriderNode {
  readonly kind: "overrider";
  readonly place: LinkagePlace;
}

type Node = LinkageGroup | ItemNode | OverriderNode;

export interface LinkageView extends vscode.Disposable {
  /** Gathers the items anew if the view is in sight, else when it comes into sight. */
  invalidate(): void;
}

const VIEW = "weakspot.linkage";

export function createLinkageView(session: ServerSession): LinkageView {
  let items: readonly LinkageViewItem[] | undefined;
  let grouping: Grouping = "state";
  let filter = "";
  let loading: vscode.CancellationTokenSource | undefined;
  const changed = new vscode.EventEmitter<Node | undefined>();

  const view = vscode.window.createTreeView<Node>(VIEW, {
    treeDataProvider: { onDidChangeTreeData: changed.event, getChildren, getTreeItem },
    showCollapseAll: true,
  });

  function getChildren(node?: Node): Node[] {
    if (node === undefined) return items === undefined ? [] : groupItems(filterItems(items, filter), grouping);
    if (node.kind === "group") return node.items.map((item) => ({ kind: "item", item }));
    return node.kind === "item" ? node.item.overriders.map((place) => ({ kind: "overrider", place })) : [];
  }

  function getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === "group") {
      // What was searched for is shown at once; the view remembers by the id which groups are open.
      const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
      const item = new vscode.TreeItem(node.label, filter === "" ? Collapsed : Expanded);
      item.id = `${node.id} ${filter}`;
      item.description = node.items.length.toLocaleString("en");
      return item;
    }
    if (node.kind === "overrider") {
      const item = new vscode.TreeItem(node.place.path);
      item.description = l10n.t("overrides it");
      item.command = openCommand(node.place);
      return item;
    }
    const { item: data } = node;
    const state = data.overriders.length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : undefined;
    const item = new vscode.TreeItem(data.symbol, state);
    item.description = describeItem(data, grouping);
    item.tooltip = l10n.t("{0} in {1}", data.kind, data.path);
    item.accessibilityInformation = { label: `${data.symbol}, ${data.kind}, ${data.path}` };
    item.contextValue = data.kind.replace(" ", "-");
    item.command = openCommand(data);
    return item;
  }

  /** Takes over what has become of one file's items. What it means for items elsewhere shows when all are gathered anew. */
  async function reload({ uri }: vscode.TextDocument): Promise<void> {
    const client = session.client();
    if (client === undefined || items === undefined || loading !== undefined) return;
    const key = client.code2ProtocolConverter.asUri(uri);
    try {
      const result = await client.sendRequest<LinkageResult>(linkageMethod, { uri: key });
      const before = items.findIndex((item) => item.uri === key);
      const others = items.filter((item) => item.uri !== key);
      const at = before < 0 ? others.length : before;
      items = [...others.slice(0, at), ...result.items.map((item) => named(session, item)), ...others.slice(at)];
      show();
    } catch (error) {
      client.warn("The view Linkage could not follow a file that was saved.", error);
    }
  }

  async function load(): Promise<void> {
    const client = session.client();
    if (client === undefined || !view.visible) return;
    loading?.cancel();
    const source = new vscode.CancellationTokenSource();
    loading = source;
    tellWelcome("loading");
    try {
      const result = await vscode.window.withProgress({ location: { viewId: VIEW } }, () =>
        client.sendRequest<LinkageResult>(linkageMethod, {}, source.token),
      );
      if (source.token.isCancellationRequested) return;
      items = result.items.map((item) => named(session, item));
      show(result.isComplete ? undefined : l10n.t("The tree is still being indexed; more may come."));
    } catch (error) {
      if (!source.token.isCancellationRequested) client.warn("The view Linkage could not be filled.", error);
    } finally {
      if (loading === source) {
        loading = undefined;
        tellWelcome("ready");
      }
      source.dispose();
    }
  }

  function show(message?: string): void {
    const all = items?.length ?? 0;
    view.description = items === undefined ? "" : describeCount(filterItems(items, filter).length, all);
    view.message = message ?? (filter === "" ? "" : l10n.t('Only those with "{0}".', filter));
    changed.fire(undefined);
  }

  function group(by: Grouping): void {
    grouping = by;
    void vscode.commands.executeCommand("setContext", "weakspot.linkageGrouping", by);
    show();
  }

  async function askFilter(): Promise<void> {
    const text = await vscode.window.showInputBox({
      prompt: l10n.t("Words that the symbol, the path or the kind must contain. Empty: all."),
      value: filter,
    });
    if (text === undefined) return;
    filter = text.trim();
    show();
  }

  function invalidate(): void {
    if (view.visible) void load();
    else items = undefined;
  }

  const disposable = vscode.Disposable.from(
    view,
    changed,
    view.onDidChangeVisibility(({ visible }) => {
      if (visible && items === undefined) void load();
    }),
    vscode.workspace.onDidSaveTextDocument((document) => void reload(document)),
    vscode.commands.registerCommand("weakspot.linkage.refresh", load),
    vscode.commands.registerCommand("weakspot.linkage.filter", askFilter),
    vscode.commands.registerCommand("weakspot.linkage.groupByState", () => group("state")),
    vscode.commands.registerCommand("weakspot.linkage.groupByDirectory", () => group("directory")),
    vscode.commands.registerCommand("weakspot.linkage.open", (place: LinkagePlace) => openPlace(session, place)),
    vscode.commands.registerCommand("weakspot.linkage.fix", async (node?: Node) => {
      const chosen = node ?? view.selection[0];
      if (chosen?.kind === "item" && (await applyFix(session, chosen.item))) void load();
    }),
  );
  return {
    invalidate,
    dispose() {
      loading?.cancel();
      disposable.dispose();
    },
  };
}

/** In a window of several folders paths begin with the folder's name. */
function named(session: ServerSession, item: LinkageViewItem): LinkageViewItem {
  const name = (place: LinkagePlace) => vscode.workspace.getWorkspaceFolder(session.uriOf(place.uri))?.name;
  if ((vscode.workspace.workspaceFolders?.length ?? 0) < 2) return item;
  const withFolder = <T extends LinkagePlace>(place: T): T => ({
    ...place,
    path: `${name(place) ?? ""}/${place.path}`,
  });
  return { ...withFolder(item), overriders: item.overriders.map(withFolder) };
}

/** Which words stand in the view while it is empty. */
function tellWelcome(state: "loading" | "ready"): void {
  void vscode.commands.executeCommand("setContext", "weakspot.linkageState", state);
}

function openCommand(place: LinkagePlace): vscode.Command {
  return { command: "weakspot.linkage.open", title: l10n.t("Open"), arguments: [place] };
}

/** Shows a place in an editor. */
export async function openPlace(session: ServerSession, place: LinkagePlace): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(session.uriOf(place.uri));
  return vscode.window.showTextDocument(document, { selection: rangeOf(document, place), preview: true });
}

function rangeOf(document: vscode.TextDocument, { start, end }: LinkagePlace): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** Opens the place and applies the fix that the server prefers there. True when something was changed. */
async function applyFix(session: ServerSession, place: LinkagePlace): Promise<boolean> {
  const editor = await openPlace(session, place);
  const { document, selection } = editor;
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    selection,
    vscode.CodeActionKind.QuickFix.value,
  );
  const possible = actions.filter(({ edit, title }) => edit !== undefined && !title.startsWith("Ignore "));
  const chosen = possible.find(({ isPreferred }) => isPreferred);
  if (chosen?.edit === undefined && possible.length > 0) {
    // Their titles say what they come to, which is for people to judge.
    await vscode.commands.executeCommand("editor.action.quickFix");
    return false;
  }
  if (chosen?.edit === undefined) {
    const refusal = actions.find(({ command }) => command?.command === EXPLAIN_REFUSAL)?.command;
    if (refusal !== undefined) await vscode.commands.executeCommand(refusal.command, ...(refusal.arguments ?? []));
    else
      void vscode.window.showInformationMessage(
        l10n.t("Weakspot: there is no finding at this place, so there is nothing to fix."),
      );
    return false;
  }
  return vscode.workspace.applyEdit(chosen.edit, { isRefactoring: true });
}
