// One linear layer over hashed n-grams: learns it (sparse AdaGrad, fixed seed), stores it in eight bits a weight,
// reads scores from it. Knows nothing of Vietnamese, intents or facets: labels are numbers.
import type { Grams } from './features.ts';
import { seeded, shuffle } from './random.ts';

/** One utterance to learn from. `labels`: columns, one of each softmax group; any number for one-vs-rest. */
export interface Sample {
  grams: Grams;
  labels: readonly number[];
  weight: number;
}

export interface Recipe {
  /** softmax: labels of a group share one certainty; logistic: each label by itself. */
  loss: 'softmax' | 'logistic';
  epochs: number;
  rate: number;
  /** Share of certainty spread over all labels: keeps scores honest on small sets. */
  smoothing: number;
  /** Weight decay an epoch. */
  decay: number;
  /** An n-gram seen in fewer samples is noise. */
  minCount: number;
  /** How much each view (exact, folded, chars) may say. */
  views: readonly [number, number, number];
  seed: number;
}

export const DEFAULT_RECIPE: Recipe = {
  loss: 'softmax',
  epochs: 3,
  rate: 1.5,
  smoothing: 0.1,
  decay: 0.002,
  minCount: 4,
  views: [0.7, 0.8, 0.7],
  seed: 2026,
};

/** A learned layer; rows are n-grams, columns labels. */
export interface Linear {
  labels: number;
  views: readonly [number, number, number];
  keys: Uint32Array;
  idf: Float32Array;
  /** Idf of an n-gram never seen: it takes its part of the length, so strange text scores low. */
  unseen: number;
  weights: Int8Array;
  scales: Float32Array;
  bias: Float32Array;
  /** Open addressing over keys; -1 = empty. */
  table: Int32Array;
}

function tableOf(keys: Uint32Array): Int32Array {
  let size = 16;
  while (size < keys.length * 2) size *= 2;
  const table = new Int32Array(size).fill(-1);
  for (let row = 0; row < keys.length; row++) {
    let slot = keys[row]! & (size - 1);
    while (table[slot]! >= 0) slot = (slot + 1) & (size - 1);
    table[slot] = row;
  }
  return table;
}

/** Row of an n-gram, -1 when it was never learned. */
export function rowOf(model: Pick<Linear, 'keys' | 'table'>, key: number): number {
  const mask = model.table.length - 1;
  let slot = key & mask;
  for (;;) {
    const row = model.table[slot]!;
    if (row < 0 || model.keys[row] === key) return row;
    slot = (slot + 1) & mask;
  }
}

type Space = Pick<Linear, 'keys' | 'table' | 'idf' | 'unseen' | 'views'>;

/** The sparse vector of an utterance: rows and values, each view of length `views[v]`. */
export function vector(space: Space, g: Grams): { rows: Int32Array; values: Float32Array; n: number } {
  const count = g.hashes.length;
  const rows = new Int32Array(count);
  const values = new Float32Array(count);
  const length = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const row = rowOf(space, g.hashes[i]!);
    rows[i] = row;
    const idf = row < 0 ? space.unseen : space.idf[row]!;
    values[i] = idf;
    length[g.views[i]!]! += idf * idf;
  }
  const factor = length.map((l, v) => (l > 0 ? space.views[v as 0 | 1 | 2] / Math.sqrt(l) : 0));
  let n = 0;
  for (let i = 0; i < count; i++) {
    if (rows[i]! < 0) continue;
    rows[n] = rows[i]!;
    values[n] = values[i]! * factor[g.views[i]!]!;
    n++;
  }
  return { rows, values, n };
}

/** A gradient smaller than this is not worth a walk over the row. */
const CUT = 3e-3;

function softmax(scores: Float32Array, from = 0, to = scores.length): void {
  let max = Number.NEGATIVE_INFINITY;
  for (let l = from; l < to; l++) if (scores[l]! > max) max = scores[l]!;
  let sum = 0;
  for (let l = from; l < to; l++) {
    const e = Math.exp(scores[l]! - max);
    scores[l] = e;
    sum += e;
  }
  for (let l = from; l < to; l++) scores[l] = scores[l]! / sum;
}

/** Probabilities from raw scores at a temperature. */
export function probabilities(scores: Float32Array, temperature: number, loss: Recipe['loss']): Float32Array {
  const p = new Float32Array(scores.length);
  for (let l = 0; l < p.length; l++) p[l] = scores[l]! / temperature;
  if (loss === 'softmax') softmax(p);
  else for (let l = 0; l < p.length; l++) p[l] = 1 / (1 + Math.exp(-p[l]!));
  return p;
}

/** out += Σ values[i] · W[rows[i]]: four rows at a time, which is twice as fast as one. */
function addRows(
  out: Float32Array,
  W: Float32Array | Int8Array,
  rows: Int32Array,
  values: Float32Array,
  n: number,
  L: number,
): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const a = rows[i]! * L;
    const b = rows[i + 1]! * L;
    const c = rows[i + 2]! * L;
    const d = rows[i + 3]! * L;
    const va = values[i]!;
    const vb = values[i + 1]!;
    const vc = values[i + 2]!;
    const vd = values[i + 3]!;
    for (let l = 0; l < L; l++)
      out[l] = out[l]! + va * W[a + l]! + vb * W[b + l]! + vc * W[c + l]! + vd * W[d + l]!;
  }
  for (; i < n; i++) {
    const a = rows[i]! * L;
    const va = values[i]!;
    for (let l = 0; l < L; l++) out[l] = out[l]! + va * W[a + l]!;
  }
}

/** Raw score of every label. */
export function scores(model: Linear, g: Grams): Float32Array {
  const { rows, values, n } = vector(model, g);
  const out = Float32Array.from(model.bias);
  const L = model.labels;
  for (let i = 0; i < n; i++) values[i] = values[i]! * model.scales[rows[i]!]!;
  addRows(out, model.weights, rows, values, n, L);
  return out;
}

/** How many samples have each n-gram: open addressing, since a Map of millions of numbers takes seconds. */
function counted(samples: readonly Sample[]): { keys: Uint32Array; counts: Int32Array } {
  let size = 1 << 16;
  let keys = new Uint32Array(size);
  let counts = new Int32Array(size);
  let used = 0;
  const add = (key: number, n: number): void => {
    let slot = key & (size - 1);
    while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & (size - 1);
    if (keys[slot] === 0) {
      keys[slot] = key;
      used++;
    }
    counts[slot] = counts[slot]! + n;
  };
  for (const s of samples) {
    for (const key of s.grams.hashes) add(key, 1);
    if (used * 2 < size) continue;
    const [oldKeys, oldCounts] = [keys, counts];
    size *= 4;
    keys = new Uint32Array(size);
    counts = new Int32Array(size);
    used = 0;
    for (let i = 0; i < oldKeys.length; i++) if (oldKeys[i] !== 0) add(oldKeys[i]!, oldCounts[i]!);
  }
  return { keys, counts };
}

function vocabulary(samples: readonly Sample[], recipe: Recipe): Space {
  const seen = counted(samples);
  // The commonest first: rows that are wanted together lie together, which saves a third of the time.
  const slots = Array.from(seen.counts.keys())
    .filter((i) => seen.counts[i]! >= recipe.minCount)
    .sort((a, b) => seen.counts[b]! - seen.counts[a]! || seen.keys[a]! - seen.keys[b]!);
  const all = Uint32Array.from(slots, (i) => seen.keys[i]!);
  const idf = Float32Array.from(slots, (i) => Math.log(1 + samples.length / seen.counts[i]!));
  const unseen = Math.log(1 + samples.length / recipe.minCount) * 0.5;
  return { keys: all, idf, unseen, table: tableOf(all), views: recipe.views };
}

/**
 * Learns one layer of columns in groups of the given sizes, each group a softmax of its own over shared n-grams.
 * The same samples in the same order and the same recipe give the same bytes.
 */
export function fit(samples: readonly Sample[], groups: readonly number[], recipe: Recipe): Linear {
  const space = vocabulary(samples, recipe);
  const vectors = samples.map((s) => vector(space, s.grams));
  const random = seeded(recipe.seed);
  const L = groups.reduce((a, b) => a + b, 0);
  const ends = groups.map((_, g) => groups.slice(0, g + 1).reduce((a, b) => a + b, 0));
  const W = new Float32Array(space.keys.length * L);
  const sums = new Float32Array(W.length);
  const bias = new Float32Array(L);
  const biasSum = new Float32Array(L);
  const grown = new Float32Array(space.keys.length).fill(1e-2);
  const order = Int32Array.from(samples, (_, i) => i);
  const p = new Float32Array(L);
  const active = new Int32Array(L);
  const step = new Float32Array(L);
  const soft = recipe.loss === 'softmax';
  const averageFrom = Math.floor(recipe.epochs / 2);
  // A sample that is already right and sure teaches little: it rests for a while.
  const rests = new Uint8Array(samples.length);
  for (let epoch = 0; epoch < recipe.epochs; epoch++) {
    shuffle(order, random);
    const rate = recipe.rate * (1 - (0.9 * epoch) / recipe.epochs);
    for (const index of order) {
      if (rests[index]! > 0) {
        rests[index] = rests[index]! - 1;
        continue;
      }
      const sample = samples[index]!;
      const { rows, values, n } = vectors[index]!;
      p.set(bias);
      addRows(p, W, rows, values, n, L);
      if (soft) {
        if (towards(p, sample.labels, groups, ends, recipe.smoothing)) rests[index] = 2;
      } else {
        for (let l = 0; l < L; l++) p[l] = 1 / (1 + Math.exp(-p[l]!)) - recipe.smoothing;
        for (const l of sample.labels) p[l] = p[l]! - (1 - 2 * recipe.smoothing);
      }
      // Labels that would hardly move are left alone (most of them).
      let k = 0;
      let square = 0;
      for (let l = 0; l < L; l++) {
        const g = p[l]! * sample.weight;
        if (g < CUT && g > -CUT) continue;
        active[k] = l;
        step[k] = g;
        square += g * g;
        k++;
      }
      if (k === 0) continue;
      for (let i = 0; i < n; i++) {
        const row = rows[i]!;
        const v = values[i]!;
        grown[row] = grown[row]! + square * v * v;
        const pace = (rate * v) / Math.sqrt(grown[row]!);
        const at = row * L;
        for (let j = 0; j < k; j++) W[at + active[j]!] = W[at + active[j]!]! - pace * step[j]!;
      }
      for (let j = 0; j < k; j++) bias[active[j]!] = bias[active[j]!]! - rate * 0.02 * step[j]!;
    }
    if (recipe.decay > 0) for (let i = 0; i < W.length; i++) W[i] = W[i]! * (1 - recipe.decay);
    if (epoch >= averageFrom) {
      for (let i = 0; i < W.length; i++) sums[i] = sums[i]! + W[i]!;
      for (let l = 0; l < L; l++) biasSum[l] = biasSum[l]! + bias[l]!;
    }
  }
  const turns = Math.max(1, recipe.epochs - averageFrom);
  return quantised(
    space,
    L,
    sums,
    biasSum.map((b) => b / turns),
    1 / turns,
  );
}

/** Scores become gradients against smoothed targets, group by group; true when every group is right and sure. */
function towards(
  p: Float32Array,
  labels: readonly number[],
  groups: readonly number[],
  ends: readonly number[],
  smoothing: number,
): boolean {
  let sure = true;
  for (let g = 0; g < groups.length; g++) {
    const to = ends[g]!;
    const from = to - groups[g]!;
    softmax(p, from, to);
    let own = 0;
    let first = -1;
    for (const l of labels)
      if (l >= from && l < to) {
        own++;
        if (first < 0) first = l;
      }
    if (first < 0 || p[first]! <= 1 - 2 * smoothing) sure = false;
    for (let l = from; l < to; l++) p[l] = p[l]! - smoothing / groups[g]!;
    for (const l of labels) if (l >= from && l < to) p[l] = p[l]! - (1 - smoothing) / own;
  }
  return sure;
}

function quantised(space: Space, L: number, W: Float32Array, bias: Float32Array, factor: number): Linear {
  const rows = space.keys.length;
  const weights = new Int8Array(rows * L);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let max = 0;
    for (let l = 0; l < L; l++) max = Math.max(max, Math.abs(W[row * L + l]!));
    if (max === 0) continue;
    scales[row] = (max * factor) / 127;
    for (let l = 0; l < L; l++) weights[row * L + l] = Math.round((W[row * L + l]! / max) * 127);
  }
  return { ...space, labels: L, weights, scales, bias };
}

/** Arrays of a layer for storing, and the layer from them. */
export function pack(model: Linear): {
  head: { labels: number; unseen: number; views: number[] };
  parts: ArrayBufferView[];
} {
  const { labels, unseen, views, keys, idf, scales, bias, weights } = model;
  return { head: { labels, unseen, views: [...views] }, parts: [keys, idf, scales, bias, weights] };
}
/** The layer over the parts' own memory; each begins at a multiple of 8. */
export function unpack(
  head: { labels: number; unseen: number; views: number[] },
  parts: Uint8Array[],
): Linear {
  const [k, i, s, b, w] = parts as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const floats = (p: Uint8Array) => new Float32Array(p.buffer, p.byteOffset, p.byteLength / 4);
  const keys = new Uint32Array(k.buffer, k.byteOffset, k.byteLength / 4);
  return {
    labels: head.labels,
    unseen: head.unseen,
    views: head.views as [number, number, number],
    keys,
    idf: floats(i),
    scales: floats(s),
    bias: floats(b),
    weights: new Int8Array(w.buffer, w.byteOffset, w.byteLength),
    table: tableOf(keys),
  };
}

/** The temperature at which the scores of unseen samples are honest: least log-loss by golden search in log space. */
export function temperatureOf(
  heldOut: readonly { scores: Float32Array; labels: readonly number[] }[],
  loss: Recipe['loss'],
): number {
  if (heldOut.length === 0) return 1;
  const cost = (logT: number): number => {
    let sum = 0;
    for (const { scores: s, labels } of heldOut) {
      const p = probabilities(s, Math.exp(logT), loss);
      if (loss === 'softmax') sum -= Math.log(Math.max(1e-9, p[labels[0]!]!));
      else
        for (let l = 0; l < p.length; l++)
          sum -= Math.log(Math.max(1e-9, labels.includes(l) ? p[l]! : 1 - p[l]!));
    }
    return sum;
  };
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(0.1);
  let high = Math.log(10);
  let a = high - ratio * (high - low);
  let b = low + ratio * (high - low);
  let costA = cost(a);
  let costB = cost(b);
  for (let i = 0; i < 20; i++) {
    if (costA < costB) {
      [high, b, costB] = [b, a, costA];
      a = high - ratio * (high - low);
      costA = cost(a);
    } else {
      [low, a, costA] = [a, b, costB];
      b = low + ratio * (high - low);
      costB = cost(b);
    }
  }
  return Math.exp((low + high) / 2);
}
