// One opinion out of two groups of columns: the exact matter and its kind correct each other.
// Knows scores only; reads no text.
import type { Grams } from './features.ts';
import { KINDS, type Kind } from './heard.ts';
import { type Linear, scores } from './linear.ts';

/** How much the kinds' columns say against the sum of its intents (measured by cross validation). */
const KIND_SAY = 0.5;
/** Both layers sharpen to about this before they are compared; the honest temperature comes after. */
const SHARP = 0.5;

/** The kind of each label as its place in KINDS. */
export const kindNumbers = (kinds: readonly Kind[]): Uint8Array =>
  Uint8Array.from(kinds, (k) => KINDS.indexOf(k));

/**
 * Scores of every label, corrected so that kinds weigh what both groups make of them. Log units over SHARP.
 * Columns of the layer: the labels, whose kinds are `kindOf`, then KINDS.
 */
export function joined(matters: Linear, kindOf: Uint8Array, grams: Grams): Float32Array {
  const all = scores(matters, grams);
  const s = all.subarray(0, kindOf.length);
  const k = all.subarray(kindOf.length);
  const sums = new Float64Array(KINDS.length);
  let top = Number.NEGATIVE_INFINITY;
  for (const v of s) if (v > top) top = v;
  let total = 0;
  for (let l = 0; l < s.length; l++) {
    const mass = Math.exp((s[l]! - top) / SHARP);
    sums[kindOf[l]!] = sums[kindOf[l]!]! + mass;
    total += mass;
  }
  let kindTop = Number.NEGATIVE_INFINITY;
  for (const v of k) if (v > kindTop) kindTop = v;
  let kindSum = 0;
  for (const v of k) kindSum += Math.exp((v - kindTop) / SHARP);
  const shift = sums.map((sum, kind) => {
    const direct = Math.exp((k[kind]! - kindTop) / SHARP) / kindSum;
    return KIND_SAY * SHARP * (Math.log(direct + 1e-6) - Math.log(sum / total + 1e-6));
  });
  for (let l = 0; l < s.length; l++) s[l] = s[l]! + shift[kindOf[l]!]!;
  return s;
}
