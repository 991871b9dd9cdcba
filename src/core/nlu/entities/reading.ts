// How the finders of this folder look at a message: as a line of normalised words whose every stretch leads back
// to the characters that were typed. Knows no kind of entity.
import { fold } from '../../text.ts';
import type { Entity } from '../heard.ts';
import { type Normalized, READ_LIMIT } from '../normalize.ts';

/** A find that may lose against a longer one; `rank` decides between equally long ones, higher wins. */
export type Find = Entity & { rank?: number };
/** The value of a find that keeps others from its stretch and names nothing itself. */
export const NOTHING = '';

const folded = new Map<string, string>();
/** Folds letter by letter, so that every offset stays true. */
export function flat(s: string): string {
  let out = '';
  for (let i = 0; i < s.length; i++) {
    const c = s.charAt(i);
    if (c < '\u0080') out += c.toLowerCase();
    else {
      let f = folded.get(c);
      if (f === undefined) {
        f = fold(c);
        if (f.length !== 1) f = c;
        if (folded.size < 5000) folded.set(c, f);
      }
      out += f;
    }
  }
  return out;
}

export interface Line {
  /** Folded words, one blank around each. */
  folded: string;
  /** The same with diacritics; offsets are those of `folded`. */
  accented: string;
  /** Span in the typed text of the words touched by folded[from, to). */
  span(from: number, to: number): { start: number; end: number };
}

/** The normalised words as one line for patterns. */
export function lineOf(n: Normalized): Line {
  const at: number[] = [];
  let accented = ' ';
  for (const t of n.tokens) {
    at.push(accented.length);
    accented += `${t.text} `;
  }
  const tokenAt = (offset: number): number => {
    let low = 0;
    let high = at.length - 1;
    while (low < high) {
      const mid = (low + high + 1) >> 1;
      if (at[mid]! <= offset) low = mid;
      else high = mid - 1;
    }
    return low;
  };
  return {
    folded: flat(accented),
    accented,
    span(from, to) {
      const first = n.tokens[tokenAt(from)]!;
      const last = n.tokens[tokenAt(to - 1)]!;
      return { start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
    },
  };
}

/** All matches of a global pattern over the line, whose group 1 (or whole) gives the span, blanks trimmed. */
export function* matches(line: Line, pattern: RegExp): Generator<{ m: RegExpExecArray; span: Span }> {
  pattern.lastIndex = 0;
  for (let m = pattern.exec(line.folded); m; m = pattern.exec(line.folded)) {
    const lead = m[0].length - m[0].trimStart().length;
    const from = m.index + lead;
    const to = m.index + m[0].trimEnd().length;
    if (to > from) yield { m, span: { ...line.span(from, to), from, to } };
    /** Neighbours share the blank between them. */
    pattern.lastIndex = Math.max(m.index + 1, m.index + m[0].length - 1);
  }
}
export interface Span {
  start: number;
  end: number;
  from: number;
  to: number;
}

/** The part of the text that is read, folded letter by letter. */
export const readable = (n: Normalized): string => flat(n.text.slice(0, READ_LIMIT));

const UNITS: Record<string, number> = {
  mot: 1,
  hai: 2,
  ba: 3,
  bon: 4,
  tu: 4,
  nam: 5,
  lam: 5,
  sau: 6,
  bay: 7,
  tam: 8,
  chin: 9,
};
/** A whole number up to 99, in digits or words. */
export const NUMBER =
  '(?:\\d{1,3}|(?:hai|ba|bon|nam|sau|bay|tam|chin) muoi(?: (?:mot|hai|ba|bon|tu|lam|nam|sau|bay|tam|chin))?|muoi(?: (?:mot|hai|ba|bon|lam|nam|sau|bay|tam|chin))?|mot|hai|ba|bon|nam|sau|bay|tam|chin)';

/** Value of what NUMBER matched. */
export function numberOf(words: string): number {
  if (/^\d+$/.test(words)) return Number(words);
  let n = 0;
  for (const w of words.split(' ')) {
    if (w === 'muoi') n = (n || 1) * 10;
    else n += UNITS[w] ?? 0;
  }
  return n;
}

/** Words of a message that are looked at one by one. */
export const READABLE_WORDS = 1000;

/** Finds that do not overlap, the longest first when they compete; in order. */
export function longestFirst(finds: Find[]): Entity[] {
  const ordered = finds.sort(
    (a, b) => b.end - b.start - (a.end - a.start) || (b.rank ?? 0) - (a.rank ?? 0) || a.start - b.start,
  );
  const taken = new Map<number, true>();
  const kept: Entity[] = [];
  for (const { type, value, start, end } of ordered) {
    let free = end > start;
    for (let i = start; free && i < end; i++) free = !taken.has(i);
    if (!free) continue;
    for (let i = start; i < end; i++) taken.set(i, true);
    if (value !== NOTHING) kept.push({ type, value, start, end });
  }
  return kept.sort((a, b) => a.start - b.start);
}
