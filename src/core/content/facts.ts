// Which lines of a fact hold: for the answers given, on a day. Unknown stays unknown: an empty list is never "none".
import { type Answers, holds } from '../flow/index.ts';
import type { Fact, FactField, Procedure } from './schema.ts';

/** Lines true on `date` (ISO) for these answers; one whose `when` is still open is shown as it reads. */
function linesOf(fact: Fact, answers: Answers, date: string): string[] {
  const lines = typeof fact.value === 'string' ? [fact.value] : fact.value;
  return lines.flatMap((l) => {
    if (typeof l === 'string') return [l];
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

/** The fields of a procedure that are known now, in the order asked for. */
export function known(p: Procedure, fields: FactField[], answers: Answers, date: string): Told[] {
  return fields.flatMap((field) => {
    const fact = p.facts[field];
    if (!fact) return [];
    const lines = linesOf(fact, answers, date);
    return lines.length > 0 ? [{ field, lines, fact }] : [];
  });
}
