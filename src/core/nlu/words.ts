// From typed text to the words the classifier and the search see. Knows no label.
import { frameGrams, type Grams, grams, type Word } from './features.ts';
import { type Lexicon, type Normalized, normalize, type Token } from './normalize.ts';

export interface Read {
  normalized: Normalized;
  /** Words only: no punctuation, no emoji. */
  words: Token[];
}

export function read(text: string, lexicon: Lexicon): Read {
  const normalized = normalize(text, lexicon);
  return { normalized, words: normalized.tokens.filter((t) => t.from !== 'punct' && t.from !== 'emoji') };
}

/** Whether any of the words bears a diacritic: a part of a message may lack them although another part has some. */
const marked = (words: readonly Word[]): boolean => words.some((w) => w.text !== w.folded);

export function gramsOf(words: readonly Word[], named = false): Grams {
  return grams(words, marked(words), named);
}

/** A word said in at least every tenth matter belongs to the frame of questions, not to a matter. */
const FRAME = 0.4;
export const isFrame = (folded: string, asked: ReadonlyMap<string, number>): boolean =>
  (asked.get(folded) ?? 1) <= FRAME;

export function facetGramsOf(words: readonly Word[], asked: ReadonlyMap<string, number>): Grams {
  return frameGrams(words, (w) => isFrame(w, asked));
}

/** Whether something stands between two words of a message: a comma, a full stop. */
const apart = (a: Token, b: Token): boolean => b.start - a.end >= 2;

/** What is denied before its correction has at most this many words. */
const DENIED = 6;
/** After these "đâu" asks where and denies nothing. */
const WHITHER = /^(o|ra|di|tu|den|cho|noi|toi|gui|nop|biet)$/;

/**
 * "không phải tạm trú mà là thường trú", "không phải khai sinh, là khai tử", "không khai sinh đâu, khai tử ấy": what
 * stands between the denial and its correction is not what is meant. Returns the words without it; the whole when
 * nothing would be left.
 */
export function focus(words: readonly Token[]): Token[] {
  for (let i = 0; i + 2 < words.length; i++) {
    if (words[i]!.folded !== 'khong') continue;
    const denies = /^(phai|muon|hoi)$/.test(words[i + 1]!.folded);
    const end = Math.min(words.length - 1, i + 12);
    for (let k = i + 2; k < end; k++) {
      const word = words[k]!.folded;
      const corrected =
        (denies && k > i + 2 && word === 'ma') ||
        (apart(words[k]!, words[k + 1]!) &&
          k - i <= DENIED + 1 &&
          (words[i + 1]!.folded === 'phai' ||
            (i === 0 && word === 'dau' && !WHITHER.test(words[k - 1]!.folded))));
      if (!corrected) continue;
      const rest = [...words.slice(0, i), ...words.slice(k + 1)];
      return rest.length > 1 ? rest : [...words];
    }
  }
  return [...words];
}
