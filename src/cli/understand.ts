// `npm run -s understand -- --in FILE`: one utterance a line in, one JSON object a line out, in order, heard as the
// first turn of a new conversation. Or `understand "text"`. Errors on stderr, exit code 2.
import { type Heard, understand } from '../core/nlu/index.ts';
import { give, readGiven } from './give.ts';
import { openFiles } from './open-files.ts';
import { readArguments } from './read-arguments.ts';

const USAGE =
  'Cách dùng: npm run understand -- --in TỆP (- là đầu vào chuẩn), hoặc npm run understand -- "câu"';
const { values, positionals } = readArguments(USAGE, {
  options: { in: { type: 'string' } },
  words: Number.POSITIVE_INFINITY,
});

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
    if (positionals.length === 0) give(`Thiếu câu. ${USAGE}`);
    return [positionals.join(' ')];
  }
  const all = readGiven(values.in).toString('utf8').split(/\r?\n/);
  if (all.at(-1) === '') all.pop();
  return all;
};

const lines = read();
const { reader } = await openFiles();
const now = Date.now();
const out: string[] = [];
for (const text of lines) out.push(line(text, understand(reader, text, { now })));
process.stdout.write(out.length > 0 ? `${out.join('\n')}\n` : '');
