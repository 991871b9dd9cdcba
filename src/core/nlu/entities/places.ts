// Wards, old places, agencies and streets by name. Hides the gazetteer: which names are common words, how a
// misspelled name is recognised, which of several readings counts. Knows no routing.
import { distance } from 'fastest-levenshtein';
import type { Content } from '../../content/schema.ts';
import { clean, fold } from '../../text.ts';
import type { Normalized } from '../normalize.ts';
import { isFoldedSyllable, placeTone, soundKey } from '../syllable.ts';
import { type Find, flat, READABLE_WORDS } from './reading.ts';

type Places = Content['places'];
type Marker = 'phường' | 'xã' | 'thị trấn' | 'district';

interface Name {
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
}

const wordsOf = (s: string): string[] =>
  clean(s)
    .toLowerCase()
    .split(/[\s\-–,()]+/)
    .filter(Boolean)
    .map(placeTone);

/** Compiles places and agencies for finding; do it once per release. */
export function openGazetteer(content: Pick<Content, 'places' | 'agencies' | 'wardAgencies'>): Gazetteer {
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
  return {
    names,
    byLetter,
    longestName: longest(names),
    agencies,
    longestAgency: longest(agencies),
    prefixes,
    longestPrefix: longest(prefixes),
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

/** Names that are also words, people, streets or provinces: only after "phường", "xã" …, or as a bare answer. */
const NEEDS_MARKER: ReadonlySet<string> = new Set(
  `thanh cong,tu nhien,hoa binh,binh yen,thang loi,tien phong,tien phong,dong tam,binh minh,quang minh,lien hiep,
lien minh,tan tien,hop tien,tien thang,cong hoa,hung dao,phu cuong,dan hoa,huong son,tan lap,tan hoi,thanh binh,
thanh cao,hop dong,tan dan,tan uoc,quan hoa,phu thinh,dong thap,nam son,dien bien,thai hoa,nguyen trai,le loi,
tran phu,quang trung,minh khai,hoang van thu,tran hung dao,le dai hanh,nguyen du,ngo quyen,phan chu trinh,to hieu,
hoang dieu,ly thai to,pho hue,doi can,truong dinh,pham dinh ho,phuc loi,cua nam,co do,o dien,bo de,kim anh,
tay phuong,minh chau,an tien,van hoa,van tu,nam ha,ba trai,an my,an phu,minh tan,minh duc,minh quang,minh phu,
minh tri,minh cuong,hong minh,thanh mai,thanh van,thanh lam,xuan thu,xuan mai,viet hung,viet long,thien duc,
duc thang,duc hoa,duc giang,thanh my,thanh xuan,dong yen,dong quang,dong la,dong son,dong xuan,dong my,van phu,
van binh,van ha,van con,phu tuc,phu yen,ba vi,kim son,kim hoa,kim thu,lam son,khai thai,le thanh,hoa vien,
tam hiep,tam hung,tan hung,tan minh,tan mai,tan xa,tu lap,trung tu,tri thuy,tien xuan,hong ha,hong van,hong son,
hong phu,hong thai,hong duong,phuc loc,phuc hoa,phuc thinh,thuan an,an khanh,an thuong,yen binh,yen trung,yen my,
dinh cong,co bi,nam phong,nam tien,nam hong,nam dong,ngoc my,ngoc hoa,song phuong,thuy an,thuy huong,thanh da,thanh luong,
thanh nhan,thanh bình,vinh phuc,van phuc,viet hung,vat lai,co dong,cu khe,khanh ha,hien giang,dai hung,dai dong,
dai hung,dai cuong,dai thanh,phuong tu,phuong mai,quoc tu giam,nhan chinh,nghia do,dong thai,dong tan,dong nhan,
hai boi,la phu,phu la,phuc la,phu do,phu son,xuan son,trung hoa,trung son tram,chuong duong,bach dang,quang an,
hang bai,hang ma,hang bot,hang bo,hang trong,hang gai,hang dao,hang bac,hang bong,hang buom,tay mo,tu lien,hop thanh,
yen so,phu luong,phu thuong,phung xa,hoang kim,hoang long,kim quan,thuong thanh,van chuong,ngoc son,thinh quang,
lien quan,lien phuong,lien hong,lien ha,lien chau,quang tien,quang ha,quang lang,quang phu cau,phuc son,duc thuong`
    .split(/,\s*/)
    .map((s) => fold(s.trim())),
);
/** Before a name, these make it something else: a hospital, a station, a person, a street. */
const NOT_A_WARD = new Set(
  'vien xe bay san ga cho ho cau chua den truong hoc hotel san duong pho ngo ngach hem ten ong ba anh chi em chau be ban co chu cong-vien bot ban nha yeu hop quyet'.split(
    ' ',
  ),
);
const HERE = new Set('o tai thuoc ve gan ben que khu quanh tren'.split(' '));
/** For names typed without diacritics, which are two common words more often than a place. */
const THERE = new Set([...HERE, ...'tu vao den qua sang dat tru len xuong noi'.split(' ')]);
/** Provinces: unmarked, the old ward of that name is not meant. */
const PROVINCES = new Set(['vinh phuc', 'dien bien', 'hoa binh', 'dong thap', 'thanh hoa', 'thai binh']);
/** Words that follow "phường" without being its name. */
const NO_NAME = new Set(
  `thi co lam nao gi em toi minh nay do khong moi cu cua cho va hay o la se da dang phai bao ra de can nop xin xac cap
tra giai noi ve hoi duoc hen bat doi yeu tu chua lai con nen ky bi den`.split(/\s+/),
);

interface Word {
  text: string;
  folded: string;
  start: number;
  end: number;
  /** A mark of punctuation that ends a name. */
  stop: boolean;
  capital: boolean;
}

/** Readings of a message: with abbreviations written out and, where that differs, as typed. */
export function wordLists(n: Normalized): Word[][] {
  const out: Word[][] = [[], []];
  let last = -1;
  for (const t of n.tokens) {
    const typed = n.text.slice(t.start, t.end);
    if (t.from === 'punct' && /^[-–./&]/.test(t.text) && !/^\.\s/.test(n.text.slice(t.start, t.start + 2)))
      continue;
    if (
      t.from === 'punct' &&
      t.text === '.' &&
      SHORT_MARKER.test(n.text.slice(Math.max(0, t.start - 3), t.start))
    )
      continue;
    const capital = typed !== typed.toLowerCase();
    const rest = { start: t.start, end: t.end, stop: t.from === 'punct' || t.from === 'emoji', capital };
    out[1]!.push({ text: t.text, folded: t.folded, ...rest });
    if (t.start === last) continue;
    last = t.start;
    for (const w of typed.split(/\s+/).filter(Boolean).slice(0, 1)) {
      const text = placeTone(w.toLowerCase().replaceAll('.', ''));
      out[0]!.push({ text, folded: flat(text), ...rest });
    }
  }
  const [typed, written] = out.map((list) => list.slice(0, READABLE_WORDS)) as [Word[], Word[]];
  const same = typed.length === written.length && typed.every((w, i) => w.text === written[i]!.text);
  return same ? [typed] : [typed, written];
}
/** The dot of "P." or "Q." ends no name. */
const SHORT_MARKER = /(?:^|[\s,])(?:p|x|q|h|tt|tx|tp|f)$/i;

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

/** The marker that ends just before word `at`: "phường", "p.", "huyện" … */
function markerBefore(words: Word[], at: number): { marker: Marker; from: number } | undefined {
  for (const [parts, marker] of MARKERS) {
    const from = at - parts.length;
    if (from < 0 || !parts.every((p, k) => says(words[from + k]!, p))) continue;
    if (marker === 'xã' && words[from - 1]?.folded === 'thi') continue;
    return { marker, from };
  }
  return undefined;
}

const agrees = (words: Word[], at: number, name: string[]): boolean =>
  name.every((w, k) => words[at + k]!.text === w || words[at + k]!.text === fold(w));

/** Of the things called so, the one meant after this marker: today's before yesterday's, unless it says "cũ". */
function choose(all: Name[], marker: Marker | undefined, old: boolean): Name | undefined {
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

interface Place {
  name: Name;
  /** Indexes of words, marker included; `at` is where the name begins. */
  from: number;
  at: number;
  to: number;
  marked: boolean;
}

function placeAt(words: Word[], at: number, g: Gazetteer): Place | undefined {
  const mark = markerBefore(words, at);
  if (!g.firsts.names.has(words[at]!.folded)) return mark && misspelled(words, at, mark, g);
  for (let k = Math.min(g.longestName, words.length - at); k >= 1; k--) {
    const part = words.slice(at, at + k);
    if (part.some((w) => w.stop)) continue;
    const all = g.names.get(part.map((w) => w.folded).join(' '));
    if (!all) continue;
    const old = words[at + k]?.text === 'cũ' || (words[at + k]?.text === 'cu' && mark !== undefined);
    const exact = all.filter((n) => agrees(words, at, n.words));
    if (mark) {
      const name = choose(exact.length ? exact : all, mark.marker, old);
      if (name) return { name, from: mark.from, at, to: at + k + (old ? 1 : 0), marked: true };
    } else if (exact.length && standsAlone(words, at, k, exact)) {
      const name = choose(exact, undefined, old);
      if (name) return { name, from: at, at, to: at + k + (old ? 1 : 0), marked: false };
    }
  }
  return mark && misspelled(words, at, mark, g);
}

/** Whether an unmarked name is a place here and no common word. */
function standsAlone(words: Word[], at: number, k: number, all: Name[]): boolean {
  const before = words[at - 1];
  const folded = all[0]!.folded;
  if (k === 1 || PROVINCES.has(folded)) return false;
  if (before && !before.stop && NOT_A_WARD.has(before.folded)) return false;
  const part = words.slice(at, at + k);
  const proper = part.every((w) => w.capital);
  if (NEEDS_MARKER.has(folded))
    return proper && before !== undefined && HERE.has(before.folded) && agreesFully(part, all);
  const plain = part.every((w, i) => w.text === fold(all[0]!.words[i]!)) && !agreesFully(part, all);
  return !plain || words.length <= k + 2 || (before !== undefined && THERE.has(before.folded));
}
const agreesFully = (part: Word[], all: Name[]): boolean =>
  all.some((n) => n.words.every((w, i) => part[i]!.text === w));

function misspelled(
  words: Word[],
  at: number,
  mark: { marker: Marker; from: number },
  g: Gazetteer,
): Place | undefined {
  for (const k of [3, 2]) {
    const part = words.slice(at, at + k);
    if (part.length < k || part.some((w) => w.stop) || NO_NAME.has(part[0]!.folded)) continue;
    const found = nearestNames(part.map((w) => w.folded).join(' '), g, k).filter((key) =>
      g.names
        .get(key)!
        .some((n) => (mark.marker === 'district') === (n.kind === 'district') && closeAsTyped(part, n)),
    );
    if (found.length !== 1) continue;
    const name = choose(g.names.get(found[0]!)!, mark.marker, false);
    if (name) return { name, from: mark.from, at, to: at + k, marked: true };
  }
  return undefined;
}

/** Typed with diacritics, the name with diacritics must be near as well. */
const closeAsTyped = (part: Word[], n: Name): boolean =>
  part.every((w, i) => slipOf(w.folded, fold(n.words[i]!))) &&
  (part.every((w) => w.text === w.folded) ||
    distance(part.map((w) => w.text).join(' '), n.words.join(' ')) <= 2);
/** Another word altogether is no slip: what was typed is no word, or sounds the same. */
const slipOf = (typed: string, meant: string): boolean =>
  typed === meant || !isFoldedSyllable(typed) || soundKey(typed) === soundKey(meant);

/** Names of as many words within one slip (two in a long name); the closest only, the first letter must hold. */
function nearestNames(typed: string, g: Gazetteer, words: number): string[] {
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

const entityOf = (p: Place, words: Word[]): Find => ({
  type: p.name.kind === 'ward' ? 'ward' : 'old-place',
  value: p.name.wards.join('|'),
  start: words[p.from]!.start,
  end: words[p.to - 1]!.end,
  rank: p.marked ? 2 : 1,
});

/** Wards, old places and districts; agencies of the city; agencies of wards (UBND, công an). */
export function* placesAndAgencies(n: Normalized, g: Gazetteer): Generator<Find> {
  for (const words of wordLists(n)) {
    const places = words.map((w, i) => (w.stop ? undefined : placeAt(words, i, g)));
    for (const p of places) if (p) yield entityOf(p, words);
    for (let i = 0; i < words.length; i++) {
      if (words[i]!.stop) continue;
      if (g.firsts.agencies.has(words[i]!.folded)) yield* agencyAt(words, i, g);
      if (g.firsts.prefixes.has(words[i]!.folded)) yield* wardAgencyAt(words, i, places, g);
    }
  }
}

function* agencyAt(words: Word[], at: number, g: Gazetteer): Generator<Find> {
  for (let k = Math.min(g.longestAgency, words.length - at); k >= 1; k--) {
    const part = words.slice(at, at + k);
    if (part.some((w) => w.stop)) continue;
    const found = g.agencies
      .get(part.map((w) => w.folded).join(' '))
      ?.find((a) => agrees(words, at, a.words));
    if (!found) continue;
    yield { type: 'agency', value: found.id, start: part[0]!.start, end: part.at(-1)!.end, rank: 3 };
    return;
  }
}

function* wardAgencyAt(
  words: Word[],
  at: number,
  places: (Place | undefined)[],
  g: Gazetteer,
): Generator<Find> {
  for (let k = Math.min(g.longestPrefix, words.length - at - 1); k >= 1; k--) {
    const part = words.slice(at, at + k);
    if (part.some((w) => w.stop)) continue;
    const prefix = g.prefixes.get(part.map((w) => w.folded).join(' '));
    if (!prefix) continue;
    const place = places.slice(at + k, at + k + 4).find((p) => p?.from === at + k);
    if (!place) continue;
    const span = { start: part[0]!.start, end: words[place.to - 1]!.end };
    const { kind, wards } = place.name;
    if (kind === 'district') {
      const typed = words.slice(at, place.to).map((w) => w.text);
      yield { type: 'agency', value: typed.join(' '), ...span, rank: 3 };
    } else if (wards.length === 1) yield { type: 'agency', value: `${prefix}-${wards[0]}`, ...span, rank: 3 };
    return;
  }
}

/** More than this are too many to offer. */
const MOST_TO_ASK = 6;

/**
 * The ward meant by an answer to "phường nào?": one = known, two to six = ask which, none = unknown. `exact` is
 * false when the name was guessed from a misspelling.
 */
export function findWard(text: string, g: Gazetteer): { wards: string[]; exact: boolean } {
  const words: Word[] = (clean(text.slice(0, 400)).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [])
    .slice(0, 60)
    .map((w) => ({
      text: placeTone(w.toLowerCase()),
      folded: flat(placeTone(w.toLowerCase())),
      start: 0,
      end: 0,
      stop: false,
      capital: w !== w.toLowerCase(),
    }));
  const exact = named(words, g);
  const found = exact.length ? exact : guessed(words, g);
  const first = found[0];
  if (!first) return { wards: [], exact: false };
  let wards = first.wards;
  for (const other of found.slice(1)) {
    const both = wards.filter((w) => (districtOf(other, g) ?? other.wards).includes(w));
    if (both.length) wards = both;
  }
  return wards.length > MOST_TO_ASK ? { wards: [], exact: false } : { wards, exact: exact.length > 0 };
}

const districtOf = (n: Name, g: Gazetteer): string[] | undefined =>
  g.names.get(n.folded)?.find((x) => x.kind === 'district')?.wards;

/** Places named in an answer, the smallest first; a bare answer may be a common word or one syllable. */
function named(words: Word[], g: Gazetteer): Name[] {
  const out: Name[] = [];
  for (let at = 0; at < words.length; ) {
    const found = nameAt(words, at, g);
    if (found) out.push(found.name);
    at = found ? found.to : at + 1;
  }
  return out.sort((a, b) => Number(a.kind === 'district') - Number(b.kind === 'district'));
}

function nameAt(words: Word[], at: number, g: Gazetteer): { name: Name; to: number } | undefined {
  const mark = markerBefore(words, at);
  // "phuong lien mac" is phường Liên Mạc before it is Phương Liên.
  for (const next of [at + 1, at + 2]) {
    const marked = next < words.length && markerBefore(words, next)?.from === at && nameAt(words, next, g);
    if (marked) return marked;
  }
  for (let k = Math.min(g.longestName, words.length - at); k >= 1; k--) {
    const all = g.names.get(
      words
        .slice(at, at + k)
        .map((w) => w.folded)
        .join(' '),
    );
    if (!all) continue;
    const own = (mark ? at - mark.from : 0) + k;
    const alone = own * 2 >= words.length;
    const here = at === 0 || HERE.has(words[at - 1]!.folded);
    if (!mark && !alone && (k === 1 || (NEEDS_MARKER.has(all[0]!.folded) && !here))) continue;
    const exact = all.filter((n) => agrees(words, at, n.words));
    if (!mark && !exact.length && !alone) continue;
    const old = words[at + k]?.folded === 'cu';
    const name = choose(exact.length ? exact : all, mark?.marker, old);
    if (name) return { name, to: at + k };
  }
  return undefined;
}

function guessed(words: Word[], g: Gazetteer): Name[] {
  for (const k of [3, 2])
    for (let at = 0; at + k <= words.length; at++) {
      const typed = words
        .slice(at, at + k)
        .map((w) => w.folded)
        .join(' ');
      const keys = nearestNames(typed, g, k);
      const names = keys.map((key) => choose(g.names.get(key)!, markerBefore(words, at)?.marker, false)!);
      if (names.length) return [{ ...names[0]!, wards: [...new Set(names.flatMap((n) => n.wards))] }];
    }
  const run = words.map((w) => w.folded).join('');
  if (words.length <= 3 && run.length >= 5) {
    const bare = run.replace(/^(?:phuong|xa|p)(?=.{4})/, '');
    for (const key of g.names.keys())
      if (key.replaceAll(' ', '') === bare) return [choose(g.names.get(key)!, undefined, false)!];
  }
  return [];
}
