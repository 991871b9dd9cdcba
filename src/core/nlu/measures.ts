// Scores of a list of judgements: accuracy, macro-F1, confusions, calibration. Knows no text and no model.

export interface Judged {
  right: string;
  said: string;
}

export interface Score {
  n: number;
  accuracy: number;
  macroF1: number;
  perLabel: Record<string, { n: number; precision: number; recall: number; f1: number }>;
  /** Most frequent first, at most 30. */
  confusions: { right: string; said: string; n: number }[];
}

const round = (x: number): number => Math.round(x * 1e4) / 1e4;

export function score(judged: readonly Judged[]): Score {
  const right = new Map<string, number>();
  const said = new Map<string, number>();
  const hits = new Map<string, number>();
  const confused = new Map<string, number>();
  const count = (m: Map<string, number>, k: string): void => {
    m.set(k, (m.get(k) ?? 0) + 1);
  };
  for (const j of judged) {
    count(right, j.right);
    count(said, j.said);
    if (j.right === j.said) count(hits, j.right);
    else count(confused, `${j.right}\t${j.said}`);
  }
  const perLabel: Score['perLabel'] = {};
  let f1Sum = 0;
  let hitSum = 0;
  for (const [label, n] of [...right].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const hit = hits.get(label) ?? 0;
    hitSum += hit;
    const precision = hit / (said.get(label) ?? Number.POSITIVE_INFINITY);
    const recall = hit / n;
    const f1 = hit === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    f1Sum += f1;
    perLabel[label] = { n, precision: round(precision), recall: round(recall), f1: round(f1) };
  }
  return {
    n: judged.length,
    accuracy: round(judged.length === 0 ? 0 : hitSum / judged.length),
    macroF1: round(right.size === 0 ? 0 : f1Sum / right.size),
    perLabel,
    confusions: [...confused]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, 30)
      .map(([pair, n]) => {
        const [r, s] = pair.split('\t') as [string, string];
        return { right: r, said: s, n };
      }),
  };
}

/** Expected calibration error over ten bins: mean gap between how sure and how often right. */
export function calibrationError(pairs: readonly { sure: number; right: boolean }[]): number {
  const bins = Array.from({ length: 10 }, () => ({ n: 0, sure: 0, right: 0 }));
  for (const { sure, right } of pairs) {
    const bin = bins[Math.min(9, Math.floor(sure * 10))]!;
    bin.n++;
    bin.sure += sure;
    if (right) bin.right++;
  }
  let gap = 0;
  for (const b of bins) if (b.n > 0) gap += Math.abs(b.sure - b.right);
  return round(pairs.length === 0 ? 0 : gap / pairs.length);
}

/** Share of true ones. */
export const share = (flags: readonly boolean[]): number =>
  round(flags.length === 0 ? 0 : flags.filter(Boolean).length / flags.length);
