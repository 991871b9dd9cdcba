// A server that speaks MongoDB's protocol over a real socket, for any suite that wants one: MONGODB_TEST_URI, else
// `mongod` on PATH, else the FerretDB that .ci/ferretdb.sh builds into .cache/ferretdb. Never a mock. A `ferretdb`
// on PATH is not taken: as released, of two updates with one filter both succeed there.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';

const CACHE = join(import.meta.dirname, '../../.cache/ferretdb');

/** Runs a program and SIGKILLs it when stdin closes: a test run that is cut short leaves no server behind. */
const GUARD = 'exec 3<&0; "$@" 3<&- & server=$!; (cat <&3; kill -9 $server) >/dev/null 2>&1 & wait $server';

export interface MongoServer {
  /** With a database name that nobody else uses. */
  uri: string;
  /** 'MONGODB_TEST_URI', 'mongod' or 'ferretdb': say it where results are shown. */
  kind: string;
  /** Removes what was written, and the server with its folder when it was started here. */
  stop(): Promise<void>;
  /** SIGKILLs the server, keeping its data; absent when it was not started here. */
  halt?(): Promise<void>;
  /** Starts it again on the same port and data. */
  resume?(): Promise<void>;
}

/**
 * Finds or starts a server; `skipped` says in one sentence why there is none. Throws under REQUIRE_ALL=1
 * instead of skipping, and when a server that is there does not start.
 */
export async function mongoServer(): Promise<MongoServer | { skipped: string }> {
  const name = `motcua_test_${randomBytes(6).toString('hex')}`;
  const given = process.env.MONGODB_TEST_URI;
  if (given) {
    const uri = withDatabase(given, name);
    return { uri, kind: 'MONGODB_TEST_URI', stop: () => dropDatabase(uri) };
  }
  const program = found('mongod', (process.env.PATH ?? '').split(delimiter)) ?? found('ferretdb', [CACHE]);
  if (program) return start(program, name);
  const skipped =
    'no MONGODB_TEST_URI, no mongod on PATH, no .cache/ferretdb/ferretdb (.ci/ferretdb.sh builds it)';
  if (process.env.REQUIRE_ALL === '1') throw new Error(`REQUIRE_ALL=1, but ${skipped}`);
  return { skipped };
}

/** The same server, another database. */
export function withDatabase(uri: string, name: string): string {
  const parts = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(uri);
  if (!parts) throw new Error('MONGODB_TEST_URI is not a mongodb:// address');
  return `${parts[1]}/${name}${parts[2] ?? ''}`;
}

async function start(program: string, name: string): Promise<MongoServer> {
  const kind = program.endsWith('mongod') ? 'mongod' : 'ferretdb';
  const dir = mkdtempSync(join(tmpdir(), 'motcua-mongo-'));
  const port = await freePort();
  const args =
    kind === 'mongod'
      ? ['--dbpath', dir, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket']
      : [
          '--handler=sqlite',
          `--sqlite-url=file:${dir}/`,
          `--listen-addr=127.0.0.1:${port}`,
          '--debug-addr=-',
          `--state-dir=${dir}`,
          '--telemetry=disable',
          '--log-level=error',
        ];
  const uri = `mongodb://127.0.0.1:${port}/${name}`;
  let server: ChildProcess | undefined;
  const resume = async () => {
    server = spawn('sh', ['-c', GUARD, 'sh', program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    await ready(uri, server);
  };
  const halt = async () => {
    const running = server;
    server = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.stdin?.end();
    await gone;
  };
  const stop = async () => {
    await halt();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await resume();
  } catch (fault) {
    await stop();
    throw fault;
  }
  return { uri, kind, stop, halt, resume };
}

async function ready(uri: string, server: ChildProcess): Promise<void> {
  let said = '';
  const keep = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  };
  server.stdout?.on('data', keep);
  server.stderr?.on('data', keep);
  let broken: Error | undefined;
  server.once('error', (fault) => {
    broken = fault;
  });
  for (let tries = 0; tries < 200; tries++) {
    if (broken || server.exitCode !== null || server.signalCode !== null) break;
    try {
      const connection = await mongoose
        .createConnection(uri, { serverSelectionTimeoutMS: 250, autoCreate: false, autoIndex: false })
        .asPromise();
      await connection.db?.command({ ping: 1 });
      await connection.close();
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error(`The MongoDB server did not start: ${broken?.message ?? said}`);
}

async function dropDatabase(uri: string): Promise<void> {
  const connection = await mongoose.createConnection(uri).asPromise();
  await connection.dropDatabase();
  await connection.close();
}

function found(program: string, folders: string[]): string | undefined {
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
