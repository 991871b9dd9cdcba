// The whole house over HTTP, on each store: a report with a photo from the chat to the officer and back, the contact
// page, the opening of a page, and a second server on the same store.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seatOf } from '../../src/app/act-on-case.ts';
import type { Store } from '../../src/app/ports.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { type House, openStore, wire } from '../../src/wire.ts';
import { mongoServer } from '../contracts/mongo-server.ts';
import { type Activity, begin, call, listen, read, type Session, say, upload } from './speak.ts';

const ROOT = join(import.meta.dirname, '../..');
const server = await mongoServer();
if ('skipped' in server) console.warn(`the whole house on MongoDB: ${server.skipped}`);
const folder = mkdtempSync(join(tmpdir(), 'motcua-http-'));
const settings: Record<string, string>[] = [{ DATA_DIR: folder }];
if (!('skipped' in server)) settings.push({ MONGODB_URI: server.uri });
const places = settings.map((env) => ({ name: env.MONGODB_URI ? 'MongoDB' : 'SQLite', env }));

/** Release 1 takes its time to learn: the second store gets it from the first. */
let learnt: { store: Store; stop: () => Promise<void> } | undefined;
async function seed(config: Config, clock: { now(): number }): Promise<void> {
  if (!learnt) return;
  const store = await openStore(config, clock);
  const release = (await learnt.store.releases.load(1))!;
  for (const id of [release.sources, release.model]) {
    const file = (await learnt.store.files.open(id))!;
    await store.files.put(file.meta, file.bytes);
  }
  await store.releases.add(release);
  await store.releases.makeLive(1, undefined);
  await store.close();
}

afterAll(async () => {
  await learnt?.stop();
  if (!('skipped' in server)) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(places)('the whole house on $name', ({ env }) => {
  let now = Date.UTC(2026, 0, 6, 2);
  const clock = { now: () => now };
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  const houses: House[] = [];
  let url: string;
  let other: string;

  beforeAll(async () => {
    const config = loadConfig({ PORT: '0', ...env });
    if (!config.ok) throw new Error(config.problems[0]?.message);
    await seed(config.value, clock);
    for (let i = 0; i < 2; i++) {
      const ids = () => randomBytes(16).toString('hex');
      const house = await wire(config.value, { clock, ids, log: quiet, root: ROOT });
      houses.push(house);
    }
    [url, other] = (await Promise.all(houses.map(async (h) => (await h.serve()).url))) as [string, string];
  }, 180_000);
  afterAll(async () => {
    const [first, ...rest] = houses;
    for (const h of rest) await h.stop();
    if (learnt) await first?.stop();
    else if (first) learnt = { store: first.store, stop: first.stop };
  });

  const last = async (s: Session): Promise<Activity> => (await read(s)).activities.at(-1)!;
  const label = (a: Activity, wanted: string) => {
    const action = a.suggestedActions?.actions.find((x) => x.title.startsWith(wanted));
    if (!action) throw new Error(`no button "${wanted}" under: ${a.text}`);
    return action.value;
  };
  const press = async (s: Session, wanted: string) => say(s, wanted, { value: label(await last(s), wanted) });

  it('greets when the page opens, and says nothing in the citizen’s name', async () => {
    const s = await begin(url);
    await call(url, 'POST', `/conversations/${s.conversationId}/activities`, s.token, {
      type: 'event',
      name: 'open',
    });
    const { activities } = await read(s);
    expect(activities.map((a) => a.from.role)).toEqual(['bot']);
    expect(activities[0]!.text).toContain('trợ lý tự động');
  });

  it('carries a report to the officer and the answer back, told once, through another server', async () => {
    const s = await begin(url);
    await say(s, 'đầu ngõ nhà tôi có đống rác mấy hôm chưa ai dọn');
    await say(s, 'ngõ 12 Đội Cấn, phường Ba Đình');
    const bytes = await sharp({ create: { width: 80, height: 60, channels: 3, background: 'brown' } })
      .jpeg()
      .toBuffer();
    await upload(s, { type: 'message', text: '' }, [{ name: 'rác.jpg', type: 'image/jpeg', bytes }]);
    await press(s, 'Đúng');
    const filed = await last(s);
    const code = /[0-9AHKMQRTXY]{3}-[0-9AHKMQRTXY]{3}-[0-9AHKMQRTXY]{3}/.exec(filed.text)![0];

    // The citizen's page is open at the other server.
    const there = { ...s, url: other };
    const back = await call(
      other,
      'GET',
      `/conversations/${s.conversationId}?watermark=${filed.id}`,
      s.token,
    );
    const line = await listen(there, ((await back.json()) as { streamUrl: string }).streamUrl);
    const [house] = houses as [House, House];
    const seat = seatOf(house.live.current().content, 'ubnd-ba-dinh')!;
    const act = await house.act(seat, code, { do: 'reply', text: 'Đã dọn xong sáng nay.' }, 'reply-1');
    expect(act.ok).toBe(true);
    now += 61_000;
    await line.until(1, 10_000);
    expect(line.heard[0]!.text).toContain('Đã dọn xong sáng nay.');
    await new Promise((r) => setTimeout(r, 1_500));
    expect(line.heard).toHaveLength(1);
    line.socket.close();
    await expect
      .poll(
        async () => (await house.store.cases.load(code))!.timeline.filter((e) => e.kind === 'told').length,
        { timeout: 10_000 },
      )
      .toBeGreaterThan(0);
  });

  it('takes contact details once, on their own page', async () => {
    const s = await begin(url);
    await say(s, 'đầu ngõ nhà tôi có đống rác mấy hôm chưa ai dọn');
    await say(s, 'ngõ 12 Đội Cấn, phường Ba Đình');
    await press(s, 'Bỏ qua');
    await press(s, 'Đúng');
    const link = new URL(String(label(await last(s), 'Điền thông tin')));
    // Under the address by which whoever reads it came, whichever server said it.
    expect(link.origin).toBe(url);
    const elsewhere = await last({ ...s, url: other });
    expect(new URL(String(label(elsewhere, 'Điền thông tin'))).origin).toBe(other);
    const page = url + link.pathname;
    expect((await fetch(page)).status).toBe(200);
    const fields = { name: 'Nguyễn Thị Lan', phone: '0912 345 678', address: '12 Đội Cấn', consent: 'yes' };
    const saved = await fetch(page, { method: 'POST', body: new URLSearchParams(fields) });
    expect(saved.status).toBe(200);
    expect((await fetch(page)).status).toBe(410);
    expect((await fetch(page.slice(0, -1))).status).toBe(404);
  });

  it('takes one message at two servers at once as one', async () => {
    const s = await begin(url);
    const twice = { channelData: { clientActivityID: 'both' } };
    const [a, b] = await Promise.all([
      say(s, 'xin chào', twice),
      say({ ...s, url: other }, 'xin chào', twice),
    ]);
    expect([a.status, b.status]).toEqual([200, 200]);
    expect(await a.json()).toEqual(await b.json());
    expect((await read(s)).activities.filter((x) => x.from.role === 'user')).toHaveLength(1);
  });

  it('a message beyond all measure is answered in kind words', async () => {
    const s = await begin(url);
    expect((await say(s, 'a'.repeat(100_000))).status).toBe(200);
    expect((await last(s)).text.length).toBeGreaterThan(10);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
});
