// Learns everything from content: which words mean which intent, which ask for which fact, how procedures are
// found by name. Same content, same bytes. Knows the shapes of content, no word of it.
import { namesOf } from '../content/index.ts';
import type { Content } from '../content/schema.ts';
import { fold } from '../text.ts';
import type { Grams, Word } from './features.ts';
import { FACETS, type Facet, KINDS, type Kind } from './heard.ts';
import { joined, kindNumbers } from './judge.ts';
import { DEFAULT_RECIPE, fit, type Linear, type Recipe, type Sample, temperatureOf } from './linear.ts';
import { FACET_ONLY, type Model, probeIn, toBytes } from './model.ts';
import { noisy, type Swaps, swapsOf } from './noise.ts';
import { type Lexicon, openLexicon } from './normalize.ts';
import { seeded } from './random.ts';
import { askedWeights, buildSearch, type Findable, type SearchIndex } from './search-index.ts';
import { facetGramsOf, gramsOf, read } from './words.ts';

/** A labelled sentence. */
export interface Labelled {
  text: string;
  label: number;
}

export const INTENT_RECIPE: Recipe = DEFAULT_RECIPE;
export const FACET_RECIPE: Recipe = {
  ...DEFAULT_RECIPE,
  // Each facet by itself: a softmax would have two that are asked for in one breath deny each other.
  loss: 'logistic',
  epochs: 4,
  rate: 1,
  smoothing: 0.02,
  minCount: 2,
  views: [0.9, 0.7, 0.7],
  seed: 7,
};

/** An example and its copies: without diacritics, and as typed in a hurry. */
export function copies(
  text: string,
  labels: readonly number[],
  tools: { lexicon: Lexicon; swaps: Swaps; random: () => number; of?: (words: readonly Word[]) => Grams },
): Sample[] {
  const { lexicon, swaps, random, of = gramsOf } = tools;
  const sample = (t: string, weight: number): Sample => ({
    grams: of(read(t, lexicon).words),
    labels,
    weight,
  });
  const out: Sample[] = [sample(text, 1)];
  const bare = fold(text);
  if (bare !== text.toLowerCase()) out.push(sample(bare, 0.7));
  const rough = noisy(text, swaps, random);
  if (rough !== text.toLowerCase()) out.push(sample(rough, 0.5));
  return out;
}

export function toolsOf(content: Content): { lexicon: Lexicon; swaps: Swaps } {
  return {
    lexicon: openLexicon(content.abbreviations),
    swaps: swapsOf([content.abbreviations.slang, content.abbreviations.regional]),
  };
}

/** The labels of content and all sentences to learn them from. Order is that of the ids. */
export function labelled(
  content: Content,
  only: (text: string) => boolean = () => true,
): { labels: string[]; kinds: Kind[]; examples: Labelled[] } {
  const labels: string[] = [];
  const kinds: Kind[] = [];
  const examples: Labelled[] = [];
  const add = (id: string, kind: Kind, sentences: string[]): void => {
    if (sentences.length === 0) return;
    const label = labels.push(id) - 1;
    kinds.push(kind);
    for (const text of new Set(sentences)) if (only(text)) examples.push({ text, label });
  };
  const byId = <T>(m: Map<string, T>): [string, T][] => [...m].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [id, intent] of byId(content.intents)) {
    const kind = intent.type === 'procedure' ? 'procedure' : intent.kind;
    // Procedures known by name only are found by search; a label without people's words would only mislead.
    if (intent.examples.length > 0) add(id, kind, [...intent.examples, ...namesOf(content, id)]);
  }
  for (const [id, c] of byId(content.contrasts))
    add(`contrast:${id}`, kindOfContrast(content, id), c.examples);
  const tails = FACETS.flatMap((f) => content.facets[f]?.tails ?? []);
  add(FACET_ONLY, 'procedure', tails);
  return { labels, kinds, examples };
}

function kindOfContrast(content: Content, id: string, depth = 0): Kind {
  for (const { to } of Object.values(content.contrasts.get(id)?.options ?? {})) {
    if (to.startsWith('contrast:') && depth < 5) return kindOfContrast(content, to.slice(9), depth + 1);
    const intent = content.intents.get(to);
    if (intent) return intent.type === 'procedure' ? 'procedure' : intent.kind;
  }
  return 'procedure';
}

/** Sentences asking for facts, with the facets they ask for: written ones, and heads and tails around procedure names. */
export function facetSamples(content: Content, random: () => number): { text: string; labels: number[] }[] {
  const names: string[] = [];
  for (const intent of content.intents.values())
    if (intent.type === 'procedure') {
      names.push(...intent.aliases, ...namesOf(content, intent.id).slice(-1));
    }
  names.sort();
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const out: { text: string; labels: number[] }[] = [];
  const heads: { facet: number; head: string }[] = [];
  const tails: { facet: number; tail: string }[] = [];
  for (const [f, facet] of FACETS.entries()) {
    const known = content.facets[facet];
    for (const text of known?.examples ?? []) out.push({ text, labels: [f] });
    for (const head of known?.before ?? []) {
      heads.push({ facet: f, head });
      for (let i = 0; i < 4; i++) {
        const name = pick(names);
        if (name) out.push({ text: `${head} ${name}`, labels: [f] });
      }
    }
    for (const tail of known?.tails ?? []) out.push({ text: tail, labels: [f] });
    for (const tail of [...(known?.tails ?? []), ...(known?.after ?? [])]) {
      tails.push({ facet: f, tail });
      for (let i = 0; i < 3; i++) {
        const name = pick(names);
        if (name) out.push({ text: random() < 0.75 ? `${name} ${tail}` : `${tail} ${name}`, labels: [f] });
      }
    }
  }
  // Two questions in one breath.
  const two = (one: number, other: number, text: (name: string, joint: string) => string): void => {
    if (one === other) return;
    const joint = pick([', ', ' và ', ' ', ' với '])!;
    out.push({ text: text(pick(names) ?? '', joint).trim(), labels: [one, other] });
  };
  for (const one of tails) {
    const other = pick(tails)!;
    two(one.facet, other.facet, (name, joint) => `${name} ${one.tail}${joint}${other.tail}`);
  }
  for (const one of heads) {
    const other = pick(heads)!;
    const last = pick(tails)!;
    two(one.facet, other.facet, (name, joint) => `${one.head}${joint}${other.head} ${name}`);
    two(one.facet, last.facet, (name, joint) => `${one.head} ${name}${joint}${last.tail}`);
  }
  // Sentences written under what they ask for, in the files of procedures; those under nothing, neither there nor
  // above, ask for nothing.
  const overview = FACETS.indexOf('overview');
  const asking = new Set(FACETS.flatMap((f) => content.facets[f]?.examples ?? []));
  for (const intent of content.intents.values()) {
    if (intent.type !== 'procedure') continue;
    for (const [key, sentences] of Object.entries(intent.asks)) {
      const labels = key.split('+').map((f) => FACETS.indexOf(f as Facet));
      for (const text of sentences) {
        asking.add(text);
        out.push({ text, labels });
      }
    }
    for (const text of intent.examples) if (!asking.has(text)) out.push({ text, labels: [overview] });
  }
  for (const name of names) out.push({ text: name, labels: [overview] });
  return out;
}

/** The layer of what is asked about a matter. */
export function learnFacets(content: Content): Linear {
  const tools = toolsOf(content);
  const random = seeded(FACET_RECIPE.seed + 1);
  const asked = askedIn(content);
  const of = (words: readonly Word[]): Grams => facetGramsOf(words, asked);
  const samples = facetSamples(content, random).flatMap((s) =>
    copies(s.text, s.labels, { ...tools, random, of }),
  );
  return fit(samples, [FACETS.length], FACET_RECIPE);
}

/** Written procedures as things to be found. */
export function findables(content: Content): Findable[] {
  const out: Findable[] = [];
  for (const [id, intent] of [...content.intents].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (intent.type !== 'procedure') continue;
    const papers = [intent.facts.result, intent.facts.documents].flatMap((f) =>
      f === undefined
        ? []
        : typeof f.value === 'string'
          ? [f.value]
          : f.value.map((l) => (typeof l === 'string' ? l : l.text)),
    );
    out.push({
      code: intent.code ?? id,
      intent: id,
      name: intent.name,
      also: namesOf(content, id).slice(1),
      field: intent.group.replaceAll('-', ' '),
      papers,
      near: 1,
    });
  }
  return out;
}

/** How much each word of a question tells, from how many matters use it. */
export function askedIn(content: Content): Map<string, number> {
  const groups = [...content.intents.values()].map((i) => i.examples).filter((e) => e.length > 0);
  return askedWeights(groups);
}

export function searchOf(content: Content): SearchIndex {
  return buildSearch(findables(content), content.synonyms, askedIn(content));
}

/** The layer of matters: the exact label and its kind, as Model.matters has them, from the same n-grams. */
export function fitMatters(samples: readonly Sample[], kinds: readonly Kind[]): Linear {
  const both = samples.map((s) => ({
    ...s,
    labels: s.labels.flatMap((l) => [l, kinds.length + KINDS.indexOf(kinds[l]!)]),
  }));
  return fit(both, [kinds.length, KINDS.length], INTENT_RECIPE);
}

/** Where a content has too few sentences to measure by. */
const NO_TEMPERATURE = 0.5;
const LEAST_TESTS = 50;

/** Matters and how sure they are: honest, since no `tests:` sentence is ever learned from. */
export function learnMatters(content: Content): Pick<Model, 'labels' | 'kinds' | 'matters' | 'temperature'> {
  const tools = toolsOf(content);
  const { labels, kinds, examples } = labelled(content);
  const random = seeded(INTENT_RECIPE.seed + 1);
  const samples = examples.flatMap((e) => copies(e.text, [e.label], { ...tools, random }));
  const matters = fitMatters(samples, kinds);
  const numbers = new Map(labels.map((id, label) => [id, label]));
  const kindAt = kindNumbers(kinds);
  const tests = [
    ...[...content.intents].map(([id, i]) => ({ label: numbers.get(id), tests: i.tests })),
    ...[...content.contrasts].map(([id, c]) => ({ label: numbers.get(`contrast:${id}`), tests: c.tests })),
  ].flatMap(({ label, tests }) =>
    label === undefined
      ? []
      : tests.map((text) => ({
          labels: [label],
          scores: joined(matters, kindAt, gramsOf(read(text, tools.lexicon).words)),
        })),
  );
  const temperature = tests.length < LEAST_TESTS ? NO_TEMPERATURE : temperatureOf(tests, 'softmax');
  return { labels, kinds, matters, temperature };
}

/** The model as bytes, from its two layers. */
export function assembled(
  content: Content,
  matters: ReturnType<typeof learnMatters>,
  facets: Linear,
): Uint8Array {
  return toBytes({
    ...matters,
    facets,
    search: searchOf(content),
    probe: probeOf(content),
  });
}

/** Touches what a reader does to words: marks, slang, numbers, misspellings, both sets of n-grams. */
const PROBE =
  'Dạ cho e hỏi: đk khai sanh cho con 12 ngày tuổi, ko có giáy kết hôn thì nộp ở đâu & mất bn tiền ạ???';
function probeOf(content: Content): number {
  const { words } = read(PROBE, openLexicon(content.abbreviations));
  let sum = 17;
  for (const { hashes } of [gramsOf(words), facetGramsOf(words, askedIn(content))])
    for (const h of hashes) sum = (Math.imul(sum, 31) + h) >>> 0;
  return sum;
}

/** Whether a stored model can serve this content under this code; one learned by other code must be learned anew. */
export const fitsModel = (content: Content, model: Uint8Array): boolean =>
  probeIn(model) === probeOf(content);

/** Deterministic: the same content gives the same bytes. */
export const learn = (content: Content): Uint8Array =>
  assembled(content, learnMatters(content), learnFacets(content));
