// Two questions of machines: is the process alive, and can it serve. Knows nothing of what it serves.

import { Router } from 'express';
import { faultOf } from '../channels/webchat/fault.ts';
import type { HttpHouse } from './house.ts';

/** `/healthz` answers while the process lives; `/readyz` 200 or 503 with the store, the release and what is wrong. */
export function health(house: Pick<HttpHouse, 'ready' | 'log'>): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ alive: true });
  });
  router.get('/readyz', async (_req, res) => {
    res.set('Cache-Control', 'no-store');
    try {
      const { ok, release, problems } = await house.ready();
      res.status(ok ? 200 : 503).json({ ready: ok, store: true, release: release ?? null, problems });
    } catch (error) {
      house.log.warn({ fault: faultOf(error) }, 'not ready: the store cannot be reached');
      const problems = ['store unreachable'];
      res.status(503).json({ ready: false, store: false, release: null, problems });
    }
  });
  return router;
}
