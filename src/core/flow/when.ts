// Whether a `when` holds. Knows equality and membership, nothing else.
import type { When } from '../content/schema.ts';

export type Answers = Record<string, string>;

/** true, false, or undefined while a question it names is unanswered. A missing `when` holds. */
export function holds(when: When | undefined, answers: Answers): boolean | undefined {
  if (!when) return true;
  let open = false;
  for (const [ask, wanted] of Object.entries(when)) {
    const given = answers[ask];
    if (given === undefined) open = true;
    else if (Array.isArray(wanted) ? !wanted.includes(given) : wanted !== given) return false;
  }
  return open ? undefined : true;
}
