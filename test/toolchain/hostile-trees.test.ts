/**
 * A tree that tries everything: links to outside, pipes and devices, build files that run commands or read what is not theirs, objects
 * and archives that name files elsewhere. Under strace, nothing outside of the root and the cache is opened or written, nothing is
 * executed, and no socket is opened, whatever is asked.
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { bundledCommand } from "../support/bundled-command.ts";
import { needTools, orSkip } from "../support/needed-tools.ts";
import { runProgram } from "../support/run-program.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

const TRACED =
  "open,openat,openat2,creat,execve,execveat,socket,connect,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,truncate";

/** What tries to get out, below `tree/`; `OUT` stands for the folder beside it. */
function hostileFiles(out: string): Record<string, string> {
  const shell = `touch ${out}/pwned`;
  return {
    "user.c": `#include "/etc/passwd"\n#include "../../outside/secret.h"\n#include "lnk/secret.h"\nextern int hook(void) __attribute__((weak));\nint f(void) { return hook ? hook() : 0; }\n`,
    "a.lds.S": `#include "${out}/secret.h"\n#include "lnk/secret.h"\nINCLUDE ${out}/secret.ld\nINCLUDE ../outside/secret.ld\nINPUT(${out}/secret.o)\nSECTIONS { PROVIDE(end = .); }\n`,
    Makefile: `x := $(shell ${shell})\ny != ${shell}\n$(file >${out}/pwned,x)\ninclude /etc/passwd ../outside/secret.mk lnk/secret.mk\nz := $(wildcard ${out}/* /etc/*)\nprog: user.o\n\t${shell}; gcc -nostdlib -o $@ $^ @${out}/secret.rsp -T ../outside/secret.ld\n`,
    Kconfig: `source "/etc/passwd"\nsource "../outside/secret"\nconfig A\n\tdef_bool $(shell,${shell})\n`,
    "weakspot.json": JSON.stringify({
      kernel: { config: "lnk/secret" },
      includeFolders: ["../outside", "lnk", out],
      exclude: [`${"*a".repeat(50)}b/**`],
    }),
    "CMakeLists.txt": `include(${out}/secret.cmake)\nexecute_process(COMMAND ${shell})\nadd_executable(prog user.c)\n`,
    "meson.build": `run_command('${shell}')\n`,
    "compile_commands.json": JSON.stringify([
      { directory: out, file: "secret.c", command: `gcc -c secret.c -o secret.o @${out}/secret.rsp; ${shell}` },
      { directory: ".", file: "lnk/secret.c", command: "gcc -c lnk/secret.c", output: "lnk/secret.o" },
      { directory: ".", file: "user.c", command: `gcc -include ${out}/secret.h -c user.c -o user.o` },
    ]),
    "build/build.ninja": `include ${out}/secret.ninja\nsubninja ../../outside/secret.ninja\nrule cc\n  command = ${shell}; gcc -c $in -o $out @${out}/secret.rsp\n  depfile = ${out}/secret.d\nbuild user.o: cc ../user.c\nbuild prog: cc user.o ${out}/secret.o\n`,
    "build/CMakeFiles/prog.dir/link.txt": `gcc -o prog @${out}/secret.rsp -T ${out}/secret.ld ../user.o\n`,
    ".vmlinux.cmd": `cmd_vmlinux := ld -o vmlinux -T ${out}/secret.ld kernel/built-in.a -Map=${out}/secret.map\n`,
    "kernel/.s.o.cmd": `cmd_kernel/s.o := ${shell}\nsource_kernel/s.o := ${out}/secret.c\ndeps_kernel/s.o := ${out}/secret.h\n`,
    "kernel/built-in.a": `!<thin>\n//                                              ${String(out.length + 12).padEnd(10)}\`\n${out}/secret.o/\n\n/0              0           0     0     644     64        \`\n`,
  };
}

const SECRETS = [
  "secret.c",
  "secret.h",
  "secret.o",
  "secret.ld",
  "secret.mk",
  "secret.rsp",
  "secret.ninja",
  "secret",
  "secret.map",
  "secret.cmake",
];

/** The tree and what lies beside it. */
function createHostileTree(): { readonly folder: ReturnType<typeof createTemporaryFolder>; readonly root: string } {
  const folder = createTemporaryFolder(
    Object.fromEntries(SECRETS.map((name) => [`outside/${name}`, "int secret_symbol;\n"])),
  );
  const out = join(folder.path, "outside");
  const root = join(folder.path, "tree");
  folder.write(Object.fromEntries(Object.entries(hostileFiles(out)).map(([path, text]) => [`tree/${path}`, text])));
  symlinkSync(out, join(root, "lnk"));
  symlinkSync(join(out, "secret"), join(root, ".config"));
  symlinkSync(join(out, "secret.o"), join(root, "kernel/s.o"));
  symlinkSync(join(out, "secret.map"), join(root, "vmlinux.map"));
  symlinkSync(join(out, "secret.o"), join(root, "vmlinux"));
  // Where a fix would make its file.
  symlinkSync(join(out, "secret.c"), join(root, "user_weak.c"));
  symlinkSync("/dev/zero", join(root, "zero.c"));
  execFileSync("mkfifo", [join(root, "fifo.c"), join(root, "kernel/fifo.o")]);
  return { folder, root };
}

interface Call {
  readonly name: string;
  readonly path: string;
  readonly line: string;
}

/** The calls that succeeded, each with the last path that it names. */
function callsOf(log: string): Call[] {
  return log.split("\n").flatMap((line) => {
    const match = /^\d+\s+(\w+)\((.*)\)\s+= (-?\d+)/.exec(line);
    if (match === null || Number(match[3]) < 0) return [];
    const paths = [...match[2]!.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((one) => one[1]!);
    const path = match[1] === "execve" ? paths[0] : paths.at(-1);
    return [{ name: match[1]!, path: path ?? "", line }];
  });
}

describe("a hostile tree", function () {
  this.timeout(300_000);

  before(function () {
    return orSkip(this, () => needTools([{ command: "strace", debianPackage: "strace" }]));
  });

  const commands: readonly (readonly string[])[] = [
    ["check"],
    ["check", "--fix"],
    ["check", "--diff"],
    ["index", "--stats"],
    ["symbol", "secret_symbol"],
    ["symbol", "hook", "--json"],
    ["expand", "a.lds.S"],
    ["symbols", "user.c"],
  ];
  for (const words of commands) {
    it(`gets nothing out of weakspot ${words.join(" ")}`, async () => {
      const command = await bundledCommand();
      const { folder, root } = createHostileTree();
      using cache = createTemporaryFolder();
      try {
        const trace = join(cache.path, "trace");
        const strace = ["-f", "-qq", "-s", "4096", "-o", trace, "-e", `trace=${TRACED}`, process.execPath, command];
        const { stdout, stderr } = await runProgram("strace", [...strace, ...words], {
          folder: root,
          environment: { XDG_CACHE_HOME: cache.path },
        });
        if (words[1] !== "secret_symbol") assert.doesNotMatch(stdout, /secret_symbol/, stderr);
        const calls = callsOf(readFileSync(trace, "utf8"));
        assert.ok(
          calls.some(({ path }) => /(?:^|\/)(?:user\.c|a\.lds\.S)$/.test(path)),
          "it reads the tree",
        );
        const below = (path: string, top: string) => path === top || path.startsWith(`${top}/`);
        const own = [
          dirname(command),
          dirname(process.execPath),
          "/proc",
          "/sys",
          "/usr",
          "/lib",
          "/lib64",
          "/etc/ld.so.cache",
          "/dev/null",
          "/dev/urandom",
          "/etc/ssl",
        ];
        const wrong = calls.filter(({ name, path, line }) => {
          if (name === "socket" || name === "connect") return true;
          if (name === "execve") return path !== process.execPath && path !== realpathSync(process.execPath);
          const absolute = path.startsWith("/") ? path : join(root, path);
          const real = existsSync(absolute) ? realpathSync(absolute) : absolute;
          if (below(real, root) || below(real, cache.path)) return false;
          const isRead = name.startsWith("open") && !/O_WRONLY|O_RDWR|O_CREAT/.test(line);
          return !(isRead && own.some((top) => below(real, top)));
        });
        assert.deepEqual(
          wrong.map(({ line }) => line),
          [],
        );
        assert.ok(!existsSync(join(folder.path, "outside/pwned")));
        for (const name of SECRETS) {
          assert.equal(readFileSync(join(folder.path, "outside", name), "utf8"), "int secret_symbol;\n");
        }
      } finally {
        folder[Symbol.dispose]();
      }
    });
  }
});
