// Set phrases: whole words, with marks or without, at the place asked for.
import { beforeAll, describe, expect, it } from 'vitest';
import { openFiles } from '../../src/cli/open-files.ts';
import type { Content } from '../../src/core/content/index.ts';
import { findPhrase, matchOption, partedBy, type Reader, type Where } from '../../src/core/nlu/index.ts';

let reader: Reader;
let content: Content;
beforeAll(async () => {
  ({ reader, content } = await openFiles());
}, 180_000);
const found = (text: string, phrases: string[], where: Where) => {
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
  it('at the end is what nothing follows', () => {
    expect(found('thế người lớn thì sao', ['thì sao'], 'end')).toBe('thì sao');
    expect(found('thì sao lại thế', ['thì sao'], 'end')).toBeUndefined();
    expect(found('có nộp được ko', ['được không'], 'end')).toBe('được ko');
  });
  it('with = is typed as it is written', () => {
    expect(found('dung gui', ['=đừng gửi'], 'in')).toBeUndefined();
    expect(found('đừng gui', ['=đừng gửi'], 'in')).toBe('đừng gui');
    expect(found('Wrong address', ['=wrong'], 'start')).toBe('Wrong');
    expect(found('wrong', ['=wrong'], 'start')).toBe('wrong');
  });
  it('with a comma is followed by a break', () => {
    expect(found('không, sai rồi', ['không,'], 'start')).toBe('không');
    expect(found('không', ['không,'], 'start')).toBe('không');
    expect(found('không sai', ['không,'], 'start')).toBeUndefined();
  });
  it('is none where it is a part of what it is not', () => {
    expect(found('đổi địa chỉ', ['đổi', '!đổi ý'], 'start')).toBe('đổi');
    expect(found('đổi ý rồi', ['đổi', '!đổi ý'], 'start')).toBeUndefined();
    expect(found('đổi ý, đổi tên', ['đổi', '!đổi ý'], 'in')).toBe('đổi');
  });
  it('parts a text', () => {
    const parts = partedBy(reader, 'tạm trú vs thường trú khác gì', ['khác', 'với', 'và với']);
    expect(parts.map((p) => p.trim())).toEqual(['tạm trú', 'thường trú', 'gì']);
  });
});

describe('the lists of phrases', () => {
  const has = (which: keyof Content['phrases'], text: string, where: Where) =>
    found(text, content.phrases[which], where);
  it('name groups', () => {
    expect(content.phrases.correcting).toContain('ý bác là');
    expect(content.phrases.correcting.some((p) => p.includes('{'))).toBe(false);
  });
  it('hear no sending in a building site or in a story', () => {
    expect(has('sendTo', 'chuyển cho sở xây dựng', 'in')).toBe('chuyển');
    expect(has('sendTo', 'chuyen cho so xay dung', 'in')).toBe('chuyen');
    expect(has('sendTo', 'công trình của UBND phường Láng', 'in')).toBeUndefined();
    expect(has('sendTo', 'chuyện của UBND phường Láng', 'in')).toBeUndefined();
  });
  it('hear no question in "chỗ nào cũng thế" and in a sack of rubbish', () => {
    expect(has('asking', 'chỗ nào nhận hồ sơ', 'in')).toBe('nào');
    expect(has('asking', 'chỗ nào cũng thế', 'in')).toBeUndefined();
    expect(has('asking', 'bao lau thi xong', 'in')).toBe('bao lau');
    expect(has('asking', 'có bao tải rác', 'in')).toBeUndefined();
  });
  it('hear no denial in a father', () => {
    const options = [{ id: 'mot', label: 'Chỉ có cha', also: [] }];
    expect(matchOption(reader, 'chỉ có cha thôi', options)?.id).toBe('mot');
    expect(matchOption(reader, 'chỉ có bố', [{ id: 'mot', label: 'Chỉ có bố', also: [] }])?.id).toBe('mot');
    expect(matchOption(reader, 'không có cha', options)).toBeUndefined();
  });
});
