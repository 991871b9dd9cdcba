// What is said under a safe card reaches no case (docs/adr/0007): neither one of its own nor one that is open.
import { describe, expect, it } from 'vitest';
import { seatOf } from '../../src/app/act-on-case.ts';
import { fold } from '../../src/core/cases/index.ts';
import type { ConversationId, Inbound } from '../../src/core/message.ts';
import { keptLog, openMemory, replica, testClock, tiny } from './tiny.ts';

const WHO: ConversationId = 'telegram:1';

async function world() {
  const clock = testClock();
  const store = await openMemory(clock);
  const r = replica({ store, clock, log: keptLog() });
  let keys = 0;
  const say = (text: string, more: Partial<Inbound> = {}) =>
    r.say({ conversation: WHO, key: `k${++keys}`, at: clock.at, text, ...more });
  const cases = () => store.cases.find({ follower: WHO });
  const lastSaid = async () => (await store.conversations.load(WHO))!.log.at(-1)!;
  /** A lamp reported and taken by the city. */
  const report = async () => {
    await say('đèn đường hỏng');
    await say('bóng đèn ngõ 12 tối om');
    await say('', { choice: 'x:dung' });
    const [c] = await cases();
    return c!;
  };
  const officer = seatOf(tiny().content, 'binh')!;
  return { clock, store, r, say, cases, lastSaid, report, officer };
}

describe('under a safe card', () => {
  it('no report is begun by words: who changes the subject is told why', async () => {
    const w = await world();
    await w.say('tôi muốn tố cáo ông Hoàng nhận tiền');
    await w.say('rác chất đống đầu ngõ nhà tôi, ông Hoàng đổ');
    expect((await w.lastSaid()).say).toContain('an-toan.khong-ghi');
    await w.say('', { choice: 'a:muc-do:khong' });
    await w.say('', { choice: 'x:dung' });
    expect(await w.cases()).toEqual([]);
  });

  it('no report begun before it is sent', async () => {
    const w = await world();
    await w.say('rác chất đống đầu ngõ nhà tôi ba hôm nay');
    await w.say('tôi muốn tố cáo ông Hoàng nhận tiền');
    const c = (await w.store.conversations.load(WHO))!;
    expect(c.state.paused).toHaveLength(1);
    const [paused] = c.state.paused;
    // As "tiếp tục" puts it back.
    await w.store.conversations.save({ ...c, state: { ...c.state, paused: [], flow: paused } });
    await w.say('', { choice: 'a:muc-do:khong' });
    await w.say('', { choice: 'x:dung' });
    expect((await w.lastSaid()).say).toContain('an-toan.khong-ghi');
    expect(await w.cases()).toEqual([]);
  });

  it('the report that the card itself offers by a button is sent, in words of its own', async () => {
    const w = await world();
    await w.say('', { files: [{ id: 'chung-cu', name: 'a.jpg', type: 'image/jpeg', size: 3 }] });
    await w.say('tôi muốn tố cáo ông Hoàng nhận tiền');
    await w.say('', { choice: 'i:den' });
    await w.say('bóng đèn ngõ 12 tối om');
    await w.say('', { choice: 'x:dung' });
    const [c] = await w.cases();
    expect(JSON.stringify(c)).not.toMatch(/Hoàng|chung-cu/);
    expect(fold(c!).opened.text).toBe('bóng đèn ngõ 12 tối om');
  });

  it('nothing is added to a case that is open, by a button or by words', async () => {
    const w = await world();
    const c = await w.report();
    await w.say('tôi muốn tố cáo ông Hoàng nhận tiền');
    await w.say('', { choice: `k:add:${c.id}` });
    await w.say('ông Hoàng nhận mười triệu ở quán nước');
    expect((await w.lastSaid()).say).toBe('an-toan.khong-ghi');
    expect(JSON.stringify(await w.cases())).not.toContain('Hoàng');
  });

  it('an officer’s question about another matter is not answered with the next words', async () => {
    const w = await world();
    const c = await w.report();
    await w.say('tôi muốn tố cáo ông Hoàng nhận tiền');
    await w.r.act(w.officer, c.id, { do: 'ask', text: 'Ngõ nào ạ?' }, 'o1');
    await w.r.heart.once();
    await w.say('ông Hoàng nhận mười triệu ở quán nước');
    expect(JSON.stringify(await w.cases())).not.toContain('Hoàng');
  });

  it('a case is reopened without the words', async () => {
    const w = await world();
    const c = await w.report();
    await w.r.act(w.officer, c.id, { do: 'reply', text: 'Đã thay bóng.' }, 'o1');
    w.clock.at += 60_000;
    await w.r.heart.once();
    await w.say('tôi muốn tố cáo ông Hoàng nhận tiền');
    await w.say(c.id);
    await w.say('đèn đường vẫn hỏng, ông Hoàng nhận tiền');
    const now = (await w.store.cases.load(c.id))!;
    expect(now.timeline.filter((e) => e.kind === 'reopened').map((e) => e.text)).toEqual(['']);
  });
});
