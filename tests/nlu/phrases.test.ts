// Set phrases: whole words, with marks or without, at the place asked for.
import { beforeAll, describe, expect, it } from 'vitest';
import { openFiles } from '../../src/cli/open-files.ts';
import { findPhrase, type Reader } from '../../src/core/nlu/index.ts';

let reader: Reader;
beforeAll(async () => {
  ({ reader } = await openFiles());
}, 180_000);
const found = (text: string, phrases: string[], where: 'whole' | 'start' | 'in') => {
  const span = findPhrase(reader, text, phrases, where);
  return span && text.slice(span.start, span.end);
};

describe('a set phrase', () => {
  it('is found with its marks, without any, and with either place of the tone', () => {
    expect(found('thôi đừng hủy', ['đừng hủy'], 'in')).toBe('đừng hủy');
    expect(found('thoi dung huy', ['đừng hủy'], 'in')).toBe('dung huy');
    expect(found('thôi đừng huỷ', ['đừng hủy'], 'in')).toBe('đừng huỷ');
  });
  it('is not found in other words with the same letters', () => {
    expect(found('đúng hủy', ['đừng hủy'], 'in')).toBeUndefined();
    expect(found('khoản này', ['khoan'], 'in')).toBeUndefined();
    expect(found('vẫnn', ['vẫ'], 'in')).toBeUndefined();
  });
  it('is the whole message only when nothing else is said', () => {
    expect(found('cho em hỏi chút đã ạ', ['hỏi chút đã'], 'whole')).toBe('hỏi chút đã');
    expect(found('hỏi chút đã, phí bao nhiêu', ['hỏi chút đã'], 'whole')).toBeUndefined();
  });
  it('at the start is the longest that stands there', () => {
    expect(found('không phải ngõ 10', ['không', 'không phải'], 'start')).toBe('không phải');
    expect(found('ngõ 10 không phải', ['không phải'], 'start')).toBeUndefined();
  });
});
