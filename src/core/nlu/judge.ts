// One opinion out of two layers: the exact matter and its kind correct each other.
// Knows scores only; reads no text.
import type { Grams } from './features.ts';
import { KINDS, type Kind } from './heard.ts';
import { type Linear, scores } from './linear.ts';

/** How much the kind layer says against the sum of its intents (measured by cross validation). */
const KIND_SAY = 0.5;
/** Both layers sharpen to about this before they are compared; the honest temperature comes after. */
const SHARP = 0.5;

/** Scores of every label, corrected so that kinds weigh what both layers make of them. Log units over SHARP. */
export function joined(
  layers: { intents: Linear; kinds: Linear },
  kindOf: readonly Kind[],
  grams: Grams,
): Float32Array {
  const s = scores(layers.intents, grams);
  const k = scores(layers.kinds, grams);
  const sums = new Map<Kind, number>();
  let top = Number.NEGATIVE_INFINITY;
  for (const v of s) if (v > top) top = v;
  for (let l = 0; l < s.length; l++)
    sums.set(kindOf[l]!, (sums.get(kindOf[l]!) ?? 0) + Math.exp((s[l]! - top) / SHARP));
  let kindTop = Number.NEGATIVE_INFINITY;
  for (const v of k) if (v > kindTop) kindTop = v;
  let kindSum = 0;
  for (const v of k) kindSum += Math.exp((v - kindTop) / SHARP);
  let all = 0;
  for (const v of sums.values()) all += v;
  const shift = new Map<Kind, number>();
  for (const [kind, sum] of sums) {
    const direct = Math.exp((k[KINDS.indexOf(kind)]! - kindTop) / SHARP) / kindSum;
    shift.set(kind, KIND_SAY * SHARP * (Math.log(direct + 1e-6) - Math.log(sum / all + 1e-6)));
  }
  for (let l = 0; l < s.length; l++) s[l] = s[l]! + shift.get(kindOf[l]!)!;
  return s;
}
