/** What `npm run package` puts into the extension's package: all that the manifest and the README point at, and little else. */
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../server/src/rules/registry.ts";
import { runOrThrow } from "../support/run-program.ts";
import { projectRoot } from "./support/project.ts";
import { packageExtension } from "./vscode/package.ts";

interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly contributes: {
    readonly grammars: readonly { readonly path: string }[];
    readonly languages: readonly { readonly configuration?: string }[];
  };
}

describe("the extension's package", function () {
  this.timeout(60_000);
  let files: string[];

  before(async () => {
    await runOrThrow("node", ["scripts/build.mjs", "--release"], { folder: projectRoot });
    await runOrThrow("node", ["scripts/extension-page.mjs"], { folder: projectRoot });
    const listing = await runOrThrow("npx", ["vsce", "ls", "--no-dependencies"], { folder: projectRoot });
    files = listing.split("\n").filter((line) => line !== "");
  });

  it("holds every file that the manifest names", () => {
    const manifest = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as Manifest;
    const { grammars, languages } = manifest.contributes;
    const named = [
      manifest.main,
      manifest.icon,
      ...grammars.map((grammar) => grammar.path),
      ...languages.flatMap((language) => language.configuration ?? []),
    ];
    for (const path of named) assert.ok(files.includes(path.replace(/^\.\//, "")), `${path} in ${files.join(" ")}`);
  });

  it("holds the command, which is the server, its workers and the papers", () => {
    for (const path of ["dist/cli.cjs", "dist/scan-worker.cjs", "dist/LICENCES.txt", "CHANGELOG.md", "LICENSE"]) {
      assert.ok(files.includes(path), `${path} in ${files.join(" ")}`);
    }
  });

  it("has a page with its pictures in it and no links into the package, which VS Code would not open", () => {
    const page = readFileSync(join(projectRoot, "dist/README.md"), "utf8");
    const addresses = [...page.matchAll(/\]\(([^)\s]{1,12})/g)].map(([, address]) => address!);
    assert.ok(addresses.length >= 1);
    assert.deepEqual(
      addresses.filter((address) => !/^(?:https?:|data:)/.test(address)),
      [],
    );
  });

  it("is small: people download it before they see anything", async () => {
    const { size } = statSync(await packageExtension());
    assert.ok(size < 1.6 * 1024 * 1024, `${size} bytes`);
  });

  it("gives the licences of what is bundled", () => {
    const licences = readFileSync(join(projectRoot, "dist/LICENCES.txt"), "utf8");
    for (const name of ["commander", "vscode-languageclient", "vscode-languageserver", "elfinfo"]) {
      assert.match(licences, new RegExp(`^${name} \\d[^ ]* \\(`, "m"));
    }
  });

  it("holds the pages of the rules, which diagnostics lead to", () => {
    for (const { id } of rules) assert.ok(files.includes(`docs/rules/${id}.md`), id);
  });

  it("holds neither sources nor tests nor dependencies", () => {
    const expected =
      /^(package(?:\.nls)?\.json|l10n\/[\w.-]+\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/([\w-]+\.cjs|web-\w+\.js|LICENCES\.txt)|syntaxes\/[\w.-]+\.json|docs\/images\/icon\.png|docs\/rules\/[\w-]+\.md|schemas\/[\w.-]+\.json|docs\/walkthrough\/\w+\.md|sample\/.+)$/;
    assert.deepEqual(
      files.filter((path) => !expected.test(path)),
      [],
    );
  });
});
