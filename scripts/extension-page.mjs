// Writes dist/README.md, the README as the extension's page shows it: VS Code opens no files of the package from there, so
// pictures are part of the text, and of links to files their words are left.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const top = join(dirname(fileURLToPath(import.meta.url)), "..");
const page = readFileSync(join(top, "README.md"), "utf8")
  .replace(/!\[([^\]]*)\]\(([\w/-]+\.png)\)/g, (_, words, path) => {
    const picture = readFileSync(join(top, path)).toString("base64");
    return `![${words}](data:image/png;base64,${picture})`;
  })
  .replace(/(?<!!)\[([^\]]+)\]\((?!https?:|data:|#)[^)]+\)/g, "$1");
mkdirSync(join(top, "dist"), { recursive: true });
writeFileSync(join(top, "dist/README.md"), page);
