// The officer's command as an officer types it: a process of its own on a data folder with cases in it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { append, type Case, caseCode, keysOf, type TimelineEntry } from '../../src/core/cases/index.ts';
import { openSqlite, sqlitePath } from '../../src/store/sqlite/index.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'motcua-cases-'));
const WHO = 'telegram:77';
const NOW = Date.now();
const [LEFT, TICKET, QUESTION, LAMP] = [0, 1, 2, 3].map((n) => caseCode('thử', WHO, `k${n}`, 0)) as [
  string,
  string,
  string,
  string,
];

function opened(id: string, as: 'report' | 'ticket' | 'question', at: number, due?: number): Case {
  const base = { at, by: { kind: 'system' as const }, key: 'k', public: false };
  const timeline: TimelineEntry[] = [
    {
      ...base,
      by: { kind: 'citizen', conversation: WHO },
      public: true,
      kind: 'opened',
      topic: as === 'report' ? 'rac' : as === 'ticket' ? 'gap-can-bo' : 'cau-hoi',
      answers: {},
      text: `lời của ${id}`,
      files: [],
      as,
      release: 1,
    },
    { ...base, kind: 'routed', to: 'ubnd-ba-dinh', rule: 'r' },
  ];
  if (due !== undefined) timeline.push({ ...base, kind: 'promised', due, deadline: 'd', calendar: '1' });
  return { id, version: 0, wakeAt: null, schemaVersion: 1, timeline };
}

function run(...args: string[]): Promise<{ code: number | null; out: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['src/cli/cases.ts', '--as', 'ubnd-ba-dinh', ...args], {
      cwd: ROOT,
      env: { ...process.env, DATA_DIR: folder, MONGODB_URI: '' },
    });
    let out = '';
    child.stdout.on('data', (d) => (out += d));
    child.stderr.on('data', (d) => (out += d));
    child.on('close', (code) => done({ code, out }));
  });
}

beforeAll(async () => {
  const store = await openSqlite({ path: sqlitePath(folder), clock: { now: () => NOW }, keysOf });
  const left = append(
    opened(LEFT, 'report', NOW - 5000, NOW + 9e8),
    {
      at: NOW,
      by: { kind: 'citizen', conversation: WHO },
      key: 'x',
      public: false,
      kind: 'left',
      follower: WHO,
    },
    NOW,
  );
  if (!left.ok) throw new Error('left');
  const lamp = opened(LAMP, 'report', NOW);
  Object.assign(lamp.timeline[0]!, {
    topic: 'den-duong',
    answers: {
      'noi-dung': `lời của ${LAMP}`,
      'dia-diem': 'ngõ \u001b[2J\u001b]0;x\u0007\u202e5',
      phuong: 'ba-dinh',
      'loai-duong': 'ngo',
      anh: '-',
    },
  });
  for (const c of [left.value, opened(TICKET, 'ticket', NOW - 1000), opened(QUESTION, 'question', NOW), lamp])
    await store.cases.save(c);
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm run cases', () => {
  it('lists what waits in words an officer knows, and says who cannot be told', async () => {
    const { code, out } = await run('list');
    expect(out).toContain(`lời nhắn cho cán bộ: lời của ${TICKET}`);
    expect(out).toContain(`câu hỏi: lời của ${QUESTION}`);
    expect(out).not.toMatch(/cau-hoi|gap-can-bo/);
    expect(out).toContain('người dân đã xóa cuộc trò chuyện, không báo tin được');
    expect(code).toBe(0);
  }, 60_000);

  it('shows a question under a title, and who left', async () => {
    const { out } = await run('show', QUESTION);
    expect(out).toContain('câu hỏi');
    expect(out).not.toContain('cau-hoi');
    expect((await run('show', LEFT)).out).toContain('Báo tin: người dân đã xóa cuộc trò chuyện');
  }, 60_000);

  it('shows what was answered as the citizen read it, never an id', async () => {
    const { out } = await run('show', LAMP);
    expect(out).toMatch(/^ {4}Phường, xã: phường Ba Đình$/m);
    expect(out).toMatch(/^ {4}Loại đường: Trong ngõ, khu dân cư$/m);
    expect(out).toMatch(/^ {4}Ảnh: không có$/m);
    expect(out).not.toMatch(/loai-duong|ba-dinh|: -$/m);
    // What a citizen wrote does not steer the officer's terminal.
    expect(out).toContain('Địa điểm: ngõ [2J]0;x5\n');
  }, 60_000);

  it('names the agencies closest to one that does not exist, and moves nothing', async () => {
    const { code, out } = await run('transfer', QUESTION, 'so-xay-dng', 'Đường do Sở giữ.');
    expect(code).toBe(1);
    expect(out).toMatch(/^Mã gần nhất: so-xay-dung \(/m);
    expect((await run('show', QUESTION)).code, 'still here').toBe(0);
  }, 60_000);
});
