// Finding procedures by name: the plain one before its look-alikes, with or without diacritics, by everyday words.
import { describe, expect, it } from 'vitest';
import { findable } from '../../src/core/nlu/catalogue.ts';
import { openLexicon } from '../../src/core/nlu/normalize.ts';
import { search } from '../../src/core/nlu/search.ts';
import { askedWeights, buildSearch, searchFromJson, searchToJson } from '../../src/core/nlu/search-index.ts';
import { read } from '../../src/core/nlu/words.ts';

const record = (ma: string, ten: string, cap = 'Cấp tỉnh', papers: string[] = []) => ({
  ma,
  ten,
  cap,
  linh_vuc: 'Thử',
  doi_tuong: 'Công dân Việt Nam',
  thanh_phan_ho_so: papers.map((p) => ({ ten: p })),
  ket_qua: `${ten} Mã: KQ.1 Từ khóa`,
});
const records = [
  record('1.000001', 'Cấp giấy phép câu cá'),
  record('1.000002', 'Cấp lại giấy phép câu cá'),
  record('1.000003', 'Đổi giấy phép câu cá'),
  record('1.000004', 'Thu hồi giấy phép câu cá'),
  record('1.000005', 'Cấp giấy phép câu cá quốc tế'),
  record('1.000006', 'Cấp giấy phép câu cá (thực hiện tại cấp trung ương)', 'Cấp bộ'),
  record('1.000007', 'Cấp giấy phép cho trung tâm dạy câu cá loại 1, loại 2'),
  record('1.000008', 'Thủ tục đăng ký khai thuyền', 'Cấp xã'),
  record('1.000009', 'Thủ tục đăng ký lại khai thuyền', 'Cấp xã'),
  record('1.000010', 'Thủ tục đăng ký khai thuyền có yếu tố nước ngoài', 'Cấp xã'),
  record('1.000011', 'Xác nhận tình trạng ao hồ', 'Cấp xã', ['Sơ đồ bờ kè', 'Ảnh chụp cống thoát']),
  record('1.000012', 'Gia hạn tạm neo đậu', 'Cấp xã'),
];
const lexicon = openLexicon({ abbreviations: [], slang: {}, regional: {} });
const asked = askedWeights([
  ['em muốn xin làm cái này ở đâu', 'cho hỏi cần gì'],
  ['tôi muốn làm cái kia', 'xin hỏi ở đâu'],
]);
const index = buildSearch(
  records.map((r) => findable(r)!),
  { 'bằng câu': ['giấy phép câu cá'], 'rớt mất': ['cấp lại'] },
  asked,
);
const best = (text: string, from = index) => search(from, read(text, lexicon).words, 5).map((f) => f.code);

describe('search', () => {
  it.each([
    ['xin giấy phép câu cá', '1.000001'],
    ['xin giay phep cau ca', '1.000001'],
    ['xin cấp lại giấy phép câu cá', '1.000002'],
    ['đổi giấy phép câu cá', '1.000003'],
    ['thu hoi giay phep cau ca', '1.000004'],
    ['giấy phép câu cá quốc tế', '1.000005'],
    ['giấy phép câu cá ở trung ương', '1.000006'],
    ['em muốn làm đăng ký khai thuyền ở đâu', '1.000008'],
    ['dang ky lai khai thuyen', '1.000009'],
    ['khai thuyền có yếu tố nước ngoài', '1.000010'],
    ['xin cái bằng câu', '1.000001'],
    ['bằng câu rớt mất', '1.000002'],
    ['sơ đồ bờ kè', '1.000011'],
  ])('%s', (text, code) => expect(best(text)[0]).toBe(code));

  it('finds the same after being stored', () => {
    const again = searchFromJson(searchToJson(index));
    for (const text of ['xin giấy phép câu cá', 'bằng câu rớt mất', 'neo đậu'])
      expect(best(text, again)).toEqual(best(text));
  });

  it('finds nothing where there is nothing', () => {
    expect(best('')).toEqual([]);
    expect(best('?!… 🙂')).toEqual([]);
    expect(best('zzzz qqqq')).toEqual([]);
  });

  it('reads records of any shape', () => {
    expect(findable(null)).toBeUndefined();
    expect(findable({ ma: 1, ten: 'x' })).toBeUndefined();
    expect(findable({ ma: '1', ten: 'x', thanh_phan_ho_so: [null, {}, { ten: 3 }] })?.papers).toEqual([]);
  });
});
