// A button said in words: its number, its words, or a clear paraphrase. Compares whole words, never letters
// inside them; a denial in one and not in the other is never a match.
import { distance } from 'fastest-levenshtein';
import type { Word } from './features.ts';
import type { Token } from './normalize.ts';
import { isOneOf, strip } from './phrases.ts';
import type { Reader } from './reader.ts';
import { read } from './words.ts';

export interface Offered {
  id: string;
  label: string;
  also: readonly string[];
}

const ORDINALS: readonly (readonly string[])[] = [
  ['1', 'mot', 'nhat', 'dau'],
  ['2', 'hai', 'nhi'],
  ['3', 'ba'],
  ['4', 'bon', 'tu'],
  ['5', 'nam'],
  ['6', 'sau'],
  ['7', 'bay'],
  ['8', 'tam'],
];
const SURE = 0.62;

function byNumber(reader: Reader, words: readonly Word[], count: number): number | undefined {
  if (words.length > 6) return undefined;
  const { particle, countedBy, last } = reader.sayings;
  const ordinal = (w: Word): number => ORDINALS.findIndex((names) => names.includes(w.folded));
  const meaning = words.filter((w) => !isOneOf(reader, particle, w) || ordinal(w) === 0);
  // A bare number word ("ba") is also a word of its own: only digits, or after "số", "thứ", "cái".
  const digits = meaning.length === 1 && /^\d$/.test(meaning[0]!.folded);
  const led = words.some((w) => isOneOf(reader, countedBy, w));
  // "cái cuối", "nút cuối"; but "cuối ngõ" is a place.
  if (led && meaning.length === 1 && isOneOf(reader, last, meaning[0]!)) return count - 1;
  if (!digits && !led) return undefined;
  if (meaning.length !== 1) return undefined;
  const at = ordinal(meaning[0]!);
  return at >= 0 && at < count ? at : undefined;
}

const near = (a: string, b: string): boolean =>
  a === b || (a.length >= 4 && b.length >= 4 && Math.abs(a.length - b.length) <= 1 && distance(a, b) === 1);

/** Diacritics typed on both sides must agree: "cô" is not "có". */
const sameWord = (a: Word, b: Word): number => {
  if (a.text === b.text) return 1;
  const bare = a.text === a.folded || b.text === b.folded;
  if (a.folded === b.folded) return bare ? 0.97 : 0.4;
  return near(a.folded, b.folded) ? 0.8 : 0;
};

function likeness(
  reader: Reader,
  said: readonly Word[],
  option: readonly Word[],
  weight: (w: string) => number,
  whole: boolean,
): number {
  if (said.length === 0 || option.length === 0) return 0;
  const denied = (ws: readonly Word[]): boolean => ws.some((w) => isOneOf(reader, reader.sayings.deny, w));
  if (denied(said) !== denied(option)) return 0;
  let hit = 0;
  let all = 0;
  for (const o of option) {
    all += weight(o.folded);
    hit += weight(o.folded) * Math.max(0, ...said.map((s) => sameWord(s, o)));
  }
  const recall = hit / all;
  let used = 0;
  let spoken = 0;
  for (const s of said) {
    spoken += weight(s.folded);
    used += weight(s.folded) * Math.max(0, ...option.map((o) => sameWord(s, o)));
  }
  const precision = used / spoken;
  if (recall + precision === 0) return 0;
  const order = option.map((o) => said.findIndex((w) => sameWord(w, o) >= 0.8)).filter((at) => at >= 0);
  // "Sinh ở nhà" is not "nhà hộ sinh".
  const turned = order.some((at, k) => k > 0 && at < order[k - 1]!);
  const f = ((2 * recall * precision) / (recall + precision)) * (turned ? 0.7 : 1);
  return whole ? Math.max(f, 0.82) : f;
}

function contains(said: readonly Word[], option: readonly Word[]): boolean {
  for (let i = 0; i + option.length <= said.length; i++)
    if (option.every((o, k) => sameWord(said[i + k]!, o) >= 0.9)) return true;
  return false;
}

const MOST_BUTTONS = 5000;
/** The words of a button, read once: the same few hundred stand under every question. */
function wordsOf(reader: Reader, phrase: string): readonly Token[] {
  const known = reader.buttons.get(phrase);
  if (known) return known;
  if (reader.buttons.size >= MOST_BUTTONS) reader.buttons.clear();
  const { words } = read(phrase, reader.lexicon);
  reader.buttons.set(phrase, words);
  return words;
}

/** The option meant, when one is clearly meant; undefined when none is or two are. */
export function matchOption(
  reader: Reader,
  text: string,
  options: readonly Offered[],
): { id: string; score: number } | undefined {
  if (options.length === 0) return undefined;
  const { words } = read(text, reader.lexicon);
  if (words.length === 0 || words.length > 80) return undefined;
  const said = strip(reader, words);
  const phrases = options.map((o) => [o.label, ...o.also].map((p) => wordsOf(reader, p)));
  const full = (a: readonly Word[], b: readonly Word[]): boolean =>
    a.length === b.length && a.every((w, i) => sameWord(w, b[i]!) >= 0.97);
  for (const [i, o] of options.entries())
    if (phrases[i]!.some((p) => full(words, p) || full(said, strip(reader, p))))
      return { id: o.id, score: 1 };
  const at = byNumber(reader, words, options.length);
  if (at !== undefined) return { id: options[at]!.id, score: 1 };
  // A word that stands in several options tells them apart less.
  const spread = new Map<string, number>();
  for (const p of phrases)
    for (const w of new Set(p.flat().map((x) => x.folded))) spread.set(w, (spread.get(w) ?? 0) + 1);
  const weight = (w: string): number =>
    (spread.has(w) ? 1 / spread.get(w)! : 1) * Math.max(0.25, reader.model.search.asked.get(w) ?? 1);
  const scored = options
    .map((o, i) => ({
      id: o.id,
      score: Math.max(
        0,
        ...phrases[i]!.map((p) =>
          // The whole option said in one piece inside a longer sentence; one word alone is no piece.
          likeness(reader, said, strip(reader, p), weight, p.length >= 2 && contains(words, p)),
        ),
      ),
    }))
    .sort((a, b) => b.score - a.score);
  const best = scored[0]!;
  const next = scored[1]?.score ?? 0;
  return best.score >= SURE && best.score - next >= 0.12 ? best : undefined;
}
