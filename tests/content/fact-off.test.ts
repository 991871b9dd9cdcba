// A fact that is turned off is said nowhere: each fact of the real content is taken out, one at a time as
// `npm run release -- --fact-off` does, and its lines and amounts are looked for in all that its procedure would say.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Content,
  type Fact,
  type FactField,
  type Procedure,
  parse,
  resting,
} from '../../src/core/content/index.ts';
import { readFolder } from '../../src/store/folder.ts';
import { readerFor, tellFacet, walk } from './outcomes.ts';

const parsed = parse(await readFolder(join(import.meta.dirname, '..', '..')));
if (!parsed.ok) throw new Error(parsed.problems.map((p) => `${p.where}: ${p.message}`).join('\n'));
const content: Content = parsed.value;
const reader = readerFor(content);

const linesOf = (facts: Procedure['facts']): string[] =>
  Object.values(facts).flatMap(({ value }: Fact) =>
    typeof value === 'string' ? [value] : value.map((l) => (typeof l === 'string' ? l : l.text)),
  );
const AMOUNTS =
  /(?<![\d.,/])\d[\d.,]*\s?(?:%|USD|m²|(?:ngày làm việc|ngày|tuần|tháng|năm|giờ|đồng|triệu|lần|tầng)(?!\p{L}))/gu;
const FREE = /miễn (?:lệ phí|phí|thuế)|không mất (?:lệ )?phí|không (?:thu|phải nộp) lệ phí/giu;

/** What only these lines state: lines long enough to say something, amounts, exemptions. */
function valuesOf(lines: string[], rest: string): string[] {
  const values = lines.flatMap((l) => [
    ...(l.split(' ').length > 6 ? [l] : []),
    ...(l.match(AMOUNTS) ?? []),
    ...(l.match(FREE) ?? []),
  ]);
  return [...new Set(values)].filter((v) => !states(rest, v));
}
/** "7 ngày" is no part of "17 ngày". */
const states = (text: string, value: string): boolean => {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
    if (at === 0 || !/[\d.,/]/.test(text[at - 1]!)) return true;
  return false;
};

/** Names in capitals that lines give to offices, portals and papers: "Công an xã, phường", "Giấy chứng nhận". */
const namesIn = (lines: string[]): string[] => [
  ...new Set(
    lines.flatMap((l) => (l.match(/\p{Lu}[\p{L}]+(?:,? [\p{L}\d]+){2}/gu) ?? []).map((n) => n.toLowerCase())),
  ),
];

/** All that is said of a procedure but for its flow's questions: overviews of every path, and one facet. */
function said(p: Content['intents'] extends Map<string, infer I> ? I : never, facet: string): string {
  const with_ = { ...content, intents: new Map(content.intents).set(p.id, p) };
  const overviews = walk(with_, reader, p).filter((w) => !w.end.includes('go '));
  return [...overviews.map((w) => w.text), ...tellFacet(with_, reader, p, facet)].join('\n\n');
}

describe('a fact that is turned off', () => {
  const procedures = [...content.intents.values()].filter((i) => i.type === 'procedure');

  it('is said on no path, in no answer', () => {
    const still: string[] = [];
    let looked = 0;
    for (const p of procedures)
      for (const [field, fact] of Object.entries(p.facts) as [FactField, Fact][]) {
        const { [field]: _, ...rest } = p.facts;
        const values = valuesOf(linesOf({ [field]: fact }), linesOf(rest).join('\n'));
        if (values.length === 0) continue;
        const text = said({ ...p, facts: rest }, field);
        looked += values.length;
        for (const v of values) if (states(text, v)) still.push(`${p.id} ${field}: ${v}`);
      }
    expect(looked).toBeGreaterThan(1500);
    expect(still).toEqual([]);
  });

  it('leaves no office and no paper named in the sentence before it', () => {
    const still: string[] = [];
    let looked = 0;
    for (const p of procedures)
      for (const field of ['agency', 'place', 'documents'] as const) {
        const { [field]: fact, ...rest } = p.facts;
        if (!fact) continue;
        const own = namesIn(linesOf({ [field]: fact }));
        const called = `${p.name}\n${content.wording.vi[`${p.id}.title`]}`.toLowerCase();
        for (const lead of new Set(p.outcomes.flatMap((o) => o.say ?? []))) {
          const text = content.wording.vi[lead]!;
          const named = (of: string): string[] =>
            own.filter((n) => of.toLowerCase().includes(n) && !called.includes(n));
          looked += named(text).length;
          for (const n of named(resting(text, { facts: rest }))) still.push(`${lead} ${field}: ${n}`);
          expect(resting(text, p)).not.toMatch(/[{}]/);
        }
      }
    expect(looked).toBeGreaterThan(150);
    expect(still).toEqual([]);
  });

  it('is not told where to go once the place is turned off, and the rest still is', () => {
    const p = procedures.find((i) => i.id === 'lap-ho-kinh-doanh')!;
    const { place: _, ...rest } = p.facts;
    expect(said(p, 'documents')).toContain('của xã, phường bất kỳ trong thành phố');
    const off = said({ ...p, facts: rest }, 'documents');
    expect(off).not.toContain('của xã, phường bất kỳ trong thành phố');
    expect(off).toContain('Giấy đề nghị đăng ký hộ kinh doanh');
  });

  it('was said before, where an overview tells it', () => {
    const p = procedures.find((i) => i.id === 'dang-ky-khai-sinh')!;
    for (const value of ['trong 60 ngày kể từ ngày sinh', '8.000 đồng'])
      expect(said(p, 'fee')).toContain(value);
  });
});
