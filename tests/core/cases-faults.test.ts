// Faults that were found in the life of a case: replies still held, citizens who left, promises after a reopening.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Actor,
  append,
  type Case,
  fold,
  followerOf,
  keysOf,
  MAX_FILES,
  MAX_WORDS,
  nextWake,
  openerOf,
  type TimelineEntry,
  untold,
  untoldOpening,
} from '../../src/core/cases/index.ts';
import {
  added,
  after,
  asked,
  codeOf,
  confirmed,
  DAY,
  HOLD,
  left,
  officerOf,
  opened,
  recalled,
  reopened,
  replied,
  taken,
  told,
  transferred,
  WHO,
  withdrawn,
} from './sample-case.ts';

describe('a held reply', () => {
  it('is no answer yet for the citizen, and is one for the officer', () => {
    const c = after(opened(), taken(1), replied(1000));
    expect(fold(c, 1000).status).toBe('taken');
    expect(fold(c, 1000).reply).toBeUndefined();
    expect(fold(c, 1000).answeredAt).toBeUndefined();
    expect(fold(c).status).toBe('answered');
    expect(keysOf(c).status).toBe('answered');
    expect(fold(c, 1000 + HOLD).status).toBe('answered');
  });

  it('leaves the question it answers open for the citizen', () => {
    const c = after(opened(), asked(1), replied(1000));
    expect(fold(c, 1000)).toMatchObject({ status: 'asked', question: { text: 'Ở đâu?' } });
  });

  it('cannot be confirmed or reopened, and neither can one that was called back', () => {
    const c = after(opened(), replied(1000));
    expect(codeOf(append(c, confirmed(2000, 3), 2000))).toBe('not-possible');
    expect(codeOf(append(c, reopened(2000), 2000))).toBe('not-possible');
    const back = after(c, recalled(3000, 3));
    expect(codeOf(append(back, confirmed(DAY, 3), DAY))).toBe('not-possible');
    expect(codeOf(append(back, reopened(DAY), DAY))).toBe('not-possible');
    expect(fold(after(c, confirmed(1000 + HOLD, 3))).status).toBe('resolved');
  });

  it('behind an older answer: the old one may be confirmed, the held one not', () => {
    const c = after(opened(), replied(1000), replied(DAY));
    expect(codeOf(append(c, confirmed(DAY + 1, 4), DAY + 1))).toBe('not-possible');
    const done = after(c, confirmed(DAY + 1, 3));
    expect(fold(done).status).toBe('resolved');
    // The officer was promised a minute, whatever the citizen says of the older answer meanwhile.
    expect(append(done, recalled(DAY + 2, 4), DAY + 2).ok).toBe(true);
  });

  it('stays open to a citizen who withdraws, as they see it open', () => {
    const c = after(opened(), replied(1000));
    expect(fold(after(c, withdrawn(2000))).status).toBe('withdrawn');
    expect(codeOf(append(c, withdrawn(1000 + HOLD), 1000 + HOLD))).toBe('not-possible');
  });

  it('answers still when an older answer is refused while nobody could read it', () => {
    const c = after(opened(), replied(1000), replied(DAY), reopened(DAY + 1));
    expect(fold(c, DAY + 1).status).toBe('reopened');
    expect(fold(c).status).toBe('answered');
    expect(fold(c, DAY + HOLD).status).toBe('answered');
    expect(fold(after(c, confirmed(DAY + HOLD, 4))).status).toBe('resolved');
    const back = after(c, recalled(DAY + 2, 4));
    expect(fold(back).status).toBe('reopened');
  });

  it('that was confirmed is not called back any more', () => {
    const c = after(opened(), replied(1000));
    // As written before confirming a held reply was refused.
    const old: Case = { ...c, timeline: [...c.timeline, confirmed(2000, 3)] };
    expect(codeOf(append(old, recalled(3000, 3), 3000))).toBe('not-possible');
  });

  it('is called back once: a second time there is nothing to call back', () => {
    const c = after(opened(), replied(1000), recalled(2000, 3));
    expect(codeOf(append(c, recalled(3000, 3), 3000))).toBe('not-possible');
  });

  it('nothing but a reply is confirmed', () => {
    const c = after(opened(), taken(1), replied(1000));
    for (const entry of [0, 3, 9])
      expect(codeOf(append(c, confirmed(DAY, entry), DAY)), `${entry}`).toBe('not-possible');
    expect(append(c, confirmed(DAY, 4), DAY).ok).toBe(true);
  });

  it('property: at no time does the citizen see what is held', () => {
    const gap = fc.integer({ min: 1, max: 90_000 });
    const doing = fc.constantFrom('reply', 'recall', 'confirm', 'reopen', 'take');
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, doing), { maxLength: 20 }), (steps) => {
        let c = opened();
        let now = 0;
        for (const [dt, what] of steps) {
          now += dt;
          const last = c.timeline.findLastIndex((e) => e.kind === 'replied');
          const seen = fold(c, now);
          const e =
            what === 'reply'
              ? replied(now)
              : what === 'recall'
                ? recalled(now, last)
                : what === 'confirm'
                  ? confirmed(now, seen.reply?.entry ?? last)
                  : what === 'reopen'
                    ? reopened(now)
                    : taken(now);
          const done = append(c, e, now);
          if (what === 'confirm' && seen.status === 'answered') expect(done.ok).toBe(true);
          if (what === 'confirm' && seen.status !== 'answered') expect(done.ok).toBe(false);
          if (done.ok) c = done.value;
          const view = fold(c, now);
          expect(view.reply === undefined || view.reply.holdUntil <= now).toBe(true);
          if (view.status === 'answered') expect(view.reply).toBeDefined();
          // Once the hold is over there is one truth for all.
          expect(fold(c, now + HOLD)).toEqual(fold(c));
        }
      }),
    );
  });
});

describe('the officer who has a case', () => {
  it('is the one who asked, when nobody took it before', () => {
    const c = after(opened(), asked(1));
    expect(fold(c)).toMatchObject({ status: 'asked', takenBy: 'o' });
    expect(fold(after(c, added(2, 3)))).toMatchObject({ status: 'taken', takenBy: 'o' });
  });

  it('is nobody of the next agency until somebody there takes it', () => {
    const c = after(opened(), asked(1), added(2, 3), transferred(3, 'a', 'b'));
    expect(fold(c).takenBy).toBeUndefined();
  });
});

describe('waking', () => {
  it('looks at a step that is on its way later, and never at a date of a case that is closed', () => {
    const c = after(opened(), told(0, 0), taken(1), withdrawn(2));
    expect(nextWake(c, 11 * DAY)).toBe(11 * DAY);
    expect(nextWake(c, 11 * DAY, 11 * DAY + 5)).toBe(11 * DAY + 5);
    const open = after(opened(), told(0, 0), taken(1));
    expect(nextWake(open, 5, 20 * DAY), 'a date in between comes first').toBe(10 * DAY + 1);
    expect(nextWake(opened(), 2 * HOLD, 3 * HOLD), 'a lost opening is on its way too').toBe(3 * HOLD);
  });
});

describe('a citizen who erased the conversation', () => {
  it('is told nothing any more, and the case goes on', () => {
    const c = after(opened(), told(0, 0), replied(1000));
    expect(nextWake(c, 2000)).toBe(1000 + HOLD);
    const gone = after(c, left(2000));
    expect(followerOf(gone)).toBeUndefined();
    expect(openerOf(gone)).toBe(WHO);
    expect(untold(gone, DAY)).toEqual([]);
    expect(untoldOpening(gone)).toBe(false);
    expect(nextWake(gone, 2000)).toBeNull();
    expect(fold(gone).status).toBe('answered');
    expect(keysOf(gone).follower, 'its files are still known to be used').toBe(WHO);
  });

  it('still has a date that is noted when it passes', () => {
    expect(nextWake(after(opened(), left(1)), 1)).toBe(10 * DAY + 1);
  });

  it.each(['waiting', 'taken', 'asked', 'answered', 'resolved', 'reopened', 'withdrawn'])(
    'may leave a case that is %s',
    (status) => {
      const paths: Record<string, TimelineEntry[]> = {
        waiting: [],
        taken: [taken(1)],
        asked: [asked(1)],
        answered: [replied(1)],
        resolved: [replied(1), confirmed(DAY, 3)],
        reopened: [replied(1), reopened(DAY)],
        withdrawn: [withdrawn(1)],
      };
      const c = after(opened(), ...paths[status]!);
      expect(fold(c).status).toBe(status);
      const gone = after(c, left(2 * DAY));
      expect(fold(gone).status).toBe(status);
    },
  );

  it('cannot be made to leave by a stranger or an officer', () => {
    const other: Actor = { kind: 'citizen', conversation: 'telegram:9' };
    expect(codeOf(append(opened(), { ...left(1), by: other }, 1))).toBe('not-allowed');
    expect(codeOf(append(opened(), { ...left(1), by: officerOf('a') }, 1))).toBe('not-allowed');
  });
});

describe('an opening nobody was told of', () => {
  it('is looked at again after a minute, and not once it was told', () => {
    const c = opened();
    expect(untoldOpening(c)).toBe(true);
    expect(nextWake(c, 0)).toBe(60_000);
    expect(nextWake(after(c, told(1, 0)), 1)).toBe(10 * DAY + 1);
  });
});

describe('the keys of lists', () => {
  it('a reopened case has the date it was promised, taken again or not', () => {
    const c = after(opened(), replied(1));
    expect(keysOf(c).due).toBeNull();
    const again = after(c, reopened(DAY));
    expect(keysOf(again).due).toBe(10 * DAY);
    expect(keysOf(after(again, taken(DAY + 1))).due).toBe(10 * DAY);
    expect(keysOf(after(again, replied(2 * DAY))).due).toBeNull();
    expect(keysOf(after(opened(), withdrawn(1))).due).toBeNull();
  });

  it('a question is listed with those who want a person', () => {
    expect(keysOf(opened('question'))).toMatchObject({ ticket: true, due: null });
    expect(keysOf(opened()).ticket).toBe(false);
  });
});

describe('more than an entry holds', () => {
  const file = (n: number) => ({ id: `f${n}`, name: 'a.jpg', type: 'image/jpeg' as const, size: 1 });
  const many = Array.from({ length: MAX_FILES + 5 }, (_, n) => file(n));

  it('from a citizen is kept as far as it goes, whole characters only', () => {
    const text = `${'a'.repeat(MAX_WORDS - 1)}😀😀`;
    const c = after(opened(), { ...added(1), text, files: many } as TimelineEntry);
    const last = c.timeline.at(-1)!;
    if (last.kind !== 'added') throw new Error(last.kind);
    expect(last.files.map((f) => f.id)).toEqual(many.slice(0, MAX_FILES).map((f) => f.id));
    expect(last.text.length).toBe(MAX_WORDS - 1);
    expect(last.text.isWellFormed()).toBe(true);
  });

  it('from an officer is refused: nobody signs half an answer', () => {
    const long = append(opened(), replied(1, 'a'.repeat(MAX_WORDS + 1)), 1);
    expect(codeOf(long)).toBe('too-large');
    expect(codeOf(append(opened(), { ...replied(1), files: many } as TimelineEntry, 1))).toBe('too-large');
    expect(append(opened(), replied(1, 'a'.repeat(MAX_WORDS)), 1).ok).toBe(true);
  });
});
