// Learning in threads: the same model as learning in one go, and a fault that arrives as a fault.
import { expect, it } from 'vitest';
import { learnAside } from '../../src/app/learn-aside.ts';
import type { Content } from '../../src/core/content/index.ts';
import { learn } from '../../src/core/nlu/index.ts';
import { contentOf, tinySources } from './tiny.ts';

it('gives the very bytes of learn()', async () => {
  const content = contentOf(tinySources());
  expect(Buffer.compare(await learnAside(content), learn(content))).toBe(0);
}, 60_000);

it('passes on what broke', async () => {
  const broken = { ...contentOf(tinySources()), intents: undefined } as unknown as Content;
  await expect(learnAside(broken)).rejects.toThrow();
}, 60_000);
