import assert from "node:assert/strict";
import type {
  InputSymbol,
  Linker,
  LinkRequest,
  ResolvableArchive,
  ResolvableInput,
  ResolvableObject,
  ResolvableShared,
} from "../../../server/src/linkage/links/resolve/inputs.ts";
import { type ResolvedLink, resolve } from "../../../server/src/linkage/links/resolve/resolve.ts";

/** "f" defines, "~f" weakly, "?f" refers to it, "?~f" weakly, "=f" is a common symbol; "f@g" lies in the group g. */
function symbolOf(text: string): InputSymbol {
  const [, marks = "", name = "", group] = /^([?=~]*)(\w+)(?:@(\w+))?$/.exec(text)!;
  const place = marks.includes("?") ? "undefined" : marks.includes("=") ? "common" : "defined";
  return { name, place, binding: marks.includes("~") ? "weak" : "global", ...(group === undefined ? {} : { group }) };
}

const symbols = (text: string) => text.split(" ").filter(Boolean).map(symbolOf);
const object = (name: string, text: string, ...sections: string[]): ResolvableObject => ({
  kind: "object",
  name,
  symbols: symbols(text),
  sections,
});
const archive = (...members: ResolvableObject[]): ResolvableArchive => ({
  kind: "archive",
  name: "lib.a",
  members,
  take: "needed",
});
const shared = (name: string, text: string): ResolvableShared => ({ kind: "shared", name, symbols: symbols(text) });

function link(inputs: readonly ResolvableInput[], options: Partial<LinkRequest> = {}): ResolvedLink {
  return resolve({ linker: "bfd", inputs, assignments: [], undefined: [], entry: undefined, wrap: [], ...options });
}

/** Who the name is bound to, in a word. */
function winner(resolved: ResolvedLink, name: string): string {
  const binding = resolved.symbols.get(name)?.binding;
  if (binding === undefined) return "nobody";
  if ("definition" in binding) return binding.definition.input.name;
  return binding.kind === "linker" ? `section ${binding.section}` : binding.kind;
}

const LINKERS: readonly Linker[] = ["bfd", "lld"];

describe("ld's rules of who wins", () => {
  it("let a strong definition win over weak and common ones, wherever it stands", () => {
    const resolved = link([object("a.o", "~f =g"), object("b.o", "f g"), object("c.o", "~f ~g")]);
    assert.equal(winner(resolved, "f"), "b.o");
    assert.equal(winner(resolved, "g"), "b.o");
    assert.deepEqual(
      resolved.symbols.get("f")?.lost.map(({ input }) => input.name),
      ["a.o", "c.o"],
    );
  });

  it("let a common symbol win over a weak definition, and the first weak one over later ones", () => {
    const resolved = link([object("a.o", "~f ~g"), object("b.o", "=f ~g")]);
    assert.equal(winner(resolved, "f"), "b.o");
    assert.equal(winner(resolved, "g"), "a.o");
  });

  it("count a second strong definition, unless it lies in a group that is linked already", () => {
    assert.equal(link([object("a.o", "f"), object("b.o", "f")]).symbols.get("f")?.rivals.length, 1);
    assert.equal(link([object("a.o", "f@g"), object("b.o", "f@g")]).symbols.get("f")?.rivals.length, 0);
  });

  it("take no archive member for what is defined weakly already: the commonest surprise", () => {
    for (const linker of LINKERS) {
      const inputs = [object("start.o", "?app"), archive(object("app.o", "app ?hook ~hook"), object("hook.o", "hook"))];
      const resolved = link(inputs, { linker });
      assert.equal(winner(resolved, "hook"), "app.o", linker);
      assert.deepEqual(
        resolved.objects.map(({ name }) => name),
        ["start.o", "app.o"],
      );
    }
  });

  it("take the member once it is needed for something else, and then let it win", () => {
    const inputs = [object("start.o", "?g ~f"), archive(object("m.o", "f g"))];
    assert.equal(winner(link(inputs), "f"), "m.o");
  });

  it("take no member for a weak reference, but for a strong one elsewhere", () => {
    assert.equal(winner(link([object("a.o", "?~f"), archive(object("f.o", "f"))]), "f"), "null");
    assert.equal(winner(link([object("a.o", "?~f"), object("b.o", "?f"), archive(object("f.o", "f"))]), "f"), "f.o");
  });

  it("search an archive where it stands in GNU ld, and for all in lld", () => {
    const inputs = [archive(object("f.o", "f")), object("a.o", "?f")];
    assert.equal(winner(link(inputs), "f"), "undefined");
    assert.equal(winner(link(inputs, { linker: "lld" }), "f"), "f.o");
  });

  it("search archives of a group again", () => {
    const one = archive(object("f.o", "f"));
    const other = archive(object("g.o", "g ?f"));
    assert.equal(winner(link([object("a.o", "?g"), one, other]), "f"), "undefined");
    assert.equal(winner(link([object("a.o", "?g"), { kind: "group", inputs: [one, other] }]), "f"), "f.o");
  });

  it("take all of an archive within --whole-archive, and what -u and the entry ask for", () => {
    const members = [object("f.o", "f"), object("g.o", "g")];
    assert.equal(link([{ ...archive(...members), take: "all" }]).objects.length, 2);
    assert.equal(winner(link([archive(...members)], { undefined: ["g"] }), "g"), "g.o");
    assert.equal(winner(link([archive(...members)], { entry: "f" }), "f"), "f.o");
  });

  it("bind to the first shared library that has it, weakly or not, and to an object before all", () => {
    const libraries = [shared("one.so", "~f"), shared("two.so", "f")];
    assert.equal(winner(link([object("a.o", "?f"), ...libraries]), "f"), "one.so");
    assert.equal(winner(link([object("a.o", "?f ~f"), ...libraries]), "f"), "a.o");
  });

  it("leave out an --as-needed library that only a weak reference asks for", () => {
    const library: ResolvableShared = { ...shared("one.so", "f"), isAsNeeded: true };
    for (const linker of LINKERS) {
      assert.equal(winner(link([object("a.o", "?~f"), library], { linker }), "f"), "null", linker);
      assert.equal(winner(link([object("a.o", "?f"), library], { linker }), "f"), "one.so", linker);
    }
  });

  it("take what is wrapped out of an archive, in lld, where anything refers to __real_", () => {
    const inputs = [object("w.o", "__wrap_f ?__real_f"), archive(object("f.o", "f"))];
    for (const linker of LINKERS) assert.equal(winner(link(inputs, { linker, wrap: ["f"] }), "f"), "f.o", linker);
  });

  it("miss the wrapper in lld where an archive has what is wrapped, though all refer to the wrapper weakly", () => {
    const inputs = [object("a.o", "?~__wrap_f ?__real_f"), archive(object("f.o", "f"))];
    assert.equal(winner(link(inputs, { linker: "lld", wrap: ["f"] }), "__wrap_f"), "undefined");
  });

  it("leave weak references of objects unbound, in lld, whatever libraries ask for", () => {
    const inputs = [shared("l.so", "?f g"), object("a.o", "?~f ?g")];
    assert.deepEqual(
      LINKERS.map((linker) => winner(link(inputs, { linker }), "f")),
      ["undefined", "null"],
    );
  });

  it("leave what a library had that lld does not keep, though another one has it", () => {
    const first: ResolvableShared = { ...shared("l.so", "~f"), isAsNeeded: true };
    const resolved = link([object("a.o", "?~f"), first, shared("m.so", "f")], { linker: "lld" });
    assert.equal(winner(resolved, "f"), "null");
  });

  it("wrap references and leave definitions as they are", () => {
    const inputs = [object("a.o", "?f"), object("f.o", "f"), object("w.o", "__wrap_f ?__real_f")];
    for (const linker of LINKERS) {
      const { symbols: found } = link(inputs, { linker, wrap: ["f"] });
      const references = (name: string) => found.get(name)?.references.map(({ input }) => input.name);
      assert.deepEqual(references("__wrap_f"), ["a.o"], linker);
      assert.deepEqual(references("f"), ["w.o"], linker);
    }
  });

  it("let a script assign over an object's definition, and provide only what is referred to and missing", () => {
    const provide = (name: string) => ({ name, how: "provide" as const, refersTo: [], source: "a.ld" });
    const assign = { name: "g", how: "assign" as const, refersTo: [], source: "a.ld" };
    const resolved = link([object("a.o", "?e ?f f g")], {
      assignments: [provide("e"), provide("f"), provide("h"), assign],
    });
    assert.deepEqual(
      ["e", "f", "g", "h"].map((name) => winner(resolved, name)),
      ["script", "a.o", "script", "nobody"],
    );
  });

  it("make start and stop symbols of sections, unless an object defines them, weakly or not", () => {
    const inputs = [object("a.o", "?~__start_set"), object("b.o", "", "set")];
    assert.equal(winner(link(inputs), "__start_set"), "section set");
    assert.equal(winner(link([...inputs, object("c.o", "~__start_set")]), "__start_set"), "c.o");
  });
});
