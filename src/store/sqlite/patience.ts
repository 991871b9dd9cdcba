// How a statement waits for another process's write: between tries the event loop goes on, since SQLite's own waiting
// holds up the whole server. Must not know what a statement does.
import { setTimeout as pause } from 'node:timers/promises';
import { inOrder } from '../../core/in-order.ts';

/** Runs statements; what finds the file locked is tried again until its patience ends, then its fault is thrown. */
export type Patiently = <T>(work: () => T) => Promise<T>;

/** How long a statement waits in all. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 5;
const SQLITE_BUSY = 5;

/** The low byte is the kind of fault; the rest says which. */
const isBusy = (fault: unknown): boolean =>
  ((fault as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY;

/** `work` must be safe to run again: one statement, or several of which the last alone writes. */
export function patiently(): Patiently {
  // One asks at a time: a thousand that ask every few milliseconds would be what holds up the server.
  const line = inOrder();
  return async (work) => {
    try {
      return work();
    } catch (fault) {
      if (!isBusy(fault)) throw fault;
    }
    const until = performance.now() + PATIENCE_MS;
    return line('', async () => {
      for (;;) {
        try {
          return work();
        } catch (fault) {
          if (!isBusy(fault) || performance.now() >= until) throw fault;
        }
        await pause(PAUSE_MS);
      }
    });
  };
}
