// What every store must do, whatever stands behind it: one suite for the SQLite file, SQLite in memory and MongoDB.
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileMeta, Store } from '../../src/app/ports.ts';
import type { Case, CaseQuery } from '../../src/core/cases/case.ts';
import { mongoServer } from './mongo-server.ts';
import * as worlds from './worlds.ts';
import {
  handClock,
  type Place,
  sampleCase,
  sampleContact,
  sampleConversation,
  sampleEntry,
  sampleRelease,
  T0,
  type World,
} from './worlds.ts';

const server = await mongoServer();
if ('skipped' in server) {
  process.stdout.write(`SKIPPED the store contract on MongoDB: ${server.skipped}\n`);
  describe.skip('store contract: MongoDB', () => test('needs a server', () => {}));
} else {
  contract(worlds.mongoWorld(server));
  afterAll(() => server.stop());
}
contract(worlds.sqliteFile);
contract(worlds.sqliteMemory);

function contract(world: World): void {
  describe(`store contract: ${world.name}`, { timeout: 60_000 }, () => {
    const clock = handClock();
    let place: Place;
    let store: Store;
    beforeEach(async () => {
      clock.at = T0;
      place = await world.fresh();
      store = await place.open(clock);
    });
    afterEach(() => place.end());

    describe('documents', () => {
      test('come back as they were saved, one version on', async () => {
        const given = sampleConversation('telegram:1', {
          wakeAt: T0,
          state: {
            paused: [],
            queued: ['còn hộ khẩu thì sao'],
            strikes: 1,
            greeted: true,
            topic: { intent: 'dang-ky-khai-sinh', answers: {} },
            flow: {
              intent: 'rac',
              answers: { 'noi-sinh': 'benh-vien', 'hỏi-1': '' },
              said: {},
              files: [],
              startedAt: T0,
              key: 'k',
            },
          },
          next: 3,
          log: [sampleEntry(1, 'Chào'), { ...sampleEntry(2, ''), delivery: { state: 'sent', tries: 1 } }],
        });
        expect(await store.conversations.save(given)).toBe(true);
        expect(await store.conversations.load('telegram:1')).toStrictEqual({ ...given, version: 1 });
        const contact = sampleContact('H78-HR7-K53');
        expect(await store.contacts.save(contact)).toBe(true);
        expect(await store.contacts.load('H78-HR7-K53')).toStrictEqual({ ...contact, version: 1 });
      });

      test('that are absent, removed or have an impossible id are undefined', async () => {
        for (const id of [
          'telegram:1',
          '',
          'a\0b',
          'a\ud800',
          "'; DROP TABLE cases",
          '$ne',
          'ạ'.repeat(5000),
        ]) {
          expect(await store.conversations.load(id)).toBeUndefined();
          await store.conversations.remove(id);
        }
        await store.conversations.save(sampleConversation('telegram:1'));
        await store.conversations.remove('telegram:1');
        expect(await store.conversations.load('telegram:1')).toBeUndefined();
        expect(await store.conversations.due(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
      });

      test('are saved only over the version they were loaded at', async () => {
        const first = sampleConversation('telegram:1', { log: [sampleEntry(1, 'một')] });
        expect(await store.conversations.save({ ...first, version: 1 })).toBe(false);
        expect(await store.conversations.load('telegram:1')).toBeUndefined();
        expect(await store.conversations.save(first)).toBe(true);
        expect(await store.conversations.save({ ...first, log: [] })).toBe(false);
        expect(await store.conversations.save({ ...first, log: [], version: 2 })).toBe(false);
        expect((await store.conversations.load('telegram:1'))?.log).toEqual(first.log);
        expect(await store.conversations.save({ ...first, log: [], version: 1 })).toBe(true);
        expect(await store.conversations.load('telegram:1')).toMatchObject({ version: 2, log: [] });
      });

      test('removed and begun again start at version 0', async () => {
        const doc = sampleConversation('telegram:1');
        await store.conversations.save(doc);
        await store.conversations.remove('telegram:1');
        expect(await store.conversations.save({ ...doc, version: 1 })).toBe(false);
        expect(await store.conversations.save(doc)).toBe(true);
      });

      test('of many first savers, one wins', async () => {
        const stores = [store, world.shared ? await place.open(clock) : store];
        const saved = await Promise.all(
          Array.from({ length: 20 }, (_, i) =>
            stores[i % 2]!.cases.save(sampleCase('H78-HR7-K53', { words: [`saver${i}`] })),
          ),
        );
        expect(saved.filter(Boolean)).toHaveLength(1);
        const [found, ...more] = await store.cases.find({});
        expect(more).toEqual([]);
        expect(await store.cases.find({ words: [`saver${saved.indexOf(true)}`] })).toEqual([found]);
      });

      test('lose no increment of 200 made at once', async () => {
        const stores = [store, world.shared ? await place.open(clock) : store];
        await store.conversations.save(sampleConversation('telegram:1'));
        const increment = async (by: Store): Promise<void> => {
          for (;;) {
            const doc = await by.conversations.load('telegram:1');
            if (!doc) throw new Error('gone');
            if (await by.conversations.save({ ...doc, next: doc.next + 1 })) return;
          }
        };
        // Eight citizens' worth at a time: more would only wait for each other.
        const lanes = Array.from({ length: 8 }, async (_, lane) => {
          for (let i = 0; i < 25; i++) await increment(stores[lane % 2]!);
        });
        await Promise.all(lanes);
        expect(await store.conversations.load('telegram:1')).toMatchObject({ next: 201, version: 201 });
      });

      test('fall due in order, up to the limit, and no longer once they have no wakeAt', async () => {
        const wakes: [string, number | null][] = [
          ['telegram:4', T0 + 4],
          ['telegram:2', T0 - 2],
          ['telegram:1', T0 - 20],
          ['telegram:9', null],
          ['telegram:3', T0],
          ['telegram:0', T0 - 2],
        ];
        for (const [id, wakeAt] of wakes) await store.conversations.save(sampleConversation(id, { wakeAt }));
        const order = ['telegram:1', 'telegram:0', 'telegram:2', 'telegram:3'];
        expect(await store.conversations.due(T0, 10)).toEqual(order);
        expect(await store.conversations.due(T0, 2)).toEqual(order.slice(0, 2));
        await store.conversations.save(sampleConversation('telegram:1', { version: 1 }));
        expect(await store.conversations.due(T0, 10)).toEqual(order.slice(1));
        await store.cases.save(sampleCase('H78-HR7-K53', {}, T0));
        expect(await store.cases.due(T0, 10)).toEqual(['H78-HR7-K53']);
        expect(await store.cases.due(T0 - 1, 10)).toEqual([]);
      });

      test('are listed by when they were saved', async () => {
        for (const id of ['telegram:1', 'telegram:2', 'telegram:3']) {
          await store.conversations.save(sampleConversation(id));
          clock.at += 1_000;
        }
        await store.conversations.save(sampleConversation('telegram:1', { version: 1 }));
        expect(await store.conversations.changedSince(T0 + 1_000)).toEqual([
          'telegram:2',
          'telegram:3',
          'telegram:1',
        ]);
        expect(await store.conversations.changedSince(T0 + 3_000)).toEqual(['telegram:1']);
        expect(await store.conversations.changedSince(T0 + 3_001)).toEqual([]);
        expect(await store.conversations.unchangedSince(T0 + 3_000, 10)).toEqual([
          'telegram:2',
          'telegram:3',
        ]);
        expect(await store.conversations.unchangedSince(T0 + 3_000, 1)).toEqual(['telegram:2']);
      });

      test('of cases: those not saved since a time, oldest first', async () => {
        for (const id of ['222-222-222', '111-111-111', '333-333-333']) {
          await store.cases.save(sampleCase(id));
          clock.at += 1_000;
        }
        await store.cases.save((await store.cases.load('222-222-222'))!);
        expect(await store.cases.unchangedSince(T0 + 3_000, 10)).toEqual(['111-111-111', '333-333-333']);
        expect(await store.cases.unchangedSince(T0 + 3_000, 1)).toEqual(['111-111-111']);
        expect(await store.cases.unchangedSince(T0, 10)).toEqual([]);
      });

      test('keep odd text; NUL and lone surrogates become U+FFFD', async () => {
        const texts = [
          'Đường Trần Duy Hưng ngập 😀 👨‍👩‍👧 e\u0301',
          '\u202Eđảo\u2066 \u{E0041}\u200B\uFEFF',
          `a${'\u0301'.repeat(10_000)}`,
          '<b>&amp;"\'\\ \u2028 \x07 $where: {"$gt": ""}',
          'trước\0sau',
          'lẻ \ud83d giữa \ude00',
          '\r\n\t ',
        ];
        await store.conversations.save(
          sampleConversation('telegram:1', { log: texts.map((text, i) => sampleEntry(i + 1, text)) }),
        );
        const kept = (await store.conversations.load('telegram:1'))?.log.map((entry) => entry.text);
        expect(kept).toEqual([
          ...texts.slice(0, 4),
          'trước\uFFFDsau',
          'lẻ \uFFFD giữa \uFFFD',
          ...texts.slice(6),
        ]);
      });

      test('may be big', async () => {
        const log = Array.from({ length: 100 }, (_, i) => sampleEntry(i + 1, `ngập ${i} `.repeat(6_000)));
        const doc = sampleConversation('telegram:1', { log, next: 101 });
        expect(await store.conversations.save(doc)).toBe(true);
        expect(await store.conversations.load('telegram:1')).toStrictEqual({ ...doc, version: 1 });
      });

      test('that do not fit the schema, or have impossible keys, are refused and named', async () => {
        const bad = { ...sampleConversation('telegram:1'), locale: 'fr' } as never;
        await expect(store.conversations.save(bad)).rejects.toThrow(/conversations telegram:1 .*locale/);
        for (const key of ['1.001193', '$set', 'a\0', '']) {
          const topic = { intent: 'x', answers: { [key]: 'co' } };
          const doc = sampleConversation('telegram:1', {
            state: { topic, paused: [], queued: [], strikes: 0, greeted: false },
          });
          await expect(store.conversations.save(doc)).rejects.toThrow(/telegram:1.*answers/);
        }
        expect(await store.conversations.load('telegram:1')).toBeUndefined();
      });
    });

    describe('cases', () => {
      const saved = (): Case[] => [
        sampleCase('000-000-000', { due: T0 + 2, openedAt: T0, words: ['rac', 'doi', 'can'] }),
        sampleCase('111-111-111', { openedAt: T0 - 9, words: ['rac'], status: 'taken' }),
        sampleCase('222-222-222', { due: T0 + 1, openedAt: T0, agency: 'so-xay-dung', ticket: true }),
        sampleCase('333-333-333', { due: T0 + 2, openedAt: T0 - 1, status: 'asked', failed: true }),
        sampleCase('444-444-444', {
          openedAt: T0 - 10,
          follower: 'telegram:7',
          words: ["';--", '"', '$x', 'a.b'],
        }),
      ];
      const found = async (q: CaseQuery) => (await store.cases.find(q)).map((c) => c.id[0]).join('');
      beforeEach(async () => {
        for (const c of saved()) await store.cases.save(c);
      });

      test('are found by due date, those without last, then by opening', async () => {
        expect(await found({})).toBe('23041');
        expect(await found({ limit: 2 })).toBe('23');
      });

      test('are found by each key and by several', async () => {
        expect(await found({ agency: 'so-xay-dung' })).toBe('2');
        expect(await found({ agency: 'ubnd-phuong-ba-dinh' })).toBe('3041');
        expect(await found({ status: ['taken', 'asked'] })).toBe('31');
        expect(await found({ status: [] })).toBe('');
        expect(await found({ follower: 'telegram:7' })).toBe('4');
        expect(await found({ dueBefore: T0 + 2 })).toBe('2');
        expect(await found({ dueBefore: Number.MAX_SAFE_INTEGER })).toBe('230');
        expect(await found({ failed: true })).toBe('3');
        expect(await found({ ticket: true })).toBe('2');
        expect(await found({ ticket: false, failed: false, status: ['waiting'] })).toBe('04');
        expect(await found({ agency: 'khong-co' })).toBe('');
      });

      test('are found by all of the words, whatever is in a word', async () => {
        expect(await found({ words: ['rac'] })).toBe('01');
        expect(await found({ words: ['can', 'rac'] })).toBe('0');
        expect(await found({ words: ['rac', 'khong'] })).toBe('');
        expect(await found({ words: ['ra'] })).toBe('');
        expect(await found({ words: [] })).toBe('23041');
        for (const word of ["';--", '"', '$x', 'a.b']) expect(await found({ words: [word] })).toBe('4');
      });

      test('change their keys in the same save, and are found no longer once removed', async () => {
        await store.cases.save({
          ...sampleCase('000-000-000', { words: ['ngap'], status: 'resolved' }),
          version: 1,
        });
        expect(await found({ words: ['rac'] })).toBe('1');
        expect(await found({ words: ['ngap'] })).toBe('0');
        expect(await found({ status: ['resolved'] })).toBe('0');
        await store.cases.remove('000-000-000');
        expect(await found({ words: ['ngap'] })).toBe('');
        expect(await store.cases.save({ ...sampleCase('111-111-111', { words: ['x'] }), version: 9 })).toBe(
          false,
        );
        expect(await found({ words: ['x'] })).toBe('');
      });

      test('stream whole, each once, while others are saved', async () => {
        for (let i = 0; i < 450; i++)
          await store.cases.save(sampleCase(`A00-000-${String(i).padStart(3, '0')}`));
        const seen: string[] = [];
        for await (const c of store.cases.all()) {
          seen.push(c.id);
          if (seen.length === 3) await store.cases.save({ ...c, version: 1 });
        }
        expect(seen).toHaveLength(455);
        expect(new Set(seen).size).toBe(455);
      });
    });

    describe('releases', () => {
      test('are numbered 1, 2, 3 … without a gap, also by many at once', async () => {
        expect(await store.releases.list(5)).toEqual([]);
        const stores = [store, world.shared ? await place.open(clock) : store];
        const added = await Promise.all(
          Array.from({ length: 12 }, (_, i) => stores[i % 2]!.releases.add(sampleRelease(`bản ${i}`))),
        );
        expect(added.map((r) => r.n).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        for (const r of added) expect(await store.releases.load(r.n)).toStrictEqual(r);
        expect((await store.releases.list(3)).map((r) => r.n)).toEqual([12, 11, 10]);
        expect(await store.releases.load(13)).toBeUndefined();
      });

      test('go live only in the place of the one that was expected', async () => {
        const { live, makeLive } = store.releases;
        for (const note of ['một', 'hai', 'ba']) await store.releases.add(sampleRelease(note));
        expect(await live()).toBeUndefined();
        expect(await makeLive(2, 1)).toBe(false);
        expect(await makeLive(1, undefined)).toBe(true);
        expect(await makeLive(2, undefined)).toBe(false);
        const moves = await Promise.all([makeLive(2, 1), makeLive(3, 1), makeLive(2, 1)]);
        expect(moves.filter(Boolean)).toHaveLength(1);
        const now = moves[1] ? 3 : 2;
        expect(await live()).toBe(now);
        expect(await makeLive(1, now)).toBe(true);
        expect(await live()).toBe(1);
        await expect(makeLive(9, 1)).rejects.toThrow('9');
      });

      test('leave a trail of what was live before; going back to one of it ends it there', async () => {
        const { trail, makeLive } = store.releases;
        for (const note of ['một', 'hai', 'ba']) await store.releases.add(sampleRelease(note));
        expect(await trail()).toEqual([]);
        expect(await makeLive(1, undefined)).toBe(true);
        expect(await makeLive(2, 1)).toBe(true);
        expect(await trail()).toEqual([1, 2]);
        expect(await makeLive(1, 2)).toBe(true);
        expect(await makeLive(3, 1)).toBe(true);
        expect(await trail(), '2 was taken back').toEqual([1, 3]);
        expect(await makeLive(2, 1), 'live is 3').toBe(false);
        expect(await trail()).toEqual([1, 3]);
        expect(await store.releases.live()).toBe(3);
      });

      test('leave a trail no longer than anybody goes back', async () => {
        const { trail, makeLive, add } = store.releases;
        for (let n = 1; n <= 120; n++) {
          await add(sampleRelease(`${n}`));
          expect(await makeLive(n, n > 1 ? n - 1 : undefined)).toBe(true);
        }
        expect(await trail()).toEqual(Array.from({ length: 100 }, (_, i) => i + 21));
      });
    });

    describe('files', () => {
      const metaOf = (id: string, bytes: Uint8Array, at = T0): FileMeta => {
        return { id, name: 'ảnh.jpg', type: 'image/jpeg', size: bytes.length, at, owner: 'web:1' };
      };

      test.each([0, 1, 1 << 20, 5_000_000, 20_000_000])(
        'of %d bytes come back as they were put',
        async (size) => {
          const bytes = randomBytes(size);
          const meta = metaOf('model:1', bytes);
          await store.files.put(meta, bytes);
          const opened = await store.files.open('model:1');
          expect(opened?.meta).toStrictEqual(meta);
          expect(Buffer.compare(opened!.bytes, bytes)).toBe(0);
        },
      );

      test('put twice stay as they were, also when put at once', async () => {
        const bytes = [randomBytes(3_000_000), randomBytes(3_000_000)];
        await Promise.all(bytes.map((b) => store.files.put(metaOf('f', b), b)));
        const opened = await store.files.open('f');
        expect(bytes.filter((b) => b.equals(opened!.bytes))).toHaveLength(1);
        await store.files.put(metaOf('f', Buffer.of(1)), Buffer.of(1));
        expect(Buffer.compare((await store.files.open('f'))!.bytes, opened!.bytes)).toBe(0);
      });

      test('put again are as young as if they were new, so that the sweep leaves them their day', async () => {
        const bytes = Buffer.of(1, 2);
        await store.files.put(metaOf('f', bytes, T0), bytes);
        await store.files.put({ ...metaOf('f', bytes, T0 + 5), name: 'khác.jpg' }, bytes);
        expect(await Array.fromAsync(store.files.before(T0 + 5))).toEqual([]);
        await store.files.put(metaOf('f', bytes, T0 + 1), bytes);
        const [meta] = await Array.fromAsync(store.files.before(T0 + 6));
        expect(meta).toEqual(metaOf('f', bytes, T0 + 5));
        expect((await store.files.open('f'))?.meta).toEqual(meta);
      });

      test('are gone when removed, and can be put anew', async () => {
        await store.files.put(metaOf('f', Buffer.of(1, 2)), Buffer.of(1, 2));
        await store.files.remove('f');
        await store.files.remove('f');
        expect(await store.files.open('f')).toBeUndefined();
        await store.files.put(metaOf('f', Buffer.of(3)), Buffer.of(3));
        expect([...(await store.files.open('f'))!.bytes]).toEqual([3]);
      });

      test('are listed by age for the sweep, which may remove as it goes', async () => {
        for (let i = 0; i < 215; i++) {
          await store.files.put(metaOf(`f${i}`, Buffer.of(i), T0 + (i % 3)), Buffer.of(i));
        }
        await store.files.put(metaOf('new', Buffer.of(1), T0 + 3), Buffer.of(1));
        const seen: string[] = [];
        for await (const meta of store.files.before(T0 + 3)) {
          seen.push(meta.id);
          if (seen.length < 10) await store.files.remove(meta.id);
        }
        expect(new Set(seen).size).toBe(215);
        expect(seen).toHaveLength(215);
        expect(await Array.fromAsync(store.files.before(T0 + 3))).toHaveLength(206);
        expect(await Array.fromAsync(store.files.before(T0 + 4))).toHaveLength(207);
        const all = await Array.fromAsync(store.files.before(T0 + 4));
        for (const n of [0, 3, 204, 206]) {
          const rest = await Array.fromAsync(store.files.before(T0 + 4, all[n]));
          expect(rest.map((m) => m.id)).toEqual(all.slice(n + 1).map((m) => m.id));
        }
      });

      test('with a wrong size or an impossible id are refused', async () => {
        await expect(store.files.put(metaOf('f', Buffer.of(1)), Buffer.of(1, 2))).rejects.toThrow('f');
        await expect(store.files.put(metaOf('a\0', Buffer.of(1)), Buffer.of(1))).rejects.toThrow();
        expect(await store.files.open('a\0')).toBeUndefined();
      });
    });

    test('a secret is made once, the same for all who ask, another for another name', async () => {
      const stores = [store, world.shared ? await place.open(clock) : store];
      const asked = await Promise.all(Array.from({ length: 10 }, (_, i) => stores[i % 2]!.secret('codes')));
      expect(new Set(asked).size).toBe(1);
      expect(asked[0]).toMatch(/^[0-9a-f]{64}$/);
      expect(await store.secret('tokens')).not.toBe(asked[0]);
    });

    test('ping answers while open and throws once closed; closing twice is harmless', async () => {
      await store.ping();
      await store.close();
      await expect(store.ping()).rejects.toThrow();
      await store.close();
    });

    if (world.shared) {
      test('what one has saved, the next to open finds', async () => {
        await store.conversations.save(
          sampleConversation('telegram:1', { log: [sampleEntry(1, 'còn đây')] }),
        );
        const secret = await store.secret('codes');
        await store.close();
        const again = await place.open(clock);
        expect((await again.conversations.load('telegram:1'))?.log[0]?.text).toBe('còn đây');
        expect(await again.secret('codes')).toBe(secret);
      });
    }
  });
}
