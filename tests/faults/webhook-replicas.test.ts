// Two server processes on one store behind one address: Telegram's every update reaches both, at once, and those of a
// burst the wrong way round; so does what a page of the web chat sends. Each message is answered once and no report is
// opened twice, also when either process is killed in the middle of the talk.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keysOf } from '../../src/core/cases/index.ts';
import type { ConversationId } from '../../src/core/message.ts';
import { openSqlite, sqlitePath } from '../../src/store/sqlite/index.ts';
import { type FakeTelegram, fakeTelegram } from '../channels/fake-telegram/server.ts';
import { begin, type Session, say } from '../http/speak.ts';
import { killAll, type Running, serve } from '../processes.ts';
import { timePasses } from './time-passes.ts';

const folder = mkdtempSync(join(tmpdir(), 'motcua-webhook-'));
let tg: FakeTelegram;
const replicas: (Running & { url: string })[] = [];
let env: Record<string, string>;
/** Updates kept back until so many are here; then the last goes first. */
let burst = 1;
let waiting: (() => void)[] = [];
const statuses: number[] = [];

/** The public address: hands each request on to every replica, and answers as the worst of them did. */
const front = createServer(async (req, res) => {
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part as Buffer);
  await new Promise<void>((go) => {
    waiting.push(go);
    if (waiting.length < burst) return;
    for (const next of waiting.reverse()) next();
    waiting = [];
    burst = 1;
  });
  const secret = String(req.headers['x-telegram-bot-api-secret-token']);
  const answers = await Promise.all(
    replicas.map(async ({ url }) => {
      const headers = { 'Content-Type': 'application/json', 'X-Telegram-Bot-Api-Secret-Token': secret };
      const answer = await fetch(url + req.url, {
        method: 'POST',
        headers,
        body: Buffer.concat(parts),
      }).catch(() => undefined);
      return answer?.status ?? 503;
    }),
  );
  statuses.push(...answers);
  res.writeHead(Math.max(...answers)).end();
});

beforeAll(async () => {
  tg = await fakeTelegram();
  tg.deliveries.unordered = true;
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  env = {
    DATA_DIR: folder,
    TELEGRAM_BOT_TOKEN: tg.token,
    TELEGRAM_API_ROOT: tg.apiRoot,
    PUBLIC_URL: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
  };
  for (let i = 0; i < 2; i++) replicas.push(await serve(env));
}, 240_000);
afterAll(async () => {
  killAll();
  await tg.close();
  front.closeAllConnections();
  front.close();
  rmSync(folder, { recursive: true, force: true });
});

it('each message is answered once, and a report is opened once', async () => {
  await expect.poll(() => tg.deliveries.hook !== undefined, { timeout: 30_000 }).toBe(true);
  const an = tg.user(7);
  const turn = async (say: () => unknown, answer: string): Promise<void> => {
    say();
    await an.until(answer, 30_000);
  };
  await turn(() => an.text('rác chất đống đầu ngõ nhà tôi ba hôm nay không ai dọn'), 'ở đâu');
  await turn(() => an.text('ngõ 12 phố Đội Cấn, phường Ba Đình'), 'ảnh');
  await turn(() => an.press('Bỏ qua'), 'đúng chưa');
  await turn(() => an.press('Đúng, gửi đi'), 'Tôi đã ghi phản ánh');
  // The whole talk once more, as after a crash of the sender.
  for (const update of tg.sent.slice()) tg.redeliver(update);
  await tg.drained(30_000);

  const BURST = ['cảm ơn', 'phí khai sinh', 'mấy giờ làm việc', 'tạm trú nộp ở đâu'];
  burst = BURST.length;
  for (const text of BURST) an.text(text);
  await tg.drained(30_000);
  expect(new Set(statuses), 'the secret is known to both, and nothing was refused for good').toContain(200);
  expect(statuses.filter((x) => x !== 200 && x !== 503)).toEqual([]);

  const store = await openSqlite({ path: sqlitePath(folder), clock: { now: Date.now }, keysOf });
  try {
    // Until all that was said is sent.
    await expect
      .poll(
        async () =>
          (await store.conversations.load('telegram:7'))!.log.filter(
            (e) => e.from !== 'citizen' && e.delivery?.state !== 'sent',
          ).length,
        { timeout: 30_000 },
      )
      .toBe(0);
    const { log } = (await store.conversations.load('telegram:7'))!;
    const mine = log.filter((e) => e.from === 'citizen');
    expect(mine).toHaveLength(4 + BURST.length);
    expect(
      mine
        .slice(-BURST.length)
        .map((e) => e.text)
        .sort(),
    ).toEqual([...BURST].sort());
    for (const m of mine)
      expect(log.filter((e) => e.from === 'bot' && e.key === m.key).length, m.text).toBe(1);
    const cases = await store.cases.find({ follower: 'telegram:7' });
    expect(cases).toHaveLength(1);
    // And on the phone it reads as it stands in the log.
    expect(an.all().map((m) => m.message_id)).toEqual(
      log.flatMap((e) => (e.delivery?.ref ? e.delivery.ref.split(',').map(Number) : [])),
    );
    expect(an.all().filter((m) => m.text.includes(`mã ${cases[0]!.id}`))).toHaveLength(1);
  } finally {
    await store.close();
  }
}, 180_000);

it('and so it is when either is killed in mid-talk, on the web and on Telegram', async () => {
  const TALK: [text: string, answer: string][] = [
    ['rác chất đống đầu ngõ nhà tôi ba hôm nay không ai dọn', 'ở đâu'],
    ['ngõ 14 phố Đội Cấn, phường Ba Đình', 'ảnh'],
    ['Bỏ qua', 'đúng chưa'],
    ['Đúng, gửi đi', 'Tôi đã ghi phản ánh'],
  ];
  const store = await openSqlite({ path: sqlitePath(folder), clock: { now: Date.now }, keysOf });
  try {
    const s = await begin(replicas[0]!.url);
    const binh = tg.user(8);
    const page = s.conversationId as ConversationId;
    /** To both at once, again and again until one takes it. */
    const deliver = async (n: number): Promise<void> => {
      const to = ({ url }: { url: string }): Promise<unknown> =>
        say({ ...s, url } satisfies Session, TALK[n]![0], { channelData: { clientActivityID: `${n}` } });
      const taken = async (): Promise<boolean> =>
        (await Promise.all(replicas.map((r) => to(r).catch(() => undefined)))).some(
          (a) => (a as Response)?.ok,
        );
      await expect.poll(taken, { timeout: 60_000, interval: 100 }).toBe(true);
    };
    for (const [n, [text, answer]] of TALK.entries()) {
      const dying = replicas[n % 2]!;
      const before = tg.sent.at(-1);
      binh.text(text);
      // The one before comes once more behind it: on the web, and from Telegram.
      if (n > 0) tg.redeliver(before!);
      const said = Promise.all([deliver(n), n > 0 && deliver(n - 1)]);
      await new Promise((r) => setTimeout(r, 40 * n));
      await dying.end('SIGKILL');
      for (const id of [page, 'telegram:8'] as const)
        if (await store.conversations.load(id)) await timePasses(store, id);
      replicas[n % 2] = await serve(env);
      await said;
      await tg.drained(60_000);
      await binh.until(answer, 60_000);
    }
    for (const id of [page, 'telegram:8'] as const) {
      const { log } = (await store.conversations.load(id))!;
      const mine = log.filter((e) => e.from === 'citizen');
      expect(
        mine.map((e) => e.text),
        id,
      ).toEqual(TALK.map(([text]) => text));
      for (const m of mine)
        expect(log.filter((e) => e.from === 'bot' && e.key === m.key).length, `${id}: ${m.text}`).toBe(1);
      const cases = await store.cases.find({ follower: id });
      expect(cases, id).toHaveLength(1);
      expect(log.filter((e) => e.from === 'bot' && e.text.includes(`mã ${cases[0]!.id}`))).toHaveLength(1);
    }
  } finally {
    await store.close();
  }
}, 300_000);
