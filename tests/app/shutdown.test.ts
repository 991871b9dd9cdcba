// Told to stop while it learns a release anew, a real server lets go of the learning and ends well at once: the next
// start must not wait for it, nor share its cores with it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packSources } from '../../src/app/pack-sources.ts';
import { release } from '../../src/app/release.ts';
import { keysOf } from '../../src/core/cases/index.ts';
import { readFolder } from '../../src/store/folder.ts';
import { openSqlite, sqlitePath } from '../../src/store/sqlite/index.ts';
import { tinySources } from './tiny.ts';

const ROOT = join(import.meta.dirname, '../..');
const SOON_MS = 3_000;
const clock = { now: Date.now };

let folder: string;
let server: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'motcua-stop-'));
});
afterEach(() => {
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const openStore = () => openSqlite({ path: sqlitePath(folder), clock, keysOf });

/** Makes the whole content live with a model as older code left it: it takes far longer to learn than this test lasts. */
async function makeOldLive(): Promise<void> {
  const store = await openStore();
  const file = async (id: string, bytes: Uint8Array) => {
    await store.files.put(
      { id, name: id, type: 'application/octet-stream', size: bytes.length, at: 0, owner: 'release' },
      bytes,
    );
    return id;
  };
  // With a sentence more than the files have, so that no build has learned it already.
  const sources = await readFolder(ROOT);
  sources['intents/chung/bai-thu.yml'] =
    'id: bai-thu\nkind: small-talk\nexamples: [câu chỉ có trong bài thử này]\n';
  const { n } = await store.releases.add({
    at: 0,
    by: 'thử',
    note: 'mã cũ',
    fingerprint: 'cu',
    schemaVersion: 1,
    origin: 'files',
    sources: await file('nguon', packSources(sources)),
    model: await file('mo-hinh', new TextEncoder().encode('của mã cũ')),
    report: null,
  });
  expect(await store.releases.makeLive(n, await store.releases.live())).toBe(true);
  await store.close();
}

/** Starts the server, or a command, on the folder's store. */
function start(script = 'src/main.ts'): {
  child: ChildProcess;
  out: () => string;
  ended: Promise<number | null>;
} {
  const child = spawn(process.execPath, [script], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: folder },
  });
  server = child;
  let out = '';
  child.stdout.on('data', (d) => (out += d));
  child.stderr.on('data', (d) => (out += d));
  return { child, out: () => out, ended: new Promise((done) => child.once('close', done)) };
}

/** Processes that learn for this server. */
const learners = (child: ChildProcess): number[] =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => Number(parent) === child.pid && args.join(' ').includes('learn-process'))
    .map(([pid]) => Number(pid));
const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function until<T>(look: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = look();
    if (found) return found;
    await new Promise((next) => setTimeout(next, 50));
  }
}

/** The processes that learn for it, once both are busy with the work itself and not with starting up. */
async function learnersOf(child: ChildProcess): Promise<number[]> {
  const learning = await until(() => {
    const pids = learners(child);
    return pids.length === 2 && pids;
  });
  await new Promise((next) => setTimeout(next, 1_000));
  return learning;
}

async function endsSoon(s: ReturnType<typeof start>): Promise<void> {
  const learning = await learnersOf(s.child);
  const from = performance.now();
  s.child.kill('SIGTERM');
  expect(await s.ended, s.out()).toBe(0);
  expect(performance.now() - from).toBeLessThan(SOON_MS);
  await until(() => !learning.some(runs));
}

describe('SIGTERM while a model is learned anew', () => {
  it('on opening', async () => {
    await makeOldLive();
    await endsSoon(start());
  }, 60_000);

  it('while serving an older release', async () => {
    const store = await openStore();
    const first = await release({ store, clock, say: () => {} }, tinySources(), {
      by: 'thử',
      note: 'nhỏ',
      origin: 'files',
      unmeasured: true,
    });
    expect(first.ok).toBe(true);
    await store.close();
    const s = start();
    await until(() => s.out().includes('Một Cửa đang chạy'));
    await makeOldLive();
    await endsSoon(s);
    expect(s.out()).not.toContain('refused');
  }, 60_000);

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'by a command, or %s: nobody goes on for it',
    async (signal) => {
      const s = start('src/cli/train.ts');
      const learning = await learnersOf(s.child);
      const from = performance.now();
      s.child.kill(signal);
      await s.ended;
      expect(s.child.signalCode).toBe(signal);
      await until(() => !learning.some(runs));
      expect(performance.now() - from).toBeLessThan(SOON_MS);
    },
    60_000,
  );
});
