// Which lines of a fact hold: for the answers given, on a day. Unknown stays unknown: an empty list is never "none".
import { type Answers, holds } from '../flow/index.ts';
import { isBarred } from './citizens.ts';
import type { Fact, FactField, Procedure } from './schema.ts';

/** The facts an overview tells whole, in this order. Of the others it tells the lines marked `overview`. */
export const OVERVIEW: FactField[] = ['documents', 'time', 'fee', 'place'];

/** Lines true on `date` (ISO) for these answers; one whose `when` is still open is shown as it reads. */
function linesOf(fact: Fact, answers: Answers, date: string, marked: boolean): string[] {
  const lines = typeof fact.value === 'string' ? [fact.value] : fact.value;
  return lines.flatMap((l) => {
    if (typeof l === 'string') return marked ? [] : [l];
    if (marked && !l.overview) return [];
    if (holds(l.when, answers) === false) return [];
    if ((l.from && date < l.from) || (l.until && date > l.until)) return [];
    return [l.text];
  });
}

export interface Told {
  field: FactField;
  lines: string[];
  fact: Fact;
}

/**
 * The fields of a procedure that are known now, in the order asked for; `marked`: of their lines those alone. For a
 * foreigner nothing is known of what is for citizens.
 */
export function known(
  p: Procedure,
  fields: FactField[],
  answers: Answers,
  date: string,
  marked = false,
): Told[] {
  if (isBarred(p, answers)) return [];
  return fields.flatMap((field) => {
    const fact = p.facts[field];
    if (!fact) return [];
    const lines = linesOf(fact, answers, date, marked);
    return lines.length > 0 ? [{ field, lines, fact }] : [];
  });
}

/** The fields whose facts a lead may repeat, each only in a part that rests on it. */
export const LED_BY = ['agency', 'place', 'documents'] as const satisfies FactField[];

/** "{agency,place: Nộp ở Công an xã, phường.}": what follows the colon is said while all these facts are known. */
const PART = /\{([a-z,-]+):([^{}]*)\}/g;

/** The parts of a wording that rest on facts: their fields, and what they say. */
export const partsOf = (text: string): { fields: string[]; says: string }[] =>
  [...text.matchAll(PART)].map((m) => ({ fields: m[1]!.split(','), says: m[2]! }));

/** A wording without the parts whose facts are unknown or turned off; empty when nothing is left. */
export const resting = (text: string, { facts }: Pick<Procedure, 'facts'>): string =>
  text
    .replace(PART, (_, fields: string, says: string) =>
      fields.split(',').every((f) => facts[f as FactField]) ? says : '',
    )
    .replace(/ {2,}/g, ' ')
    .trim();
