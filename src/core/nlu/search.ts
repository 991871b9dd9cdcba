// Finds procedures by what people call them: BM25 over fields and word pairs picks candidates, then the names are
// compared word by word, so that the plain procedure wins over its longer look-alikes.
// Knows no procedure: names, synonyms and the weight of words come from records and content.
import MiniSearch, { type AsPlainObject } from 'minisearch';
import { clean, fold } from '../text.ts';
import type { Word } from './features.ts';

/** One procedure to be found. */
export interface Findable {
  code: string;
  /** Content intent, when it is a written one. */
  intent?: string;
  name: string;
  /** Everyday names. */
  also: string[];
  /** Field of administration. */
  field: string;
  /** Names of results and documents, keywords. */
  papers: string[];
  /** How near to a citizen's life: 0 (organisations, ministry level) to 1 (anyone, ward level). */
  near: number;
}

export interface Found {
  code: string;
  intent?: string;
  name: string;
  /** 0–1: share of the question that the name and papers explain, and of the name that the question asked for. */
  score: number;
}

interface Named {
  code: string;
  intent?: string;
  name: string;
  near: number;
  /** Names in folded words: the official one and the everyday ones. */
  names: string[][];
  /** Exact (lower-case) words of all names. */
  exact: string[];
  papers: string[];
}

/** A record made ready for comparing, words and pairs as numbers of `SearchIndex.ids`: once, not at each question. */
interface Ready {
  names: { words: Int32Array; weights: Float64Array; total: number; pairs: Int32Array }[];
  /** Words of the official name. */
  official: Set<string>;
  exact: Set<string>;
  papers: Int32Array;
}

export interface SearchIndex {
  mini: MiniSearch;
  records: Map<string, Named>;
  /** Filled as records come up, emptied when it grows too large. */
  ready: Map<string, Ready>;
  /** Numbers of the words and pairs in `ready`. */
  ids: Map<string, number>;
  /** Share of names that have the word, as a weight: rare words tell. */
  weight: Map<string, number>;
  /** The same for words of questions: those said in every matter ("muốn", "làm") weigh little. */
  asked: Map<string, number>;
  /** Folded phrase -> folded official phrases, by first word. */
  synonyms: Map<string, { from: string[]; to: string[][] }[]>;
}

const FIELDS = ['name', 'also', 'detail', 'papers', 'field'];
const MAX_PAPER_WORDS = 90;
const MAX_QUERY_WORDS = 24;
const CANDIDATES = 24;
const MAX_READY = 1500;

/** Folded words in order, repeated ones too (pairs need their neighbours). */
const foldedWords = (s: string): string[] => fold(clean(s)).match(/[\p{L}\p{N}]+/gu) ?? [];

const pairs = (words: readonly string[]): string[] => {
  const out: string[] = [];
  for (let i = 0; i + 1 < words.length; i++) out.push(`${words[i]}_${words[i + 1]}`);
  return out;
};
const termsOf = (text: string): string[] => text.split(' ').filter(Boolean);
const withPairs = (words: readonly string[]): string => [...words, ...pairs(words)].join(' ');

const OPTIONS = {
  idField: 'code',
  fields: FIELDS,
  storeFields: [],
  tokenize: termsOf,
  processTerm: (t: string) => t,
};

/** Folded words said in fewer matters weigh more: 0.05 (in all of them) to 1. */
export function askedWeights(groups: readonly (readonly string[])[]): Map<string, number> {
  const seen = new Map<string, number>();
  for (const sentences of groups) {
    const words = new Set<string>();
    for (const s of sentences) for (const w of foldedWords(s)) words.add(w);
    for (const w of words) seen.set(w, (seen.get(w) ?? 0) + 1);
  }
  const out = new Map<string, number>();
  const most = Math.log(1 + groups.length);
  for (const [w, n] of seen) out.set(w, Math.max(0.05, Math.log((1 + groups.length) / n) / most));
  return out;
}

function synonymTable(synonyms: Record<string, string[]>): SearchIndex['synonyms'] {
  const table: SearchIndex['synonyms'] = new Map();
  for (const [from, to] of Object.entries(synonyms)) {
    const words = foldedWords(from);
    if (words.length === 0) continue;
    const entry = { from: words, to: to.map((t) => foldedWords(t)) };
    const list = table.get(words[0]!) ?? [];
    list.push(entry);
    table.set(words[0]!, list);
  }
  for (const list of table.values()) list.sort((a, b) => b.from.length - a.from.length);
  return table;
}

/** "Cấp thẻ căn cước (thực hiện tại cấp tỉnh)": what it is, and the qualifier in brackets. */
function split(name: string): { head: string; detail: string } {
  const at = name.indexOf('(');
  return at > 10 ? { head: name.slice(0, at), detail: name.slice(at) } : { head: name, detail: '' };
}

/** Builds the index. Codes are unique; a repeated one is dropped. */
export function buildSearch(
  findables: readonly Findable[],
  synonyms: Record<string, string[]>,
  asked: Map<string, number>,
): SearchIndex {
  const mini = new MiniSearch(OPTIONS);
  const records = new Map<string, Named>();
  const seen = new Map<string, number>();
  const rows: object[] = [];
  for (const f of findables) {
    if (records.has(f.code)) continue;
    const { head, detail } = split(f.name);
    const headWords = foldedWords(head);
    const paperWords: string[] = [];
    for (const p of f.papers) {
      if (paperWords.length >= MAX_PAPER_WORDS) break;
      paperWords.push(...foldedWords(p).slice(0, 14));
    }
    const also = f.also.map((a) => foldedWords(a));
    const named: Named = {
      code: f.code,
      name: f.name,
      near: f.near,
      names: [foldedWords(f.name), ...also],
      exact: [
        ...new Set(
          [f.name, ...f.also]
            .join(' ')
            .toLowerCase()
            .normalize('NFC')
            .match(/[\p{L}\p{N}]+/gu) ?? [],
        ),
      ],
      papers: [...new Set(paperWords)],
    };
    if (f.intent !== undefined) named.intent = f.intent;
    records.set(f.code, named);
    for (const w of new Set(named.names.flat())) seen.set(w, (seen.get(w) ?? 0) + 1);
    rows.push({
      code: f.code,
      name: withPairs(headWords),
      detail: foldedWords(detail).join(' '),
      also: also.map(withPairs).join(' '),
      papers: withPairs([...new Set(paperWords)].slice(0, MAX_PAPER_WORDS)),
      field: foldedWords(f.field).join(' '),
    });
  }
  mini.addAll(rows);
  const weight = weights(seen, records.size);
  return { mini, records, ready: new Map(), ids: new Map(), weight, asked, synonyms: synonymTable(synonyms) };
}

function weights(seen: Map<string, number>, count: number): Map<string, number> {
  const out = new Map<string, number>();
  const most = Math.log(2 + count);
  for (const [w, n] of seen) out.set(w, Math.max(0.08, Math.log((2 + count) / n) / most));
  return out;
}

/** The index as JSON text, and back. */
export function searchToJson(index: SearchIndex): string {
  return JSON.stringify({
    mini: index.mini,
    records: [...index.records.values()],
    weight: [...index.weight],
    asked: [...index.asked],
    synonyms: [...index.synonyms],
  });
}
export function searchFromJson(json: string): SearchIndex {
  const kept = JSON.parse(json) as {
    mini: unknown;
    records: Named[];
    weight: [string, number][];
    asked: [string, number][];
    synonyms: [string, { from: string[]; to: string[][] }[]][];
  };
  const records = new Map(kept.records.map((r) => [r.code, r]));
  const weight = new Map(kept.weight);
  return {
    mini: MiniSearch.loadJS(kept.mini as AsPlainObject, OPTIONS),
    records,
    ready: new Map(),
    ids: new Map(),
    weight,
    asked: new Map(kept.asked),
    synonyms: new Map(kept.synonyms),
  };
}

/**
 * The question itself and what it says in official words: everyday phrases in it (longest first, none inside
 * another) replaced one at a time and all together.
 */
function readings(index: SearchIndex, words: string[]): string[][] {
  const matches: { at: number; length: number; to: string[][] }[] = [];
  for (let i = 0; i < words.length; i++) {
    const hit = index.synonyms.get(words[i]!)?.find(({ from }) => from.every((w, k) => words[i + k] === w));
    if (!hit) continue;
    matches.push({ at: i, length: hit.from.length, to: hit.to });
    i += hit.from.length - 1;
  }
  const replaced = (these: typeof matches, k: number): string[] => {
    const out: string[] = [];
    let from = 0;
    for (const m of these) {
      out.push(...words.slice(from, m.at), ...(m.to[k] ?? m.to[0]!));
      from = m.at + m.length;
    }
    return [...out, ...words.slice(from)];
  };
  const out: string[][] = [words];
  for (const m of matches.slice(0, 4))
    for (let k = 0; k < Math.min(2, m.to.length); k++) out.push(replaced([m], k));
  if (matches.length > 1) out.push(replaced(matches, 0));
  return out.slice(0, 8);
}

/** A question in all its readings (at most eight, one bit each); what is in several is looked up once. */
interface Asked {
  /** By number of word or pair: which readings have it (bits), and what it weighs. */
  words: Map<number, { in: number; weight: number }>;
  pairs: Map<number, { in: number; weight: number }>;
  /** Of each reading. */
  totals: Float64Array;
  pairTotals: Float64Array;
}

function numberOf(index: SearchIndex, term: string): number {
  let id = index.ids.get(term);
  if (id === undefined) {
    id = index.ids.size;
    index.ids.set(term, id);
  }
  return id;
}

function askedOf(index: SearchIndex, variants: readonly string[][]): Asked {
  const { weight, asked } = index;
  const out: Asked = {
    words: new Map(),
    pairs: new Map(),
    totals: new Float64Array(variants.length),
    pairTotals: new Float64Array(variants.length),
  };
  const add = (to: Asked['words'], totals: Float64Array, term: string, of: () => number, v: number): void => {
    // What no name has answers nothing, but counts as asked.
    const id = index.ids.get(term) ?? -1 - to.size;
    let one = to.get(id);
    if (!one) {
      one = { in: 0, weight: of() };
      to.set(id, one);
    }
    one.in |= 1 << v;
    totals[v] = totals[v]! + one.weight;
  };
  for (const [v, question] of variants.entries()) {
    for (const word of new Set(question))
      add(out.words, out.totals, word, () => (weight.get(word) ?? 0.35) * (asked.get(word) ?? 1), v);
    for (const pair of new Set(pairs(question)))
      add(
        out.pairs,
        out.pairTotals,
        pair,
        () => {
          const [a, b] = pair.split('_') as [string, string];
          const own = (weight.get(a) ?? 0.2) + (weight.get(b) ?? 0.2);
          return own * Math.max(0.3, asked.get(a) ?? 1, asked.get(b) ?? 1);
        },
        v,
      );
  }
  return out;
}

function made(index: SearchIndex, record: Named): Ready {
  let ready = index.ready.get(record.code);
  if (!ready) {
    ready = readyOf(index, record);
    index.ready.set(record.code, ready);
  }
  return ready;
}

function readyOf(index: SearchIndex, record: Named): Ready {
  const numbers = (terms: Iterable<string>): Int32Array =>
    Int32Array.from([...new Set(terms)], (t) => numberOf(index, t));
  return {
    names: record.names.map((name) => {
      // What stands first names the act and the thing; the tail of an official name only narrows it.
      const weights = Float64Array.from(
        [...new Set(name)],
        (w, position) => (index.weight.get(w) ?? 0.35) * (position < 12 ? 1 : 0.4),
      );
      return {
        words: numbers(name),
        weights,
        total: weights.reduce((a, b) => a + b, 0),
        pairs: numbers(pairs(name)),
      };
    }),
    official: new Set(record.names[0]),
    exact: new Set(record.exact),
    papers: numbers(record.papers),
  };
}

/** How well a record answers the best of the readings: weighted overlap of words and pairs, both ways. */
function match(asked: Asked, { names, papers }: Ready): number {
  const count = asked.totals.length;
  const inPapers = new Float64Array(count);
  const add = (sums: Float64Array, readings: number, weight: number): void => {
    for (let v = 0; v < count; v++) if (readings & (1 << v)) sums[v] = sums[v]! + weight;
  };
  const papered = new Set<number>();
  for (const id of papers) {
    const word = asked.words.get(id);
    if (!word) continue;
    papered.add(id);
    add(inPapers, word.in, 0.3 * word.weight);
  }
  let best = 0;
  for (const [i, name] of names.entries()) {
    const answered = Float64Array.from(inPapers);
    const called = new Float64Array(count);
    const together = new Float64Array(count);
    let any = 0;
    for (let k = 0; k < name.words.length; k++) {
      const word = asked.words.get(name.words[k]!);
      if (!word) continue;
      any |= word.in;
      add(answered, word.in, papered.has(name.words[k]!) ? 0.7 * word.weight : word.weight);
      add(called, word.in, name.weights[k]!);
    }
    if (any !== 0)
      for (let k = 0; k < name.pairs.length; k++) {
        const pair = asked.pairs.get(name.pairs[k]!);
        if (pair) add(together, pair.in, pair.weight);
      }
    for (let v = 0; v < count; v++) {
      const recall = asked.totals[v]! > 0 ? answered[v]! / asked.totals[v]! : 0;
      const precision = name.total > 0 ? called[v]! / name.total : 0;
      const joint = asked.pairTotals[v]! > 0 ? together[v]! / asked.pairTotals[v]! : recall;
      // An everyday name counts a little less than the official one, other words a little less than those said.
      const s = (0.45 * recall + 0.25 * precision + 0.3 * joint) * (i > 0 ? 0.97 : 1) * (v > 0 ? 0.96 : 1);
      if (s > best) best = s;
    }
  }
  return best;
}

/** Best first, at most `limit`. Words are those of normalize(); pure and, for thousands of records, a few ms. */
export function search(index: SearchIndex, words: readonly Word[], limit = 10): Found[] {
  const used = words.slice(0, MAX_QUERY_WORDS);
  const folded = used.map((w) => w.folded).filter((w) => /[\p{L}\p{N}]/u.test(w));
  if (folded.length === 0 || index.records.size === 0) return [];
  const variants = readings(index, folded);
  const boosts = new Map<string, number>();
  for (const v of variants) {
    for (const w of v) boosts.set(w, (index.asked.get(w) ?? 1) * 0.6);
    // Two words of every question may together be a name ("khai tử"): pairs are weighed by names alone.
    for (const p of pairs(v)) boosts.set(p, 1.2);
  }
  // Words that are in half of all names and questions cost time and tell nothing.
  const terms = [...boosts].filter(
    ([t, b]) => b > 0.12 && (t.includes('_') || (index.weight.get(t) ?? 1) > 0.15),
  );
  const hits = index.mini.search(terms.length > 0 ? terms.map(([t]) => t).join(' ') : folded.join(' '), {
    boost: { name: 3, also: 3, detail: 0.5, papers: 0.6, field: 0.5 },
    boostTerm: (t) => boosts.get(t) ?? 1,
    combineWith: 'OR',
    bm25: { k: 1.2, b: 0.6, d: 0.5 },
  });
  const top = hits[0]?.score ?? 1;
  const candidates = hits
    .slice(0, CANDIDATES)
    .map((hit) => ({ hit, record: index.records.get(String(hit.id))! }));
  if (index.ready.size + CANDIDATES > MAX_READY) {
    index.ready.clear();
    index.ids.clear();
  }
  // First the records, whose words are numbered on the way; then the question in those numbers.
  const compared = candidates.map(({ record }) => made(index, record));
  const asked = askedOf(index, variants);
  const typed = new Map(
    used.filter((w) => w.text.toLowerCase() !== w.folded).map((w) => [w.text.toLowerCase(), w.folded]),
  );
  const found: Found[] = [];
  for (const [i, { hit, record }] of candidates.entries()) {
    const ready = compared[i]!;
    const best = match(asked, ready);
    let agree = 0;
    let differ = 0;
    for (const [word, folded] of typed) {
      if (ready.exact.has(word)) agree++;
      else if (ready.official.has(folded)) differ++;
    }
    const marks = agree + differ > 0 ? agree / (agree + differ) : 1;
    const score = Math.min(1, 0.68 * best + 0.16 * (hit.score / top) + 0.1 * record.near + 0.06 * marks);
    const one: Found = { code: record.code, name: record.name, score };
    if (record.intent !== undefined) one.intent = record.intent;
    found.push(one);
  }
  found.sort((a, b) => b.score - a.score || (a.code < b.code ? -1 : 1));
  return found.slice(0, limit);
}
