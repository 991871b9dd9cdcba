// Every regular expression of the core, on long strings made to hurt it: those written in the source, and those that
// are put together when the modules are loaded.
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const files = globSync('src/core/**/*.ts');
const Plain = globalThis.RegExp;
const patterns = new Map<string, RegExp>();
const keep = (r: RegExp): void => void patterns.set(String(r), r);

/** A regular expression where a value may stand. */
const LITERAL =
  /(?<=[(=,:?[!&|]\s*|^\s+|return )\/(?![*/])((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)(?=[.,;)\]\s])/gm;

beforeAll(async () => {
  const made = (args: unknown[]): RegExp => {
    const r = Reflect.construct(Plain, args) as RegExp;
    keep(r);
    return r;
  };
  globalThis.RegExp = new Proxy(Plain, {
    construct: (_, args) => made(args),
    apply: (_, __, args) => made(args),
  });
  for (const file of files) await import(resolve(file));
  globalThis.RegExp = Plain;
  for (const file of files) {
    for (const [, source, flags] of readFileSync(file, 'utf8').matchAll(LITERAL))
      keep(new Plain(source!, flags));
  }
}, 120_000);
afterAll(() => {
  globalThis.RegExp = Plain;
});

/** As much as is read of a message. */
const LONG = 4000;
const FIXED = [
  'a',
  '0',
  ' ',
  '.',
  '-',
  ' a',
  '1 ',
  '1.',
  'a.',
  'a@',
  '\u0301',
  'ă̂',
  '1/1 ',
  'hai ',
  'hai muoi ',
  '👨‍👩‍👧',
  '\n',
];
const long = (piece: string, length: number): string =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** Pieces of the pattern itself, alone and in a row. */
function own(source: string): string[] {
  const words = source.replace(/\\[a-zA-Z](?:\{[^}]*\})?/g, ' ').match(/[\p{L}\d@.\-/:]+/gu) ?? [];
  const some = [...new Set(words)].slice(0, 8);
  return [...some.map((w) => `${w} `), some.join(' '), some.join('')].filter((s) => s.trim() !== '');
}

/** The best of three: another process may take the machine for a while, not three times. */
function ms(pattern: RegExp, text: string): number {
  const all = new Plain(pattern.source, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`);
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 3 && best > 20; k++) {
    const from = performance.now();
    text.replace(all, '');
    best = Math.min(best, performance.now() - from);
  }
  return best;
}

test('are found, written ones and composed ones', () => {
  expect(patterns.size).toBeGreaterThan(200);
  expect([...patterns.keys()].some((p) => p.includes('(?:mung|mong)'))).toBe(true);
});

test('no one of them takes long on any long string', () => {
  const slow: string[] = [];
  for (const [name, pattern] of patterns)
    for (const piece of [...FIXED, ...own(pattern.source)])
      for (const length of [40, 400, LONG]) {
        // An end that does not fit makes a pattern try every way before it gives up.
        const took = Math.max(ms(pattern, long(piece, length)), ms(pattern, ` ${long(piece, length)}\u0000`));
        if (took <= 400) continue;
        slow.push(`${took.toFixed(0)} ms: ${name.slice(0, 120)} on ${length} × ${JSON.stringify(piece)}`);
        break;
      }
  expect(slow).toEqual([]);
}, 300_000);

test('the measure finds a pattern that does', () => {
  expect(ms(/^(?:a+)+$/, `${'a'.repeat(27)}!`)).toBeGreaterThan(100);
});
