import assert from "node:assert/strict";
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openSession, type Session, type SessionOptions } from "../../server/src/session/session.ts";
import { smallTree } from "../support/small-tree.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const X86 = "# Linux/x86 6.1.0 Kernel Configuration\n";

/** A small kernel whose hook is defined in kernel/a.c, which CONFIG_A builds, and referred to weakly by kernel/fork.c. */
const sources = {
  "kernel/fork.c": "extern int hook(void) __attribute__((weak));\nint fork(void) { return hook ? hook() : 0; }\n",
  "kernel/exit.c": "#ifdef CONFIG_A\nextern int other(void) __attribute__((weak));\n#endif\n",
  "kernel/a.c": "int hook(void) { return 1; }\n",
};

interface Opened extends AsyncDisposable {
  readonly session: Session;
  readonly folder: TemporaryFolder;
  readonly problems: string[];
}

async function open(files: Readonly<Record<string, string>>, options: SessionOptions = {}): Promise<Opened> {
  const folder = createTemporaryFolder({ ...smallTree(sources).files, ...files });
  const problems: string[] = [];
  const session = openSession(folder.path, {
    threads: 1,
    onProblem: ({ reason }) => void problems.push(reason),
    ...options,
  });
  await session.workspace.ready;
  return {
    session,
    folder,
    problems,
    async [Symbol.asyncDispose]() {
      await session.dispose();
      folder[Symbol.dispose]();
    },
  };
}

async function messages({ session }: Opened, path: string): Promise<string[]> {
  return (await session.check(path))!.findings.map((finding) => finding.message);
}

describe("sessions narrowed to a configuration", () => {
  it("say the condition where there is no configuration, and decide it where there is one", async () => {
    await using open1 = await open({});
    assert.match((await messages(open1, "kernel/fork.c"))[0]!, /defined strongly at kernel\/a\.c:1/);
    await using on = await open({ ".config": `${X86}CONFIG_A=y\n` });
    assert.match((await messages(on, "kernel/fork.c"))[0]!, /defined strongly at kernel\/a\.c:1/);
    await using off = await open({ ".config": `${X86}# CONFIG_A is not set\nCONFIG_T=y\n` });
    assert.match((await messages(off, "kernel/fork.c"))[0]!, /nothing that this configuration builds defines it/);
  });

  it("report nothing on code that is left out", async () => {
    await using on = await open({ ".config": `${X86}CONFIG_A=y\n` });
    assert.equal((await messages(on, "kernel/exit.c")).length, 1);
    await using off = await open({ ".config": `${X86}CONFIG_T=y\n` });
    assert.deepEqual(await messages(off, "kernel/exit.c"), []);
  });

  it("judge fixes by all configurations, as if there were none", async () => {
    const fixesOf = async (opened: Opened) => {
      const checked = (await opened.session.check("kernel/fork.c"))!;
      const [fix] = await opened.session.fixes(checked, checked.findings[0]!);
      const all = await opened.session.fixAll(checked, checked.findings);
      const { bases: _, ...offered } = fix!;
      return { fix: offered, all: all.map(({ bases: _, ...one }) => one) };
    };
    await using none = await open({});
    const expected = await fixesOf(none);
    // The definition that CONFIG_A=n leaves out is the reason why a fallback is needed, and what it must be built with.
    await using on = await open({ ".config": `${X86}CONFIG_A=y\n` });
    assert.deepEqual(await fixesOf(on), expected);
    await using off = await open({ ".config": `${X86}CONFIG_T=y\n` });
    assert.deepEqual(await fixesOf(off), expected);
  });

  it("take include/config/auto.conf where there is no .config", async () => {
    await using opened = await open({ "include/config/auto.conf": "CONFIG_T=y\n" });
    assert.deepEqual(await messages(opened, "kernel/exit.c"), []);
    assert.equal(await opened.session.ask((program) => program.narrowing?.source), "include/config/auto.conf");
  });

  it("take the file that settings name instead, and read it anew when they change", async () => {
    let named: string | undefined = "configs/off";
    const files = { ".config": `${X86}CONFIG_A=y\n`, "configs/off": `${X86}CONFIG_T=y\n` };
    await using opened = await open(files, { configuration: () => named });
    assert.deepEqual(await messages(opened, "kernel/exit.c"), []);
    named = undefined;
    await opened.session.reconfigure();
    assert.equal((await messages(opened, "kernel/exit.c")).length, 1);
  });

  it("follow the configuration as it changes", async () => {
    let announce = (): void => {};
    const changed = (): Promise<void> => new Promise((resolve) => (announce = resolve));
    await using opened = await open({}, { watchesConfiguration: true, onChange: () => announce() });
    assert.equal((await messages(opened, "kernel/exit.c")).length, 1);
    const { folder, session } = opened;
    const narrowed = async (isWanted: boolean) => {
      while ((await session.ask((program) => program.narrowing !== undefined)) !== isWanted) await changed();
    };
    folder.write({ "new.config": `${X86}CONFIG_T=y\n` });
    renameSync(join(folder.path, "new.config"), join(folder.path, ".config"));
    await narrowed(true);
    assert.deepEqual(await messages(opened, "kernel/exit.c"), []);
    rmSync(join(folder.path, ".config"));
    await narrowed(false);
    assert.equal((await messages(opened, "kernel/exit.c")).length, 1);
  }).timeout(60_000);

  it("take no other program's .config, nor another architecture's, for one", async () => {
    await using other = await open({ ".config": "[section]\nkey=value\n" });
    assert.equal(await other.session.ask((program) => program.narrowing), undefined);
    await using arm = await open({ ".config": `${X86}CONFIG_T=y\n` }, { architecture: () => "arm" });
    const narrowing = await arm.session.ask((program) => program.narrowing);
    assert.deepEqual([narrowing?.architecture, narrowing?.configuration], ["arm", undefined]);
  });

  it("say that a named configuration is not there, and go on without one", async () => {
    await using opened = await open({}, { configuration: () => "missing.config" });
    assert.equal((await messages(opened, "kernel/exit.c")).length, 1);
    assert.ok(opened.problems.some((reason) => reason.startsWith("no configuration:")));
  });

  it("take ARCH's names of an architecture", async () => {
    await using opened = await open({}, { architecture: () => "x86_64" });
    assert.equal(await opened.session.ask((program) => program.narrowing?.architecture), "x86");
  });
});
