/** What CMakeLists.txt and meson.build say of sources: whether a program has them in every configuration. */

import assert from "node:assert/strict";
import { readDescriptions } from "../../../server/src/linkage/links/described-builds.ts";

/** "always", or the programs that have the source in some configurations, or "unknown". */
function saidOf(source: string, files: Readonly<Record<string, string>>): string {
  const descriptions = readDescriptions(Object.keys(files), (path) => files[path]);
  if (descriptions.isAlways(source)) return "always";
  return descriptions.programsOf(source)?.join(" ") ?? "unknown";
}

const CMAKE: readonly (readonly [what: string, text: string, said: string])[] = [
  ["of a program", "add_executable(fw main.c x.c)", "always"],
  ["added to a program", "add_executable(fw main.c)\ntarget_sources(fw PRIVATE x.c)", "always"],
  ["of a list", "set(S main.c)\nlist(APPEND S x.c)\nadd_executable(fw ${S})", "always"],
  ["of a list of a list", "set(A x.c)\nset(S main.c ${A})\nadd_executable(fw ${S})", "always"],
  ["of a list that adds to itself", "set(S main.c)\nset(S ${S} x.c)\nadd_executable(fw ${S})", "always"],
  [
    "beside a choice of others",
    "option(A)\nadd_executable(fw x.c)\nif(A)\ntarget_sources(fw PRIVATE y.c)\nendif()",
    "always",
  ],
  ["by its whole path", "add_executable(fw ${CMAKE_SOURCE_DIR}/x.c)", "always"],
  ["in an if", "add_executable(fw main.c)\nif(A)\ntarget_sources(fw PRIVATE x.c)\nendif()", "fw"],
  ["in an else", "add_executable(fw main.c)\nif(A)\nelse()\ntarget_sources(fw PRIVATE x.c)\nendif()", "fw"],
  ["of a list in an if", "set(S main.c)\nif(A)\nlist(APPEND S x.c)\nendif()\nadd_executable(fw ${S})", "fw"],
  ["of a program in an if", "if(A)\nadd_executable(fw x.c)\nendif()", "fw"],
  ["of a list that is set again", "set(S x.c)\nif(A)\nset(S main.c)\nendif()\nadd_executable(fw ${S})", "fw"],
  ["of a list that is cut", "set(S x.c)\nlist(REMOVE_ITEM S ${A})\nadd_executable(fw ${S})", "fw"],
  ["behind a return", "if(A)\nreturn()\nendif()\nadd_executable(fw x.c)", "fw"],
  ["of two programs", "add_executable(fw x.c)\nadd_executable(tool x.c)", "fw tool"],
  ["of a library", "add_library(l x.c)\nadd_executable(fw main.c)\ntarget_link_libraries(fw l)", "unknown"],
  ["of a program and a library", "add_library(l x.c)\nadd_executable(fw x.c)", "unknown"],
  ["of a function's argument", "add_board(fw x.c)", "unknown"],
  ["with properties", "add_executable(fw x.c)\nset_property(SOURCE x.c PROPERTY HEADER_FILE_ONLY ON)", "unknown"],
  ["that is not named", "file(GLOB S *.c)\nadd_executable(fw ${S})", "unknown"],
];

const MESON: readonly (readonly [what: string, text: string, said: string])[] = [
  ["of a program", "executable('fw', 'main.c', 'x.c')", "always"],
  ["of a list", "sources = ['main.c', 'x.c']\nexecutable('fw', sources)", "always"],
  [
    "of files",
    "sources = files(\n  'main.c',\n  'x.c',\n)\nsources += files('y.c')\nfw = executable('fw', sources, c_args: ['-O2'])",
    "always",
  ],
  [
    "beside a choice of others",
    "s = ['x.c']\nif get_option('a')\n  s += ['y.c']\nendif\nexecutable('fw', s)",
    "always",
  ],
  ["in an if", "s = ['main.c']\nif get_option('a')\n  s += ['x.c']\nendif\nexecutable('fw', s)", "fw"],
  ["in an else", "s = ['main.c']\nif a # ]\n  b = 1\nelse\n  s += 'x.c'\nendif\nexecutable('fw', s)", "fw"],
  ["that a ternary chooses", "executable('fw', a ? 'x.c' : 'main.c')", "fw"],
  ["of a list that is set again", "s = ['x.c']\nif a\n  s = ['main.c']\nendif\nexecutable('fw', s)", "fw"],
  ["of a library", "l = static_library('l', 'x.c')\nexecutable('fw', 'main.c', link_with: l)", "unknown"],
  ["of a source set", "ss.add(when: 'A', if_true: files('x.c'))\nexecutable('fw', 'main.c')", "unknown"],
];

describe("a source that a description names", () => {
  for (const [what, text, said] of CMAKE) {
    it(`${what}, in CMake`, () => assert.equal(saidOf("x.c", { "CMakeLists.txt": `${text}\n` }), said));
  }
  for (const [what, text, said] of MESON) {
    it(`${what}, in Meson`, () => assert.equal(saidOf("x.c", { "meson.build": `${text}\n` }), said));
  }

  it("in a folder is always there where the folder is always entered", () => {
    const files = (top: string) => ({ "CMakeLists.txt": top, "src/CMakeLists.txt": "add_executable(fw x.c)\n" });
    assert.equal(saidOf("src/x.c", files("add_subdirectory(src)\n")), "always");
    assert.equal(saidOf("src/x.c", files("if(A)\nadd_subdirectory(src)\nendif()\n")), "fw");
    assert.equal(saidOf("src/x.c", files("add_subdirectory(${DIR})\n")), "fw");
    const meson = { "meson.build": "subdir('src')\n", "src/meson.build": "executable('fw', 'x.c')\n" };
    assert.equal(saidOf("src/x.c", meson), "always");
  });

  it("is never always there where the build has made it, as it is configured now", () => {
    for (const text of [
      "configure_file(x.c.in x.c)\nadd_executable(fw main.c ${CMAKE_BINARY_DIR}/x.c)",
      "set(X ${CMAKE_CURRENT_BINARY_DIR}/x.c)\nadd_executable(fw main.c ${X})",
    ])
      assert.notEqual(saidOf("build/x.c", { "CMakeLists.txt": `${text}\n` }), "always");
  });

  it("is not another of the same name", () => {
    assert.equal(saidOf("src/x.c", { "CMakeLists.txt": "add_executable(fw x.c)\n" }), "unknown");
  });

  it("is unknown where a file of CMake's language names it too", () => {
    assert.equal(saidOf("x.c", { "CMakeLists.txt": "add_executable(fw x.c)\n", "a.cmake": "f(x.c)\n" }), "unknown");
  });
});

describe("a description", () => {
  const chosen = (path: string, text: string) => readDescriptions([path], () => text).chosenLinking().length > 0;

  it("chooses what is linked where libraries or options hang on a condition", () => {
    assert.equal(chosen("CMakeLists.txt", "if(A)\ntarget_link_libraries(fw m)\nendif()\n"), true);
    assert.equal(chosen("CMakeLists.txt", 'if(A)\nset(CMAKE_EXE_LINKER_FLAGS "-lm")\nendif()\n'), true);
    assert.equal(
      chosen("CMakeLists.txt", "target_link_libraries(fw m)\nif(A)\nadd_compile_options(-O2)\nendif()\n"),
      false,
    );
    assert.equal(chosen("meson.build", "if a\n  d += dependency('m')\nendif\n"), true);
    assert.equal(chosen("meson.build", "d = dependency('m')\nif a\n  args += '-DA'\nendif\n"), false);
  });
});
