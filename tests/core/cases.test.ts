import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Actor,
  append,
  type Case,
  fold,
  keysOf,
  nextWake,
  overduePromise,
  type TimelineEntry,
  untold,
} from '../../src/core/cases/index.ts';

const DAY = 86_400_000;
const WHO = 'web:00000000000000000000000000000001';
const citizen: Actor = { kind: 'citizen', conversation: WHO };
const system: Actor = { kind: 'system' };
const officerOf = (agency: string): Actor => ({ kind: 'officer', id: 'o', agency });

const opened = (): Case => ({
  id: '000-000-000',
  version: 0,
  wakeAt: null,
  schemaVersion: 1,
  timeline: [
    {
      at: 0,
      by: citizen,
      key: 'k',
      public: true,
      kind: 'opened',
      topic: 't',
      answers: {},
      text: 'rác đầy ngõ',
      files: [],
      as: 'report',
      release: 1,
    },
    { at: 0, by: system, key: 'k', public: false, kind: 'routed', to: 'a', rule: 'r' },
    {
      at: 0,
      by: system,
      key: 'k',
      public: false,
      kind: 'promised',
      due: 10 * DAY,
      deadline: 'd',
      calendar: '1',
    },
    { at: 0, by: system, key: 'told', public: false, kind: 'told', entry: 0, follower: WHO },
  ],
});

const must = (r: ReturnType<typeof append>): Case => {
  if (!r.ok) throw new Error(r.problems[0]!.message);
  return r.value;
};

/** Anything anybody might try, allowed or not. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('taken'), agency: fc.constantFrom('a', 'b') }),
  fc.record({ kind: fc.constant('asked'), agency: fc.constantFrom('a', 'b') }),
  fc.record({ kind: fc.constant('replied'), agency: fc.constantFrom('a', 'b') }),
  fc.record({
    kind: fc.constant('transferred'),
    agency: fc.constantFrom('a', 'b'),
    to: fc.constantFrom('a', 'b'),
  }),
  fc.record({
    kind: fc.constantFrom('added', 'confirmed', 'reopened', 'withdrawn'),
    agency: fc.constant(''),
  }),
);
type Step = { kind: string; agency: string; to?: string };

function entry(s: Step, at: number): TimelineEntry {
  const base = { at, key: `s${at}`, public: true, by: s.agency ? officerOf(s.agency) : citizen };
  switch (s.kind) {
    case 'taken':
      return { ...base, kind: 'taken' };
    case 'asked':
      return { ...base, kind: 'asked', text: '?', signature: 's' };
    case 'replied':
      return { ...base, kind: 'replied', text: 'xong', files: [], signature: 's', holdUntil: at + 60_000 };
    case 'transferred':
      return { ...base, kind: 'transferred', from: s.agency, to: s.to!, reason: 'r' };
    case 'added':
      return { ...base, kind: 'added', text: 'thêm', files: [] };
    case 'confirmed':
      return { ...base, kind: 'confirmed', entry: 0 };
    case 'reopened':
      return { ...base, kind: 'reopened', text: '' };
    default:
      return { ...base, kind: 'withdrawn', text: '' };
  }
}

describe('a case', () => {
  it('waits, is taken, answered, and resolved only by the citizen', () => {
    let c = opened();
    expect(fold(c).status).toBe('waiting');
    c = must(append(c, entry({ kind: 'taken', agency: 'a' }, 1), 1));
    c = must(append(c, entry({ kind: 'replied', agency: 'a' }, 2), 2));
    expect(fold(c)).toMatchObject({ status: 'answered', answeredAt: 2 });
    expect(fold(c).resolvedAt).toBeUndefined();
    c = must(append(c, entry({ kind: 'confirmed', agency: '' }, 70_000), 70_000));
    expect(fold(c)).toMatchObject({ status: 'resolved', answeredAt: 2, resolvedAt: 70_000 });
  });

  it('reopens with the clock it had', () => {
    let c = must(append(opened(), entry({ kind: 'replied', agency: 'a' }, 2), 2));
    c = must(append(c, entry({ kind: 'reopened', agency: '' }, 70_000), 70_000));
    expect(fold(c)).toMatchObject({ status: 'reopened', reopened: 1, answeredAt: 2 });
    expect(fold(c).promise?.due).toBe(10 * DAY);
  });

  it('tells nobody a reply while it may be called back, and never one that was', () => {
    let c = must(append(opened(), entry({ kind: 'replied', agency: 'a' }, 1000), 1000));
    expect(untold(c, 1000)).toEqual([]);
    expect(nextWake(c, 1000)).toBe(61_000);
    expect(untold(c, 61_000)).toHaveLength(1);
    c = must(
      append(c, { at: 2000, by: officerOf('a'), key: 'r', public: false, kind: 'recalled', entry: 4 }, 2000),
    );
    expect(untold(c, 100_000)).toEqual([]);
    expect(fold(c).answeredAt).toBeUndefined();
    const late = append(
      must(append(opened(), entry({ kind: 'replied', agency: 'a' }, 1000), 1000)),
      { at: 61_000, by: officerOf('a'), key: 'r', public: false, kind: 'recalled', entry: 4 },
      61_000,
    );
    expect(late.ok).toBe(false);
  });

  it('notes a date that passes unanswered, once', () => {
    const c = opened();
    expect(overduePromise(c, 10 * DAY)).toBeUndefined();
    expect(overduePromise(c, 10 * DAY + 1)).toBe(2);
    const noted = must(
      append(
        c,
        { at: 11 * DAY, by: system, key: 'overdue:2', public: true, kind: 'overdue', promise: 2 },
        11 * DAY,
      ),
    );
    expect(overduePromise(noted, 12 * DAY)).toBeUndefined();
    expect(
      must(
        append(
          noted,
          { at: 12 * DAY, by: system, key: 'overdue:2', public: true, kind: 'overdue', promise: 2 },
          12 * DAY,
        ),
      ),
    ).toBe(noted);
  });

  it('refuses officers of another agency, strangers, and a transfer to the unit complained about', () => {
    const c = opened();
    expect(append(c, entry({ kind: 'taken', agency: 'b' }, 1), 1).ok).toBe(false);
    expect(
      append(
        c,
        {
          ...entry({ kind: 'withdrawn', agency: '' }, 1),
          by: { kind: 'citizen', conversation: 'web:00000000000000000000000000000002' },
        },
        1,
      ).ok,
    ).toBe(false);
    const accused: Case = {
      ...c,
      timeline: [{ ...c.timeline[0]!, against: 'b' } as TimelineEntry, ...c.timeline.slice(1)],
    };
    expect(append(accused, entry({ kind: 'transferred', agency: 'a', to: 'b' }, 1), 1).ok).toBe(false);
  });

  it('property: whatever is tried, the promise never moves, the owner is one, and each key counts once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let c = opened();
        for (const [i, s] of (steps as Step[]).entries()) {
          const e = entry(s, (i + 1) * 120_000);
          const done = append(c, e, e.at);
          if (!done.ok) continue;
          const again = append(done.value, e, e.at);
          expect(again.ok && again.value).toBe(done.value);
          c = done.value;
        }
        const f = fold(c);
        expect(f.promise?.due).toBe(10 * DAY);
        expect(['a', 'b']).toContain(f.owner);
        expect(f.owners.length).toBe(f.transfers + 1);
        expect(f.resolvedAt === undefined || f.answeredAt !== undefined).toBe(true);
        expect(keysOf(c).status).toBe(f.status);
        expect(c.wakeAt === null || Number.isInteger(c.wakeAt)).toBe(true);
      }),
    );
  });

  it('property: telling everybody leaves nothing untold and no busy wake', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        let c = opened();
        for (const [i, s] of (steps as Step[]).entries()) {
          const done = append(c, entry(s, (i + 1) * 120_000), (i + 1) * 120_000);
          if (done.ok) c = done.value;
        }
        const now = 100 * 120_000;
        for (const u of untold(c, now))
          c = must(
            append(
              c,
              {
                at: now,
                by: system,
                key: `told:${u.entry}`,
                public: false,
                kind: 'told',
                entry: u.entry,
                follower: u.follower as 'web:1',
              },
              now,
            ),
          );
        expect(untold(c, now)).toEqual([]);
        const wake = nextWake(c, now);
        expect(wake === null || wake > now).toBe(true);
      }),
    );
  });
});
