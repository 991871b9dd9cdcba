// The tables of the SQLite store and how an older file becomes a newer one. Must not know what documents mean.
import type { DatabaseSync } from 'node:sqlite';

/** 'MCua': tells our files from any other SQLite file before a restore. */
export const APPLICATION_ID = 0x4d43_7561;

const document = `
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  wakeAt INTEGER,
  savedAt INTEGER NOT NULL`;

/** Step i brings a file from user_version i to i + 1. Append only: files of every age are out there. */
const MIGRATIONS = [
  `
  CREATE TABLE conversations (${document}, doc TEXT NOT NULL) STRICT;
  CREATE INDEX conversations_wake ON conversations (wakeAt) WHERE wakeAt IS NOT NULL;
  CREATE INDEX conversations_saved ON conversations (savedAt);

  CREATE TABLE cases (${document},
    agency TEXT NOT NULL,
    status TEXT NOT NULL,
    follower TEXT NOT NULL,
    due INTEGER NOT NULL,
    openedAt INTEGER NOT NULL,
    words TEXT NOT NULL,
    failed INTEGER NOT NULL,
    ticket INTEGER NOT NULL,
    doc TEXT NOT NULL) STRICT;
  CREATE INDEX cases_wake ON cases (wakeAt) WHERE wakeAt IS NOT NULL;
  CREATE INDEX cases_agency ON cases (agency, due, openedAt);
  CREATE INDEX cases_due ON cases (due, openedAt);
  CREATE INDEX cases_follower ON cases (follower);

  -- Kept by triggers, so that saving a case with its words is one statement.
  CREATE TABLE case_words (word TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (word, id)) STRICT, WITHOUT ROWID;
  CREATE INDEX case_words_id ON case_words (id);
  CREATE TRIGGER cases_insert AFTER INSERT ON cases BEGIN
    INSERT OR IGNORE INTO case_words SELECT value, NEW.id FROM json_each(NEW.words);
  END;
  CREATE TRIGGER cases_update AFTER UPDATE OF words ON cases WHEN NEW.words <> OLD.words BEGIN
    DELETE FROM case_words WHERE id = OLD.id;
    INSERT OR IGNORE INTO case_words SELECT value, NEW.id FROM json_each(NEW.words);
  END;
  CREATE TRIGGER cases_delete AFTER DELETE ON cases BEGIN
    DELETE FROM case_words WHERE id = OLD.id;
  END;

  CREATE TABLE contacts (${document}, doc TEXT NOT NULL) STRICT;
  CREATE INDEX contacts_wake ON contacts (wakeAt) WHERE wakeAt IS NOT NULL;

  CREATE TABLE releases (n INTEGER PRIMARY KEY, doc TEXT NOT NULL) STRICT;
  CREATE TABLE live (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL REFERENCES releases) STRICT;

  CREATE TABLE files (id TEXT PRIMARY KEY, at INTEGER NOT NULL, doc TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE INDEX files_at ON files (at, id);

  CREATE TABLE secrets (name TEXT PRIMARY KEY, hex TEXT NOT NULL) STRICT;
  `,
  'CREATE INDEX cases_saved ON cases (savedAt);',
  // What was live before was not written down so far: every number up to the live one.
  `
  ALTER TABLE live ADD COLUMN trail TEXT NOT NULL DEFAULT '[]';
  UPDATE live SET trail =
    (SELECT json_group_array(n) FROM (SELECT r.n FROM releases r WHERE r.n <= live.n ORDER BY r.n));
  `,
];

/** Brings the file to the newest shape; several processes may try at once. Throws for a file of newer code. */
export function migrate(db: DatabaseSync): void {
  if (userVersion(db) === MIGRATIONS.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    const from = userVersion(db);
    assertKnown(from);
    for (const step of MIGRATIONS.slice(from)) db.exec(step);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    db.exec('COMMIT');
  } catch (fault) {
    db.exec('ROLLBACK');
    throw fault;
  }
}

/** Throws when a file of this user_version was written by newer code than this. */
export function assertKnown(version: number): void {
  if (version > MIGRATIONS.length) {
    throw new Error(
      `tệp dữ liệu theo khuôn ${version}, chương trình này chỉ đọc được đến khuôn ${MIGRATIONS.length}; hãy chạy bản mới hơn.`,
    );
  }
}

/** The number of the file's shape; 0 for a new file. */
export function userVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version);
}
