// House numbers, alleys and streets as people write them. Knows no map: a street is what is written like one.
import type { Normalized, Token } from '../normalize.ts';
import type { Gazetteer } from './gazetteer.ts';
import type { Find } from './reading.ts';

type StreetWords = Gazetteer['streets'];
const LANES = new Set(['ngo', 'ngach', 'hem', 'alley', 'lane']);
const ROADS = new Set(['duong', 'pho']);
const LANE_NUMBER = /^\d{1,4}[a-z]?(?:\/\d{1,4}[a-z]?){0,4}$/;

/** Streets, alleys and house numbers with a name: "ngõ 12 Nguyễn Trãi", "số 5 phố Huế", "đường Láng". */
export function* streets(n: Normalized, g: Gazetteer): Generator<Find> {
  const t = n.tokens;
  for (let i = 0; i < t.length; i++) {
    const end = addressAt(n, g.streets, i);
    if (end === undefined) continue;
    const span = { start: t[i]!.start, end: t[end - 1]!.end };
    yield { type: 'street', value: n.text.slice(span.start, span.end), ...span };
    i = end - 1;
  }
}

/** Index after an address that begins at `from`: [số nhà] number* (ngõ|ngách|hẻm number)* [đường|phố] name. */
function addressAt(n: Normalized, words: StreetWords, from: number): number | undefined {
  const t = n.tokens;
  let i = from;
  let numbered = false;
  let lane = false;
  if (t[i]?.folded === 'so' && t[i]?.text !== 'sở') i += t[i + 1]?.folded === 'nha' ? 2 : 1;
  if (i > from && !isNumber(t[i])) return undefined;
  if (i === from && isNumber(t[i])) return undefined;
  if (isNumber(t[i])) {
    numbered = true;
    i++;
    if (t[i]?.text === ',') i++;
  }
  while (LANES.has(t[i]?.folded ?? '') && isNumber(t[i + 1])) {
    lane = true;
    i += 2;
    if (t[i]?.text === ',' && (LANES.has(t[i + 1]?.folded ?? '') || ROADS.has(t[i + 1]?.folded ?? ''))) i++;
  }
  const road = ROADS.has(t[i]?.folded ?? '') && /^(?:đường|duong|phố|pho)$/.test(t[i]!.text);
  if (road) i++;
  if (!road && !numbered && !lane) return undefined;
  const end = nameEnd(n, words, i, road || lane);
  if (end > i) return end;
  return lane ? i : undefined;
}

const isNumber = (t: Token | undefined): boolean =>
  t !== undefined && (t.from === 'number' || t.from === 'word') && LANE_NUMBER.test(t.folded);

function nameEnd(n: Normalized, words: StreetWords, from: number, lower: boolean): number {
  const t = n.tokens;
  const capital = (k: number): boolean => {
    const x = t[k];
    if (x?.from !== 'word') return false;
    const typed = n.text.slice(x.start, x.end);
    return typed !== typed.toLowerCase();
  };
  let i = from;
  const shouting = n.text.slice(0, 200) === n.text.slice(0, 200).toUpperCase();
  if (!shouting && capital(i)) {
    while (i < from + 4 && capital(i)) i++;
    return i - from >= 2 || lower ? i : from;
  }
  const first = t[i];
  if (!lower || !first) return from;
  if (!words.first.has(first.text) && (n.hasDiacritics || !words.bareFirst.has(first.folded))) return from;
  if (t[i]!.folded === 'truong' && !/^(?:chinh|dinh|sa)$/.test(t[i + 1]?.folded ?? '')) return from;
  const ends = (k: number): boolean =>
    words.end.has(t[k]!.folded) || words.end.has(`${t[k]!.folded} ${t[k + 1]?.folded}`);
  while (i < from + 3 && t[i]?.from === 'word' && !ends(i)) i++;
  return i - from >= 2 || (i > from && words.alone.has(first.text)) ? i : from;
}
