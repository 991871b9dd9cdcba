// Reads records of the national portal's published catalogue into things search can find.
// Knows the shape of a record; unpacks no file.
import type { Content } from '../content/schema.ts';
import { codes } from './entities/numbers.ts';
import { readable } from './entities/reading.ts';
import { askedIn, findables } from './learn.ts';
import type { Reader } from './reader.ts';
import { procedureMass, readWords } from './reading.ts';
import { type Found, search } from './search.ts';
import { buildSearch, type Findable, type SearchIndex } from './search-index.ts';
import { read } from './words.ts';

interface PortalRecord {
  ma?: unknown;
  ten?: unknown;
  cap?: unknown;
  linh_vuc?: unknown;
  doi_tuong?: unknown;
  thanh_phan_ho_so?: unknown;
  ket_qua?: unknown;
}

const text = (v: unknown): string => (typeof v === 'string' ? v.normalize('NFC') : '');

/** One record, or undefined when it has no code or name. */
export function findable(record: unknown): Findable | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const r = record as PortalRecord;
  const code = text(r.ma);
  const name = text(r.ten);
  if (!code || !name) return undefined;
  const papers = Array.isArray(r.thanh_phan_ho_so)
    ? r.thanh_phan_ho_so.map((d: unknown) => text((d as { ten?: unknown } | null)?.ten)).filter(Boolean)
    : [];
  // The portal's page furniture runs on behind the result's name ("…Mã: KQ.…Từ khóa…").
  const result = text(r.ket_qua).split(/Mã:|Từ khóa/)[0]!;
  const level = text(r.cap);
  const who = text(r.doi_tuong);
  const near =
    (level.includes('xã') ? 0.5 : level.includes('tỉnh') ? 0.3 : 0.1) +
    (who.includes('Công dân Việt Nam') ? 0.5 : 0);
  return { code, name, also: [], field: text(r.linh_vuc), papers: [result, ...papers].filter(Boolean), near };
}

/**
 * An index over published records; over the written procedures when none are given. A record that is also
 * written gets the everyday names that content gives it.
 */
export function openCatalogue(content: Content, records?: readonly Findable[]): SearchIndex {
  const written = findables(content);
  if (!records) return buildSearch(written, content.synonyms, askedIn(content));
  const byCode = new Map(written.map((w) => [w.code, w]));
  const all = records.map((r) => {
    const own = byCode.get(r.code);
    return own ? { ...r, also: own.also, ...(own.intent === undefined ? {} : { intent: own.intent }) } : r;
  });
  return buildSearch(all, content.synonyms, askedIn(content));
}

/** What the classifier may add to a find (measured on questions for written and for unwritten procedures). */
const CLASSIFIER_SAY = 0.35;

/**
 * Finds by a question as typed, best first: names compared, and for written procedures also what people's words
 * taught the classifier. Scores are 0–1.
 */
export function findProcedures(reader: Reader, index: SearchIndex, text: string, limit: number): Found[] {
  const { normalized, words } = read(text, reader.lexicon);
  const found = search(index, words, Math.max(20, limit));
  const reading = readWords(reader, words);
  const mass = procedureMass(reader, reading);
  const all = [...mass.values()].reduce((a, b) => a + b, 0);
  const byCode = new Map(found.map((f) => [f.code, f]));
  // A name that nobody wrote examples for, but that the question all but quotes, is not outvoted by habit.
  const unwritten = found.find((f) => !f.intent || !reader.labelOf.has(f.intent))?.score ?? 0;
  const quoted = Math.max(0, Math.min(1, (unwritten - 0.66) / 0.12));
  for (const [intent, m] of mass) {
    const code = reader.codes.get(intent)!;
    const share = m / Math.max(0.3, all);
    const record = index.records.get(code);
    if (share < 0.02 || !record) continue;
    const own = byCode.get(code) ?? { code, intent, name: record.name, score: 0.3 };
    byCode.set(code, {
      ...own,
      score: own.score + CLASSIFIER_SAY * share * (own.score < unwritten - 0.03 ? 1 - quoted : 1),
    });
  }
  const best = [...byCode.values()]
    .sort((a, b) => b.score - a.score || (a.code < b.code ? -1 : 1))
    .slice(0, limit)
    .map((f) => ({ ...f, score: f.score / (1 + CLASSIFIER_SAY) }));
  // Who types a procedure's code means that one.
  const named = [...codes(readable(normalized))].flatMap(
    ({ type, value }) => (type === 'procedure-code' && index.records.get(value)) || [],
  );
  return [
    ...named.map(({ code, intent, name }) => ({ code, ...(intent && { intent }), name, score: 1 })),
    ...best.filter((f) => !named.some((n) => n.code === f.code)),
  ].slice(0, limit);
}
