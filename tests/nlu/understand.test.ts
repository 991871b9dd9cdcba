// Understanding on the project's own content: what a whole message is heard as, in and out of a conversation.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFiles } from '../../src/cli/open-files.ts';
import { type Content, parse } from '../../src/core/content/index.ts';
import {
  ACTIONS,
  explain,
  FACETS,
  KINDS,
  learn,
  matchOption,
  openReader,
  type Reader,
  understand,
} from '../../src/core/nlu/index.ts';

let reader: Reader;
let content: Content;
beforeAll(async () => {
  ({ reader, content } = await openFiles());
}, 180_000);
const hear = (text: string, topic?: string) =>
  understand(reader, text, topic === undefined ? { now: 0 } : { now: 0, topic });

describe('one message', () => {
  it.each([
    ['con em mới sinh thì làm giấy khai sinh ở đâu', '1.001193', 'place'],
    ['lam giay khai sinh het bao nhieu tien', '1.001193', 'fee'],
    ['đăng ký kết hôn cần giấy tờ gì', '1.000894', 'documents'],
    ['dang ky tam tru mat may ngay', '1.004194', 'time'],
    ['đăng ký thường trú online được không', '1.004222', 'online'],
  ])('%s', (text, code, facet) => {
    const h = hear(text);
    expect(h.kind).toBe('procedure');
    expect(h.procedures[0]?.code).toBe(code);
    expect(h.facets).toContain(facet);
  });

  it('two facts named before their matter are both asked for', () => {
    expect(hear('Xin hỏi thời hạn giải quyết và mức phí cấp hộ chiếu').facets.sort()).toEqual([
      'fee',
      'time',
    ]);
  });

  it('a question in English is about the procedure it names', () => {
    const h = hear('what documents do I need to get married in Hanoi');
    expect(h.procedures.map((p) => p.code)).toEqual(['1.000894']);
    expect(h.facets).toContain('documents');
  });

  it('so much asked in one breath does not drown the name', () => {
    const much = 'hết bao nhiêu tiền mấy ngày xong nộp ở đâu';
    for (const text of [`kết hôn ${much}`, `${much} đăng ký kết hôn`]) {
      const h = hear(text);
      expect([h.procedures[0]?.code, h.action]).toEqual(['1.000894', 'answer']);
      expect(h.facets.toSorted()).toEqual(['fee', 'place', 'time']);
    }
    expect(hear(`căn cước ${much}`).contrast).toBe('can-cuoc');
    expect(hear(much).action).toBe('rephrase');
  });

  it('a bare request asks for the overview', () => {
    expect(hear('đăng ký khai tử').facets).toEqual(['overview']);
  });

  it('a vague saying brings the one question that tells apart', () => {
    const h = hear('làm căn cước');
    expect(h.action).toBe('ask');
    expect(h.contrast).toBe('can-cuoc');
    expect(h.procedures.length).toBeGreaterThan(2);
  });

  it('a cry behind a comma is heard above the story before it', () => {
    expect(hear('rác chất đống ngõ 5 láng hạ, trời ơi nhà bên cháy rồi').kind).toBe('emergency');
    expect(hear('rác chất đống ngõ 5 láng hạ, đèn cháy bóng rồi').kind).toBe('phan-anh');
  });

  it('fire wins over everything else', () => {
    expect(hear('cháy nhà rồi cứu với').kind).toBe('emergency');
    expect(hear('chay nha roi cuu voi').kind).toBe('emergency');
  });

  it('letters without words are unclear, strangers to the house are out of scope', () => {
    expect(hear('xzqw kjhg bvcx').kind).toBe('unclear');
    expect(hear('🙂🙂🙂').kind).toBe('unclear');
    expect(hear('').action).toBe('offer');
    expect(hear('cách nấu phở bò cho ngon').kind).toBe('out-of-scope');
  });

  it('what is denied is not what is meant', () => {
    expect(hear('không phải tạm trú mà là đăng ký thường trú').procedures[0]?.code).toBe('1.004222');
  });

  it('two matters in one message are heard one by one, one story stays one', () => {
    const parts = hear('em muốn đăng ký khai sinh cho con. Đèn đường đầu ngõ nhà em hỏng cả tuần nay').parts;
    expect(parts?.map((p) => p.kind)).toEqual(['procedure', 'phan-anh']);
    expect(hear('bố em mất hôm qua. em cần làm giấy khai tử ở đâu').parts).toBeUndefined();
  });
  it('an identity number over a line belongs to both matters it stands between: neither may keep its half', () => {
    const parts = hear('rác chất đống đầu ngõ 001099\n012345 đèn đường hỏng tối om').parts;
    expect(
      parts?.map((p) =>
        p.entities.filter((e) => e.type === 'identity-number').map((e) => p.text.slice(e.start, e.end)),
      ),
    ).toEqual([['001099'], ['012345']]);
  });
});

describe('in a conversation', () => {
  it.each([
    ['thế còn lệ phí?', 'fee'],
    ['mất bao lâu', 'time'],
    ['cần giấy tờ gì', 'documents'],
  ])('"%s" keeps the topic', (text, facet) => {
    const h = hear(text, 'dang-ky-ket-hon');
    expect(h.intents[0]?.intent).toBe('dang-ky-ket-hon');
    expect(h.procedures[0]?.code).toBe('1.000894');
    expect(h.facets).toContain(facet);
    expect(h.action).toBe('answer');
  });
  it('without a topic the same words ask which procedure', () => {
    expect(hear('mất bao lâu').action).not.toBe('answer');
  });
  it('another procedure by name changes it', () => {
    expect(hear('đăng ký khai tử cần giấy tờ gì', 'dang-ky-ket-hon').procedures[0]?.code).toBe('1.000656');
  });
});

describe('a button said in words', () => {
  const birth = [
    { id: 'benh-vien', label: 'Ở bệnh viện, cơ sở y tế', also: ['bệnh viện', 'viện', 'nhà hộ sinh'] },
    { id: 'tai-nha', label: 'Tại nhà hoặc nơi khác', also: ['ở nhà', 'đẻ tại nhà', 'ở quê'] },
  ];
  const yesNo = [
    { id: 'co', label: 'Có', also: ['có', 'rồi', 'đúng'] },
    { id: 'khong', label: 'Không', also: ['không', 'chưa'] },
  ];
  it.each([
    ['2', 'tai-nha'],
    ['cái đầu tiên', 'benh-vien'],
    ['o vien', 'benh-vien'],
    ['sinh ở bệnh viện Bạch Mai', 'benh-vien'],
    ['tui sanh ở nhà', 'tai-nha'],
    ['ở quê nhé', 'tai-nha'],
  ])('%s', (text, id) => expect(matchOption(reader, text, birth)?.id).toBe(id));
  it.each([
    'không phải ở nhà',
    'viện kiểm sát nhân dân tối cao thành phố',
    'ba',
    '9',
    'lệ phí bao nhiêu',
    '',
  ])('none: %s', (text) => expect(matchOption(reader, text, birth)).toBeUndefined());
  it.each([
    ['dạ có ạ', 'co'],
    ['không có', 'khong'],
    ['chưa ạ', 'khong'],
    ['cô', undefined],
  ])('%s', (text, id) => expect(matchOption(reader, text, yesNo)?.id).toBe(id));
});

it('explains with the n-grams that spoke', () => {
  const e = explain(reader, 'đăng ký khai sinh cho con');
  expect(e.heard).toEqual(hear('đăng ký khai sinh cho con'));
  const spoke = e.intents.find((i) => i.intent === 'dang-ky-khai-sinh')!.because.map((b) => b.gram);
  expect(spoke.join(' ')).toContain('khai');
});

describe('whatever is typed', () => {
  it('is heard within the closed lists, entities inside the text, every time the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const h = hear(text);
        expect(KINDS).toContain(h.kind);
        expect(ACTIONS).toContain(h.action);
        for (const f of h.facets) expect(FACETS).toContain(f);
        for (const e of h.entities) expect(e.end).toBeLessThanOrEqual(h.text.length);
        expect(h.certainty).toBeGreaterThanOrEqual(0);
        expect(h.certainty).toBeLessThanOrEqual(1);
        expect(hear(text)).toEqual(h);
      }),
      { numRuns: 150 },
    );
  });
  it.each([
    ['one letter a million times', 'a'.repeat(1e6)],
    ['a million words', 'khai sinh '.repeat(1e5)],
    ['ten thousand marks', `a${'\u0301'.repeat(1e4)}`],
    ['a million marks', '\u0301'.repeat(1e6)],
    ['borders only', 'và. '.repeat(2e5)],
    ['digits', '0123456789'.repeat(1e5)],
    ['joined emoji', '👨‍👩‍👧'.repeat(1e5)],
  ])('%s: hardly slower than the part of it that is read', (_, text) => {
    // Side by side, the best of several: a busy machine slows both.
    const best = (of: string): number =>
      Math.min(
        ...Array.from({ length: 5 }, () => {
          const from = performance.now();
          hear(of);
          return performance.now() - from;
        }),
      );
    const part = best(text.slice(0, 20_000));
    expect(best(text)).toBeLessThan(4 * part + 50);
  });
});

it('the same content gives the same bytes', () => {
  const file = (id: string, name: string, examples: string[]): string =>
    `id: ${id}\nname: ${name}\ngroup: thu\nexamples:\n${examples.map((e) => `  - ${e}`).join('\n')}\n`;
  const sources = {
    'intents/thu-tuc/cau-ca.yml': file('cau-ca', 'Cấp phép câu cá', [
      'xin phép câu cá',
      'muốn đi câu',
      'cau ca o ho',
    ]),
    'intents/thu-tuc/tha-dieu.yml': file('tha-dieu', 'Cấp phép thả diều', [
      'xin thả diều',
      'tha dieu o de',
      'diều to',
    ]),
  };
  const parsed = parse(sources);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const a = learn(parsed.value);
  expect(Buffer.from(a).equals(Buffer.from(learn(parsed.value)))).toBe(true);
  const small = openReader(parsed.value, a);
  expect(understand(small, 'cho em câu cá', { now: 0 }).intents[0]?.intent).toBe('cau-ca');
  expect(content.intents.size).toBeGreaterThan(small.codes.size);
});
