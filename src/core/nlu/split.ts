// Cuts a message at the borders where a second matter may begin: sentence ends and the few words that join
// two requests. Whether the pieces are matters of their own is understand's judgement.
import type { Normalized, Token } from './normalize.ts';

export interface Piece {
  tokens: Token[];
}

/** Words that begin a further request (grammar, not content); the longer ones first. */
const JOINTS: readonly (readonly string[])[] = [
  ['ngoai', 'ra'],
  ['voi', 'lai'],
  ['tien', 'the'],
  ['dong', 'thoi'],
  ['nhan', 'tien'],
  ['sau', 'do'],
  ['voi', 'ca'],
  ['a', 'ma'],
  ['va'],
];
/** "còn" begins another matter, "con" is a child: only with its mark. */
const MARKED = new Set(['còn']);
/** After these it is part of a predicate: "không còn chỗ", "vẫn còn rác". */
const STILL = new Set('không chẳng chưa chả vẫn đang hãy cũng chỉ khong chang chua cha van'.split(' '));
const MIN_WORDS = 3;
const MAX_PIECES = 4;

/** Pieces of at least three words, in order; one piece when there is no border. */
export function segments(n: Normalized): Piece[] {
  const pieces: Piece[] = [];
  let current: Token[] = [];
  const close = (): void => {
    if (current.length >= MIN_WORDS) pieces.push({ tokens: current });
    else if (current.length > 0 && pieces.length > 0) pieces.at(-1)!.tokens.push(...current);
    else if (current.length > 0) return; // a short beginning stays with what follows
    current = [];
  };
  const { tokens } = n;
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i]!;
    if (t.from === 'punct' || t.from === 'emoji') {
      if (/[.?!;…\n]/.test(n.text.slice(t.start, t.end))) close();
      continue;
    }
    const before = i > 0 ? n.text.slice(tokens[i - 1]!.end, t.start) : '';
    if (before.includes('\n')) close();
    const joint =
      MARKED.has(t.text) && !STILL.has(tokens[i - 1]?.text ?? '')
        ? [t.folded]
        : JOINTS.find((j) => j.every((w, k) => tokens[i + k]?.folded === w));
    if (joint && current.length >= MIN_WORDS) {
      close();
      i += joint.length - 1;
      continue;
    }
    current.push(t);
  }
  close();
  if (current.length > 0 && pieces.length > 0) pieces.at(-1)!.tokens.push(...current);
  return pieces.slice(0, MAX_PIECES);
}

/** What stands between two things of a list: "tạm trú với đổi bằng lái, sang tên xe". */
const LISTING = new Set(['va', 'voi', 'cung', 'roi']);

/** A piece that is no matter as a whole, cut at every joint of a list; each item has two words or more. */
export function items(n: Normalized, piece: Piece): Piece[] {
  const out: Piece[] = [{ tokens: [] }];
  for (const [i, t] of piece.tokens.entries()) {
    const gap = i > 0 ? n.text.slice(piece.tokens[i - 1]!.end, t.start) : '';
    const last = out.at(-1)!;
    const joint = LISTING.has(t.folded);
    if ((joint || /[,/&+]/.test(gap)) && last.tokens.length >= 2) out.push({ tokens: joint ? [] : [t] });
    else last.tokens.push(t);
  }
  return out.length <= MAX_PIECES && out.every((p) => p.tokens.length >= 2) ? out : [piece];
}
