/** What a function does, as pieces: how they are brought into one form, and written down to be compared. */

export type WorldPiece =
  | { readonly kind: "do"; readonly text: string; readonly isPure: boolean }
  /** A local is given a value. */
  | { readonly kind: "set"; readonly name: string; readonly text: string; readonly isPure: boolean }
  | {
      readonly kind: "if";
      readonly condition: string;
      readonly isPure: boolean;
      readonly met: WorldPiece[];
      readonly otherwise: WorldPiece[];
    }
  /** A loop or a switch. */
  | { readonly kind: "loop"; readonly head: string; readonly body: WorldPiece[] }
  | { readonly kind: "jump"; readonly text: string; readonly label: string | undefined }
  /** A label, a case, a line of the preprocessor's: whatever is behind it may be come to from elsewhere. */
  | { readonly kind: "label"; readonly text: string; readonly name: string | undefined };

/** Marks of a local's name where it is read. */
export function markRead(name: string): string {
  return `\u0001${name}\u0002`;
}

/** What comes behind a list of pieces: nothing but the function's end, a label, or something else. */
type Next = "end" | "loop" | { readonly label: string } | undefined;

/** How often the form is gone over: each time may uncover something for the next. */
const ROUNDS = 4;

export function tidy(pieces: readonly WorldPiece[]): WorldPiece[] {
  let tidied = [...pieces];
  for (let round = 0; round < ROUNDS; round++) {
    const before = writePieces(tidied);
    tidied = tidyList(dropUnused(tidied, before), "end");
    if (writePieces(tidied) === before) break;
  }
  return tidied;
}

/** Leaves out labels that nothing jumps to, and values that nothing reads. */
function dropUnused(pieces: readonly WorldPiece[], text: string): WorldPiece[] {
  const kept: WorldPiece[] = [];
  for (const piece of pieces) {
    if (piece.kind === "label" && piece.name !== undefined && !isJumpedTo(piece.name, text)) continue;
    if (piece.kind === "set" && !text.includes(markRead(piece.name))) {
      if (!piece.isPure) kept.push({ kind: "do", text: piece.text, isPure: false });
      continue;
    }
    if (piece.kind === "if") {
      kept.push({ ...piece, met: dropUnused(piece.met, text), otherwise: dropUnused(piece.otherwise, text) });
    } else if (piece.kind === "loop") kept.push({ ...piece, body: dropUnused(piece.body, text) });
    else kept.push(piece);
  }
  return kept;
}

function isJumpedTo(label: string, text: string): boolean {
  return text.includes(`goto ${label};`) || text.includes(`&&${label};`) || text.includes("goto *");
}

function tidyList(pieces: readonly WorldPiece[], next: Next): WorldPiece[] {
  const out: WorldPiece[] = [];
  // From the end, so that what comes behind each is known.
  let behind = next;
  for (let i = pieces.length - 1; i >= 0; i--) {
    const piece = pieces[i]!;
    if (piece.kind === "jump") {
      if (isIdleJump(piece, behind)) continue;
      // What stands behind a jump is reached through labels alone.
      let first = out.length - 1;
      while (first >= 0 && out[first]!.kind !== "label") first--;
      out.length = first + 1;
      out.push(piece);
    } else if (piece.kind === "if") out.push(...tidyIf(piece, behind).reverse());
    else if (piece.kind === "loop") {
      // Behind a switch's last statement comes what is behind the switch.
      out.push({ ...piece, body: tidyList(piece.body, piece.head.startsWith("switch ") ? undefined : "loop") });
    } else out.push(piece);
    const last = out.at(-1);
    if (last !== undefined)
      behind = last.kind === "label" && last.name !== undefined ? { label: last.name } : undefined;
  }
  return out.reverse();
}

function isIdleJump(jump: Extract<WorldPiece, { kind: "jump" }>, next: Next): boolean {
  if (next === "end") return jump.text === "return ";
  if (next === "loop") return jump.text === "continue";
  return next !== undefined && jump.label === next.label;
}

function tidyIf(piece: Extract<WorldPiece, { kind: "if" }>, next: Next): WorldPiece[] {
  let then = tidyList(piece.met, next);
  let otherwise = tidyList(piece.otherwise, next);
  let { condition } = piece;
  while (condition.startsWith(NOT)) {
    condition = condition.slice(NOT.length, -1);
    [then, otherwise] = [otherwise, then];
  }
  if (writePieces(then) === writePieces(otherwise)) {
    return piece.isPure ? then : [{ kind: "do", text: condition, isPure: false }, ...then];
  }
  return [{ kind: "if", condition, isPure: piece.isPure, met: then, otherwise }];
}

/** How a negation is written. */
export const NOT = "(not ";

export function writePieces(pieces: readonly WorldPiece[]): string {
  return pieces.map(writePiece).join("");
}

function writePiece(piece: WorldPiece): string {
  switch (piece.kind) {
    case "do":
      return `${piece.text};`;
    case "set":
      return `${piece.name} = ${piece.text};`;
    case "if":
      return `if ${piece.condition}{${writePieces(piece.met)}}{${writePieces(piece.otherwise)}}`;
    case "loop":
      return `${piece.head}{${writePieces(piece.body)}}`;
    case "jump":
      return `${piece.text};`;
    case "label":
      return `${piece.text};`;
  }
}
