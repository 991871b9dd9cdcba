// `npm run explain -- "câu"`: why a sentence is heard as it is. `--json` for machines.
import { explain } from '../core/nlu/index.ts';
import { give } from './give.ts';
import { openFiles } from './open-files.ts';
import { readArguments } from './read-arguments.ts';

const USAGE = 'Cách dùng: npm run explain -- "câu cần giải thích" [--json]';
const { values, positionals } = readArguments(USAGE, {
  options: { json: { type: 'boolean' } },
  words: Number.POSITIVE_INFINITY,
});
const text = positionals.join(' ');
if (!text) give(`Thiếu câu. ${USAGE}`);
const { reader } = await openFiles();
const e = explain(reader, text, Date.now());
if (values.json) console.log(JSON.stringify(e));
else {
  const percent = (p: number): string => `${(p * 100).toFixed(1)}%`.padStart(6);
  console.log(`Đọc là: ${e.words.join(' ')}   (từ đã biết: ${percent(e.known).trim()})`);
  console.log(
    `Kết luận: ${e.heard.kind} · ${e.heard.action} · chắc ${percent(e.heard.certainty).trim()}` +
      `${e.heard.contrast ? ` · hỏi để phân biệt: ${e.heard.contrast}` : ''} · hỏi về: ${e.heard.facets.join(', ') || '-'}`,
  );
  for (const r of e.rules) console.log(`Quy tắc: ${r}`);
  console.log(`Loại: ${e.kinds.map((k) => `${k.kind} ${percent(k.p).trim()}`).join(', ')}`);
  for (const i of e.intents) {
    console.log(`${percent(i.p)}  ${i.intent}`);
    console.log(
      `        ${i.because.map((b) => `${b.gram} ${b.weight > 0 ? '+' : ''}${b.weight}`).join(' | ')}`,
    );
  }
  console.log(`Mục: ${e.facets.map((f) => `${f.facet} ${percent(f.p).trim()}`).join(', ')}`);
  for (const f of e.found) console.log(`Tìm theo tên: ${f.code}  ${f.score.toFixed(3)}  ${f.name}`);
  for (const x of e.entities) console.log(`Thấy: ${x.type} = ${x.value}  [${x.start}, ${x.end})`);
  for (const [i, p] of (e.heard.parts ?? []).entries())
    console.log(
      `Việc ${i + 1}: "${p.text}" → ${p.kind} ${p.intents[0]?.intent ?? ''} ${percent(p.certainty).trim()}`,
    );
}
