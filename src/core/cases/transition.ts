// What may follow what, and who may do it. An act either gives the case with one more entry, or says why not.
import { fail, ok, problem, type Result } from '../result.ts';
import { type Actor, type Case, type CaseStatus, MAX_FILES, MAX_WORDS, type TimelineEntry } from './case.ts';
import { fold, followerOf, isRecalled, nextWake } from './fold.ts';

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

/** As officers read them. */
const STATUS_NAMES: Record<CaseStatus, string> = {
  waiting: 'chờ nhận',
  taken: 'đang xử lý',
  asked: 'chờ dân trả lời',
  answered: 'đã trả lời',
  resolved: 'đã giải quyết',
  reopened: 'mở lại',
  withdrawn: 'dân đã rút',
};

/** Whether an actor may do this to this case: officers of the owner, the opener for their own, the system for the rest. */
export function may(actor: Actor, kind: Kind, c: Case): boolean {
  if (actor.kind === 'system') return true;
  if (actor.kind === 'citizen')
    return (
      ['added', 'confirmed', 'reopened', 'withdrawn', 'left'].includes(kind) &&
      followerOf(c) === actor.conversation
    );
  return (
    ['taken', 'asked', 'replied', 'recalled', 'transferred'].includes(kind) && fold(c).owner === actor.agency
  );
}

/**
 * The case with `entry` appended and its wake set; the same case when an entry with that key is there already
 * (a redelivery). Problems: not-allowed, not-possible, expired (recall after the hold).
 */
export function append(c: Case, given: TimelineEntry, now: number): Result<Case> {
  if (c.timeline.some((e) => e.key === given.key && e.kind === given.kind)) return ok(c);
  if (!may(given.by, given.kind, c))
    return fail(problem('not-allowed', 'Việc này không thuộc quyền của người đang làm.', c.id));
  const entry = given.by.kind === 'citizen' ? fitted(given) : given;
  if (tooLarge(entry))
    return fail(problem('too-large', `Một bước chứa tối đa ${MAX_WORDS} ký tự và ${MAX_FILES} tệp.`, c.id));
  // A citizen acts on what they see: of a reply still held they know nothing.
  const s = entry.by.kind === 'citizen' ? fold(c, now) : fold(c);
  const from = ALLOWED[entry.kind];
  if (from && !from.includes(s.status))
    return fail(
      problem(
        'not-possible',
        `Hồ sơ đang ở trạng thái "${STATUS_NAMES[s.status]}", không làm được bước này.`,
        c.id,
      ),
    );
  if (entry.kind === 'recalled') {
    const reply = c.timeline[entry.entry];
    if (reply?.kind !== 'replied') return fail(problem('not-found', 'Không có câu trả lời đó.', c.id));
    if (now >= reply.holdUntil)
      return fail(problem('expired', 'Đã quá 60 giây, câu trả lời đã tới người dân.', c.id));
    if (isRecalled(c, entry.entry))
      return fail(problem('not-possible', 'Câu trả lời này đã được thu hồi.', c.id));
    if (c.timeline.some((e) => e.kind === 'confirmed' && e.entry === entry.entry))
      return fail(problem('not-possible', 'Người dân đã xác nhận câu trả lời này.', c.id));
  }
  if (entry.kind === 'confirmed' && !isReadable(c, entry.entry, s.reply?.entry))
    return fail(problem('not-possible', 'Câu trả lời này người dân chưa đọc được.', c.id));
  if (entry.kind === 'transferred' && (entry.to === s.owner || entry.to === s.opened.against))
    return fail(
      problem(
        'not-possible',
        'Không chuyển được cho chính cơ quan đang giữ, hay cho đơn vị bị phản ánh.',
        c.id,
      ),
    );
  const next = { ...c, timeline: [...c.timeline, entry] };
  return ok({ ...next, wakeAt: nextWake(next, now) });
}

/** Only a reply that is out and was not called back can be judged. */
const isReadable = (c: Case, entry: number, last: number | undefined): boolean =>
  c.timeline[entry]?.kind === 'replied' && !isRecalled(c, entry) && last !== undefined && entry <= last;

const tooLarge = (e: TimelineEntry): boolean =>
  ('text' in e && e.text.length > MAX_WORDS) ||
  ('reason' in e && e.reason.length > MAX_WORDS) ||
  ('files' in e && e.files.length > MAX_FILES);

/** A citizen's entry with as many words and files as one holds: better some of it than none. */
function fitted(e: TimelineEntry): TimelineEntry {
  const text = 'text' in e && e.text.length > MAX_WORDS ? cut(e.text) : undefined;
  const files = 'files' in e && e.files.length > MAX_FILES ? e.files.slice(0, MAX_FILES) : undefined;
  return { ...e, ...(text !== undefined && { text }), ...(files && { files }) } as TimelineEntry;
}

/** Cut between characters, not within one. */
function cut(text: string): string {
  const end = text.slice(0, MAX_WORDS);
  return /[\uD800-\uDBFF]$/.test(end) ? end.slice(0, -1) : end;
}
