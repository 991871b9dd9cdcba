// Where a conversation stands in a flow, computed from its answers. A flow is an ordered list with `when`;
// no position is stored anywhere, so going back and changing one's mind leaves no ghost, and a new release
// never strands anybody: an answer it does not know is dropped and asked again.
import type { Outcome, Step } from '../content/schema.ts';
import { type Answers, holds } from './when.ts';

/** What a skipped optional question holds. */
export const SKIPPED = '-';

export interface Flow {
  flow: Step[];
  outcomes: Outcome[];
}

export type Next =
  | { step: Step; answers: Answers; asked: Step[] }
  | { step: undefined; answers: Answers; asked: Step[]; outcome: Outcome | undefined };

/** Ids an answer to this step may have; undefined when anything may be said. */
export function optionsOf(step: Step): string[] | undefined {
  if (step.type === 'yes-no' || step.type === 'confirm') return ['co', 'khong'];
  if (step.type === 'choice') return Object.keys(step.options ?? {});
  return undefined;
}

const known = (step: Step, answer: string): boolean =>
  (answer === SKIPPED && step.optional === true) || (optionsOf(step)?.includes(answer) ?? true);

/**
 * Walks the list: `answers` keeps only those still asked for, `asked` the steps answered on this path, in
 * order; `step` is the next question, or undefined with the first outcome whose `when` holds.
 */
export function replay(f: Flow, given: Answers, onlyFirst = false): Next {
  const answers: Answers = {};
  const asked: Step[] = [];
  for (const step of f.flow) {
    if (onlyFirst && !step.first) continue;
    if (holds(step.when, answers) !== true) continue;
    const answer = given[step.ask];
    const usual = step.unasked && step.assume;
    if (answer !== undefined && known(step, answer)) answers[step.ask] = answer;
    else if (usual) answers[step.ask] = usual;
    else return { step, answers, asked };
    if (!step.unasked) asked.push(step);
  }
  return {
    step: undefined,
    answers,
    asked,
    outcome: f.outcomes.find((o) => holds(o.when, answers) === true),
  };
}

/** Every way through a flow, as answers; free answers are stood for by `*`. For checks and tests, not for talk. */
export function paths(f: Flow): Answers[] {
  const found: Answers[] = [];
  // A flow that asks one name twice would be asked for ever; check refuses it, so the walk must come to an end.
  const walk = (answers: Answers, before: Step[]): void => {
    const next = replay(f, answers);
    if (next.step && before.includes(next.step)) return;
    if (!next.step) {
      found.push(next.answers);
      return;
    }
    const values = optionsOf(next.step) ?? ['*'];
    for (const v of next.step.optional ? [...values, SKIPPED] : values)
      walk({ ...next.answers, [next.step.ask]: v }, [...before, next.step]);
  };
  walk({}, []);
  return found;
}
