// The fake is only worth something if it refuses what Telegram refuses.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeTelegram, fakeTelegram } from './fake-telegram/server.ts';

let tg: FakeTelegram;
beforeEach(async () => {
  tg = await fakeTelegram({ callbackMs: 100 });
});
afterEach(() => tg.close());

interface Answer {
  ok: boolean;
  result?: { update_id: number }[];
  error_code?: number;
  description?: string;
}
const call = async (method: string, payload: object = {}, token = tg.token): Promise<Answer> => {
  const answer = await fetch(`${tg.apiRoot}/bot${token}/${method}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(payload),
  });
  return (await answer.json()) as Answer;
};
const ids = (a: Answer) => a.result!.map((u) => u.update_id);
const send = (more: object) => call('sendMessage', { chat_id: 7, text: 'x', ...more });

describe('the fake Telegram', () => {
  it('keeps updates until they are confirmed', async () => {
    tg.user(7).text('a');
    tg.user(7).text('b');
    const [first, second] = ids(await call('getUpdates'));
    expect(ids(await call('getUpdates'))).toEqual([first, second]);
    expect(ids(await call('getUpdates', { offset: second }))).toEqual([second]);
    expect(ids(await call('getUpdates', { offset: second! + 1 }))).toEqual([]);
    expect(ids(await call('getUpdates'))).toEqual([]);
  });

  it('lets only the younger poller stay, and none beside a webhook', async () => {
    const older = call('getUpdates', { timeout: 5 });
    await new Promise((r) => setTimeout(r, 50));
    const younger = call('getUpdates', { timeout: 5 });
    expect((await older).error_code).toBe(409);
    tg.user(7).text('a');
    expect(ids(await younger).length).toBe(1);
    await call('setWebhook', { url: 'http://127.0.0.1:9/x' });
    expect((await call('getUpdates')).description).toContain('webhook is active');
  });

  it('refuses what Telegram refuses', async () => {
    expect((await send({})).description).toContain('chat not found');
    const an = tg.user(7);
    an.text('a');
    expect((await call('getMe', {}, '1:wrong')).error_code).toBe(401);
    expect((await call('flyAway')).error_code).toBe(404);
    for (const [more, why] of [
      [{ text: ' ' }, 'text is empty'],
      [{ text: 'a'.repeat(4097) }, 'too long'],
      [{ text: '<x>', parse_mode: 'HTML' }, 'Unsupported start tag'],
      [{ text: '<b>x', parse_mode: 'HTML' }, "Can't find end tag"],
      [{ text: '\ud800' }, 'UTF-8'],
      [
        { reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: 'ễ'.repeat(22) }]] } },
        'BUTTON_DATA',
      ],
      [{ reply_markup: { inline_keyboard: [[{ text: 'x', url: 'http://localhost/' }]] } }, 'Wrong HTTP URL'],
    ] as const)
      expect((await send(more)).description).toContain(why);
    an.block();
    expect((await send({})).error_code).toBe(403);
  });

  it('forgets a pressed button, and knows an edit that changes nothing', async () => {
    const an = tg.user(7);
    an.text('a');
    const keyboard = { inline_keyboard: [[{ text: 'Có', callback_data: '1|co' }]] };
    await send({ reply_markup: keyboard });
    const { message_id } = await an.next();
    const edit = { chat_id: 7, message_id, reply_markup: keyboard };
    expect((await call('editMessageReplyMarkup', edit)).description).toContain('not modified');
    const press = an.press('Có');
    expect((await call('answerCallbackQuery', { callback_query_id: press })).ok).toBe(true);
    const late = an.press('Có');
    await new Promise((r) => setTimeout(r, 150));
    expect((await call('answerCallbackQuery', { callback_query_id: late })).description).toContain('too old');
  });
});
