// The routes of the pages people see. Knows the house only for the one-time contact page.
import { type Request, type Response, Router, urlencoded } from 'express';
import type { ProblemCode } from '../../core/result.ts';
import { refuse } from '../errors.ts';
import type { HttpHouse } from '../house.ts';
import { chatPage } from './chat-page.ts';
import { contactExpiredPage, contactPage, contactSavedPage, readContact } from './contact-page.ts';
import { homePage } from './home-page.ts';
import { privacyPage } from './privacy-page.ts';
import { localeOf, type PageLocale } from './texts.ts';

/** All pages, to be mounted at the root. */
export function pages(house: Pick<HttpHouse, 'contact' | 'saveContact' | 'config'>): Router {
  const router = Router();
  const { officialChannel, keepDays } = house.config;
  const show = (res: Response, page: string, status = 200) =>
    res.status(status).type('html').set('Cache-Control', 'no-cache').send(page);
  const fixed = (path: string, page: (locale: PageLocale) => string) => {
    const made = { vi: page('vi'), en: page('en') };
    router.get(path, (req, res) => void show(res, made[localeOf(req)]));
  };

  fixed('/', (locale) => homePage(locale, officialChannel));
  fixed('/chat', (locale) => chatPage(locale, 'page'));
  fixed('/embed', (locale) => chatPage(locale, 'embed'));
  fixed('/quyen-rieng-tu', (locale) => privacyPage(locale, officialChannel, keepDays));

  // The address is a key to someone's report: it must not travel on, nor stay in a cache.
  router.use('/lien-he', (_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'same-origin' });
    next();
  });

  const around = (req: Request) => ({ locale: localeOf(req), officialChannel });
  const stop = (req: Request, res: Response, code: ProblemCode) => {
    if (code === 'expired')
      res
        .status(410)
        .type('html')
        .send(contactExpiredPage(around(req)));
    else refuse(req, res, code);
  };

  router.get('/lien-he/:token', async (req, res) => {
    const found = await house.contact(req.params.token);
    if (!found.ok) return stop(req, res, found.problems[0]?.code ?? 'fault');
    res.type('html').send(contactPage(around(req), found.value.code));
  });

  router.post('/lien-he/:token', urlencoded({ extended: false, limit: '20kb' }), async (req, res) => {
    const site = req.get('Sec-Fetch-Site');
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      return refuse(req, res, 'not-allowed');
    const token = String(req.params.token);
    const found = await house.contact(token);
    if (!found.ok) return stop(req, res, found.problems[0]?.code ?? 'fault');
    const { code } = found.value;
    const read = readContact(req.body);
    if ('wrong' in read) {
      res
        .status(400)
        .type('html')
        .send(contactPage(around(req), code, req.body, read.wrong));
      return;
    }
    const saved = await house.saveContact(token, read.details);
    if (!saved.ok) return stop(req, res, saved.problems[0]?.code ?? 'fault');
    res.type('html').send(contactSavedPage(around(req), code));
  });

  return router;
}
