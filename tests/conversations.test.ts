// Every talk, character by character: the specification that officials can read. `npm run chat:update` rewrites.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFiles, ROOT } from '../src/cli/open-files.ts';
import { parseChat, printChat, type TalkLine } from '../src/core/transcript.ts';
import { rehearsal } from '../src/wire.ts';

let play: (script: TalkLine[]) => Promise<TalkLine[]>;
beforeAll(async () => {
  const { content, reader } = await openFiles();
  play = rehearsal(content, reader);
}, 180_000);

const names = globSync('tests/conversations/**/*.chat', { cwd: ROOT }).sort();

describe('talks', () => {
  it('are at least thirty', () => expect(names.length).toBeGreaterThanOrEqual(30));
  for (const name of names)
    it(name, async () => {
      const text = readFileSync(join(ROOT, name), 'utf8');
      const script = parseChat(text);
      if (!script.ok)
        throw new Error(script.problems.map((p) => `${name}:${p.where}: ${p.message}`).join('\n'));
      expect(printChat(await play(script.value))).toBe(text);
    });
});
