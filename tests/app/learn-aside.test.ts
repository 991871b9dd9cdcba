// Learning aside: the same model as learning in one go, a fault that arrives as a fault, and nothing learned twice.
import { expect, it } from 'vitest';
import { learnAside } from '../../src/app/learn-aside.ts';
import { learned } from '../../src/app/learned.ts';
import { readContent } from '../../src/cli/open-files.ts';
import type { Content } from '../../src/core/content/index.ts';
import { fitsModel, learn } from '../../src/core/nlu/index.ts';
import { contentOf, tinySources } from './tiny.ts';

it('gives the very bytes of learn()', async () => {
  const content = contentOf(tinySources());
  expect(Buffer.compare(await learnAside(content), learn(content))).toBe(0);
}, 60_000);

it('passes on what broke', async () => {
  const broken = { ...contentOf(tinySources()), intents: undefined } as unknown as Content;
  await expect(learnAside(broken)).rejects.toThrow();
}, 60_000);

it('is not done where the build has done it', async () => {
  let begun = 0;
  const begins = (): void => {
    begun++;
  };
  // What the build kept (tests/learn-once.ts) is what the files say now.
  const { content } = await readContent();
  const kept = await learned(content, begins);
  expect(begun).toBe(0);
  expect(fitsModel(content, kept)).toBe(true);
  const other = contentOf(tinySources());
  expect(fitsModel(other, await learned(other, begins))).toBe(true);
  expect(begun).toBe(1);
}, 60_000);
