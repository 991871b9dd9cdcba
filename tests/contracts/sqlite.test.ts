// What only the SQLite file must do: survive a SIGKILL, serve several processes, name what is corrupt, be copied
// while it is written to and put back.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rollback } from '../../src/app/release.ts';
import { backupSqlite, openSqlite, restoreSqlite } from '../../src/store/sqlite/index.ts';
import { handClock, keysOf, sampleCase, sampleConversation, sampleEntry, sampleRelease } from './worlds.ts';

let dir: string;
let path: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'motcua-sqlite-'));
  path = join(dir, 'data', 'motcua.sqlite');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

const open = (at = path) => openSqlite({ path: at, clock: handClock(), keysOf });

function child(what: string): {
  process: ChildProcess;
  lines: string[];
  end: Promise<NodeJS.Signals | number>;
} {
  const program = join(import.meta.dirname, 'sqlite-child.ts');
  const started = spawn(process.execPath, [program, path, what], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(started);
  const lines: string[] = [];
  started.stdout.on('data', (chunk) => lines.push(...String(chunk).split('\n').filter(Boolean)));
  const end = new Promise<NodeJS.Signals | number>((resolve) => {
    started.once('close', (code, signal) => resolve(signal ?? code ?? -1));
  });
  return { process: started, lines, end };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(condition()).toBe(true);
}

describe('killed with SIGKILL', () => {
  test('what was acknowledged is there', async () => {
    expect(await child('save-and-die').end).toBe('SIGKILL');
    const store = await open();
    expect((await store.conversations.load('telegram:1'))?.log[0]?.text).toBe('đã nhận');
    expect(await store.cases.find({ words: ['rac'] })).toHaveLength(1);
    await store.close();
  });

  test('in the middle of its writing, again and again, nothing acknowledged is lost', async () => {
    for (let kill = 0; kill < 6; kill++) {
      const counting = child('count-for-ever');
      await until(() => counting.lines.length > kill * 40);
      counting.process.kill('SIGKILL');
      await counting.end;
      const store = await open();
      const kept = (await store.conversations.load('telegram:1'))?.next ?? 0;
      expect(kept).toBeGreaterThanOrEqual(Number(counting.lines.at(-1)));
      await store.close();
    }
  });
});

test('four processes that open a new file at once and count to 50 each come to 200', async () => {
  const counting = Array.from({ length: 4 }, () => child('count-50'));
  expect(await Promise.all(counting.map((c) => c.end))).toEqual([0, 0, 0, 0]);
  const store = await open();
  expect(await store.conversations.load('telegram:1')).toMatchObject({ next: 201, version: 200 });
  await store.close();
});

describe('a file that another process has locked', () => {
  const locked = (): DatabaseSync => {
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    return other;
  };

  test('is waited for while everything else goes on', async () => {
    const store = await open();
    const other = locked();
    const saving = [1, 2, 3].map((n) => store.conversations.save(sampleConversation(`telegram:${n}`)));
    // What is done here holds the lock: a statement that waited by itself would never see its end.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await store.conversations.load('telegram:1')).toBeUndefined();
    other.exec('COMMIT');
    expect(await Promise.all(saving)).toEqual([true, true, true]);
    other.close();
    await store.close();
  });

  test('is not waited for without end', async () => {
    const store = await open();
    const other = locked();
    const from = performance.now();
    await expect(store.conversations.save(sampleConversation('telegram:1'))).rejects.toThrow(/locked/);
    expect(performance.now() - from).toBeGreaterThan(4_900);
    other.close();
    await store.close();
  });
});

describe('the file', () => {
  test('is one file when the last has closed it, and for its owner only', async () => {
    const store = await open();
    await store.conversations.save(sampleConversation('telegram:1'));
    await store.close();
    expect(readdirSync(join(dir, 'data'))).toEqual(['motcua.sqlite']);
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  test('holds no deleted words once it is closed', async () => {
    const store = await open();
    const log = [sampleEntry(1, 'bí mật của tôi '.repeat(2_000))];
    await store.conversations.save(sampleConversation('telegram:1', { log }));
    await store.conversations.remove('telegram:1');
    await store.close();
    expect(readFileSync(path).includes('bí mật')).toBe(false);
  });

  test.each([
    ["doc = json_set(doc, '$.log[0].text', 7)", /conversations telegram:1 .*log\.0\.text/],
    ["doc = json_set(doc, '$.strange', 'x')", /conversations telegram:1 .*strange/],
    ["doc = replace(doc, '{', 'lời dân')", /conversations telegram:1 .*không phải JSON/],
  ])('with a corrupt document (%s) names it, without its words', async (change, named) => {
    const store = await open();
    await store.conversations.save(sampleConversation('telegram:1', { log: [sampleEntry(1, 'lời dân')] }));
    const other = new DatabaseSync(path);
    other.exec(`UPDATE conversations SET ${change}`);
    other.close();
    const fault = await store.conversations.load('telegram:1').catch((e: Error) => e.message);
    expect(fault).toMatch(named);
    expect(fault).not.toContain('lời dân');
    await store.close();
  });

  test('of before trails were kept takes every release up to the live one for its trail', async () => {
    const old = await open();
    for (const note of ['một', 'hai', 'ba']) await old.releases.add(sampleRelease(note));
    await old.releases.makeLive(2, undefined);
    await old.close();
    const file = new DatabaseSync(path);
    file.exec('ALTER TABLE live DROP COLUMN trail; PRAGMA user_version = 2');
    file.close();
    const store = await open();
    expect(await store.releases.trail()).toEqual([1, 2]);
    expect(await store.releases.makeLive(3, 2)).toBe(true);
    expect(await store.releases.trail()).toEqual([1, 2, 3]);
    await store.close();
  });

  test.each([
    ['to the newest', 4, [1, 3, 4]],
    ['past several made since', 5, [1, 3, 4, 5]],
    ['back to one of the trail', 1, [1]],
    ['back to one that was taken back', 2, [1, 2]],
  ])('whose pointer older code has moved %s: the trail leads there', async (_, n, trail) => {
    const store = await open();
    for (let i = 1; i <= 5; i++) await store.releases.add(sampleRelease(`${i}`));
    await store.releases.makeLive(1, undefined);
    await store.releases.makeLive(2, 1);
    await store.releases.makeLive(1, 2);
    await store.releases.makeLive(3, 1);
    expect(await store.releases.trail()).toEqual([1, 3]);
    // A process started before trails were kept goes on beside one that keeps them.
    const older = new DatabaseSync(path);
    older.exec(`UPDATE live SET n = ${n} WHERE n = 3`);
    older.close();
    expect(await store.releases.trail()).toEqual(trail);
    const back = trail.at(-2);
    expect(await rollback({ store })).toMatchObject(back ? { ok: true, value: { n: back } } : { ok: false });
    if (back) expect(await store.releases.trail()).toEqual(trail.slice(0, -1));
    await store.close();
  });

  test('of newer code is refused, untouched', async () => {
    await (await open()).close();
    const other = new DatabaseSync(path);
    other.exec('PRAGMA user_version = 99');
    other.close();
    await expect(open()).rejects.toThrow(/99/);
  });

  test('that is no SQLite file is refused', async () => {
    const text = join(dir, 'x.sqlite');
    writeFileSync(text, 'Không phải cơ sở dữ liệu. '.repeat(100));
    await expect(open(text)).rejects.toThrow(/not a database/);
  });
});

describe('backup and restore', () => {
  const copy = () => join(dir, 'copies', 'copy.sqlite');
  const problems = (result: ReturnType<typeof restoreSqlite> | ReturnType<typeof backupSqlite>) =>
    result.ok ? [] : result.problems.map((p) => p.code);
  const restore = (from: string, replace = false) => restoreSqlite(path, from, { replace, stamp: 'old' });

  test('a copy made while another process writes is whole, and is of one moment', async () => {
    const counting = child('count-for-ever');
    await until(() => counting.lines.length > 20);
    const before = Number(counting.lines.at(-1));
    expect(backupSqlite(path, copy())).toEqual({ ok: true, value: { to: copy() } });
    await until(() => Number(counting.lines.at(-1)) > before);
    counting.process.kill('SIGKILL');
    await counting.end;
    const store = await open(copy());
    const doc = await store.conversations.load('telegram:1');
    expect(doc?.next).toBeGreaterThanOrEqual(before);
    expect(doc?.version).toBe(doc!.next - 1);
    await store.close();
    expect(statSync(copy()).mode & 0o077).toBe(0);
  });

  test('a restored store has everything of its backup and nothing later; the old one is kept', async () => {
    const store = await open();
    await store.cases.save(sampleCase('H78-HR7-K53', { words: ['rac'] }));
    const secret = await store.secret('codes');
    expect(problems(backupSqlite(path, copy()))).toEqual([]);
    await store.conversations.save(sampleConversation('telegram:1'));
    expect(problems(restore(copy()))).toEqual(['conflict']);
    expect(problems(restore(copy(), true))).toEqual(['conflict']);
    await store.close();
    expect(restore(copy(), true)).toEqual({ ok: true, value: { kept: `${path}.old` } });

    const restored = await open();
    expect(await restored.cases.find({ words: ['rac'] })).toHaveLength(1);
    expect(await restored.secret('codes')).toBe(secret);
    expect(await restored.conversations.load('telegram:1')).toBeUndefined();
    await restored.close();
    const kept = await open(`${path}.old`);
    expect(await kept.conversations.load('telegram:1')).toBeDefined();
    await kept.close();
  });

  test('restores to where nothing is, and over a damaged file', async () => {
    const store = await open();
    await store.conversations.save(sampleConversation('telegram:1'));
    backupSqlite(path, copy());
    await store.close();
    rmSync(path);
    expect(restore(copy())).toEqual({ ok: true, value: { kept: undefined } });
    writeFileSync(path, 'hỏng');
    expect(problems(restore(copy(), true))).toEqual([]);
    const restored = await open();
    expect(await restored.conversations.load('telegram:1')).toBeDefined();
    await restored.close();
    expect(readFileSync(`${path}.old`, 'utf8')).toBe('hỏng');
  });

  test('refuses what is absent, foreign, damaged or in the way, and changes nothing', async () => {
    expect(problems(backupSqlite(path, copy()))).toEqual(['not-found']);
    expect(existsSync(path)).toBe(false);
    const store = await open();
    for (let i = 0; i < 50; i++) {
      await store.conversations.save(
        sampleConversation(`telegram:${i}`, { log: [sampleEntry(1, 'x'.repeat(5_000))] }),
      );
    }
    backupSqlite(path, copy());
    await store.close();
    expect(problems(backupSqlite(path, copy()))).toEqual(['conflict']);
    expect(problems(restore(join(dir, 'none')))).toEqual(['not-found']);
    const before = readFileSync(path);
    const foreign = join(dir, 'foreign.sqlite');
    new DatabaseSync(foreign).close();
    writeFileSync(join(dir, 'text'), 'không phải cơ sở dữ liệu '.repeat(50));
    const damaged = join(dir, 'damaged.sqlite');
    const whole = readFileSync(copy());
    writeFileSync(
      damaged,
      Buffer.concat([whole.subarray(0, 20_000), Buffer.alloc(whole.length - 20_000, 7)]),
    );
    for (const from of [foreign, join(dir, 'text'), damaged]) {
      expect(problems(restore(from, true))).toEqual(['bad-input']);
    }
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});
