// Cuts a message at the borders where a second matter may begin: sentence ends and the few words that join
// two requests. Whether the pieces are matters of their own is understand's judgement.
import type { Normalized, Token } from './normalize.ts';
import { isOneOf, spots } from './phrases.ts';
import type { Reader } from './reader.ts';

export interface Piece {
  tokens: Token[];
}

const MIN_WORDS = 3;
const MAX_PIECES = 4;

/** Pieces of at least three words, in order; one piece when there is no border. */
export function segments(reader: Reader, n: Normalized): Piece[] {
  const pieces: Piece[] = [];
  let current: Token[] = [];
  const close = (): void => {
    if (current.length >= MIN_WORDS) pieces.push({ tokens: current });
    else if (current.length > 0 && pieces.length > 0) pieces.at(-1)!.tokens.push(...current);
    else if (current.length > 0) return; // a short beginning stays with what follows
    current = [];
  };
  const { tokens } = n;
  const joints = new Map(
    spots(reader, reader.sayings.joint, tokens, n.text)
      .reverse()
      .map((s) => [s.at, s.length]),
  );
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i]!;
    if (t.from === 'punct' || t.from === 'emoji') {
      if (/[.?!;…\n]/.test(n.text.slice(t.start, t.end))) close();
      continue;
    }
    const before = i > 0 ? n.text.slice(tokens[i - 1]!.end, t.start) : '';
    if (before.includes('\n')) close();
    const joint = joints.get(i);
    if (joint !== undefined && current.length >= MIN_WORDS) {
      close();
      i += joint - 1;
      continue;
    }
    current.push(t);
  }
  close();
  if (current.length > 0 && pieces.length > 0) pieces.at(-1)!.tokens.push(...current);
  return pieces.slice(0, MAX_PIECES);
}

/** A piece that is no matter as a whole, cut at every joint of a list; each item has two words or more. */
export function items(reader: Reader, n: Normalized, piece: Piece): Piece[] {
  const out: Piece[] = [{ tokens: [] }];
  for (const [i, t] of piece.tokens.entries()) {
    const gap = i > 0 ? n.text.slice(piece.tokens[i - 1]!.end, t.start) : '';
    const last = out.at(-1)!;
    const joint = isOneOf(reader, reader.sayings.listing, t);
    if ((joint || /[,/&+]/.test(gap)) && last.tokens.length >= 2) out.push({ tokens: joint ? [] : [t] });
    else last.tokens.push(t);
  }
  return out.length <= MAX_PIECES && out.every((p) => p.tokens.length >= 2) ? out : [piece];
}
