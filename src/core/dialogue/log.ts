// The log of a conversation: append, look up, trim. Pure; each function gives a new conversation.
import type { Conversation, Entry } from './conversation.ts';

/** Kept besides unfinished deliveries. */
const KEPT = 100;
/** Kept at most, unfinished or not: a page that writes and never reads must not grow beyond what can be stored. */
const MOST = 1000;

const finished = (e: Entry): boolean =>
  e.delivery === undefined || e.delivery.state === 'sent' || e.delivery.state === 'failed';

/** The delivery whose turn it is: they go in order, so those behind it wait for it. */
export const firstUnsent = (c: Conversation): Entry | undefined =>
  c.log.find((e) => e.delivery?.state === 'pending' || e.delivery?.state === 'sending');

/**
 * When a conversation must be looked at again: the delivery whose turn it is, or the end of a sensitive talk. Were
 * those behind the first counted, a queue that waits would be due all the time and crowd out the others.
 */
export function wakeOf(c: Conversation): number | null {
  const first = firstUnsent(c);
  const times = [c.state.sensitiveUntil, first && (first.delivery?.until ?? first.at)];
  const known = times.filter((t) => t !== undefined);
  return known.length > 0 ? Math.min(...known) : null;
}

/** A conversation with one more entry; the same one when that case entry has been told already (architecture ★). */
export function appendEntry(c: Conversation, entry: Omit<Entry, 'n'>): Conversation {
  if (entry.about && hasTold(c, entry.about)) return c;
  const log = [...c.log, { n: c.next, ...entry }];
  const drop = Math.max(0, log.length - KEPT);
  const kept = log.filter((e, i) => i >= drop || !finished(e));
  return { ...c, next: c.next + 1, log: kept.length > MOST ? kept.slice(-MOST) : kept };
}

/** Whether the log knows an inbound by its key; of one that erased the talk only the answer is left. */
export const knows = (c: Conversation, key: string): boolean => c.log.some((e) => e.key === key);

export const hasTold = (c: Conversation, about: { code: string; entry: number }): boolean =>
  c.log.some((e) => e.about?.code === about.code && e.about.entry === about.entry);

/** The last thing the bot said with buttons, if nothing was said by the bot after it. */
export function lastOffer(c: Conversation): Entry | undefined {
  const last = c.log.findLast((e) => e.from !== 'citizen');
  return last?.choices?.length ? last : undefined;
}

/** A conversation nobody has spoken in yet. */
export const newConversation = (id: string, locale: 'vi' | 'en' = 'vi'): Conversation => ({
  id,
  version: 0,
  wakeAt: null,
  schemaVersion: 1,
  locale,
  state: { paused: [], queued: [], strikes: 0, greeted: false },
  next: 1,
  log: [],
});
