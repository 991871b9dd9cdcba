// A set phrase in a message, word by word: what an editor listed is recognised, with its diacritics or with none.
// Knows nothing of what a phrase is for.
import type { Word } from './features.ts';
import { phraseOf, strip } from './options.ts';
import type { Reader } from './reader.ts';
import { read } from './words.ts';

/** whole: the message is the phrase, but for words that add nothing · start: begins with it · in: holds it. */
export type Where = 'whole' | 'start' | 'in';

/** The longest of the phrases that stands there, as a span of the text; undefined when none does. */
export function findPhrase(
  reader: Reader,
  text: string,
  phrases: readonly string[],
  where: Where,
): { start: number; end: number } | undefined {
  const all = read(text, reader.lexicon).words;
  const words = where === 'whole' ? strip(all) : all;
  let best: { start: number; end: number; length: number } | undefined;
  for (const p of phrases) {
    const phrase = where === 'whole' ? strip(phraseOf(reader, p)) : phraseOf(reader, p);
    const last = where === 'in' ? words.length - phrase.length : 0;
    if (phrase.length === 0 || (where === 'whole' && phrase.length !== words.length)) continue;
    for (let i = 0; i <= last && i + phrase.length <= words.length; i++) {
      if (!phrase.every((w, k) => isWord(words[i + k]!, w))) continue;
      if (phrase.length > (best?.length ?? 0))
        best = { start: words[i]!.start, end: words[i + phrase.length - 1]!.end, length: phrase.length };
    }
  }
  return best && { start: best.start, end: best.end };
}
/** Typed with its marks or with none; a word listed without any has none: "khoản" is not "khoan". */
const isWord = (typed: Word, listed: Word): boolean =>
  typed.text === listed.text || (typed.text === typed.folded && typed.folded === listed.folded);
