// Two questions of machines: is the process alive, and can it serve. Knows nothing of what it serves.

import { setTimeout as after } from 'node:timers/promises';
import { Router } from 'express';
import { faultOf } from '../channels/fault.ts';
import type { HttpHouse } from './house.ts';

const READY_MS = 2000;

/** `/healthz` answers while the process lives; `/readyz` 200 or 503 with the store, the release and what is wrong. */
export function health(house: Pick<HttpHouse, 'ready' | 'log'>): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ alive: true });
  });
  router.get('/readyz', async (_req, res) => {
    res.set('Cache-Control', 'no-store');
    try {
      const { ok, release, problems } = await soon(house.ready());
      res.status(ok ? 200 : 503).json({ ready: ok, store: true, release: release ?? null, problems });
    } catch (error) {
      house.log.warn({ fault: faultOf(error) }, 'not ready: the store cannot be reached');
      const problems = ['store unreachable'];
      res.status(503).json({ ready: false, store: false, release: null, problems });
    }
  });
  return router;
}

/** A store that hangs instead of failing is as good as away: whoever asks has a clock of their own. */
async function soon<T>(answer: Promise<T>): Promise<T> {
  const given = new AbortController();
  try {
    return await Promise.race([
      answer,
      after(READY_MS, undefined, { signal: given.signal }).then(() => {
        throw new Error(`no answer from the store in ${READY_MS} ms`);
      }),
    ]);
  } finally {
    given.abort();
  }
}
