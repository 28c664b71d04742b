/** Texts made wrong: pieces put in, taken out, repeated and cut off. */

import { pieces as common } from "./tree.ts";

export function spoil(text: string, pieces: readonly string[], random: (below: number) => number): string {
  let spoilt = text;
  for (let count = random(6) + 1; count > 0; count--) {
    const at = random(spoilt.length + 1);
    const length = random(3) === 0 ? random(40) : 0;
    spoilt = spoilt.slice(0, at) + pieceFor(text, pieces, random) + spoilt.slice(at + length);
  }
  return random(4) === 0 ? spoilt.slice(0, random(spoilt.length + 1)) : spoilt;
}

function pieceFor(text: string, pieces: readonly string[], random: (below: number) => number): string {
  switch (random(4)) {
    case 0:
      return text.slice(random(text.length)).slice(0, random(60));
    case 1:
      return String.fromCharCode(random(3) === 0 ? random(0x10000) : random(128));
    case 2:
      return pieces[random(pieces.length)]!.repeat(random(10) === 0 ? random(200) : 1);
    default:
      return common[random(common.length)]!;
  }
}
