/** Numbers of linker scripts: where they end, and what they are worth (ldlex.l; bfd_scan_vma of binutils 2.40). */

import { DIGIT, endOfRun, HEX } from "./characters.ts";
import type { ScriptLexer } from "./lexer.ts";

/** `0x1000`, `64K`, `$ff`: where the number that begins here ends; `start` where there is none. */
export function endOfNumber(lexer: ScriptLexer, start: number): number {
  const { codes } = lexer.source;
  let at = start;
  if (codes[start] === 36) {
    at = endOfRun(codes, start + 1, lexer.end, HEX);
    if (at === start + 1) return start;
  } else {
    const isHex = codes[start] === 48 && (codes[start + 1] === 120 || codes[start + 1] === 88);
    const hexEnd = isHex ? endOfRun(codes, start + 2, lexer.end, HEX) : start;
    at = isHex && hexEnd > start + 2 ? hexEnd : endOfRun(codes, start, lexer.end, DIGIT);
    if (at === start) return start;
  }
  const suffix = codes[at];
  if (at < lexer.end && (suffix === 75 || suffix === 107 || suffix === 77 || suffix === 109)) at++;
  return at;
}

/** `0ffh`, `101b`, `12d`: hexadecimal digits and a suffix that gives the base; only in expressions. */
export function endOfSuffixedNumber(lexer: ScriptLexer, start: number): number {
  const { codes } = lexer.source;
  const end = endOfRun(codes, start, lexer.end, HEX);
  if (end === start) return start;
  if (end < lexer.end && "HhXxOo".includes(String.fromCharCode(codes[end]!))) return end + 1;
  // B and D are digits too, so the last of the run that is one can be the suffix.
  for (let at = end; at > start + 1; at--) {
    const code = codes[at - 1]! | 32;
    if (code === 98 || code === 100) return at;
  }
  return start;
}

/** The value of a number token, modulo 2^64; ld reads digits up to the first that the base does not have. */
export function numberValue(text: string): bigint {
  const last = text.at(-1)!;
  let base = 10;
  let digits = text;
  let scale = 1n;
  if (text.startsWith("$")) {
    base = 16;
    digits = text.slice(1);
  } else if (/^0[xX][0-9a-fA-F]/.test(text)) {
    base = 16;
    digits = text.slice(2);
  } else if (/[hHxX]$/.test(text)) {
    base = 16;
    digits = text.slice(0, -1);
  } else if (/[oO]$/.test(text)) {
    base = 8;
    digits = text.slice(0, -1);
  } else if (/[bB]$/.test(text)) {
    base = 2;
    digits = text.slice(0, -1);
  } else if (/[dD]$/.test(text)) {
    digits = text.slice(0, -1);
  } else if (/^0\d/.test(text)) {
    base = 8;
  }
  if (/[kKmM]/.test(last)) {
    scale = /[kK]/.test(last) ? 1024n : 1024n * 1024n;
    digits = digits.slice(0, -1);
  }
  return BigInt.asUintN(64, digitsValue(digits, base) * scale);
}

/** More digits than any value of 64 bits has, leading zeros aside. */
const MAX_DIGITS = 64;

function digitsValue(digits: string, base: number): bigint {
  let end = 0;
  while (end < digits.length && Number.parseInt(digits[end]!, 16) < base) end++;
  let start = 0;
  while (start < end - 1 && digits[start] === "0") start++;
  // Only the low 64 bits count, which for bases that are powers of two are the last digits.
  if (base === 10) {
    let value = 0n;
    for (let i = start; i < end; i += 15) {
      const part = digits.slice(i, Math.min(i + 15, end));
      value = BigInt.asUintN(64, value * 10n ** BigInt(part.length) + BigInt(part));
    }
    return value;
  }
  const prefix = base === 16 ? "0x" : base === 8 ? "0o" : "0b";
  const tail = digits.slice(Math.max(start, end - MAX_DIGITS), end);
  return tail === "" ? 0n : BigInt(prefix + tail);
}
