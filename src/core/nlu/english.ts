// Procedures asked about in English: found by the English names that content gives them. Knows no procedure itself.
import type { Reader } from './reader.ts';

/**
 * Intents, or `contrast:<id>`, that the message names in English: the most telling name first, those named by it as
 * tellingly together. Empty when none is named.
 */
export function namedInEnglish(reader: Reader, text: string): string[] {
  const said = new Set(wordsOf(text));
  let best = 0;
  let found: string[] = [];
  for (const [id, names] of Object.entries(reader.english))
    for (const name of names) {
      const words = wordsOf(name);
      if (words.length < best || !words.every((w) => said.has(w))) continue;
      if (words.length > best) found = [];
      best = words.length;
      if (!found.includes(id)) found.push(id);
    }
  return found;
}

/** Lower case, plural and spelling of "licence" evened out. */
const wordsOf = (s: string): string[] =>
  (s.toLowerCase().match(/[a-z0-9]+/g) ?? []).map((w) =>
    w.replace(/licence/, 'license').replace(/([^s])s$/, '$1'),
  );
