import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataOf, isPublicPage, pressedOf } from '../../src/channels/telegram/buttons.ts';
import { flood } from '../../src/channels/telegram/flood.ts';
import { readUpdate } from '../../src/channels/telegram/read-update.ts';
import { asciiName, piecesOf } from '../../src/channels/telegram/send-reply.ts';

const NOW = 1_800_000_000_000;
const from = { id: 5, is_bot: false, first_name: 'A', language_code: 'vi' };
const message = (more: object) => ({
  update_id: 1,
  message: { message_id: 9, date: 1_700_000_000, chat: { id: 5, type: 'private' }, from, ...more },
});
const inbound = (update: unknown) => {
  const read = readUpdate(update, NOW);
  if (read.kind !== 'inbound') throw new Error(read.kind);
  return read;
};

describe('readUpdate', () => {
  it('reads words, with a key that a repeat has again', () => {
    const update = message({ text: 'rác ở ngõ 12' });
    expect(inbound(update).inbound).toEqual({
      conversation: 'telegram:5',
      key: 'telegram:m9',
      at: 1_700_000_000_000,
      text: 'rác ở ngõ 12',
      language: 'vi',
    });
    expect(readUpdate(update, NOW + 5)).toEqual(readUpdate(update, NOW));
  });

  it('ties an edit to the message it edits', () => {
    const edit = {
      update_id: 2,
      edited_message: { ...message({ text: 'rác ở ngõ 14' }).message, edit_date: 1_700_000_060 },
    };
    expect(inbound(edit).inbound).toMatchObject({ key: 'telegram:e9:1700000060', edits: 'telegram:m9' });
  });

  it.each([
    ['/start', { text: '', opening: true }],
    ['/start abc', { text: '', opening: true }],
    ['/riengtu@motcua_bot', { text: '/riengtu' }],
    ['/XOA  hết', { text: '/xoa hết' }],
    ['/ không phải lệnh', { text: '/ không phải lệnh' }],
  ])('reads the command %s', (text, wanted) => {
    expect(inbound(message({ text })).inbound).toMatchObject(wanted);
  });

  it.each([
    [{ voice: {} }, 'voice'],
    [{ video_note: {} }, 'voice'],
    [{ sticker: {} }, 'sticker'],
    [{ video: {}, caption: 'xem này' }, 'file-type'],
    [{ animation: {}, document: { file_id: 'x' } }, 'file-type'],
    [{ contact: {} }, 'other'],
    [{ something_of_2030: {} }, 'other'],
  ])('refuses %j kindly', (content, refused) => {
    expect(inbound(message(content)).inbound.refused).toBe(refused);
  });

  it('takes the largest size of a photo, and its caption', () => {
    const photo = [
      { file_id: 's', width: 90, height: 60 },
      { file_id: 'l', width: 1280, height: 900, file_size: 7 },
      { file_id: 'm', width: 320, height: 200 },
    ];
    const read = inbound(message({ photo, caption: 'đống rác' }));
    expect(read.attached).toEqual({ id: 'l', name: 'anh-9.jpg', size: 7 });
    expect(read.inbound.text).toBe('đống rác');
  });

  it('says nothing to what Telegram itself tells, and to groups', () => {
    expect(readUpdate(message({ pinned_message: {} }), NOW).kind).toBe('nothing');
    expect(readUpdate({ update_id: 1, my_chat_member: {} }, NOW).kind).toBe('nothing');
    const group = message({ text: '/start', chat: { id: -5, type: 'group' } });
    expect(readUpdate(group, NOW)).toEqual({ kind: 'group', chat: -5, command: true });
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.constantFrom('message', 'edited_message', 'callback_query'),
        (junk, kind) => {
          readUpdate(junk, NOW);
          readUpdate({ update_id: 1, [kind]: junk }, NOW);
          if (typeof junk === 'object') readUpdate(message({ ...junk }), NOW);
        },
      ),
    );
  });
});

const id = fc.stringMatching(/^[a-z0-9:.@-]{1,48}$/);

describe('buttons', () => {
  it('come back as they were, within 64 bytes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), id, (n, choice) => {
        const data = dataOf(n, { id: choice, label: 'x' }, 0);
        expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
        expect(pressedOf(data)).toEqual({ choice, choiceOf: n });
      }),
    );
  });

  it('too long for Telegram are known by their label', () => {
    const choice = { id: 'ễ'.repeat(40), label: 'Phường Ễ' };
    const data = dataOf(3, choice, 1);
    const update = {
      update_id: 1,
      callback_query: {
        id: 'q',
        from,
        data,
        message: {
          message_id: 8,
          chat: { id: 5, type: 'private' },
          reply_markup: { inline_keyboard: [[{ text: choice.label, callback_data: data }]] },
        },
      },
    };
    expect(inbound(update).inbound).toMatchObject({ text: 'Phường Ễ' });
    expect(inbound(update).inbound.choice).toBeUndefined();
  });

  it('of strangers are choices that no question knows', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 64 }), (data) => {
        const p = pressedOf(data);
        if ('choice' in p) expect(p.choice.length).toBeGreaterThan(0);
      }),
    );
    expect(pressedOf('0|x')).toEqual({ choice: '0|x' });
  });
});

describe('piecesOf', () => {
  it('puts buttons under the last words only', () => {
    const choices = [{ id: 'co', label: 'Có' }];
    const pieces = piecesOf({ n: 7, text: `${'chữ '.repeat(1500)}`, choices });
    expect(pieces.map((p) => p.keyboard)).toEqual([
      undefined,
      { inline_keyboard: [[{ text: 'Có', callback_data: '7|co' }]] },
    ]);
  });

  it('opens only pages of the world; the others are written out', () => {
    const link = (url: string) =>
      piecesOf({ n: 1, text: 'Đây.', choices: [{ id: 'l', label: 'Mở trang', url }] })[0];
    expect(link('https://motcua.hanoi.gov.vn/lien-he/1')).toMatchObject({
      text: 'Đây.',
      keyboard: { inline_keyboard: [[{ url: 'https://motcua.hanoi.gov.vn/lien-he/1' }]] },
    });
    expect(link('http://localhost:8080/lien-he/1')).toEqual({
      kind: 'text',
      text: 'Đây.\n\nMở trang: http://localhost:8080/lien-he/1',
    });
    for (const url of ['https://10.0.0.1/', 'https://may-chu/', 'http://a.vn/', 'https://[::1]/', 'x'])
      expect(isPublicPage(url)).toBe(false);
  });

  it('has nothing to send where nothing is said', () => {
    expect(piecesOf({ n: 1, text: ' \u0000 ' })).toEqual([]);
  });

  it('names files in ASCII', () => {
    expect(asciiName('Đơn xin cấp lại (bản sao).pdf')).toBe('don-xin-cap-lai-ban-sao-.pdf');
    expect(asciiName('../..')).toBe('tep');
  });
});

describe('flood', () => {
  it('bounds a chat within a minute, tells of the first only, and counts a repeat once', () => {
    const flow = flood(2);
    expect(flow(1, 'a', 0)).toBe('fine');
    expect(flow(1, 'a', 1)).toBe('fine');
    expect(flow(1, 'b', 2)).toBe('fine');
    expect(flow(1, 'c', 3)).toBe('first-too-many');
    expect(flow(1, 'd', 4)).toBe('too-many');
    expect(flow(2, 'd', 4)).toBe('fine');
    expect(flow(1, 'e', 60_000)).toBe('fine');
  });
});
