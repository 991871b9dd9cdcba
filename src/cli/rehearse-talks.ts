// The talks of tests/conversations, for commands that play them: where they are, and whether they still go as written.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sameTalk } from '../app/same-talk.ts';
import type { Content } from '../core/content/index.ts';
import type { Reader } from '../core/nlu/index.ts';
import { parseChat } from '../core/transcript.ts';
import { rehearsal } from '../wire.ts';
import { ROOT } from './open-files.ts';

/** Every talk on the candidate; a line for each that goes otherwise or cannot be read, and one when there is none. */
export async function rehearseTalks(content: Content, reader: Reader, root = ROOT): Promise<string[]> {
  const names = talkNames(root);
  if (names.length === 0)
    return [
      'tests/conversations: không có cuộc thoại nào để diễn lại, nên không biết bản này còn nói đúng không',
    ];
  const wrong: string[] = [];
  for (const name of names) {
    const script = parseChat(readFileSync(join(root, name), 'utf8'));
    if (!script.ok) {
      wrong.push(...script.problems.map((p) => `${name}:${p.where}: ${p.message}`));
      continue;
    }
    // Officials may reword: only what was answered and done must stay.
    const fault = sameTalk(script.value, await rehearsal(content, reader)(script.value));
    if (fault) wrong.push(`${name}:${fault}`);
  }
  return wrong;
}

/** Paths of the talks under the root, sorted. */
export const talkNames = (root = ROOT): string[] =>
  globSync('tests/conversations/**/*.chat', { cwd: root }).sort();
