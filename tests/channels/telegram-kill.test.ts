// A real server process is killed at the two worst moments: updates taken but not answered, and an answer on its way.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killAll, type Running, serve } from '../processes.ts';
import { type FakeTelegram, fakeTelegram } from './fake-telegram/server.ts';

let tg: FakeTelegram;
let folder: string;
const servers: Running[] = [];

/** Starts the product; resolves when it says where it runs. */
async function start(): Promise<Running> {
  const started = await serve({
    DATA_DIR: folder,
    TELEGRAM_BOT_TOKEN: tg.token,
    TELEGRAM_API_ROOT: tg.apiRoot,
  });
  servers.push(started);
  return started;
}

beforeAll(async () => {
  tg = await fakeTelegram();
  folder = mkdtempSync(join(tmpdir(), 'motcua-telegram-'));
}, 60_000);
afterAll(async () => {
  killAll();
  await tg.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a server killed', () => {
  it('between taking an update and answering loses nothing and says nothing twice', async () => {
    const onTheWay = await start();
    const an = tg.user(7);
    an.text('/start');
    await an.next(20_000);

    // The answer is on its way: Telegram never gets this call.
    const binh = tg.user(8);
    tg.world.onCall = (method) => {
      if (method !== 'sendMessage') return;
      tg.world.onCall = undefined;
      tg.failNext('sendMessage', 'drop');
      void onTheWay.end('SIGKILL');
    };
    binh.text('/start');
    await onTheWay.ended;
    const taken = await start();

    // Taken, and dead before anything of it can be kept.
    tg.deliveries.onHandOver = () => {
      tg.deliveries.onHandOver = undefined;
      void taken.end('SIGKILL');
    };
    an.text('xin chào');
    an.text('con em mới sinh thì làm giấy tờ gì');
    await taken.ended;
    expect(an.all().length).toBeLessThanOrEqual(3);
    const last = await start();
    await tg.drained(20_000);
    await an.until(/khai sinh/i, 20_000);
    const after = an.all().length;

    // A half-done sending is taken up again when its minute is over.
    await binh.next(90_000);
    expect(await binh.quiet(1500)).toEqual([]);
    expect(an.all().length).toBe(after);
    expect(new Set(an.all().map((m) => m.text)).size).toBe(an.all().length);

    expect(await last.end('SIGTERM')).toBe(0);
    for (const server of servers) expect(server.said()).not.toContain(tg.token);
    expect(tg.deliveries.queue).toEqual([]);
  }, 240_000);
});
