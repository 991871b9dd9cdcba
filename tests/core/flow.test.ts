import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome, Step } from '../../src/core/content/schema.ts';
import { type Answers, holds, optionsOf, paths, replay, SKIPPED } from '../../src/core/flow/index.ts';

const option = { also: [], hints: [] };
const flow: Step[] = [
  { ask: 'noi', type: 'choice', options: { vien: option, nha: option } },
  { ask: 'cuoi', type: 'yes-no', when: { noi: 'vien' } },
  { ask: 'anh', type: 'files', optional: true },
];
const outcomes: Outcome[] = [
  { say: 'a', when: { noi: 'vien', cuoi: 'co' } },
  { say: 'b', when: { noi: ['vien', 'nha'] } },
];

/** Random flows whose conditions look back at earlier steps. */
const anyFlow = fc
  .array(
    fc.record({
      n: fc.integer({ min: 2, max: 3 }),
      on: fc.option(fc.tuple(fc.nat(10), fc.nat(2))),
      optional: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((spec) =>
    spec.map((s, i): Step => {
      const back = s.on && i > 0 ? s.on[0] % i : undefined;
      return {
        ask: `q${i}`,
        type: 'choice',
        options: Object.fromEntries(Array.from({ length: s.n }, (_, k) => [`o${k}`, option])),
        ...(back !== undefined && { when: { [`q${back}`]: `o${s.on![1]}` } }),
        ...(s.optional && { optional: true }),
      };
    }),
  );

describe('replay', () => {
  it('asks in order, skips what does not apply, and ends at the first outcome that holds', () => {
    expect(replay({ flow, outcomes }, {}).step?.ask).toBe('noi');
    expect(replay({ flow, outcomes }, { noi: 'nha' }).step?.ask).toBe('anh');
    const end = replay({ flow, outcomes }, { noi: 'nha', anh: SKIPPED });
    expect(end.step).toBeUndefined();
    expect(!end.step && end.outcome?.say).toBe('b');
  });

  it('forgets an answer whose question no longer applies: no ghost after a change of mind', () => {
    expect(replay({ flow, outcomes }, { noi: 'nha', cuoi: 'co', anh: '1' }).answers).toEqual({
      noi: 'nha',
      anh: '1',
    });
  });

  it('asks again what a new release no longer knows', () => {
    expect(replay({ flow, outcomes }, { noi: 'taxi' }).step?.ask).toBe('noi');
  });

  it('property: replay is idempotent and never keeps an answer that was not asked for', () => {
    fc.assert(
      fc.property(
        anyFlow,
        fc.dictionary(
          fc.constantFrom('q0', 'q1', 'q2', 'q3', 'q4', 'x'),
          fc.constantFrom('o0', 'o1', 'o2', '-', 'zzz'),
        ),
        (steps, given) => {
          const f = { flow: steps, outcomes: [{ say: 'end' }] };
          const once = replay(f, given);
          const twice = replay(f, once.answers);
          expect(twice.answers).toEqual(once.answers);
          expect(twice.step?.ask).toBe(once.step?.ask);
          for (const [k, v] of Object.entries(once.answers)) {
            const step = steps.find((s) => s.ask === k)!;
            expect(holds(step.when, once.answers)).toBe(true);
            expect(v === SKIPPED ? step.optional : optionsOf(step)!.includes(v)).toBeTruthy();
          }
        },
      ),
    );
  });

  it('property: answering whatever is asked always ends, and every path is found', () => {
    fc.assert(
      fc.property(anyFlow, fc.infiniteStream(fc.nat(100)), (steps, dice) => {
        const f = { flow: steps, outcomes: [{ say: 'end' }] };
        const all = paths(f).map((p) => JSON.stringify(p));
        let answers: Answers = {};
        const iterator = dice[Symbol.iterator]();
        for (let i = 0; i <= steps.length; i++) {
          const next = replay(f, answers);
          if (!next.step) break;
          const options = [...optionsOf(next.step)!, ...(next.step.optional ? [SKIPPED] : [])];
          answers = { ...next.answers, [next.step.ask]: options[iterator.next().value! % options.length]! };
        }
        expect(replay(f, answers).step).toBeUndefined();
        expect(all).toContain(JSON.stringify(answers));
      }),
    );
  });
});
