// Which facts about a matter a message asks for: by the whole of it, and by each of its clauses.
import type { Word } from './features.ts';
import { FACETS, type Facet } from './heard.ts';
import { probabilities, scores } from './linear.ts';
import type { Token } from './normalize.ts';
import type { Reader } from './reader.ts';
import { facetGramsOf } from './words.ts';

/** A facet is asked for when the whole says so this surely. */
const SAID = 0.5;
/** Or when a clause of its own does, if the whole does not speak against it. */
const CLAUSE_SAID = 0.8;
const CLAUSE_LEAST = 0.1;
/** Nobody asks for more in one message. */
const MOST = 4;

/** What is asked about a matter. */
export interface FacetsAsked {
  /** Every facet with its probability, best first; each by itself, so that several may be sure. */
  facets: { facet: Facet; p: number }[];
  /** Those that are asked for, best first; never none. */
  asked: Facet[];
}

export function facetsAsked(reader: Reader, words: readonly Token[]): FacetsAsked {
  const p = facetsIn(reader, words);
  const facets = FACETS.map((facet, i) => ({ facet, p: p[i]! })).sort((a, b) => b.p - a.p);
  const alone = askedAlone(reader, words);
  const asked = facets
    .filter(
      (f, i) =>
        f.facet !== 'overview' && (i === 0 || f.p >= SAID || (f.p >= CLAUSE_LEAST && alone.has(f.facet))),
    )
    .map((f) => f.facet)
    .slice(0, MOST);
  return { facets, asked: asked.length > 0 ? asked : ['overview'] };
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
function askedAlone(reader: Reader, words: readonly Token[]): ReadonlySet<Facet> {
  const parts = clauses(words.slice(-60)).filter((c) => c.length >= 2);
  const out = new Set<Facet>();
  if (parts.length < 2) return out;
  for (const part of parts)
    for (const [i, p] of facetsIn(reader, part).entries()) if (p >= CLAUSE_SAID) out.add(FACETS[i]!);
  return out;
}

const facetsIn = (reader: Reader, words: readonly Word[]): Float32Array =>
  probabilities(scores(reader.model.facets, facetGramsOf(words, reader.model.search.asked)), 1, 'logistic');
