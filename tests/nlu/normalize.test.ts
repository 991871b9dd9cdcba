import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Abbreviations } from '../../src/core/content/schema.ts';
import { normalize, openLexicon, READ_LIMIT, soundKey } from '../../src/core/nlu/normalize.ts';
import { fromTelex, isSyllable, placeTone } from '../../src/core/nlu/syllable.ts';
import { fold } from '../../src/core/text.ts';

const content = Abbreviations.parse(parse(readFileSync('intents/abbreviations.yml', 'utf8')));
const lexicon = openLexicon(content);
const read = (s: string): string =>
  normalize(s, lexicon)
    .tokens.map((t) => t.text)
    .join(' ');

describe('one form', () => {
  test.each([
    ['hoà thuỷ khoẻ quí tòan', 'hòa thủy khỏe quí toàn'],
    ['GIẤY KHAI SINH', 'giấy khai sinh'],
    ['Đăng ký'.normalize('NFD'), 'đăng ký'],
    ['𝐤𝐡𝐚𝐢 𝐬𝐢𝐧𝐡', 'khai sinh'],
    ['k\u200bhai sinh', 'khai sinh'],
  ])('%s', (typed, meant) => expect(read(typed)).toBe(meant));
  test('placing a tone twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'hoàaáuyỳýỷqgiênkthảạ'), maxLength: 8 }), (s) => {
        expect(placeTone(placeTone(s))).toBe(placeTone(s));
        expect(fold(placeTone(s))).toBe(fold(s));
      }),
    );
  });
});

describe('left-over keys', () => {
  test.each([
    ['ddawng ky', 'đăng ky'],
    ['giaays khai sinh', 'giấy khai sinh'],
    ['nuowcs bij maats', 'nước bị mất'],
    ['cos lafm dduwowcj khoong', 'có làm được không'],
    ['d9ang ky1 giay61 to7', 'đang ký giấy tơ'],
    ['d9u7o7ng2 pho61', 'đường phố'],
  ])('%s', (typed, meant) => expect(read(typed)).toBe(meant));
  test.each(['taxi', 'visa', 'test', 'camera', 'karaoke', 'tax', 'form', 'list', 'box'])('%s stays', (word) =>
    expect(read(word)).toBe(word),
  );
  test('English is left alone', () => {
    const s = 'how do i get this document of my town if i need it';
    expect(read(s)).toBe(s);
  });
  test('a message without diacritics keeps words that are no dialect there', () => {
    for (const s of ['mau don xin cap', 'em ghe qua phuong', 'ban mau to khai']) expect(read(s)).toBe(s);
  });
  test('a code or a form number is no VNI', () => {
    expect(read('mẫu ct07 và ct01, hạng b2, giấy a4')).toBe('mẫu ct07 và ct01 , hạng b2 , giấy a4');
  });
  test('a plausible word is never re-read', () => {
    for (const w of ['dang', 'cần', 'tìm', 'gas', 'hoan', 'xoong']) expect(read(w)).toBe(w);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abcdeghiklmnopqrstuvxywfj'), maxLength: 9 }), (s) => {
        const meant = fromTelex(s);
        if (meant !== undefined) expect(isSyllable(meant)).toBe(true);
      }),
    );
  });
});

describe('abbreviations by context', () => {
  test.each([
    ['dk ks cho con', 'đăng ký khai sinh cho con'],
    ['làm giấy ks', 'làm giấy khai sinh'],
    ['ks du lịch ở Hà Nội', 'khách sạn du lịch ở hà nội'],
    ['nhập hk', 'nhập hộ khẩu'],
    ['đủ đk chưa', 'đủ điều kiện chưa'],
    ['nộp hs ở đâu', 'nộp hồ sơ ở đâu'],
    ['thuế tncn', 'thuế thu nhập cá nhân'],
    ['U.B.N.D phường', 'ủy ban nhân dân phường'],
  ])('%s', (typed, meant) => expect(read(typed)).toBe(meant));
  test('without its context an abbreviation is not guessed', () => {
    expect(read('hs môn toán hk 2')).not.toContain('hộ khẩu');
    expect(read('hs môn toán hk 2')).not.toContain('hồ sơ');
    expect(read('ks phần mềm')).toBe('ks phần mềm');
  });
  test('an ambiguous one is left as typed, with its meanings', () => {
    const t = normalize('em muốn dktt', lexicon).tokens.at(-1)!;
    expect(t.text).toBe('dktt');
    expect(t.means).toEqual(['đăng ký thường trú', 'đăng ký tạm trú']);
  });
});

describe('chat and regional words', () => {
  test.each([
    ['k bít lm j', 'không biết làm gì'],
    ['cho e hỏi vk e', 'cho em hỏi vợ em'],
    ['dc ko ạ', 'được không ạ'],
    ['giấy tờ chi rứa', 'giấy tờ gì vậy'],
    ['ở mô', 'ở đâu'],
    ['khai sanh hông', 'khai sinh không'],
    ['mần răng chừ', 'làm sao bây giờ'],
    ['má em', 'mẹ em'],
    ['mai tánh phí', 'mai táng phí'],
    ['khôngggg nhéeee ạaaa', 'không nhé ạ'],
  ])('%s', (typed, meant) => expect(read(typed)).toBe(meant));
  test.each([
    'bổ sung hồ sơ',
    'hôn nhân',
    'bầu cử',
    'hàng giả',
    'trật tự đô thị',
    'ly hôn',
    'vỉa hè',
    'khám răng',
    'tê bì chân',
    'hạng c',
    'vô lý',
    'chi nhánh',
    'bao nhiêu tiền',
    'giai đoạn',
    'mô hình',
  ])('%s is no dialect', (s) => expect(read(s)).toBe(s));
  test('an initial and a sum are no chat words', () => {
    expect(read('ông Nguyễn Văn A')).toBe('ông nguyễn văn a');
    expect(read('phí 500 k')).toBe('phí 500 k');
  });
  test('there are many of them, each with a meaning', () => {
    expect(Object.keys(content.slang).length).toBeGreaterThan(150);
    expect(Object.entries(content.regional).filter(([k, v]) => k !== v).length).toBeGreaterThan(120);
  });
});

describe('missing spaces', () => {
  test.each([
    ['giấykhaisinh', 'giấy khai sinh'],
    ['dangkykhaisinh', 'dang ky khai sinh'],
    ['tamtru thuongtru', 'tam tru thuong tru'],
    ['lamcancuocchotredưới14tuoi', 'lam can cuoc cho tre dưới 14 tuoi'],
    ['ngày20tháng11', 'ngày 20 tháng 11'],
    ['mẫu tk01, hạng b2, 2tr5, mp3, covid19', 'mẫu tk01 , hạng b2 , 2tr5 , mp3 , covid19'],
  ])('%s', (typed, meant) => expect(read(typed)).toBe(meant));
  test('each part keeps its own span', () => {
    const n = normalize('làm giấykhaisinh', lexicon);
    expect(n.tokens.map((t) => n.text.slice(t.start, t.end))).toEqual(['làm', 'giấy', 'khai', 'sinh']);
  });
});

describe('spans', () => {
  test('lead back to the characters typed, whatever they are', () => {
    const words = [
      ...Object.keys(content.slang),
      ...Object.keys(content.regional),
      'dk ks',
      '😡',
      '1.001193',
    ];
    const sentence = fc
      .array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 12 })), {
        maxLength: 12,
      })
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(sentence, (s) => {
        const n = normalize(s, lexicon);
        expect(n.text.normalize('NFC')).toBe(n.text);
        let last = 0;
        for (const t of n.tokens) {
          expect(t.start).toBeGreaterThanOrEqual(last);
          expect(t.end).toBeGreaterThan(t.start);
          expect(t.end).toBeLessThanOrEqual(n.text.length);
          expect(n.text.slice(t.start, t.end)).toMatch(/\S/);
          expect(t.folded).toBe(fold(t.text));
          last = t.start;
        }
      }),
      { numRuns: 300 },
    );
  });
  test('a second reading of its own output changes no plain word', () => {
    for (const s of [
      'đăng ký khai sinh cho con em',
      'nộp hồ sơ ở ủy ban nhân dân phường',
      'bố em mất hôm qua',
    ])
      expect(read(read(s))).toBe(read(s));
  });
  test('only the start of a very long text is read, all of it is kept', () => {
    const n = normalize('xin chào '.repeat(2000), lexicon);
    expect(n.text.length).toBe(18_000);
    expect(n.tokens.at(-1)!.end).toBeLessThanOrEqual(READ_LIMIT);
  });
});

test('words that sound alike have one key', () => {
  const same = (a: string, b: string): void => expect(soundKey(a)).toBe(soundKey(b));
  same('trung', 'chung');
  same('sinh', 'xinh');
  same('lam', 'nam');
  same('giay', 'day');
  same('ky', 'ki');
  same('nghe', 'nge');
  same('van', 'vang');
  expect(soundKey('khai')).not.toBe(soundKey('cai'));
});

test('hostile input is read in bounded time', () => {
  const hostile = [
    'a'.repeat(1e6),
    '1'.repeat(1e6),
    'ă̂'.repeat(10_000),
    `a${'\u0306\u0323'.repeat(100_000)}`,
    '( '.repeat(300_000),
    '1.'.repeat(300_000),
    '1-'.repeat(300_000),
    'a.'.repeat(300_000),
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab '.repeat(10_000),
    'k '.repeat(300_000),
    'dk ks '.repeat(100_000),
    '👨‍👩‍👧'.repeat(50_000),
    '\ud83d'.repeat(300_000),
  ];
  for (const s of hostile) {
    const started = performance.now();
    normalize(s, lexicon);
    expect(performance.now() - started).toBeLessThan(1000);
  }
});
