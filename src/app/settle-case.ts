// Brings a case up to date: notes a date that passed, tells followers what they have not been told, and writes
// `told` on the timeline once a delivery is final. Safe at any time, by any replica, any number of times.
import {
  append,
  type Case,
  followerOf,
  nextWake,
  openingLost,
  overduePromise,
  untold,
  untoldOpening,
} from '../core/cases/index.ts';
import type { Conversation } from '../core/dialogue/index.ts';
import type { ConversationId, Notice } from '../core/message.ts';
import { type Conversed, namesCode } from './converse.ts';
import type { Parts } from './parts.ts';

/** A told step whose delivery is not final is looked at again after this; the delivery itself wakes it sooner. */
const LOOK_AGAIN_MS = 10 * 60_000;

export function settleCase(
  p: Parts,
  converse: (m: Notice) => Promise<Conversed>,
): (code: string) => Promise<void> {
  return async (code) => {
    for (let attempt = 0; attempt < 8; attempt++) {
      const c = await p.store.cases.load(code);
      if (!c) return;
      const now = p.clock.now();
      const late = overduePromise(c, now);
      if (late !== undefined) {
        const noted = append(
          c,
          {
            at: now,
            by: { kind: 'system' },
            key: `overdue:${late}`,
            public: true,
            kind: 'overdue',
            promise: late,
          },
          now,
        );
        if (!noted.ok) throw new Error(`case ${code}: overdue refused`);
        await p.store.cases.save(noted.value);
        continue;
      }
      let next = c;
      let open = false;
      const follower = followerOf(c) as ConversationId | undefined;
      const said = follower && (await p.store.conversations.load(follower));
      const steps = untold(c, now).map((u) => u.entry);
      if (untoldOpening(c)) {
        if (said && namesCode(said, code) && !toldIn(said, code, 0)) next = tell(next, 0, follower!, now);
        else if (openingLost(c, now)) steps.unshift(0);
      }
      for (const entry of steps) {
        // A conversation that was forgotten stays so; that the step reached nobody is what officers must know.
        if (!said) next = tell(next, entry, follower!, now, 'expired');
        else {
          const told = toldIn(said, code, entry);
          if (!told) {
            const outcome = await converse({ conversation: follower!, at: now, about: { code, entry } });
            // Nothing is said of some public steps; they count as told.
            if (outcome === 'known' && !(await inLog(p, follower!, code, entry)))
              next = tell(next, entry, follower!, now);
            else open = true;
          } else if (told.delivery?.state === 'sent') next = tell(next, entry, follower!, now);
          else if (told.delivery?.state === 'failed')
            next = tell(next, entry, follower!, now, told.delivery.problem ?? 'fault');
          else open = true;
        }
      }
      next = { ...next, wakeAt: nextWake(next, now, open ? now + LOOK_AGAIN_MS : now) };
      if (next.wakeAt === c.wakeAt && next.timeline.length === c.timeline.length) return;
      if (await p.store.cases.save(next)) return;
    }
  };
}

const toldIn = (c: Conversation, code: string, entry: number) =>
  c.log.find((e) => e.about?.code === code && e.about.entry === entry);

async function inLog(p: Parts, id: ConversationId, code: string, entry: number): Promise<boolean> {
  const c = await p.store.conversations.load(id);
  return c !== undefined && toldIn(c, code, entry) !== undefined;
}

function tell(c: Case, entry: number, follower: ConversationId, now: number, failed?: string): Case {
  const done = append(
    c,
    {
      at: now,
      by: { kind: 'system' },
      key: `told:${entry}:${follower}`,
      public: false,
      kind: 'told',
      entry,
      follower,
      ...(failed && { failed }),
    },
    now,
  );
  return done.ok ? done.value : c;
}
