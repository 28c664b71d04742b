/** An extension for tests that serves a tree of files from memory, as extensions for repositories on the web do. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runOrThrow } from "../../support/run-program.ts";
import { projectRoot } from "../support/project.ts";

/** The scheme of its files; the tree is `memtree:/project`. */
export const VIRTUAL_FOLDER = "memtree:/project";

/** What runs in the browser; `FILES` stands for an object from paths below the folder to texts. */
const PROVIDER = `
const vscode = require("vscode");
const files = new Map(Object.entries(FILES).map(([path, text]) => ["/project/" + path, new TextEncoder().encode(text)]));
const emitter = new vscode.EventEmitter();
const notFound = (uri) => vscode.FileSystemError.FileNotFound(uri);
const isFolder = (path) => [...files.keys()].some((one) => one.startsWith(path === "/" ? path : path + "/"));
const provider = {
  onDidChangeFile: emitter.event,
  watch: () => new vscode.Disposable(() => {}),
  stat(uri) {
    const bytes = files.get(uri.path);
    if (bytes !== undefined) return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: bytes.length };
    if (isFolder(uri.path)) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    throw notFound(uri);
  },
  readDirectory(uri) {
    const entries = new Map();
    for (const path of files.keys()) {
      if (!path.startsWith(uri.path + "/")) continue;
      const [name, ...rest] = path.slice(uri.path.length + 1).split("/");
      entries.set(name, rest.length === 0 ? vscode.FileType.File : vscode.FileType.Directory);
    }
    return [...entries];
  },
  readFile(uri) {
    const bytes = files.get(uri.path);
    if (bytes === undefined) throw notFound(uri);
    return bytes;
  },
  writeFile(uri, bytes) {
    const type = files.has(uri.path) ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created;
    files.set(uri.path, bytes);
    emitter.fire([{ type, uri }]);
  },
  delete(uri) {
    files.delete(uri.path);
    emitter.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  },
  createDirectory() {},
  rename() {
    throw vscode.FileSystemError.NoPermissions();
  },
};
exports.activate = (context) => {
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider("memtree", provider));
};
`;

/** Makes the extension's package in a folder and returns its path. */
export async function packageVirtualTree(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name: "virtual-tree",
    publisher: "weakspot-tests",
    version: "0.0.0",
    engines: { vscode: "^1.91.0" },
    browser: "./provider.js",
    activationEvents: ["onFileSystem:memtree"],
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(
    join(folder, "provider.js"),
    PROVIDER.replace("FILES", () => JSON.stringify(files)),
  );
  const vsix = join(folder, "virtual-tree.vsix");
  const vsce = join(projectRoot, "node_modules/.bin/vsce");
  const flags = ["--no-dependencies", "--allow-missing-repository", "--skip-license", "--out", vsix];
  await runOrThrow(vsce, ["package", ...flags], { folder });
  return vsix;
}
