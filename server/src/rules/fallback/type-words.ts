/** What the words of a type say of its values: which ones it surely has, and how many bytes hold them. It knows no file. */

const INTEGER_BITS = ["8", "16", "32", "64"];

/** C's own scalar types and the fixed ones that kernels use. */
export const SCALAR_WORDS: ReadonlySet<string> = new Set([
  ..."const volatile signed unsigned char short int long _Bool bool float double uintptr_t intptr_t size_t ssize_t ptrdiff_t".split(
    " ",
  ),
  ..."phys_addr_t dma_addr_t resource_size_t".split(" "),
  ...INTEGER_BITS.flatMap((bits) => [
    `u${bits}`,
    `s${bits}`,
    `__u${bits}`,
    `__s${bits}`,
    `uint${bits}_t`,
    `int${bits}_t`,
  ]),
]);

/** Other typedefs of signed integers, of 32 bits or more. */
const SIGNED_WORDS: ReadonlySet<string> = new Set(["ssize_t", "ptrdiff_t", "intptr_t", "off_t", "loff_t", "pid_t"]);

const UNSIGNED_WORDS: ReadonlySet<string> = new Set([
  "unsigned",
  ..."uintptr_t size_t phys_addr_t dma_addr_t resource_size_t".split(" "),
  ...INTEGER_BITS.flatMap((bits) => [`u${bits}`, `__u${bits}`, `uint${bits}_t`]),
]);

const BYTE_WORDS: ReadonlySet<string> = new Set("char s8 u8 __s8 __u8 int8_t uint8_t".split(" "));
const SHORT_WORDS: ReadonlySet<string> = new Set("short s16 u16 __s16 __u16 int16_t uint16_t".split(" "));
const UNLIKE_INTEGERS: ReadonlySet<string> = new Set(["_Bool", "bool", "float", "double"]);
const QUALIFIERS: ReadonlySet<string> = new Set(["const", "volatile"]);

/** True when 0 is surely a value of the type. */
export function isScalarType(words: readonly string[]): boolean {
  return words[0] === "enum" || words.every((word) => SCALAR_WORDS.has(word) || SIGNED_WORDS.has(word));
}

/** The least and the greatest value that a type surely has. Of types that are not known, it may be bool. */
export function rangeOf(words: readonly string[]): readonly [number, number] {
  const type = words.filter((word) => !QUALIFIERS.has(word));
  const isInteger = type.every((word) => SCALAR_WORDS.has(word) || SIGNED_WORDS.has(word));
  if (!isInteger || type.some((word) => UNLIKE_INTEGERS.has(word))) return [0, 1];
  if (type.some((word) => BYTE_WORDS.has(word))) return type.includes("signed") ? [-128, 127] : [0, 127];
  if (type.some((word) => UNSIGNED_WORDS.has(word))) return [0, 32767];
  if (type.some((word) => SHORT_WORDS.has(word))) return [-32768, 32767];
  return [-2147483648, 2147483647];
}

/** True for a pointer to characters that nobody writes to, as it is written: a string literal may stand for it. */
export function isTextType(type: string): boolean {
  const joined = type.replaceAll(" *", "*");
  return joined === "const char*" || joined === "char const*";
}
