// Turns tokens into named n-grams in three views: words as typed, words folded (no diacritics), characters.
// Text without diacritics simply lacks the first view, so the other two must carry it: training sees both.
// Knows no label and no content.

/** What the n-grams are made of; normalize.ts's Token has these. */
export interface Word {
  text: string;
  folded: string;
}

export const VIEWS = { exact: 0, folded: 1, chars: 2 } as const;

/** N-grams of one utterance, once each. `names[i]` belongs to view `views[i]`. */
export interface Grams {
  names: string[];
  views: number[];
  hashes: Uint32Array;
}

/** Long texts are judged by their first words: nobody's matter hides behind 160 words. */
const MAX_WORDS = 160;

/** Digits say that there is a number, not which: "12" and "47" are one word. */
const shape = (s: string): string => (/\d/.test(s) ? s.replace(/\d/g, '0').replace(/0{3,}/g, '000') : s);

/** FNV-1a over UTF-16 units, 32 bits; never 0, which marks an empty slot. */
export function hash(s: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < s.length; i++) h = Math.imul(h ^ s.charCodeAt(i), 0x01000193);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  return h >>> 0 || 1;
}

/** All n-grams of the words, each once: words, pairs, pairs over a gap (as typed and folded), characters 3–4. */
export function grams(words: readonly Word[], hasDiacritics: boolean): Grams {
  const seen = new Set<string>();
  const names: string[] = [];
  const views: number[] = [];
  const add = (name: string, view: number): void => {
    if (seen.has(name)) return;
    seen.add(name);
    names.push(name);
    views.push(view);
  };
  const used = words.length > MAX_WORDS ? words.slice(0, MAX_WORDS) : words;
  const sequence = (of: string[], view: number, prefix: string): void => {
    for (let i = 0; i < of.length; i++) {
      add(`${prefix}${of[i]}`, view);
      // Borders of the sentence count as words: "hết bao nhiêu" as a whole message differs from it inside one.
      const second = of[i + 1] ?? '$';
      add(`${prefix}${of[i]} ${second}`, view);
      if (i === 0) add(`${prefix}^ ${of[i]}`, view);
      if (i + 2 < of.length) add(`${prefix}${of[i]} _ ${of[i + 2]}`, view);
    }
  };
  const folded = used.map((w) => shape(w.folded));
  if (hasDiacritics)
    sequence(
      used.map((w) => shape(w.text.toLowerCase())),
      VIEWS.exact,
      'x:',
    );
  sequence(folded, VIEWS.folded, 'f:');
  const line = `_${folded.join('_')}_`;
  for (let n = 3; n <= 4; n++)
    for (let i = 0; i + n <= line.length; i++) add(`c:${line.slice(i, i + n)}`, VIEWS.chars);
  const hashes = new Uint32Array(names.length);
  for (let i = 0; i < names.length; i++) hashes[i] = hash(names[i]!);
  return { names, views, hashes };
}

/**
 * N-grams for what is asked *about* a matter: the words as they stand, and the sentence's frame alone, i.e. only the
 * words that questions of all matters share ("có … được không"), so that a long story does not hide the question.
 */
export function frameGrams(words: readonly Word[], isFrame: (folded: string) => boolean): Grams {
  const seen = new Set<string>();
  const names: string[] = [];
  const views: number[] = [];
  const add = (name: string, view: number): void => {
    if (seen.has(name)) return;
    seen.add(name);
    names.push(name);
    views.push(view);
  };
  const folded = words.slice(0, MAX_WORDS).map((w) => shape(w.folded));
  for (let i = 0; i < folded.length; i++) {
    add(`f:${folded[i]}`, VIEWS.exact);
    add(`f:${folded[i]} ${folded[i + 1] ?? '$'}`, VIEWS.exact);
    if (i + 2 < folded.length) add(`f:${folded[i]} ${folded[i + 1]} ${folded[i + 2]}`, VIEWS.exact);
  }
  const frame = folded.filter(isFrame);
  for (let i = 0; i < frame.length; i++) {
    add(`k:${frame[i]} ${frame[i + 1] ?? '$'}`, VIEWS.folded);
    if (i + 2 <= frame.length) add(`k:${frame[i]} ${frame[i + 1]} ${frame[i + 2] ?? '$'}`, VIEWS.folded);
    for (let k = i + 2; k < Math.min(frame.length, i + 5); k++)
      add(`k:${frame[i]} _ ${frame[k]}`, VIEWS.folded);
  }
  // The question stands at the end, or in the last sentence.
  const end = folded.slice(-6);
  for (let i = 0; i < end.length; i++) {
    add(`e:${end[i]}`, VIEWS.chars);
    add(`e:${end[i]} ${end[i + 1] ?? '$'}`, VIEWS.chars);
    if (i + 2 <= end.length) add(`e:${end[i]} ${end[i + 1]} ${end[i + 2] ?? '$'}`, VIEWS.chars);
  }
  const hashes = new Uint32Array(names.length);
  for (let i = 0; i < names.length; i++) hashes[i] = hash(names[i]!);
  return { names, views, hashes };
}
