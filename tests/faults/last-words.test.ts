// What nobody caught ends the process, and its last line names the fault without a word of what was being handled.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const CANARY = 'chimhoangyen';

/** Runs the server with something that goes wrong as soon as it listens for what goes wrong. */
function dies(how: string): Promise<{ code: number | null; out: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'motcua-last-'));
  const trouble = join(folder, 'trouble.mjs');
  writeFileSync(
    trouble,
    `process.on('newListener', (n) => { if (n === 'unhandledRejection') setTimeout(() => { ${how} }, 20); });`,
  );
  const child = spawn(process.execPath, ['--import', trouble, 'src/main.ts'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: folder },
  });
  let out = '';
  child.stdout.on('data', (d) => (out += d));
  child.stderr.on('data', (d) => (out += d));
  return new Promise((done) =>
    child.on('close', (code) => {
      rmSync(folder, { recursive: true, force: true });
      done({ code, out });
    }),
  );
}

describe('the last words of the process', () => {
  it.each([
    ['a thrown exception', `throw new SyntaxError('${CANARY}')`],
    ['a rejection', `Promise.reject(new SyntaxError('${CANARY}'))`],
  ])(
    'of %s: the kind and the place, no message',
    async (_, how) => {
      const { code, out } = await dies(how);
      expect(code).toBe(1);
      expect(out).toContain('SyntaxError');
      expect(out).not.toContain(CANARY);
    },
    60_000,
  );
});
