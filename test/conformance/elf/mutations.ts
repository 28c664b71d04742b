/**
 * Breaks ELF files and archives, always in the same ways for the same seed: cut off, bits flipped, fields of headers and tables
 * replaced by numbers at which size checks go wrong.
 */

/** A generator of numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const awkward = [
  0n,
  1n,
  2n,
  3n,
  0x7fn,
  0xffn,
  0xff00n,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1f_ffff_ffff_ffffn,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_ffff_ffff_ffffn,
];

export type Random = () => number;

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const pick = (random: Random, below: number) => Math.floor(random() * below);

function cutOff(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.slice(0, pick(random, bytes.length));
}

function flipBits(bytes: Uint8Array, random: Random): Uint8Array {
  const flips = 1 + pick(random, 20);
  for (let i = 0; i < flips; i++) bytes[pick(random, bytes.length)]! ^= 1 << pick(random, 8);
  return bytes;
}

/** Flips bits only where the headers are: at the start, and where e_shoff says. */
function flipHeaders(bytes: Uint8Array, random: Random): Uint8Array {
  const [start, end] = headerRange(bytes, random);
  const flips = 1 + pick(random, 6);
  for (let i = 0; i < flips; i++) {
    const at = start + pick(random, end - start);
    if (at < bytes.length) bytes[at]! ^= 1 << pick(random, 8);
  }
  return bytes;
}

/** Puts awkward numbers into fields of the headers. */
function replaceFields(bytes: Uint8Array, random: Random): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[5] !== 2;
  const is64 = bytes[4] === 2;
  const changes = 1 + pick(random, 4);
  for (let i = 0; i < changes; i++) {
    const [start, end] = headerRange(bytes, random);
    const width = start === 0 ? [2, 4, 8][pick(random, 3)]! : is64 ? [4, 8][pick(random, 2)]! : 4;
    const at = start + pick(random, Math.floor((end - start) / width)) * width;
    if (at + width > bytes.length || at < 4) continue;
    const near = BigInt(bytes.length + pick(random, 5) - 2);
    const value = random() < 0.2 ? near : awkward[pick(random, awkward.length)]!;
    if (width === 2) view.setUint16(at, Number(value & 0xffffn), little);
    else if (width === 4) view.setUint32(at, Number(value & 0xffff_ffffn), little);
    else view.setBigUint64(at, value, little);
  }
  return bytes;
}

/** Where the file's header is, or, nine times out of ten, one of the section headers. */
function headerRange(bytes: Uint8Array, random: Random): [start: number, end: number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const is64 = bytes[4] === 2;
  if (bytes.length < 64 || random() < 0.1) return [0, Math.min(64, bytes.length)];
  const little = bytes[5] !== 2;
  const offset = is64 ? Number(view.getBigUint64(0x28, little)) : view.getUint32(0x20, little);
  const size = is64 ? 64 : 40;
  const count = view.getUint16(is64 ? 0x3c : 0x30, little);
  const start = offset + pick(random, Math.max(1, count)) * size;
  return start + size <= bytes.length ? [start, start + size] : [0, 64];
}

/** Copies one stretch of the file over another, as a bad disk or a bad merge would. */
function copyStretch(bytes: Uint8Array, random: Random): Uint8Array {
  const length = 1 + pick(random, Math.min(4096, bytes.length));
  bytes.copyWithin(pick(random, bytes.length), pick(random, bytes.length), pick(random, bytes.length) + length);
  return bytes;
}

function overwriteStretch(bytes: Uint8Array, random: Random): Uint8Array {
  const start = pick(random, bytes.length);
  const value = [0, 0xff, 0x41][pick(random, 3)]!;
  bytes.fill(value, start, start + 1 + pick(random, 4096));
  return bytes;
}

const mutations: readonly Mutation[] = [
  cutOff,
  flipBits,
  flipHeaders,
  flipHeaders,
  replaceFields,
  replaceFields,
  replaceFields,
  copyStretch,
  overwriteStretch,
];

/** A broken copy of the bytes. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  const mutation = mutations[pick(random, mutations.length)]!;
  const broken = mutation(bytes.slice(), random);
  return random() < 0.2 && broken.length > 64 ? mutations[pick(random, mutations.length)]!(broken, random) : broken;
}
