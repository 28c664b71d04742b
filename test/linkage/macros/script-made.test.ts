/** Symbols that the macros of linker scripts and of the assembler make, called in other files than those that define them. */

import assert from "node:assert/strict";
import type { Program } from "../../../server/src/linkage/symbols/program.ts";
import { loadFixture } from "../../support/fixture-program.ts";

function load(files: Readonly<Record<string, string>>): Program {
  return loadFixture(Object.entries(files).map(([path, text]) => ({ path, text }))).program;
}

/** "path role binding macro" of each definition. */
function defined(program: Program, name: string): string[] {
  return program.definitionsOf(name).map(({ path, fact, macro }) => {
    const condition = fact.condition === "" ? "" : ` (${fact.condition})`;
    return `${path} ${fact.role} ${program.isWeak(fact) ? "weak" : fact.binding} ${macro ?? ""}${condition}`;
  });
}

const BOUNDED = `#define BOUNDED_PRE(_sec_, _label_, _BEGIN_, _END_) \\
	_BEGIN_##_label_ = .; \\
	KEEP(*(_sec_)) \\
	_END_##_label_ = .;
#define BOUNDED_BY(_sec_, _label_) \\
	BOUNDED_PRE(_sec_, _label_, __start, __stop)
#define BOUNDED(_sec) BOUNDED_BY(_sec, _sec)
`;

describe("symbols that macros of scripts make", () => {
  it("are assigned to names that a macro pastes", () => {
    const program = load({ "v.lds.h": BOUNDED, "k.lds.S": '#include "v.lds.h"\nSECTIONS { .x : { BOUNDED(_x) } }\n' });
    assert.deepEqual(defined(program, "__start_x"), ["k.lds.S assignment strong BOUNDED"]);
    assert.deepEqual(defined(program, "__stop_x"), ["k.lds.S assignment strong BOUNDED"]);
    assert.deepEqual(defined(program, "_x"), []);
  });

  it("stand where another macro calls the one that pastes", () => {
    const header = `${BOUNDED}#ifdef CONFIG_A\n#define TABLE(align) . = ALIGN(align); .t : { BOUNDED_BY(.t, _table) }\n#endif\n`;
    const program = load({ "v.lds.h": header, "k.lds.S": '#include "v.lds.h"\nSECTIONS { TABLE(4) }\n' });
    assert.deepEqual(defined(program, "__start_table"), ["v.lds.h assignment strong BOUNDED_BY (defined(CONFIG_A))"]);
    const [mention] = program.definitionsOf("__start_table");
    assert.equal(header.slice(mention!.fact.start, mention!.fact.end), "_table");
    assert.equal(mention!.fact.isPlace, true);
  });

  it("are provided where the macro provides", () => {
    const macros = "#define EDGE(name) PROVIDE_HIDDEN(__##name##_edge = .);\n";
    const program = load({ "k.lds.S": `${macros}SECTIONS { .x : { EDGE(data) } }\n` });
    assert.deepEqual(defined(program, "__data_edge"), ["k.lds.S provide strong EDGE"]);
  });

  it("are not known where an argument of their name is no word", () => {
    const macros = "#define EDGE(a, b) a##b##_edge = .;\n";
    const program = load({ "k.lds.S": `${macros}SECTIONS { .x : { EDGE(1 + 2, data) } }\n` });
    assert.deepEqual(defined(program, "data_edge"), []);
  });
});

describe("symbols that a header's .macro makes", () => {
  const HEADER = `#ifndef CALLING_H
#define CALLING_H
int in_c(void);
#ifdef __ASSEMBLY__
.macro THUNK name, func
.globl \\name
.type \\name, @function
\\name:
	call \\func
	ret
.endm
#endif
#endif
`;

  it("are defined in the assembly that calls it", () => {
    const program = load({ "calling.h": HEADER, "t.S": '#include "calling.h"\n\tTHUNK early_thunk, early\n' });
    assert.deepEqual(
      program.definitionsOf("early_thunk").map(({ path, fact }) => `${path} ${fact.role} ${fact.binding} ${fact.kind}`),
      ["t.S definition strong function"],
    );
    assert.deepEqual(defined(program, "early"), []);
  });
});
