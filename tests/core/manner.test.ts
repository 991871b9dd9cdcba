// How a message is put: one table for each manner, with what only resembles it.
import { beforeAll, describe, expect, it } from 'vitest';
import { openFiles } from '../../src/cli/open-files.ts';
import type { Content } from '../../src/core/content/index.ts';
import {
  asks,
  changes,
  corrects,
  doubts,
  hangs,
  hungOn,
  meantInstead,
  unsure,
} from '../../src/core/dialogue/manner.ts';
import { Turn } from '../../src/core/dialogue/turn.ts';
import type { Reader } from '../../src/core/nlu/index.ts';

let reader: Reader;
let content: Content;
beforeAll(async () => {
  ({ reader, content } = await openFiles());
}, 180_000);

const said = (text: string): Pick<Turn, 'text' | 'phrase'> => ({
  text,
  phrase: (which, where, of = text) =>
    Turn.prototype.phrase.call({ world: { reader }, content } as unknown as Turn, which, where, of),
});

const MANNERS = { asks, doubts, unsure, hangs, changes, corrects };
type Manner = keyof typeof MANNERS;
const TABLE: Record<Manner, { yes: string[]; no: string[] }> = {
  asks: {
    yes: [
      'nộp ở đâu',
      'nop o dau',
      'mất bao lâu',
      'làm được ko',
      'xong chưa?',
      'à mấy giờ mở cửa',
      'cần giấy j',
    ],
    no: [
      'đâu, công an phường Láng',
      'đâu phải công an, ủy ban cơ',
      'chỗ nào cũng thế',
      'một bao rác',
      'quán bao che',
    ],
  },
  doubts: {
    yes: [
      'gửi đi nhưng khoan',
      'đúng mà sửa đã',
      'gui di, gui cho ai',
      'không đúng',
      `đúng, gửi đi, ${'rác chất đống '.repeat(40)}`,
    ],
    no: ['đúng, gửi đi', 'dung gui di', 'không sai, gửi đi'],
  },
  unsure: {
    yes: ['không biết', 'dạ em cũng không rõ', 'k biết', 'toi khong ro', 'cái này tôi chưa chắc'],
    no: ['không', 'biết rồi', 'cha biết'],
  },
  hangs: {
    yes: ['thế người lớn thì sao', 'còn trẻ con', 'nếu làm hộ', 'làm hộ được không ạ', 'lam ho dc k'],
    no: ['người lớn', 'thế', 'lo cho con'],
  },
  changes: {
    yes: [
      'sai rồi',
      'à sửa địa chỉ',
      'không, nhầm số nhà',
      'sua lai dia diem',
      'Wrong address',
      'đổi thành ngõ 7',
    ],
    no: ['không sai', 'đổi ý rồi', 'doi bang lai can gi', 'đối với người nước ngoài', 'đúng rồi'],
  },
  corrects: {
    yes: [
      'không phải, ngõ 7 cơ',
      'kp công an, ủy ban',
      'dạ đâu phải thế',
      'ý bác là khai tử',
      'công an chứ không phải ủy ban',
    ],
    no: ['đầu ngõ, cạnh cột điện', 'không đội mũ bảo hiểm', 'đôi khi em nghĩ', 'đúng, gửi đi'],
  },
};

describe.each(Object.entries(TABLE) as [Manner, (typeof TABLE)[Manner]][])(
  'a message that %s',
  (which, { yes, no }) => {
    it.each(yes)('%s', (text) => expect(MANNERS[which](said(text))).toBe(true));
    it.each(no)('but not: %s', (text) => expect(MANNERS[which](said(text))).toBe(false));
  },
);

it.each([
  ['không, ý tôi là đổi căn cước', 'đổi căn cước'],
  ['à nhầm, đăng ký lại', 'đăng ký lại'],
  ['không phải ý em là cấp lại', 'cấp lại'],
  ['không phải lần đầu', 'không phải lần đầu'],
  ['đổi căn cước', 'đổi căn cước'],
])('%s: what is meant instead is %s', (text, rest) => expect(meantInstead(said(text))).toBe(rest));

it.each([
  ['thế còn người lớn thì sao ạ?', 'người lớn'],
  ['con 15 tuổi thì sao', 'con 15 tuổi'],
  ['nếu là người Nhật', 'người Nhật'],
])('%s: hung on %s', (text, rest) => expect(hungOn(said(text))).toBe(rest));

it.each(['à ', 'không, ', 'ý tôi là ', 'dạ '])(
  'a story of nothing but "%s" is not gone through word by word',
  (lead) => {
    const text = lead.repeat(2000);
    const { phrase } = said(text);
    let looked = 0;
    const counted: ReturnType<typeof said> = {
      text,
      phrase: (...asked) => {
        looked++;
        return phrase(...asked);
      },
    };
    for (const is of Object.values(MANNERS)) is(counted);
    meantInstead(counted);
    hungOn(counted);
    expect(looked).toBeLessThan(200);
  },
);
