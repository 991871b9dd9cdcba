// An English speaker is not answered in Vietnamese by the bot itself: only facts, and agencies' names, stay as published.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from '../../src/core/content/index.ts';
import { SYSTEM } from '../../src/core/content/system.ts';
import { readFolder } from '../../src/store/folder.ts';

const parsed = parse(await readFolder(join(import.meta.dirname, '..', '..')));
if (!parsed.ok) throw new Error(parsed.problems.map((p) => `${p.where}: ${p.message}`).join('\n'));
const { intents, wording } = parsed.value;

it('words in English all that the code says and every answer of a general intent', () => {
  // Problems are said to officers and operators, who read Vietnamese.
  const said = Object.keys(SYSTEM).filter((id) => !id.startsWith('problem.'));
  const answers = [...intents.values()].flatMap((i) =>
    i.type === 'general' && wording.vi[i.id] ? [i.id] : [],
  );
  expect([...said, ...answers].filter((id) => wording.en[id] === undefined)).toEqual([]);
});

it('says to somebody else what a case has come to without taking them for its sender', () => {
  for (const [id, text] of Object.entries(wording.en))
    if (id.startsWith('vu.status.')) expect(text, id).not.toMatch(/\byou(?:r)?\b/);
});
