/** What a user sees while editing: findings, hover, quick fixes, languages. The open folder is a copy of the sample tree. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { activateWeakspot, waitForFindings, waitForState } from "./wait.ts";

export function describeEditing(): void {
  describe("editing", () => {
    before(async () => {
      await waitForState(await activateWeakspot(), "ready");
    });

    it("opens linker scripts, templates and headers of them as linker scripts, and leaves C alone", async () => {
      const ids = new Map<string, string>();
      for (const path of ["arch/x86/kernel/vmlinux.lds.S", "include/asm-generic/vmlinux.lds.h", "kernel/table.c"]) {
        ids.set(path, (await open(path)).languageId);
      }
      assert.deepEqual([...ids.values()], ["linkerscript", "linkerscript", "c"]);
    });

    it("underlines each weak reference of a header", async () => {
      const header = await open("kernel/table_internal.h");
      const findings = await waitForFindings(header.uri, 2);
      assert.deepEqual(
        findings.map((finding) => header.getText(finding.range)),
        ["table_names", "table_count"],
      );
      for (const finding of findings) {
        assert.match(finding.message, /weak reference to '/);
        assert.equal(codeOf(finding), "weak-reference");
        assert.equal(finding.severity, vscode.DiagnosticSeverity.Warning);
      }
    });

    it("underlines a PROVIDE in a linker script", async () => {
      const script = await open("arch/x86/kernel/vmlinux.lds.S");
      const [finding] = await waitForFindings(script.uri, 1);
      assert.equal(codeOf(finding!), "provide-symbol");
    });

    it("follows what is typed, before it is saved", async () => {
      const source = await open("kernel/main.c");
      await waitForFindings(source.uri, 0);
      const inserted = "extern int late_symbol __attribute__((weak));\n";
      const editor = await vscode.window.showTextDocument(source);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), inserted));
      const [finding] = await waitForFindings(source.uri, 1);
      assert.equal(source.getText(finding!.range), "late_symbol");
      await editor.edit((edit) => edit.delete(new vscode.Range(0, 0, 1, 0)));
      await waitForFindings(source.uri, 0);
    });

    it("shows a script after preprocessing, beside it, and follows its changes", async () => {
      const script = await open("arch/x86/kernel/vmlinux.lds.S");
      const view = await vscode.commands.executeCommand<vscode.TextDocument>("weakspot.showExpanded", script.uri);
      assert.equal(view.languageId, "linkerscript");
      assert.match(view.getText(), /\*\(\.note\.\*\)/);
      assert.doesNotMatch(view.getText(), /#include|added_here/);
      const editor = await vscode.window.showTextDocument(script, vscode.ViewColumn.One);
      const changed = new Promise<string>((resolve) => {
        const listener = vscode.workspace.onDidChangeTextDocument(({ document }) => {
          if (document !== view) return;
          listener.dispose();
          resolve(document.getText());
        });
      });
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "added_here = 1;\n"));
      assert.match(await changed, /added_here = 1;/);
      await editor.edit((edit) => edit.delete(new vscode.Range(0, 0, 1, 0)));
    });

    it("explains a symbol, whether it stands in C, in assembly or in a script", async () => {
      const header = await open("kernel/table_internal.h");
      assert.match(await hover(header, "table_count"), /weak/);
      const assembly = await open("kernel/entry.S");
      assert.match(await hover(assembly, "entry"), /[Ss]trong definition/);
      const script = await open("arch/x86/kernel/vmlinux.lds.S");
      assert.match(await hover(script, "__start_notes"), /kernel\/main\.c/);
    });

    it("shows its hover and findings beside those of another extension for C", async () => {
      const header = await open("kernel/table_internal.h");
      const neighbour = vscode.Disposable.from(
        vscode.languages.registerHoverProvider(["c", "cpp"], {
          provideHover: () => new vscode.Hover("a neighbour's hover"),
        }),
      );
      const itsFindings = vscode.languages.createDiagnosticCollection("neighbour");
      try {
        itsFindings.set(header.uri, [new vscode.Diagnostic(new vscode.Range(0, 0, 0, 1), "a neighbour's finding")]);
        const text = await hover(header, "table_count");
        assert.match(text, /a neighbour's hover/);
        assert.match(text, /weak/);
        assert.equal(vscode.languages.getDiagnostics(header.uri).length, 3);
      } finally {
        neighbour.dispose();
        itsFindings.dispose();
      }
    });

    it("offers neither formatting nor completion in C, where other extensions do", async () => {
      const source = await open("kernel/table.c");
      const edits = await vscode.commands.executeCommand("vscode.executeFormatDocumentProvider", source.uri, {
        tabSize: 8,
        insertSpaces: false,
      });
      assert.equal(edits, undefined);
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        "vscode.executeCompletionItemProvider",
        source.uri,
        new vscode.Position(3, 0),
      );
      const others = new Set([vscode.CompletionItemKind.Text, vscode.CompletionItemKind.Snippet]);
      assert.deepEqual(
        list.items.filter((item) => !others.has(item.kind ?? vscode.CompletionItemKind.Text)).map((item) => item.label),
        [],
      );
    });

    it("makes all weak references of a file strong, with fallbacks and the Kbuild line, in one edit", async () => {
      const header = await open("kernel/table_internal.h");
      const [finding] = await waitForFindings(header.uri, 2);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        header.uri,
        finding!.range,
        vscode.CodeActionKind.QuickFix.value,
        20,
      );
      const titles = actions.map((action) => action.title);
      const forOne = actions.find((action) => action.title.includes("table_names"));
      assert.ok(forOne, `no fix names the symbol: ${titles.join(" | ")}`);
      const forAll = actions.find((action) => /\ball\b/i.test(action.title));
      assert.ok(forAll?.edit, `no fix for all of the file: ${titles.join(" | ")}`);

      assert.equal(await vscode.workspace.applyEdit(forAll.edit), true);
      await waitForFindings(header.uri, 0);
      assert.doesNotMatch(header.getText(), /weak/);
      const fallback = (await open("kernel/table_weak.c")).getText();
      assert.match(fallback, /#include "table_internal\.h"/);
      assert.match(fallback, /table_names\[/);
      assert.match(fallback, /table_count/);
      assert.match((await open("kernel/Makefile")).getText(), /^obj-y \+=.*\btable_weak\.o\b/m);
    });
  });
}

async function open(path: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(fileInWorkspace(path));
  await vscode.window.showTextDocument(document);
  return document;
}

export function fileInWorkspace(path: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, path);
}

async function hover(document: vscode.TextDocument, symbol: string): Promise<string> {
  const offset = document.getText().search(new RegExp(`\\b${symbol}\\b`));
  assert.ok(offset >= 0);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    document.positionAt(offset + 1),
  );
  const contents = hovers.flatMap((one) => one.contents);
  return contents.map((content) => (typeof content === "string" ? content : content.value)).join("\n");
}

function codeOf(diagnostic: vscode.Diagnostic): string | number | undefined {
  return typeof diagnostic.code === "object" ? diagnostic.code.value : diagnostic.code;
}
