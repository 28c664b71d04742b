/** Addresses as linkers print them. */

/** `0x08000000`: at least eight digits. */
export function hexAddress(address: bigint): string {
  return `0x${address.toString(16).padStart(8, "0")}`;
}
