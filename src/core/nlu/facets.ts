// Which facts about a matter a message asks for: by the whole of it, and by each of its clauses.
import type { Word } from './features.ts';
import { FACETS, type Facet } from './heard.ts';
import { probabilities, scores } from './linear.ts';
import type { Token } from './normalize.ts';
import type { Reader } from './reader.ts';
import { facetGramsOf } from './words.ts';

/** A second facet is asked for above this (two in one breath share one certainty). */
const FACET_TOO = 0.3;
const FACET_SAID = 0.42;
/** A clause asks for a facet of its own above this, if the whole does not speak against it. */
const CLAUSE_SURE = 0.9;
const CLAUSE_LEAST = 0.01;

/** What is asked about a matter: every facet with its probability, best first. */
export interface FacetsAsked {
  facets: { facet: Facet; p: number }[];
  /** Facets that a clause of its own asks for, beside the first one. */
  also: Facet[];
}

export function facetsAsked(reader: Reader, words: readonly Token[]): FacetsAsked {
  const p = facetsIn(reader, words);
  const facets = FACETS.map((facet, i) => ({ facet, p: p[i]! })).sort((a, b) => b.p - a.p);
  return { facets, also: alsoAsked(reader, words, facets) };
}

/** Where a clause ends: something other than one space stood between two words, or they are joined by "và". */
function clauses(words: readonly Token[]): Token[][] {
  const out: Token[][] = [];
  let current: Token[] = [];
  for (const [i, w] of words.entries()) {
    const gap = i > 0 && w.start - words[i - 1]!.end > 1;
    if ((gap || w.folded === 'va' || w.folded === 'voi') && current.length > 0) {
      out.push(current);
      current = [];
    }
    if (w.folded !== 'va' && w.folded !== 'voi') current.push(w);
  }
  if (current.length > 0) out.push(current);
  return out;
}

/** "Cần giấy gì, nộp ở đâu, mấy ngày có": each clause asks for its own. */
function alsoAsked(reader: Reader, words: readonly Token[], facets: FacetsAsked['facets']): Facet[] {
  const parts = clauses(words.slice(-60)).filter((c) => c.length >= 2);
  if (parts.length < 2 || parts.length > 6) return [];
  const whole = new Map(facets.map((f) => [f.facet, f.p]));
  const out: Facet[] = [];
  for (const part of parts) {
    const p = facetsIn(reader, part);
    const best = p.indexOf(Math.max(...p));
    const facet = FACETS[best]!;
    if (facet !== 'overview' && p[best]! >= CLAUSE_SURE && (whole.get(facet) ?? 0) >= CLAUSE_LEAST)
      out.push(facet);
  }
  return out;
}

const facetsIn = (reader: Reader, words: readonly Word[]): Float32Array =>
  probabilities(
    scores(reader.model.facets, facetGramsOf(words, reader.model.search.asked)),
    reader.model.facetTemperature,
    'softmax',
  );

/** The facet asked about, and others asked in the same breath. */
export function facetsOf(reading: FacetsAsked): Facet[] {
  const [first, ...rest] = reading.facets;
  if (!first) return ['overview'];
  // A close second to "nothing in particular" is what was asked: "lệ phí" said once in a longer sentence.
  if (first.facet === 'overview') return rest[0] && rest[0].p >= FACET_SAID ? [rest[0].facet] : ['overview'];
  const more = rest.filter(
    (f) => f.facet !== 'overview' && (f.p >= FACET_TOO || reading.also.includes(f.facet)),
  );
  return [first.facet, ...more.slice(0, 3).map((f) => f.facet)];
}
