// Identity numbers as people type them: whole, in groups, over a line, beside a phone. What is missed here stays in
// logs and cases, so that a number too many is better than one too few.
import type { Find } from './reading.ts';

interface Group {
  digits: string;
  start: number;
  end: number;
}

/** Twelve digits with a leading 0 (căn cước), nine not ending in 000 (chứng minh thư). */
export function* identityNumbers(text: string): Generator<Find> {
  const groups: Group[] = [...text.matchAll(/\d+/g)].map((m) => ({
    digits: m[0],
    start: m.index,
    end: m.index + m[0].length,
  }));
  for (let i = 0; i < groups.length; i++) {
    const first = groups[i]!;
    // The tail of a sum or of a coordinate, and what an international prefix begins.
    const before = text.slice(Math.max(0, first.start - 2), first.start);
    if (before.endsWith('+') || (/\d[.,]$/.test(before) && !/^0\d\d[0-3]\d{8}$/.test(first.digits))) continue;
    const last = endOf(text, groups, i);
    if (last === undefined) continue;
    const parts = groups.slice(i, last + 1);
    const value = parts.map((g) => g.digits).join('');
    yield { type: 'identity-number', value, start: first.start, end: parts.at(-1)!.end };
    i = last;
  }
}

/** The group with which a number that begins at group `i` ends. */
function endOf(text: string, groups: Group[], i: number): number | undefined {
  let digits = '';
  for (let j = i; j < groups.length && digits.length < 12; j++) {
    if (j > i && !APART.test(gapBefore(text, groups[j]!, groups[j - 1]!))) return undefined;
    digits += groups[j]!.digits;
    if (digits.length === 12 && digits.startsWith('0') && isTwelve(text, groups.slice(i, j + 1))) return j;
    if (digits.length === 9 && !digits.endsWith('000') && isNine(text, groups, i, j)) return j;
  }
  return undefined;
}

/** What may stand between two groups of one number: a line's end, a comma, a slash; never a word. */
const APART = /^[^\p{L}\p{N}]{1,5}$/u;
/** What stands there mostly. */
const CLOSE = /^[\s.\-–()]{1,2}$/;
const gapBefore = (text: string, g: Group, before: Group): string => text.slice(before.end, g.start);
const close = (text: string, g: Group | undefined, before: Group | undefined): boolean =>
  g !== undefined && before !== undefined && CLOSE.test(gapBefore(text, g, before));

/** Few groups close together; or, further apart, groups that no date and no time is written in. */
function isTwelve(text: string, parts: Group[]): boolean {
  if (parts.length > 1 && parts.some((g) => PHONE.test(g.digits))) return false;
  const between = parts.slice(1).map((g, k) => gapBefore(text, g, parts[k]!));
  if (between.every((gap) => CLOSE.test(gap)) && between.join('').length <= 3) return true;
  const size = parts[0]!.digits.length;
  const even = parts.every((g) => g.digits.length === size);
  // The fourth digit tells sex and century: 0 to 3 for everybody born from 1900 to 2099.
  return BORN.test(parts.map((g) => g.digits).join('')) && (even || parts.every((g) => g.digits.length >= 3));
}
const PHONE = /^0[35789]\d{8}$/;
const BORN = /^0\d\d[0-3]/;

/** Nine digits are many things: in groups only close together, and with no further group beside them. */
function isNine(text: string, groups: Group[], i: number, j: number): boolean {
  if (i === j) return true;
  if (close(text, groups[j + 1], groups[j]) || close(text, groups[i], groups[i - 1])) return false;
  const between = groups.slice(i + 1, j + 1).map((g, k) => gapBefore(text, g, groups[i + k]!));
  return between.every((gap) => CLOSE.test(gap)) && between.join('').length <= 2;
}
