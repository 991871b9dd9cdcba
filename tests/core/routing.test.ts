// Who answers for a report, on the real rules and names: never the unit that its writer complains about.
import { beforeAll, describe, expect, it } from 'vitest';
import { openFiles } from '../../src/cli/open-files.ts';
import { route } from '../../src/core/cases/index.ts';
import type { Content } from '../../src/core/content/index.ts';
import { newConversation } from '../../src/core/dialogue/index.ts';
import { type Report, reportOf } from '../../src/core/dialogue/report.ts';
import { Turn } from '../../src/core/dialogue/turn.ts';
import { type Reader, understand } from '../../src/core/nlu/index.ts';
import { START } from '../app/tiny.ts';

let content: Content;
let reader: Reader;
beforeAll(async () => {
  ({ content, reader } = await openFiles());
}, 180_000);

/** The owner of a report of this story at a place in phường Ba Đình. */
const ownerOf = (topic: string, story: string, more: Record<string, string> = {}): string =>
  route(content, report(topic, story, more)).to;

const againstOf = (topic: string, office: string, of = content): string | undefined =>
  report(topic, 'chuyện là như thế này', { 'co-quan': office, 'ma-ho-so': '-' }, of).against;

function report(topic: string, story: string, more: Record<string, string>, of = content): Report {
  const world = { content: of, reader, release: 1, now: START, official: false };
  const inbound = { conversation: 'telegram:1', key: 'k', at: START, text: '' };
  const heard = understand(reader, '', { now: START });
  const t = new Turn(
    world,
    { own: [], freshCode: '000-000-000' },
    inbound,
    heard,
    newConversation('telegram:1'),
  );
  const intent = content.intents.get(topic)!;
  const answers = { 'noi-dung': story, 'dia-diem': 'số 5 phố Đội Cấn', phuong: 'ba-dinh', anh: '-', ...more };
  const flow = { intent: topic, answers, said: {}, files: [], startedAt: START, key: 'k' };
  return reportOf(t, intent, flow);
}

describe('the owner of an ordinary report', () => {
  it.each([
    ['thi-cong-keo-dai', 'Sở Xây dựng đào đường xong bỏ đó ba tháng không lấp'],
    ['thi-cong-keo-dai', 'công trình của Sở Xây dựng bỏ dở ba năm'],
    ['thi-cong-keo-dai', 'tháng trước Sở Xây dựng đào cống rồi bỏ đó'],
    ['thi-cong-keo-dai', 'đường hỏng nặng do Sở Xây dựng'],
    ['thi-cong-keo-dai', 'so xay dung dao duong xong khong lap'],
    ['rac-thai', 'UBND phường Ba Đình đổ rác ngay đầu ngõ nhà tôi'],
    ['rac-thai', 'UBND phường Ba Đình không cho người dọn rác cả tuần'],
    ['rac-thai', 'ủy ban phường đổ rác ra đầu ngõ'],
    ['do-xe-sai', 'xe của công an phường Ba Đình đỗ chắn ngõ'],
    ['do-xe-sai', 'công an phường đỗ xe chắn hết ngõ'],
    ['mat-dien', 'bên điện lực cắt điện cả ngày không báo'],
  ])('is not the one that did it (%s: %s)', (topic, story) => {
    const usual = ownerOf(topic, 'chuyện là như thế này');
    expect(ownerOf(topic, story)).not.toBe(usual);
    expect(content.agencies.has(ownerOf(topic, story))).toBe(true);
  });

  it.each([
    ['thi-cong-keo-dai', 'đường đào lên ba tháng, đề nghị Sở Xây dựng cho lấp lại'],
    ['thi-cong-keo-dai', 'mong Sở Xây dựng sớm lấp con đường đang đào'],
    ['thi-cong-keo-dai', 'đường này Sở Xây dựng quản lý, đào lên rồi bỏ đó'],
    ['rac-thai', 'đã báo UBND phường Ba Đình nhiều lần mà rác vẫn còn'],
    ['rac-thai', 'rác chất đống cạnh trụ sở UBND phường Ba Đình bốc mùi'],
    ['rac-thai', 'rác ở cổng UBND phường Ba Đình bốc mùi'],
    ['rac-thai', 'UBND phường Ba Đình xem giúp đống rác đầu ngõ'],
    ['rac-thai', 'gửi UBND phường: đầu ngõ có đống rác'],
    ['rac-thai', 'đống rác đầu ngõ ba hôm nay, Sở Nông nghiệp và Môi trường chắc chưa biết'],
  ])('is the usual one when it is asked for help or only stands there (%s: %s)', (topic, story) => {
    expect(ownerOf(topic, story)).toBe(ownerOf(topic, 'chuyện là như thế này'));
  });
});

describe('the owner of a report about a unit', () => {
  it('is not the one named when it was asked for, whoever else the story names', () => {
    const story = 'tôi gọi Trung tâm Phục vụ hành chính công rồi mà vẫn thế, hồ sơ quá hạn mười ngày';
    expect(ownerOf('ho-so-qua-han', story, { 'co-quan': 'Sở Xây dựng' })).toBe('ttpvhcc');
    expect(ownerOf('ho-so-qua-han', story, { 'co-quan': 'Trung tâm Phục vụ hành chính công' })).toBe(
      'vp-ubnd',
    );
  });
});

describe('the owner of a report about any office', () => {
  const topics = [
    'giay-to-ngoai-quy-dinh',
    'ho-so-qua-han',
    'phan-anh-khong-tra-loi',
    'thai-do-can-bo',
    'thu-phi-sai',
    'so-do-cham',
  ];
  const offices: [string, string][] = [
    ['UBND phường Láng', 'ubnd-lang'],
    ['phường Láng', 'ubnd-lang'],
    ['cong an phuong cau giay', 'cong-an-cau-giay'],
    ['công an phường cũ Láng Thượng (nay là Công an phường Láng)', 'cong-an-lang'],
    ['Sở Nội vụ', 'so-noi-vu'],
    ['Sở Xây dựng', 'so-xay-dung'],
    ['Sở Tài nguyên và Môi trường', 'so-nong-nghiep-moi-truong'],
    ['UBND thành phố', 'ubnd-thanh-pho'],
    ['văn phòng UBND thành phố', 'vp-ubnd'],
    ['thanh tra thành phố', 'thanh-tra'],
    ['trung tâm hành chính công', 'ttpvhcc'],
    ['công an thành phố', 'cong-an-thanh-pho'],
    ['chi cục thuế quận Đống Đa', 'thue-thanh-pho'],
    ['công ty nước sạch', 'nuoc-sach'],
    ['điện lực Cầu Giấy', 'evnhanoi'],
    ['chi nhánh văn phòng đăng ký đất đai Hà Đông', 'van-phong-dat-dai'],
  ];
  it.each(offices)('is not %s, and has an officer', (said, id) => {
    for (const topic of topics) {
      const owner = ownerOf(topic, 'chuyện là như thế này', { 'co-quan': said, 'ma-ho-so': '-' });
      expect(owner, topic).not.toBe(id);
      expect(content.agencies.get(owner)?.officers.length, owner).toBeGreaterThan(0);
      // Heard as that office: with none named the owner may be another.
      expect(againstOf(topic, said), topic).toBe(id);
    }
  });

  it.each([
    ['công an phường Láng', 'cong-an-thanh-pho'],
    ['công an thành phố', 'vp-ubnd'],
    ['chi cục thuế', 'vp-ubnd'],
    ['công ty nước sạch', 'so-xay-dung'],
    ['EVN', 'so-cong-thuong'],
    ['sở nội vụ', 'thanh-tra'],
  ])('is one that has a say over it: %s', (said, owner) =>
    expect(ownerOf('thai-do-can-bo', 'chuyện là như thế này', { 'co-quan': said })).toBe(owner),
  );

  it('is nobody made up where wards have no agencies', () => {
    const bare = { ...content, wardAgencies: [] };
    expect(againstOf('so-do-cham', '-', bare)).toBeUndefined();
    expect(againstOf('so-do-cham', '-')).toBe('ubnd-ba-dinh');
  });
});

describe('when every owner of the rules is complained about', () => {
  it('the one above decides, and without one what the last rule names, never the unit itself', () => {
    const agencies = threeAgencies();
    const routing = [
      { id: 'r', topics: ['t'], to: ['duoi'], why: 'x' },
      { id: 'khac', topics: ['khac'], to: ['duoi', 'cuoi'], why: 'x' },
    ];
    expect(route({ routing, agencies }, { topic: 't', answers: {} }).to).toBe('duoi');
    expect(route({ routing, agencies }, { topic: 't', answers: {}, against: 'duoi' }).to).toBe('tren');
    delete agencies.get('duoi')!.parent;
    expect(route({ routing, agencies }, { topic: 't', answers: {}, against: 'duoi' }).to).toBe('cuoi');
    const last = [{ ...routing[1]!, to: ['duoi'] }];
    expect(route({ routing: last, agencies }, { topic: 't', answers: {}, against: 'duoi' }).to).toBe('tren');
  });
});

function threeAgencies(): Content['agencies'] {
  const one = (id: string, parent?: string) => ({
    id,
    name: id,
    aliases: [],
    officers: [],
    source: 'x',
    checked: '2026-01-06',
    ...(parent && { parent }),
  });
  return new Map([one('duoi', 'tren'), one('tren'), one('cuoi')].map((a) => [a.id, a]));
}
