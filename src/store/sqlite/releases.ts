// Releases, the live pointer and the files they and the citizens put, in SQLite. Must not know what is in them.
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { FileMeta, Files, Release, Releases } from '../../app/ports.ts';
import {
  checked,
  checkedFile,
  parsedJson,
  StoredFileMeta,
  StoredRelease,
  trailOf,
  trailTo,
} from '../document.ts';
import type { Patiently } from './patience.ts';

const PAGE = 200;

/** Numbered by the table itself: the next number and its row are one statement. */
export function releases(db: DatabaseSync, wait: Patiently): Releases {
  const insert = db.prepare(
    `INSERT INTO releases (n, doc) SELECT coalesce(max(n), 0) + 1, ? FROM releases RETURNING n`,
  );
  const one = db.prepare('SELECT n, doc FROM releases WHERE n = ?');
  const newest = db.prepare('SELECT n, doc FROM releases ORDER BY n DESC LIMIT ?');
  const live = db.prepare('SELECT n, trail FROM live');
  const first = db.prepare('INSERT INTO live (one, n, trail) VALUES (1, ?, ?) ON CONFLICT (one) DO NOTHING');
  const move = db.prepare('UPDATE live SET n = ?, trail = ? WHERE n = ? AND trail = ?');

  const read = (row: Record<string, unknown>): Release => {
    const n = Number(row.n);
    const doc = parsedJson('releases', n, row.doc);
    return checked(StoredRelease, 'releases', n, { ...(doc as object), n });
  };
  const trailAt = (row: Record<string, unknown> | undefined): number[] =>
    row
      ? trailOf(checked(z.array(z.number()), 'live', 1, parsedJson('live', 1, row.trail)), Number(row.n))
      : [];

  return {
    async add(r) {
      checked(StoredRelease, 'releases', 'new', { ...r, n: 1 });
      const doc = JSON.stringify(r);
      const row = await wait(() => insert.get(doc));
      return read({ n: Number(row?.n), doc });
    },
    async load(n) {
      const row = await wait(() => one.get(n));
      return row && read(row);
    },
    list: async (limit) => (await wait(() => newest.all(limit))).map(read),
    async live() {
      const row = await wait(() => live.get());
      return row && Number(row.n);
    },
    trail: async () => trailAt(await wait(() => live.get())),
    makeLive: (n, instead) =>
      wait(() => {
        if (!one.get(n)) throw new Error(`There is no release ${n} to make live.`);
        if (instead === undefined) return first.run(n, JSON.stringify([n])).changes === 1;
        const before = live.get();
        const trail = JSON.stringify(trailTo(trailAt(before), n));
        return move.run(n, trail, instead, String(before?.trail)).changes === 1;
      }),
  };
}

/** Blobs with their description; the blob is the last column, so that lists never read it. */
export function files(db: DatabaseSync, wait: Patiently): Files {
  const insert = db.prepare(
    `INSERT INTO files (id, at, doc, bytes) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET at = excluded.at, doc = json_set(doc, '$.at', excluded.at)
       WHERE at < excluded.at`,
  );
  const one = db.prepare('SELECT id, doc, bytes FROM files WHERE id = ?');
  const page = db.prepare(
    `SELECT id, at, doc FROM files WHERE at < ? AND (at, id) > (?, ?) ORDER BY at, id LIMIT ${PAGE}`,
  );
  const remove = db.prepare('DELETE FROM files WHERE id = ?');

  const read = (row: Record<string, unknown>): FileMeta => {
    const id = String(row.id);
    return checked(StoredFileMeta, 'files', id, parsedJson('files', id, row.doc));
  };

  return {
    async put(given, bytes) {
      const meta = checkedFile(given, bytes);
      await wait(() => insert.run(meta.id, meta.at, JSON.stringify(meta), bytes));
    },
    async open(id) {
      const row = await wait(() => one.get(id));
      return row && { meta: read(row), bytes: row.bytes as Uint8Array };
    },
    async remove(id) {
      await wait(() => remove.run(id));
    },
    async *before(at, from) {
      for (let after: [number, string] = from ? [from.at, from.id] : [Number.MIN_SAFE_INTEGER, '']; ; ) {
        const rows = await wait(() => page.all(at, ...after));
        for (const row of rows) yield read(row);
        const last = rows.at(-1);
        if (rows.length < PAGE || !last) return;
        after = [Number(last.at), String(last.id)];
      }
    },
  };
}
