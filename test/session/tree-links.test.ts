/** Sessions on trees with a compile database: found, read, followed, and overruled by settings. */

import assert from "node:assert/strict";
import { renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { openSession, type Session, type SessionOptions } from "../../server/src/session/session.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const sources = { "src/a.c": "int a;\n", "src/b.c": "int b;\n" };

function database(root: string, targets: Readonly<Record<string, string>>): string {
  return JSON.stringify(
    Object.entries(targets).map(([file, target]) => ({
      directory: `${root}/build`,
      file: `${root}/${file}`,
      command: `cc -o CMakeFiles/${target}.dir/${file}.o -c ${root}/${file}`,
    })),
  );
}

interface Opened extends AsyncDisposable {
  readonly session: Session;
  readonly folder: TemporaryFolder;
  readonly problems: string[];
}

async function open(
  files: (root: string) => Readonly<Record<string, string>>,
  options: SessionOptions = {},
): Promise<Opened> {
  const folder = createTemporaryFolder(sources);
  folder.write(files(folder.path));
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

function units({ session }: Opened, path = "src/a.c"): Promise<readonly string[]> {
  return session.ask((program) => program.links.unitsOf(path));
}

describe("sessions on a tree with a compile database", () => {
  it("read it at the top or in build/, the top's first", async () => {
    const below = (root: string) => ({ "build/compile_commands.json": database(root, { "src/a.c": "below" }) });
    await using one = await open(below);
    assert.deepEqual(await units(one), ["target below"]);
    await using two = await open((root) => ({
      ...below(root),
      "compile_commands.json": database(root, { "src/a.c": "top" }),
    }));
    assert.deepEqual([await units(two), await units(two, "src/b.c")], [["target top"], []]);
  });

  it("take all for one link where there is none, or it lists nothing of the tree", async () => {
    await using none = await open(() => ({}));
    assert.deepEqual(await units(none), ["workspace"]);
    await using other = await open(() => ({ "compile_commands.json": database("/elsewhere", { "src/a.c": "x" }) }));
    assert.deepEqual(await units(other), ["workspace"]);
    await using broken = await open(() => ({ "compile_commands.json": "[{" }));
    assert.deepEqual(await units(broken), ["workspace"]);
  });

  it("find files that it names through a symbolic link", async () => {
    await using opened = await open((root) => {
      const link = join(root, "again");
      symlinkSync(root, link);
      return { "compile_commands.json": database(link, { "src/a.c": "app" }) };
    });
    assert.deepEqual(await units(opened), ["target app"]);
  });

  it("follow it as it changes", async () => {
    let announce = (): void => {};
    const changed = (): Promise<void> => new Promise((resolve) => (announce = resolve));
    await using opened = await open(() => ({}), { watchesConfiguration: true, onChange: () => announce() });
    assert.deepEqual(await units(opened), ["workspace"]);
    const { folder } = opened;
    folder.write({ "new.json": database(folder.path, { "src/a.c": "app" }) });
    renameSync(join(folder.path, "new.json"), join(folder.path, "compile_commands.json"));
    while ((await units(opened))[0] !== "target app") await changed();
  }).timeout(60_000);

  it("take the links that settings name before it, and read them anew when they change", async () => {
    let linkUnits = [{ name: "boot", files: ["src/a.*", "boot/**"] }];
    await using opened = await open(
      (root) => ({ "compile_commands.json": database(root, { "src/a.c": "app", "src/b.c": "app" }) }),
      { linkUnits: () => linkUnits },
    );
    assert.deepEqual([await units(opened), await units(opened, "src/b.c")], [["link boot"], ["target app"]]);
    linkUnits = [];
    await opened.session.reconfigure();
    assert.deepEqual(await units(opened), ["target app"]);
  });
});
