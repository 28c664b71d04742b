/**
 * Hashes that tell changed contents from unchanged ones, and damaged data from sound. They are fast, and no defence against
 * contents that were made to collide.
 */

/** 64 bits of an array's first `length` words, in two halves, with two multiplications for eight bytes. */
export function hashWords(words: Uint32Array, length: number, seed: number): [number, number] {
  let a = seed ^ 0x9e3779b1;
  let b = seed ^ 0x85ebca77;
  const even = length & ~1;
  for (let i = 0; i < even; i += 2) {
    a = Math.imul(a ^ words[i]!, 0x01000193);
    a ^= a >>> 15;
    b = (Math.imul(b ^ words[i + 1]!, 0x85ebca6b) + a) | 0;
    b ^= b >>> 13;
  }
  if (even !== length) a = Math.imul(a ^ words[even]!, 0x01000193);
  return [mix(a ^ (b << 7)), mix(b ^ Math.imul(a, 0xc2b2ae3d))];
}

/** 64 bits of a buffer's first `length` bytes, in two halves. The bytes must start at a multiple of four. */
export function hashBytes(bytes: Uint8Array, length: number): [number, number] {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, length >>> 2);
  const tail = new Uint32Array(1);
  new Uint8Array(tail.buffer).set(bytes.subarray(length & ~3, length));
  const [high, low] = hashWords(words, words.length, length);
  return [mix(high ^ Math.imul(tail[0]!, 0x9e3779b1)), mix(low ^ tail[0]!)];
}

/** MurmurHash3's finalizer, as an unsigned number. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
