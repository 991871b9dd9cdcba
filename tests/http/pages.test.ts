// The server around Direct Line: pages, the one-time form, headers, health, the webhook, draining, the build.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROBLEM_CODES } from '../../src/core/result.ts';
import { html } from '../../src/http/pages/html.ts';
import { texts, widgetTexts } from '../../src/http/pages/texts.ts';
import { type HttpServer, startHttp } from '../../src/http/server.ts';
import { STATUS } from '../../src/http/status.ts';
import { openSqlite } from '../../src/store/sqlite/index.ts';
import { type EchoHouse, echoHouse } from './echo-house.ts';
import { begin, listen, say } from './speak.ts';

const openStore = () =>
  openSqlite({ path: ':memory:', clock: { now: Date.now }, keysOf: () => ({}) as never });

let house: EchoHouse;
let http: HttpServer;
const received: unknown[] = [];
let telegramAway = false;
beforeAll(async () => {
  const store = await openStore();
  house = echoHouse(store, {
    telegram: {
      path: '/telegram/abc',
      secret: 'bi-mat',
      receive: async (update) => {
        if (telegramAway) throw new Error('store away');
        received.push(update);
      },
    },
  });
  http = await startHttp(house);
  return async () => {
    await http.close();
    await store.close();
  };
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(http.url + path, { headers: { Accept: 'text/html', ...headers }, redirect: 'manual' });

describe('pages', () => {
  it.each(['/', '/chat', '/embed', '/quyen-rieng-tu', '/?lang=en', '/chat?lang=en'])(
    '%s says its language and loads nothing from elsewhere',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      const page = await answer.text();
      expect(page).toContain(`<html lang="${path.includes('en') && path.includes('lang') ? 'en' : 'vi'}">`);
      for (const [, url] of page.matchAll(/(?:src|href)="([^"]+)"/g)) expect(url).toMatch(/^(\/|#|tel:)/);
      expect(page).not.toMatch(/<script(?![^>]*(src="\/assets|application\/json))|style="|onclick/);
    },
  );

  it('is strict about what a page may do; only the embedded chat stands in frames', async () => {
    const home = (await get('/')).headers;
    const policy = home.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${http.port}`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(home.get('x-frame-options')).toBe('DENY');
    expect(home.get('x-content-type-options')).toBe('nosniff');
    expect(home.get('x-powered-by')).toBeNull();
    const embed = (await get('/embed')).headers;
    expect(embed.get('content-security-policy')).toContain('frame-ancestors *');
    expect(embed.get('x-frame-options')).toBeNull();
  });

  it('keeps the frame to the agencies named', async () => {
    const store = await openStore();
    const config = { ...house.config, embedOrigins: ['https://badinh.hanoi.gov.vn'] };
    const other = await startHttp(echoHouse(store, { config }));
    const policy = (await fetch(`${other.url}/embed`)).headers.get('content-security-policy');
    expect(policy).toContain('frame-ancestors https://badinh.hanoi.gov.vn');
    await other.close();
    await store.close();
  });

  it('says kindly that a page does not exist: to people a page, to programs JSON', async () => {
    const page = await get('/khong-co');
    expect(page.status).toBe(404);
    expect(await page.text()).toContain('Không có trang này');
    const json = await fetch(`${http.url}/v3/directline/khong-co`);
    expect(json.status).toBe(404);
    expect(await json.json()).toMatchObject({
      error: { code: 'not-found', requestId: json.headers.get('x-request-id') },
    });
    for (const path of ['/v3/directline/attachments/anh-cu?t=qua-han', '/v3/directline/khong-co'])
      expect((await get(path)).headers.get('content-type')).toContain('text/html');
  });

  it('sends programs hashed, compressed and cacheable for ever', async () => {
    const page = await (await get('/chat')).text();
    const script = /src="(\/assets\/widget-[\w-]+\.js)"/.exec(page)![1]!;
    const answer = await get(script, { 'Accept-Encoding': 'br' });
    expect(answer.headers.get('content-encoding')).toBe('br');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect((await get(script, { 'If-None-Match': answer.headers.get('etag')! })).status).toBe(304);
    const launcher = await get('/embed.js');
    expect(launcher.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });

  it('all JavaScript a citizen loads stays under 15 kB', async () => {
    const page = await (await get('/embed')).text();
    const scripts = ['/embed.js', ...[...page.matchAll(/src="(\/assets\/[^"]+\.js)"/g)].map((m) => m[1]!)];
    expect(scripts).toHaveLength(2);
    let total = 0;
    for (const path of scripts) {
      const code = Buffer.from(await (await get(path)).arrayBuffer());
      expect(code.includes('import(')).toBe(false);
      total += gzipSync(code, { level: 9 }).length;
    }
    expect(total).toBeLessThan(15_000);
  });

  it('writes every text in both languages, and words every problem', () => {
    const leaves = (tree: object, at = ''): string[] =>
      Object.entries(tree).flatMap(([k, v]) =>
        typeof v === 'object' ? leaves(v, `${at}${k}.`) : [`${at}${k}`],
      );
    expect(leaves(widgetTexts('en')).sort()).toEqual(leaves(widgetTexts('vi')).sort());
    for (const code of PROBLEM_CODES) {
      expect(texts('vi')(`problem.${code}`).length).toBeGreaterThan(10);
      expect(texts('en')(`problem.${code}`).length).toBeGreaterThan(10);
      expect(STATUS[code]).toBeGreaterThanOrEqual(400);
    }
  });

  it('templates cannot be injected into', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', '/', '`', '=') }),
        (evil) => {
          const page = html`<a title="${evil}">${evil}</a>`.text;
          expect(page.match(/</g)).toHaveLength(2);
          expect(page.match(/"/g)).toHaveLength(2);
        },
      ),
    );
  });
});

describe('contact page', () => {
  const good = {
    name: 'Nguyễn Thị Lan',
    phone: '0912 345 678',
    address: '12 Đội Cấn, phường Ba Đình',
    consent: 'yes',
  };
  const post = (token: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${http.url}/lien-he/${token}`, {
      method: 'POST',
      headers: { Accept: 'text/html', ...headers },
      body: new URLSearchParams(fields),
    });

  it('tells whose it is and why, and keeps what is filled in', async () => {
    const page = await get('/lien-he/dung');
    expect(page.headers.get('cache-control')).toBe('no-store');
    const text = await page.text();
    expect(text).toContain('H78-HR7-K53');
    expect(text).toContain('Nghị định 20/2008/NĐ-CP, Điều 7');
    const saved = await post('dung', good);
    expect(saved.status).toBe(200);
    expect(await saved.text()).toContain('Đã lưu thông tin');
    expect(house.contacts.get('dung')).toEqual({
      name: 'Nguyễn Thị Lan',
      phone: '0912345678',
      address: '12 Đội Cấn, phường Ba Đình',
    });
  });

  it('gives back what was typed, with what to correct', async () => {
    const answer = await post('dung', { name: 'Lan "<b>"', phone: '12', address: '' });
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(text).toContain('value="Lan &quot;&lt;b&gt;&quot;"');
    for (const wrong of ['wrong-phone', 'wrong-address', 'wrong-consent'])
      expect(text).toContain(`id="${wrong}"`);
    expect(text).not.toContain('id="wrong-name"');
    const ticked = await (await post('dung', { ...good, phone: '12' })).text();
    expect(ticked).toMatch(/name="consent"[^>]* checked/);
    expect(text).not.toMatch(/name="consent"[^>]* checked/);
  });

  it('is closed to other sites, to used links and to guesses', async () => {
    expect((await post('dung', good, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    const used = await get('/lien-he/cu');
    expect(used.status).toBe(410);
    expect(await used.text()).toContain('hết hiệu lực');
    expect((await get('/lien-he/doan')).status).toBe(404);
    expect((await post('cu', good)).status).toBe(410);
    expect((await post('dung', { ...good, address: 'x'.repeat(30_000) })).status).toBe(413);
  });
});

describe('machines', () => {
  it('asks for life and readiness', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ alive: true });
    const ready = await get('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({
      ready: true,
      store: true,
      release: { n: 1, fingerprint: 'abc' },
      problems: [],
    });
    house.away = true;
    const away = await get('/readyz');
    house.away = false;
    expect(away.status).toBe(503);
    expect(await away.json()).toMatchObject({ ready: false, store: false });
  });

  it('hears "not ready" too when the store neither answers nor fails', async () => {
    const { ready } = house;
    house.ready = () => new Promise(() => {});
    const hanging = await get('/readyz');
    house.ready = ready;
    expect(hanging.status).toBe(503);
    expect(await hanging.json()).toMatchObject({ ready: false, store: false });
  });

  it('lets Telegram in by its secret alone, and makes it send again what was not kept', async () => {
    const knock = (secret?: string, body = '{"update_id":1}') =>
      fetch(`${http.url}/telegram/abc`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(secret && { 'X-Telegram-Bot-Api-Secret-Token': secret }),
        },
        body,
      });
    expect((await knock()).status).toBe(401);
    expect((await knock('bi-mat-khac')).status).toBe(401);
    expect(received).toEqual([]);
    expect((await knock('bi-mat')).status).toBe(200);
    expect(received).toEqual([{ update_id: 1 }]);
    expect((await knock('bi-mat', '{')).status).toBe(400);
    expect((await knock('bi-mat', JSON.stringify({ x: 'x'.repeat(1.1e6) }))).status).toBe(413);
    telegramAway = true;
    expect((await knock('bi-mat')).status).toBe(503);
    telegramAway = false;
  });

  it('drains: a request under way is answered, streams are sent away, and then nobody is let in', async () => {
    const store = await openStore();
    const slow = echoHouse(store);
    const { converse } = slow;
    slow.converse = async (m) => {
      await new Promise((r) => setTimeout(r, 400));
      return converse(m);
    };
    const server = await startHttp(slow);
    const s = await begin(server.url);
    const line = await listen(s);
    const closed = new Promise((resolve) => line.socket.once('close', resolve));
    const answer = say(s, 'đang gửi');
    await new Promise((r) => setTimeout(r, 100));
    const begun = Date.now();
    const drained = server.close();
    expect((await answer).status).toBe(200);
    expect(await closed).toBe(1001);
    await drained;
    expect(Date.now() - begun).toBeLessThan(3_000);
    await expect(say(s, 'sau')).rejects.toThrow();
    await store.close();
  });
});
