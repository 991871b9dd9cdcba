// Wards, old places, agencies named anywhere in a message. Hides which names are common words and which of several
// readings counts. Knows no routing.
import { distance } from 'fastest-levenshtein';
import { fold } from '../../text.ts';
import type { Normalized } from '../normalize.ts';
import { isFoldedSyllable, placeTone, soundKey } from '../syllable.ts';
import {
  agrees,
  choose,
  type Gazetteer,
  type Marker,
  markerAfter,
  markerBefore,
  type Name,
  nearestNames,
  type Word,
  withinOf,
} from './gazetteer.ts';
import { type Find, flat, READABLE_WORDS } from './reading.ts';

/** Names that are also words, people, streets or provinces: only after "phường", "xã" …, or as a bare answer. */
export const NEEDS_MARKER: ReadonlySet<string> = new Set(
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
export const HERE = new Set('o tai thuoc ve gan ben que khu quanh tren'.split(' '));
/** For names typed without diacritics, which are two common words more often than a place. */
const THERE = new Set([...HERE, ...'tu vao den qua sang dat tru len xuong noi'.split(' ')]);
/** Provinces: unmarked, the old ward of that name is not meant. */
const PROVINCES = new Set(['vinh phuc', 'dien bien', 'hoa binh', 'dong thap', 'thanh hoa', 'thai binh']);
/** Words that follow "phường" without being its name. */
const NO_NAME = new Set(
  `thi co lam nao gi em toi minh nay do khong moi cu cua cho va hay o la se da dang phai bao ra de can nop xin xac cap
tra giai noi ve hoi duoc hen bat doi yeu tu chua lai con nen ky bi den`.split(/\s+/),
);

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
  return (!mark && slippedAt(words, at, g)) || namedAt(words, at, mark, g);
}

/**
 * "phương bồ đề", "phuờng láng": after a misspelled "phường" only a whole name in full diacritics is a place, as
 * "địa phương" and "phương án" are words.
 */
function slippedAt(words: Word[], at: number, g: Gazetteer): Place | undefined {
  const from = at - 1;
  if (words[from]?.folded !== 'phuong' || words[from].stop) return undefined;
  if (/^(?:dia|song|doi|da|tay|dong)$/.test(words[from - 1]?.folded ?? '')) return undefined;
  for (let k = Math.min(g.longestName, words.length - at); k >= 2; k--) {
    const part = words.slice(at, at + k);
    const all = g.names.get(part.map((w) => w.folded).join(' '))?.filter((n) => agreesFully(part, [n]));
    const name = all?.length && choose(all, 'phường', false);
    if (name && !part.some((w) => w.stop)) return { name, from, at, to: at + k, marked: true };
  }
  return undefined;
}

function namedAt(
  words: Word[],
  at: number,
  mark: { marker: Marker; from: number } | undefined,
  g: Gazetteer,
): Place | undefined {
  for (let k = Math.min(g.longestName, words.length - at); k >= 1; k--) {
    const part = words.slice(at, at + k);
    if (part.some((w) => w.stop)) continue;
    const all = g.names.get(part.map((w) => w.folded).join(' '));
    if (!all) continue;
    const old = words[at + k]?.text === 'cũ' || (words[at + k]?.text === 'cu' && mark !== undefined);
    const exact = all.filter((n) => agrees(words, at, n.words));
    const behind = mark ? undefined : markerAfter(words, at + k);
    if (behind) {
      const name = choose(exact.length ? exact : all, behind, false);
      if (name) return { name, from: at, at, to: at + k + 1, marked: true };
    }
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
export const closeAsTyped = (part: Word[], n: Name): boolean =>
  part.every((w, i) => slipOf(w.folded, fold(n.words[i]!))) &&
  (part.every((w) => w.text === w.folded) ||
    distance(part.map((w) => w.text).join(' '), n.words.join(' ')) <= 2);
/** Another word altogether is no slip: what was typed is no word, or sounds the same. */
const slipOf = (typed: string, meant: string): boolean =>
  typed === meant || !isFoldedSyllable(typed) || heardAs(typed) === heardAs(meant);
/** In names also -nh and -n, -ch and -t, which many speak alike: "nghĩa tânh". */
const heardAs = (folded: string): string => soundKey(folded).replace(/nh$/, 'n').replace(/ch$/, 't');

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
    narrow(places, words, g);
    for (const p of places) if (p) yield entityOf(p, words);
    for (let i = 0; i < words.length; i++) {
      if (words[i]!.stop) continue;
      if (g.firsts.agencies.has(words[i]!.folded)) yield* agencyAt(words, i, places, g);
      if (g.firsts.prefixes.has(words[i]!.folded)) yield* wardAgencyAt(words, i, places, g);
    }
  }
}

/** "Phường Minh Khai, quận Hai Bà Trưng": of the wards of an old name, those of the place named right after it. */
function narrow(places: (Place | undefined)[], words: Word[], g: Gazetteer): void {
  for (const p of places) {
    if (!p || p.name.wards.length < 2) continue;
    const next = words[p.to]?.stop ? p.to + 1 : p.to;
    const around = places.find((x) => x?.from === next);
    const wards = around && withinOf(around.name, g);
    const both = p.name.wards.filter((w) => wards?.includes(w));
    if (both.length) p.name = { ...p.name, wards: both };
  }
}

function* agencyAt(words: Word[], at: number, places: (Place | undefined)[], g: Gazetteer): Generator<Find> {
  for (let k = Math.min(g.longestAgency, words.length - at); k >= 1; k--) {
    const part = words.slice(at, at + k);
    if (part.some((w) => w.stop)) continue;
    const found = g.agencies
      .get(part.map((w) => w.folded).join(' '))
      ?.find((a) => agrees(words, at, a.words));
    if (!found) continue;
    // "BHXH quận Cầu Giấy": the district belongs to the name.
    const of = places.slice(at, at + k + 2).find((p) => p?.name.kind === 'district' && p.from === at + k - 1);
    const end = (of ? words[of.to - 1]! : part.at(-1)!).end;
    yield { type: 'agency', value: found.id, start: part[0]!.start, end, rank: 3 };
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
