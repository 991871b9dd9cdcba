// `train` and `evaluate` on a labelled set that is not the project's: reads TSV files or seq.in/label folders and
// prints the measures. Errors on stderr, exit code 2.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ForeignReport,
  type Line,
  measureForeign,
  openLexicon,
  pairLines,
  parseLabelled,
} from '../core/nlu/index.ts';
import { give } from './give.ts';
import { readContent } from './open-files.ts';

function lines(path: string): Line[] {
  const text = (file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return give(`Không đọc được ${file}.`);
    }
  };
  let folder = false;
  try {
    folder = statSync(path).isDirectory();
  } catch {
    give(`Không có ${path}.`);
  }
  if (folder) {
    const [texts, labels] = [join(path, 'seq.in'), join(path, 'label')];
    const [t, l] = [text(texts), text(labels)];
    const [inTexts, inLabels] = [linesIn(t), linesIn(l)];
    if (inTexts !== inLabels)
      give(
        `${texts} có ${inTexts} dòng, ${labels} có ${inLabels} dòng: từ dòng ${Math.min(inTexts, inLabels) + 1} không còn khớp. Mỗi câu cần đúng một nhãn cùng dòng; sửa cho hai tệp bằng nhau rồi chạy lại.`,
      );
    return some(path, pairLines(t, l));
  }
  const tsv = text(path);
  for (const [i, line] of tsv.split(/\r?\n/).entries()) {
    const where = `${path}:${i + 1}`;
    const cells = line.split('\t').map((c) => c.trim());
    if (line.trim() === '') continue;
    if (!cells[0] || !cells[1])
      give(
        `${where}: dòng này không có đủ hai cột câu và nhãn, cách nhau bằng một dấu tab. Sửa hoặc bỏ dòng này rồi chạy lại.`,
      );
    const heading = cells.map((c) => c.toLowerCase());
    if (heading[0] === 'label' && heading[1] === 'text')
      give(
        `${where}: hai cột bị ngược, nhãn đứng trước câu. Đổi lại thành "text⇥label" (câu trước, nhãn sau) rồi chạy lại.`,
      );
  }
  const found = parseLabelled(tsv);
  refuseHeading(path, tsv, found);
  return some(path, found);
}

function some(path: string, found: Line[]): Line[] {
  if (found.length === 0) give(`${path}: không có dòng nào có cả câu và nhãn.`);
  return found;
}

/** Lines of a file, the end of the last one not counted. */
const linesIn = (text: string): number =>
  text === '' ? 0 : text.replace(/(?:\r?\n)+$/, '').split(/\r?\n/).length;

/** A first line whose label no other line bears, in a set whose labels all come back, is a heading of other names. */
function refuseHeading(path: string, tsv: string, found: Line[]): void {
  const [first, ...rest] = found;
  if (!first || rest.length === 0 || tsv.split(/\r?\n/)[0]?.trim() !== `${first.text}\t${first.label}`)
    return;
  const seen = new Map<string, number>();
  for (const { label } of rest) seen.set(label, (seen.get(label) ?? 0) + 1);
  const bare = /^[\p{L}\p{N}_.-]+$/u;
  if (seen.has(first.label) || !bare.test(first.text) || !bare.test(first.label)) return;
  if ([...seen.values()].every((n) => n > 1))
    give(
      `${path}:1: "${first.text}⇥${first.label}" giống dòng tiêu đề hơn là một câu. Tiêu đề phải là "text⇥label"; sửa hoặc bỏ dòng này rồi chạy lại.`,
    );
}

const percent = (x: number): string => `${(x * 100).toFixed(2)}%`;

function print(r: ForeignReport): void {
  console.log(
    `Học ${r.train} câu, ${r.labels} nhãn, ${r.trainMs} ms. Thử ${r.test} câu, ${r.msPerUtterance} ms mỗi câu.`,
  );
  console.log(
    `Đúng ${percent(r.accuracy)} · macro-F1 ${percent(r.macroF1)} · không dấu ${percent(r.bareAccuracy)}`,
  );
  if (r.unseenLabels.length > 0) console.log(`Nhãn chỉ có trong tập thử: ${r.unseenLabels.join(', ')}`);
  console.log('\nNhãn                                     số câu  đúng/nói   đúng/có     F1');
  for (const [label, s] of Object.entries(r.perLabel))
    console.log(
      `${label.padEnd(40)} ${String(s.n).padStart(6)}  ${percent(s.precision).padStart(8)}  ${percent(s.recall).padStart(8)}  ${percent(s.f1).padStart(8)}`,
    );
  if (r.confusions.length > 0) console.log('\nNhầm');
  for (const c of r.confusions) console.log(`${String(c.n).padStart(4)}  ${c.right} → ${c.said}`);
}

/** Learns on `data`, measures on `test`, prints a table or JSON. */
export async function runForeign(data: string, test: string | undefined, json: boolean): Promise<void> {
  if (test === undefined)
    give('Có --data mà thiếu --test: thêm --test TỆP (hoặc thư mục có seq.in và label).');
  const { content } = await readContent(process.cwd());
  const report = measureForeign(lines(data), lines(test), openLexicon(content.abbreviations), () =>
    performance.now(),
  );
  if (json) console.log(JSON.stringify(report));
  else print(report);
}
