/** The snippets of docs/editors.md, pasted as they are into the settings of Neovim and Emacs: findings come for C and for scripts. */

import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { needTools, orSkip } from "../support/needed-tools.ts";
import { runOrThrow } from "../support/run-program.ts";
import { createSampleTree } from "../support/sample-tree.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { buildCommand } from "./support/command.ts";
import { projectRoot } from "./support/project.ts";

const HEADER = "kernel/table_internal.h";
const SCRIPT = "arch/x86/kernel/vmlinux.lds.S";

/** The first block of a language in the page. */
function snippet(language: string): string {
  const page = readFileSync(join(projectRoot, "docs/editors.md"), "utf8");
  return new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(page)![1]!;
}

/** A folder with the command `weakspot` in it, to be put ahead of PATH, and its environment. */
async function withCommand(): Promise<{ folder: ReturnType<typeof createTemporaryFolder>; PATH: string }> {
  const command = await buildCommand();
  const folder = createTemporaryFolder({ weakspot: `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n` });
  chmodSync(join(folder.path, "weakspot"), 0o755);
  return { folder, PATH: `${folder.path}:${process.env["PATH"]}` };
}

describe("the snippets for other editors", function () {
  this.timeout(2 * 60_000);

  it("work in Neovim, for C and for scripts", async function () {
    await orSkip(this, () => needTools([{ command: "nvim", debianPackage: "neovim" }]));
    const { folder, PATH } = await withCommand();
    using _folder = folder;
    using tree = createSampleTree();
    using cache = createTemporaryFolder();
    const session = `
for _, path in ipairs({ "${HEADER}", "${SCRIPT}" }) do
  vim.cmd("edit " .. path)
  vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end, 20)
  for _, one in ipairs(vim.diagnostic.get(0)) do io.stdout:write(path .. " " .. one.code .. "\\n") end
end
vim.cmd("qa!")
`;
    writeFileSync(join(folder.path, "init.lua"), `${snippet("lua")}\nvim.cmd("filetype on")\n`);
    writeFileSync(join(folder.path, "session.lua"), session);
    const output = await runOrThrow(
      "nvim",
      [
        "--headless",
        "-i",
        "NONE",
        "-n",
        "-u",
        join(folder.path, "init.lua"),
        "-c",
        `luafile ${join(folder.path, "session.lua")}`,
      ],
      { folder: tree.path, environment: { PATH, XDG_CACHE_HOME: cache.path }, seconds: 90 },
    );
    assert.match(output, new RegExp(`${HEADER} weak-reference`));
    assert.match(output, new RegExp(`${SCRIPT} provide-symbol`));
  });

  it("work in Emacs, for scripts", async function () {
    await orSkip(this, () =>
      needTools([
        { command: "emacs", debianPackage: "emacs-nox" },
        { command: "/usr/share/emacs/site-lisp/elpa/eglot-1.9", debianPackage: "elpa-eglot" },
      ]),
    );
    const { folder, PATH } = await withCommand();
    using _folder = folder;
    using tree = createSampleTree();
    using cache = createTemporaryFolder();
    const session = `
(setq project-find-functions (list (lambda (_) (cons 'transient (file-name-as-directory "${tree.path}")))))
(find-file "${join(tree.path, SCRIPT)}")
(ld-script-mode)
(setq eglot-sync-connect 20)
(eglot-ensure)
(run-hooks 'post-command-hook)
(let ((end (+ (float-time) 30)))
  (while (and (< (float-time) end) (null (flymake-diagnostics)))
    (accept-process-output nil 0.05)
    (when (bound-and-true-p flymake-mode) (flymake-start))))
(dolist (one (flymake-diagnostics)) (princ (flymake-diagnostic-text one)))
`;
    writeFileSync(
      join(folder.path, "session.el"),
      `(require 'package)\n(package-initialize)\n(require 'flymake)\n${snippet("elisp")}${session}`,
    );
    const output = await runOrThrow("emacs", ["--batch", "--no-init-file", "--load", join(folder.path, "session.el")], {
      environment: { PATH, XDG_CACHE_HOME: cache.path },
      seconds: 90,
    });
    assert.match(output, /PROVIDE/);
  });
});
