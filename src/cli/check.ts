// `npm run check`: reads intents/ and locales/ and lists every fault by file and line. Exit 1 when there is one.
import { parse, validate } from '../core/content/index.ts';
import { readFolder } from '../store/folder.ts';
import { give } from './give.ts';
import { readArguments } from './read-arguments.ts';

const { positionals } = readArguments('Cách dùng: npm run check [-- THƯ_MỤC]', { words: 1 });
const root = positionals[0] ?? process.cwd();
const sources = await readFolder(root).catch(() => give(`Không đọc được intents/ và locales/ ở ${root}.`));
const parsed = parse(sources);
const problems = parsed.ok ? validate(parsed.value) : parsed.problems;
for (const p of problems) console.log(`${p.where}: ${p.message}`);
if (parsed.ok) {
  const intents = [...parsed.value.intents.values()];
  const of = (type: string) => intents.filter((i) => i.type === type).length;
  console.log(
    `${of('procedure')} thủ tục, ${of('topic')} chủ đề phản ánh, ${of('general')} ý định chung, ` +
      `${intents.reduce((n, i) => n + i.examples.length, 0)} câu mẫu, ${intents.reduce((n, i) => n + i.tests.length, 0)} câu thử.`,
  );
}
console.log(problems.length === 0 ? 'Không có lỗi.' : `${problems.length} lỗi.`);
process.exitCode = problems.length === 0 ? 0 : 1;
