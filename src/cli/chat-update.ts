// `npm run chat:update`: plays every talk under tests/conversations and writes what the bot says into it.
// With names, only talks whose path holds one of them. Read the diff before committing: it is the specification.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseChat, printChat } from '../core/transcript.ts';
import { rehearsal } from '../wire.ts';
import { openFiles, ROOT } from './open-files.ts';
import { readArguments } from './read-arguments.ts';
import { talkNames } from './rehearse-talks.ts';

const { positionals: wanted } = readArguments('Cách dùng: npm run chat:update [-- PHẦN_TÊN …]', {
  words: Number.POSITIVE_INFINITY,
});
const { content, reader } = await openFiles();
let changed = 0;
let failed = 0;
for (const name of talkNames()) {
  if (wanted.length > 0 && !wanted.some((w) => name.includes(w))) continue;
  const path = join(ROOT, name);
  const before = readFileSync(path, 'utf8');
  const script = parseChat(before);
  if (!script.ok) {
    for (const p of script.problems) console.error(`${name}:${p.where}: ${p.message}`);
    failed++;
    continue;
  }
  const after = printChat(await rehearsal(content, reader)(script.value));
  if (after === before) continue;
  writeFileSync(path, after);
  console.log(`đã viết lại ${name}`);
  changed++;
}
console.log(`${changed} cuộc thoại thay đổi.`);
process.exitCode = failed > 0 ? 1 : 0;
