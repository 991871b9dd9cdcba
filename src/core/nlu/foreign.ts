// Learns and measures the classifier alone on labelled sets that are not the project's content, so that it can be
// compared on public benchmarks. Reads no file; the label set is whatever the training lines bear.
import { fold } from '../text.ts';
import { copies } from './learn.ts';
import { DEFAULT_RECIPE, fit, type Linear, type Recipe, type Sample, scores } from './linear.ts';
import { type Score, score, share } from './measures.ts';
import type { Lexicon } from './normalize.ts';
import { seeded } from './random.ts';
import { gramsOf, read } from './words.ts';

export interface Line {
  text: string;
  label: string;
}

export interface ForeignReport {
  train: number;
  test: number;
  labels: number;
  accuracy: number;
  macroF1: number;
  /** The test texts with all diacritics removed. */
  bareAccuracy: number;
  trainMs: number;
  /** Reading, n-grams and scores of one utterance. */
  msPerUtterance: number;
  perLabel: Score['perLabel'];
  confusions: Score['confusions'];
  /** Labels of the test set that training never saw. */
  unseenLabels: string[];
}

/** Word-segmented corpora join syllables by underscores. */
const plain = (text: string): string => text.replaceAll('_', ' ');

export const FOREIGN_RECIPE: Recipe = {
  ...DEFAULT_RECIPE,
  epochs: 20,
  rate: 2,
  smoothing: 0.05,
  minCount: 2,
};

/** Tab-parted `text` and `label`; a heading line with just these names is passed over. */
export function parseLabelled(tsv: string): Line[] {
  const out: Line[] = [];
  for (const line of tsv.split(/\r?\n/)) {
    const cells = line.split('\t');
    const [text, label] = cells;
    if (cells.length < 2 || !text?.trim() || !label?.trim()) continue;
    if (out.length === 0 && text.trim().toLowerCase() === 'text' && label.trim().toLowerCase() === 'label')
      continue;
    out.push({ text: text.trim(), label: label.trim() });
  }
  return out;
}

/** The pair of files `seq.in` and `label`: one utterance a line in each. */
export function pairLines(texts: string, labels: string): Line[] {
  const t = texts.split(/\r?\n/);
  const l = labels.split(/\r?\n/);
  const out: Line[] = [];
  for (let i = 0; i < Math.min(t.length, l.length); i++)
    if (t[i]!.trim() && l[i]!.trim()) out.push({ text: t[i]!.trim(), label: l[i]!.trim() });
  return out;
}

export interface Classifier {
  labels: string[];
  model: Linear;
  lexicon: Lexicon;
}

/** Learns from lines; the same lines give the same classifier. */
export function learnForeign(
  train: readonly Line[],
  lexicon: Lexicon,
  recipe: Recipe = FOREIGN_RECIPE,
): Classifier {
  const labels = [...new Set(train.map((x) => x.label))].sort();
  const numbers = new Map(labels.map((l, i) => [l, i]));
  const random = seeded(recipe.seed);
  const samples: Sample[] = train.flatMap((x) =>
    copies(plain(x.text), [numbers.get(x.label)!], { lexicon, swaps: new Map(), random }),
  );
  return { labels, model: fit(samples, [labels.length], recipe), lexicon };
}

export function classify(c: Classifier, text: string): string {
  const s = scores(c.model, gramsOf(read(plain(text), c.lexicon).words));
  let best = 0;
  for (let l = 1; l < s.length; l++) if (s[l]! > s[best]!) best = l;
  return c.labels[best]!;
}

/** Learns on one set, measures on the other. `clock` gives milliseconds. */
export function measureForeign(
  train: readonly Line[],
  test: readonly Line[],
  lexicon: Lexicon,
  clock: () => number,
): ForeignReport {
  const started = clock();
  const c = learnForeign(train, lexicon);
  const trainMs = clock() - started;
  for (const x of test.slice(0, 200)) classify(c, x.text);
  const from = clock();
  const judged = test.map((x) => ({ right: x.label, said: classify(c, x.text) }));
  const ms = clock() - from;
  const s = score(judged);
  return {
    train: train.length,
    test: test.length,
    labels: c.labels.length,
    accuracy: s.accuracy,
    macroF1: s.macroF1,
    bareAccuracy: share(test.map((x) => classify(c, fold(x.text)) === x.label)),
    trainMs: Math.round(trainMs),
    msPerUtterance: Math.round((ms / Math.max(1, test.length)) * 1e4) / 1e4,
    perLabel: s.perLabel,
    confusions: s.confusions,
    unseenLabels: [...new Set(test.map((x) => x.label))].filter((l) => !c.labels.includes(l)).sort(),
  };
}
