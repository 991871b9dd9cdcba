// `npm run -s understand -- --in FILE`: one utterance a line in, one JSON object a line out, in order, heard as the
// first turn of a new conversation. Or `understand "text"`. Errors on stderr, exit code 2.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Heard, understand } from '../core/nlu/index.ts';
import { give, openFiles } from './open-files.ts';

const { values, positionals } = parseArgs({ options: { in: { type: 'string' } }, allowPositionals: true });

/** The outside contract: exactly these keys (docs/operations.md). */
const line = (text: string, h: Heard): string =>
  JSON.stringify({
    text,
    kind: h.kind,
    procedures: h.procedures.map(({ code, score }) => ({ code, score: Math.round(score * 1e4) / 1e4 })),
    facets: h.facets,
    entities: h.entities.map(({ type, value, start, end }) => ({ type, value, start, end })),
    certainty: Math.round(h.certainty * 1e4) / 1e4,
    action: h.action,
  });

const read = (): string[] => {
  if (values.in === undefined) {
    if (positionals.length === 0)
      give('Cách dùng: understand --in TỆP (hoặc - cho đầu vào chuẩn), hoặc understand "câu"');
    return [positionals.join(' ')];
  }
  try {
    const all = readFileSync(values.in === '-' ? 0 : values.in, 'utf8').split(/\r?\n/);
    if (all.at(-1) === '') all.pop();
    return all;
  } catch {
    return give(`Không đọc được tệp ${values.in}.`);
  }
};

const lines = read();
const { reader } = await openFiles();
const now = Date.now();
const out: string[] = [];
for (const text of lines) out.push(line(text, understand(reader, text, { now })));
process.stdout.write(out.length > 0 ? `${out.join('\n')}\n` : '');
