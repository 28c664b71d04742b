/** Reads what ld and lld print for --print-memory-usage. */

const UNITS: Readonly<Record<string, bigint>> = { B: 1n, KB: 1n << 10n, MB: 1n << 20n, GB: 1n << 30n };

/** The used size of each region as ld prints it, in bytes. */
export function readUsage(text: string): Map<string, bigint> {
  const used = new Map<string, bigint>();
  for (const match of text.matchAll(/^\s*(\w+):\s+(\d+) ([KMG]?B)\s+\d+ [KMG]?B\s/gm)) {
    used.set(match[1]!, BigInt(match[2]!) * UNITS[match[3]!]!);
  }
  return used;
}
