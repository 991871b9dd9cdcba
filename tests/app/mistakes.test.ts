// Mistakes on the command line, in every command: one sentence that names what is wrong and how it is used, exit
// code 2, nothing done.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { sqlitePath } from '../../src/store/sqlite/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'motcua-mistakes-'));
const data = join(folder, 'data');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scripts = Object.values(
  (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
    .scripts,
);
const commands = scripts.flatMap((s) => /^node src\/cli\/([a-z-]+)\.ts$/.exec(s)?.[1] ?? []);

function run(
  command: string,
  args: string[],
  dir = data,
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [`src/cli/${command}.ts`, ...args], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, DATA_DIR: dir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (d) => (out += d));
    child.stderr.on('data', (d) => (err += d));
    child.on('close', (code) => done({ code, out, err }));
  });
}

describe('a mistake on the command line', () => {
  it('is looked for in all commands', () => expect(commands.length).toBeGreaterThan(12));

  it.each(commands)(
    '%s: an option that does not exist',
    async (command) => {
      const { code, out, err } = await run(command, ['--khong-co']);
      expect(err).toMatch(/^Không có tùy chọn --khong-co\. Cách dùng: npm run \S+/);
      expect(err).not.toMatch(/^ +at |Error/m);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(existsSync(data)).toBe(false);
    },
    30_000,
  );

  it.each([
    ['backup', ['--to'], 'Thiếu giá trị sau --to.'],
    ['restore', ['--from', '--replace'], 'Thiếu giá trị sau --from.'],
    ['restore', ['--from=x', '--replace=co'], 'Tùy chọn --replace không nhận giá trị ("co").'],
    ['env', ['thừa'], 'Thừa "thừa".'],
    ['cases', ['--as', 'ha'], 'Thiếu LỆNH.'],
    ['cases', ['--as', 'ha', 'xoa'], 'Không có lệnh "xoa".'],
    ['cases', ['--as', 'ha', 'reply'], 'Thiếu MÃ hồ sơ sau "reply".'],
    ['release', ['--to', '3'], '--to chỉ đi với --rollback.'],
    ['release', ['1.001193', 'fee', '--why', 'x'], '"1.001193" chỉ đi với --fact-off.'],
    ['release', ['--fact-off', '1.001193'], 'Thiếu MÃ hoặc MỤC sau --fact-off.'],
    ['release', ['--rollback', '--to', 'ba'], '--to cần một số nguyên từ 1, không phải "ba".'],
    ['chat', ['--play', 'khong-co.chat'], 'Không đọc được tệp khong-co.chat.'],
    ['check', ['khong-co'], 'Không đọc được intents/ và locales/ ở khong-co.'],
  ])(
    '%s %j: %s',
    async (command, args, said) => {
      const { code, err } = await run(command, args);
      expect(err.startsWith(said), err).toBe(true);
      expect(err).not.toMatch(/^ +at /m);
      expect(code).toBe(2);
      expect(existsSync(data)).toBe(false);
    },
    30_000,
  );

  it('options that npm took for itself are said, with what to type, and nothing is done', async () => {
    const typed = ['run', 'release', '--rollback', '--note', 'x'];
    const env = { PATH: process.env.PATH, HOME: folder, DATA_DIR: data };
    const fault = await promisify(execFile)('npm', typed, { cwd: ROOT, env }).catch((e: unknown) => e);
    const { code, stderr } = fault as { code: number; stderr: string };
    expect(stderr).toContain('npm đã giữ --rollback --note cho riêng nó.');
    expect(stderr).toContain('npm run release -- --rollback --note …');
    expect(code).toBe(2);
    expect(existsSync(data)).toBe(false);
  }, 60_000);

  it('a setting of npm from the operator’s own file was not typed, and stops no command', async () => {
    const home = mkdtempSync(join(folder, 'home-'));
    writeFileSync(join(home, '.npmrc'), 'force=true\nall=true\n');
    const env = { PATH: process.env.PATH, HOME: home, DATA_DIR: data };
    const typed = ['run', 'release', '--', '--khong-co'];
    const fault = await promisify(execFile)('npm', typed, { cwd: ROOT, env }).catch((e: unknown) => e);
    expect((fault as { stderr: string }).stderr).toContain('Không có tùy chọn --khong-co.');
  }, 60_000);

  it('--help tells how and is no mistake', async () => {
    const { code, out } = await run('release', ['--help']);
    expect(out).toContain('--rollback');
    expect(code).toBe(0);
  }, 30_000);

  it('a data file that is none: which one, and what to do', async () => {
    const dir = mkdtempSync(join(folder, 'hong-'));
    writeFileSync(sqlitePath(dir), 'không phải SQLite '.repeat(100));
    const { code, err } = await run('release', ['--list'], dir);
    expect(err).toContain(sqlitePath(dir));
    expect(err).toContain('npm run restore');
    expect(err).not.toMatch(/^ +at /m);
    expect(code).toBe(2);
  }, 30_000);
});
