// Turns tokens into named n-grams in three views: words as typed, words folded (no diacritics), characters.
// Text without diacritics simply lacks the first view, so the other two must carry it: training sees both.
// Knows no label and no content.

/** What the n-grams are made of; normalize.ts's Token has these. */
export interface Word {
  text: string;
  folded: string;
}

export const VIEWS = { exact: 0, folded: 1, chars: 2 } as const;

/** N-grams of one utterance, once each: `hashes[i]` belongs to view `views[i]`. */
export interface Grams {
  hashes: Uint32Array;
  views: Uint8Array;
  /** What each is, when it was asked for: writing them out costs more than all the rest. */
  names?: string[];
}

/** Long texts are judged by their first words: nobody's matter hides behind 160 words. */
const MAX_WORDS = 160;

/** Digits say that there is a number, not which: "12" and "47" are one word. */
const shape = (s: string): string => (/\d/.test(s) ? s.replace(/\d/g, '0').replace(/0{3,}/g, '000') : s);

/** FNV-1a over UTF-16 units, 32 bits, in steps: begun once for what many n-grams have in common. */
const BEGIN = 0x811c9dc5;
function more(h: number, s: string): number {
  for (let i = 0; i < s.length; i++) h = Math.imul(h ^ s.charCodeAt(i), 0x01000193);
  return h;
}
/** Never 0, which marks an empty slot. */
function end(h: number): number {
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  return h >>> 0 || 1;
}

/** The hash of an n-gram by its name. */
export const hash = (name: string): number => end(more(BEGIN, name));

/** Takes n-grams, each once. */
class Collected {
  private readonly seen = new Set<number>();
  private readonly views: number[] = [];
  private readonly names: string[] | undefined;
  constructor(named: boolean) {
    this.names = named ? [] : undefined;
  }
  /** `h`: not yet ended. `name` is called only when names were asked for. */
  add(h: number, view: number, name: () => string): void {
    const key = end(h);
    const before = this.seen.size;
    if (this.seen.add(key).size === before) return;
    this.views.push(view);
    this.names?.push(name());
  }
  grams(): Grams {
    const out: Grams = { hashes: Uint32Array.from(this.seen), views: Uint8Array.from(this.views) };
    if (this.names) out.names = this.names;
    return out;
  }
}

const EXACT = more(BEGIN, 'x:');
const FOLDED = more(BEGIN, 'f:');
const CHARS = more(BEGIN, 'c:');
const FRAME = more(BEGIN, 'k:');
const END = more(BEGIN, 'e:');

/**
 * All n-grams of the words, each once: words and pairs (as typed and folded), folded pairs over a gap,
 * characters 3–4. `named`: with their names.
 */
export function grams(words: readonly Word[], hasDiacritics: boolean, named = false): Grams {
  const out = new Collected(named);
  const used = words.length > MAX_WORDS ? words.slice(0, MAX_WORDS) : words;
  const sequence = (of: string[], view: number, prefix: number, letter: string): void => {
    for (let i = 0; i < of.length; i++) {
      const word = more(prefix, of[i]!);
      out.add(word, view, () => `${letter}${of[i]}`);
      // Borders of the sentence count as words: "hết bao nhiêu" as a whole message differs from it inside one.
      const second = of[i + 1] ?? '$';
      out.add(more(more(word, ' '), second), view, () => `${letter}${of[i]} ${second}`);
      if (i === 0) out.add(more(more(prefix, '^ '), of[i]!), view, () => `${letter}^ ${of[i]}`);
      const third = of[i + 2];
      if (third !== undefined && view === VIEWS.folded)
        out.add(more(more(word, ' _ '), third), view, () => `${letter}${of[i]} _ ${third}`);
    }
  };
  const folded = used.map((w) => shape(w.folded));
  if (hasDiacritics)
    sequence(
      used.map((w) => shape(w.text.toLowerCase())),
      VIEWS.exact,
      EXACT,
      'x:',
    );
  sequence(folded, VIEWS.folded, FOLDED, 'f:');
  const line = `_${folded.join('_')}_`;
  for (let i = 0; i + 3 <= line.length; i++) {
    const three = more(CHARS, line.slice(i, i + 3));
    out.add(three, VIEWS.chars, () => `c:${line.slice(i, i + 3)}`);
    if (i + 4 <= line.length)
      out.add(more(three, line.charAt(i + 3)), VIEWS.chars, () => `c:${line.slice(i, i + 4)}`);
  }
  return out.grams();
}

/**
 * N-grams for what is asked *about* a matter: the words as they stand, and the sentence's frame alone, i.e. only the
 * words that questions of all matters share ("có … được không"), so that a long story does not hide the question.
 */
export function frameGrams(
  words: readonly Word[],
  isFrame: (folded: string) => boolean,
  named = false,
): Grams {
  const out = new Collected(named);
  /** Words, pairs and triples of a stretch; `closed`: its end counts as a word of triples too. */
  const stretch = (
    of: readonly string[],
    view: number,
    prefix: number,
    letter: string,
    closed: boolean,
  ): void => {
    for (let i = 0; i < of.length; i++) {
      const one = more(prefix, of[i]!);
      out.add(one, view, () => `${letter}${of[i]}`);
      const second = of[i + 1] ?? '$';
      const two = more(more(one, ' '), second);
      out.add(two, view, () => `${letter}${of[i]} ${second}`);
      const third = of[i + 2] ?? (closed && i + 2 === of.length ? '$' : undefined);
      if (third !== undefined)
        out.add(more(more(two, ' '), third), view, () => `${letter}${of[i]} ${second} ${third}`);
    }
  };
  const folded = words.slice(0, MAX_WORDS).map((w) => shape(w.folded));
  stretch(folded, VIEWS.exact, FOLDED, 'f:', false);
  const frame = folded.filter(isFrame);
  for (let i = 0; i < frame.length; i++) {
    const one = more(FRAME, frame[i]!);
    const second = frame[i + 1] ?? '$';
    const two = more(more(one, ' '), second);
    out.add(two, VIEWS.folded, () => `k:${frame[i]} ${second}`);
    const third = frame[i + 2] ?? '$';
    if (i + 2 <= frame.length)
      out.add(more(more(two, ' '), third), VIEWS.folded, () => `k:${frame[i]} ${second} ${third}`);
    for (let k = i + 2; k < Math.min(frame.length, i + 5); k++)
      out.add(more(more(one, ' _ '), frame[k]!), VIEWS.folded, () => `k:${frame[i]} _ ${frame[k]}`);
  }
  // The question stands at the end, or in the last sentence.
  const tail = folded.slice(-6);
  stretch(tail, VIEWS.chars, END, 'e:', true);
  return out.grams();
}
