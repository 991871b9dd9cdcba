// Finds procedures by what people call them: BM25 over fields and word pairs picks candidates, then the names are
// compared word by word, so that the plain procedure wins over its longer look-alikes.
// Knows no procedure: names, synonyms and the weight of words come from records and content.
import type { Word } from './features.ts';
import { type Named, pairs, type Ready, type SearchIndex } from './search-index.ts';

export interface Found {
  code: string;
  intent?: string;
  name: string;
  /** 0–1: share of the question that the name and papers explain, and of the name that the question asked for. */
  score: number;
}

const MAX_QUERY_WORDS = 24;
const CANDIDATES = 24;
const MAX_READY = 1500;

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
