// `npm run evaluate`: how well the project's content is understood, on sentences never learned from. `--folds 5` and
// `--styles` learn anew; `--raise-floors` writes better scores to tests/nlu/floors.json, never worse ones.
// `--data A --test B` measures the classifier on a foreign labelled set instead. `--json` for machines.
import { readFile, writeFile } from 'node:fs/promises';
import { evaluate, floorsOf, parseBlind, parseMeanings, raised } from '../core/nlu/index.ts';
import { runForeign } from './foreign-set.ts';

import { give } from './give.ts';
import { openFiles } from './open-files.ts';
import { readArguments, wholeNumber } from './read-arguments.ts';

const USAGE =
  'Cách dùng: npm run evaluate [-- --folds N] [--styles] [--all] [--raise-floors] [--json], hoặc --data TẬP --test TẬP';
const { values } = readArguments(USAGE, {
  options: {
    data: { type: 'string' },
    test: { type: 'string' },
    json: { type: 'boolean', default: false },
    folds: { type: 'string' },
    styles: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    'raise-floors': { type: 'boolean', default: false },
  },
});

const folds = values.folds === undefined ? 5 : Math.max(2, wholeNumber('--folds', values.folds));
const FLOORS = 'tests/nlu/floors.json';

async function own(): Promise<void> {
  const { content, reader } = await openFiles();
  const optional = (path: string): Promise<string | undefined> =>
    readFile(path, 'utf8').catch(() => undefined);
  const blind = await optional('tests/nlu/held-out.tsv');
  const meanings = await optional('tests/nlu/paraphrases.yml');
  const report = evaluate(reader, content, {
    ...(blind === undefined ? {} : { blind: parseBlind(blind) }),
    ...(meanings === undefined ? {} : { meanings: parseMeanings(meanings) }),
    ...(values.folds || values.all ? { folds } : {}),
    styles: values.styles || values.all,
  });
  if (values['raise-floors']) {
    const before = JSON.parse((await optional(FLOORS)) ?? '{}') as Record<string, number>;
    const after = raised(before, floorsOf(report));
    await writeFile(FLOORS, `${JSON.stringify(after, null, 2)}\n`);
  }
  if (values.json) {
    console.log(JSON.stringify(report));
    return;
  }
  const p = (x: number): string => `${(x * 100).toFixed(1)}%`;
  const set = (name: string, s: typeof report.tests): void => {
    console.log(`\n${name}: ${s.n} câu`);
    console.log(
      `  loại ${p(s.kind.accuracy)} (macro-F1 ${p(s.kind.macroF1)}) · ý định ${p(s.intent.accuracy)} (macro-F1 ${p(s.intent.macroF1)})`,
    );
    console.log(
      `  thủ tục đúng ngay ${p(s.procedure.top1)}, trong ba ${p(s.procedure.top3)} (${s.procedure.n} câu)`,
    );
    console.log(
      `  mục hỏi: đúng hết ${p(s.facet.exact)}, có mục chính ${p(s.facet.firstFound)} (${s.facet.n} câu)`,
    );
    console.log(
      `  ngoài phạm vi: nhận ra ${p(s.outOfScope.recall)} (${s.outOfScope.n} câu), báo nhầm ${p(s.outOfScope.falseAlarms)}`,
    );
    console.log(
      `  việc khẩn và tố cáo: nhận ra ${p(s.protected.recall)} (${s.protected.n} câu), báo nhầm ${p(1 - s.calm.share)} · sai số độ chắc (ECE) ${p(s.ece)}`,
    );
    console.log(
      `  nhầm loại: ${s.kind.confusions
        .slice(0, 8)
        .map((c) => `${c.right}→${c.said} ${c.n}`)
        .join(', ')}`,
    );
    console.log(
      `  nhầm ý định: ${s.intent.confusions
        .slice(0, 8)
        .map((c) => `${c.right}→${c.said} ${c.n}`)
        .join(', ')}`,
    );
  };
  console.log(`${report.labels} nhãn, ${report.examples} câu mẫu`);
  set('Câu thử của nội dung', report.tests);
  console.log(
    `  không dấu: loại ${p(report.bare.kind)}, ý định ${p(report.bare.intent)} · gõ sai, chữ chat: loại ${p(report.rough.kind)}, ý định ${p(report.rough.intent)}`,
  );
  if (report.blind) {
    set('Câu của người khác', report.blind);
    console.log(`  không dấu: loại ${p(report.blind.bare.kind)}, ý định ${p(report.blind.bare.intent)}`);
    for (const [style, s] of Object.entries(report.blind.perStyle))
      console.log(`  ${style}: loại ${p(s.kind)}, ý định ${p(s.intent)} (${s.n})`);
  }
  if (report.paraphrases) {
    const x = report.paraphrases;
    console.log(
      `\nNói nhiều cách: ${x.meanings} ý, ${x.ways} cách · hiểu đúng ${p(x.right)} · hiểu như nhau ${p(x.consistent)}`,
    );
    for (const w of x.worst) console.log(`  ${p(w.right)}  ${w.meaning}`);
  }
  if (report.folds)
    console.log(
      `\nKiểm chéo ${report.folds.k} phần: loại ${p(report.folds.kind.accuracy)}, ý định ${p(report.folds.intent.accuracy)} (macro-F1 ${p(report.folds.intent.macroF1)}), không dấu ${p(report.folds.bare)}`,
    );
  for (const [style, s] of Object.entries(report.styles ?? {}))
    console.log(`Học thiếu kiểu "${style}": loại ${p(s.kind)}, ý định ${p(s.intent)} (${s.n} câu)`);
  if (report.thin.length > 0)
    console.log(`\nÍt câu mẫu: ${report.thin.map((t) => `${t.intent} ${t.examples}`).join(', ')}`);
}

if (values.data === undefined && values.test !== undefined)
  give('Có --test mà thiếu --data: thêm --data TỆP (hoặc thư mục có seq.in và label) để học.');
if (values.data !== undefined) await runForeign(values.data, values.test, values.json);
else await own();
