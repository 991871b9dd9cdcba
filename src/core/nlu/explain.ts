// Says why a sentence was heard as it was: which n-grams spoke for which intents, what the search found, which
// rule turned the result. For people who mend content. Decides nothing.
import type { Entity, Heard } from './heard.ts';
import { rowOf, vector } from './linear.ts';
import type { Reader } from './reader.ts';
import { hearWhole } from './understand.ts';
import { gramsOf } from './words.ts';

export interface Explanation {
  heard: Heard;
  /** The words that were judged, as normalised. */
  words: string[];
  /** Share of words ever seen in examples. */
  known: number;
  kinds: { kind: string; p: number }[];
  intents: {
    intent: string;
    p: number;
    /** N-grams that spoke most for it (and against it), with their part of the score. */
    because: { gram: string; weight: number }[];
  }[];
  facets: { facet: string; p: number }[];
  found: { code: string; name: string; score: number }[];
  entities: Entity[];
  /** Rules that changed the outcome. */
  rules: string[];
}

/** Explains one message as a first turn; same judgement as understand(). */
export function explain(reader: Reader, text: string, now = 0): Explanation {
  const { heard, reading } = hearWhole(reader, text, { now });
  if (!reading)
    return {
      heard,
      words: [],
      known: 0,
      kinds: [],
      intents: [],
      facets: [],
      found: [],
      entities: heard.entities,
      rules: ['no words'],
    };
  const layer = reader.model.matters;
  const g = gramsOf(reading.words, true);
  const rows = vector(layer, g);
  // vector() drops unknown n-grams; walk the known ones in the same order to name them.
  const known = g.names!.filter((_, i) => rowOf(layer, g.hashes[i]!) >= 0);
  const intents = reading.intents.slice(0, 5).map((c) => {
    const label = reader.labelOf.get(c.intent)!;
    const parts = Array.from({ length: rows.n }, (_, i) => ({
      gram: known[i]!,
      weight:
        rows.values[i]! * layer.scales[rows.rows[i]!]! * layer.weights[rows.rows[i]! * layer.labels + label]!,
    })).sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
    return {
      intent: c.intent,
      p: c.score,
      because: parts.slice(0, 10).map((x) => ({ gram: x.gram, weight: Math.round(x.weight * 1000) / 1000 })),
    };
  });
  return {
    heard,
    words: reading.words.map((w) => w.text),
    known: reading.known,
    kinds: [...reading.kinds]
      .map(([kind, p]) => ({ kind, p }))
      .sort((a, b) => b.p - a.p)
      .slice(0, 5),
    intents,
    facets: reading.facets.slice(0, 5),
    found: reading.found.slice(0, 5).map((f) => ({ code: f.code, name: f.name, score: f.score })),
    entities: heard.entities,
    rules: reading.because,
  };
}
