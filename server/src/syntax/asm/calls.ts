/**
 * Tells statements that may be calls of macros which other files define from instructions, as far as their look goes. What such a
 * macro makes is not known here; instructions that pass for calls cost some memory and nothing else.
 */

import { splitOperands } from "./gas-macros.ts";
import { isName } from "./tokens.ts";
import type { AsmCall, AsmToken } from "./tree.ts";

/** More operands than a macro that names symbols has. */
const MOST_OPERANDS = 12;

/** Names of registers on the architectures that gas knows, as they stand without a sign before them. */
const REGISTER =
  /^(?:[a-z]{1,2}\d{1,2}|[re]?[abcd]x|[re]?[sd]i|[re]?[sb]p|[a-d][lh]|sp|lr|pc|fp|ip|ra|gp|tp|zero|xzr|wzr|apsr|cpsr|spsr|[xyz]mm\d+|[c-g]s|ss)$/i;

/** Jumps, calls and loads of addresses, which are followed by a symbol as macros are; and conditions as `ite eq` has them. */
const MNEMONIC = new Set(
  [
    "b bl blx bx br blr bal jal jalr j jr jmp jmpl call callq calll callx0 callx4 callx8 callx12 call0 call4 call8 call12 rcall rjmp icall",
    "tail la lla li ldr adr adrl adrp lea leaq leal push pushq pushl pop popq int lcall ljmp lds sts dsb dmb isb msr mrs csrr csrw csrs csrc",
    "beq bne bge blt bgt ble bhi bls bcc bcs bmi bpl bvs bvc bhs blo bnez beqz bltz bgez blez bgtz bltu bgeu bleu bgtu bra bsr brsl bsrl",
    "brcc brcs breq brge brlt brne brsh brlo brmi brpl cbz cbnz tbz tbnz je jne jz jnz ja jae jb jbe jc jnc jg jge jl jle jo jno js jns jp",
    "jrcxz jecxz loop loope loopne it ite itt itet itte ittt iteee brasl brcl brc bras larl lgrl stgrl jg jh jle bdnz bctr bctrl l32r movi",
  ]
    .join(" ")
    .split(" "),
);

/** Whether a statement with this first word and this operand behind it may be a call. */
export function mayBeCall(head: string, operand: string): boolean {
  return !MNEMONIC.has(head) && !operand.startsWith(".L") && !REGISTER.test(operand);
}

/** The call that a statement of tokens may be; undefined for what looks like an instruction. */
export function readCall(tokens: readonly AsmToken[]): Omit<AsmCall, "condition"> | undefined {
  const head = tokens[0];
  if (!isName(head) || head.text.startsWith(".") || MNEMONIC.has(head.text) || tokens.length < 2) return undefined;
  const isParenthesized = tokens[1]!.text === "(" && tokens.at(-1)!.text === ")";
  const operands = splitOperands(isParenthesized ? tokens.slice(2, -1) : tokens.slice(1)).slice(0, MOST_OPERANDS);
  const given = operands.map((operand) => {
    const start = operand[0]?.start ?? head.start;
    return { text: plainOperand(operand), start, end: Math.max(start, operand.at(-1)?.end ?? head.end) };
  });
  return given.some(({ text }) => text !== "") ? { name: head.text, arguments: given } : undefined;
}

/** The operand where it is one word, in quotes too, or a number; "" for a register and anything longer. */
function plainOperand(operand: readonly AsmToken[]): string {
  const only = operand[0];
  if (operand.length !== 1 || only === undefined) return "";
  const text = /^"([\w.$]+)"$/.exec(only.text)?.[1] ?? only.text;
  return /^[\w.$]+$/.test(text) && !REGISTER.test(text) && !text.startsWith(".L") ? text : "";
}
