// What a server reads messages with: lexicon, gazetteer, learned layers and search index of one release, joined
// once and never changed. Judges nothing.
import { namesOf } from '../content/index.ts';
import type { Content, Phrases } from '../content/schema.ts';
import { type Gazetteer, openGazetteer } from './entities/index.ts';
import type { Kind } from './heard.ts';
import { kindNumbers } from './judge.ts';
import { fromBytes, type Model } from './model.ts';
import { type Lexicon, openLexicon, type Token } from './normalize.ts';
import type { PhraseList } from './phrases.ts';
import type { SearchIndex } from './search-index.ts';

export interface Reader {
  readonly lexicon: Lexicon;
  readonly gazetteer: Gazetteer;
  readonly model: Model;
  /** Label number of an id; absent when it was not learned. */
  readonly labelOf: ReadonlyMap<string, number>;
  /** Kind of each label, as its place in KINDS. */
  readonly kindAt: Uint8Array;
  /** Labels that are written procedures. */
  readonly procedures: readonly { id: string; label: number }[];
  /** Labels that are contrasts, with the written procedures at their ends. */
  readonly contrasts: readonly { label: number; members: readonly string[] }[];
  /** Label -> own threshold of a protected intent. */
  readonly floors: ReadonlyMap<number, number>;
  /** A kind all of whose intents are protected is protected itself: its own threshold. */
  readonly kindFloors: ReadonlyMap<Kind, number>;
  /** Set phrases and the small words of grammar, as editors list them. */
  readonly sayings: Phrases;
  /** Procedure id -> what it is called. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** The lists of phrases read so far; only saves time. */
  readonly lists: WeakMap<readonly string[], PhraseList>;
  /** Words of buttons read so far; only saves time. */
  readonly buttons: Map<string, readonly Token[]>;
  /** Intent id, or `contrast:<id>` -> its English names. */
  readonly english: Content['english'];
  /** Intents that mean a question about a procedure put in English. */
  readonly inEnglish: ReadonlySet<string>;
  /** Intent id -> portal code (its id while it has none). */
  readonly codes: ReadonlyMap<string, string>;
  readonly kindOf: ReadonlyMap<string, Kind>;
  /** Contrast id -> intents at its ends, through nested contrasts. */
  readonly families: ReadonlyMap<string, readonly string[]>;
  /** Thousands of published procedures beyond the written ones; absent = none. */
  readonly catalogue?: SearchIndex;
}

/** Joins content and what was learned from it. `model` is learn(content)'s bytes. */
export function openReader(content: Content, model: Uint8Array): Reader {
  return readerOf(content, fromBytes(model));
}

/** The same from a model that was never bytes (evaluation). */
export function readerOf(content: Content, model: Model): Reader {
  const labelOf = new Map(model.labels.map((id, label) => [id, label]));
  const floors = new Map<number, number>();
  const codes = new Map<string, string>();
  const kindOf = new Map<string, Kind>();
  for (const [id, intent] of content.intents) {
    kindOf.set(id, intent.type === 'procedure' ? 'procedure' : intent.kind);
    if (intent.type === 'procedure') codes.set(id, intent.code ?? id);
    const label = labelOf.get(id);
    if (intent.type === 'general' && intent.floor !== undefined && label !== undefined)
      floors.set(label, intent.floor);
  }
  const kindFloors = new Map<Kind, number>();
  for (const kind of new Set(model.kinds)) {
    const own = model.kinds.flatMap((k, label) => (k === kind ? [floors.get(label)] : []));
    // Several of its intents may share the sentence, so that none reaches its floor alone. Much lower, and a safe
    // card comes up for words that are only seldom heard elsewhere.
    if (own.every((f) => f !== undefined)) kindFloors.set(kind, Math.min(...own) * 0.8);
  }
  const families = new Map<string, readonly string[]>();
  for (const id of content.contrasts.keys()) families.set(id, [...new Set(ends(content, id, new Set()))]);
  return {
    lexicon: openLexicon(content.abbreviations),
    gazetteer: openGazetteer(content),
    model,
    labelOf,
    kindAt: kindNumbers(model.kinds),
    procedures: model.labels.flatMap((id, label) => (codes.has(id) ? [{ id, label }] : [])),
    contrasts: model.labels.flatMap((id, label) =>
      id.startsWith('contrast:')
        ? [{ label, members: (families.get(id.slice(9)) ?? []).filter((m) => codes.has(m)) }]
        : [],
    ),
    floors,
    kindFloors,
    sayings: content.phrases,
    names: new Map([...codes.keys()].map((id) => [id, namesOf(content, id)])),
    lists: new WeakMap(),
    buttons: new Map(),
    english: content.english,
    inEnglish: new Set(
      [...content.intents.values()].flatMap((i) =>
        i.type === 'general' && i.do === 'english' ? [i.id] : [],
      ),
    ),
    codes,
    kindOf,
    families,
  };
}

function ends(content: Content, id: string, seen: Set<string>): string[] {
  if (seen.has(id)) return [];
  seen.add(id);
  return Object.values(content.contrasts.get(id)?.options ?? {}).flatMap(({ to }) =>
    to.startsWith('contrast:') ? ends(content, to.slice(9), seen) : [to],
  );
}
