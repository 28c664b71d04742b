/**
 * Reads the call trace that a panicking kernel prints, and holds every frame of it against the kernel's System.map.
 *
 * Pure: text in, frames and problems out.
 */

export interface Frame {
  readonly name: string;
  /** Bytes from the function's start to the address. */
  readonly offset: bigint;
  /** Bytes that the kernel believes the function to have. */
  readonly size: bigint;
  /** Frames with a question mark were found on the stack, but not by following frame pointers. */
  readonly reliable: boolean;
  readonly line: string;
}

export interface MapSymbol {
  readonly address: bigint;
  readonly type: string;
  readonly size: bigint;
}

// " ? rest_init+0x51/0x85", with or without a time stamp before it.
const FRAME = /^(?:\[[^\]]*\])?\s+(\? )?([\w.$]+)\+0x([0-9a-f]+)\/0x([0-9a-f]+)\s*$/;

/** The frames of the first call trace in a console's output; none when the kernel printed none. */
export function parseCallTrace(output: string): Frame[] {
  const lines = output.split(/\r?\n/);
  const start = lines.findIndex((line) => line.includes("Call Trace:"));
  if (start < 0) return [];
  const frames: Frame[] = [];
  for (const line of lines.slice(start + 1)) {
    const match = FRAME.exec(line);
    if (match !== null) {
      const [, doubt, name, offset, size] = match;
      frames.push({
        name: name!,
        offset: BigInt(`0x${offset}`),
        size: BigInt(`0x${size}`),
        reliable: doubt === undefined,
        line: line.trim(),
      });
    } else if (!/^\s*<\/?\w+>\s*$/.test(line)) {
      break;
    }
  }
  return frames;
}

/** Reads System.map, as nm writes it. A symbol's size is the distance to the next address that has a symbol. */
export function parseSystemMap(text: string): Map<string, MapSymbol[]> {
  const entries = text
    .split("\n")
    .map((line) => /^([0-9a-f]+) (\S) (\S+)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, address, type, name]) => ({ address: BigInt(`0x${address}`), type: type!, name: name! }))
    .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  const symbols = new Map<string, MapSymbol[]>();
  let next = 0n;
  for (let index = entries.length - 1, following = 0n; index >= 0; index--) {
    const entry = entries[index]!;
    if (entry.address !== following) next = following;
    following = entry.address;
    const known = symbols.get(entry.name) ?? [];
    known.push({ address: entry.address, type: entry.type, size: next - entry.address });
    symbols.set(entry.name, known);
  }
  return symbols;
}

/**
 * What is wrong with a frame: its name is no function of the map, the kernel takes it for larger or smaller than it is, or
 * the address lies outside. A return address may lie right behind the function: a call that never returns can end one.
 */
export function findFrameProblem(frame: Frame, symbols: ReadonlyMap<string, readonly MapSymbol[]>): string | undefined {
  const functions = (symbols.get(frame.name) ?? []).filter((symbol) => "tTwW".includes(symbol.type));
  if (functions.length === 0) return `${frame.line}: System.map has no function of this name`;
  if (!functions.some((symbol) => symbol.size === frame.size)) {
    return `${frame.line}: System.map says 0x${functions[0]!.size.toString(16)} bytes`;
  }
  if (frame.offset > frame.size) return `${frame.line}: the address lies outside of the function`;
  return undefined;
}
