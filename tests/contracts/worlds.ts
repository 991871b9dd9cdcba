// The places where a store can be: a SQLite file, SQLite in memory, MongoDB. Each gives empty stores to the suites;
// samples are documents of the real schemas, with keys that a test can choose.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import type { Clock, Release, Store } from '../../src/app/ports.ts';
import { Case, type CaseKeys, type CaseStatus, type Contact } from '../../src/core/cases/case.ts';
import { Conversation, type Entry } from '../../src/core/dialogue/conversation.ts';
import { openMongo } from '../../src/store/mongo/index.ts';
import { openSqlite, sqlitePath } from '../../src/store/sqlite/index.ts';
import { type MongoServer, withDatabase } from './mongo-server.ts';

export const T0 = Date.UTC(2026, 0, 6, 2);

/** An empty store somewhere, which can be opened more than once where the place allows it. */
export interface Place {
  open(clock?: Clock): Promise<Store>;
  /** Closes what was opened and removes it all. */
  end(): Promise<void>;
}

export interface World {
  name: string;
  /** Several processes can hold the same store. */
  shared: boolean;
  fresh(): Promise<Place>;
}

/** A clock that a test moves by hand. */
export function handClock(at = T0): Clock & { at: number } {
  return {
    at,
    now() {
      return this.at;
    },
  };
}

function placeOf(open: (clock: Clock) => Promise<Store>, remove: () => Promise<void>): Place {
  const opened: Store[] = [];
  return {
    async open(clock = handClock()) {
      const store = await open(clock);
      opened.push(store);
      return store;
    },
    async end() {
      for (const store of opened) await store.close();
      await remove();
    },
  };
}

export const sqliteMemory: World = {
  name: 'SQLite :memory:',
  shared: false,
  fresh: async () =>
    placeOf(
      (clock) => openSqlite({ path: ':memory:', clock, keysOf }),
      async () => {},
    ),
};

export const sqliteFile: World = {
  name: 'SQLite file',
  shared: true,
  async fresh() {
    const dir = mkdtempSync(join(tmpdir(), 'motcua-store-'));
    return placeOf(
      (clock) => openSqlite({ path: sqlitePath(dir), clock, keysOf }),
      async () => rmSync(dir, { recursive: true, force: true }),
    );
  },
};

/** One database of the server for each place. */
export function mongoWorld(server: MongoServer): World {
  let count = 0;
  return {
    name: `MongoDB (${server.kind})`,
    shared: true,
    async fresh() {
      const name = new URL(server.uri).pathname.slice(1);
      const uri = withDatabase(server.uri, `${name}_${++count}`);
      // Every second place has the indexes: nothing may depend on them but speed.
      const autoIndex = count % 2 === 1;
      const drop = async () => {
        const connection = await mongoose.createConnection(uri).asPromise();
        await connection.dropDatabase();
        await connection.close();
      };
      return placeOf((clock) => openMongo({ uri, clock, keysOf, autoIndex }), drop);
    },
  };
}

export const sampleConversation = (id: string, more: Partial<Conversation> = {}): Conversation =>
  Conversation.parse({
    id,
    version: 0,
    wakeAt: null,
    schemaVersion: 1,
    locale: 'vi',
    state: {},
    next: 1,
    log: [],
    ...more,
  });

export const sampleEntry = (n: number, text: string): Entry => ({ n, at: T0 + n, from: 'citizen', text });

/** `keys` come back from the `keysOf` below. */
export function sampleCase(id: string, keys: Partial<CaseKeys> = {}, wakeAt: number | null = null): Case {
  const { due, ...flat } = keys;
  const answers = Object.fromEntries(
    Object.entries({ ...flat, ...(due != null && { due }) }).map(([key, value]) => [key, String(value)]),
  );
  const by = { kind: 'citizen', conversation: 'web:1' };
  const opened = { kind: 'opened', at: keys.openedAt ?? T0, by, key: 'k', public: true, topic: 'rac' };
  const timeline = [{ ...opened, answers, text: (keys.words ?? []).join(' '), release: 1 }];
  return Case.parse({ id, version: 0, wakeAt, schemaVersion: 1, timeline });
}

export const sampleRelease = (note: string): Omit<Release, 'n'> => ({
  at: T0,
  by: 'bien-tap',
  note,
  fingerprint: 'f'.repeat(64),
  schemaVersion: 1,
  origin: 'files',
  sources: 'sources:1',
  model: 'model:1',
  report: { '1.001193': { matrix: [[1, 2], [3]] }, $n: null },
});

export const sampleContact = (id: string): Contact => ({
  id,
  version: 0,
  wakeAt: null,
  schemaVersion: 1,
  name: 'Nguyễn Thị Hồng Ánh',
  phone: '0912 345 678',
  address: 'ngõ 12 Đội Cấn',
});

/** Reads the keys out of the first entry's answers: these suites judge stores, not folding. */
export function keysOf(c: Case): CaseKeys {
  const opened = c.timeline[0];
  if (opened?.kind !== 'opened') throw new Error('A sample case starts with its opening.');
  const { agency, status, follower, due, failed, ticket } = opened.answers;
  return {
    agency: agency ?? 'ubnd-phuong-ba-dinh',
    status: (status ?? 'waiting') as CaseStatus,
    follower: follower ?? 'web:1',
    due: due === undefined ? null : Number(due),
    openedAt: opened.at,
    words: opened.text.split(' ').filter(Boolean),
    failed: failed === 'true',
    ticket: ticket === 'true',
  };
}
