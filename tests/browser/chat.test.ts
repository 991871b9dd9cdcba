// The chat as a citizen meets it, in real Chromium, on a phone of 320 px and on a desk: talk, press, send a picture,
// come back, lose the line, leave no trace. Every page is judged by axe.
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HttpServer, startHttp } from '../../src/http/server.ts';
import { openSqlite } from '../../src/store/sqlite/index.ts';
import { type EchoHouse, echoHouse } from '../http/echo-house.ts';
import { chromiumPath, launch } from './chromium.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let browser: Browser;
let house: EchoHouse;
let http: HttpServer;
const store = await openSqlite({ path: ':memory:', clock: { now: Date.now }, keysOf: () => ({}) as never });

async function serve(port = 0): Promise<void> {
  house = echoHouse(store, { limits: { conversations: { points: 1000, seconds: 60 } } });
  house.config = { ...house.config, port };
  http = await startHttp(house);
}

beforeAll(async () => {
  if (!chromiumPath) return;
  browser = await launch();
  await serve();
});
afterAll(async () => {
  await browser?.close();
  await http?.close();
  await store.close();
});

const SIZES = [
  { name: 'phone, 320 px', viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true },
  { name: 'desk', viewport: { width: 1280, height: 800 } },
];

describe.runIf(chromiumPath).each(SIZES)('on a $name', ({ name: _, ...size }) => {
  let context: BrowserContext;
  let page: Page;
  let strangers: string[];
  let complaints: string[];

  beforeEach(async () => {
    context = await browser.newContext(size);
    page = await context.newPage();
    page.setDefaultTimeout(8_000);
    strangers = [];
    complaints = [];
    page.on('request', (r) => {
      if (/^(https?|wss?):/.test(r.url()) && new URL(r.url()).hostname !== '127.0.0.1')
        strangers.push(r.url());
    });
    page.on('pageerror', (e) => complaints.push(e.message));
    page.on('console', (m) => {
      if (/Content Security Policy|Refused to/.test(m.text())) complaints.push(m.text());
    });
  });
  afterEach(async () => {
    await context.close();
    expect(strangers).toEqual([]);
    expect(complaints).toEqual([]);
  });

  const open = async (path = '/chat') => {
    await page.goto(http.url + path);
    await page.locator('.said.bot').first().waitFor();
  };
  const write = async (text: string) => {
    await page.getByRole('textbox').fill(text);
    await page.getByRole('button', { name: 'Gửi', exact: true }).click();
  };
  const heard = (text: string) => page.locator('.said.bot', { hasText: text });
  /** Name of what has the keyboard. */
  const focused = () =>
    page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent);
  const said = () => page.locator('.said .text').allTextContents();
  const fits = async () => {
    const [inner, scroll] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
    expect(scroll).toBeLessThanOrEqual(inner!);
  };

  it('talks, and shows what was said once', async () => {
    await open();
    await write('xin chào');
    await heard('Đã nghe: xin chào').waitFor();
    expect(await said()).toEqual([
      'Xin chào anh/chị. Tôi là trợ lý tự động.',
      'xin chào',
      'Đã nghe: xin chào',
    ]);
    expect(await page.locator('.said.sending, .said.waiting, .said.failed').count()).toBe(0);
    await fits();
  });

  it('answers by a button, from the keyboard too', async () => {
    await open();
    await write('chọn');
    const button = page.getByRole('button', { name: 'Tại nhà' });
    await button.focus();
    await page.keyboard.press('Enter');
    await heard('Đã chọn a:noi-sinh:tai-nha của 4').waitFor();
    expect(await page.getByRole('button', { name: 'Tại bệnh viện' }).count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('log');
  });

  it('draws markup as text, makes links safe and long words fit', async () => {
    await open();
    await write('<img src=x onerror="document.title=1"> https://hanoi.gov.vn/a. H78-HR7-K53');
    await heard('Đã nghe').waitFor();
    const link = page.locator('.said.citizen a');
    expect(await link.getAttribute('href')).toBe('https://hanoi.gov.vn/a');
    expect(await link.getAttribute('rel')).toContain('noopener');
    expect(await page.locator('.said img').count()).toBe(0);
    expect(await page.locator('.said.citizen .code').textContent()).toBe('H78-HR7-K53');
    await write('x'.repeat(400));
    await heard('xxx').waitFor();
    await fits();
  });

  it('sends a picture and shows it, also after a reload', async () => {
    await open();
    const picture = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#e9b94f' } })
      .jpeg()
      .toBuffer();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'đống rác.jpg', mimeType: 'image/jpeg', buffer: picture });
    await page.locator('.chosen', { hasText: 'đống rác.jpg' }).waitFor();
    await write('đầu ngõ');
    await heard('Đã nhận 1 tệp').waitFor();
    await page.reload();
    await heard('Đã nhận 1 tệp').waitFor();
    const image = page.getByAltText('Ảnh đống rác.jpg');
    await expect.poll(() => image.evaluate((i) => (i as HTMLImageElement).naturalWidth)).toBe(640);
    await fits();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'virus.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') });
    await page.getByRole('alert').filter({ hasText: 'không phải ảnh' }).waitFor();
  });

  it('opens its photos behind a proxy that speaks https, and when it has stood open for hours', async () => {
    await page.clock.install();
    // What a server says that knows neither its scheme nor its name, behind such a proxy.
    const abroad = (text: string) => text.replaceAll(http.url, 'http://10.0.0.7:8080');
    let given = 0;
    await page.route('**/activities?*', async (route) => {
      const answer = await route.fetch();
      given++;
      await route.fulfill({ response: answer, body: abroad(await answer.text()) });
    });
    await page.routeWebSocket('**/stream?*', (socket) => {
      const server = socket.connectToServer();
      server.onMessage((m) => socket.send(abroad(String(m))));
    });
    await open();
    const buffer = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#e9b94f' } })
      .jpeg()
      .toBuffer();
    await page.locator('input[type=file]').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer });
    await write('đầu ngõ');
    await heard('Đã nhận 1 tệp').waitFor();
    await page.reload();
    const image = page.getByAltText('Ảnh a.jpg');
    await expect.poll(() => image.evaluate((i) => (i as HTMLImageElement).naturalWidth)).toBe(64);
    const link = () => page.locator('a.photo').evaluate((a) => (a as HTMLAnchorElement).href);
    const first = await link();
    expect(first.startsWith(http.url)).toBe(true);
    given = 0;
    for (let i = 0; i < 3; i++) {
      await page.clock.fastForward(15 * 60_000 + 100);
      await page.waitForTimeout(300);
    }
    await expect.poll(() => given).toBeGreaterThan(0);
  });

  it('says of a file that the server refuses that it was not taken', async () => {
    await open();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'ảnh.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<html>') });
    await page.getByRole('button', { name: 'Gửi', exact: true }).click();
    await heard('Không nhận được: file-type').waitFor();
    expect(await page.locator('.said.citizen .bubble').textContent()).toContain('không nhận được');
  });

  it('sends where one stands, when one wants to', async () => {
    await open();
    await page.getByRole('button', { name: 'Gửi vị trí của tôi' }).click();
    await page.getByRole('alert').filter({ hasText: 'Không lấy được vị trí' }).waitFor();
    await context.grantPermissions(['geolocation']);
    await context.setGeolocation({ latitude: 21.033, longitude: 105.85 });
    await page.getByRole('button', { name: 'Gửi vị trí của tôi' }).click();
    await heard('Ở 21.033,105.85').waitFor();
    await page.locator('.said.citizen').getByRole('link', { name: 'Vị trí trên bản đồ' }).waitFor();
  });

  it('goes on where it was after a reload, and shows an answer that came meanwhile', async () => {
    await open();
    await write('một');
    await heard('Đã nghe: một').waitFor();
    const id = await page.evaluate(() => JSON.parse(localStorage.getItem('motcua')!).conversation as string);
    await page.goto('about:blank');
    await house.officerSays(id as never, 'Bà Nguyễn Thị Hà, UBND phường Ba Đình, trả lời: đã dọn xong.');
    await page.goto(`${http.url}/chat`);
    await page.locator('.said.officer', { hasText: 'đã dọn xong' }).waitFor();
    expect(await said()).toHaveLength(4);
    expect(await page.locator('.said.officer .who').textContent()).toBe('Cán bộ');
  });

  it('keeps what two tabs of one talk have not sent yet, and sends each once', async () => {
    await open();
    const other = await context.newPage();
    await other.goto(`${http.url}/chat`);
    await other.locator('.said.bot').first().waitFor();
    await context.route('**/activities', (route) =>
      route.request().method() === 'POST' ? route.abort() : route.continue(),
    );
    await write('từ thẻ thứ nhất');
    await page.locator('.said.waiting').waitFor();
    await other.getByRole('textbox').fill('từ thẻ thứ hai');
    await other.getByRole('button', { name: 'Gửi', exact: true }).click();
    await other.locator('.said.waiting').waitFor();
    await page.close();
    await other.close();
    await context.unroute('**/activities');
    page = await context.newPage();
    await open();
    await heard('Đã nghe: từ thẻ thứ nhất').waitFor();
    await heard('Đã nghe: từ thẻ thứ hai').waitFor();
    expect(await page.locator('.said.citizen').count()).toBe(2);
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual(['motcua']);
  });

  it('says that the line is lost, keeps what is written, and sends it when the server is back', {
    timeout: 40_000,
  }, async () => {
    await open();
    await write('trước');
    await heard('Đã nghe: trước').waitFor();
    const { port } = http;
    await http.close();
    await page.getByRole('status').filter({ hasText: 'Mất kết nối' }).waitFor();
    await write('trong lúc mất mạng');
    await page.locator('.said.waiting', { hasText: 'trong lúc mất mạng' }).waitFor();
    await serve(port);
    await page.locator('.said.bot', { hasText: 'Đã nghe: trong lúc mất mạng' }).waitFor({ timeout: 20_000 });
    expect((await said()).filter((s) => s === 'trong lúc mất mạng')).toHaveLength(1);
    await expect.poll(() => page.locator('.line.online').count()).toBe(1);
  });

  it('waits out a store that is away, and offers to send again what was refused', {
    timeout: 40_000,
  }, async () => {
    await open();
    house.away = true;
    await write('gửi lại nhé');
    await page.getByRole('button', { name: 'Gửi lại' }).waitFor({ timeout: 30_000 });
    house.away = false;
    await page.getByRole('button', { name: 'Gửi lại' }).click();
    await heard('Đã nghe: gửi lại nhé').waitFor();
    expect((await said()).filter((s) => s === 'gửi lại nhé')).toHaveLength(1);
  });

  it('does not trouble anybody with a store that is away for five seconds', { timeout: 40_000 }, async () => {
    await open();
    house.away = true;
    await write('không ai hay');
    setTimeout(() => {
      house.away = false;
    }, 5_000);
    await heard('Đã nghe: không ai hay').waitFor({ timeout: 15_000 });
    expect((await said()).filter((s) => s === 'không ai hay')).toHaveLength(1);
  });

  it('works where sockets are barred, by asking again and again', { timeout: 40_000 }, async () => {
    await page.addInitScript(() => {
      Object.assign(globalThis, {
        WebSocket: class {
          onclose: (() => void) | null = null;
          constructor() {
            setTimeout(() => this.onclose?.(), 10);
          }
          close() {}
        },
      });
    });
    await open();
    await write('không có socket');
    await heard('Đã nghe: không có socket').waitFor({ timeout: 15_000 });
    expect(await page.locator('.line.online').count()).toBe(1);
  });

  it('stays calm hour after hour where sockets are barred', { timeout: 40_000 }, async () => {
    await page.clock.install();
    await page.addInitScript(() => {
      const states: string[] = [];
      Object.assign(globalThis, {
        states,
        WebSocket: class {
          onclose: (() => void) | null = null;
          constructor() {
            queueMicrotask(() => this.onclose?.());
          }
          close() {}
        },
      });
      new MutationObserver(() => {
        const line = document.querySelector('.line')?.className;
        if (line && states.at(-1) !== line) states.push(line);
      }).observe(document, { subtree: true, childList: true, attributes: true });
    });
    await open();
    for (let minute = 0; minute < 4; minute++) {
      await expect.poll(() => page.locator('.line.online').count()).toBe(1);
      await page.clock.fastForward(61_000);
      await page.waitForTimeout(300);
    }
    await write('vẫn nghe');
    await heard('Đã nghe: vẫn nghe').waitFor();
    expect(await page.evaluate('states')).toEqual(['line connecting', 'line online']);
  });

  it('ends and leaves no trace on a shared computer', async () => {
    await open();
    await write('chuyện riêng');
    await heard('Đã nghe: chuyện riêng').waitFor();
    await page.getByRole('button', { name: 'Tùy chọn' }).click();
    await page.getByRole('button', { name: 'Kết thúc và xóa khỏi máy này' }).click();
    await page.getByRole('button', { name: 'Giữ lại' }).click();
    expect(await heard('Đã nghe: chuyện riêng').count()).toBe(1);
    await expect.poll(focused).toBe('Tùy chọn');
    await page.getByRole('button', { name: 'Tùy chọn' }).click();
    await page.getByRole('button', { name: 'Kết thúc và xóa khỏi máy này' }).click();
    await page.getByRole('button', { name: 'Xóa khỏi máy này' }).click();
    await page.getByText('Đã xóa khỏi máy này.').waitFor();
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    expect(await page.getByText('chuyện riêng').count()).toBe(0);
    await expect.poll(focused).toBe('Bắt đầu cuộc trò chuyện mới');
    expect((await page.locator('.dot').boundingBox())!.width).toBeLessThan(12);
    await page.getByRole('button', { name: 'Bắt đầu cuộc trò chuyện mới' }).click();
    await page.locator('.said.bot', { hasText: 'Xin chào' }).waitFor();
    expect(await said()).toHaveLength(1);
  });

  it('remembers nothing of a talk that was ended before it had begun', async () => {
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route('**/v3/directline/conversations', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${http.url}/chat`);
    await page.getByRole('button', { name: 'Tùy chọn' }).click();
    await page.getByRole('button', { name: 'Kết thúc và xóa khỏi máy này' }).click();
    await page.getByRole('button', { name: 'Xóa khỏi máy này' }).click();
    const begun = page.waitForResponse('**/v3/directline/conversations');
    goOn();
    await begun;
    await page.waitForTimeout(200);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
  });

  it('shows nothing more of a talk that was erased at the server', async () => {
    await open();
    await write('xóa tôi đi');
    await heard('Đã nghe: xóa tôi đi').waitFor();
    await write('/xoa');
    await heard('Đã xóa.').waitFor();
    await expect.poll(said).toEqual(['Đã xóa.']);
    await write('lại từ đầu');
    await heard('Đã nghe: lại từ đầu').waitFor();
  });

  it('stands on a foreign page by one script tag', async () => {
    const agency: Server = createServer((_req, res) => {
      res.setHeader('Content-Type', 'text/html; charset=utf-8');
      res.end(
        `<!doctype html><html lang="vi"><title>UBND phường</title><meta name="viewport" content="width=device-width"><main><h1>UBND phường</h1></main><script src="${http.url}/embed.js"></script></html>`,
      );
    });
    await new Promise<void>((resolve) => agency.listen(0, '127.0.0.1', resolve));
    await page.goto(`http://127.0.0.1:${(agency.address() as AddressInfo).port}/`);
    await page.getByRole('button', { name: 'Hỏi Một Cửa' }).click();
    const frame = page.frameLocator('iframe');
    await frame.locator('.said.bot').first().waitFor();
    await frame.getByRole('textbox').fill('từ trang phường');
    await frame.getByRole('button', { name: 'Gửi', exact: true }).click();
    await frame.locator('.said.bot', { hasText: 'Đã nghe: từ trang phường' }).waitFor();
    await frame.getByRole('textbox').press('Escape');
    const launcher = page.getByRole('button', { name: 'Hỏi Một Cửa' });
    await launcher.waitFor();
    expect(await launcher.evaluate((b) => (b.getRootNode() as ShadowRoot).activeElement === b)).toBe(true);
    await fits();
    agency.close();
  });

  it('works at 200% zoom, with motion reduced and in the dark', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
    await open();
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '32px'));
    await write('chọn');
    await page.getByRole('button', { name: 'Tại nhà' }).waitFor();
    await fits();
    expect(await page.getByRole('textbox').isVisible()).toBe(true);
  });

  it.each([
    '/',
    '/chat',
    '/embed',
    '/lien-he/dung',
    '/lien-he/cu',
    '/quyen-rieng-tu',
    '/khong-co',
    '/?lang=en',
  ])('axe finds no violation on %s, by day and by night', async (path) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(http.url + path);
      if (await page.locator('#chat.page, #chat.embed').count()) {
        await page.locator('.said.bot').first().waitFor();
        await write('chọn');
        await page.getByRole('button', { name: 'Tại nhà' }).waitFor();
      }
      // Evaluated by the debugger, so that the page's policy need not be loosened for it.
      await page.evaluate((await import('node:fs')).readFileSync(AXE, 'utf8'));
      const found = await page.evaluate(
        'axe.run().then((r) => r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).join(", ")))',
      );
      expect(found).toEqual([]);
      await fits();
    }
  });

  it('the first page shows the chat beside it, or one tap away', async () => {
    await page.goto(http.url);
    if (size.viewport.width > 900) {
      await page.locator('.said.bot').first().waitFor();
      await page.getByRole('link', { name: 'Con em mới sinh' }).click();
      await heard('Đã nghe: Con em mới sinh').waitFor();
      await page.getByRole('button', { name: 'Tùy chọn' }).click();
      await page.getByRole('button', { name: 'Kết thúc và xóa khỏi máy này' }).click();
      await page.getByRole('button', { name: 'Xóa khỏi máy này' }).click();
      // A question on the page is a question also when the talk before it was ended.
      await page.getByRole('link', { name: 'Đăng ký kết hôn' }).click();
      await heard('Đã nghe: Đăng ký kết hôn').waitFor();
    } else {
      expect(await page.locator('.frame').count()).toBe(0);
      await page.getByRole('link', { name: 'Bắt đầu trò chuyện' }).click();
      await page.locator('.said.bot').first().waitFor();
      expect(new URL(page.url()).pathname).toBe('/chat');
    }
  });
});
