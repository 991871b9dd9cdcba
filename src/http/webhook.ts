// The door Telegram knocks on. Checks the secret in constant time and hands the update on; knows nothing of it.

import { createHash, timingSafeEqual } from 'node:crypto';
import { json, Router } from 'express';
import { faultOf } from '../channels/fault.ts';
import type { HttpHouse } from './house.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** POST `path`: 401 without the secret, 200 once durable, 503 so that Telegram sends it again. */
export function webhook(telegram: NonNullable<HttpHouse['telegram']>, log: HttpHouse['log']): Router {
  const router = Router();
  const expected = digest(telegram.secret);
  router.post(
    telegram.path,
    (req, res, next) => {
      const shown = req.get('X-Telegram-Bot-Api-Secret-Token');
      if (shown !== undefined && timingSafeEqual(digest(shown), expected)) return next();
      res.status(401).json({ error: { code: 'not-allowed' } });
    },
    json({ limit: '1mb' }),
    async (req, res) => {
      try {
        await telegram.receive(req.body);
        res.json({ ok: true });
      } catch (error) {
        log.error({ fault: faultOf(error) }, 'an update of Telegram could not be kept');
        res.status(503).json({ error: { code: 'unavailable' } });
      }
    },
  );
  return router;
}
