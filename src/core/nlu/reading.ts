// What the words of a stretch say by themselves, before any conversation is known: the classifier and the search in one
// opinion, protected intents first. Decides nothing about what to answer.
import { type FacetsAsked, facetsAsked } from './facets.ts';
import { hash, type Word } from './features.ts';
import { type Candidate, KINDS, type Kind } from './heard.ts';
import { joined } from './judge.ts';
import { probabilities, rowOf } from './linear.ts';
import { FACET_ONLY } from './model.ts';
import type { Token } from './normalize.ts';
import type { Reader } from './reader.ts';
import { type Found, search } from './search.ts';
import { focus, gramsOf } from './words.ts';

/** Share of words that must be known before a weak reading is believed. */
export const KNOWN = 0.55;
/** How much the search may move a procedure's score (natural log units for a perfect find). */
const SEARCH_SAY = 1.6;

export interface Reading extends FacetsAsked {
  words: Token[];
  /** Calibrated probability of each label, search included. */
  p: Float32Array;
  found: Found[];
  /** Share of the words that were ever seen in examples. */
  known: number;
  kinds: Map<Kind, number>;
  kind: Kind;
  intents: Candidate[];
  /** Why the kind or order is not simply the best score. */
  because: string[];
}

function knownShare(reader: Reader, words: readonly Word[]): number {
  let known = 0;
  let all = 0;
  for (const w of words) {
    if (!/\p{L}/u.test(w.folded)) continue;
    all++;
    if (rowOf(reader.model.matters, hash(`f:${w.folded}`)) >= 0) known++;
  }
  return all === 0 ? 0 : known / all;
}

/** Whether a kind that is protected as a whole has reached its threshold. */
const kindReached = (reader: Reader, kinds: ReadonlyMap<Kind, number>, kind: Kind): boolean =>
  (kinds.get(kind) ?? 0) >= (reader.kindFloors.get(kind) ?? Number.POSITIVE_INFINITY);

function intentOf(reader: Reader, label: number): string {
  return reader.model.labels[label]!;
}

/** What the classifier and the search make of words as the name of a matter. */
interface Matter {
  p: Float32Array;
  found: Found[];
}

function matterOf(reader: Reader, words: readonly Word[]): Matter {
  const { model } = reader;
  const raw = joined(model.matters, reader.kindAt, gramsOf(words));
  const found = search(model.search, words, 8);
  for (const f of found) {
    const label = f.intent === undefined ? undefined : reader.labelOf.get(f.intent);
    if (label !== undefined)
      raw[label] = raw[label]! + SEARCH_SAY * model.temperature * Math.max(0, f.score - 0.35);
  }
  return { p: probabilities(raw, model.temperature, 'softmax'), found };
}

/** A few words are a matter's name, or that of a family, when the classifier is this sure of it and the search finds it. */
const NAMED_SCORE = 0.5;
const NAMED_FOUND = 0.45;
/** One word alone resembles too much: "chiều" is no "hộ chiếu". A name is not long, and a longer message is a story. */
const NAME_WORDS = [2, 7] as const;
const LONGEST_ASKED = 20;
/** And the rest asks, as surely as this. */
const ASKS = 0.9;

/**
 * "Khai sinh hết bao nhiêu tiền mấy ngày xong nộp ở đâu": so much is asked that the name is lost among it. Where a few
 * words are a name and all others only ask, the shortest such name says what is meant.
 */
function namedBeside(reader: Reader, words: readonly Token[]): Matter | undefined {
  const only = reader.labelOf.get(FACET_ONLY);
  if (only === undefined || words.length > LONGEST_ASKED) return undefined;
  for (let size = NAME_WORDS[0]; size <= Math.min(NAME_WORDS[1], words.length - 1); size++)
    for (let at = 0; at + size <= words.length; at++) {
      const name = words.slice(at, at + size);
      const matter = matterOf(reader, name);
      if (!isName(reader, matter) || facetsAsked(reader, name).asked[0] !== 'overview') continue;
      const rest = [...words.slice(0, at), ...words.slice(at + size)];
      if (matterOf(reader, rest).p[only]! >= ASKS) return matter;
    }
  return undefined;
}

/** Whether this is surely what the search finds first, or one of its family. */
function isName(reader: Reader, { p, found }: Matter): boolean {
  const first = found[0];
  if (first?.intent === undefined || first.score < NAMED_FOUND) return false;
  const own = p[reader.labelOf.get(first.intent) ?? -1] ?? 0;
  const family = (c: Reader['contrasts'][number]): number =>
    c.members.reduce((sum, m) => sum + (p[reader.labelOf.get(m) ?? -1] ?? 0), p[c.label]!);
  const families = reader.contrasts.filter((c) => c.members.includes(first.intent!)).map(family);
  return Math.max(own, ...families) >= NAMED_SCORE;
}

/** All that can be said of the words alone, before any conversation is known. */
export function readWords(reader: Reader, tokens: readonly Token[]): Reading {
  const words = focus(tokens);
  const { model } = reader;
  const because: string[] = [];
  let { p, found } = matterOf(reader, words);
  const only = reader.labelOf.get(FACET_ONLY);
  if (only !== undefined && p.every((x) => x <= p[only]!)) {
    const named = namedBeside(reader, words);
    if (named) {
      because.push('facets are asked, of a matter that is named');
      ({ p, found } = named);
    }
  }
  const known = knownShare(reader, words);

  const sums = new Float64Array(KINDS.length);
  for (let l = 0; l < p.length; l++) sums[reader.kindAt[l]!] = sums[reader.kindAt[l]!]! + p[l]!;
  const kinds = new Map(KINDS.flatMap((kind, k) => (sums[k]! > 0 ? [[kind, sums[k]!] as const] : [])));
  let kind: Kind = 'unclear';
  let mass = 0;
  for (const [k, m] of kinds) if (m > mass) [kind, mass] = [k, m];

  let candidates: Candidate[] = [];
  for (let l = 0; l < p.length; l++) {
    if (p[l]! >= 0.005) candidates.push({ intent: intentOf(reader, l), score: p[l]! });
  }
  candidates.sort((a, b) => b.score - a.score || (a.intent < b.intent ? -1 : 1));
  const kindOfLabel = (id: string): Kind => model.kinds[reader.labelOf.get(id)!]!;

  // Protected intents: at their floor they win, whatever scores better. Among letters that make no words, one word
  // that is often cried calls nobody's ambulance.
  let guarded: Candidate | undefined;
  for (const [label, floor] of reader.floors)
    if (
      (known >= KNOWN || p[label]! >= 0.8) &&
      p[label]! > (guarded?.score ?? 0) &&
      (p[label]! >= floor || kindReached(reader, kinds, model.kinds[label]!))
    )
      guarded = { intent: intentOf(reader, label), score: p[label]! };
  if (guarded) {
    kind = kindOfLabel(guarded.intent);
    if (candidates[0]?.intent !== guarded.intent)
      because.push(`protected intent ${guarded.intent} reached its floor`);
  }

  const same = candidates.filter((c) => kindOfLabel(c.intent) === kind && c.intent !== guarded?.intent);
  const others = candidates.filter((c) => kindOfLabel(c.intent) !== kind);
  candidates = [...(guarded ? [guarded] : []), ...same, ...others].slice(0, 8);

  return {
    words,
    p,
    found,
    known,
    kinds,
    kind,
    intents: candidates,
    ...facetsAsked(reader, words),
    because,
  };
}

/** Mass of each written procedure; a family's is shared by its members as far as they have a score of their own. */
export function procedureMass(reader: Reader, reading: Pick<Reading, 'p' | 'found'>): Map<string, number> {
  const mass = new Map<string, number>();
  for (const { id, label } of reader.procedures) mass.set(id, reading.p[label]!);
  const bySearch = new Map(reading.found.map((f) => [f.intent, f.score]));
  for (const { label, members } of reader.contrasts) {
    const p = reading.p[label]!;
    if (p < 0.02) continue;
    const own = members.map((m) => (mass.get(m) ?? 0) + 0.02 + 0.1 * (bySearch.get(m) ?? 0));
    const sum = own.reduce((a, b) => a + b, 0);
    for (const [i, m] of members.entries()) mass.set(m, (mass.get(m) ?? 0) + (p * own[i]!) / sum);
  }
  return mass;
}
