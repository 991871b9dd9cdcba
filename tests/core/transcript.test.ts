import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChat, printChat, type TalkLine } from '../../src/core/transcript.ts';

const read = (text: string): TalkLine[] => {
  const r = parseChat(text);
  if (!r.ok) throw new Error(r.problems[0]!.message);
  return r.value;
};

const TALK = `# Thử
@ kênh telegram, 09:00 06/01/2026
dân: (sửa) rác ở ngõ
dân: [ảnh rac.jpg] đây
dân: [vị trí 21.033,105.85]
bot [a + b]: Dòng một

  đoạn hai
  • điều
  * Nút một
hệ thống: lập hồ sơ {mã} → UBND phường Ba Đình
cán bộ (so-xay-dung): chuyển {mã} → ubnd-ba-dinh "Phường quản lý"
cán bộ (so-xay-dung): nhận {mã}
@ kênh web
`;

describe('.chat', () => {
  it('reads and prints every kind of line', () => {
    const lines = read(TALK);
    expect(lines.map((l) => l.kind)).toEqual([
      'title',
      'at',
      'citizen',
      'citizen',
      'citizen',
      'bot',
      'system',
      'officer',
      'officer',
      'at',
    ]);
    expect(lines[5]).toMatchObject({
      id: 'a + b',
      text: 'Dòng một\n\nđoạn hai\n• điều',
      choices: ['Nút một'],
    });
    expect(lines[7]).toMatchObject({ verb: 'transfer', to: 'ubnd-ba-dinh', text: 'Phường quản lý' });
    expect(printChat(lines)).toBe(TALK);
  });

  it('names line and remedy for what it cannot read', () => {
    const r = parseChat('# a\nngười: xin chào\ncán bộ (x): nhảy {mã}\n@ sớm mai');
    expect(r.ok ? [] : r.problems.map((p) => p.where)).toEqual(['2', '3', '4']);
  });

  it.each([
    '@ 25:00 06/01/2026',
    '@ 09:60',
    '@ 09:00 31/02/2026',
    '@ 09:00 06/13/2026',
    '@ kênh web, 06/01/2026',
    '@ 09:00 06/01/26',
    'dân: [vị trí ở kia]',
    'dân: [vị trí 91,105]',
    'dân: [vị trí 21.0]',
  ])('refuses a time or a place there is not: %s', (line) => {
    const r = parseChat(`# a\n${line}`);
    expect(r.ok ? [] : r.problems.map((p) => p.where)).toEqual(['2']);
  });

  it('property: printing what was read reads the same', () => {
    const word = fc.stringMatching(/^[a-zà-ỹ]{1,8}( [a-zà-ỹ0-9]{1,8}){0,4}$/u);
    const line = fc.oneof(
      word.map((text) => `dân: ${text}`),
      word.map((text) => `bot [${'x.y'}]: ${text}\n\n  ${text}\n  * ${text}`),
      word.map((text) => `cán bộ (an-b): trả lời {mã} "${text}"`),
      word.map((text) => `hệ thống: ${text}`),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const text = `# t\n@ 09:00 06/01/2026\n${lines.join('\n')}\n`;
        expect(printChat(read(text))).toBe(printChat(read(printChat(read(text)))));
      }),
    );
  });

  it('property: never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (s) => {
        parseChat(s);
      }),
    );
  });
});
