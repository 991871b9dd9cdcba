// The content compiler against broken copies of the real content: each class of fault is found, at its file and
// line, in words that say what to do. The line where a fault must be found carries `# !! <name>`.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, type Sources, validate } from '../../src/core/content/index.ts';
import type { Problem } from '../../src/core/result.ts';
import { readFolder } from '../../src/store/folder.ts';

const whole = await readFolder(join(import.meta.dirname, '..', '..'));

/** The real content with files added or edited. */
function broken(files: Record<string, string | ((text: string) => string)>): Sources {
  const sources = { ...whole };
  for (const [file, change] of Object.entries(files)) {
    const before = sources[file] ?? '';
    sources[file] = typeof change === 'string' ? change : change(before);
    expect(sources[file], `${file} is changed`).not.toBe(before);
  }
  return sources;
}

/** Places of every marker. */
function markers(sources: Sources): Map<string, string> {
  const found = new Map<string, string>();
  for (const [file, text] of Object.entries(sources))
    for (const [i, line] of text.split('\n').entries())
      for (const m of line.matchAll(/# !! ([a-z-]+)/g)) found.set(m[1]!, `${file}:${i + 1}`);
  return found;
}
const at = (problems: Problem[], where: string | undefined): string =>
  problems
    .filter((p) => p.where === where)
    .map((p) => p.message)
    .join('\n');

const FORM = broken({
  'intents/thu-tuc/thu-a.yml': `
id: thu-a
name: Thủ tục thử
group: thu
flwo: [] # a key nobody knows
facts: 
  fee: # !! no-source
    value: Miễn phí
    checked: 2026-07-20
  time: # !! no-date
    value: Một ngày
    source: Bộ Tư pháp
  place:
    value: UBND xã
    source: Bộ Tư pháp
    checked: hôm qua # !! bad-date
  result:
    value: "" # !! empty-fact
    source: Bộ Tư pháp
    checked: 2026-07-20
`,
  'intents/thu-tuc/thu-b.yml': 'id: khac-ten-tep # !! other-name\nname: Thử\ngroup: thu\n',
  'intents/thu-tuc/thu-c.yml': 'id: Không Được Thế # !! bad-id\nname: Thử\ngroup: thu\n',
  'intents/chung/thu-d.yml': 'id: thu-d\nkind: nói chuyện # !! bad-kind\n',
  'intents/chung/thu-e.yml': 'id: thu-e\nkind: small-talk\nexamples: [chào, "chưa đóng # !! unreadable\n',
  'intents/phan-anh/chao-hoi.yml':
    'id: chao-hoi # !! twice\ndeadline: phan-anh\noutcomes: [{ open: true }]\n',
  'intents/khac/thu-f.yml': 'id: thu-f\n',
  'intents/la-lung.yml': 'a: b\n',
  'locales/vi/thu.yml':
    'chao-dau: Chào lần nữa. # !! wording-twice\nthu-x: [không, phải, câu] # !! no-sentence\n',
  'intents/agencies.yml': (t) =>
    t.replace(/^officers:/m, 'officers:\n  khong-co-that: [] # !! officers-of-nobody'),
  'intents/cach-noi.yml': (t) =>
    t
      .replace(/^who: .*$/m, 'who: [ai, "{khong-co-that}"] # !! no-group')
      .replace(/^go: .*$/m, 'go: [đi, "{go} ra"] # !! group-in-itself'),
});

describe('faults of form', () => {
  const parsed = parse(FORM);
  const problems = parsed.ok ? [] : parsed.problems;
  const where = markers(FORM);
  it('leave no content', () => expect(parsed.ok).toBe(false));

  it.each([
    ['no-source', /source.*thiếu/],
    ['no-date', /checked.*thiếu/],
    ['bad-date', /checked/],
    ['empty-fact', /value/],
    ['other-name', /trùng tên tệp/],
    ['bad-id', /chữ thường không dấu/],
    ['bad-kind', /chỉ nhận một trong/],
    ['wording-twice', /đã có ở locales\/vi\/he-thong\.yml:\d+/],
    ['no-sentence', /phải là một câu/],
    ['officers-of-nobody', /không có cơ quan/],
    ['no-group', /không có nhóm "khong-co-that"/],
    ['group-in-itself', /nhóm chứa chính nó/],
  ])('%s', (name, message) => expect(at(problems, where.get(name))).toMatch(message));

  it('a key nobody knows', () =>
    expect(
      problems.some((p) => p.where?.startsWith('intents/thu-tuc/thu-a.yml:') && p.message.includes('flwo')),
    ).toBe(true));
  it('the same id in two folders', () =>
    expect(
      problems.some((p) => /^intents\/\S+chao-hoi\.yml:1$/.test(p.where!) && p.message.includes('đã có')),
    ).toBe(true));
  it('a file that is no YAML', () =>
    expect(
      problems.some(
        (p) => p.where?.startsWith('intents/chung/thu-e.yml:') && /không đọc được/.test(p.message),
      ),
    ).toBe(true));
  it('files in the wrong place', () => {
    expect(at(problems, 'intents/khac/thu-f.yml')).toMatch(/không có thư mục/);
    expect(at(problems, 'intents/la-lung.yml')).toMatch(/sai chỗ/);
  });
});

const real = Object.entries(whole).find(
  ([f, t]) => f.startsWith('intents/thu-tuc/') && /^examples:\n {2}- (.+)\n/m.test(t),
)!;
const realExample = /^examples:\n {2}- (.+)\n/m.exec(real[1])![1]!.replace(/^"|"$/g, '');

const BETWEEN = broken({
  'intents/thu-tuc/thu-a.yml': `
id: thu-a # !! no-title
name: Thủ tục thử
group: thu
examples:
  - một câu chỉ có ở đây
  - "${realExample.toUpperCase()}!" # !! doubled-elsewhere
  - Một câu, chỉ có ở đây. # !! doubled-here
facts:
  fee:
    value:
      - { text: Tám đồng, when: { khong-hoi: co } } # !! fact-when
      - { text: Chín đồng, from: 2027-01-01, until: 2026-01-01 } # !! backwards
      - { text: Mười đồng, overview: true } # !! told-anyway
    source: Bộ Tư pháp
    checked: 2026-07-20
flow:
  - { ask: loai, type: choice, options: { mot: {}, hai: {} } } 
  - { ask: mau, type: choice, options: { do: {} } } # !! one-option
  - { ask: loai, type: yes-no } # !! asked-twice
  - { ask: chua-co-loi, type: yes-no } # !! no-question
outcomes:
  - { say: thu-a.khong-co-cau, when: { loai: mot } } # !! no-sentence
  - { go: khong-co-y-dinh, when: { loai: hai } } # !! go-nowhere
  - { say: chao-dau, when: { loai: ba } } # !! no-such-option
  - { say: chao-dau, when: { hoi-gi: co } } # !! not-asked
  - { open: true, when: { loai: mot, mau: do } } # !! opens-nothing
`,
  'intents/thu-tuc/thu-b.yml': `
id: thu-b
name: Thử hai
group: thu
flow:
  - { ask: loai, type: yes-no }
outcomes: # !! hole
  - { say: chao-dau, when: { loai: co } }
`,
  'intents/thu-tuc/thu-c.yml': `
id: thu-c
name: Thử ba
group: thu
flow:
  - { ask: loai, type: yes-no }
outcomes:
  - { say: chao-dau }
  - { say: khong-co-chu, when: { loai: co } } # !! never-reached
`,
  'intents/phan-anh/thu-d.yml': `
id: thu-d # !! nobody-owns-it
deadline: khong-co-han # !! no-deadline
outcomes: [{ open: true }]
`,
  'intents/chung/thu-e.yml': `
id: thu-e # !! nothing-to-say
kind: small-talk
offer: [chao-hoi, khong-co-y-dinh] # !! offers-nothing
`,
  'intents/contrasts/thu.yml': `
- id: thu # !! contrast-unasked
  options:
    mot: { to: chao-hoi } # !! option-unworded
    hai: { to: khong-co-y-dinh } # !! contrast-nowhere
    ba: { to: "contrast:khong-co" } # !! contrast-no-contrast
`,
  'locales/vi/thu.yml': `
thu-a.mot-cau: Chào {ten}. # !! slot-of-content
thu-b.title: thử hai
thu-c.title: thử ba
thu-d.title: thử bốn
`,
  'locales/vi/he-thong.yml': (t) =>
    t
      .replace(/^nut-cu: .*$/m, 'nut-cu: "Nút cũ {ma}." # !! slot-of-system')
      .replace(/^khong-co-chu: .*\n/m, ''),
  'intents/routing.yml': (t) => `${t.trimEnd()}
- id: thu
  topics: [khong-co-chu-de] # !! routes-nothing
  to: [khong-co-co-quan] # !! routes-nowhere
  why: Thử.
- id: thu-hai
  topics: [rac-thai]
  to: ["ubnd-*"] # !! no-spare
  why: Thử.
`,
  'intents/agencies.yml': (t) =>
    t
      .replace(/^ {4}officers: \[\{ id: truc,.*\n/m, '')
      .replace(/^( {2}- prefix: ubnd)$/m, '$1 # !! ward-officers')
      .replace(
        /^agencies:\n/m,
        'agencies:\n  - id: co-quan-thu # !! no-officers\n    name: Thử\n    parent: khong-co-cap-tren # !! no-parent\n    source: thử\n    checked: 2026-07-20\n',
      ),
  'intents/deadlines.yml': (t) =>
    `${t.trimEnd()}\nthu-han: # !! deadline-unworded\n  { n: 1, unit: day, from: opened, kind: target, source: thử, checked: 2026-07-20 }\nkhong-luat: # !! law-unnamed\n  { n: 1, unit: day, from: opened, kind: law, source: thử, checked: 2026-07-20 }\nmuc-tieu-co-luat: # !! target-with-law\n  { n: 1, unit: day, from: opened, kind: target, law: thử, source: thử, checked: 2026-07-20 }\n`,
  'intents/places.yml': (t) =>
    t.replace(/^old:\n/m, 'old:\n  - { name: Xã Thử, kind: xã, wards: [khong-co-phuong] } # !! old-place\n'),
});

// [sentence, what in it is a fact's to state].
const AROUND: [string, string | undefined][] = [
  ['Nộp ở Công an xã, phường, 7 ngày làm việc.', '7 ngày'],
  ['Giấy có giá trị 12 tháng.', '12 tháng'],
  ['Thời hạn là ba tháng.', 'ba tháng'],
  ['Lệ phí 20.000 đồng.', '20.000 đồng'],
  ['Bên mua nộp 0,5%.', '0,5%'],
  ['Được 20 lần mức chuẩn.', '20 lần'],
  ['Nộp chậm nhất 31/12.', '31/12'],
  ['Nộp chậm nhất ngày cuối tháng thứ tư.', 'tháng thứ tư'],
  ['Nhận trước giờ nghỉ thì xong trong ngày.', 'trong ngày'],
  ['Làm thẻ không mất lệ phí.', 'không mất lệ phí'],
  ['Hộ nghèo được miễn.', 'được miễn'],
  ['Cháu ruột thì miễn lệ phí.', 'miễn lệ phí'],
  ['Còn đủ giấy không ạ? Mất thì xác minh 30 ngày.', '30 ngày'],
  ['Từ đủ 14 tuổi thì tự khai, dùng tờ khai mẫu 02, mã 1.013079.', undefined],
  ['Xin ở đâu cũng được, miễn là còn sổ; sửa nào được miễn phép thì tôi chưa rõ.', undefined],
  ['Anh/chị ở từ 30 ngày trở lên không ạ? Giấy tờ hai trường hợp khác nhau.', undefined],
  ['Năm nay anh/chị nộp trực tiếp tại phường.', undefined],
];

describe('what is said around the facts', () => {
  const lines = [
    'tach-ho:',
    ...AROUND.map(([text], n) => `  thu-${n}: ${JSON.stringify(text)}`),
    'contrast:',
    '  thu: { khac: Làm riêng mất 3 ngày., mot: Từ 30 ngày }',
  ];
  const parsed = parse({ ...whole, 'locales/vi/thu.yml': lines.join('\n') });
  const problems = parsed.ok ? validate(parsed.value) : parsed.problems;
  const stated = (line: number): string | undefined =>
    /tự nêu "(.*?)"/.exec(at(problems, `locales/vi/thu.yml:${line}`))?.[1];

  it.each(AROUND.map(([text, what], n) => [text, what, n + 2] as const))('%s -> %s', (_, what, line) => {
    expect(stated(line)).toBe(what);
  });

  it('says the difference of two procedures without numbers, too; buttons name cases with them', () => {
    expect(stated(AROUND.length + 3)).toBe('3 ngày');
    expect(problems).toHaveLength(AROUND.filter(([, what]) => what).length + 1);
  });
});

describe('what a leading sentence says of a fact', () => {
  const fault = (chung: string): string => {
    const file = 'locales/vi/thu-tuc/bhxh-mot-lan.yml';
    const parsed = parse(
      broken({
        [file]: (text) => `${text.replace(/^ {2}chung: .*$/m, `  chung: ${JSON.stringify(chung)}`)}\n`,
      }),
    );
    return (parsed.ok ? validate(parsed.value) : parsed.problems).map((p) => p.message).join('\n');
  };

  it('in words of its own is a part that rests on it', () => {
    expect(fault('Hồ sơ nộp cho cơ quan bảo hiểm xã hội.')).toMatch(
      /"bhxh-mot-lan\.chung" nhắc "cơ quan bảo"/,
    );
    expect(fault('{agency: Hồ sơ nộp cho cơ quan bảo hiểm xã hội.}')).toMatch(/của mục "place"/);
    expect(fault('{agency,place: Hồ sơ nộp cho cơ quan bảo hiểm xã hội.}')).toBe('');
  });

  it('rests on nothing but where to go and what to bring', () => {
    expect(fault('Nộp sớm. {fee: Mang đủ tiền.}')).toMatch(
      /phần \{fee: …\}; chỉ dựa vào được agency, place, documents/,
    );
  });
});

describe('faults between files', () => {
  const parsed = parse(BETWEEN);
  const problems = parsed.ok ? validate(parsed.value) : parsed.problems;
  const where = markers(BETWEEN);
  it('are found only after the form is right', () => expect(parsed.ok).toBe(true));

  it.each([
    ['no-title', /thu-a\.title/],
    ['doubled-elsewhere', new RegExp(`đã có ở ${real[0].replaceAll('.', '\\.')}:\\d+`)],
    ['doubled-here', /đã có ở intents\/thu-tuc\/thu-a\.yml:6/],
    ['fact-when', /luồng không hỏi/],
    ['backwards', /ngày bắt đầu sau/],
    ['told-anyway', /bỏ "overview"/],
    ['one-option', /ít nhất hai lựa chọn/],
    ['asked-twice', /có hai lần/],
    ['no-question', /chưa có lời hỏi/],
    ['no-sentence', /chưa có câu "thu-a\.khong-co-cau"/],
    ['go-nowhere', /khong-co-y-dinh/],
    ['no-such-option', /không có lựa chọn "ba"/],
    ['not-asked', /luồng không hỏi câu đó/],
    ['opens-nothing', /chỉ chủ đề phản ánh/],
    ['hole', /không có kết cục nào/],
    ['never-reached', /không cách trả lời nào/],
    ['nobody-owns-it', /quy tắc chuyển/],
    ['no-deadline', /không có thời hạn/],
    ['nothing-to-say', /chưa có câu "thu-e"/],
    ['offers-nothing', /không có ý định/],
    ['contrast-unasked', /contrast\.thu/],
    ['option-unworded', /contrast\.thu\.mot/],
    ['contrast-nowhere', /khong-co-y-dinh/],
    ['contrast-no-contrast', /contrast:khong-co/],
    ['slot-of-content', /\{ten\} không được điền/],
    ['slot-of-system', /\{ma\} nhưng không ai điền/],
    ['routes-nothing', /khong-co-chu-de/],
    ['routes-nowhere', /khong-co-co-quan/],
    ['no-spare', /dự phòng/],
    ['no-parent', /cấp trên/],
    ['no-officers', /không có cán bộ nào/],
    ['ward-officers', /không có cán bộ nào/],
    ['deadline-unworded', /deadline\.thu-han/],
    ['law-unnamed', /tên luật/],
    ['target-with-law', /mục tiêu/],
    ['old-place', /khong-co-phuong/],
  ])('%s', (name, message) => {
    expect(where.get(name), 'the marker').toBeDefined();
    expect(at(problems, where.get(name))).toMatch(message);
  });

  it('a sentence the code says but nobody wrote', () =>
    expect(problems.some((p) => p.message.includes('thiếu câu hệ thống "khong-co-chu"'))).toBe(true));

  it('all stand at a file and a line that exist, and say what to do in a sentence', () => {
    for (const p of problems) {
      const [file, line] = p.where?.split(':') ?? [];
      expect(BETWEEN[file!], `${p.where}: ${p.message}`).toBeDefined();
      if (line) expect(BETWEEN[file!]!.split('\n').length).toBeGreaterThanOrEqual(Number(line));
      expect(p.message).toMatch(/[.!]$/);
    }
  });

  it('are all in what was broken: the real content has none of its own', () => {
    const ours = parse(whole);
    expect(ours.ok && validate(ours.value)).toEqual([]);
  });
});
