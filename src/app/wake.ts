// The heartbeat: every second, and at once on a hint, sends what is due and settles cases that are due. Any
// number of replicas may run it. One of the four places that catch: a fault is logged once and the beat goes on.
import type { ConversationId } from '../core/message.ts';
import type { Parts } from './parts.ts';

const BATCH = 100;

export interface Wake {
  /** Everything due now, once. */
  once(): Promise<void>;
  start(): void;
  /** Stops and waits for the running beat. */
  stop(): Promise<void>;
  hint(what: { conversation?: ConversationId; case?: string }): void;
}

export function wake(
  p: Pick<Parts, 'store' | 'clock' | 'log'>,
  send: (id: ConversationId) => Promise<void>,
  settle: (code: string) => Promise<void>,
  everyMs = 1000,
): Wake {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const hinted = { conversations: new Set<ConversationId>(), cases: new Set<string>() };

  const guarded = async (what: object, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      p.log.error(
        {
          ...what,
          error: error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : typeof error,
        },
        'wake failed',
      );
    }
  };

  const once = async (): Promise<void> => {
    const cases = new Set(hinted.cases);
    const conversations = new Set(hinted.conversations);
    hinted.cases.clear();
    hinted.conversations.clear();
    await guarded({}, async () => {
      for (const code of await p.store.cases.due(p.clock.now(), BATCH)) cases.add(code);
    });
    for (const code of cases) await guarded({ case: code }, () => settle(code));
    await guarded({}, async () => {
      for (const id of await p.store.conversations.due(p.clock.now(), BATCH))
        conversations.add(id as ConversationId);
    });
    // Different people are served side by side; one slow chat holds up nobody.
    await Promise.all([...conversations].map((id) => guarded({ conversation: id }, () => send(id))));
  };

  const beat = (delay: number): void => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const beaten = once();
      // A hint starts a beat while a slow one still runs: stop waits for both.
      running = Promise.all([running, beaten]).then(() => {});
      void beaten.finally(() => beat(hinted.cases.size + hinted.conversations.size > 0 ? 0 : everyMs));
    }, delay);
  };

  return {
    once,
    start: () => {
      stopped = false;
      beat(0);
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
    hint: (what) => {
      if (what.conversation) hinted.conversations.add(what.conversation);
      if (what.case) hinted.cases.add(what.case);
      if (timer && !stopped) beat(0);
    },
  };
}
