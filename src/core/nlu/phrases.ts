// Set phrases in a message, word by word: what an editor listed is recognised, with its diacritics or with none, its
// abbreviations written out. Knows nothing of what a phrase is for. intents/cach-noi.yml explains how one is written.
import { fold } from '../text.ts';
import type { Word } from './features.ts';
import { normalWord } from './lexicon.ts';
import type { Token } from './normalize.ts';
import type { Reader } from './reader.ts';
import { type Read, read } from './words.ts';

/**
 * whole: the message is the phrase, but for words that add nothing · start: begins with it · end: ends with it · in:
 * holds it.
 */
export type Where = 'whole' | 'start' | 'end' | 'in';

export interface Span {
  start: number;
  end: number;
}

/** A listed word; `exact`: only as it is written, marks and all. */
interface Listed extends Word {
  exact: boolean;
}
interface Phrase {
  words: readonly Listed[];
  /** A comma, a full stop or the end must follow. */
  breaks: boolean;
}
/** A list of phrases read once. By the first word, folded. */
export interface PhraseList {
  all: readonly Phrase[];
  said: ReadonlyMap<string, readonly Phrase[]>;
  /** Where one of these stands, its words are none of a phrase. */
  but: ReadonlyMap<string, readonly Phrase[]>;
}

/** A turn asks many things of the same words. */
const lastRead = new WeakMap<Reader, { text: string; what: Read }>();
function readOnce(reader: Reader, text: string): Read {
  const last = lastRead.get(reader);
  if (last?.text === text) return last.what;
  const what = read(text, reader.lexicon);
  lastRead.set(reader, { text, what });
  return what;
}

/** The longest of the phrases that stands there, as a span of the text; undefined when none does. */
export function findPhrase(
  reader: Reader,
  text: string,
  phrases: readonly string[],
  where: Where,
): Span | undefined {
  const { normalized, words } = readOnce(reader, text);
  if (where === 'whole') return whole(reader, words, listOf(reader, phrases));
  const found = spots(reader, phrases, words, normalized.text).filter(
    (s) => where === 'in' || (where === 'start' ? s.at === 0 : s.at + s.length === words.length),
  );
  let best: Spot | undefined;
  for (const s of found) if (s.length > (best?.length ?? 0)) best = s;
  return best && { start: words[best.at]!.start, end: words[best.at + best.length - 1]!.end };
}

/** Every place where one of the phrases stands in a text, longer ones first where several begin. */
export function phrasesIn(reader: Reader, text: string, phrases: readonly string[]): Span[] {
  if (phrases.length === 0) return [];
  const { normalized, words } = readOnce(reader, text);
  return spots(reader, phrases, words, normalized.text).map((s) => ({
    start: words[s.at]!.start,
    end: words[s.at + s.length - 1]!.end,
  }));
}

/** What stands between the phrases of a text; the whole of it when it holds none. */
export function partedBy(reader: Reader, text: string, phrases: readonly string[]): string[] {
  const { normalized, words } = readOnce(reader, text);
  const parts: string[] = [];
  let from = 0;
  for (const { at, length } of spots(reader, phrases, words, normalized.text)) {
    if (words[at]!.start < from) continue;
    parts.push(normalized.text.slice(from, words[at]!.start));
    from = words[at + length - 1]!.end;
  }
  return [...parts, normalized.text.slice(from)];
}

/** Where a phrase stands among words, and how many of them it takes. */
export interface Spot {
  at: number;
  length: number;
}

/** Every place where a phrase stands, in order; at each place the longest, or the shorter ones that may end a text too. */
export function spots(
  reader: Reader,
  phrases: readonly string[],
  words: readonly Token[],
  text: string,
): Spot[] {
  const list = listOf(reader, phrases);
  const barred = new Set<number>();
  const at = (of: PhraseList['said'], i: number): number[] =>
    keysOf(words[i]!, text)
      .flatMap((key) => of.get(key) ?? [])
      .filter((p) => stands(p, words, i, text))
      .map((p) => p.words.length);
  if (list.but.size > 0)
    for (const i of words.keys())
      for (const length of at(list.but, i)) for (let k = 0; k < length; k++) barred.add(i + k);
  const out: Spot[] = [];
  for (const i of words.keys())
    for (const length of new Set(at(list.said, i).sort((a, b) => b - a)))
      if (!Array.from({ length }, (_, k) => i + k).some((k) => barred.has(k))) out.push({ at: i, length });
  return out;
}

function whole(reader: Reader, all: readonly Token[], list: PhraseList): Span | undefined {
  const words = strip(reader, all);
  const found = list.all.some((p) => {
    const phrase = strip(reader, p.words);
    return phrase.length === words.length && phrase.every((w, k) => isWord(words[k]!, w));
  });
  return found && words.length > 0 ? { start: words[0]!.start, end: words.at(-1)!.end } : undefined;
}

/** Whether a word is one of a list of single words. */
export const isOneOf = (reader: Reader, list: readonly string[], word: Word): boolean =>
  (listOf(reader, list).said.get(word.folded) ?? []).some(
    (p) => p.words.length === 1 && isWord(word, p.words[0]!),
  );

/** The words that tell something; all of them when none does. */
export function strip<W extends Word>(reader: Reader, words: readonly W[]): W[] {
  const kept = words.filter((w) => !isOneOf(reader, reader.sayings.particle, w));
  return kept.length > 0 ? kept : [...words];
}

/** Typed with its marks or with none; a word listed without any has none: "khoản" is not "khoan". */
const isWord = (typed: Word, listed: Listed | Word): boolean =>
  typed.text === listed.text ||
  (!('exact' in listed && listed.exact) && typed.text === typed.folded && typed.folded === listed.folded);

/** As it was typed: what the lexicon reads it as may be another word. */
const typedAs = (w: Token, text: string): string => normalWord(text.slice(w.start, w.end));
const keysOf = (w: Token, text: string): string[] =>
  w.from === 'word' ? [w.folded] : [...new Set([w.folded, fold(typedAs(w, text))])];

function stands(p: Phrase, words: readonly Token[], at: number, text: string): boolean {
  const last = at + p.words.length - 1;
  if (last >= words.length) return false;
  if (!p.words.every((w, k) => isAt(w, words[at + k]!, text))) return false;
  return (
    !p.breaks || BREAK.test(text.slice(words[last]!.end, words[last + 1]?.start)) || last === words.length - 1
  );
}
const isAt = (listed: Listed, w: Token, text: string): boolean =>
  listed.exact ? typedAs(w, text) === listed.text : isWord(w, listed);
const BREAK = /[.,:;!?…\n]/;

function listOf(reader: Reader, phrases: readonly string[]): PhraseList {
  const known = reader.lists.get(phrases);
  if (known) return known;
  const all: Phrase[] = [];
  const said = new Map<string, Phrase[]>();
  const but = new Map<string, Phrase[]>();
  for (const p of phrases) {
    const phrase = { words: wordsOf(reader, p.replace(/^!/, '').replace(/,$/, '')), breaks: p.endsWith(',') };
    const first = phrase.words[0]?.folded;
    if (first === undefined) continue;
    if (!p.startsWith('!')) all.push(phrase);
    const into = p.startsWith('!') ? but : said;
    into.set(first, [...(into.get(first) ?? []), phrase]);
  }
  const list = { all, said, but };
  reader.lists.set(phrases, list);
  return list;
}

function wordsOf(reader: Reader, phrase: string): Listed[] {
  return [...phrase.matchAll(/=\S+|[^=\s]\S*(?:\s+[^=\s]\S*)*/g)].flatMap(([run]): Listed[] => {
    if (!run.startsWith('=')) return read(run, reader.lexicon).words.map((w) => ({ ...w, exact: false }));
    const text = normalWord(run.slice(1));
    return [{ text, folded: fold(text), exact: true }];
  });
}
