/**
 * The addends that stand in the instructions and words that are relocated, and how far from the place the processor counts,
 * on the machines whose objects keep addends in place, and on x86-64. It must not know sections or symbols.
 */

/** An addend found in place. */
export interface InPlaceAddend {
  readonly value: number;
  /** Whether the place holds the distance to the symbol rather than its address. */
  readonly isRelative: boolean;
  /** How far the processor has read on beyond the place, in bytes, when it adds the distance. */
  readonly readAhead: number;
}

/** i386 (psABI, table 4.9): the addend is the word in place. Code counts from the end of the field, which ends the instruction. */
export function i386Addend(type: number, view: DataView): InPlaceAddend | undefined {
  const value = view.getInt32(0, true);
  switch (type) {
    case 1: // R_386_32
    case 9: // R_386_GOTOFF
    case 17: // R_386_TLS_LE
    case 32: // R_386_TLS_LDO_32
    case 34: // R_386_TLS_LE_32
      return { value, isRelative: false, readAhead: 0 };
    case 2: // R_386_PC32
    case 4: // R_386_PLT32
      return { value, isRelative: true, readAhead: 4 };
    default:
      return undefined;
  }
}

/** ARM (ELF for the Arm Architecture, 4.6.1): words, and the immediates of branches and moves. */
export function armAddend(type: number, view: DataView, little: boolean): InPlaceAddend | undefined {
  const word = view.getInt32(0, little);
  switch (type) {
    case 2: // R_ARM_ABS32
    case 24: // R_ARM_GOTOFF32
    case 38: // R_ARM_TARGET1
      return { value: word, isRelative: false, readAhead: 0 };
    case 3: // R_ARM_REL32
      return { value: word, isRelative: true, readAhead: 0 };
    case 42: // R_ARM_PREL31
      return { value: (word << 1) >> 1, isRelative: true, readAhead: 0 };
    case 1: // R_ARM_PC24
    case 27: // R_ARM_PLT32
    case 28: // R_ARM_CALL
    case 29: // R_ARM_JUMP24
      return { value: (word << 8) >> 6, isRelative: true, readAhead: 8 };
    case 43: // R_ARM_MOVW_ABS_NC
    case 44: // R_ARM_MOVT_ABS
      return { value: ((((word >> 4) & 0xf000) | (word & 0xfff)) << 16) >> 16, isRelative: false, readAhead: 0 };
    case 47: // R_ARM_THM_MOVW_ABS_NC
    case 48: // R_ARM_THM_MOVT_ABS
      return { value: thumbMoveImmediate(view, little), isRelative: false, readAhead: 0 };
    case 10: // R_ARM_THM_CALL
    case 30: // R_ARM_THM_JUMP24
      return { value: thumbBranchDistance(view, little), isRelative: true, readAhead: 4 };
    default:
      return undefined;
  }
}

/** Thumb's MOVW and MOVT: imm4:i:imm3:imm8 in two halfwords, sign-extended. */
function thumbMoveImmediate(view: DataView, little: boolean): number {
  const [first, second] = [view.getUint16(0, little), view.getUint16(2, little)];
  const value = ((first & 0xf) << 12) | ((first & 0x400) << 1) | ((second & 0x7000) >> 4) | (second & 0xff);
  return (value << 16) >> 16;
}

/** Thumb's BL and B.W: S:I1:I2:imm10:imm11:0 in two halfwords, where I1 and I2 are inverted by S. */
function thumbBranchDistance(view: DataView, little: boolean): number {
  const [first, second] = [view.getUint16(0, little), view.getUint16(2, little)];
  const sign = (first >> 10) & 1;
  const high = (((second >> 13) & 1) ^ sign ^ 1) * 2 + (((second >> 11) & 1) ^ sign ^ 1);
  const value = (sign << 24) | (high << 22) | ((first & 0x3ff) << 12) | ((second & 0x7ff) << 1);
  return (value << 7) >> 7;
}

/** 32-bit MIPS: words and jumps. HI16 and GOT16 need the LO16 that follows, and are left alone. */
export function mipsAddend(type: number, view: DataView, little: boolean): InPlaceAddend | undefined {
  const word = view.getInt32(0, little);
  if (type === 2) return { value: word, isRelative: false, readAhead: 0 }; // R_MIPS_32
  if (type === 4) return { value: (word & 0x3ff_ffff) << 2, isRelative: false, readAhead: 0 }; // R_MIPS_26
  return undefined;
}

/** One-byte opcodes that are followed by an operand in memory and by an immediate of one byte. */
const byteImmediates = new Set([0x6b, 0x80, 0x83, 0xc0, 0xc1, 0xc6]);

/** The same with an immediate of four bytes, or two after the prefix 66. */
const wordImmediates = new Set([0x69, 0x81, 0xc7]);

/** Opcodes after 0f that are followed by an immediate of one byte: shuffles, shifts, bit tests, compares. */
const escapedByteImmediates = new Set([0x70, 0xa4, 0xac, 0xba, 0xc2, 0xc4, 0xc5, 0xc6]);

/**
 * How many bytes of immediate follow the 32-bit displacement of an x86-64 instruction, given the bytes before the
 * displacement (Intel's manual, volume 2, 2.1 and appendix A). The displacement counts from the end of the instruction, so
 * they are in its addend. What is no operand relative to the instruction pointer, such as a call, has none.
 */
export function x86TrailingBytes(before: Uint8Array): number {
  const [oldest, prefix, opcode, modrm] = [
    before.at(-4) ?? 0,
    before.at(-3) ?? 0,
    before.at(-2) ?? 0,
    before.at(-1) ?? 0,
  ];
  if ((modrm & 0xc7) !== 0x05) return 0;
  if (oldest === 0x0f && prefix === 0x3a) return 1;
  if (prefix === 0x0f) return escapedByteImmediates.has(opcode) ? 1 : 0;
  const isTest = (opcode === 0xf6 || opcode === 0xf7) && (modrm & 0x30) === 0;
  if (byteImmediates.has(opcode) || (isTest && opcode === 0xf6)) return 1;
  if (!wordImmediates.has(opcode) && !isTest) return 0;
  const isRex = (prefix & 0xf0) === 0x40;
  return prefix === 0x66 || (isRex && oldest === 0x66) ? 2 : 4;
}
