// Front door of the embedded store: one SQLite file, or ':memory:' for rehearsals. Hides every statement; must
// not know what a conversation or a case means.
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock, Store } from '../../app/ports.ts';
import { type Case, type CaseKeys, Contact } from '../../core/cases/case.ts';
import { cases, conversations, documents } from './documents.ts';
import { patiently } from './patience.ts';
import { files, releases } from './releases.ts';
import { migrate } from './schema.ts';

export { backupSqlite, restoreSqlite } from './backup.ts';

/** How long opening and closing wait for another process at the same file, in ms: nobody is served meanwhile. */
const ALONE_MS = 5_000;

/** Where the data file stands in a data folder. */
export const sqlitePath = (dataDir: string): string => join(dataDir, 'motcua.sqlite');

/**
 * Opens (and makes, and brings to the newest shape) the store in the file `path`. Several processes may hold
 * the same file. A save is on the disk when it resolves. Throws when the file cannot be used.
 */
export async function openSqlite(opts: {
  path: string;
  clock: Clock;
  keysOf: (c: Case) => CaseKeys;
}): Promise<Store> {
  const db =
    opts.path === ':memory:' ? new DatabaseSync(':memory:') : named(opts.path, () => openFile(opts.path));
  try {
    named(opts.path, () => migrate(db));
    // From here on a locked file is waited for between statements.
    db.exec('PRAGMA busy_timeout = 0');
  } catch (fault) {
    db.close();
    throw fault;
  }
  const keepSecret = db.prepare('INSERT OR IGNORE INTO secrets (name, hex) VALUES (?, ?)');
  const readSecret = db.prepare('SELECT hex FROM secrets WHERE name = ?');
  const one = db.prepare('SELECT count(*) FROM live');
  const wait = patiently();

  return {
    conversations: conversations(db, wait, opts.clock),
    cases: cases(db, wait, opts.clock, opts.keysOf),
    contacts: documents(db, wait, opts.clock, 'contacts', Contact),
    releases: releases(db, wait),
    files: files(db, wait),
    secret: (name) =>
      wait(() => {
        const known = readSecret.get(name);
        if (known) return String(known.hex);
        keepSecret.run(name, randomBytes(32).toString('hex'));
        return String(readSecret.get(name)?.hex);
      }),
    ping: () => wait(() => void one.get()),
    async close() {
      if (!db.isOpen) return;
      // Leaves one whole file behind when nobody else has it open; otherwise the last one out does it.
      db.exec(`PRAGMA busy_timeout = ${ALONE_MS}; PRAGMA wal_checkpoint(TRUNCATE)`);
      db.close();
    },
  };
}

/** What goes wrong with the file itself is said with its name and what to do. */
function named<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `tệp dữ liệu ${path} không dùng được (${why}). Kiểm tra quyền ghi và dung lượng đĩa; nếu tệp hỏng, khôi phục bản sao lưu bằng npm run restore.`,
      { cause },
    );
  }
}

function openFile(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  // What citizens wrote is for the server's user only; SQLite gives -wal and -shm the same mode.
  closeSync(openSync(path, 'a', 0o600));
  const db = new DatabaseSync(path, { timeout: ALONE_MS });
  try {
    useWal(db);
    // FULL: a commit is synced before it is acknowledged. Deleted text is overwritten: "xóa" must mean it.
    db.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;');
    return db;
  } catch (fault) {
    db.close();
    throw fault;
  }
}

/** Turning WAL on needs the file alone for a moment and does not wait by itself when another is at it too. */
function useWal(db: DatabaseSync): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 1; ; tries++) {
    try {
      db.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (fault) {
      if (tries === 100 || !/locked|busy/.test(String(fault))) throw fault;
      Atomics.wait(pause, 0, 0, 20);
    }
  }
}
