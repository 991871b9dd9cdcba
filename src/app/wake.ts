// The heartbeat: every second, and at once on a hint, sends what is due and settles cases that are due. Any
// number of replicas may run it. One of the four places that catch: a fault is logged once and the beat goes on.
import type { ConversationId } from '../core/message.ts';
import { nameless, type Parts } from './parts.ts';

const BATCH = 100;

export interface Wake {
  /** Everything due now, once; resolves when it is sent. */
  once(): Promise<void>;
  start(): void;
  /** Stops and waits for the running beat and for what is being sent. */
  stop(): Promise<void>;
  hint(what: { conversation?: ConversationId; case?: string }): void;
}

/** Failed or not ours to do: left alone for a while, by this process only; nothing of it is stored. */
const REST_MS = 5_000;
const LONGEST_REST_MS = 5 * 60_000;

export function wake(
  p: Pick<Parts, 'store' | 'clock' | 'log'>,
  send: (id: ConversationId) => Promise<unknown>,
  settle: (code: string) => Promise<void>,
  everyMs = 1000,
): Wake {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  const hinted = { conversations: new Set<ConversationId>(), cases: new Set<string>() };
  const sending = new Map<ConversationId, Promise<void>>();
  const resting = rests(p.clock);

  const guarded = async (what: object, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      p.log.error(
        {
          ...what,
          error: error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : typeof error,
        },
        'wake failed',
      );
      return false;
    }
  };

  /** What is due and does not rest; those that rest must not fill the batch, or they starve the others. */
  const due = async (
    docs: { due(now: number, limit: number): Promise<string[]> },
    add: (id: string) => void,
  ): Promise<void> => {
    await guarded({}, async () => {
      const ids = await docs.due(p.clock.now(), BATCH + resting.size());
      for (const id of ids.filter((x) => !resting.has(x)).slice(0, BATCH)) add(id);
    });
  };

  const sendOne = async (id: ConversationId): Promise<void> => {
    let outcome: unknown;
    const done = await guarded({ conversation: nameless(id) }, async () => {
      outcome = await send(id);
    });
    if (done && outcome !== 'elsewhere') resting.wakeUp(id);
    else resting.rest(id);
    sending.delete(id);
  };

  /** Settles what is due, and begins to send: one slow chat holds up neither the others nor the next beat. */
  const beatOnce = async (): Promise<void> => {
    const cases = new Set(hinted.cases);
    const conversations = new Set(hinted.conversations);
    hinted.cases.clear();
    hinted.conversations.clear();
    await due(p.store.cases, (code) => cases.add(code));
    for (const code of cases)
      if (await guarded({ case: code }, () => settle(code))) resting.wakeUp(code);
      else resting.rest(code);
    await due(p.store.conversations, (id) => conversations.add(id as ConversationId));
    // What is left for want of room, or is being sent already, is due in the next beat.
    for (const id of conversations)
      if (sending.size < BATCH && !sending.has(id)) sending.set(id, sendOne(id));
  };

  const sent = async (): Promise<void> => void (await Promise.all(sending.values()));

  const beat = (delay: number): void => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(run, delay);
  };
  /** One beat at a time: a hint during one asks for another after it. */
  const run = (): void => {
    if (running) {
      again = true;
      return;
    }
    again = false;
    running = beatOnce().finally(() => {
      running = undefined;
      beat(again ? 0 : everyMs);
    });
  };

  return {
    once: async () => {
      await beatOnce();
      await sent();
    },
    start: () => {
      stopped = false;
      beat(0);
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
      await sent();
    },
    hint: (what) => {
      if (what.conversation) hinted.conversations.add(what.conversation);
      if (what.case) hinted.cases.add(what.case);
      if (!timer || stopped) return;
      if (running) again = true;
      else beat(0);
    },
  };
}

/** Ids left alone for a while: longer each time in a row. */
function rests(clock: Parts['clock']) {
  const until = new Map<string, { at: number; ms: number }>();
  return {
    size: (): number => {
      for (const [id, r] of until) if (clock.now() >= r.at + LONGEST_REST_MS) until.delete(id);
      return until.size;
    },
    has: (id: string): boolean => clock.now() < (until.get(id)?.at ?? 0),
    rest: (id: string): void => {
      const ms = Math.min(LONGEST_REST_MS, (until.get(id)?.ms ?? REST_MS / 2) * 2);
      until.set(id, { at: clock.now() + ms, ms });
    },
    wakeUp: (id: string): void => void until.delete(id),
  };
}
