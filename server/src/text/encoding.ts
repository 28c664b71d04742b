/**
 * How a file's bytes are its text: UTF-8, with or without a byte order mark, or Latin-1 where that is not valid. A text goes
 * back as it came. It reads no file.
 */

export type TextEncoding = "utf-8" | "utf-8 with mark" | "latin-1";

const MARK = "\uFEFF";

export function encodingOf(bytes: Uint8Array): TextEncoding {
  if (decodeUtf8(bytes) === undefined) return "latin-1";
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? "utf-8 with mark" : "utf-8";
}

/** The text, without a byte order mark: editors show none and count none. */
export function decodeText(bytes: Uint8Array): string {
  return decodeUtf8(bytes) ?? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

/** The bytes of a text; undefined where Latin-1 has no byte for a letter. */
export function encodeText(text: string, encoding: TextEncoding): Uint8Array | undefined {
  if (encoding !== "latin-1") return Buffer.from(encoding === "utf-8" ? text : MARK + text, "utf8");
  const bytes = Buffer.from(text, "latin1");
  return bytes.toString("latin1") === text ? bytes : undefined;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
