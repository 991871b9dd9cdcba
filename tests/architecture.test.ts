// The import rules of the house, each with its sentence. A violation names the file and the import.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

interface Import {
  file: string;
  /** Path under the project for our own files, package name for others. */
  to: string;
  type: boolean;
}

const files = globSync('src/**/*.{ts,tsx}', { cwd: ROOT }).map((f) => f.replaceAll('\\', '/'));
const textOf = (f: string): string => readFileSync(join(ROOT, f), 'utf8');
const imports: Import[] = files.flatMap((file) =>
  [
    ...textOf(file).matchAll(
      /^(?:import|export)\s+(type\s)?[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm,
    ),
  ].map((m) => {
    const spec = m[2] ?? m[3] ?? m[4]!;
    const named = m[0].replace(/^(?:import|export)\s+/, '');
    // `import { type A, type B }` imports only types too.
    const onlyTypes =
      m[1] !== undefined ||
      (/^\{[^}]*\}/.test(named) &&
        named
          .slice(1, named.indexOf('}'))
          .split(',')
          .every((x) => x.trim() === '' || x.trim().startsWith('type ')));
    return { file, to: spec.startsWith('.') ? normalize(join(dirname(file), spec)) : spec, type: onlyTypes };
  }),
);

const layer = (path: string): string => {
  if (path === 'src/main.ts' || path.startsWith('src/cli/')) return 'entry';
  if (path === 'src/wire.ts') return 'wire';
  if (path === 'src/config.ts') return 'config';
  return /^src\/([a-z]+)\//.exec(path)?.[1] ?? path;
};
const breaking = (test: (i: Import) => boolean): string[] =>
  imports.filter(test).map((i) => `${i.file} imports ${i.to}`);
const own = (i: Import): boolean => i.to.startsWith('src/');

describe('imports', () => {
  it('are found at all', () => expect(imports.length).toBeGreaterThan(100));

  it('core is pure: from outside core only zod, yaml, hashing, and in nlu the text tools', () => {
    const allowed = ['zod', 'yaml', 'node:crypto'];
    const nlu = ['minisearch', 'fastest-levenshtein', '@dqcai/vn-lunar'];
    expect(
      breaking(
        (i) =>
          layer(i.file) === 'core' &&
          !(own(i)
            ? layer(i.to) === 'core'
            : allowed.includes(i.to) || (i.file.startsWith('src/core/nlu/') && nlu.includes(i.to))),
      ),
    ).toEqual([]);
  });

  it('core uses of node:crypto only hashing: no dice', () => {
    const bad = files.filter(
      (f) => f.startsWith('src/core/') && /\b(randomBytes|randomUUID|randomInt|webcrypto)\b/.test(textOf(f)),
    );
    expect(bad).toEqual([]);
  });

  it('core reads no clock and rolls no dice: it gets `now`', () => {
    const bad = files.filter(
      (f) =>
        f.startsWith('src/core/') &&
        /Date\.now\(|new Date\(\)|Math\.random\(|performance\.now|process\./.test(textOf(f)),
    );
    expect(bad).toEqual([]);
  });

  it('a folder of core is entered only by its index.ts, or by a file of shapes', () => {
    const shapes = [
      'src/core/nlu/heard.ts',
      'src/core/content/schema.ts',
      'src/core/cases/case.ts',
      'src/core/dialogue/conversation.ts',
    ];
    const folder = (p: string): string | undefined => /^src\/core\/([a-z-]+)\//.exec(p)?.[1];
    expect(
      breaking(
        (i) =>
          own(i) &&
          folder(i.to) !== undefined &&
          folder(i.to) !== folder(i.file) &&
          !i.to.endsWith('/index.ts') &&
          !shapes.includes(i.to),
      ),
    ).toEqual([]);
  });

  it('app imports no framework, no store, no channel: it speaks through its ports', () => {
    const packages = ['zod', 'yaml', 'sharp', 'file-type'];
    expect(
      breaking(
        (i) =>
          layer(i.file) === 'app' &&
          (own(i)
            ? !['app', 'core'].includes(layer(i.to))
            : !i.to.startsWith('node:') && !packages.includes(i.to)),
      ),
    ).toEqual([]);
  });

  it('channels never see store, store never sees channels, neither sees http', () => {
    expect(
      breaking(
        (i) =>
          layer(i.file) === 'channels' &&
          own(i) &&
          !i.type &&
          ['store', 'http', 'wire', 'entry'].includes(layer(i.to)),
      ),
    ).toEqual([]);
    expect(
      breaking(
        (i) =>
          layer(i.file) === 'store' && own(i) && ['channels', 'http', 'wire', 'entry'].includes(layer(i.to)),
      ),
    ).toEqual([]);
  });

  it('edges get use-cases as functions: from app only its ports, as types', () => {
    expect(
      breaking(
        (i) =>
          ['channels', 'http'].includes(layer(i.file)) &&
          layer(i.to) === 'app' &&
          i.to !== 'src/app/ports.ts',
      ),
    ).toEqual([]);
  });

  it('only entries import wire', () => {
    expect(breaking((i) => i.to === 'src/wire.ts' && layer(i.file) !== 'entry')).toEqual([]);
  });

  it('only config.ts reads the environment', () => {
    const bad = files.filter(
      (f) => f !== 'src/config.ts' && !f.startsWith('src/web/') && /process\.env/.test(textOf(f)),
    );
    expect(bad).toEqual([]);
  });

  it('the browser programs import from core only types', () => {
    expect(breaking((i) => layer(i.file) === 'web' && own(i) && layer(i.to) !== 'web' && !i.type)).toEqual(
      [],
    );
  });

  it('code knows no procedure and no agency by name', () => {
    const ids = globSync('intents/{thu-tuc,phan-anh}/*.yml', { cwd: ROOT }).map((f) =>
      f.split(/[\\/]/).at(-1)!.replace('.yml', ''),
    );
    expect(ids.length).toBeGreaterThan(60);
    const bad = files.flatMap((f) => {
      const code = textOf(f).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      return ids
        .filter((id) => id.includes('-') && (code.includes(`'${id}'`) || code.includes(`"${id}"`)))
        .map((id) => `${f} names ${id}`);
    });
    expect(bad).toEqual([]);
  });

  it('dialogue, options and the cutting of messages hold no Vietnamese vocabulary: words live in intents/ and locales/', () => {
    const grammar: Record<string, string> = {
      // The days of the week and what tells a day from a house number: grammar of dates.
      'src/core/dialogue/named-day.ts': '*',
      // Numbers: the first of several.
      'src/core/nlu/options.ts': 'dau',
      // English plurals, and the ids of answers said before.
      'src/core/dialogue/english.ts': 'licence',
      'src/core/dialogue/general.ts': 'thu tuc chua co',
      // What parts the choices of an English label.
      'src/core/dialogue/questions.ts': 'or',
    };
    const held = files.filter(
      (f) => f.startsWith('src/core/dialogue/') || /^src\/core\/nlu\/(options|split)\.ts$/.test(f),
    );
    expect(held.length).toBeGreaterThan(25);
    const bad = held.flatMap((f) => {
      const code = textOf(f).replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*$/gm, '');
      const marked =
        code.match(/[^\s'"`|/(]*[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1ef9][^\s'"`|/)]*/g) ?? [];
      const folded = (code.match(REGEX) ?? [])
        .map((r) => r.replace(/\/[a-z]*$/, '').replace(/\\p\{\w+\}|\\.|\[(?:\\.|[^\]])*\]/g, ' '))
        .flatMap((r) => r.match(/[a-z]{2,}/g) ?? []);
      const listed = [...code.matchAll(/'([a-z ]+)'/g)].flatMap((m) =>
        m[1]!.split(' ').filter((w) => COMMON.includes(w)),
      );
      const may = (w: string): boolean => grammar[f] === '*' || (grammar[f]?.split(' ').includes(w) ?? false);
      return [...marked, ...[...folded, ...listed].filter((w) => !may(w))].map((w) => `${f}: ${w}`);
    });
    expect(bad).toEqual([]);
  });
});

/** A regular expression where an expression may begin. */
const REGEX = /(?<=[=(,:!?&|[]\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\n\\])+\/[a-z]*/g;
/** The commonest words without their marks, none of them the id of an answer. */
const COMMON = 'va voi cua thi nhung cai duoc ko nao gi sao cung roi chang vay neu nham sai dau'.split(' ');
