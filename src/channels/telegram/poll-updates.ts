// Long polling. An update is confirmed only when it and every earlier one are done with; until then Telegram keeps it.
// Chats run side by side, one chat in order; what could not be kept is tried again with growing pauses.

import type { Log } from '../../app/ports.ts';
import { inOrder } from '../../core/in-order.ts';
import { failureOf, nameOf } from './bot-api.ts';
import { chatOf, numberOf } from './read-update.ts';

const LONG_POLL_S = 25;
/** While something is unfinished, newcomers are asked for at this pace. */
const LOOK_MS = 500;
const STOP_MS = 7_000;

export interface Asked {
  offset?: number;
  limit: number;
  timeout: number;
}

export interface Poller {
  start(): void;
  /** Finishes what runs, confirms what is done; the rest comes again. */
  stop(): Promise<void>;
}

export function pollUpdates(p: {
  getUpdates(asked: Asked, signal: AbortSignal): Promise<unknown[]>;
  take(update: unknown): Promise<void>;
  log: Log;
}): Poller {
  const order = inOrder();
  /** Begun and not done with. */
  const open = new Set<number>();
  const halt = new AbortController();
  let next: number | undefined;
  let confirmed: number | undefined;
  let loop: Promise<void> = Promise.resolve();
  let finished = (): void => {};

  const offset = (): number | undefined =>
    open.size > 0 ? Math.min(...open, next ?? Number.POSITIVE_INFINITY) : next;

  const begin = (update: unknown, id: number): void => {
    open.add(id);
    next = Math.max(next ?? 0, id + 1);
    void order(chatOf(update), () => untilTaken(update, id)).then(() => finished());
  };

  /** Leaves the update open when told to stop before it could be kept. */
  async function untilTaken(update: unknown, id: number): Promise<void> {
    for (let wait = 500; !halt.signal.aborted; wait = Math.min(wait * 2, 10_000)) {
      try {
        await p.take(update);
        open.delete(id);
        return;
      } catch (error) {
        p.log.warn(
          { update: id, error: error instanceof Error ? error.message : typeof error },
          'update not kept yet',
        );
      }
      await pause(wait, halt.signal);
    }
  }

  async function run(): Promise<void> {
    let wait = 1000;
    while (!halt.signal.aborted) {
      const from = offset();
      let updates: unknown[];
      try {
        updates = await p.getUpdates(
          {
            ...(from !== undefined && { offset: from }),
            limit: 100,
            timeout: open.size > 0 ? 0 : LONG_POLL_S,
          },
          halt.signal,
        );
        confirmed = from;
        wait = 1000;
      } catch (error) {
        if (halt.signal.aborted) return;
        const failure = failureOf(error);
        const ms = failure.kind === 'wait' ? failure.ms : wait;
        if (failure.kind === 'token') p.log.error({}, 'Telegram does not accept the token');
        else p.log.warn({ failure: nameOf(failure), waitMs: ms }, 'getUpdates failed');
        wait = Math.min(wait * 2, 30_000);
        await pause(ms, halt.signal);
        continue;
      }
      let fresh = 0;
      for (const update of updates) {
        const id = numberOf(update);
        if (id === undefined) p.log.warn({}, 'update without a number, skipped');
        if (id === undefined || open.has(id)) continue;
        fresh++;
        begin(update, id);
      }
      if (open.size > 0) await allDoneOr(LOOK_MS);
      else if (fresh === 0 && updates.length > 0) await pause(LOOK_MS, halt.signal);
    }
  }

  function allDoneOr(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      finished = () => {
        if (open.size > 0 && !halt.signal.aborted) return;
        clearTimeout(timer);
        resolve();
      };
      finished();
    });
  }

  return {
    start: () => {
      loop = run();
    },
    stop: async () => {
      halt.abort();
      await loop;
      await Promise.race([order.idle(), pause(STOP_MS)]);
      const from = offset();
      if (from === undefined || from === confirmed) return;
      await p.getUpdates({ offset: from, limit: 1, timeout: 0 }, AbortSignal.timeout(2_000)).catch(() => {
        p.log.warn({}, 'the last updates were not confirmed; they will come again');
      });
    },
  };
}

/** Ends early when told to. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
