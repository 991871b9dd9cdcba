// The index that procedures are found by: their names, everyday names and papers in folded words and word pairs, and
// how much each word tells. Builds it, and writes it as text and back; knows no question and no procedure.
import MiniSearch, { type AsPlainObject } from 'minisearch';
import { clean, fold } from '../text.ts';

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

export interface Named {
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
export interface Ready {
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

/** Folded words in order, repeated ones too (pairs need their neighbours). */
const foldedWords = (s: string): string[] => fold(clean(s)).match(/[\p{L}\p{N}]+/gu) ?? [];

/** Neighbours, as one term each. */
export const pairs = (words: readonly string[]): string[] => {
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
