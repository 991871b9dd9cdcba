import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CODE_ALPHABET, caseCode, looksMistyped, parseCaseCode } from '../../src/core/case-code.ts';
import { CaseCode } from '../../src/core/cases/case.ts';

const secret = 'a'.repeat(64);
const made = fc
  .tuple(fc.string(), fc.string(), fc.nat(50))
  .map(([conversation, key, attempt]) => caseCode(secret, conversation, key, attempt));

describe('a case code', () => {
  test('is the same for the same message and another for each attempt', () => {
    expect(caseCode(secret, 'web:1', 'k', 0)).toBe(caseCode(secret, 'web:1', 'k', 0));
    const walk = Array.from({ length: 200 }, (_, i) => caseCode(secret, 'web:1', 'k', i));
    expect(new Set(walk).size).toBe(200);
    expect(caseCode('other', 'web:1', 'k', 0)).not.toBe(walk[0]);
  });
  test('has the printed form, a letter and a digit, and reads back', () => {
    fc.assert(
      fc.property(made, (code) => {
        expect(CaseCode.safeParse(code).success).toBe(true);
        expect(code).toMatch(/\d/);
        expect(code).toMatch(/[A-Z]/);
        expect(parseCaseCode(code)).toBe(code);
      }),
    );
  });
  test('is read without dashes, with blanks, in lower case, with O for 0 and I or L for 1', () => {
    fc.assert(
      fc.property(made, (code) => {
        const bare = code.replaceAll('-', '');
        expect(parseCaseCode(bare.toLowerCase())).toBe(code);
        expect(parseCaseCode(` ${[...bare].join(' ')} `)).toBe(code);
        expect(parseCaseCode(code.replaceAll('-', ' – '))).toBe(code);
        expect(parseCaseCode(code.replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(code);
      }),
    );
  });
  test('every single wrong symbol at every place is refused', () => {
    for (let attempt = 0; attempt < 60; attempt++) {
      const bare = caseCode(secret, 'web:1', 'typo', attempt).replaceAll('-', '');
      for (let i = 0; i < 9; i++)
        for (const c of CODE_ALPHABET) {
          if (c === bare[i]) continue;
          expect(parseCaseCode(bare.slice(0, i) + c + bare.slice(i + 1))).toBeUndefined();
        }
    }
  });
  test('every swap of two different symbols, neighbours or not, is refused', () => {
    for (let attempt = 0; attempt < 200; attempt++) {
      const bare = [...caseCode(secret, 'web:1', 'swap', attempt).replaceAll('-', '')];
      for (let i = 0; i < 9; i++)
        for (let j = i + 1; j < 9; j++) {
          if (bare[i] === bare[j]) continue;
          const swapped = [...bare];
          [swapped[i], swapped[j]] = [swapped[j]!, swapped[i]!];
          expect(parseCaseCode(swapped.join(''))).toBeUndefined();
          expect(looksMistyped(swapped.join(''))).toBe(true);
        }
    }
  });
  test('other things are no codes: identity numbers, words, long text', () => {
    for (const s of ['012345678', 'HAMRTXYKQ', '', 'H78', 'xin chào anh', 'A'.repeat(1e6)]) {
      expect(parseCaseCode(s)).toBeUndefined();
      expect(looksMistyped(s)).toBe(false);
    }
  });
});
