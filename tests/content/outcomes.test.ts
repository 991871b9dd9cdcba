// Every way through every flow ends where the golden file says: `UPDATE_GOLDENS=1 npx vitest run tests/content`
// rewrites it, and its diff is what changed for citizens. Then the proof that it would notice: every outcome is
// changed, one at a time, and a line must differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Content, type Intent, type Outcome, parse, slotsOf } from '../../src/core/content/index.ts';
import { optionsOf } from '../../src/core/flow/index.ts';
import { readFolder } from '../../src/store/folder.ts';
import { hasOutcomes, lineOf, readerFor, type Walked, walk } from './outcomes.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const GOLDEN = join(import.meta.dirname, 'outcomes.golden.txt');

const parsed = parse(await readFolder(ROOT));
if (!parsed.ok) throw new Error(parsed.problems.map((p) => `${p.where}: ${p.message}`).join('\n'));
const content: Content = parsed.value;
const reader = readerFor(content);
const flows = [...content.intents.values()].filter(hasOutcomes).sort((a, b) => (a.id < b.id ? -1 : 1));
const walked = new Map<string, Walked[]>();

describe('every path of every flow', () => {
  it('can be walked to a whole answer', () => {
    for (const i of flows) walked.set(i.id, walk(content, reader, i));
    const all = [...walked.values()].flat();
    expect(all.length).toBeGreaterThan(200);
    const wrong = all.filter(
      (w) =>
        w.text.trim() === '' ||
        w.ids === '' ||
        slotsOf(w.text).length > 0 ||
        /undefined|\[object|NaN/.test(w.text) ||
        w.ids.includes('nut-cu') ||
        w.end.includes('không mở'),
    );
    expect(wrong.map((w) => `${w.intent} | ${w.path} | ${w.ids} | ${w.text.slice(0, 80)}`)).toEqual([]);
  });

  it('ends in an outcome, where the intent has any', () => {
    const open = flows.filter((i) => i.outcomes.length > 0 && walked.get(i.id)!.some((w) => w.end === '-'));
    // An outcome may be empty on purpose: the facts alone are the answer.
    expect(open.filter((i) => i.type !== 'procedure').map((i) => i.id)).toEqual([]);
  });

  it('reaches every outcome', () => {
    const ends = (i: Intent, o: Outcome): boolean =>
      walked.get(i.id)!.some((w) => w.end.includes(o.say ?? o.go ?? (o.open ? 'open' : '-')));
    expect(
      flows.flatMap((i) => i.outcomes.filter((o) => !ends(i, o)).map((o) => `${i.id}: ${o.say}`)),
    ).toEqual([]);
  });

  it('tells papers and fees whole, time and place by their first lines, each with its source and a day', () => {
    const bare: string[] = [];
    let told = 0;
    for (const w of [...walked.values()].flat()) {
      if (w.end.includes('go ')) continue;
      const place = w.facts.some((f) => f.field === 'place') ? 'place' : 'agency';
      for (const field of ['documents', 'time', 'fee', place]) {
        const all = w.facts.filter((f) => f.field === field);
        for (const f of field === 'documents' || field === 'fee' ? all : all.slice(0, 1)) {
          told++;
          const named = f.named.every((x) => w.text.toLowerCase().includes(x.toLowerCase()));
          const sourced = named && /kiểm tra\D*\d{1,2}\/\d{1,2}\/\d{4}/.test(w.text);
          if (!w.text.includes(f.line) || !sourced)
            bare.push(`${w.intent} | ${w.path} | ${field}: ${f.line.slice(0, 60)} | ${f.source}`);
        }
      }
    }
    expect(told).toBeGreaterThan(300);
    expect(bare).toEqual([]);
  });

  it('ends where the golden file says', () => {
    const now = [...walked.values()].flat().map(lineOf);
    const text = `${now.join('\n')}\n`;
    if (process.env.UPDATE_GOLDENS) writeFileSync(GOLDEN, text);
    const golden = readFileSync(GOLDEN, 'utf8').split('\n').filter(Boolean);
    const had = new Set(golden);
    const has = new Set(now);
    const changed = [
      ...golden.filter((l) => !has.has(l)).map((l) => `- ${l}`),
      ...now.filter((l) => !had.has(l)).map((l) => `+ ${l}`),
    ];
    expect(
      changed,
      'Nếu đúng là muốn đổi: UPDATE_GOLDENS=1 npx vitest run tests/content, rồi đọc phần khác biệt.',
    ).toEqual([]);
  });
});

describe('a changed outcome breaks a line', () => {
  const lines = (i: Intent): string[] => {
    try {
      return walk({ ...content, intents: new Map(content.intents).set(i.id, i) }, reader, i).map(lineOf);
    } catch (error) {
      return [`threw ${error instanceof Error ? error.message : ''}`];
    }
  };
  const survivors = (
    change: (i: Intent, n: number) => Outcome[] | undefined,
  ): { tried: number; left: string[] } => {
    let tried = 0;
    const left: string[] = [];
    for (const i of flows) {
      const before = walked.get(i.id)!.map(lineOf).join('\n');
      for (const n of i.outcomes.keys()) {
        const outcomes = change(i, n);
        if (!outcomes) continue;
        tried++;
        if (lines({ ...i, outcomes } as Intent).join('\n') === before) left.push(`${i.id} outcomes[${n}]`);
      }
    }
    return { tried, left };
  };
  const replaced = (i: Intent, n: number, o: Outcome): Outcome[] =>
    i.outcomes.map((x, k) => (k === n ? o : x));

  it('another sentence', () => {
    const { tried, left } = survivors((i, n) => replaced(i, n, { ...i.outcomes[n]!, say: 'chao-dau' }));
    expect(tried).toBeGreaterThan(100);
    expect(left).toEqual([]);
  });

  it('an outcome taken away', () => {
    const { left } = survivors((i, n) => i.outcomes.filter((_, k) => k !== n));
    expect(left).toEqual([]);
  });

  it('a case no longer opened', () => {
    const { tried, left } = survivors((i, n) => {
      const { open, ...rest } = i.outcomes[n]!;
      return open && replaced(i, n, { ...rest, say: 'chao-dau' });
    });
    expect(tried).toBeGreaterThan(5);
    expect(left).toEqual([]);
  });

  it('a condition turned round', () => {
    const { tried, left } = survivors((i, n) => {
      const o = i.outcomes[n]!;
      const [ask, wanted] = Object.entries(o.when ?? {})[0] ?? [];
      const step = i.flow.find((s) => s.ask === ask);
      const others = step && optionsOf(step)?.filter((x) => ![wanted].flat().includes(x));
      return ask && others?.length ? replaced(i, n, { ...o, when: { ...o.when, [ask]: others } }) : undefined;
    });
    expect(tried).toBeGreaterThan(30);
    expect(left).toEqual([]);
  });

  it('a fact line that changes its words', () => {
    const left: string[] = [];
    for (const i of flows) {
      if (i.type !== 'procedure' || !i.facts.documents) continue;
      const documents = { ...i.facts.documents, source: 'không rõ' };
      const before = walked.get(i.id)!.map(lineOf).join('\n');
      if (lines({ ...i, facts: { ...i.facts, documents } }).join('\n') === before) left.push(i.id);
    }
    expect(left).toEqual([]);
  });
});
