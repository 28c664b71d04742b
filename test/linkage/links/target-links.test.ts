/** The links of trees that are no kernels: by their compile database, by what the user names, and what that means for fixes. */

import assert from "node:assert/strict";
import { unitText } from "../../../server/src/linkage/kbuild/link-unit.ts";
import { type CompiledFile, type TreeLinkSources, targetOf } from "../../../server/src/linkage/links/target-links.ts";
import { linkOutcomes } from "../../../server/src/linkage/symbols/link-outcomes.ts";
import { fixesOf } from "../../support/apply-fix.ts";
import { parseFixture } from "../../support/fixture.ts";
import { type FixtureProgram, loadFixture } from "../../support/fixture-program.ts";

/** Sources with the targets that CMake makes of them. */
function cmake(targets: Readonly<Record<string, readonly string[]>>): TreeLinkSources {
  const compiled = Object.entries(targets).flatMap(([target, sources]) =>
    sources.map((source): CompiledFile => ({ source, object: `/b/CMakeFiles/${target}.dir/${source}.o` })),
  );
  return { compiled, named: [] };
}

function load(fixture: string, links: TreeLinkSources): FixtureProgram {
  return loadFixture(parseFixture(fixture).files, "c", links);
}

function outcomes(loaded: FixtureProgram, name: string): string[] {
  const { program } = loaded;
  const users = () => program.usesOf(name).map(({ path }) => path);
  return linkOutcomes(program.mentionsOf(name), program, users).map(({ unit, outcome }) => `${unit}: ${outcome}`);
}

const MAINS = `//- /app.c
int main(void) { return 0; }
//- /tool.c
int main(void) { return 1; }
`;

describe("the target of an object", () => {
  const targets: Readonly<Record<string, string>> = {
    "CMakeFiles/app.dir/src/main.c.o": "target app",
    "/b/lib/CMakeFiles/core.dir/core.c.o": "target core",
    "app.p/src_main.c.o": "target app",
    "sub/libcore.a.p/core.c.o": "library libcore.a",
    "sub/libcore.so.1.2.p/core.c.o": "target libcore.so.1.2",
    "app@exe/main.c.o": "target app",
    "lib/8d1@@core@sta/core.c.o": "library 8d1@@core",
    "src/main.o": "workspace",
  };
  for (const [object, target] of Object.entries(targets)) {
    it(`is ${target} for ${object}`, () => assert.equal(unitText(targetOf(object).unit), target));
  }
  it("is not known where the database names no object", () => {
    assert.equal(unitText(targetOf(undefined).unit), "workspace");
  });
});

describe("the links of a compile database", () => {
  const links = cmake({ app: ["app.c", "shared.c"], tool: ["tool.c", "shared.c"], core: ["core.c"] });
  const files = `${MAINS}//- /core.c\nint c;\n//- /shared.c\nint s;\n//- /unlisted.c\nint u;\n//- /a.h\nint h(void);\n`;

  it("are the targets of a source, all of them", () => {
    const { links: build } = load(files, links).program;
    assert.deepEqual(build.unitsOf("shared.c"), ["target app", "target tool"]);
    assert.deepEqual(build.unitsOf("unlisted.c"), []);
    assert.deepEqual(build.membershipsOf("unlisted.c"), []);
  });

  it("never meet where both are programs, by their definitions of main", () => {
    const { links: build } = load(files, links).program;
    assert.equal(build.canLink("app.c", "tool.c"), false);
    assert.equal(build.canLink("app.c", "shared.c"), true);
    assert.equal(build.canLink("app.c", "core.c"), true);
    assert.equal(build.canLink("app.c", "unlisted.c"), true);
    assert.equal(build.canLink("app.c", "a.h"), true);
  });

  it("may meet where main is not always there", () => {
    const { links: build } = load(
      "//- /app.c\n#ifdef TEST\nint main(void) { return 0; }\n#endif\n//- /tool.c\nint main(void) { return 1; }\n",
      links,
    ).program;
    assert.equal(build.canLink("app.c", "tool.c"), true);
  });

  it("have objects in programs, and what is not known in other targets", () => {
    const { links: build } = load(files, links).program;
    const reaches = (path: string) => build.membershipsOf(path).map(({ reach }) => reach);
    assert.deepEqual(reaches("app.c"), ["object"]);
    assert.deepEqual(reaches("core.c"), ["unknown"]);
  });

  it("are one where no object tells the target", () => {
    const compiled = ["app.c", "tool.c"].map((source) => ({ source, object: source.replace(".c", ".o") }));
    const { links: build } = load(files, { compiled, named: [] }).program;
    assert.deepEqual([build.unitsOf("app.c"), build.canLink("app.c", "tool.c")], [["workspace"], true]);
  });
});

describe("the outcome in a tree of targets", () => {
  const weak = "//- /core.c\nint __attribute__((weak)) f(void) { return 0; }\n";
  const links = cmake({ app: ["app.c"], tool: ["tool.c"], core: ["core.c"], other: ["other.c"] });

  it("takes libraries for a part of each program", () => {
    const app = "//- /app.c\nint f(void) { return 1; }\nint main(void) { return f(); }\n";
    assert.deepEqual(outcomes(load(weak + app, links), "f"), ["target app: depends"]);
  });

  it("is one for libraries alone", () => {
    assert.deepEqual(outcomes(load(weak, links), "f"), ["target core: weak"]);
    assert.deepEqual(outcomes(load(`${weak}//- /other.c\nint f(void) { return 1; }\n`, links), "f"), [
      "workspace: depends",
    ]);
  });
});

describe("links that the user names", () => {
  const named = [
    { name: "boot", holds: (path: string) => path.startsWith("boot/") },
    { name: "all", holds: (path: string) => path !== "free.c" },
  ];
  const files =
    "//- /boot/a.c\nint f(void) { return 1; }\n//- /b.c\nint __attribute__((weak)) f(void) { return 0; }\nint b;\n//- /free.c\nint x;\n";

  it("count before the database, the first that holds the file", () => {
    const { links: build } = load(files, { ...cmake({ app: ["boot/a.c", "free.c"] }), named }).program;
    assert.deepEqual(build.unitsOf("boot/a.c"), ["link boot"]);
    assert.deepEqual(build.unitsOf("b.c"), ["link all"]);
    assert.deepEqual(build.unitsOf("free.c"), ["target app"]);
    assert.equal(build.canLink("boot/a.c", "b.c"), false);
    assert.equal(build.canLink("boot/a.c", "free.c"), true);
  });

  it("keep definitions apart", () => {
    const loaded = load(files, { compiled: undefined, named });
    assert.deepEqual(outcomes(loaded, "f"), ["link all: weak", "link boot: strong"]);
    const [finding] = loaded.findings().get("b.c")!;
    assert.match(finding!.message, /no strong definition of 'f' is in a link with this one/);
  });
});

describe("a fix in a tree of targets", () => {
  const user = "//- /user.c\nextern int hook(void) __attribute__((weak));\nvoid user(void) { if (hook) hook(); }\n";
  const fix = (more: string, links: TreeLinkSources) => fixesOf(load(user + more, links), "hook")[0]!;
  const hook = "//- /hook.c\nint hook(void) { return 1; }\n";
  const NOT_LISTED = /compile_commands\.json lists what is compiled, not what is linked/;

  it("is refused, as a database says nothing of what is linked", () => {
    assert.match(fix(hook, cmake({ core: ["user.c", "hook.c"] })).refusal!, NOT_LISTED);
    assert.match(fix("", cmake({ core: ["user.c"] })).refusal!, NOT_LISTED);
    assert.match(
      fix(hook + MAINS, cmake({ app: ["app.c", "user.c"], tool: ["tool.c", "hook.c"] })).refusal!,
      NOT_LISTED,
    );
  });

  it("is refused where a file is not known to be built", () => {
    assert.match(fix(hook, cmake({ core: ["hook.c"] })).refusal!, /not known which link/);
  });

  it("is refused where nothing is known of the build", () => {
    assert.match(fix(hook, { compiled: undefined, named: [] }).refusal!, /no build of this tree is known/);
  });

  const named = (isClosed: boolean) => ({
    compiled: undefined,
    named: [
      { name: "boot", holds: (path: string) => path === "hook.c", isClosed },
      { name: "app", holds: (path: string) => path === "user.c", isClosed },
    ],
  });

  it("leaves links that the user names alone", () => {
    const { refusal, edits } = fix(hook, named(true));
    assert.deepEqual([refusal, edits.some((edit) => "create" in edit)], [undefined, true]);
  });

  it("is refused where the user does not say that nothing else is linked", () => {
    assert.match(fix(hook, named(false)).refusal!, /weakspot\.linkUnits does not say of 'app'/);
  });
});
