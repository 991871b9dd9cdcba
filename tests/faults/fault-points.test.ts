// A real server process kills itself between every two writes of four things people live through: a report is filed and
// an officer replies, on web chat and on Telegram. It is started again on the same store, the channel brings what it
// does not know to be taken, and everybody has been told everything: on web chat once.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { actOnCase, HOLD_MS, seatOf } from '../../src/app/act-on-case.ts';
import type { Store } from '../../src/app/ports.ts';
import { release } from '../../src/app/release.ts';
import { keysOf } from '../../src/core/cases/index.ts';
import type { ConversationId } from '../../src/core/message.ts';
import { openSqlite, sqlitePath } from '../../src/store/sqlite/index.ts';
import { tiny, tinySources } from '../app/tiny.ts';
import { type FakeTelegram, fakeTelegram } from '../channels/fake-telegram/server.ts';
import { begin, read, type Session, say } from '../http/speak.ts';
import { killAll, type Running, serve } from '../processes.ts';
import { notesOf, type Plan } from './deadly-store.ts';
import { timePasses } from './time-passes.ts';

const OPENING = 'rác chất đống đầu ngõ nhà tôi ba hôm nay';
const FILED = 'Tôi đã ghi phản ánh';
const REPLY = 'Đã dọn xong sáng nay.';
const PATIENCE_MS = 90_000;

/** Until it looks as said. Not expect.poll: the two talks run beside each other. */
async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await look()); await pause(50))
    if (Date.now() > end) throw new Error(`${what}: not within ${PATIENCE_MS} ms`);
}

const folder = mkdtempSync(join(tmpdir(), 'motcua-points-'));
afterAll(() => {
  killAll();
  rmSync(folder, { recursive: true, force: true });
});

/** A server that can be told when to die, and everything that is asked of its store beside it. */
async function house(name: string, more: Record<string, string> = {}) {
  const data = join(folder, name);
  const plan = join(folder, `${name}.plan`);
  const clock = { now: Date.now };
  const store = await openSqlite({ path: sqlitePath(data), clock, keysOf });
  const made = await release({ store, clock, say: () => {} }, tinySources(), {
    by: 'thử',
    note: 'nhỏ',
    origin: 'files',
    unmeasured: true,
  });
  expect(made.ok ? [] : made.problems).toEqual([]);
  const preload = `--import=${join(import.meta.dirname, 'deadly-store.ts')}`;
  const start = () => serve({ DATA_DIR: data, DEADLY: plan, NODE_OPTIONS: preload, ...more });
  let server: Running & { url: string };
  let plans = 0;
  const lay = (when: Plan['when'], n: number): void =>
    writeFileSync(plan, JSON.stringify({ id: ++plans, when, n } satisfies Plan));

  /** Every write of what happens, in order. `happens` resolves when nothing more is to be written. */
  async function writesOf(happens: () => Promise<unknown>): Promise<string[]> {
    lay('before', 0);
    await happens();
    rmSync(plan);
    const writes = readFileSync(notesOf(plan), 'utf8').trim().split('\n');
    rmSync(notesOf(plan));
    return writes;
  }
  /** It happens, and the server dies of it and is started again. `between` sees the store and the world as they were left. */
  async function dyingAt(
    p: Point,
    happens: () => Promise<unknown>,
    between: () => Promise<unknown>,
  ): Promise<void> {
    lay(p.when, p.n);
    const happened = happens();
    const failed = happened.then(
      () => pause(PATIENCE_MS),
      (why: unknown) => why,
    );
    const alive = await Promise.race([server.ended.then(() => undefined), failed]);
    expect(alive, `the server comes to: ${p.name}`).toBeUndefined();
    expect(existsSync(plan), `and ends of it: ${p.name}: ${server.said().slice(-1500)}`).toBe(false);
    await between();
    server = await start();
    await happened;
    rmSync(notesOf(plan), { force: true });
  }
  return {
    store,
    url: () => server.url,
    begin: async () => {
      server = await start();
    },
    writesOf,
    dyingAt,
    end: () => store.close(),
  };
}

/** Whether it stands on the case that its opener was told this step, and nothing is on its way to them. */
async function isTold(store: Store, id: ConversationId, kind: 'opened' | 'replied'): Promise<boolean> {
  const [c] = await store.cases.find({ follower: id });
  const entry = c?.timeline.findIndex((e) => e.kind === kind);
  const told = c?.timeline.some((e) => e.kind === 'told' && e.entry === entry && !e.failed);
  // And nobody looks at it again soon: what is written next is of what comes next.
  const due = !c || (c.wakeAt !== null && c.wakeAt <= Date.now());
  return told === true && !due && isSent(store, id);
}
async function isSent(store: Store, id: ConversationId): Promise<boolean> {
  const log = (await store.conversations.load(id))?.log ?? [];
  return log.every((e) => !e.delivery || e.delivery.state === 'sent');
}
/** The officer replies, a minute ago: the time in which it can be called back is over. */
async function reply(store: Store, id: ConversationId): Promise<void> {
  const { content } = tiny();
  const act = actOnCase({
    store,
    clock: { now: () => Date.now() - HOLD_MS },
    live: () => ({ content }) as never,
    hint: () => {},
  });
  const [c] = await store.cases.find({ follower: id });
  const done = await act(seatOf(content, 'ha')!, c!.id, { do: 'reply', text: REPLY }, `cli:${id}`);
  expect(done.ok).toBe(true);
}
type House = Awaited<ReturnType<typeof house>>;
type Point = Omit<Plan, 'id'> & { name: string };
/**
 * Between each pair of writes once, right after the first of them; and right before a conversation is saved as well: what
 * a channel was handed in between has left the house by then.
 */
const pointsOf = (writes: string[]): Point[] =>
  writes.flatMap((write, i) =>
    (['before', 'after'] as const)
      .filter((when) => when === 'after' || write === 'conversations.save')
      .map((when) => ({ when, n: i + 1, name: `${when} ${i + 1}. of ${writes.join(', ')}` })),
  );

/** A report and its reply on one channel, step by step. */
interface Talk {
  id: ConversationId;
  files(): Promise<unknown>;
  /** What the bot said that has these words. */
  heard(words: string): Promise<string[]>;
}

const STEPS = [
  { kind: 'opened', words: FILED },
  { kind: 'replied', words: REPLY },
] as const;

async function everyPoint(
  h: House,
  talk: () => Promise<Talk>,
  check: (t: Talk, point: string) => Promise<void>,
): Promise<void> {
  const happens = async (t: Talk, { kind, words }: (typeof STEPS)[number]): Promise<void> => {
    await (kind === 'opened' ? t.files() : reply(h.store, t.id));
    await until(words, async () => (await t.heard(words).catch(() => [])).length > 0);
  };
  /** Until all that is to come of it has come; on web chat it comes to whoever looks. */
  const settled = (t: Talk, { kind, words }: (typeof STEPS)[number]) =>
    until(`${words} noted`, async () => (await t.heard(words)) && isTold(h.store, t.id, kind));

  const first = await talk();
  const filed: Talk[] = [];
  for (const step of STEPS) {
    const writes = await h.writesOf(async () => {
      await happens(first, step);
      await settled(first, step);
    });
    for (const p of pointsOf(writes)) {
      const point = `${step.words}: ${p.name}`;
      const t = (step.kind === 'replied' && filed.pop()) || (await talk());
      if (step.kind === 'replied' && !(await isTold(h.store, t.id, 'opened'))) {
        await happens(t, STEPS[0]);
        await settled(t, STEPS[0]);
      }
      let twice = false;
      await h.dyingAt(
        p,
        () => happens(t, step),
        async () => {
          // Only what a channel took and nobody could note any more is sent a second time. On web chat the log is the
          // delivery, and there is nobody to be asked.
          const log = (await h.store.conversations.load(t.id))?.log ?? [];
          const noted = log.some((e) => e.text.includes(step.words) && e.delivery?.state === 'sent');
          twice = !noted && (await t.heard(step.words).catch(() => [])).length > 0;
          await timePasses(h.store, t.id);
        },
      );
      // A note that was lost is made up for when the minute is over.
      await timePasses(h.store, t.id);
      await settled(t, step);
      expect(await t.heard(step.words), point).toHaveLength(twice ? 2 : 1);
      expect(await h.store.cases.find({ follower: t.id }), point).toHaveLength(1);
      await check(t, point);
      if (step.kind === 'opened') filed.push(t);
    }
  }
  await h.end();
}

describe.concurrent('killed at every write, and started again', () => {
  it('on web chat nothing is lost and nothing is said twice', async () => {
    const h = await house('web');
    await h.begin();
    const here = (s: Session): Session => ({ ...s, url: h.url() });
    /** As the page does: the same message under the same id until it is taken. */
    const deliver = async (s: Session, text: string, id: string): Promise<void> => {
      for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await pause(50)) {
        const answer = await say(here(s), text, { channelData: { clientActivityID: id } }).catch(
          () => undefined,
        );
        if (answer?.ok) return;
      }
      throw new Error(`nobody took "${text}"`);
    };
    const sessions = new Map<string, Session>();
    await everyPoint(
      h,
      async () => {
        const s = await begin(h.url());
        sessions.set(s.conversationId, s);
        await deliver(s, OPENING, '1');
        await deliver(s, 'Không', '2');
        return {
          id: s.conversationId as ConversationId,
          files: () => deliver(s, 'Đúng, gửi đi', '3'),
          heard: async (words) =>
            (await read(here(s))).activities
              .filter((a) => a.from.role === 'bot' && a.text.includes(words))
              .map((a) => a.text),
        };
      },
      async ({ id }, point) => {
        const { activities } = await read(here(sessions.get(id)!));
        const mine = activities.filter((a) => a.from.role === 'user');
        expect(
          mine.map((a) => a.channelData.clientActivityID),
          point,
        ).toEqual(['1', '2', '3']);
        for (const m of mine)
          expect(
            activities.filter((a) => a.from.role === 'bot' && a.replyToId === m.id),
            `${point}: ${m.text}`,
          ).toHaveLength(1);
      },
    );
  }, 900_000);

  it('on Telegram nothing is lost, and only what was on its way is said twice', async () => {
    const tg: FakeTelegram = await fakeTelegram();
    /** The public address: Telegram goes on trying while nobody answers there. */
    const front = createServer(async (req, res) => {
      const parts: Buffer[] = [];
      for await (const part of req) parts.push(part as Buffer);
      const secret = String(req.headers['x-telegram-bot-api-secret-token']);
      const headers = { 'Content-Type': 'application/json', 'X-Telegram-Bot-Api-Secret-Token': secret };
      const answer = await fetch(h.url() + req.url, {
        method: 'POST',
        headers,
        body: Buffer.concat(parts),
      }).catch(() => undefined);
      // Refused when the next server is there, not before: Telegram's growing pauses would be most of this test.
      if (!answer)
        await until('a server', () =>
          fetch(`${h.url()}/healthz`).then(
            (a) => a.ok,
            () => false,
          ),
        );
      res.writeHead(answer?.status ?? 502).end();
    });
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    const h = await house('telegram', {
      TELEGRAM_BOT_TOKEN: tg.token,
      TELEGRAM_API_ROOT: tg.apiRoot,
      PUBLIC_URL: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    });
    try {
      await h.begin();
      let users = 0;
      await everyPoint(
        h,
        async () => {
          const user = tg.user(++users);
          user.text(OPENING);
          await user.until('gấp', PATIENCE_MS);
          user.press('Không');
          await user.until('đúng chưa', PATIENCE_MS);
          const id: ConversationId = `telegram:${users}`;
          // Until it is noted that this was sent: what is written from here on is of what comes.
          await until('noted as sent', () => isSent(h.store, id));
          return {
            id,
            files: async () => void user.press('Đúng, gửi đi'),
            heard: async (words) =>
              user
                .all()
                .filter((m) => m.text.includes(words))
                .map((m) => m.text),
          };
        },
        async ({ id }, point) => {
          const { log } = (await h.store.conversations.load(id))!;
          const mine = log.filter((e) => e.from === 'citizen');
          expect(mine, point).toHaveLength(3);
          for (const m of mine)
            expect(
              log.filter((e) => e.from === 'bot' && e.key === m.key),
              `${point}: ${m.text}`,
            ).toHaveLength(1);
        },
      );
    } finally {
      await tg.close();
      front.closeAllConnections();
      front.close();
    }
  }, 900_000);
});
