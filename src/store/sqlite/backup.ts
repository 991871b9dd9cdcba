// Copies of the data file: made while servers write to it, and put back. Hides locks and side files; must not
// know what is in the tables.
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fail, ok, problem, type Result } from '../../core/result.ts';
import { APPLICATION_ID, assertKnown, userVersion } from './schema.ts';

/**
 * A consistent, compact, checked copy of the data file at `path`, as one new file `to`; servers go on meanwhile.
 * Problems: not-found (no data file), conflict (`to` exists), fault (the copy or the data file is damaged).
 */
export function backupSqlite(path: string, to: string): Result<{ to: string }> {
  if (!existsSync(path)) return fail(problem('not-found', `Không có tệp dữ liệu để sao lưu: ${path}`));
  if (existsSync(to)) return fail(problem('conflict', `Tệp đã có sẵn, hãy chọn tên khác: ${to}`));
  const refused = verify(path);
  if (refused) return refused;
  mkdirSync(dirname(to), { recursive: true });
  const part = `${to}.part`;
  const copied = copyWhole(path, part);
  if (!copied.ok) return copied;
  renameSync(part, to);
  syncFolder(to);
  return ok({ to });
}

/**
 * Puts the backup `from` in the place of the data file at `path`. The old file is kept beside it under the
 * returned name. Problems: not-found, bad-input (not a whole data file of ours), conflict (a data file is there
 * and `replace` is not set, or a running server holds it).
 */
export function restoreSqlite(
  path: string,
  from: string,
  opts: { replace: boolean /** Ends the name of the old file that is kept. */; stamp: string },
): Result<{ kept: string | undefined }> {
  if (!existsSync(from)) return fail(problem('not-found', `Không có tệp sao lưu: ${from}`));
  const refused = verify(from);
  if (refused) return refused;
  const there = existsSync(path);
  if (there && !opts.replace) {
    return fail(
      problem('conflict', `Đã có dữ liệu ở ${path}. Thêm --replace để thay (bản cũ được giữ lại).`),
    );
  }
  if (there && heldByOthers(path)) {
    return fail(problem('conflict', `Máy chủ đang dùng ${path}. Hãy dừng máy chủ rồi chạy lại.`));
  }
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.part`;
  const copied = copyWhole(from, part);
  if (!copied.ok) return copied;
  const kept = there ? `${path}.${opts.stamp}` : undefined;
  // A second name, not a move: killed here, the old data is still in its place and no empty store is begun.
  if (kept) linkSync(path, kept);
  // Left by a damaged file only; SQLite would play them into the new one.
  for (const side of ['-wal', '-shm']) {
    if (kept && existsSync(path + side)) renameSync(path + side, kept + side);
    else rmSync(path + side, { force: true });
  }
  renameSync(part, path);
  syncFolder(path);
  return ok({ kept });
}

/** Undefined when the file is whole and ours. */
function verify(path: string): Result<never> | undefined {
  const bad = (why: string) => fail(problem('bad-input', `${path}: ${why}`));
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: 5_000 });
    if (db.prepare('PRAGMA application_id').get()?.application_id !== APPLICATION_ID) {
      return bad('không phải tệp dữ liệu của Một Cửa');
    }
    assertKnown(userVersion(db));
    const found = db.prepare('PRAGMA integrity_check(1)').get()?.integrity_check;
    return found === 'ok' ? undefined : bad(`tệp hỏng: ${found}`);
  } catch (fault) {
    return bad(`không đọc được: ${fault instanceof Error ? fault.message : fault}`);
  } finally {
    db?.close();
  }
}

function copyWhole(from: string, part: string): Result<void> {
  rmSync(part, { force: true });
  // The copy is as private as the original from its first byte.
  closeSync(openSync(part, 'wx', 0o600));
  const db = new DatabaseSync(from, { timeout: 5_000 });
  try {
    db.prepare('VACUUM INTO ?').run(part);
  } catch (fault) {
    rmSync(part, { force: true });
    return fail(
      problem('fault', `Không chép được ${from}: ${fault instanceof Error ? fault.message : fault}`),
    );
  } finally {
    db.close();
  }
  const file = openSync(part, 'r+');
  fsyncSync(file);
  closeSync(file);
  return verify(part) ?? ok(undefined);
}

/** Leaving WAL needs the file alone, so it tells whether any process has it open; and it empties the WAL. */
function heldByOthers(path: string): boolean {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: 0 });
    db.exec('PRAGMA journal_mode = DELETE');
    return false;
  } catch (fault) {
    // A damaged file cannot be asked; it is the very one that a restore replaces.
    return /locked|busy/.test(String(fault));
  } finally {
    db?.close();
  }
}

function syncFolder(path: string): void {
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
}
