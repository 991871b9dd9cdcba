// Which lines of a fact hold: for the answers given, on a day. Unknown stays unknown: an empty list is never "none".
import { type Answers, holds } from '../flow/index.ts';
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

/** The fields of a procedure that are known now, in the order asked for; `marked`: of their lines those alone. */
export function known(
  p: Procedure,
  fields: FactField[],
  answers: Answers,
  date: string,
  marked = false,
): Told[] {
  return fields.flatMap((field) => {
    const fact = p.facts[field];
    if (!fact) return [];
    const lines = linesOf(fact, answers, date, marked);
    return lines.length > 0 ? [{ field, lines, fact }] : [];
  });
}
