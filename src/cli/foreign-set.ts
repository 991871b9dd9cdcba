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
  const found = folder
    ? pairLines(text(join(path, 'seq.in')), text(join(path, 'label')))
    : parseLabelled(text(path));
  if (found.length === 0) give(`${path}: không có dòng nào có cả câu và nhãn.`);
  return found;
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
  if (test === undefined) give('Cần cả --data và --test.');
  const { content } = await readContent(process.cwd());
  const report = measureForeign(lines(data), lines(test), openLexicon(content.abbreviations), () =>
    performance.now(),
  );
  if (json) console.log(JSON.stringify(report));
  else print(report);
}
