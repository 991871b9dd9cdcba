// The commands that outside tools call: what stands on stdout, what on stderr, and the exit code.
import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const cli = (name: string, ...args: string[]) =>
  run(process.execPath, [`src/cli/${name}.ts`, ...args], { maxBuffer: 1e8 }).then(
    (r) => ({ ...r, code: 0 }),
    (e: { stdout: string; stderr: string; code: number }) => e,
  );
let dir: string;
const file = async (name: string, content: string | Buffer): Promise<string> => {
  await writeFile(join(dir, name), content);
  return join(dir, name);
};
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'motcua-nlu-'));
});

describe('understand', () => {
  it('one object a line, in order, with exactly the promised keys; blank lines too', async () => {
    const lines = ['làm giấy khai sinh hết bao nhiêu tiền', '', 'gọi lại số 0912345678 giúp tôi', 'xin chào'];
    const { stdout, code } = await cli('understand', '--in', await file('in.txt', `${lines.join('\n')}\n`));
    expect(code).toBe(0);
    const out = stdout
      .trimEnd()
      .split('\n')
      .map((l) => JSON.parse(l) as Record<string, unknown>);
    expect(out.map((o) => o.text)).toEqual(lines);
    for (const o of out)
      expect(Object.keys(o)).toEqual([
        'text',
        'kind',
        'procedures',
        'facets',
        'entities',
        'certainty',
        'action',
      ]);
    expect(out[0]).toMatchObject({ kind: 'procedure', facets: ['fee'] });
    expect((out[0]!.procedures as { code: string }[])[0]!.code).toBe('1.001193');
    expect(out[1]).toMatchObject({ kind: 'unclear', procedures: [], facets: [] });
    const phone = (out[2]!.entities as { type: string; start: number; end: number }[]).find(
      (e) => e.type === 'phone',
    )!;
    expect(lines[2]!.slice(phone.start, phone.end)).toBe('0912345678');
  }, 180_000);
  it('a missing file: a word on stderr, nothing on stdout, exit 2', async () => {
    const r = await cli('understand', '--in', join(dir, 'absent'));
    expect(r.code).toBe(2);
    expect(r.stdout).toBe('');
    expect(r.stderr).not.toBe('');
  });
});

describe('train and evaluate on a foreign set', () => {
  const tsv = (n: number): string =>
    `text\tlabel\n${Array.from({ length: n }, (_, i) => (i % 2 ? `mấy giờ tàu ${i} chạy\ttime` : `vé tàu ${i} bao nhiêu tiền\tfare`)).join('\n')}\n`;
  it('TSV, as JSON', async () => {
    const args = [
      '--data',
      await file('train.tsv', tsv(60)),
      '--test',
      await file('test.tsv', tsv(20)),
      '--json',
    ];
    for (const command of ['train', 'evaluate']) {
      const { stdout, code } = await cli(command, ...args);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ train: 60, test: 20, labels: 2, accuracy: 1, macroF1: 1 });
    }
  }, 60_000);
  it('folders with seq.in and label', async () => {
    await file('seq.in', 'mấy giờ tàu chạy\nvé tàu bao nhiêu\nmấy giờ tới\ngiá vé\n');
    await file('label', 'time\nfare\ntime\nfare\n');
    const { stdout, code } = await cli('train', '--data', dir, '--test', dir);
    expect(code).toBe(0);
    expect(stdout).toContain('4 câu');
  }, 60_000);
  it('--data without --test: exit 2', async () => {
    expect((await cli('train', '--data', dir)).code).toBe(2);
  }, 60_000);
});

describe('bad input is refused: exit 2, the file, the line, what to do', () => {
  const good = 'mấy giờ tàu chạy\ttime\nvé bao nhiêu\tfare\nmấy giờ tới\ttime\ngiá vé tàu\tfare\n';
  const refused = async (data: string, says: string[], test = data): Promise<void> => {
    for (const command of ['train', 'evaluate']) {
      const r = await cli(command, '--data', data, '--test', test);
      expect(r.code, command).toBe(2);
      expect(r.stdout).toBe('');
      for (const s of says) expect(r.stderr).toContain(s);
      expect(r.stderr).not.toContain('    at ');
    }
  };
  it(
    'columns the wrong way round',
    async () =>
      refused(await file('swapped.tsv', `label\ttext\n${good}`), ['swapped.tsv:1', 'ngược', 'text⇥label']),
    60_000,
  );
  it(
    'a heading of other names',
    async () => refused(await file('foo.tsv', `foo\tbar\n${good}`), ['foo.tsv:1', 'foo⇥bar', 'tiêu đề']),
    60_000,
  );
  it(
    'a line without a label',
    async () => refused(await file('short.tsv', `${good}mấy giờ\n`), ['short.tsv:5', 'hai cột']),
    60_000,
  );
  it('seq.in longer than label', async () => {
    const uneven = await mkdtemp(join(tmpdir(), 'motcua-uneven-'));
    await writeFile(join(uneven, 'seq.in'), 'a\nb\nc\n');
    await writeFile(join(uneven, 'label'), 'x\ny\n');
    await refused(uneven, ['seq.in có 3 dòng', 'label có 2 dòng', 'dòng 3']);
  }, 60_000);
  it('--test without --data', async () => {
    for (const command of ['train', 'evaluate']) {
      const r = await cli(command, '--test', dir);
      expect({ code: r.code, out: r.stdout }).toEqual({ code: 2, out: '' });
      expect(r.stderr).toContain('--data');
    }
  }, 60_000);
  it('a .gz that is none', async () => {
    const r = await cli('search', 'x', '--catalogue', await file('none.jsonl.gz', '{}'));
    expect(r.code).toBe(2);
    expect(r.stderr).toContain('none.jsonl.gz');
    expect(r.stderr).toContain('gzip');
    expect(r.stderr).not.toContain('    at ');
  }, 180_000);
});

describe('search', () => {
  it("a procedure's code finds that procedure first", async () => {
    const { stdout, code } = await cli('search', 'thủ tục 1004222', '--json');
    expect(code).toBe(0);
    const { results } = JSON.parse(stdout) as { results: { code: string }[] };
    expect(results[0]!.code).toBe('1.004222');
  }, 180_000);
  it('over a gzipped catalogue, many questions, with times', async () => {
    const records = ['Cấp giấy phép câu cá', 'Cấp lại giấy phép câu cá', 'Thả diều'].map((ten, i) =>
      JSON.stringify({
        ma: `9.00000${i}`,
        ten,
        cap: 'Cấp xã',
        linh_vuc: 'Thử',
        doi_tuong: 'Công dân Việt Nam',
      }),
    );
    const catalogue = await file('c.jsonl.gz', gzipSync(records.join('\n')));
    const { stdout, code } = await cli(
      'search',
      '--catalogue',
      catalogue,
      '--in',
      await file('q.txt', 'xin cau ca\ncấp lại giấy phép câu cá\n'),
      '--json',
    );
    expect(code).toBe(0);
    const out = stdout
      .trimEnd()
      .split('\n')
      .map((l) => JSON.parse(l) as { text: string; ms: number; results: { code: string }[] });
    expect(out.map((o) => o.results[0]!.code)).toEqual(['9.000000', '9.000001']);
    expect(out[0]!.ms).toBeGreaterThanOrEqual(0);
  }, 180_000);
  it('a broken catalogue: exit 2 and the line', async () => {
    const r = await cli('search', 'x', '--catalogue', await file('bad.jsonl', '{}\n{'));
    expect(r.code).toBe(2);
    expect(r.stderr).toContain('bad.jsonl:2');
  }, 180_000);
});

it('explain names the intent and the words', async () => {
  const { stdout, code } = await cli('explain', 'đăng ký khai sinh cho con');
  expect(code).toBe(0);
  expect(stdout).toContain('dang-ky-khai-sinh');
}, 180_000);
