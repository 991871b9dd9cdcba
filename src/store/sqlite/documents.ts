// Versioned documents in one SQLite table: conversations, cases, contacts. A save is one statement; nothing is
// held between calls. Must not know what a document means: its keys are handed in.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { z } from 'zod';
import type { Cases, Clock, Conversations, Documents } from '../../app/ports.ts';
import { Case, type CaseKeys, type CaseQuery } from '../../core/cases/case.ts';
import { Conversation } from '../../core/dialogue/conversation.ts';
import { checked, FIND_LIMIT, NEVER, parsedJson, storable } from '../document.ts';
import type { Patiently } from './patience.ts';

type Document = { id: string; version: number; wakeAt: number | null };
type Row = Record<string, SQLInputValue>;

const PAGE = 200;

const idsOf = (rows: Row[]): string[] => rows.map((row) => String(row.id));

/** Documents of one table. `keysOf` gives the further columns, derived in the same save. */
export function documents<T extends Document>(
  db: DatabaseSync,
  wait: Patiently,
  clock: Clock,
  table: string,
  schema: z.ZodType<T>,
  keysOf: (doc: T) => Row = () => ({}),
  keyColumns: string[] = [],
): Documents<T> & { read(row: Row): T } {
  const columns = ['version', 'wakeAt', 'savedAt', ...keyColumns, 'doc'];
  const selectOne = db.prepare(`SELECT id, doc FROM ${table} WHERE id = ?`);
  const insert = db.prepare(
    `INSERT INTO ${table} (id, ${columns.join(', ')}) VALUES ($id, ${columns.map((c) => `$${c}`).join(', ')})
     ON CONFLICT (id) DO NOTHING`,
  );
  const update = db.prepare(
    `UPDATE ${table} SET ${columns.map((c) => `${c} = $${c}`).join(', ')} WHERE id = $id AND version = $was`,
  );
  const selectDue = db.prepare(`SELECT id FROM ${table} WHERE wakeAt <= ? ORDER BY wakeAt, id LIMIT ?`);
  const remove = db.prepare(`DELETE FROM ${table} WHERE id = ?`);

  const read = (row: Row): T => {
    const id = String(row.id);
    return checked(schema, table, id, parsedJson(table, id, row.doc));
  };

  return {
    read,
    async load(id) {
      const row = await wait(() => selectOne.get(id));
      return row && read(row);
    },
    async save(given) {
      const next = storable(
        checked(schema, table, given.id, { ...given, version: given.version + 1 }),
        `${table} ${given.id}`,
      );
      const row: Row = {
        id: next.id,
        version: next.version,
        wakeAt: next.wakeAt,
        savedAt: clock.now(),
        ...keysOf(next),
        doc: JSON.stringify(next),
      };
      const done = await wait(() =>
        given.version === 0 ? insert.run(row) : update.run({ ...row, was: given.version }),
      );
      return done.changes === 1;
    },
    due: async (now, limit) => idsOf(await wait(() => selectDue.all(now, limit))),
    async remove(id) {
      await wait(() => remove.run(id));
    },
  };
}

/** Conversations, with the two lists by time of saving. */
export function conversations(db: DatabaseSync, wait: Patiently, clock: Clock): Conversations {
  const changed = db.prepare('SELECT id FROM conversations WHERE savedAt >= ? ORDER BY savedAt, id');
  const unchanged = db.prepare('SELECT id FROM conversations WHERE savedAt < ? ORDER BY savedAt, id LIMIT ?');
  return {
    ...documents(db, wait, clock, 'conversations', Conversation),
    changedSince: async (at) => idsOf(await wait(() => changed.all(at))),
    unchangedSince: async (at, limit) => idsOf(await wait(() => unchanged.all(at, limit))),
  };
}

const KEY_COLUMNS = ['agency', 'status', 'follower', 'due', 'openedAt', 'words', 'failed', 'ticket'];

/** Cases, with lists by their derived keys. */
export function cases(db: DatabaseSync, wait: Patiently, clock: Clock, keysOf: (c: Case) => CaseKeys): Cases {
  const columnsOf = (c: Case): Row => {
    const keys = storable(keysOf(c), `keys of ${c.id}`);
    return {
      agency: keys.agency,
      status: keys.status,
      follower: keys.follower,
      due: keys.due ?? NEVER,
      openedAt: keys.openedAt,
      words: JSON.stringify(keys.words),
      failed: Number(keys.failed),
      ticket: Number(keys.ticket),
    };
  };
  const base = documents(db, wait, clock, 'cases', Case, columnsOf, KEY_COLUMNS);
  const unchanged = db.prepare('SELECT id FROM cases WHERE savedAt < ? ORDER BY savedAt, id LIMIT ?');
  const page = db.prepare(`SELECT id, doc FROM cases WHERE id > ? ORDER BY id LIMIT ${PAGE}`);
  return {
    ...base,
    async find(q) {
      const { where, values } = filter(q);
      const rows = await wait(() =>
        db
          .prepare(`SELECT id, doc FROM cases ${where} ORDER BY due, openedAt, id LIMIT ?`)
          .all(...values, q.limit ?? FIND_LIMIT),
      );
      return rows.map(base.read);
    },
    unchangedSince: async (at, limit) => idsOf(await wait(() => unchanged.all(at, limit))),
    // By pages, not by an open statement: a slow reader must hold no snapshot, or the WAL grows without end.
    async *all() {
      for (let after = ''; ; ) {
        const rows = await wait(() => page.all(after));
        for (const row of rows) yield base.read(row);
        const last = rows.at(-1);
        if (rows.length < PAGE || !last) return;
        after = String(last.id);
      }
    },
  };
}

function filter(q: CaseQuery): { where: string; values: SQLInputValue[] } {
  const parts: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (sql: string, value: SQLInputValue) => {
    parts.push(sql);
    values.push(value);
  };
  if (q.agency !== undefined) add('agency = ?', q.agency);
  if (q.status) add('status IN (SELECT value FROM json_each(?))', JSON.stringify(q.status));
  if (q.follower !== undefined) add('follower = ?', q.follower);
  if (q.dueBefore !== undefined) add(`due < min(?, ${NEVER})`, q.dueBefore);
  if (q.failed !== undefined) add('failed = ?', Number(q.failed));
  if (q.ticket !== undefined) add('ticket = ?', Number(q.ticket));
  for (const word of q.words ?? []) add('id IN (SELECT id FROM case_words WHERE word = ?)', word);
  return { where: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '', values };
}
