// The office meant by an answer to "which office?". Looser than finding in a message: an office is expected, so one
// that is not listed counts too, and a ward's name alone stands for what answers for the ward.
import type { Normalized } from '../normalize.ts';
import { agrees, type Gazetteer, type Word } from './gazetteer.ts';
import { placesAndAgencies, wordLists } from './places.ts';
import { type Find, longestFirst } from './reading.ts';

export interface Office {
  /** Its agency, when it is a listed one. */
  id?: string;
  /** In the citizen's words, without what stands around. */
  said: string;
  /** An old name that was said, and today's ward, where it is one. */
  formerly?: { said: string; ward: string };
  /** A ward and nothing else was named: which of its offices is open. */
  ward?: string;
  /** A kind of office, and not whose: "công an phường". Its prefix, when each ward has one. */
  kind?: { prefix?: string };
}

/** More words than these belong to no name. */
const LONGEST_NAME = 14;
const DENIALS = new Set(['khong', 'ko', 'k', 'hong', 'dau', 'chang', 'no']);
const BEFORE_A_NAME = new Set(['la', 'o', 'tai', 'cua']);

/** The office named in an answer, or the kind of one; undefined when no word of it names any. */
export function findOffice(n: Normalized, g: Gazetteer): Office | undefined {
  const words = wordLists(n)[0]!;
  const all = [...placesAndAgencies(n, g)];
  const finds = longestFirst(all).filter((f) => !denied(words, f.start));
  const agency = finds.find((f) => f.type === 'agency');
  const place = finds.find((f) => f.type !== 'agency');
  const unlisted = unlistedIn(words, g);
  const said = (start: number): string => sayFrom(n.text, words, start, finds, g);
  // "đội trật tự UBND phường Láng" is one office; "trường Nghĩa Tân, đã báo UBND phường" is the school.
  const apart =
    agency &&
    unlisted?.named &&
    words.some((w) => w.stop && w.start > unlisted.start && w.start < agency.start);
  if (agency && !apart) {
    const old = all.find((f) => f.type === 'old-place' && f.start >= agency.start && f.end <= agency.end);
    // The value of an office that is not listed is its name, in words.
    const id = agency.value.includes(' ') ? {} : { id: agency.value };
    const start = Math.min(agency.start, unlisted?.start ?? agency.start);
    return { ...id, said: said(start), ...formerly(n.text, old) };
  }
  if (place && (!unlisted || unlisted.start >= place.start)) {
    const ward = place.value.includes('|') || g.ofWard === undefined ? undefined : place.value;
    return {
      ...(ward && { id: `${g.ofWard}-${ward}`, ward }),
      said: said(place.start),
      ...formerly(n.text, place.type === 'old-place' ? place : undefined),
    };
  }
  if (!unlisted) return undefined;
  const { start, named, prefix } = unlisted;
  return { said: said(start), ...(!named && { kind: prefix ? { prefix } : {} }) };
}

const formerly = (text: string, place: Find | undefined): Pick<Office, 'formerly'> =>
  place && !place.value.includes('|')
    ? { formerly: { said: text.slice(place.start, place.end), ward: place.value } }
    : {};

/** "không phải phường Láng": named only to be denied; "không phải, phường Láng" is not. */
function denied(words: Word[], start: number): boolean {
  let at = words.findIndex((w) => w.start >= start);
  while (at > 0 && BEFORE_A_NAME.has(words[at - 1]!.folded)) at--;
  return words[at - 1]?.folded === 'phai' && DENIALS.has(words[at - 2]?.folded ?? '');
}

/** From there to the next mark of punctuation, without the particles after the last name. */
function sayFrom(text: string, words: Word[], start: number, finds: Find[], g: Gazetteer): string {
  const from = words.findIndex((w) => w.start >= start);
  let to = from;
  // "phường Láng chứ không phải …"
  while (to < words.length && to - from < LONGEST_NAME && !words[to]!.stop && words[to]!.text !== 'chứ') to++;
  const end = words[to - 1]!.end;
  const named = Math.max(0, ...finds.filter((f) => f.end <= end).map((f) => f.end));
  while (to - 1 > from && words[to - 1]!.start >= named && g.unlisted.endings.has(words[to - 1]!.text)) to--;
  return text.slice(start, words[to - 1]!.end);
}

/** Where the words of an unlisted office begin, and whether a name stands with them. */
function unlistedIn(
  words: Word[],
  g: Gazetteer,
): { start: number; named: boolean; prefix?: string } | undefined {
  let found: { start: number; named: boolean; prefix?: string } | undefined;
  for (let i = 0; i < words.length; ) {
    const whole = longestAt(words, i, g.unlisted.whole);
    const length = whole || longestAt(words, i, g.unlisted.kinds);
    // What is set against it ("… chứ không phải ủy ban") is no part of its name.
    if (found && (words[i]!.stop || words[i]!.text === 'chứ')) break;
    if (length === 0 || denied(words, words[i]!.start)) {
      if (found && !g.unlisted.fillers.has(words[i]!.text)) found.named = true;
      i++;
      continue;
    }
    const phrase = words.slice(i, i + length);
    const prefix = g.prefixes.get(phrase.map((w) => w.folded).join(' '));
    found ??= { start: words[i]!.start, named: false };
    if (whole) found.named = true;
    if (prefix) found.prefix ??= prefix;
    i += length;
  }
  return found;
}

/** How many words of the longest of the phrases stand there. */
function longestAt(words: Word[], at: number, phrases: string[][]): number {
  const stands = (p: string[]): boolean =>
    at + p.length <= words.length && p.every((_, k) => !words[at + k]!.stop) && agrees(words, at, p);
  return Math.max(0, ...phrases.filter(stands).map((p) => p.length));
}
