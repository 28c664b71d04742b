/** Holds the layers of ARCHITECTURE.md: imports point only down the list, and IO stays in host. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const source = resolve("server/src");

/** What each layer may import besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  text: [],
  syntax: ["text"],
  linkage: ["text", "syntax"],
  rules: ["text", "syntax", "linkage"],
  features: ["text", "syntax", "linkage", "rules"],
  host: ["text", "syntax", "linkage"],
  session: ["text", "syntax", "linkage", "rules", "features", "host"],
  protocol: ["text", "syntax", "linkage", "rules", "features", "host", "session"],
  cli: ["text", "syntax", "linkage", "rules", "features", "host", "session", "protocol"],
  web: ["host", "protocol"],
};

/** The rooms of linkage/, from the ground up: each may import from itself and from those before it. */
const rooms = ["facts", "macros", "index", "scripts", "kbuild", "objects", "links", "symbols"];

/** What pure code may use besides its own: node:buffer looks at bytes, which is no IO. */
const purePackages: readonly string[] = ["node:buffer"];

interface Import {
  readonly from: string;
  readonly to: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(/^(?:import|export)\s(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']/gm);
  return [...found].map((match) => ({ from: relative(source, file), to: match[1] ?? "" }));
}

function layerOf(path: string): string {
  return path.split("/")[0] ?? "";
}

const all = sourceFiles(source).flatMap(importsOf);

describe("imports", () => {
  it("point only down the layers", () => {
    const wrong = all.filter(({ from, to }) => {
      if (!to.startsWith(".") || !from.includes("/")) return false;
      const target = layerOf(relative(source, resolve(source, dirname(from), to)));
      const allowed = mayImport[layerOf(from)];
      assert.ok(allowed, `${from} is in no layer of ARCHITECTURE.md`);
      if (target.endsWith(".ts")) return false;
      return target !== layerOf(from) && !allowed.includes(target);
    });
    assert.deepEqual(wrong, []);
  });

  it("point only down the rooms of linkage", () => {
    const roomOf = (path: string) => {
      const room = rooms.indexOf(path.split("/")[1] ?? "");
      assert.notEqual(room, -1, `${path} is in no room of linkage`);
      return room;
    };
    const wrong = all.filter(({ from, to }) => {
      const target = relative(source, resolve(source, dirname(from), to));
      return layerOf(from) === "linkage" && layerOf(target) === "linkage" && roomOf(target) > roomOf(from);
    });
    assert.deepEqual(wrong, []);
  });

  it("bring no IO and no packages into the pure core", () => {
    const pure = new Set(["text", "syntax", "linkage", "rules", "features"]);
    const wrong = all.filter(
      ({ from, to }) => pure.has(layerOf(from)) && !to.startsWith(".") && !purePackages.includes(to),
    );
    assert.deepEqual(wrong, []);
  });

  it("keep language-server types in protocol", () => {
    const wrong = all.filter(({ from, to }) => to.startsWith("vscode-") && layerOf(from) !== "protocol");
    assert.deepEqual(wrong, []);
  });
});
