import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clean, fold, foldedWords, looksEnglish } from '../../src/core/text.ts';

const anything = fc.string({ unit: 'binary', maxLength: 200 });

describe('clean', () => {
  test('composes and keeps what was typed', () => {
    expect(clean('Đăng ký'.normalize('NFD'))).toBe('Đăng ký');
    expect(clean('xin chào\r\nem hỏi')).toBe('xin chào\nem hỏi');
  });
  test('drops what no one types: controls, zero width, direction overrides, tags, soft hyphens', () => {
    expect(clean('a\u0000b\u200bc\u202ed\u{e0041}e\u00adf\u2066g\ufeff')).toBe('abcdefg');
  });
  test('keeps the joiner inside an emoji', () => {
    expect(clean('👨‍👩‍👧')).toBe('👨‍👩‍👧');
  });
  test('an unpaired surrogate becomes the replacement character', () => {
    expect(clean('a\ud800b')).toBe('a\ufffdb');
  });
  test('is NFC, idempotent and never throws', () => {
    fc.assert(
      fc.property(anything, (s) => {
        const once = clean(s);
        expect(once.normalize('NFC')).toBe(once);
        expect(clean(once)).toBe(once);
      }),
    );
  });
});

describe('fold', () => {
  test('strips every Vietnamese diacritic and đ', () => {
    expect(fold('ĐĂNG KÝ Thường Trú ở Ứng Hòa')).toBe('dang ky thuong tru o ung hoa');
    expect(fold('đường'.normalize('NFD'))).toBe('duong');
  });
  test('is idempotent and blind to Unicode form', () => {
    fc.assert(
      fc.property(anything, (s) => {
        expect(fold(fold(s))).toBe(fold(s));
      }),
    );
    const vietnamese = fc.string({
      unit: fc.constantFrom(...'aăâđêôơưàảãáạằẳẵắặầẩẫấậừửữứự ABC'),
      maxLength: 50,
    });
    fc.assert(
      fc.property(vietnamese, (s) => {
        expect(fold(s.normalize('NFD'))).toBe(fold(s));
        expect(fold(s)).toMatch(/^[a-z ]*$/);
      }),
    );
  });
});

test('foldedWords gives each word once, folded, in order', () => {
  expect(foldedWords('Rác, rác thải ở ngõ 12!')).toEqual(['rac', 'thai', 'o', 'ngo', '12']);
  expect(foldedWords('')).toEqual([]);
});

test('English is told from Vietnamese without its marks', () => {
  const english = [
    'I want to renew my passport',
    'hello, can you help me',
    'where is the police office',
    'my house is on fire help',
    'how do i register a birth',
    'I am a foreigner',
    'please please help me',
    'Can I extend my visa?',
  ];
  const vietnamese = [
    'lam the can cuoc can gi',
    'mat the bhyt xin cap lai can gi',
    'xin visa di my can gi',
    'hello ad help e voi',
    'do xe o dau',
    'to khai cho con an do',
    'can the',
    'that a',
    'di my dinh do xe',
    'help',
  ];
  expect(english.filter((t) => !looksEnglish(t))).toEqual([]);
  expect(vietnamese.filter(looksEnglish)).toEqual([]);
});

test('a megabyte of anything takes linear time', () => {
  const hostile = [
    'a'.repeat(1e6),
    '1'.repeat(1e6),
    'a\u0306\u0302'.repeat(10_000),
    `a${'\u0306\u0323'.repeat(200_000)}`,
    '\ud800'.repeat(500_000),
    '( '.repeat(300_000),
  ];
  for (const s of hostile)
    for (const f of [clean, fold, foldedWords]) {
      const started = performance.now();
      f(s);
      expect(performance.now() - started).toBeLessThan(1500);
    }
});
