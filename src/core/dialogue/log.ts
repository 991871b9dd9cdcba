// The log of a conversation: append, look up, trim. Pure; each function gives a new conversation.
import type { Conversation, Entry } from './conversation.ts';

/** Kept besides unfinished deliveries. */
const KEPT = 100;

const finished = (e: Entry): boolean =>
  e.delivery === undefined || e.delivery.state === 'sent' || e.delivery.state === 'failed';

/** Earliest time something is due: a delivery, or the end of a sensitive talk. */
export function wakeOf(c: Pick<Conversation, 'log' | 'state'>): number | null {
  const times = c.log.flatMap((e) => {
    if (e.delivery?.state === 'pending') return [e.delivery.until ?? e.at];
    if (e.delivery?.state === 'sending') return [e.delivery.until ?? e.at];
    return [];
  });
  if (c.state.sensitiveUntil !== undefined) times.push(c.state.sensitiveUntil);
  return times.length > 0 ? Math.min(...times) : null;
}

/** A conversation with one more entry; the same one when that case entry has been told already (architecture ★). */
export function appendEntry(c: Conversation, entry: Omit<Entry, 'n'>): Conversation {
  if (entry.about && hasTold(c, entry.about)) return c;
  const log = [...c.log, { n: c.next, ...entry }];
  const drop = Math.max(0, log.length - KEPT);
  return { ...c, next: c.next + 1, log: log.filter((e, i) => i >= drop || !finished(e)) };
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

/** Takes the words out of sensitive entries whose talk has ended. */
export function forgetSensitive(c: Conversation): Conversation {
  const { sensitiveUntil: _, ...state } = c.state;
  const log = c.log.map((e) =>
    e.sensitive ? { ...e, text: '', choices: undefined, files: undefined, location: undefined } : e,
  );
  return { ...c, state, log };
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
