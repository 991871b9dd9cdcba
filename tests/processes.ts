// The product as the processes it is run in: a command with its input, and a server that says where it runs.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const running = new Set<ChildProcess>();

function begin(script: string, args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  const heard = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (d: string) => {
    heard.out += d;
  });
  child.stderr.setEncoding('utf8').on('data', (d: string) => {
    heard.err += d;
  });
  // A process that is gone takes no more input; what it said before tells why.
  child.stdin.on('error', () => {});
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
    }),
  );
  return { child, heard, ended };
}

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs a command to its end, with all its input given at once. */
export async function command(
  script: string,
  args: string[],
  env: Record<string, string>,
  input = '',
): Promise<Ended> {
  const { child, heard, ended } = begin(script, args, env);
  child.stdin.end(input);
  return { code: await ended, ...heard };
}

export interface Running {
  /** Types a line. */
  type(line: string): void;
  /** What stands on its stdout once the words are there; throws when it ends before. */
  until(words: RegExp, withinMs?: number): Promise<RegExpExecArray>;
  /** Ends its input, or sends the signal; the exit code. */
  end(how: 'input' | NodeJS.Signals): Promise<number | null>;
  /** The exit code once it ends, by whatever; null when a signal ended it. */
  ended: Promise<number | null>;
  /** All it said so far, on both ways. */
  said(): string;
}

/** A command that goes on until it is told to end. */
export function start(script: string, args: string[], env: Record<string, string>): Running {
  const { child, heard, ended } = begin(script, args, env);
  return {
    type: (line) => void child.stdin.write(`${line}\n`),
    until: (words, withinMs = 60_000) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = words.exec(heard.out);
          if (!found) return;
          over();
          resolve(found);
        };
        const fail = (why: string): void => {
          over();
          reject(new Error(`${script}: ${why} without ${words}: ${(heard.out + heard.err).slice(-1500)}`));
        };
        const timer = setTimeout(() => fail(`${withinMs} ms`), withinMs);
        const gone = (): void => fail('ended');
        const over = (): void => {
          clearTimeout(timer);
          child.stdout.off('data', look);
          child.off('close', gone);
        };
        child.stdout.on('data', look);
        child.once('close', gone);
        look();
      }),
    end: (how) => {
      if (how === 'input') child.stdin.end();
      else child.kill(how);
      return ended;
    },
    ended,
    said: () => heard.out + heard.err,
  };
}

/** A server on a free port of loopback, and its address. */
export async function serve(env: Record<string, string>): Promise<Running & { url: string }> {
  const server = start('src/main.ts', [], { PORT: '0', ...env });
  return { ...server, url: (await server.until(/Một Cửa đang chạy tại (\S+)/, 120_000))[1]! };
}

/** Ends at once whatever a failed test left running. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}
