// Each abbreviation of content, in its context and out of it: made from content itself.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { Abbreviations } from '../../src/core/content/schema.ts';
import { normalize, openLexicon } from '../../src/core/nlu/normalize.ts';
import { fold } from '../../src/core/text.ts';

const content = Abbreviations.parse(parse(readFileSync('intents/abbreviations.yml', 'utf8')));
const lexicon = openLexicon(content);
const list = content.abbreviations;
type Abbreviation = (typeof list)[number];

/** What was made of the short form that ends the sentence: words, or the meanings of an ambiguous one. */
function made(sentence: string, short: string): string[] {
  const n = normalize(sentence, lexicon);
  const at = n.text.length - short.length;
  const words = n.tokens.filter((t) => t.start >= at);
  return words[0]?.means ?? [fold(words.map((t) => t.text).join(' '))];
}
const meant = (a: Abbreviation): string[] => [a.means].flat().map(fold);
const says = (sentence: string, a: Abbreviation): boolean =>
  made(sentence, a.short).some((m) => meant(a).includes(fold(m)));
const contexts = (a: Abbreviation): string[] =>
  (a.near ?? ['']).flatMap((near) => (a.after ?? ['']).map((after) => `${near} ${after} ${a.short}`.trim()));

test.each(list.map((a, i) => [a.short, String(a.means), i] as const))(
  '%s is %s in its context',
  (_, __, i) => {
    const a = list[i]!;
    expect(contexts(a).filter((s) => says(s, a))).not.toEqual([]);
  },
);

const denied = list.filter((a) => a.never);
test.each(
  denied.flatMap((a) =>
    a.never!.filter((w) => w.endsWith(` ${fold(a.short)}`)).map((w) => [w, String(a.means), a] as const),
  ),
)('%s holds no %s', (never, _, a) => {
  expect(says(never, a)).toBe(false);
});
test.each(denied.map((a, i) => [a.short, String(a.means), i] as const))(
  '%s is no %s out of it',
  (_, __, i) => {
    const a = denied[i]!;
    const others = list.filter((x) => x !== a && x.short === a.short && String(x.means) === String(a.means));
    // A denial that holds the short form itself stands alone: a second one would be another word.
    for (const never of a.never!.filter((w) => !` ${w} `.includes(` ${fold(a.short)} `)))
      if (others.length === 0 && content.slang[a.short] === undefined)
        for (const s of contexts(a)) expect(says(`${never} ${s}`, a), `${never} ${s}`).toBe(false);
  },
);

const narrow = list.filter(
  (a) => (a.near || a.after) && list.filter((x) => x.short === a.short).length === 1,
);
test.each(narrow.map((a) => [a.short, String(a.means), a] as const))('%s alone is no %s', (short, _, a) =>
  expect(says(`xin chào ${short}`, a)).toBe(false),
);

const read = (s: string): string =>
  normalize(s, lexicon)
    .tokens.map((t) => t.text)
    .join(' ');
test.each([
  ['dk ks cho con', 'đăng ký khai sinh cho con'],
  ['đặt phòng ks du lịch', 'đặt phòng khách sạn du lịch'],
  ['đăng ký kt cho bố', 'đăng ký khai tử cho bố'],
  ['giấy đăng ký kh', 'giấy đăng ký kết hôn'],
  ['đăng ký tt ở trọ', 'đăng ký tạm trú ở trọ'],
  ['làm tt gì', 'làm thủ tục gì'],
  ['ra tt hỏi', 'ra trung tâm hỏi'],
  ['khai báo tv', 'khai báo tạm vắng'],
  ['thẻ bh mất rồi', 'thẻ bảo hiểm mất rồi'],
  ['hộ kd cá thể', 'hộ kinh doanh cá thể'],
  ['cắt hk chuyển đi', 'cắt hộ khẩu chuyển đi'],
  ['điểm hk của con', 'điểm học kỳ của con'],
  ['làm cc gắn chip', 'làm căn cước gắn chip'],
  ['ban quản trị cc', 'ban quản trị chung cư'],
  ['hợp đồng cc ở văn phòng', 'hợp đồng công chứng ở văn phòng'],
  ['ra ca hỏi', 'ra công an hỏi'],
  ['ca phường', 'công an phường'],
  ['xin gcn', 'xin giấy chứng nhận'],
  ['xác nhận tthn', 'xác nhận tình trạng hôn nhân'],
  ['nộp hs', 'nộp hồ sơ'],
  ['đủ đk', 'đủ điều kiện'],
  ['làm lltp', 'làm lý lịch tư pháp'],
  ['đổi cmnd', 'đổi chứng minh nhân dân'],
  ['gọi csgt', 'gọi cảnh sát giao thông'],
])('%s', (typed, meant) => expect(read(typed)).toBe(meant));
test.each([
  ['cả nhà ca hát', 'công an'],
  ['ks phần mềm', 'khách sạn'],
  ['kỹ thuật kt', 'khai tử'],
  ['hs môn toán', 'hồ sơ'],
  ['xem tv buổi tối', 'tạm vắng'],
  ['cả phường đều biết', 'công an'],
  ['hk 2 môn toán', 'hộ khẩu'],
])('%s: no %s', (typed, wrong) => expect(read(typed)).not.toContain(wrong));
