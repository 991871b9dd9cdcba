// The end of a sensitive talk: its words go from the log and from what the conversation was waiting for. Knows
// nothing of why a talk was sensitive.
import type { Conversation, Entry, Flow } from './conversation.ts';

/** Whether a sensitive talk ended and still has its words. */
export const mustForget = (c: Conversation, now: number): boolean =>
  c.state.sensitiveUntil !== undefined && c.state.sensitiveUntil <= now;

/**
 * The conversation without the words of its sensitive talk. What was asked back and put aside quotes them, and so
 * does a flow that such a message began; a report begun before keeps its answers.
 */
export function forget(c: Conversation): Conversation {
  const sensitive = new Set(c.log.flatMap((e) => (e.sensitive && e.key ? [e.key] : [])));
  const { flow, dropped, expects: _, topic: __, sensitiveUntil: ___, danger, ...rest } = c.state;
  // A danger is no secret, and a report of surely another matter quotes none.
  const stays = (f: Flow | undefined): f is Flow =>
    f !== undefined && (danger === true || f.kept === true || !sensitive.has(f.key));
  const state = {
    ...rest,
    queued: [],
    paused: rest.paused.filter(stays),
    ...(stays(flow) && { flow }),
    ...(stays(dropped) && { dropped }),
  };
  return { ...c, state, log: c.log.map((e) => (e.sensitive ? emptied(e) : e)) };
}

/** What had not left yet is not sent empty: it failed. */
function emptied(e: Entry): Entry {
  const { choices: _, files: __, location: ___, ...rest } = e;
  const unsent = e.delivery?.state === 'pending' || e.delivery?.state === 'sending' ? e.delivery : undefined;
  return {
    ...rest,
    text: '',
    ...(unsent && { delivery: { state: 'failed', tries: unsent.tries, problem: 'expired' } }),
  };
}
