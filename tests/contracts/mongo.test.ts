// What only the MongoDB store must do: its indexes, an outage and its end, a file whose upload was cut short.
import mongoose from 'mongoose';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/app/ports.ts';
import { indexMongo, openMongo } from '../../src/store/mongo/index.ts';
import { type MongoServer, mongoServer, withDatabase } from './mongo-server.ts';
import { handClock, keysOf, sampleConversation, sampleEntry, sampleRelease, T0 } from './worlds.ts';

const server = await mongoServer();
if ('skipped' in server) {
  process.stdout.write(`SKIPPED what only MongoDB must do: ${server.skipped}\n`);
  describe.skip('MongoDB', () => test('needs a server', () => {}));
} else {
  suite(server);
  afterAll(() => server.stop());
}

function suite(server: MongoServer): void {
  let store: Store;
  beforeEach(async () => {
    store = await openMongo({ uri: server.uri, clock: handClock(), keysOf });
  });
  afterEach(() => store.close());

  async function raw<T>(use: (db: mongoose.mongo.Db) => Promise<T>): Promise<T> {
    const connection = await mongoose.createConnection(server.uri).asPromise();
    try {
      return await use(connection.db!);
    } finally {
      await connection.close();
    }
  }

  test('indexes are made by their own step only, and twice is once', async () => {
    const uri = withDatabase(server.uri, `${new URL(server.uri).pathname.slice(1)}_indexes`);
    const names = await indexMongo(uri);
    expect(names).toContain('cases.words_1');
    expect(names).toContain('conversations.wakeAt_1');
    expect(await indexMongo(uri)).toEqual(names);
    await store.conversations.save(sampleConversation('telegram:1'));
    expect(await raw((db) => db.collection('conversations').indexes())).toHaveLength(1);
  });

  test('a file cut short is not there, is found by the sweep, and can be put whole or removed', async () => {
    const bytes = Buffer.from('một tệp ảnh');
    const meta = { id: 'f', name: 'a.png', type: 'image/png', size: bytes.length, at: T0, owner: 'web:1' };
    await raw(async (db) => {
      const half = { at: T0, hash: 'of other bytes', complete: false, doc: meta };
      await db.collection<{ _id: string }>('files').insertMany([
        { ...half, _id: 'f' },
        { ...half, _id: 'g', doc: { ...meta, id: 'g' } },
      ] as never);
    });
    expect(await store.files.open('f')).toBeUndefined();
    expect((await Array.fromAsync(store.files.before(T0 + 1))).map((m) => m.id)).toEqual(['f', 'g']);
    await store.files.put(meta, bytes);
    expect(bytes.equals((await store.files.open('f'))!.bytes)).toBe(true);
    await store.files.remove('f');
    await store.files.remove('g');
    expect(await raw((db) => db.collection('chunks').countDocuments())).toBe(0);
  });

  test('a corrupt document is named by id and field, without its words', async () => {
    await store.conversations.save(sampleConversation('telegram:2', { log: [sampleEntry(1, 'lời dân')] }));
    await raw((db) =>
      db
        .collection<{ _id: string }>('conversations')
        .updateOne({ _id: 'telegram:2' }, { $set: { 'doc.log': 'lời dân' } }),
    );
    const fault = await store.conversations.load('telegram:2').catch((e: Error) => e.message);
    expect(fault).toMatch(/conversations telegram:2 .*log/);
    expect(fault).not.toContain('lời dân');
  });

  test('a pointer moved by older code, which keeps no trail, has every number before it for one', async () => {
    for (const note of ['một', 'hai', 'ba']) await store.releases.add(sampleRelease(note));
    const live = { _id: 'live-release', value: 2 };
    await raw((db) => db.collection<{ _id: string }>('settings').insertOne(live as never));
    expect(await store.releases.trail()).toEqual([1, 2]);
    expect(await store.releases.makeLive(3, 2)).toBe(true);
    expect(await store.releases.trail()).toEqual([1, 2, 3]);
  });

  test('an address without a server fails soon', async () => {
    const started = performance.now();
    const uri = 'mongodb://127.0.0.1:1/x';
    await expect(openMongo({ uri, clock: handClock(), keysOf })).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(6_000);
  });

  const { halt, resume } = server;
  if (halt && resume) {
    test('while the server is away calls fail soon; when it is back the same store goes on', async () => {
      await store.conversations.save(sampleConversation('telegram:3', { next: 7 }));
      await halt();
      const started = performance.now();
      await expect(store.ping()).rejects.toThrow();
      await expect(store.conversations.save(sampleConversation('telegram:4'))).rejects.toThrow();
      expect(performance.now() - started).toBeLessThan(10_000);
      await resume();
      await expect
        .poll(
          () =>
            store.ping().then(
              () => true,
              () => false,
            ),
          { timeout: 10_000 },
        )
        .toBe(true);
      expect((await store.conversations.load('telegram:3'))?.next).toBe(7);
      expect(await store.conversations.save(sampleConversation('telegram:4'))).toBe(true);
    }, 30_000);
  }
}
