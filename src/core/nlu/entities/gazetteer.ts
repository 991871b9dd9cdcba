// The gazetteer: wards, old places and districts, agencies, by every name they go by, compiled once a release; and how
// a stretch of words is compared with a name. Finds nothing in a message.
import { distance } from 'fastest-levenshtein';
import type { Content } from '../../content/schema.ts';
import { clean, fold } from '../../text.ts';
import { placeTone } from '../syllable.ts';

type Places = Content['places'];
export type Marker = 'phường' | 'xã' | 'thị trấn' | 'district';

export interface Name {
  kind: 'ward' | 'old' | 'district';
  marker: Marker;
  /** Words with diacritics. */
  words: string[];
  folded: string;
  wards: string[];
}

export interface Gazetteer {
  /** Folded name -> everything called so. */
  names: ReadonlyMap<string, Name[]>;
  byLetter: ReadonlyMap<string, string[]>;
  longestName: number;
  agencies: ReadonlyMap<string, { id: string; words: string[] }[]>;
  longestAgency: number;
  /** First words of names, of agencies and of prefixes: most words of a message begin none. */
  firsts: { names: ReadonlySet<string>; agencies: ReadonlySet<string>; prefixes: ReadonlySet<string> };
  /** Words before a ward's name that make it the ward's agency. */
  prefixes: ReadonlyMap<string, string>;
  longestPrefix: number;
  /** The prefix of what answers for a ward that is named and nothing else; undefined when wards have no agencies. */
  ofWard: string | undefined;
  /** Words by which a street's name typed without capitals is told from what follows it; see `Places` in the schema. */
  streets: Record<'first' | 'bareFirst' | 'alone' | 'end', ReadonlySet<string>>;
  /** Words of offices that are not listed; see `Unlisted` in the schema. */
  unlisted: {
    whole: string[][];
    kinds: string[][];
    fillers: ReadonlySet<string>;
    endings: ReadonlySet<string>;
  };
}

const wordsOf = (s: string): string[] =>
  clean(s)
    .toLowerCase()
    .split(/[\s\-–,()&/]+/)
    .filter(Boolean)
    .map(placeTone);

/** Compiles places and agencies for finding; do it once per release. */
export function openGazetteer(
  content: Pick<Content, 'places' | 'agencies' | 'wardAgencies' | 'unlisted'>,
): Gazetteer {
  const names = new Map<string, Name[]>();
  const add = (name: string, rest: Omit<Name, 'words' | 'folded'>): void => {
    const words = wordsOf(name);
    const folded = words.map(fold).join(' ');
    names.set(folded, [...(names.get(folded) ?? []), { words, folded, ...rest }]);
  };
  for (const [name, kind, marker, wards] of allNames(content.places)) add(name, { kind, marker, wards });

  const byLetter = new Map<string, string[]>();
  for (const folded of names.keys()) {
    const letter = folded.charAt(0);
    byLetter.set(letter, [...(byLetter.get(letter) ?? []), folded]);
  }
  const wardIds = new Set(content.places.wards.map((w) => w.id));
  const ofWard = (id: string): boolean =>
    content.wardAgencies.some(
      (a) => id.startsWith(`${a.prefix}-`) && wardIds.has(id.slice(a.prefix.length + 1)),
    );
  const agencies = new Map<string, { id: string; words: string[] }[]>();
  for (const a of content.agencies.values()) {
    if (ofWard(a.id)) continue;
    for (const name of [a.name, ...a.aliases]) {
      const words = wordsOf(name);
      const key = words.map(fold).join(' ');
      agencies.set(key, [...(agencies.get(key) ?? []), { id: a.id, words }]);
    }
  }
  const prefixes = new Map<string, string>();
  for (const a of content.wardAgencies)
    for (const name of [a.name, ...a.aliases]) {
      const before = wordsOf(name.split('{ward}')[0]!).map(fold).join(' ');
      if (before) prefixes.set(before, a.prefix);
    }
  const { first, bareFirst, alone, end } = content.places.streets;
  return {
    streets: {
      first: new Set(first),
      bareFirst: new Set(bareFirst),
      alone: new Set(alone),
      end: new Set(end),
    },
    names,
    byLetter,
    longestName: longest(names),
    agencies,
    longestAgency: longest(agencies),
    prefixes,
    longestPrefix: longest(prefixes),
    ofWard: content.wardAgencies[0]?.prefix,
    unlisted: {
      whole: content.unlisted.whole.map(wordsOf),
      kinds: content.unlisted.kinds.map(wordsOf),
      fillers: new Set(content.unlisted.fillers.flatMap((f) => [f, fold(f)])),
      endings: new Set(content.unlisted.endings),
    },
    firsts: { names: firstWords(names), agencies: firstWords(agencies), prefixes: firstWords(prefixes) },
  };
}

const firstWords = (map: Map<string, unknown>): Set<string> =>
  new Set([...map.keys()].map((k) => k.split(' ')[0]!));

const longest = (map: Map<string, unknown>): number =>
  Math.max(0, ...[...map.keys()].map((k) => k.split(' ').length));

function* allNames(p: Places): Generator<[string, Name['kind'], Marker, string[]]> {
  for (const w of p.wards) {
    yield [w.name, 'ward', w.kind, [w.id]];
    if (w.name.includes(' - ')) for (const half of w.name.split(' - ')) yield [half, 'ward', w.kind, [w.id]];
  }
  const numbered = new Map<string, [Marker, Set<string>]>();
  for (const o of p.old) {
    yield [o.name, 'old', o.kind, o.wards];
    const base = /^(.+) \d$/.exec(o.name)?.[1];
    if (base) {
      const all = numbered.get(base)?.[1] ?? new Set();
      for (const w of o.wards) all.add(w);
      numbered.set(base, [o.kind, all]);
    }
    const words = o.name.split(' ');
    if (words.length === 4) {
      yield [words.slice(0, 2).join(' '), 'old', o.kind, o.wards];
      yield [words.slice(2).join(' '), 'old', o.kind, o.wards];
    }
  }
  for (const [base, [marker, wards]] of numbered) yield [base, 'old', marker, [...wards]];
  for (const d of p.districts) yield [d, 'district', 'district', p.districtWards?.[d] ?? []];
}

/** A word of a message, as names are compared with. */
export interface Word {
  text: string;
  folded: string;
  start: number;
  end: number;
  /** A mark of punctuation that ends a name. */
  stop: boolean;
  capital: boolean;
}

const MARKERS: [string[], Marker][] = [
  [['phường'], 'phường'],
  [['p'], 'phường'],
  [['f'], 'phường'],
  [['phg'], 'phường'],
  [['xã'], 'xã'],
  [['x'], 'xã'],
  [['thị', 'trấn'], 'thị trấn'],
  [['tt'], 'thị trấn'],
  [['quận'], 'district'],
  [['q'], 'district'],
  [['huyện'], 'district'],
  [['h'], 'district'],
  [['thị', 'xã'], 'district'],
  [['tx'], 'district'],
];

/** The word, with its diacritics or with none at all. */
const says = (w: Word, word: string): boolean => !w.stop && (w.text === word || w.text === fold(word));

/** The marker that ends just before word `at`: "phường", "p.", "huyện", "phường cũ" … */
export function markerBefore(words: Word[], at: number): { marker: Marker; from: number } | undefined {
  if (at > 1 && says(words[at - 1]!, 'cũ')) return markerBefore(words, at - 1);
  for (const [parts, marker] of MARKERS) {
    const from = at - parts.length;
    if (from < 0 || !parts.every((p, k) => says(words[from + k]!, p))) continue;
    if (marker === 'xã' && words[from - 1]?.folded === 'thi') continue;
    return { marker, from };
  }
  return undefined;
}

/** In English it stands behind: "Ngoc Ha ward". */
const MARKERS_BEHIND: Readonly<Record<string, Marker>> = {
  ward: 'phường',
  commune: 'xã',
  district: 'district',
};
export const markerAfter = (words: Word[], to: number): Marker | undefined =>
  words[to] && !words[to].stop ? MARKERS_BEHIND[words[to].text] : undefined;

export const agrees = (words: Word[], at: number, name: string[]): boolean =>
  name.every((w, k) => words[at + k]!.text === w || words[at + k]!.text === fold(w));

/** Of the things called so, the one meant after this marker: today's before yesterday's, unless it says "cũ". */
export function choose(all: Name[], marker: Marker | undefined, old: boolean): Name | undefined {
  const rank = (n: Name): number => {
    const same = marker !== undefined && n.marker === marker ? 0 : 4;
    const time = n.kind === 'ward' ? (old ? 2 : 0) : n.kind === 'old' ? 1 : 3;
    return same + time;
  };
  const usable = all.filter((n) => (marker === 'district' ? n.kind === 'district' : true));
  const best = [...usable].sort((a, b) => rank(a) - rank(b))[0];
  if (best?.kind !== 'old' || marker) return best;
  const wards = new Set(usable.filter((n) => n.kind === 'old').flatMap((n) => n.wards));
  return { ...best, wards: [...wards] };
}

/** Names of as many words within one slip (two in a long name); the closest only, the first letter must hold. */
export function nearestNames(typed: string, g: Gazetteer, words: number): string[] {
  if (typed.length < 7 || typed.length > 30) return [];
  let best = typed.length >= 13 || (words === 2 && typed.length >= 10) ? 2 : 1;
  let found: string[] = [];
  for (const key of g.byLetter.get(typed.charAt(0)) ?? []) {
    if (Math.abs(key.length - typed.length) > best || key.split(' ').length !== words) continue;
    const d = distance(typed, key);
    if (d > best) continue;
    if (d < best) found = [];
    best = d;
    found.push(key);
  }
  return found;
}

/** The wards that a place named around another one holds: those of the district of its name, if there is one. */
export const withinOf = (n: Name, g: Gazetteer): string[] =>
  g.names.get(n.folded)?.find((x) => x.kind === 'district')?.wards ?? n.wards;
