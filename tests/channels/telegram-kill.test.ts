// A real server process is killed at the two worst moments: updates taken but not answered, and an answer on its way.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeTelegram, fakeTelegram } from './fake-telegram/server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let tg: FakeTelegram;
let folder: string;
let child: ChildProcess | undefined;
let output = '';

/** Starts the product; resolves when it says where it runs. */
async function start(): Promise<ChildProcess> {
  const started = spawn(process.execPath, ['src/main.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      DATA_DIR: folder,
      TELEGRAM_BOT_TOKEN: tg.token,
      TELEGRAM_API_ROOT: tg.apiRoot,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      if (chunk.toString().includes('Một Cửa đang chạy')) resolve();
    };
    started.stdout.on('data', hear);
    started.stderr.on('data', hear);
    started.once('exit', (code) => reject(new Error(`ended with ${code}: ${output.slice(-2000)}`)));
  });
  return started;
}

const ended = (c: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (c.exitCode !== null || c.signalCode !== null) resolve(c.exitCode);
    else c.once('exit', resolve);
  });

beforeAll(async () => {
  tg = await fakeTelegram();
  folder = mkdtempSync(join(tmpdir(), 'motcua-telegram-'));
  await start();
}, 180_000);
afterAll(async () => {
  if (child) {
    child.kill('SIGKILL');
    await ended(child);
  }
  await tg.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a server killed', () => {
  it('between taking an update and answering loses nothing and says nothing twice', async () => {
    const an = tg.user(7);
    an.text('/start');
    await an.next(20_000);

    // The answer is on its way: Telegram never gets this call.
    const binh = tg.user(8);
    const onTheWay = child!;
    tg.world.onCall = (method) => {
      if (method !== 'sendMessage') return;
      tg.world.onCall = undefined;
      tg.failNext('sendMessage', 'drop');
      onTheWay.kill('SIGKILL');
    };
    binh.text('/start');
    await ended(onTheWay);
    await start();

    // Taken, and dead before anything of it can be kept.
    const taken = child!;
    tg.deliveries.onHandOver = () => {
      tg.deliveries.onHandOver = undefined;
      taken.kill('SIGKILL');
    };
    an.text('xin chào');
    an.text('con em mới sinh thì làm giấy tờ gì');
    await ended(taken);
    expect(an.all().length).toBeLessThanOrEqual(3);
    await start();
    await tg.drained(20_000);
    await an.until(/khai sinh/i, 20_000);
    const after = an.all().length;

    // A half-done sending is taken up again when its minute is over.
    await binh.next(90_000);
    expect(await binh.quiet(1500)).toEqual([]);
    expect(an.all().length).toBe(after);
    expect(new Set(an.all().map((m) => m.text)).size).toBe(an.all().length);
    expect(output).not.toContain(tg.token);

    const last = child!;
    last.kill('SIGTERM');
    expect(await ended(last)).toBe(0);
    child = undefined;
    expect(tg.deliveries.queue).toEqual([]);
  }, 240_000);
});
