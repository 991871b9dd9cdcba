// Hears one message: which intent, which facts are asked, how sure; several matters one by one. Keeps the topic for
// "thế còn lệ phí?". Decides nothing about what to answer.
import { namedInEnglish } from './english.ts';
import { findEntities } from './entities/index.ts';
import type { Word } from './features.ts';
import type { Action, HearContext, Heard, Kind } from './heard.ts';
import { FACET_ONLY } from './model.ts';
import type { Token } from './normalize.ts';
import { spots } from './phrases.ts';
import type { Reader } from './reader.ts';
import { KNOWN, procedureMass, type Reading, readWords } from './reading.ts';
import { search } from './search.ts';
import { announced, items, type Piece, segments, sharing } from './split.ts';
import { isFrame, read } from './words.ts';

/** Thresholds, each with its meaning; measured by evaluate on the project's content. */
const SURE = 0.55;
/** Below: not even worth a question. */
const FAINT = 0.22;
/** What is longer is a file, not a message: the rest is not even cleaned. UTF-16 units. */
const LONGEST = 20_000;
/** Below: no procedure is meant, however much the sentence sounds like a question about one. */
const LOST = 0.12;
/** A second reading this near the first is a rival. */
const CLOSE = 0.45;
/** A part of a message is a matter of its own when it is heard as surely as this. */
const CLEAR = 0.72;

/** What a message that is clear as a whole lists besides is heard as surely as this, and named in so few words. */
const SURELY = 0.9;
const NAMED = 5;

/** A part in danger is heard as surely as this, or the whole message gives its kind at least that. */
const OUTCRY = 0.99;
const BORNE_OUT = 0.05;

/** Vietnamese and Latin words that say nothing: empty, numbers alone. */
const hasLetters = (words: readonly Word[]): boolean => words.some((w) => /\p{L}/u.test(w.folded));

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

/** The procedures that an English question names; a family's are equally likely. */
function inEnglish(reader: Reader, text: string, score: number): Heard['procedures'] {
  const ids = namedInEnglish(reader, text).flatMap((id) =>
    id.startsWith('contrast:') ? (reader.families.get(id.slice(9)) ?? []) : [id],
  );
  return ids.flatMap((intent) => {
    const code = reader.codes.get(intent);
    return code === undefined ? [] : [{ code, intent, score: score / ids.length }];
  });
}

const isGuarded = (reader: Reader, intent: string | undefined): boolean =>
  intent !== undefined && reader.floors.has(reader.labelOf.get(intent) ?? -1);

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

/** The one procedure whose code was typed. */
function codeAsked(entities: Heard['entities']): string | undefined {
  const codes = new Set(entities.flatMap((e) => (e.type === 'procedure-code' ? [e.value] : [])));
  return codes.size === 1 ? [...codes][0] : undefined;
}
/** Of these the code is a circumstance: whoever reports or complains about a procedure does not ask for it. */
const OTHERWISE: ReadonlySet<Kind> = new Set([
  'phan-anh',
  'kien-nghi',
  'khieu-nai',
  'to-cao',
  'information-request',
  'private-dispute',
  'crime-report',
  'emergency',
  'human',
  'abuse',
  'manipulation',
]);
/** Never asked of a dossier that was handed in, as "đến đâu rồi", "xong chưa" are. */
const OF_PROCEDURE: ReadonlySet<Heard['facets'][number]> = new Set([
  'documents',
  'time',
  'fee',
  'form',
  'legal-basis',
]);

/** What one stretch of words means. */
function hear(
  reader: Reader,
  text: string,
  tokens: readonly Token[],
  entities: Heard['entities'],
  context: HearContext,
): { heard: Heard; reading?: Reading } {
  const code = codeAsked(entities);
  if (!hasLetters(tokens) && code === undefined) return { heard: nothing(text, entities) };
  const reading = readWords(reader, tokens);
  const { because } = reading;
  let { kind } = reading;
  const mass = reading.kinds.get(kind) ?? 0;
  let top = reading.intents[0];
  const facets = reading.asked;

  if (
    code !== undefined &&
    !(OTHERWISE.has(kind) && mass >= SURE) &&
    (kind !== 'status' || facets.some((f) => OF_PROCEDURE.has(f)))
  ) {
    because.push(`the procedure's code is said: ${code}`);
    const intent = [...reader.codes].find(([, c]) => c === code)?.[0];
    const heard: Heard = {
      text,
      kind: 'procedure',
      intents: intent === undefined ? [] : [{ intent, score: 1 }],
      procedures: intent === undefined ? [{ code, score: 1 }] : proceduresOf(reader, reading, intent),
      facets: hasLetters(tokens) ? facets : ['overview'],
      entities,
      certainty: 1,
      action: intent === undefined ? 'offer' : 'answer',
    };
    return { heard, reading };
  }

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
  // What follows something told hangs on it, as "where do I send it" does.
  const hangs = bare && context.topic !== undefined;
  const lost = !hangs && kind === 'procedure' && meant < LOST && ownWords(reader, reading.words) >= 2;
  const guarded = isGuarded(reader, top?.intent);
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
  const procedures = reader.inEnglish.has(top?.intent ?? '')
    ? inEnglish(reader, text, score)
    : proceduresOf(reader, reading);
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

const oneOfEach = (all: readonly Heard[]): Heard[] =>
  all.filter((h, i) => all.findIndex((x) => x.intents[0]!.intent === h.intents[0]!.intent) === i);

/** Kinds that are never a matter of their own beside another one. */
const POLITE: ReadonlySet<Kind> = new Set(['small-talk', 'abuse', 'unclear', 'about-bot', 'out-of-scope']);

/** Hears one message. Same reader, text and context: same answer. At most the first 4,000 characters are read. */
export function understand(reader: Reader, text: string, context: HearContext): Heard {
  return hearWhole(reader, text, context).heard;
}

/** A cry is short, and heard as surely as this; a message of more clauses is a story. */
const CRY_WORDS = [3, 8] as const;
const CRY = 0.95;
const CRY_CLAUSES = 4;

/** "Rác chất đống ngõ 5, trời ơi nhà bên cháy rồi": one clause that cries for help, where the whole sounds like less; and the rest. */
function cryIn(
  reader: Reader,
  text: string,
  words: readonly Token[],
  whole: Heard,
  context: HearContext,
): { heard: Heard; rest: string } | undefined {
  if (isGuarded(reader, whole.intents[0]?.intent)) return undefined;
  const clauses: Token[][] = [[]];
  for (const [i, w] of words.entries()) {
    if (i > 0 && /[,.;:!?\n]/.test(text.slice(words[i - 1]!.end, w.start))) clauses.push([]);
    clauses.at(-1)!.push(w);
  }
  if (clauses.length < 2 || clauses.length > CRY_CLAUSES) return undefined;
  for (const clause of clauses) {
    if (clause.length < CRY_WORDS[0] || clause.length > CRY_WORDS[1]) continue;
    const [start, end] = [clause[0]!.start, clause.at(-1)!.end];
    const said = text.slice(start, end);
    if (spots(reader, reader.sayings.outcry, clause, text).length === 0) continue;
    const { heard, reading } = hear(reader, said, clause, [], { now: context.now });
    const sure = heard.kind === 'emergency' && (heard.intents[0]?.score ?? 0) >= CRY;
    const rest = `${text.slice(0, start)} ${text.slice(end)}`.replace(/^[\s,.;:!?]+|[\s,.;:!?]+$/g, '');
    if (sure && reading!.known >= KNOWN) return { heard, rest };
  }
  return undefined;
}

export function hearWhole(
  reader: Reader,
  text: string,
  context: HearContext,
): { heard: Heard; reading?: Reading } {
  const { normalized, words } = read(text.length > LONGEST ? text.slice(0, LONGEST) : text, reader.lexicon);
  const entities = findEntities(normalized, reader.gazetteer, context.now);
  // The letters of a code are no words, unless nothing else is said.
  const codes = entities.filter((e) => e.type === 'case-code');
  const spoken = <T extends Token>(tokens: readonly T[]): readonly T[] => {
    if (codes.length === 0) return tokens;
    const rest = tokens.filter((w) => !codes.some((c) => c.start <= w.start && w.end <= c.end));
    return hasLetters(rest) ? rest : tokens;
  };
  const whole = hear(reader, normalized.text, spoken(words), entities, context);
  const cry = cryIn(reader, normalized.text, spoken(words), whole.heard, context);
  if (cry) {
    const heard = {
      ...cry.heard,
      text: whole.heard.text,
      entities,
      parts: [cry.heard, understand(reader, cry.rest, context)],
    };
    return { heard, reading: whole.reading! };
  }
  const pieces = segments(reader, normalized);
  const parts: Heard[] = [];
  const take = (piece: Piece, least = CLEAR, listed: 'no' | 'listed' | 'announced' = 'no'): boolean => {
    const start = piece.tokens[0]!.start;
    const end = piece.tokens.at(-1)!.end;
    const inside = entities
      // A piece that got half of an identity number must not keep that half.
      .filter((e) =>
        e.type === 'identity-number' ? e.start < end && e.end > start : e.start >= start && e.end <= end,
      )
      .map((e) => ({ ...e, start: Math.max(0, e.start - start), end: Math.min(e.end, end) - start }));
    const { heard, reading } = hear(reader, normalized.text.slice(start, end), spoken(piece.tokens), inside, {
      now: context.now,
    });
    if (POLITE.has(heard.kind) || reading?.intents[0]?.intent === FACET_ONLY) return true;
    const last = parts.at(-1);
    const first = heard.intents[0];
    // Both halves must be clear by themselves, and of different matters; otherwise it is one story.
    if (!first || first.score < least || reading!.known < 0.7) return false;
    // Half a story sounds like danger sooner than the whole of it: unless it cries out, the whole must bear it out.
    if (isGuarded(reader, first.intent) && first.score < OUTCRY) {
      if ((whole.reading?.kinds.get(heard.kind) ?? 0) < BORNE_OUT) return false;
    }
    // Papers listed are no matters: each of a list is something that can be answered by itself.
    if (listed === 'listed' && first.intent.startsWith('contrast:')) return false;
    if (parts.some((x) => x.intents[0]!.intent === first.intent)) return true;
    // Look-alikes are one matter in two words; holes in the road and dark lamps are two all the same.
    const reports = listed === 'listed' && last?.kind === 'phan-anh' && heard.kind === 'phan-anh';
    if (
      last &&
      !reports &&
      listed !== 'announced' &&
      contrastBetween(reader, last.intents[0]!.intent, first.intent) !== undefined
    )
      return true;
    parts.push(heard);
    return true;
  };
  // What says that it is several is taken so: "hai việc: …". What is lost with one verb is lost one by one.
  const several = announced(reader, normalized);
  if (several.length > 1 && !several.every((i) => take(i, SURE, 'announced'))) parts.length = 0;
  if (parts.length < 2 && whole.heard.kind === 'procedure') {
    const lost = sharing(reader, normalized).map((said) => understand(reader, said, context));
    const sure = lost.filter((h) => h.kind === 'procedure' && (h.intents[0]?.score ?? 0) >= CLEAR);
    parts.splice(0, parts.length, ...oneOfEach(sure));
  }
  if (parts.length > 1) return { heard: { ...whole.heard, parts }, reading: whole.reading! };
  parts.length = 0;
  const clear = pieces.length < 2 && (whole.heard.intents[0]?.score ?? 1) >= CLEAR;
  // One word may drown the others of "tiếng ồn với khói bụi": of a report it is seen whether it lists several.
  if (clear && whole.heard.kind !== 'phan-anh') return whole;
  // What was denied is no matter beside its correction.
  if (whole.reading && whole.reading.words.length < spoken(words).length) return whole;
  // Two things with a comma between are a story sooner: "rác chất đống, bốc mùi".
  const lists = (of: readonly Piece[]): boolean =>
    of.every((i) => i.tokens.length <= NAMED) && (of.length > 2 || !normalized.text.includes(','));
  for (const piece of pieces) {
    // Perhaps a list of matters: all of its items, or none; then it may be one matter.
    const list = items(reader, normalized, piece);
    const before = parts.length;
    if (
      list.length > 1 &&
      (!clear || lists(list)) &&
      list.every((i) => take(i, clear ? SURELY : SURE, 'listed'))
    )
      if (!clear || (parts.length === list.length && parts.every((x) => x.kind === 'phan-anh'))) continue;
    parts.length = before;
    if (pieces.length > 1) take(piece);
  }
  if (parts.length < 2) return whole;
  // One who is in danger and asks something besides is in danger.
  const danger = parts.find((x) => isGuarded(reader, x.intents[0]?.intent));
  const heard = danger ? { ...danger, text: whole.heard.text, entities } : whole.heard;
  return { heard: { ...heard, parts }, reading: whole.reading! };
}
