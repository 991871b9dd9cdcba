// Measures a reader on sentences it never learned from: written tests, blind sentences, meanings said many ways,
// folds of the examples, and styles left out of learning. Changes nothing and prints nothing.
import type { Content } from '../content/schema.ts';
import { fold } from '../text.ts';
import type { Grams } from './features.ts';
import { FACETS, type Facet, type Heard, type Kind } from './heard.ts';
import { joined, kindNumbers } from './judge.ts';
import { copies, fitMatters, labelled, toolsOf } from './learn.ts';
import { calibrationError, type Judged, type Score, score, share } from './measures.ts';
import { noisy } from './noise.ts';
import { seeded, shuffle } from './random.ts';
import type { Reader } from './reader.ts';
import type { Blind, Meaning } from './trials.ts';
import { understand } from './understand.ts';
import { gramsOf, read } from './words.ts';

/** How one set of sentences was heard. */
export interface SetScore {
  n: number;
  kind: Score;
  /** Intents and families, by id. */
  intent: Score;
  /** Codes, among sentences that mean a written procedure. */
  procedure: { n: number; top1: number; top3: number };
  facet: { n: number; exact: number; firstFound: number };
  /** Gap between certainty and truth. */
  ece: number;
  outOfScope: { n: number; recall: number; falseAlarms: number };
  /** Share of protected sentences that reached their kind. */
  protected: { n: number; recall: number };
  /** Share of sentences of other kinds that no protected kind took: a safe card where nobody is in danger. */
  calm: { n: number; share: number };
}

export interface Report {
  labels: number;
  examples: number;
  /** `tests:` of the content as typed, without diacritics, and roughened. */
  tests: SetScore;
  bare: { kind: number; intent: number };
  rough: { kind: number; intent: number };
  blind?: SetScore & {
    bare: { kind: number; intent: number };
    perStyle: Record<string, { n: number; kind: number; intent: number }>;
  };
  paraphrases?: {
    meanings: number;
    ways: number;
    right: number;
    consistent: number;
    worst: { meaning: string; right: number }[];
  };
  folds?: { k: number; kind: Score; intent: Score; bare: number };
  styles?: Record<string, { n: number; kind: number; intent: number }>;
  /** Intents learned from fewer than 20 sentences. */
  thin: { intent: string; examples: number }[];
}

export interface Trials {
  blind?: readonly Blind[];
  meanings?: readonly Meaning[];
  /** Cross validation: learns k more times. */
  folds?: number;
  /** Leave-one-style-out: learns once a style. */
  styles?: boolean;
}

interface Case {
  text: string;
  kind: Kind;
  intent?: string;
  code?: string;
  facets?: readonly Facet[];
}

const NOON = Date.UTC(2026, 0, 6, 5);
const hear = (reader: Reader, text: string): Heard => understand(reader, text, { now: NOON });

/** Ids that count as right for an intent: itself; a family, when the family's question leads to it. */
function sameIntent(reader: Reader, right: string, heard: Heard): boolean {
  const said = heard.intents[0]?.intent;
  if (said === right) return true;
  if (!right.startsWith('contrast:')) return false;
  return heard.action === 'ask' && heard.contrast === right.slice(9) && reader.families.has(right.slice(9));
}

function scoreSet(reader: Reader, cases: readonly Case[]): SetScore {
  const kinds: Judged[] = [];
  const intents: Judged[] = [];
  const sure: { sure: number; right: boolean }[] = [];
  const top1: boolean[] = [];
  const top3: boolean[] = [];
  const exact: boolean[] = [];
  const first: boolean[] = [];
  const protectedOnes: boolean[] = [];
  const calm: boolean[] = [];
  const guardedKinds = new Set([...reader.floors.keys()].map((l) => reader.model.kinds[l]!));
  for (const c of cases) {
    const heard = hear(reader, c.text);
    kinds.push({ right: c.kind, said: heard.kind });
    let right = heard.kind === c.kind;
    if (c.intent !== undefined) {
      const same = sameIntent(reader, c.intent, heard);
      intents.push({ right: c.intent, said: same ? c.intent : (heard.intents[0]?.intent ?? '-') });
      right = right && same;
    }
    sure.push({ sure: heard.certainty, right });
    if (c.code !== undefined) {
      top1.push(heard.procedures[0]?.code === c.code);
      top3.push(heard.procedures.slice(0, 3).some((p) => p.code === c.code));
    }
    if (c.facets !== undefined && c.kind === 'procedure') {
      exact.push([...heard.facets].sort().join() === [...c.facets].sort().join());
      first.push(heard.facets.includes(c.facets[0]!));
    }
    if (guardedKinds.has(c.kind)) protectedOnes.push(heard.kind === c.kind);
    else calm.push(!guardedKinds.has(heard.kind));
  }
  const outside = kinds.filter((k) => k.right === 'out-of-scope');
  return {
    n: cases.length,
    kind: score(kinds),
    intent: score(intents),
    procedure: { n: top1.length, top1: share(top1), top3: share(top3) },
    facet: { n: exact.length, exact: share(exact), firstFound: share(first) },
    ece: calibrationError(sure),
    outOfScope: {
      n: outside.length,
      recall: share(outside.map((k) => k.said === 'out-of-scope')),
      falseAlarms: share(
        kinds
          .filter((k) => k.right !== 'out-of-scope' && k.right !== 'unclear')
          .map((k) => k.said === 'out-of-scope'),
      ),
    },
    protected: { n: protectedOnes.length, recall: share(protectedOnes) },
    calm: { n: calm.length, share: share(calm) },
  };
}

function quick(
  reader: Reader,
  cases: readonly Case[],
  change: (s: string) => string,
): { kind: number; intent: number } {
  const heard = cases.map((c) => ({ c, h: hear(reader, change(c.text)) }));
  return {
    kind: share(heard.map(({ c, h }) => h.kind === c.kind)),
    intent: share(
      heard.filter(({ c }) => c.intent !== undefined).map(({ c, h }) => sameIntent(reader, c.intent!, h)),
    ),
  };
}

/** The content's own tests: of intents, families and facets. */
export function testCases(reader: Reader, content: Content): Case[] {
  const cases: Case[] = [];
  for (const [id, intent] of content.intents)
    for (const text of intent.tests) {
      const kind = intent.type === 'procedure' ? 'procedure' : intent.kind;
      const code = reader.codes.get(id);
      cases.push({ text, kind, intent: id, ...(code === undefined ? {} : { code }) });
    }
  for (const [id, c] of content.contrasts) {
    const label = reader.labelOf.get(`contrast:${id}`);
    const kind = label === undefined ? 'procedure' : reader.model.kinds[label]!;
    for (const text of c.tests) cases.push({ text, kind, intent: `contrast:${id}` });
  }
  return cases;
}

function facetCases(content: Content): Case[] {
  return FACETS.flatMap((f) =>
    (content.facets[f]?.tests ?? []).map((text): Case => ({ text, kind: 'procedure', facets: [f] })),
  );
}

function blindCase(reader: Reader, b: Blind): Case {
  const code = b.intent === undefined ? undefined : reader.codes.get(b.intent);
  return {
    text: b.text,
    kind: b.kind,
    ...(b.intent === undefined ? {} : { intent: b.intent }),
    ...(code === undefined ? {} : { code }),
    ...(b.facets === undefined ? {} : { facets: b.facets }),
  };
}

function paraphrases(reader: Reader, meanings: readonly Meaning[]): NonNullable<Report['paraphrases']> {
  let ways = 0;
  let right = 0;
  let consistent = 0;
  const worst: { meaning: string; right: number }[] = [];
  for (const { meaning: m, ways: said } of meanings) {
    const heard = said.map((text) => hear(reader, text));
    const hits = heard.filter(
      (h) =>
        h.kind === m.kind &&
        (m.code === undefined || h.procedures[0]?.code === m.code) &&
        (m.intent === undefined || sameIntent(reader, m.intent, h)) &&
        (m.facet === undefined || h.facets.includes(m.facet)),
    ).length;
    ways += said.length;
    right += hits;
    // The same answer to all ways, right or wrong: what a citizen notices when a neighbour asks.
    const answers = new Map<string, number>();
    for (const h of heard) {
      const a = `${h.kind} ${m.code !== undefined ? h.procedures[0]?.code : h.intents[0]?.intent} ${m.facet !== undefined && h.facets.includes(m.facet)}`;
      answers.set(a, (answers.get(a) ?? 0) + 1);
    }
    consistent += Math.max(...answers.values());
    if (hits < said.length)
      worst.push({
        meaning: `${m.kind} ${m.code ?? m.intent ?? ''} ${m.facet ?? ''}: ${said[0]}`,
        right: hits / said.length,
      });
  }
  worst.sort((a, b) => a.right - b.right);
  return {
    meanings: meanings.length,
    ways,
    right: ways === 0 ? 0 : right / ways,
    consistent: ways === 0 ? 0 : consistent / ways,
    worst: worst.slice(0, 15),
  };
}

/** How an example is written, for leaving a whole style out of learning. */
function styleOf(text: string, tools: ReturnType<typeof toolsOf>): string[] {
  const { normalized, words } = read(text, tools.lexicon);
  const styles: string[] = [];
  if (!normalized.hasDiacritics) styles.push('bare');
  if (words.some((w) => w.from === 'slang' || w.from === 'abbreviation' || w.from === 'telex'))
    styles.push('slang');
  if (words.some((w) => w.from === 'regional')) styles.push('regional');
  if (words.length <= 4) styles.push('short');
  if (words.length >= 18) styles.push('long');
  return styles;
}

interface Prepared {
  label: number;
  own: Grams;
  bare: Grams;
  samples: ReturnType<typeof copies>;
  styles: string[];
}

function prepared(content: Content): { all: Prepared[]; labels: string[]; kinds: Kind[] } {
  const tools = toolsOf(content);
  const { labels, kinds, examples } = labelled(content);
  const random = seeded(31);
  const grams = (t: string): Grams => gramsOf(read(t, tools.lexicon).words);
  const all = examples.map((e) => ({
    label: e.label,
    own: grams(e.text),
    bare: grams(fold(e.text)),
    samples: copies(e.text, [e.label], { ...tools, random }),
    styles: styleOf(e.text, tools),
  }));
  return { all, labels, kinds };
}

type Prep = ReturnType<typeof prepared>;

function trial(
  prep: Prep,
  held: readonly Prepared[],
  learned: readonly Prepared[],
): { kinds: Judged[]; intents: Judged[]; bare: boolean[] } {
  const matters = fitMatters(
    learned.flatMap((p) => p.samples),
    prep.kinds,
  );
  const kindAt = kindNumbers(prep.kinds);
  const best = (g: Grams): { label: number; kind: Kind } => {
    const s = joined(matters, kindAt, g);
    let label = 0;
    const mass = new Map<Kind, number>();
    for (let l = 0; l < s.length; l++) {
      if (s[l]! > s[label]!) label = l;
      mass.set(prep.kinds[l]!, (mass.get(prep.kinds[l]!) ?? 0) + Math.exp(s[l]! / 0.5));
    }
    return { label, kind: [...mass].sort((a, b) => b[1] - a[1])[0]![0] };
  };
  const out = { kinds: [] as Judged[], intents: [] as Judged[], bare: [] as boolean[] };
  for (const p of held) {
    const said = best(p.own);
    out.kinds.push({ right: prep.kinds[p.label]!, said: said.kind });
    out.intents.push({ right: prep.labels[p.label]!, said: prep.labels[said.label]! });
    out.bare.push(best(p.bare).label === p.label);
  }
  return out;
}

function folds(prep: Prep, k: number): NonNullable<Report['folds']> {
  const order = shuffle([...prep.all], seeded(17));
  const kinds: Judged[] = [];
  const intents: Judged[] = [];
  const bare: boolean[] = [];
  for (let f = 0; f < k; f++) {
    const t = trial(
      prep,
      order.filter((_, i) => i % k === f),
      order.filter((_, i) => i % k !== f),
    );
    kinds.push(...t.kinds);
    intents.push(...t.intents);
    bare.push(...t.bare);
  }
  return { k, kind: score(kinds), intent: score(intents), bare: share(bare) };
}

function styles(prep: Prep): NonNullable<Report['styles']> {
  const out: NonNullable<Report['styles']> = {};
  for (const style of ['bare', 'slang', 'regional', 'short', 'long']) {
    const held = prep.all.filter((p) => p.styles.includes(style));
    if (held.length < 5) continue;
    const t = trial(
      prep,
      held,
      prep.all.filter((p) => !p.styles.includes(style)),
    );
    out[style] = { n: held.length, kind: score(t.kinds).accuracy, intent: score(t.intents).accuracy };
  }
  return out;
}

/** Quick without `folds` and `styles` (nothing is learned anew); deterministic. */
export function evaluate(reader: Reader, content: Content, trials: Trials = {}): Report {
  const tools = toolsOf(content);
  const cases = testCases(reader, content);
  const random = seeded(5);
  const { labels, examples } = labelled(content);
  const tests = scoreSet(reader, cases);
  tests.facet = scoreSet(reader, facetCases(content)).facet;
  const report: Report = {
    labels: labels.length,
    examples: examples.length,
    tests,
    bare: quick(reader, cases, fold),
    rough: quick(reader, cases, (t) => noisy(t, tools.swaps, random)),
    thin: [...content.intents.values()]
      .filter((i) => i.examples.length < 20)
      .map((i) => ({ intent: i.id, examples: i.examples.length })),
  };
  const learned = new Set(examples.map((e) => e.text.toLowerCase()));
  const unknown = (text: string): boolean => !learned.has(text.toLowerCase());
  const rows = trials.blind?.filter((b) => unknown(b.text)) ?? [];
  if (rows.length > 0) {
    const blind = rows.map((b) => blindCase(reader, b));
    const perStyle: Record<string, { n: number; kind: number; intent: number }> = {};
    for (const style of new Set(rows.map((b) => b.style))) {
      const some = blind.filter((_, i) => rows[i]!.style === style);
      perStyle[style] = { n: some.length, ...quick(reader, some, (t) => t) };
    }
    report.blind = { ...scoreSet(reader, blind), bare: quick(reader, blind, fold), perStyle };
  }
  if (trials.meanings && trials.meanings.length > 0)
    report.paraphrases = paraphrases(
      reader,
      trials.meanings.map((m) => ({ ...m, ways: m.ways.filter(unknown) })),
    );
  if (trials.folds || trials.styles) {
    const prep = prepared(content);
    if (trials.folds) report.folds = folds(prep, trials.folds);
    if (trials.styles) report.styles = styles(prep);
  }
  return report;
}
