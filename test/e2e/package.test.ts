/** What `npm run package` puts into the extension's package: all that the manifest and the README point at, and little else. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../server/src/rules/registry.ts";
import { runOrThrow } from "../support/run-program.ts";
import { projectRoot } from "./support/project.ts";

interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly contributes: {
    readonly grammars: readonly { readonly path: string }[];
    readonly languages: readonly { readonly configuration: string }[];
  };
}

describe("the extension's package", function () {
  this.timeout(60_000);
  let files: string[];

  before(async () => {
    await runOrThrow("npm", ["run", "build"], { folder: projectRoot });
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
      ...languages.map((language) => language.configuration),
    ];
    for (const path of named) assert.ok(files.includes(path.replace(/^\.\//, "")), `${path} in ${files.join(" ")}`);
  });

  it("holds the server, its workers and the papers", () => {
    for (const path of ["dist/server.cjs", "dist/scan-worker.cjs", "README.md", "CHANGELOG.md", "LICENSE"]) {
      assert.ok(files.includes(path), `${path} in ${files.join(" ")}`);
    }
  });

  it("holds the pictures that the README shows", () => {
    const readme = readFileSync(join(projectRoot, "README.md"), "utf8");
    for (const [, path] of readme.matchAll(/!\[[^\]]*\]\(([^)\s]+)\)/g)) {
      if (!/^https?:/.test(path!)) assert.ok(files.includes(path!), `${path} in ${files.join(" ")}`);
    }
  });

  it("holds the pages of the rules, which diagnostics lead to", () => {
    for (const { id } of rules) assert.ok(files.includes(`docs/rules/${id}.md`), id);
  });

  it("holds neither sources nor tests nor dependencies", () => {
    const expected =
      /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/[\w-]+\.cjs|syntaxes\/[\w.-]+\.json|docs\/images\/[\w-]+\.png|docs\/rules\/[\w-]+\.md)$/;
    assert.deepEqual(
      files.filter((path) => !expected.test(path)),
      [],
    );
  });
});
