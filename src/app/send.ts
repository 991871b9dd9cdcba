// Empties a conversation's outgoing queue: save `sending`, call the channel, save the outcome. Killed in
// between, the time-out makes it pending again: at least once, with at most one repeat a kill.
import {
  type Conversation,
  type Entry,
  firstUnsent,
  forget,
  mustForget,
  wakeOf,
} from '../core/dialogue/index.ts';
import { inOrder } from '../core/in-order.ts';
import type { ConversationId } from '../core/message.ts';
import { addressOf, nameless, type Parts } from './parts.ts';
import type { Sent } from './ports.ts';

/** A channel call that has not come back after this long is taken for dead. */
const SENDING_MS = 60_000;
/** A word that could not be brought for this long has failed; until then the channel's own pauses decide. */
const GIVE_UP_MS = 24 * 3_600_000;

/** done: nothing is due now · elsewhere: something is, for a process that serves that channel. */
export type Emptied = 'done' | 'elsewhere';

/** Sends what is due, in order; stops at the first that must wait. `settled` hears of case steps whose delivery is final. */
export function send(
  p: Parts,
  settled: (code: string) => Promise<void>,
): (id: ConversationId) => Promise<Emptied> {
  const queue = inOrder();
  return (id) =>
    queue(id, async () => {
      for (;;) {
        const c = await p.store.conversations.load(id);
        if (!c) return 'done';
        const now = p.clock.now();
        if (mustForget(c, now)) {
          await saveWoken(p, forget(c));
          continue;
        }
        const next = firstDue(c, now);
        if (!next) return 'done';
        const channel = p.channelOf(id);
        // Not claimed: a claim here would hold up, and in the end use up, the tries of one that can send.
        if (!channel) return 'elsewhere';
        const tries = next.delivery!.tries + 1;
        if (!(await set(p, c, next.n, { state: 'sending', tries, until: now + SENDING_MS }))) continue;
        const sent = await channel.send(addressOf(id), {
          text: next.text,
          ...(next.choices && { choices: next.choices }),
          ...(next.files && { files: next.files }),
          n: next.n,
        });
        const final = await finish(p, id, next.n, sent, tries);
        if (final && next.about) await settled(next.about.code);
      }
    });
}

function firstDue(c: Conversation, now: number): Entry | undefined {
  const first = firstUnsent(c);
  return first && (first.delivery!.until ?? 0) <= now ? first : undefined;
}

/** Saves the outcome, whoever else wrote meanwhile. true when nothing more will be tried. */
async function finish(p: Parts, id: ConversationId, n: number, sent: Sent, tries: number): Promise<boolean> {
  for (;;) {
    const c = await p.store.conversations.load(id);
    if (!c?.log.some((e) => e.n === n)) return true;
    const entry = c.log.find((e) => e.n === n)!;
    const gaveUp = 'retryAt' in sent && p.clock.now() - entry.at > GIVE_UP_MS;
    const delivery: Entry['delivery'] =
      'ref' in sent
        ? { state: 'sent', tries, ref: sent.ref }
        : 'failed' in sent || gaveUp
          ? { state: 'failed', tries, problem: 'failed' in sent ? sent.failed : 'unavailable' }
          : { state: 'pending', tries, until: sent.retryAt };
    if (delivery.state === 'failed')
      p.log.warn({ conversation: nameless(id), entry: n, problem: delivery.problem }, 'delivery failed');
    if (await set(p, c, n, delivery)) return delivery.state !== 'pending';
  }
}

const set = (p: Parts, c: Conversation, n: number, delivery: Entry['delivery']): Promise<boolean> =>
  saveWoken(p, { ...c, log: c.log.map((e) => (e.n === n ? { ...e, delivery } : e)) });

const saveWoken = (p: Parts, c: Conversation): Promise<boolean> =>
  p.store.conversations.save({ ...c, wakeAt: wakeOf(c) });

/** Web chat: the citizen's page has fetched everything up to `upTo`. */
export function markFetched(
  p: Parts,
  settled: (code: string) => Promise<void>,
): (id: ConversationId, upTo: number) => Promise<void> {
  return async (id, upTo) => {
    for (;;) {
      const c = await p.store.conversations.load(id);
      const fresh = c?.log.filter((e) => e.n <= upTo && e.delivery?.state === 'waiting') ?? [];
      if (!c || fresh.length === 0) return;
      const log = c.log.map((e) =>
        fresh.includes(e) ? { ...e, delivery: { state: 'sent' as const, tries: 1 } } : e,
      );
      if (!(await saveWoken(p, { ...c, log }))) continue;
      for (const e of fresh) if (e.about) await settled(e.about.code);
      return;
    }
  };
}
