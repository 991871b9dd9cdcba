// `npm run search -- "câu" [--catalogue FILE.jsonl.gz] [--in FILE] [--json]`: finds procedures by their names in the
// written content, or in a published catalogue. Errors on stderr, exit code 2.
import { gunzipSync } from 'node:zlib';
import { findable, findProcedures, openCatalogue } from '../core/nlu/index.ts';
import { give, readGiven } from './give.ts';
import { openFiles } from './open-files.ts';
import { readArguments, wholeNumber } from './read-arguments.ts';

const USAGE = 'Cách dùng: npm run search -- "câu" [--catalogue TỆP.jsonl.gz] [--in TỆP] [--limit N] [--json]';
const { values, positionals } = readArguments(USAGE, {
  options: {
    catalogue: { type: 'string' },
    in: { type: 'string' },
    json: { type: 'boolean' },
    limit: { type: 'string', default: '10' },
  },
  words: Number.POSITIVE_INFINITY,
});

const unpacked = (path: string, bytes: Buffer): Buffer => {
  if (!path.endsWith('.gz')) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return give(
      `${path}: tên có đuôi .gz nhưng không phải tệp gzip nguyên vẹn. Tải lại tệp, hoặc bỏ đuôi .gz nếu tệp chưa nén.`,
    );
  }
};

const questions = values.in
  ? readGiven(values.in)
      .toString('utf8')
      .split(/\r?\n/)
      .filter((l, i, all) => l !== '' || i < all.length - 1)
  : [positionals.join(' ')];
if (!values.in && !questions[0]) give(`Thiếu câu. ${USAGE}`);
const limit = Math.min(100, wholeNumber('--limit', values.limit));

const { content, reader } = await openFiles();
const records: unknown[] = [];
if (values.catalogue) {
  const text = unpacked(values.catalogue, readGiven(values.catalogue)).toString('utf8');
  for (const [i, line] of text.split('\n').entries()) {
    if (!line.trim()) continue;
    try {
      records.push(JSON.parse(line));
    } catch {
      give(`${values.catalogue}:${i + 1}: dòng không phải JSON.`);
    }
  }
}
const before = process.memoryUsage();
const started = performance.now();
const index = openCatalogue(
  content,
  values.catalogue ? records.map(findable).filter((f) => f !== undefined) : undefined,
);
const buildMs = performance.now() - started;
records.length = 0;

// The first questions find code that is not compiled yet; a server has long been warm.
for (const q of questions.slice(0, 50)) findProcedures(reader, index, q, limit);
const times: number[] = [];
const answers = questions.map((text) => {
  const from = performance.now();
  const found = findProcedures(reader, index, text, limit);
  const ms = performance.now() - from;
  times.push(ms);
  return { text, ms: Math.round(ms * 1000) / 1000, results: found };
});

if (values.json) {
  for (const a of answers)
    console.log(
      JSON.stringify({
        text: a.text,
        ms: a.ms,
        results: a.results.map(({ code, name, score }) => ({
          code,
          name,
          score: Math.round(score * 1e4) / 1e4,
        })),
      }),
    );
} else {
  for (const a of answers) {
    if (answers.length > 1) console.log(`\n${a.text}`);
    for (const r of a.results) console.log(`${r.score.toFixed(3)}  ${r.code}  ${r.name}`);
  }
}
times.sort((a, b) => a - b);
const at = (q: number): string =>
  (times[Math.min(times.length - 1, Math.floor(times.length * q))] ?? 0).toFixed(2);
const heap = (process.memoryUsage().heapUsed - before.heapUsed) / 1048576;
process.stderr.write(
  `${index.records.size} thủ tục · lập chỉ mục ${buildMs.toFixed(0)} ms, ${Math.max(0, heap).toFixed(0)} MB · ` +
    `mỗi câu ${at(0.5)} ms, p99 ${at(0.99)} ms\n`,
);
