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
  const out = listed(reader, n, piece, 2);
  return out.length <= MAX_PIECES && out.every((p) => p.tokens.length >= 2) ? out : [piece];
}

/** Cut at every joint of a list that has so many words before it. */
function listed(reader: Reader, n: Normalized, piece: Piece, least: number): Piece[] {
  const out: Piece[] = [{ tokens: [] }];
  for (const [i, t] of piece.tokens.entries()) {
    const gap = i > 0 ? n.text.slice(piece.tokens[i - 1]!.end, t.start) : '';
    const last = out.at(-1)!;
    const joint = isOneOf(reader, reader.sayings.listing, t);
    if ((joint || /[,/&+]/.test(gap)) && last.tokens.length >= least) out.push({ tokens: joint ? [] : [t] });
    else last.tokens.push(t);
  }
  return out;
}

/** "Hai việc: …", "một là …, hai là …": the items of a list that says it is one; empty when none does. */
export function announced(reader: Reader, n: Normalized): Piece[] {
  const { severalMatters, nthMatter } = reader.sayings;
  const words = n.tokens.filter((t) => t.from !== 'punct' && t.from !== 'emoji');
  const numbers = spots(reader, nthMatter, words, n.text);
  if (numbers.length > 1)
    return numbers
      .map((s, i) => ({ tokens: words.slice(s.at + s.length, numbers[i + 1]?.at) }))
      .filter(holds);
  const said = spots(reader, severalMatters, words, n.text)[0];
  const last = said && words[said.at + said.length - 1];
  if (!last || !/^\s*[:,]/.test(n.text.slice(last.end))) return [];
  const list = items(reader, n, { tokens: words.slice(said.at + said.length) });
  return list.length > 1 ? list.filter(holds) : segments(reader, { ...n, tokens: list[0]!.tokens });
}
const holds = (p: Piece): boolean => p.tokens.length > 0;

/** "Mất căn cước, bằng lái và đăng ký xe": each with the verb that stands once; empty when there is one only. */
export function sharing(reader: Reader, n: Normalized): string[] {
  const verb = spots(reader, reader.sayings.sharedVerb, n.tokens, n.text)[0];
  if (!verb) return [];
  const words = n.tokens.slice(verb.at + verb.length).filter((t) => t.from !== 'punct' && t.from !== 'emoji');
  const led = n.text.slice(n.tokens[verb.at]!.start, n.tokens[verb.at + verb.length - 1]!.end);
  const out: string[] = [];
  for (const { tokens } of listed(reader, n, { tokens: words }, 1)) {
    const again = spots(reader, reader.sayings.sharedVerb, tokens, n.text)[0];
    const noun = again?.at === 0 ? tokens.slice(again.length) : tokens;
    if (noun.length === 0 || noun.length > MOST_NOUN) break;
    out.push(`${led} ${n.text.slice(noun[0]!.start, noun.at(-1)!.end)}`);
  }
  return out.length > 1 ? out : [];
}
/** Words of what is lost or changed; more tell something. */
const MOST_NOUN = 4;
