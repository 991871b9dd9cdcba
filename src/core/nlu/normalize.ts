// From what was typed to words that can be compared: one Unicode form, one tone style, abbreviations, slang and
// regional words written out, each token with the span it came from. Knows no intent and corrects no meaning.
import { clean, fold, isEnglish } from '../text.ts';
import { type Entry, LABELS, type Lexicon, normalWord, read } from './lexicon.ts';
import { fromTelex, fromVni, isFoldedSyllable, isSyllable } from './syllable.ts';

export { type Lexicon, openLexicon } from './lexicon.ts';
export { soundKey } from './syllable.ts';

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

/** Only this much of a message is read as words; more is a file, not a question. */
export const READ_LIMIT = 4000;
/** Longest word that is looked into; longer ones are kept as typed. */
const WORD_LIMIT = 40;

/** Each alternative is a run of disjoint classes, so the scan is linear on any input. */
const TOKEN =
  /(?<dotted>(?:\p{L}\.){2,8}\p{L}?(?![\p{L}\p{N}]))|(?<number>\p{Nd}+(?:[.,:/]\p{Nd}+)*[\p{L}\p{M}]*\p{Nd}*)|(?<word>[\p{L}\p{M}][\p{L}\p{M}\p{N}]*)|(?<emoji>\p{Extended_Pictographic}(?:[\ufe0f\u200d]|\p{EMod}|\p{Extended_Pictographic})*)|(?<punct>([\p{P}\p{S}])\6*)/gu;

interface Raw {
  text: string;
  folded: string;
  start: number;
  end: number;
  from: 'word' | 'number' | 'emoji' | 'punct';
  /** A capital letter standing alone: "ông A", "lô B". */
  initial: boolean;
}

/** Reads a message: never throws, linear in its length, and `tokens` of at most its first READ_LIMIT characters. */
export function normalize(text: string, lexicon: Lexicon): Normalized {
  const whole = clean(text);
  const raw = scan(whole.length > READ_LIMIT ? whole.slice(0, READ_LIMIT).toWellFormed() : whole, lexicon);
  const hasDiacritics = raw.some((r) => r.from === 'word' && r.text !== r.folded);
  const sentence = ` ${raw.flatMap((r) => [r.folded, ...unconditional(r, lexicon)]).join(' ')} `;
  const vni = raw.filter((r) => r.from === 'word' && /\d/.test(r.text) && fromVni(r.text) !== undefined);
  const vniTyped = vni.length >= 3 || vni.some((r) => /\d\p{L}/u.test(r.text)) || false;

  // No key of it is Telex then, none of its words a chat word.
  const english = !hasDiacritics && isEnglish(raw.flatMap((r) => (r.from === 'word' ? [r.text] : [])));

  const tokens: Token[] = [];
  for (let i = 0; i < raw.length; ) {
    const r = raw[i]!;
    if (english || r.from !== 'word') {
      const counted = english ? undefined : apart(r, lexicon);
      if (counted) tokens.push(...counted);
      else tokens.push({ text: r.text, folded: r.folded, start: r.start, end: r.end, from: r.from });
      i++;
      continue;
    }
    const found = lookUp(raw, i, hasDiacritics, lexicon, sentence, tokens);
    if (found) {
      write(tokens, raw.slice(i, i + found.words.length), found);
      i += found.words.length;
    } else {
      tokens.push(...unravel(r, lexicon, vniTyped));
      i++;
    }
  }
  return { text: whole, tokens, hasDiacritics };
}

function scan(text: string, lexicon: Lexicon): Raw[] {
  const out: Raw[] = [];
  for (const m of text.matchAll(TOKEN)) {
    const g = m.groups!;
    const typed = g.dotted ? m[0].replaceAll('.', '') : g.punct ? m[0].slice(0, [...m[0]][0]!.length) : m[0];
    const from = g.number ? 'number' : g.emoji ? 'emoji' : g.punct ? 'punct' : 'word';
    out.push({
      ...read(typed, lexicon),
      start: m.index,
      end: m.index + m[0].length,
      from,
      initial: [...typed].length === 1 && typed !== typed.toLowerCase(),
    });
  }
  return out;
}

/** Words of the one meaning that a token has whatever stands around it: context for the others. */
function unconditional(r: Raw, lexicon: Lexicon): string[] {
  const e = lexicon.typed.get(r.text)?.find((x) => x.words.length === 1);
  return e && e.means.length === 1 && !e.near && !e.after ? e.means[0]!.map(fold) : [];
}

function lookUp(
  raw: Raw[],
  at: number,
  hasDiacritics: boolean,
  lexicon: Lexicon,
  sentence: string,
  before: Token[],
): Entry | undefined {
  const first = raw[at]!;
  const typed = lexicon.typed.get(first.text)?.find((e) => {
    if (!hasDiacritics && e.from === 'regional' && e.words.length === 1 && isFoldedSyllable(e.words[0]!))
      return false;
    for (let k = 1; k < e.words.length; k++) if (raw[at + k]?.text !== e.words[k]) return false;
    return fits(e, first, sentence, before);
  });
  if (typed || hasDiacritics) return typed;
  return lexicon.phrases.get(first.folded)?.find((e) => {
    const typedSo = raw
      .slice(at, at + e.words.length)
      .map((r) => r.folded)
      .join(' ');
    return typedSo === e.folded && fits(e, first, sentence, before);
  });
}

function fits(e: Entry, r: Raw, sentence: string, before: Token[]): boolean {
  const previous = before.at(-1);
  if (r.text.length === 1 && e.words.length === 1 && !e.after && !e.near && previous) {
    const touching = previous.end === r.start && previous.from !== 'emoji';
    if (r.initial || previous.from === 'number' || LABELS.has(previous.folded) || touching) return false;
  }
  if (e.never?.some((w) => sentence.includes(w))) return false;
  if (e.near && !e.near.some((w) => sentence.includes(w))) return false;
  if (!e.after) return true;
  const left = ` ${before
    .slice(-4)
    .map((t) => t.folded)
    .join(' ')} `;
  return e.after.some((w) => left.endsWith(w));
}

/** Writes an entry out; as many words as were typed keep their own spans, otherwise all share the whole one. */
function write(tokens: Token[], typed: Raw[], e: Entry): void {
  const start = typed[0]!.start;
  const end = typed.at(-1)!.end;
  if (e.means.length > 1) {
    for (const r of typed)
      tokens.push({
        text: r.text,
        folded: r.folded,
        start: r.start,
        end: r.end,
        from: e.from,
        means: e.means.map((m) => m.join(' ')),
      });
    return;
  }
  const words = e.means[0]!;
  words.forEach((text, k) => {
    const own = words.length === typed.length ? typed[k]! : { start, end, text: '' };
    const from = own.text === text ? 'word' : e.from;
    tokens.push({ text, folded: fold(text), start: own.start, end: own.end, from });
  });
}

/** A word that no list knows: left alone when it can be a syllable, else read as a slip of the keyboard. */
function unravel(r: Raw, lexicon: Lexicon, vniTyped: boolean): Token[] {
  const as = (text: string, from: TokenSource = 'word', start = r.start, end = r.end): Token => ({
    text,
    folded: fold(text),
    start,
    end,
    from,
  });
  const word = r.text;
  if (plausible(word) || word.length > WORD_LIMIT) return [as(shortened(word))];
  if (/\d/.test(word)) {
    const meant = vniTyped ? fromVni(word) : undefined;
    return meant === undefined ? (apart(r, lexicon) ?? [as(word)]) : [as(meant, 'telex')];
  }
  const telex = /(.)\1\1/u.test(word) ? undefined : fromTelex(word);
  if (telex !== undefined) return [as(telex, 'telex')];
  const dd = word.startsWith('dd') ? `đ${word.slice(2)}` : word;
  for (const w of [dd, once(word)]) {
    if (w === word || (w.length === 1 && w < '\u0080')) continue;
    const known = lexicon.typed.get(w)?.find((e) => e.words.length === 1 && !e.near && !e.after);
    if (known && known.means.length === 1) return known.means[0]!.map((t) => as(t, known.from));
    if (plausible(w)) return [as(w)];
  }
  const doubled = word.replace(/(.)\1{2,}/gu, '$1$1');
  const meant = doubled === word ? undefined : fromTelex(doubled);
  if (meant !== undefined) return [as(meant, 'telex')];
  const chat = word.replace(/^f/, 'ph').replace(/^w(?=[a\u00c0-\u1ef9])/, 'qu');
  if (chat !== word && plausible(chat) && lexicon.common.has(fold(chat)))
    return [as(normalWord(chat), 'slang')];
  const parts = split(word, lexicon);
  if (!parts) return [as(word)];
  let start = r.start;
  return parts.map((p) => {
    const token = as(normalWord(p), 'word', start, start + p.length);
    start += p.length;
    return token;
  });
}

/**
 * Digits and words run together ("dưới14tuổi", "ngày20tháng11", "14tuoi"), taken apart; `undefined` for what may be a
 * code, a grade, a sum (ct07, b2, h26, 2tr5).
 */
function apart(r: Raw, lexicon: Lexicon): Token[] | undefined {
  if (r.text.length > WORD_LIMIT || !/^(?:\d{1,4}\p{L}{3,}|\p{L}{3,}\d)/u.test(r.text)) return undefined;
  if (fromVni(r.text) !== undefined) return undefined;
  const tokens: Token[] = [];
  for (const m of r.text.matchAll(/\d+|\D+/g)) {
    const part = m[0];
    const word = !/\d/.test(part);
    const words = !word || (part.length >= 3 && plausible(part)) ? [part] : split(part, lexicon);
    if (!words || part.length > (word ? WORD_LIMIT : 4)) return undefined;
    let start = r.start + m.index;
    for (const w of words) {
      const text = word ? normalWord(w) : w;
      tokens.push({ text, folded: fold(text), start, end: start + w.length, from: word ? 'word' : 'number' });
      start += w.length;
    }
  }
  return tokens;
}

const plausible = (w: string): boolean => isSyllable(w) || (w.length <= 7 && isFoldedSyllable(w));
/** A word too long to be looked into keeps no more than its start. */
const shortened = (w: string): string => (w.length > WORD_LIMIT ? w.slice(0, WORD_LIMIT).toWellFormed() : w);

/** Every repeated letter once ("khôngggg", "nhéeee"); of a run, the letter with a diacritic stays. */
function once(word: string): string {
  let out = '';
  let last = '';
  for (const c of word) {
    const plain = fold(c);
    if (plain !== last) out += c;
    else if (c !== plain && out.endsWith(plain)) out = out.slice(0, -1) + c;
    last = plain;
  }
  return normalWord(out);
}

/** Cuts a run-together word into syllables, the fewest and commonest; `undefined` when that is far-fetched. */
function split(word: string, lexicon: Lexicon): string[] | undefined {
  if (word.length < (fold(word) === word ? 5 : 4)) return undefined;
  const best: ({ cost: number; from: number; odd: number } | undefined)[] = [{ cost: 0, from: 0, odd: 0 }];
  for (let end = 1; end <= word.length; end++)
    for (let from = Math.max(0, end - 7); from < end; from++) {
      const before = best[from];
      const part = word.slice(from, end);
      if (!before || !plausible(part)) continue;
      const odd = lexicon.common.has(fold(part)) ? 0 : 1;
      const cost = before.cost + 1 + 1.5 * odd + (part.length === 1 ? 1 : 0);
      const rival = best[end];
      if (!rival || cost < rival.cost) best[end] = { cost, from, odd: before.odd + odd };
    }
  const end = best[word.length];
  if (!end) return undefined;
  const parts: string[] = [];
  for (let at = word.length; at > 0; at = best[at]!.from) parts.unshift(word.slice(best[at]!.from, at));
  const farFetched = parts.length < 2 || end.odd > Math.floor(parts.length / 3);
  return farFetched ? undefined : parts;
}
