// Procedures whose applicants are published to be Vietnamese citizens: a question that is never asked stands before
// their own, and none of their facts hold for a foreigner. Knows no procedure by name.
import type { Procedure, Step } from './schema.ts';

/** A citizen, until a message says otherwise. */
export const NATIONALITY = {
  ask: 'quoc-tich',
  type: 'choice' as const,
  first: true,
  unasked: true as const,
  assume: 'viet-nam',
  options: {
    'viet-nam': { also: [], hints: [] },
    'nuoc-ngoai': { also: [], hints: [], foreigner: true as const },
  } as NonNullable<Step['options']>,
} satisfies Step;

/** Whether a procedure is only for citizens and these answers tell of a foreigner. */
export const isBarred = (p: Pick<Procedure, 'citizens'>, answers: Record<string, string>): boolean =>
  p.citizens !== undefined && (answers[NATIONALITY.ask] ?? NATIONALITY.assume) !== NATIONALITY.assume;
