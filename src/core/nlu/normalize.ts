// From what was typed to words that can be compared: one Unicode form, one tone style, abbreviations, slang and
// regional words written out, each token with the span it came from. Knows no intent and corrects no meaning.
import type { Content } from '../content/schema.ts';
import { clean, fold } from '../text.ts';

export type TokenSource =
  | 'word'
  | 'abbreviation'
  | 'slang'
  | 'regional'
  | 'telex'
  | 'number'
  | 'emoji'
  | 'punct';

export interface Token {
  /** Lower case, with diacritics as far as known, tone placed the one way (hòa, thúy). */
  text: string;
  folded: string;
  /** UTF-16 span in `Normalized.text`; words of one expansion share the span of the abbreviation. */
  start: number;
  end: number;
  from: TokenSource;
  /** An abbreviation with several meanings, left as typed: what it may stand for. */
  means?: string[];
}

export interface Normalized {
  /** As typed, after `clean` of core/text: all spans refer to this. Whole, even where only its start was read. */
  text: string;
  tokens: Token[];
  /** Whether the citizen typed any Vietnamese diacritic. */
  hasDiacritics: boolean;
}

export interface Lexicon {
  slang: Map<string, string>;
}

export function openLexicon(a: Content['abbreviations']): Lexicon {
  return { slang: new Map(Object.entries(a.slang)) };
}

/** Only this much of a message is read as words; more is a file, not a question. */
export const READ_LIMIT = 4000;

export function normalize(text: string, lexicon: Lexicon): Normalized {
  const whole = clean(text);
  const tokens: Token[] = [];
  for (const m of whole.slice(0, READ_LIMIT).matchAll(/[\p{L}\p{M}]+|\d+(?:[.,/:]\d+)*|\p{P}/gu)) {
    const word = m[0].toLowerCase();
    for (const t of (lexicon.slang.get(word) ?? word).split(' '))
      tokens.push({ text: t, folded: fold(t), start: m.index, end: m.index + m[0].length, from: 'word' });
  }
  return { text: whole, tokens, hasDiacritics: fold(whole) !== whole.toLowerCase() };
}
