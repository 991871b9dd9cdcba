// The three commands of an operator, as processes: what they print, their exit codes, and that they do it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqlite, sqlitePath } from '../../src/store/sqlite/index.ts';
import { handClock, keysOf, sampleConversation } from './worlds.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'motcua-backup-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = () => openSqlite({ path: sqlitePath(join(dir, 'data')), clock: handClock(), keysOf });

function run(command: string, args: string[], mongodbUri = ''): { status: number | null; said: string } {
  const program = join(import.meta.dirname, `../../src/cli/${command}.ts`);
  const env = { ...process.env, DATA_DIR: join(dir, 'data'), MONGODB_URI: mongodbUri };
  const done = spawnSync(process.execPath, [program, ...args], { env, encoding: 'utf8' });
  return { status: done.status, said: done.stdout + done.stderr };
}

test('backup beside a serving store, then restore over a later one', async () => {
  const copy = join(dir, 'copy.sqlite');
  const store = await open();
  await store.conversations.save(sampleConversation('telegram:1'));
  expect(run('backup', ['--to', copy])).toMatchObject({ status: 0, said: expect.stringContaining(copy) });
  expect(run('backup', ['--to', copy])).toMatchObject({
    status: 1,
    said: expect.stringContaining('đã có sẵn'),
  });
  await store.conversations.remove('telegram:1');

  expect(run('restore', ['--from', copy])).toMatchObject({
    status: 1,
    said: expect.stringContaining('--replace'),
  });
  const served = run('restore', ['--from', copy, '--replace']);
  expect(served).toMatchObject({ status: 1, said: expect.stringContaining('dừng máy chủ') });
  await store.close();
  expect(run('restore', ['--from', copy, '--replace'])).toMatchObject({ status: 0 });
  expect(readdirSync(join(dir, 'data'))).toHaveLength(2);

  const restored = await open();
  expect(await restored.conversations.load('telegram:1')).toBeDefined();
  await restored.close();
}, 30_000);

test('asked wrongly they say how, and exit 2', () => {
  expect(run('backup', [])).toMatchObject({ status: 2, said: expect.stringContaining('--to') });
  expect(run('restore', [])).toMatchObject({ status: 2, said: expect.stringContaining('--from') });
  const uri = 'mongodb://127.0.0.1:1/x';
  expect(run('backup', ['--to', 'x'], uri)).toMatchObject({
    status: 2,
    said: expect.stringContaining('mongodump'),
  });
  expect(run('restore', ['--from', 'x'], uri)).toMatchObject({ status: 2 });
  expect(existsSync(join(dir, 'data'))).toBe(false);
}, 30_000);

test('indexes says when there is nothing to do, and exits 1 when the server is away', () => {
  expect(run('indexes', [])).toMatchObject({ status: 0 });
  expect(run('indexes', [], 'mongodb://127.0.0.1:1/x')).toMatchObject({ status: 1 });
}, 30_000);
