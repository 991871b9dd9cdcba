// Finds procedures by what people call them: BM25 over fields and word pairs picks candidates, then the names are
// compared word by word, so that the plain procedure wins over its longer look-alikes.
// Knows no procedure: names, synonyms and the weight of words come from records and content.
import MiniSearch from 'minisearch';
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

export interface SearchIndex {
  mini: MiniSearch;
  records: Map<string, Named>;
  /** Share of names that have the word, as a weight: rare words tell. */
  weight: Map<string, number>;
  /** The same for words of questions: those said in every matter ("muốn", "làm") weigh little. */
  asked: Map<string, number>;
  /** Folded phrase -> folded official phrases, by first word. */
  synonyms: Map<string, { from: string[]; to: string[][] }[]>;
}

const FIELDS = ['name', 'also', 'detail', 'papers', 'field'];
const MAX_PAPER_WORDS = 90;
const MAX_QUERY_WORDS = 40;
const CANDIDATES = 60;

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
  return { mini, records, weight: weights(seen, records.size), asked, synonyms: synonymTable(synonyms) };
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
  return {
    mini: MiniSearch.loadJSON(JSON.stringify(kept.mini), OPTIONS),
    records: new Map(kept.records.map((r) => [r.code, r])),
    weight: new Map(kept.weight),
    asked: new Map(kept.asked),
    synonyms: new Map(kept.synonyms),
  };
}

/** The question itself and, for each everyday phrase in it, the question with the official words instead. */
function readings(index: SearchIndex, words: string[]): string[][] {
  const out: string[][] = [words];
  for (let i = 0; i < words.length && out.length < 8; i++) {
    for (const { from, to } of index.synonyms.get(words[i]!) ?? []) {
      if (!from.every((w, k) => words[i + k] === w)) continue;
      for (const t of to) out.push([...words.slice(0, i), ...t, ...words.slice(i + from.length)]);
      // Applied to the readings so far as well, once: "đổi bằng lái mất cmnd" has two phrases to translate.
      if (out.length > to.length + 1) {
        const other = out[1]!;
        const at = other.findIndex((_, k) => from.every((w, m) => other[k + m] === w));
        if (at >= 0) out.push([...other.slice(0, at), ...to[0]!, ...other.slice(at + from.length)]);
      }
      break;
    }
  }
  return out;
}

/** How well one name answers one reading: weighted overlap of words and pairs, both ways. */
function match(index: SearchIndex, question: string[], name: string[], papers: ReadonlySet<string>): number {
  const inName = new Set(name);
  const inQuestion = new Set(question);
  let asked = 0;
  let answered = 0;
  for (const w of inQuestion) {
    const known = index.weight.get(w);
    const weight = (known ?? 0.35) * (index.asked.get(w) ?? 1);
    asked += weight;
    if (inName.has(w)) answered += weight;
    else if (papers.has(w)) answered += 0.3 * weight;
  }
  let named = 0;
  let called = 0;
  let position = 0;
  for (const w of inName) {
    // What stands first names the act and the thing; the tail of an official name only narrows it.
    const weight = (index.weight.get(w) ?? 0.35) * (position < 12 ? 1 : 0.4);
    position++;
    named += weight;
    if (inQuestion.has(w)) called += weight;
  }
  const questionPairs = pairs(question);
  const namePairs = new Set(pairs(name));
  let pairHits = 0;
  let pairAll = 0;
  for (const p of questionPairs) {
    const [a, b] = p.split('_') as [string, string];
    const weight =
      ((index.weight.get(a) ?? 0.2) + (index.weight.get(b) ?? 0.2)) *
      Math.min(index.asked.get(a) ?? 1, index.asked.get(b) ?? 1);
    pairAll += weight;
    if (namePairs.has(p)) pairHits += weight;
  }
  const recall = asked > 0 ? answered / asked : 0;
  const precision = named > 0 ? called / named : 0;
  const together = pairAll > 0 ? pairHits / pairAll : recall;
  return 0.45 * recall + 0.25 * precision + 0.3 * together;
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
    for (const p of pairs(v)) {
      const [a, b] = p.split('_') as [string, string];
      boosts.set(p, Math.min(index.asked.get(a) ?? 1, index.asked.get(b) ?? 1) * 1.4);
    }
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
  const typed = new Set(
    used.filter((w) => w.text.toLowerCase() !== w.folded).map((w) => w.text.toLowerCase()),
  );
  const found: Found[] = [];
  for (const hit of hits.slice(0, CANDIDATES)) {
    const record = index.records.get(String(hit.id))!;
    const papers = new Set(record.papers);
    let best = 0;
    for (const [i, name] of record.names.entries())
      for (const [k, v] of variants.entries()) {
        const s = match(index, v, name, papers) * (i > 0 ? 0.97 : 1) * (k > 0 ? 0.98 : 1);
        if (s > best) best = s;
      }
    const exact = new Set(record.exact);
    let agree = 0;
    let differ = 0;
    for (const w of typed) {
      if (exact.has(w)) agree++;
      else if (record.names[0]!.includes(fold(w))) differ++;
    }
    const marks = agree + differ > 0 ? agree / (agree + differ) : 1;
    const score = Math.min(1, 0.72 * best + 0.16 * (hit.score / top) + 0.06 * record.near + 0.06 * marks);
    const one: Found = { code: record.code, name: record.name, score };
    if (record.intent !== undefined) one.intent = record.intent;
    found.push(one);
  }
  found.sort((a, b) => b.score - a.score || (a.code < b.code ? -1 : 1));
  return found.slice(0, limit);
}
