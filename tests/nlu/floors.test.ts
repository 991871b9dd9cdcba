// Scores on sentences never learned from may only rise: tests/nlu/floors.json (npm run evaluate -- --raise-floors).
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { openFiles } from '../../src/cli/open-files.ts';
import { evaluate, floorsOf, parseBlind, parseMeanings, raised } from '../../src/core/nlu/index.ts';

it('no score is below its floor', async () => {
  const here = import.meta.dirname;
  const floors = JSON.parse(await readFile(`${here}/floors.json`, 'utf8')) as Record<string, number>;
  const { content, reader } = await openFiles();
  const blind = parseBlind(await readFile(`${here}/held-out.tsv`, 'utf8'));
  const meanings = parseMeanings(await readFile(`${here}/paraphrases.yml`, 'utf8'));
  expect(blind.length).toBeGreaterThan(500);
  expect(meanings.length).toBeGreaterThanOrEqual(60);
  const now = floorsOf(evaluate(reader, content, { blind, meanings }));
  const below = Object.entries(floors)
    .filter(([name, floor]) => !(now[name]! >= floor))
    .map(([name, floor]) => `${name}: ${now[name]} < ${floor}`);
  expect(below).toEqual([]);
}, 240_000);

it('blind sentences and paraphrases are not among the examples, but for a few of a word or two', async () => {
  const here = import.meta.dirname;
  const { content } = await openFiles();
  const learned = new Set(
    [...content.intents.values()].flatMap((i) => i.examples).map((e) => e.toLowerCase()),
  );
  const blind = parseBlind(await readFile(`${here}/held-out.tsv`, 'utf8')).map((b) => b.text);
  const ways = parseMeanings(await readFile(`${here}/paraphrases.yml`, 'utf8')).flatMap((m) => m.ways);
  // evaluate() leaves these out of its scores; many of them would mean that somebody copied.
  const known = [...blind, ...ways].filter((t) => learned.has(t.toLowerCase()));
  expect(known.filter((t) => t.split(' ').length > 3).length).toBeLessThanOrEqual(5);
  expect(known.length).toBeLessThan((blind.length + ways.length) / 100);
}, 120_000);

it('floors only rise', () => {
  expect(raised({ a: 0.9, b: 0.5 }, { a: 0.8, b: 0.7, c: 0.6 })).toEqual({ a: 0.9, b: 0.685, c: 0.585 });
});
