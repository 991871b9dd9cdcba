import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  append,
  type Case,
  fold,
  keysOf,
  nextWake,
  overduePromise,
  type TimelineEntry,
  untold,
} from '../../src/core/cases/index.ts';
import {
  added,
  after,
  asked,
  confirmed,
  DAY,
  opened,
  overdue,
  recalled,
  reopened,
  replied,
  taken,
  told,
  transferred,
  withdrawn,
} from './sample-case.ts';

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

function entry(c: Case, s: Step, at: number): TimelineEntry {
  switch (s.kind) {
    case 'taken':
      return taken(at, s.agency);
    case 'asked':
      return asked(at, s.agency);
    case 'replied':
      return replied(at, 'xong', s.agency);
    case 'transferred':
      return transferred(at, s.agency, s.to!);
    case 'added':
      return added(at);
    case 'confirmed':
      return confirmed(
        at,
        c.timeline.findLastIndex((e) => e.kind === 'replied'),
      );
    case 'reopened':
      return reopened(at);
    default:
      return withdrawn(at);
  }
}

describe('a case', () => {
  it('waits, is taken, answered, and resolved only by the citizen', () => {
    expect(fold(opened()).status).toBe('waiting');
    const c = after(opened(), taken(1), replied(2));
    expect(fold(c)).toMatchObject({ status: 'answered', answeredAt: 2 });
    expect(fold(c).resolvedAt).toBeUndefined();
    const done = after(c, confirmed(70_000, 4));
    expect(fold(done)).toMatchObject({ status: 'resolved', answeredAt: 2, resolvedAt: 70_000 });
  });

  it('reopens with the clock it had', () => {
    const c = after(opened(), replied(2), reopened(70_000));
    expect(fold(c)).toMatchObject({ status: 'reopened', reopened: 1, answeredAt: 2 });
    expect(fold(c).promise?.due).toBe(10 * DAY);
  });

  it('tells nobody a reply while it may be called back, and never one that was', () => {
    const c = after(opened(), told(0, 0), replied(1000));
    expect(untold(c, 1000)).toEqual([]);
    expect(nextWake(c, 1000)).toBe(61_000);
    expect(untold(c, 61_000)).toHaveLength(1);
    const back = after(c, recalled(2000, 4));
    expect(untold(back, 100_000)).toEqual([]);
    expect(fold(back).answeredAt).toBeUndefined();
    expect(append(c, recalled(61_000, 4), 61_000).ok).toBe(false);
  });

  it('tells no reply that was still held when the citizen withdrew', () => {
    const c = after(opened(), told(0, 0), replied(1000), withdrawn(30_000));
    expect(untold(c, 100_000)).toEqual([]);
    expect(nextWake(c, 30_000)).toBeNull();
    expect(fold(c, 100_000)).toMatchObject({ status: 'withdrawn' });
    expect(fold(c, 100_000).reply).toBeUndefined();
    expect(fold(c).answeredAt).toBeUndefined();
    // One that was out before, and judged, stays said.
    const first = after(
      opened(),
      told(0, 0),
      replied(1000),
      reopened(70_000),
      replied(80_000),
      withdrawn(90_000),
    );
    expect(untold(first, 200_000).map((u) => u.entry)).toEqual([4]);
    expect(fold(first, 200_000).reply?.entry).toBe(4);
  });

  it('notes a date that passes unanswered, once', () => {
    const c = opened();
    expect(overduePromise(c, 10 * DAY)).toBeUndefined();
    expect(overduePromise(c, 10 * DAY + 1)).toBe(2);
    const noted = after(c, overdue(11 * DAY));
    expect(overduePromise(noted, 12 * DAY)).toBeUndefined();
    expect(after(noted, overdue(12 * DAY))).toBe(noted);
  });

  it('refuses officers of another agency, strangers, and a transfer to the unit complained about', () => {
    const c = opened();
    expect(append(c, taken(1, 'b'), 1).ok).toBe(false);
    const stranger = {
      kind: 'citizen' as const,
      conversation: 'web:00000000000000000000000000000002' as const,
    };
    expect(append(c, { ...withdrawn(1), by: stranger }, 1).ok).toBe(false);
    const accused: Case = {
      ...c,
      timeline: [{ ...c.timeline[0]!, against: 'b' } as TimelineEntry, ...c.timeline.slice(1)],
    };
    expect(append(accused, transferred(1, 'a', 'b'), 1).ok).toBe(false);
    expect(append(accused, transferred(1, 'a', 'c'), 1).ok).toBe(true);
  });

  it('property: whatever is tried, the promise never moves, the owner is one, and each key counts once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let c = opened();
        for (const [i, s] of (steps as Step[]).entries()) {
          const e = entry(c, s, (i + 1) * 120_000);
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
          const done = append(c, entry(c, s, (i + 1) * 120_000), (i + 1) * 120_000);
          if (done.ok) c = done.value;
        }
        const now = 100 * 120_000;
        for (const e of [0, ...untold(c, now).map((u) => u.entry)]) c = after(c, told(now, e));
        expect(untold(c, now)).toEqual([]);
        const wake = nextWake(c, now);
        expect(wake === null || wake > now).toBe(true);
      }),
    );
  });
});
