/**
 * Broken scripts made of whole ones: a token removed, doubled, swapped with the next, replaced by one from elsewhere, or
 * joined to the next.
 * The same seed makes the same mutants. The tokens are cut here by a rule of their own, not by the parser that is tested.
 */

import type { ScriptKind } from "../../../server/src/syntax/ld/tree.ts";

/** How a mutant differs from its script. */
export type Mutation = "removed" | "doubled" | "swapped" | "replaced" | "joined";

export interface Mutant {
  /** The script it was made of. */
  readonly origin: Script;
  readonly mutation: Mutation;
  /** The token that was touched, and the line from 1 on which it stands. */
  readonly token: string;
  readonly line: number;
  readonly text: string;
}

export interface Script {
  readonly name: string;
  readonly kind: ScriptKind;
  readonly text: string;
}

const PIECE = /\/\*[\s\S]*?\*\/|"[^"\n]*"|\s+|[A-Za-z0-9_.$*?\-[\]/\\~]+|<<=|>>=|&&|\|\||[-+*/&|=!<>]=|<<|>>|[\s\S]/g;

interface Piece {
  readonly text: string;
  readonly start: number;
}

/** The tokens of a script, without blanks and comments. */
export function cutTokens(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (const match of text.matchAll(PIECE)) {
    if (!/^\s|^\/\*/.test(match[0])) pieces.push({ text: match[0], start: match.index });
  }
  return pieces;
}

/** A generator of numbers from 0 to below 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const MUTATIONS: readonly Mutation[] = ["removed", "doubled", "swapped", "replaced", "joined"];

/** Makes `count` mutants, in turn of each script and each mutation, at places that the seed chooses. */
export function* makeMutants(scripts: readonly Script[], count: number, seed: number): Generator<Mutant> {
  const random = seededRandom(seed);
  const cut = scripts.map((script) => cutTokens(script.text));
  const pool = cut.flat().map((piece) => piece.text);
  const choose = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  for (let i = 0; i < count; i++) {
    const which = i % scripts.length;
    const origin = scripts[which]!;
    const { text } = origin;
    const tokens = cut[which]!;
    if (tokens.length < 2) continue;
    const mutation = MUTATIONS[Math.floor(i / scripts.length) % MUTATIONS.length]!;
    const index = Math.floor(random() * (tokens.length - 1));
    const token = tokens[index]!;
    const end = token.start + token.text.length;
    const next = tokens[index + 1]!;
    const nextEnd = next.start + next.text.length;
    const before = text.slice(0, token.start);
    let mutated: string;
    if (mutation === "removed") mutated = before + text.slice(end);
    else if (mutation === "doubled") {
      mutated = before + token.text + (random() < 0.5 ? " " : "") + token.text + text.slice(end);
    } else if (mutation === "swapped") {
      mutated = before + next.text + text.slice(end, next.start) + token.text + text.slice(nextEnd);
    } else if (mutation === "joined") {
      mutated = before + token.text + text.slice(next.start);
    } else {
      mutated = before + choose(pool) + text.slice(end);
    }
    const line = before.split("\n").length;
    yield { origin, mutation, token: token.text, line, text: mutated };
  }
}
