// Telegram without a public address has no page for contact details: the citizen is told what that means.
import { expect, it } from 'vitest';
import { keptLog, openMemory, replica, testClock } from './tiny.ts';

it('a report without a page for contact details says that the office may not take it up', async () => {
  const clock = testClock();
  const store = await openMemory(clock);
  const r = replica({ store, clock, log: keptLog() });
  const say = (key: string, text: string, choice?: string) =>
    r.say({ conversation: 'telegram:1', key, at: clock.at, text, ...(choice && { choice }) });
  await say('k1', 'đèn đường hỏng');
  await say('k2', 'bóng đèn ngõ 12 tối om');
  await say('k3', '', 'x:dung');
  const last = (await store.conversations.load('telegram:1'))!.log.at(-1)!;
  expect(last.say).toContain('gui.khong-lien-he');
  expect(last.text).toContain('không kèm họ tên, địa chỉ, số điện thoại');
  expect(last.choices ?? []).toEqual([]);
});
