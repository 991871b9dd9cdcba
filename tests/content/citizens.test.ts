// What is for citizens: a foreigner is asked nothing about it and told none of its facts.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FACT_FIELDS, known, NATIONALITY, parse } from '../../src/core/content/index.ts';
import { replay } from '../../src/core/flow/index.ts';
import { readFolder } from '../../src/store/folder.ts';

const parsed = parse(await readFolder(join(import.meta.dirname, '..', '..')));
if (!parsed.ok) throw new Error(parsed.problems.map((p) => `${p.where}: ${p.message}`).join('\n'));
const forCitizens = [...parsed.value.intents.values()].filter((i) => i.type === 'procedure' && i.citizens);

describe('procedures whose applicants are published to be citizens', () => {
  it('are those of passports and identity cards, among others', () => {
    expect(forCitizens.map((p) => p.id)).toEqual(
      expect.arrayContaining(['cap-ho-chieu', 'bao-mat-ho-chieu', 'cap-can-cuoc-tu-14', 'lap-ho-kinh-doanh']),
    );
  });
  it.each(forCitizens.map((p) => [p.id, p] as const))('%s', (_, p) => {
    if (p.type !== 'procedure') throw new Error(p.id);
    const foreigner = { [NATIONALITY.ask]: 'nuoc-ngoai' };
    expect(known(p, [...FACT_FIELDS], foreigner, '2026-11-24')).toEqual([]);
    expect(replay(p, foreigner).step).toBeUndefined();
    // Unsaid, they are a citizen: the facts hold, and nobody is asked for a passport.
    expect(known(p, [...FACT_FIELDS], {}, '2026-11-24')).not.toEqual([]);
    expect(replay(p, {}).step?.ask).not.toBe(NATIONALITY.ask);
  });
});
