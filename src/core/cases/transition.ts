// What may follow what, and who may do it. An act either gives the case with one more entry, or says why not.
import { fail, ok, problem, type Result } from '../result.ts';
import type { Actor, Case, CaseStatus, TimelineEntry } from './case.ts';
import { fold, followerOf, nextWake } from './fold.ts';

type Kind = TimelineEntry['kind'];

const OPEN: CaseStatus[] = ['waiting', 'taken', 'asked', 'reopened'];
const ALLOWED: Partial<Record<Kind, CaseStatus[]>> = {
  taken: ['waiting', 'reopened'],
  asked: ['waiting', 'taken', 'reopened'],
  replied: [...OPEN, 'answered'],
  transferred: ['waiting', 'taken', 'reopened'],
  added: [...OPEN, 'answered'],
  confirmed: ['answered'],
  reopened: ['answered', 'resolved'],
  withdrawn: OPEN,
};

/** Whether an actor may do this to this case: officers of the owner, the opener for their own, the system for the rest. */
export function may(actor: Actor, kind: Kind, c: Case): boolean {
  if (actor.kind === 'system') return true;
  if (actor.kind === 'citizen')
    return (
      ['added', 'confirmed', 'reopened', 'withdrawn'].includes(kind) && followerOf(c) === actor.conversation
    );
  return (
    ['taken', 'asked', 'replied', 'recalled', 'transferred'].includes(kind) && fold(c).owner === actor.agency
  );
}

/**
 * The case with `entry` appended and its wake set; the same case when an entry with that key is there already
 * (a redelivery). Problems: not-allowed, not-possible, expired (recall after the hold).
 */
export function append(c: Case, entry: TimelineEntry, now: number): Result<Case> {
  if (c.timeline.some((e) => e.key === entry.key && e.kind === entry.kind)) return ok(c);
  if (!may(entry.by, entry.kind, c))
    return fail(problem('not-allowed', 'Việc này không thuộc quyền của người đang làm.', c.id));
  const s = fold(c);
  const from = ALLOWED[entry.kind];
  if (from && !from.includes(s.status))
    return fail(
      problem('not-possible', `Hồ sơ đang ở trạng thái "${s.status}", không làm bước này được.`, c.id),
    );
  if (entry.kind === 'recalled') {
    const reply = c.timeline[entry.entry];
    if (reply?.kind !== 'replied') return fail(problem('not-found', 'Không có câu trả lời đó.', c.id));
    if (now >= reply.holdUntil)
      return fail(problem('expired', 'Đã quá 60 giây, câu trả lời đã tới người dân.', c.id));
  }
  if (entry.kind === 'transferred' && (entry.to === s.owner || entry.to === s.opened.against))
    return fail(problem('not-possible', 'Không chuyển cho chính mình hay cho đơn vị bị phản ánh.', c.id));
  const next = { ...c, timeline: [...c.timeline, entry] };
  return ok({ ...next, wakeAt: nextWake(next, now) });
}
