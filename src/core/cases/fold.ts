// What a timeline means: status, owner, clocks, what followers must be told, when to look again. All computed,
// nothing stored but the keys that lists need. Answered and resolved are two facts; clocks never reset.
import { foldedWords } from '../text.ts';
import type { Case, CaseKeys, CaseStatus, TimelineEntry } from './case.ts';

export type Opened = Extract<TimelineEntry, { kind: 'opened' }>;
export type Promised = Extract<TimelineEntry, { kind: 'promised' }>;
export type Replied = Extract<TimelineEntry, { kind: 'replied' }>;

export interface Status {
  status: CaseStatus;
  opened: Opened;
  /** Accountable agency now, and every one before it. */
  owner: string;
  owners: string[];
  transfers: number;
  /** The promise running now: the first made, for clocks never reset. */
  promise?: Promised & { entry: number };
  /** First valid reply: answered. Recalled ones do not count. */
  answeredAt?: number;
  /** The last valid reply. */
  reply?: Replied & { entry: number };
  /** The citizen said it is solved. */
  resolvedAt?: number;
  /** An officer's question not answered yet. */
  question?: { text: string; entry: number; signature: string };
  overdue: boolean;
  /** The officer of the owner who took it, or asked first. */
  takenBy?: string;
  reopened: number;
}

/** The turn that opens a case saves its conversation next; after this long it was killed in between. */
const OPENING_MS = 60_000;

/** Whether its officer called this reply back. */
export const isRecalled = (c: Case, entry: number): boolean =>
  c.timeline.some((e) => e.kind === 'recalled' && e.entry === entry);

/** Whether the citizen withdrew the case while this reply was held: they were told that it ends there, and so it does. */
export const isOvertaken = (c: Case, entry: number): boolean => {
  const reply = c.timeline[entry];
  return (
    reply?.kind === 'replied' && c.timeline.some((e) => e.kind === 'withdrawn' && e.at < reply.holdUntil)
  );
};

/** A reply that nobody will ever be told. */
const isVoid = (c: Case, entry: number): boolean => isRecalled(c, entry) || isOvertaken(c, entry);

/**
 * Folds a timeline. With `now` as its opener sees it: a reply that may still be called back is not there. Without,
 * as officers and lists see it: sent is answered.
 */
export function fold(c: Case, now?: number): Status {
  const opened = c.timeline[0];
  if (opened?.kind !== 'opened') throw new Error(`case ${c.id} does not begin with 'opened'`);
  const s: Status = {
    status: 'waiting',
    opened,
    owner: '',
    owners: [],
    transfers: 0,
    overdue: false,
    reopened: 0,
  };
  for (const [n, e] of c.timeline.entries()) {
    switch (e.kind) {
      case 'routed':
        s.owner = e.to;
        s.owners.push(e.to);
        break;
      case 'transferred':
        s.owner = e.to;
        s.owners.push(e.to);
        s.transfers++;
        s.takenBy = undefined;
        if (s.status === 'taken') s.status = 'waiting';
        break;
      case 'promised':
        s.promise ??= { ...e, entry: n };
        break;
      case 'taken':
        s.takenBy = e.by.kind === 'officer' ? e.by.id : undefined;
        if (s.status === 'waiting' || s.status === 'reopened') s.status = 'taken';
        break;
      case 'asked':
        s.question = { text: e.text, entry: n, signature: e.signature };
        s.status = 'asked';
        if (e.by.kind === 'officer') s.takenBy ??= e.by.id;
        break;
      case 'added':
        if (s.question && e.answers === s.question.entry) {
          s.question = undefined;
          s.status = 'taken';
        }
        break;
      case 'replied':
        if (isVoid(c, n) || (now !== undefined && now < e.holdUntil)) break;
        s.reply = { ...e, entry: n };
        s.answeredAt ??= e.at;
        s.question = undefined;
        s.status = 'answered';
        break;
      case 'overdue':
        s.overdue = true;
        break;
      case 'confirmed':
        s.resolvedAt = e.at;
        s.status = 'resolved';
        break;
      case 'reopened':
        s.resolvedAt = undefined;
        s.reopened++;
        // Said of an older answer while the newest was held: that one stands, nobody has judged it yet.
        if (!s.reply || s.reply.holdUntil <= e.at) s.status = 'reopened';
        break;
      case 'withdrawn':
        s.status = 'withdrawn';
        break;
    }
  }
  return s;
}

export const isClosed = (s: CaseStatus): boolean => s === 'resolved' || s === 'withdrawn';

/** Entries a follower must still be told, in order. A held reply waits; one called back, or overtaken by the withdrawal, is never told. */
export function untold(c: Case, now: number): { entry: number; follower: string }[] {
  const follower = followerOf(c);
  if (!follower) return [];
  const told = new Set(c.timeline.flatMap((e) => (e.kind === 'told' ? [e.entry] : [])));
  return c.timeline.flatMap((e, n) => {
    if (!e.public || told.has(n)) return [];
    // What the citizen did themselves they know.
    if (e.by.kind === 'citizen') return [];
    if (e.kind === 'replied' && (now < e.holdUntil || isVoid(c, n))) return [];
    return [{ entry: n, follower }];
  });
}

/** The conversation that opened it. */
export function openerOf(c: Case): string | undefined {
  const by = c.timeline[0]?.by;
  return by?.kind === 'citizen' ? by.conversation : undefined;
}

/** The conversation that is told of it and may act on it: its opener, unless they left. */
export const followerOf = (c: Case): string | undefined => (hasLeft(c) ? undefined : openerOf(c));

/** Whether its opener erased the conversation. */
export const hasLeft = (c: Case): boolean => c.timeline.some((e) => e.kind === 'left');

/** Whether nobody has noted yet that its opener knows the code. */
export const untoldOpening = (c: Case): boolean =>
  followerOf(c) !== undefined && !c.timeline.some((e) => e.kind === 'told' && e.entry === 0);

/** From when on an opening that is in nobody's log was lost on the way. */
export const openingLost = (c: Case, now: number): boolean => now >= c.timeline[0]!.at + OPENING_MS;

/** Whether an answer is owed. */
export const isOwed = (s: CaseStatus): boolean => s !== 'answered' && !isClosed(s);

/** A promise whose date passed without an answer, not yet noted. */
export function overduePromise(c: Case, now: number): number | undefined {
  const s = fold(c);
  if (!s.promise || s.overdue || s.answeredAt !== undefined || isClosed(s.status)) return undefined;
  return s.promise.due < now ? s.promise.entry : undefined;
}

/**
 * When the case must be looked at again: something to tell now (`untoldAt` instead, when all of it is on its way
 * already), a hold ending, a date passing.
 */
export function nextWake(c: Case, now: number, untoldAt = now): number | null {
  const times: number[] = [];
  if (untold(c, now).length > 0) times.push(untoldAt);
  if (untoldOpening(c)) times.push(openingLost(c, now) ? untoldAt : c.timeline[0]!.at + OPENING_MS);
  const told = new Set(c.timeline.flatMap((e) => (e.kind === 'told' ? [e.entry] : [])));
  if (!hasLeft(c))
    for (const [n, e] of c.timeline.entries())
      if (e.kind === 'replied' && e.holdUntil > now && !isVoid(c, n) && !told.has(n)) times.push(e.holdUntil);
  const s = fold(c);
  if (s.promise && !s.overdue && s.answeredAt === undefined && !isClosed(s.status))
    times.push(s.promise.due + 1);
  return times.length > 0 ? Math.min(...times) : null;
}

/** Derived in the same save as the document; lists use them, decisions never do. */
export function keysOf(c: Case): CaseKeys {
  const s = fold(c);
  const texts = c.timeline.flatMap((e) => ('text' in e ? [e.text] : []));
  return {
    agency: s.owner,
    status: s.status,
    follower: openerOf(c) ?? '',
    due: s.promise && isOwed(s.status) ? s.promise.due : null,
    openedAt: s.opened.at,
    words: [...new Set([...texts, ...Object.values(s.opened.answers)].flatMap(foldedWords))],
    failed: c.timeline.some((e) => e.kind === 'told' && e.failed !== undefined),
    ticket: s.opened.as !== 'report',
  };
}
