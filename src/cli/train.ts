// `npm run train`: learns from the project's content and says how long it took and how large it is; with `--data` and
// `--test` learns and measures the classifier on a foreign labelled set. `--json` for machines.
import { createHash } from 'node:crypto';
import { learnAside } from '../app/learn-aside.ts';
import { runForeign } from './foreign-set.ts';

import { give } from './give.ts';
import { readContent } from './open-files.ts';
import { readArguments } from './read-arguments.ts';

const { values } = readArguments('Cách dùng: npm run train [-- --data TẬP --test TẬP] [--json]', {
  options: { data: { type: 'string' }, test: { type: 'string' }, json: { type: 'boolean', default: false } },
});
if (values.data === undefined && values.test !== undefined)
  give('Có --test mà thiếu --data: thêm --data TỆP (hoặc thư mục có seq.in và label) để học.');
if (values.data !== undefined) await runForeign(values.data, values.test, values.json);
else {
  const { content } = await readContent(process.cwd());
  const started = performance.now();
  const bytes = await learnAside(content);
  const report = {
    intents: content.intents.size,
    contrasts: content.contrasts.size,
    examples: [...content.intents.values()].reduce((n, i) => n + i.examples.length, 0),
    bytes: bytes.byteLength,
    trainMs: Math.round(performance.now() - started),
    fingerprint: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
  };
  if (values.json) console.log(JSON.stringify(report));
  else
    console.log(
      `Học ${report.examples} câu mẫu, ${report.intents} ý định, ${report.contrasts} nhóm dễ nhầm trong ${report.trainMs} ms; ` +
        `mô hình ${(report.bytes / 1048576).toFixed(1)} MB, dấu vân tay ${report.fingerprint}.`,
    );
}
