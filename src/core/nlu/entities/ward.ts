// The ward meant by an answer to "phường nào?". Looser than finding in a message: a place is expected.
import { clean } from '../../text.ts';
import { placeTone } from '../syllable.ts';
import {
  agrees,
  choose,
  type Gazetteer,
  markerBefore,
  type Name,
  nearestNames,
  type Word,
  withinOf,
} from './gazetteer.ts';
import { closeAsTyped, HERE, NEEDS_MARKER } from './places.ts';
import { flat } from './reading.ts';

/** More than this are too many to offer. */
const MOST_TO_ASK = 6;

/**
 * The ward meant by an answer to "phường nào?": one = known, two to six = ask which, none = unknown. `exact` is
 * false when the name was guessed from a misspelling.
 */
export function findWard(text: string, g: Gazetteer): { wards: string[]; exact: boolean } {
  const words: Word[] = (clean(text.slice(0, 400)).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [])
    .slice(0, 60)
    .map((w) => ({
      text: placeTone(w.toLowerCase()),
      folded: flat(placeTone(w.toLowerCase())),
      start: 0,
      end: 0,
      stop: false,
      capital: w !== w.toLowerCase(),
    }));
  const exact = named(words, g);
  const found = exact.length ? exact : guessed(words, g);
  const first = found[0];
  if (!first) return { wards: [], exact: false };
  let wards = first.wards;
  for (const other of found.slice(1)) {
    const both = wards.filter((w) => withinOf(other, g).includes(w));
    if (both.length) wards = both;
  }
  return wards.length > MOST_TO_ASK ? { wards: [], exact: false } : { wards, exact: exact.length > 0 };
}

/** Places named in an answer, the smallest first; a bare answer may be a common word or one syllable. */
function named(words: Word[], g: Gazetteer): Name[] {
  const out: Name[] = [];
  for (let at = 0; at < words.length; ) {
    const found = nameAt(words, at, g);
    if (found) out.push(found.name);
    at = found ? found.to : at + 1;
  }
  return out.sort((a, b) => Number(a.kind === 'district') - Number(b.kind === 'district'));
}

function nameAt(words: Word[], at: number, g: Gazetteer): { name: Name; to: number } | undefined {
  const mark = markerBefore(words, at);
  // "phuong lien mac" is phường Liên Mạc before it is Phương Liên.
  for (const next of [at + 1, at + 2]) {
    const marked = next < words.length && markerBefore(words, next)?.from === at && nameAt(words, next, g);
    if (marked) return marked;
  }
  for (let k = Math.min(g.longestName, words.length - at); k >= 1; k--) {
    const all = g.names.get(
      words
        .slice(at, at + k)
        .map((w) => w.folded)
        .join(' '),
    );
    if (!all) continue;
    const own = (mark ? at - mark.from : 0) + k;
    const alone = own * 2 >= words.length;
    const here = at === 0 || HERE.has(words[at - 1]!.folded);
    if (!mark && !alone && (k === 1 || (NEEDS_MARKER.has(all[0]!.folded) && !here))) continue;
    const exact = all.filter((n) => agrees(words, at, n.words));
    if (!mark && !exact.length && !alone) continue;
    const old = words[at + k]?.folded === 'cu';
    const name = choose(exact.length ? exact : all, mark?.marker, old);
    if (name) return { name, to: at + k };
  }
  return undefined;
}

function guessed(words: Word[], g: Gazetteer): Name[] {
  for (const k of [3, 2])
    for (let at = 0; at + k <= words.length; at++) {
      const part = words.slice(at, at + k);
      // Another word altogether is no slip: "ngõ 91 Nguyễn Chí Thanh" is not in Nguyên Khê.
      const keys = nearestNames(part.map((w) => w.folded).join(' '), g, k).filter((key) =>
        g.names.get(key)!.some((n) => closeAsTyped(part, n)),
      );
      const names = keys.map((key) => choose(g.names.get(key)!, markerBefore(words, at)?.marker, false)!);
      if (names.length) return [{ ...names[0]!, wards: [...new Set(names.flatMap((n) => n.wards))] }];
    }
  const run = words.map((w) => w.folded).join('');
  if (words.length <= 3 && run.length >= 5) {
    const bare = run.replace(/^(?:phuong|xa|p)(?=.{4})/, '');
    for (const key of g.names.keys())
      if (key.replaceAll(' ', '') === bare) return [choose(g.names.get(key)!, undefined, false)!];
  }
  return [];
}
