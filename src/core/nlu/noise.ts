// Writes a sentence as people in a hurry do: without diacritics, with chat words, slips of the finger and sounds
// written as heard. Only for training copies; the chat and regional words come from content, the rest is phonetics.
import { fold } from '../text.ts';

/** Sounds that are one in some region, by the letters that write them. */
const CONFUSED: readonly (readonly [string, string])[] = [
  ['tr', 'ch'],
  ['s', 'x'],
  ['l', 'n'],
  ['d', 'gi'],
  ['gi', 'r'],
  ['d', 'r'],
];
const ENDINGS: readonly (readonly [string, string])[] = [
  ['n', 'ng'],
  ['t', 'c'],
  ['i', 'y'],
];
const HOOK_TO_TILDE: Record<string, string> = { '\u0309': '\u0303', '\u0303': '\u0309' };
const KEYS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** Chat and regional words turned round: what the standard word is typed as. Keys are lower case. */
export type Swaps = ReadonlyMap<string, readonly string[]>;

export function swapsOf(tables: readonly Record<string, string>[]): Swaps {
  const swaps = new Map<string, string[]>();
  for (const table of tables)
    for (const [short, long] of Object.entries(table)) {
      const key = long.toLowerCase().normalize('NFC');
      swaps.set(key, [...(swaps.get(key) ?? []), short]);
    }
  return swaps;
}

const pick = <T>(items: readonly T[], random: () => number): T => items[Math.floor(random() * items.length)]!;

function mistyped(word: string, random: () => number): string {
  const at = Math.floor(random() * word.length);
  const kind = random();
  if (kind < 0.3 && word.length > 2) return word.slice(0, at) + word.slice(at + 1);
  if (kind < 0.6 && at + 1 < word.length)
    return word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2);
  if (kind < 0.75) return word.slice(0, at) + word[at]! + word.slice(at);
  const row = KEYS.find((k) => k.includes(fold(word[at]!)));
  if (!row) return word;
  const key = row.indexOf(fold(word[at]!));
  return word.slice(0, at) + row[key === 0 ? 1 : key - 1]! + word.slice(at + 1);
}

function misheard(word: string, random: () => number): string {
  if (random() < 0.25) {
    const tilde = word.normalize('NFD').replace(/[\u0303\u0309]/g, (m) => HOOK_TO_TILDE[m]!);
    if (tilde !== word.normalize('NFD')) return tilde.normalize('NFC');
  }
  const [a, b] = pick(CONFUSED, random);
  if (word.startsWith(a)) return b + word.slice(a.length);
  if (word.startsWith(b)) return a + word.slice(b.length);
  const [c, d] = pick(ENDINGS, random);
  if (word.endsWith(d)) return word.slice(0, -d.length) + c;
  if (word.endsWith(c)) return word.slice(0, -c.length) + d;
  return word;
}

/** A noisy copy of a sentence; `share` of its words change. */
export function noisy(text: string, swaps: Swaps, random: () => number, share = 0.3): string {
  const words = text.normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean);
  const out: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const pair = i + 1 < words.length ? `${words[i]} ${words[i + 1]}` : '';
    const asPair = swaps.get(pair);
    if (asPair && random() < 0.5) {
      out.push(pick(asPair, random));
      i++;
      continue;
    }
    const word = words[i]!;
    const asWord = swaps.get(word);
    if (asWord && random() < 0.5) out.push(pick(asWord, random));
    else if (random() >= share || word.length < 2 || /\d/.test(word)) out.push(word);
    else {
      const kind = random();
      if (kind < 0.35) out.push(mistyped(word, random));
      else if (kind < 0.7) out.push(misheard(word, random));
      else if (kind < 0.85 || words.length < 4) out.push(fold(word));
      // else: the word is left out
    }
  }
  const line = out.join(' ');
  return random() < 0.5 ? fold(line) : line;
}
