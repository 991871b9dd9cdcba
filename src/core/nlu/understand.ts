// Hears one message: which intent, which facts are asked, how sure. Fuses the classifier with the search, lets
// protected intents win, keeps the topic for "thế còn lệ phí?". Decides nothing about what to answer.
import { findEntities } from './entities/index.ts';
import type { Word } from './features.ts';
import { hash } from './features.ts';
import {
  type Action,
  type Candidate,
  FACETS,
  type Facet,
  type HearContext,
  type Heard,
  KINDS,
  type Kind,
} from './heard.ts';
import { joined } from './judge.ts';
import { probabilities, rowOf, scores } from './linear.ts';
import { FACET_ONLY } from './model.ts';
import type { Token } from './normalize.ts';
import type { Reader } from './reader.ts';
import { type Found, search } from './search.ts';
import { items, type Piece, segments } from './split.ts';
import { facetGramsOf, focus, gramsOf, isFrame, read } from './words.ts';

/** Thresholds, each with its meaning; measured by evaluate on the project's content. */
export const SURE = 0.55;
/** Below: not even worth a question. */
const FAINT = 0.22;
/** What is longer is a file, not a message: the rest is not even cleaned. UTF-16 units. */
const LONGEST = 20_000;
/** Below: no procedure is meant, however much the sentence sounds like a question about one. */
const LOST = 0.12;
/** A second reading this near the first is a rival. */
const CLOSE = 0.45;
/** Share of words that must be known before a weak reading is believed. */
const KNOWN = 0.55;
/** A second facet is asked for above this (two in one breath share one certainty). */
const FACET_TOO = 0.3;
const FACET_SAID = 0.42;
/** A clause asks for a facet of its own above this, if the whole does not speak against it. */
const CLAUSE_SURE = 0.9;
const CLAUSE_LEAST = 0.01;
/** A part of a message is a matter of its own when it is heard as surely as this. */
const CLEAR = 0.72;
/** How much the search may move a procedure's score (natural log units for a perfect find). */
const SEARCH_SAY = 1.6;

export interface Reading {
  words: Token[];
  /** Calibrated probability of each label, search included. */
  p: Float32Array;
  found: Found[];
  /** Share of the words that were ever seen in examples. */
  known: number;
  kinds: Map<Kind, number>;
  kind: Kind;
  intents: Candidate[];
  facets: { facet: Facet; p: number }[];
  /** Facets that a clause of its own asks for, beside the first one. */
  also: Facet[];
  /** Why the kind or order is not simply the best score. */
  because: string[];
}

/** Vietnamese and Latin words that say nothing: empty, numbers alone. */
const hasLetters = (words: readonly Word[]): boolean => words.some((w) => /\p{L}/u.test(w.folded));

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

/** Words of a matter, not of the frame that questions share. */
function ownWords(reader: Reader, words: readonly Word[]): number {
  return words.filter((w) => /\p{L}{2}/u.test(w.folded) && !isFrame(w.folded, reader.model.search.asked))
    .length;
}

/** The letters of a Vietnamese syllable, diacritics removed: start, one to three vowels, end. */
const SYLLABLE = /^(ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnprstvx])?[aeiouy]{1,3}(ng|nh|ch|[cmnpt])?$/;
function syllables(words: readonly Word[]): number {
  const letters = words.filter((w) => /^\p{L}+$/u.test(w.folded));
  if (letters.length === 0) return 0;
  return letters.filter((w) => SYLLABLE.test(w.folded)).length / letters.length;
}

/** Whether a kind that is protected as a whole has reached its threshold. */
const kindReached = (reader: Reader, kinds: ReadonlyMap<Kind, number>, kind: Kind): boolean =>
  (kinds.get(kind) ?? 0) >= (reader.kindFloors.get(kind) ?? Number.POSITIVE_INFINITY);

function intentOf(reader: Reader, label: number): string {
  return reader.model.labels[label]!;
}

/** All that can be said of the words alone, before any conversation is known. */
export function readWords(reader: Reader, tokens: readonly Token[]): Reading {
  const words = focus(tokens);
  const { model } = reader;
  const because: string[] = [];
  const g = gramsOf(words);
  const raw = joined(model.matters, reader.kindAt, g);
  const found = search(model.search, words, 8);
  for (const f of found) {
    const label = f.intent === undefined ? undefined : reader.labelOf.get(f.intent);
    if (label !== undefined)
      raw[label] = raw[label]! + SEARCH_SAY * model.temperature * Math.max(0, f.score - 0.35);
  }
  const p = probabilities(raw, model.temperature, 'softmax');
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
  if (guarded && candidates[0]?.intent !== guarded.intent) {
    because.push(`protected intent ${guarded.intent} reached its floor`);
    kind = kindOfLabel(guarded.intent);
    mass = Math.max(kinds.get(kind) ?? 0, guarded.score);
  } else if (guarded) kind = kindOfLabel(guarded.intent);

  const same = candidates.filter((c) => kindOfLabel(c.intent) === kind && c.intent !== guarded?.intent);
  const others = candidates.filter((c) => kindOfLabel(c.intent) !== kind);
  candidates = [...(guarded ? [guarded] : []), ...same, ...others].slice(0, 8);

  const facetP = facetsIn(reader, words);
  const facets = FACETS.map((facet, i) => ({ facet, p: facetP[i]! })).sort((a, b) => b.p - a.p);

  return {
    words,
    p,
    found,
    known,
    kinds,
    kind,
    intents: candidates,
    facets,
    also: alsoAsked(reader, words, facets),
    because,
  };
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
function alsoAsked(reader: Reader, words: readonly Token[], facets: Reading['facets']): Facet[] {
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
function facetsOf(reading: Reading): Facet[] {
  const [first, ...rest] = reading.facets;
  if (!first) return ['overview'];
  // A close second to "nothing in particular" is what was asked: "lệ phí" said once in a longer sentence.
  if (first.facet === 'overview') return rest[0] && rest[0].p >= FACET_SAID ? [rest[0].facet] : ['overview'];
  const more = rest.filter(
    (f) => f.facet !== 'overview' && (f.p >= FACET_TOO || reading.also.includes(f.facet)),
  );
  return [first.facet, ...more.slice(0, 3).map((f) => f.facet)];
}

/** The declared contrast between two intents, the narrowest one. */
function contrastBetween(reader: Reader, a: string, b: string): string | undefined {
  let best: string | undefined;
  let size = Number.POSITIVE_INFINITY;
  for (const [id, family] of reader.families) {
    if (family.length >= size) continue;
    const has = (x: string): boolean => x === `contrast:${id}` || family.includes(x);
    if (has(a) && has(b)) [best, size] = [id, family.length];
  }
  return best;
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

/** Codes, best first: written procedures by their mass, others by what the search makes of their names. */
function proceduresOf(reader: Reader, reading: Reading, first?: string): Heard['procedures'] {
  const mass = procedureMass(reader, reading);
  const listed = new Map<string, Heard['procedures'][number]>();
  for (const [intent, score] of mass)
    if (score >= 0.01)
      listed.set(reader.codes.get(intent)!, { code: reader.codes.get(intent)!, intent, score });
  const covered = Math.min(
    1,
    [...mass.values()].reduce((a, b) => a + b, 0),
  );
  const beyond = [...reading.found.filter((f) => !f.intent || !reader.labelOf.has(f.intent))];
  if (reader.catalogue) beyond.push(...search(reader.catalogue, reading.words, 5));
  for (const f of beyond) {
    if (listed.has(f.code)) continue;
    // A find by name alone is worth what the classifier left open.
    const score = Math.max(0.01, f.score - 0.4) * (1 - 0.7 * covered);
    if (f.score >= 0.45)
      listed.set(f.code, { code: f.code, ...(f.intent === undefined ? {} : { intent: f.intent }), score });
  }
  const all = [...listed.values()].sort((a, b) => b.score - a.score || (a.code < b.code ? -1 : 1));
  if (first !== undefined) {
    const at = all.findIndex((x) => x.intent === first);
    if (at > 0) all.unshift(...all.splice(at, 1));
    else if (at < 0 && reader.codes.has(first))
      all.unshift({ code: reader.codes.get(first)!, intent: first, score: 1 });
  }
  return all.slice(0, 5);
}

function nothing(text: string, entities: Heard['entities']): Heard {
  return {
    text,
    kind: 'unclear',
    intents: [],
    procedures: [],
    facets: [],
    entities,
    certainty: 0,
    action: 'offer',
  };
}

/** What one stretch of words means. */
function hear(
  reader: Reader,
  text: string,
  tokens: readonly Token[],
  entities: Heard['entities'],
  context: HearContext,
): { heard: Heard; reading?: Reading } {
  if (!hasLetters(tokens)) return { heard: nothing(text, entities) };
  const reading = readWords(reader, tokens);
  const { because } = reading;
  let { kind } = reading;
  const mass = reading.kinds.get(kind) ?? 0;
  let top = reading.intents[0];
  const facets = facetsOf(reading);

  // "Thế còn lệ phí?": a facet and no procedure, while one is being talked about.
  const bare = top?.intent === FACET_ONLY && kind === 'procedure';
  if (bare && context.topic !== undefined && reader.codes.has(context.topic)) {
    because.push('a facet without a procedure: the topic is kept');
    const score = Math.max(mass, 0.6);
    const heard: Heard = {
      text,
      kind,
      intents: [{ intent: context.topic, score }],
      procedures: proceduresOf(reader, reading, context.topic),
      facets,
      entities,
      certainty: score,
      action: 'answer',
    };
    return { heard, reading };
  }

  const strange = reading.known < KNOWN;
  let certainty = Math.min(mass, 1);
  // Familiar words, but no procedure that they mean: the question's frame alone made it look like one.
  const meant = reading.intents.find((c) => c.intent !== FACET_ONLY)?.score ?? 0;
  const lost = kind === 'procedure' && meant < LOST && ownWords(reader, reading.words) >= 2;
  const guarded = top !== undefined && reader.floors.has(reader.labelOf.get(top.intent)!);
  if (!guarded && ((strange && certainty < 0.8) || reading.known < 0.3)) {
    if (syllables(tokens) < 0.5 && reading.known < 0.3) {
      because.push('letters without words');
      return { heard: { ...nothing(text, entities), certainty: 1 - reading.known }, reading };
    }
    if (kind !== 'out-of-scope' && certainty < 0.8) {
      because.push(`few known words (${reading.known.toFixed(2)}) and an unsure reading`);
      kind = 'out-of-scope';
      certainty = Math.max(0.3, 1 - certainty);
    }
  }

  if (lost && kind === 'procedure') {
    because.push(
      `looks like a question about a procedure, but about none that is known (${meant.toFixed(2)})`,
    );
    kind = 'out-of-scope';
    certainty = 1 - mass * meant;
  }

  const intents = reading.intents.filter((c) => c.intent !== FACET_ONLY);
  top = intents[0];
  const second = intents[1];
  let action: Action;
  let contrast: string | undefined;
  const score = top?.score ?? 0;
  if (lost) action = 'rephrase';
  else if (kind === 'out-of-scope' || kind === 'unclear') action = certainty >= SURE ? 'answer' : 'offer';
  else if (bare) action = 'rephrase';
  else if (top?.intent.startsWith('contrast:')) {
    contrast = top.intent.slice(9);
    action = 'ask';
  } else if (guarded) action = 'answer';
  else {
    const rival = second && second.score > CLOSE * score ? second : undefined;
    const family = top && second ? contrastBetween(reader, top.intent, second.intent) : undefined;
    if (score >= SURE && !(rival && score < 0.6)) action = 'answer';
    else if (family !== undefined && score + second!.score >= 0.4) {
      contrast = family;
      action = 'ask';
    } else if (rival && score + rival.score >= SURE) action = 'ask';
    else if (score >= 0.4 && !rival) action = 'answer';
    else if (score >= FAINT) action = rival ? 'ask' : 'rephrase';
    else action = mass >= SURE ? 'rephrase' : 'offer';
  }
  if (kind === reading.kind) certainty = Math.min(certainty, Math.max(score, bare ? mass : 0));
  const procedures = proceduresOf(reader, reading);
  const heard: Heard = {
    text,
    kind,
    intents,
    procedures: kind === 'procedure' ? procedures : procedures.filter((x) => x.score >= 0.1),
    facets: kind === 'procedure' ? facets : [],
    entities,
    certainty: Math.max(0, Math.min(1, certainty)),
    action,
  };
  if (contrast !== undefined) heard.contrast = contrast;
  return { heard, reading };
}

/** Kinds that are never a matter of their own beside another one. */
const POLITE: ReadonlySet<Kind> = new Set(['small-talk', 'abuse', 'unclear', 'about-bot', 'out-of-scope']);

/** Hears one message. Same reader, text and context: same answer. At most the first 4,000 characters are read. */
export function understand(reader: Reader, text: string, context: HearContext): Heard {
  return hearWhole(reader, text, context).heard;
}

export function hearWhole(
  reader: Reader,
  text: string,
  context: HearContext,
): { heard: Heard; reading?: Reading } {
  const { normalized, words } = read(text.length > LONGEST ? text.slice(0, LONGEST) : text, reader.lexicon);
  const entities = findEntities(normalized, reader.gazetteer, context.now);
  const whole = hear(reader, normalized.text, words, entities, context);
  const pieces = segments(normalized);
  const parts: Heard[] = [];
  const take = (piece: Piece, least = CLEAR): boolean => {
    const start = piece.tokens[0]!.start;
    const end = piece.tokens.at(-1)!.end;
    const inside = entities
      .filter((e) => e.start >= start && e.end <= end)
      .map((e) => ({ ...e, start: e.start - start, end: e.end - start }));
    const { heard, reading } = hear(reader, normalized.text.slice(start, end), piece.tokens, inside, {
      now: context.now,
    });
    if (POLITE.has(heard.kind) || reading?.intents[0]?.intent === FACET_ONLY) return true;
    const last = parts.at(-1);
    const first = heard.intents[0];
    // Both halves must be clear by themselves, and of different matters; otherwise it is one story.
    if (!first || first.score < least || reading!.known < 0.7) return false;
    if (parts.some((x) => x.intents[0]!.intent === first.intent)) return true;
    if (last && contrastBetween(reader, last.intents[0]!.intent, first.intent) !== undefined) return true;
    parts.push(heard);
    return true;
  };
  if (pieces.length < 2 && (whole.heard.intents[0]?.score ?? 1) >= CLEAR) return whole;
  for (const piece of pieces) {
    if (pieces.length > 1 && take(piece)) continue;
    // No matter of its own, but perhaps a list of some: all of its items, or none.
    const list = items(normalized, piece);
    const before = parts.length;
    if (list.length > 1 && !list.every((item) => take(item, SURE))) parts.length = before;
  }
  if (parts.length < 2) return whole;
  return { heard: { ...whole.heard, parts }, reading: whole.reading! };
}
