// Two server processes on one store answer over HTTP while either is killed again and again: whatever was acknowledged
// is there, once, and answered; every report is one case. KILLS=200 for a long run; a few on every other day.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/app/ports.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import type { ConversationId } from '../../src/core/message.ts';
import { openStore } from '../../src/wire.ts';
import { mongoServer } from '../contracts/mongo-server.ts';
import { begin, type Session, say } from '../http/speak.ts';
import { killAll, serve } from '../processes.ts';

const KILLS = Number(process.env.KILLS ?? 4);
const TALK = [
  'rác chất đống đầu ngõ nhà tôi ba hôm nay không ai dọn',
  'ngõ 12 phố Kim Mã, phường Giảng Võ',
  'Bỏ qua',
  'Đúng, gửi đi',
];
/** Talks in one conversation: short of the bounds on new conversations and of the log's length. */
const TALKS = 4;
const CITIZENS = 3;

const mongo = await mongoServer();
if ('skipped' in mongo) console.warn(`kills on MongoDB: ${mongo.skipped}`);
const folder = mkdtempSync(join(tmpdir(), 'motcua-kills-'));
const places: { name: string; env: Record<string, string> }[] = [
  { name: 'SQLite', env: { DATA_DIR: folder } },
];
if (!('skipped' in mongo)) places.push({ name: 'MongoDB', env: { MONGODB_URI: mongo.uri } });

afterAll(async () => {
  killAll();
  if (!('skipped' in mongo)) await mongo.stop();
  rmSync(folder, { recursive: true, force: true });
});

const pause = (ms: number): Promise<void> => new Promise((r) => setTimeout(r, ms));

const configOf = (env: Record<string, string>): Config => {
  const config = loadConfig({ PORT: '0', ...env });
  if (!config.ok) throw new Error(config.problems[0]?.message);
  return config.value;
};
const clock = { now: Date.now };

/** Release 1 takes its time to learn: the second store gets it from the first. */
async function copyRelease(from: Store, to: Store): Promise<void> {
  const release = (await from.releases.load(1))!;
  for (const id of [release.sources, release.model]) {
    const file = (await from.files.open(id))!;
    await to.files.put(file.meta, file.bytes);
  }
  await to.releases.add(release);
  await to.releases.makeLive(1, undefined);
}

describe.each(places)('two processes on $name, killed under load', ({ name, env }) => {
  it(
    `lose nothing acknowledged and open nothing twice, over ${KILLS} kills`,
    async () => {
      if (name === 'MongoDB') {
        const [from, to] = await Promise.all([
          openStore(configOf(places[0]!.env), clock),
          openStore(configOf(env), clock),
        ]);
        await copyRelease(from, to);
        await Promise.all([from.close(), to.close()]);
      }
      // One after the other: the first makes the release.
      const servers = [await serve(env), await serve(env)];
      const any = () => servers[Math.floor(Math.random() * 2)]!;
      let over = false;
      let kills = 0;

      /** Sends until some server acknowledges; the same message under the same id. */
      async function deliver(s: Session, text: string, id: string): Promise<void> {
        for (const until = Date.now() + 60_000; Date.now() < until; await pause(100)) {
          const answer = await say({ ...s, url: any().url }, text, {
            channelData: { clientActivityID: id },
          }).catch(() => undefined);
          if (answer?.ok) return;
        }
        throw new Error(`nobody took "${text}"`);
      }
      async function beginAnywhere(): Promise<Session> {
        for (;;) {
          const s = await begin(any().url).catch(() => undefined);
          if (s?.conversationId) return s;
          await pause(300);
        }
      }
      const finished: { id: ConversationId; keys: string[]; reports: number }[] = [];
      async function citizen(who: number): Promise<void> {
        for (let round = 0; !over; round++) {
          const s = await beginAnywhere();
          const keys: string[] = [];
          for (let talk = 0; talk < TALKS; talk++)
            for (const [k, text] of TALK.entries()) {
              const id = `${who}-${round}-${talk}-${k}`;
              await deliver(s, text, id);
              keys.push(id);
              await pause(150);
            }
          finished.push({ id: s.conversationId as ConversationId, keys, reports: TALKS });
        }
      }
      const citizens = Array.from({ length: CITIZENS }, (_, who) => citizen(who));
      while (kills < KILLS) {
        await pause(300 + Math.random() * 900);
        const which = kills % 2;
        await servers[which]!.end('SIGKILL');
        kills++;
        servers[which] = await serve(env);
      }
      over = true;
      await Promise.all(citizens);
      await Promise.all(servers.map((s) => s.end('SIGKILL')));

      expect(finished.length).toBeGreaterThan(0);
      const store = await openStore(configOf(env), clock);
      try {
        for (const { id, keys, reports } of finished) {
          const found = await store.conversations.load(id);
          expect(found, id).toBeDefined();
          const { log } = found!;
          const cases = await store.cases.find({ follower: id });
          expect(cases.length, `${id}: cases`).toBe(reports);
          for (const c of cases)
            expect(log.filter((e) => e.from === 'bot' && e.text.includes(`mã ${c.id}`)).length).toBe(1);
          for (const key of keys) {
            const own = log.filter((e) => e.from === 'citizen' && e.client === key);
            expect(own.length, `${id}: "${key}" is there once`).toBe(1);
            const answers = log.filter((e) => e.from === 'bot' && e.key === own[0]!.key);
            expect(answers.length, `${id}: "${key}" is answered once`).toBe(1);
          }
        }
      } finally {
        await store.close();
      }
    },
    240_000 + KILLS * 10_000,
  );
});
