// The store is away in mid-talk: a real server whose data file another process holds. What was not kept is refused so
// that it comes again, and nothing is lost or doubled.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keysOf } from '../../src/core/cases/index.ts';
import { openSqlite, sqlitePath } from '../../src/store/sqlite/index.ts';
import { begin, read, type Session, say } from '../http/speak.ts';
import { killAll, serve } from '../processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'motcua-away-'));
let url: string;
beforeAll(async () => {
  ({ url } = await serve({ DATA_DIR: folder }));
}, 180_000);
afterAll(() => {
  killAll();
  rmSync(folder, { recursive: true, force: true });
});

it('refuses what it cannot keep, and answers it once when it comes again', async () => {
  const statuses: number[] = [];
  /** As the page does: the same message under the same id until it is taken. */
  const deliver = async (s: Session, text: string, id: string): Promise<void> => {
    for (const until = Date.now() + 60_000; Date.now() < until; ) {
      const { status, headers } = await say(s, text, { channelData: { clientActivityID: id } });
      statuses.push(status);
      if (status === 200) return;
      await new Promise((r) => setTimeout(r, 1000 * Number(headers.get('Retry-After'))));
    }
    throw new Error(`nobody took "${text}"`);
  };
  const [an, binh] = [await begin(url), await begin(url)];
  for (const s of [an, binh]) {
    await deliver(s, 'rác chất đống đầu ngõ nhà tôi ba hôm nay không ai dọn', '1');
    await deliver(s, 'ngõ 12 phố Đội Cấn, phường Ba Đình', '2');
  }
  // An is about to file, Bình is a step before it.
  await deliver(an, 'Bỏ qua', '3');
  await read(an);
  await read(binh);
  expect(new Set(statuses)).toEqual(new Set([200]));

  const other = new DatabaseSync(sqlitePath(folder));
  other.exec('BEGIN EXCLUSIVE');
  const said = [deliver(an, 'Đúng, gửi đi', '4'), deliver(binh, 'Bỏ qua', '3')];
  let alive = 0;
  try {
    // Whoever watches over the server, and every other request, is answered while these wait.
    for (; statuses.every((x) => x === 200) && alive < 10; alive++)
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(alive, 'before the first was refused').toBe(10);
    // Until one was refused, however long the server waits for its file.
    await expect
      .poll(() => statuses.filter((x) => x !== 200).length, { timeout: 60_000, interval: 50 })
      .toBeGreaterThan(0);
  } finally {
    other.exec('ROLLBACK');
    other.close();
  }
  await Promise.all(said);
  await deliver(binh, 'Đúng, gửi đi', '4');
  expect(new Set(statuses)).toEqual(new Set([200, 503]));

  const store = await openSqlite({ path: sqlitePath(folder), clock: { now: Date.now }, keysOf });
  try {
    for (const s of [an, binh]) {
      const { activities } = await read(s);
      const mine = activities.filter((a) => a.from.role === 'user');
      expect(mine.map((a) => a.channelData.clientActivityID)).toEqual(['1', '2', '3', '4']);
      const answers = activities.filter((a) => a.from.role === 'bot');
      expect(
        answers.map((a) => a.replyToId),
        'each answered once',
      ).toEqual(mine.map((a) => a.id));
      const cases = await store.cases.find({ follower: s.conversationId as `web:${string}` });
      expect(cases).toHaveLength(1);
      expect(answers.filter((a) => a.text.includes(`mã ${cases[0]!.id}`))).toHaveLength(1);
    }
  } finally {
    await store.close();
  }
}, 180_000);
