// What follows a case and a conversation after the talk: steps told, dates that pass, contact details, forgetting.
import { describe, expect, it } from 'vitest';
import { seatOf } from '../../src/app/act-on-case.ts';
import { contactPages, contactToken } from '../../src/app/contact.ts';
import type { Channel, Store } from '../../src/app/ports.ts';
import { sweep } from '../../src/app/sweep.ts';
import { wake } from '../../src/app/wake.ts';
import { type Case, caseCode, fold } from '../../src/core/cases/index.ts';
import { Conversation } from '../../src/core/dialogue/conversation.ts';
import { newConversation } from '../../src/core/dialogue/index.ts';
import type { ConversationId, FileRef, Inbound } from '../../src/core/message.ts';
import { keptLog, openMemory, replica, testClock, tiny } from './tiny.ts';

const DAY = 86_400_000;
const PUSH: ConversationId = 'telegram:1';
const PULL: ConversationId = `web:${'0'.repeat(31)}1`;

async function world(push?: Channel['send']) {
  const clock = testClock();
  const store = await openMemory(clock);
  const log = keptLog();
  const r = replica({ store, clock, log, ...(push && { push }) });
  let keys = 0;
  const say = (who: ConversationId, text: string, more: Partial<Inbound> = {}) =>
    r.say({ conversation: who, key: `k${++keys}`, at: clock.at, text, ...more });
  /** Opens the report about a lamp and gives its case. */
  const report = async (who: ConversationId): Promise<Case> => {
    await say(who, 'đèn đường hỏng');
    await say(who, 'bóng đèn ngõ 12 tối om');
    await say(who, '', { choice: 'x:dung' });
    await r.heart.once();
    const [c] = await store.cases.find({ follower: who });
    if (!c) throw new Error('no case was opened');
    return c;
  };
  const officer = seatOf(tiny().content, 'binh')!;
  return { clock, store, log, r, say, report, officer };
}
const logOf = async (store: Store, id: ConversationId) => (await store.conversations.load(id))?.log ?? [];
/** Steps noted as told, the opening aside: its code was said by its own turn. */
const toldOf = async (store: Store, code: string) =>
  (await store.cases.load(code))!.timeline.filter((e) => e.kind === 'told' && e.entry > 0);

const copyOf = (c: Case, n: number): string => caseCode('thử', PUSH, `${c.id}${n}`, 0);

it('a talk stored by older code, which said more of what it waited for, opens', () => {
  const c = newConversation(PUSH);
  for (const expects of [
    { kind: 'which-intent', text: 'x', among: ['a'] },
    { kind: 'which-case', act: 'add' },
  ])
    expect(Conversation.safeParse({ ...c, state: { ...c.state, expects } }).success).toBe(true);
});

describe('settle', () => {
  it('tells a step once, however often it looks, and notes it on the timeline', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    await w.r.act(w.officer, c.id, { do: 'take' }, 'o1');
    for (let i = 0; i < 5; i++) {
      await w.r.settle(c.id);
      await w.r.heart.once();
    }
    expect((await logOf(w.store, PUSH)).filter((e) => e.about).map((e) => e.say)).toEqual(['vu.moi.taken']);
    expect(await toldOf(w.store, c.id)).toHaveLength(1);
  });

  it('holds a reply for a minute, in which it can be called back unseen', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    await w.r.act(w.officer, c.id, { do: 'reply', text: 'Câu chưa nghĩ kỹ.' }, 'o1');
    w.clock.at += 59_000;
    await w.r.heart.once();
    expect((await w.r.act(w.officer, c.id, { do: 'recall' }, 'o2')).ok).toBe(true);
    w.clock.at += DAY;
    await w.r.heart.once();
    expect(JSON.stringify(await logOf(w.store, PUSH))).not.toContain('Câu chưa nghĩ kỹ');
    await w.r.act(w.officer, c.id, { do: 'reply', text: 'Đã thay bóng.' }, 'o3');
    w.clock.at += 60_000;
    const late = await w.r.act(w.officer, c.id, { do: 'recall' }, 'o4');
    expect(!late.ok && late.problems[0]!.code).toBe('expired');
    await w.r.heart.once();
    expect(JSON.stringify(await logOf(w.store, PUSH))).toContain('Đã thay bóng.');
  });

  it('lets a held reply go when the citizen withdraws: they were told that it ends there', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    await w.r.act(w.officer, c.id, { do: 'reply', text: 'Đã thay bóng.' }, 'o1');
    w.clock.at += 20_000;
    await w.say(PUSH, '', { choice: `k:withdraw:${c.id}` });
    await w.say(PUSH, '', { choice: `k:rut:${c.id}` });
    expect((await logOf(w.store, PUSH)).at(-1)!.say).toBe('vu.da-rut');
    w.clock.at += DAY;
    await w.r.heart.once();
    await w.say(PUSH, c.id);
    const log = await logOf(w.store, PUSH);
    expect(log.at(-1)!.say).toContain('vu.trang-thai');
    expect(JSON.stringify(log)).not.toContain('Đã thay bóng');
    expect(await w.store.cases.due(w.clock.at + 100 * DAY, 9)).toEqual([]);
  });

  it('knows the last of more than a hundred cases of one citizen', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    const { version: _, ...whole } = c;
    // Those without a date come last in lists, and there are many before this one.
    for (let i = 0; i < 120; i++) await w.store.cases.save({ ...whole, id: copyOf(c, i), version: 0 });
    const last = copyOf(c, 120);
    const timeline = c.timeline.filter((e) => e.kind !== 'promised');
    await w.store.cases.save({ ...whole, id: last, timeline, version: 0 });
    await w.say(PUSH, '', { choice: `k:withdraw:${last}` });
    await w.say(PUSH, '', { choice: `k:rut:${last}` });
    expect(fold((await w.store.cases.load(last))!).status).toBe('withdrawn');
  });

  it('calls back the newest reply that still stands, and says so when none does', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    await w.r.act(w.officer, c.id, { do: 'reply', text: 'Câu đầu.' }, 'o1');
    w.clock.at += 20_000;
    await w.r.act(w.officer, c.id, { do: 'reply', text: 'Câu sau.' }, 'o2');
    expect((await w.r.act(w.officer, c.id, { do: 'recall' }, 'o3')).ok).toBe(true);
    expect((await w.r.act(w.officer, c.id, { do: 'recall' }, 'o4')).ok).toBe(true);
    const third = await w.r.act(w.officer, c.id, { do: 'recall' }, 'o5');
    expect(!third.ok && third.problems[0]!.code).toBe('not-found');
    w.clock.at += DAY;
    await w.r.heart.once();
    expect(JSON.stringify(await logOf(w.store, PUSH))).not.toMatch(/Câu đầu|Câu sau/);
  });

  it('counts a web step as told when the page has fetched it, not before', async () => {
    const w = await world();
    const c = await w.report(PULL);
    await w.r.act(w.officer, c.id, { do: 'take' }, 'o1');
    await w.r.heart.once();
    await w.r.settle(c.id);
    expect(await toldOf(w.store, c.id)).toHaveLength(0);
    const waiting = await w.store.cases.load(c.id);
    expect(waiting!.wakeAt, 'it does not look again at once').toBeGreaterThan(w.clock.at + 60_000);
    const conversation = (await w.store.conversations.load(PULL))!;
    await w.r.fetched(PULL, conversation.next - 1);
    expect(await toldOf(w.store, c.id)).toHaveLength(1);
  });

  it('notes a step that cannot arrive as failed, where officers list it', async () => {
    const w = await world(async () => ({ failed: 'blocked' }));
    const c = await w.report(PUSH);
    await w.r.act(w.officer, c.id, { do: 'take' }, 'o1');
    await w.r.heart.once();
    await w.r.heart.once();
    const [told] = await toldOf(w.store, c.id);
    expect(told).toMatchObject({ failed: 'blocked' });
    expect((await w.store.cases.find({ failed: true })).map((x) => x.id)).toEqual([c.id]);
  });

  it('says by itself that a date passed, once, and never moves it', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    const { due } = fold(c).promise!;
    w.clock.at = due;
    await w.r.heart.once();
    expect(fold((await w.store.cases.load(c.id))!).overdue).toBe(false);
    w.clock.at = due + 1;
    for (let i = 0; i < 4; i++) {
      await w.r.heart.once();
      w.clock.at += DAY;
    }
    const stored = (await w.store.cases.load(c.id))!;
    const overdue = (await logOf(w.store, PUSH)).filter(
      (e) => e.about && stored.timeline[e.about.entry]?.kind === 'overdue',
    );
    expect(overdue).toHaveLength(1);
    const after = fold(stored);
    expect(after.overdue).toBe(true);
    expect(after.promise!.due).toBe(due);
  });

  it('takes an act that comes twice once, also one after which the case is another agency’s', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    const away = { do: 'transfer' as const, to: 'phuong', reason: 'Việc của phường.' };
    for (const act of [{ do: 'take' as const }, away])
      for (let i = 0; i < 2; i++)
        expect(await w.r.act(w.officer, c.id, act, act.do), act.do).toMatchObject({ ok: true });
    const kinds = (await w.store.cases.load(c.id))!.timeline.map((e) => e.kind);
    expect(kinds.filter((k) => k === 'taken' || k === 'transferred')).toEqual(['taken', 'transferred']);
    expect((await w.r.act(w.officer, c.id, away, 'another')).ok).toBe(false);
  });

  it('leaves an officer of another agency none the wiser', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    const other = seatOf(tiny().content, 'ha')!;
    const [hers, nobody] = [
      await w.r.act(other, c.id, { do: 'take' }, 'o1'),
      await w.r.act(other, '000-000-000', { do: 'take' }, 'o2'),
    ];
    expect(!hers.ok && hers.problems[0]!.code).toBe('not-found');
    expect(nobody.ok).toBe(false);
  });

  it('of a code nobody has does nothing', async () => {
    const w = await world();
    await expect(w.r.settle('000-000-000')).resolves.toBeUndefined();
  });
});

describe('the outgoing queue', () => {
  it('keeps order behind a message that must wait, and sleeps until then', async () => {
    const got: number[] = [];
    let away = true;
    const w = await world(async (_, r) => {
      if (away) return { retryAt: w.clock.at + 30_000 };
      got.push(r.n);
      return { ref: String(r.n) };
    });
    await w.say(PUSH, 'xin chào');
    await w.r.heart.once();
    await w.say(PUSH, 'khai tử cho ông');
    expect(await w.store.conversations.due(w.clock.at + 29_000, 10)).toEqual([]);
    away = false;
    w.clock.at += 30_000;
    await w.r.heart.once();
    expect(got).toEqual([2, 4]);
  });

  it('gives up after a day of trying and says so', async () => {
    let calls = 0;
    const w = await world(async () => {
      calls++;
      return { retryAt: w.clock.at + 3_600_000 };
    });
    await w.say(PUSH, 'xin chào');
    const last = async () => (await logOf(w.store, PUSH)).at(-1)!.delivery;
    for (let hour = 0; hour <= 24; hour++) {
      await w.r.heart.once();
      expect((await last())?.state).toBe('pending');
      w.clock.at += 3_600_000;
    }
    await w.r.heart.once();
    expect(await last()).toMatchObject({ state: 'failed', problem: 'unavailable' });
    const then = calls;
    w.clock.at += DAY;
    await w.r.heart.once();
    expect(calls).toBe(then);
  });

  it('sends again what a killed process left in the air, after a minute', async () => {
    let dies = true;
    let calls = 0;
    const w = await world(async () => {
      calls++;
      if (dies) throw new Error('gone in mid-air');
      return { ref: '1' };
    });
    await w.say(PUSH, 'xin chào');
    await w.r.heart.once();
    dies = false;
    w.clock.at += 59_000;
    await w.r.heart.once();
    expect(calls).toBe(1);
    w.clock.at += 1000;
    await w.r.heart.once();
    expect(calls).toBe(2);
    expect((await logOf(w.store, PUSH)).at(-1)!.delivery?.state).toBe('sent');
  });
});

describe('the heartbeat', () => {
  it('goes on after a fault, logs it once, and stops only when its beat is over', async () => {
    const clock = testClock();
    const store = await openMemory(clock);
    const log = keptLog();
    let running = 0;
    let beats = 0;
    const heart = wake(
      { store, clock, log },
      async () => {
        running++;
        await new Promise((r) => setTimeout(r, 20));
        running--;
        beats++;
        throw new Error('broken');
      },
      async () => {},
      5,
    );
    heart.start();
    for (let i = 0; i < 6; i++) {
      heart.hint({ conversation: `telegram:${i}` });
      await new Promise((r) => setTimeout(r, 8));
    }
    await heart.stop();
    expect(running, 'nothing runs after stop').toBe(0);
    expect(beats).toBeGreaterThan(0);
    expect(log.lines.length).toBe(beats);
    const then = beats;
    await new Promise((r) => setTimeout(r, 40));
    expect(beats).toBe(then);
  });
});

describe('stopping', () => {
  it('waits for a slow beat even when a hint has started another meanwhile', async () => {
    const clock = testClock();
    const store = await openMemory(clock);
    let slowDone = false;
    const heart = wake(
      { store, clock, log: keptLog() },
      async (id) => {
        await new Promise((r) => setTimeout(r, id === 'telegram:1' ? 120 : 1));
        if (id === 'telegram:1') slowDone = true;
      },
      async () => {},
      5,
    );
    heart.start();
    heart.hint({ conversation: 'telegram:1' });
    await new Promise((r) => setTimeout(r, 20));
    heart.hint({ conversation: 'telegram:2' });
    await new Promise((r) => setTimeout(r, 20));
    await heart.stop();
    expect(slowDone).toBe(true);
  });
});

describe('contact details', () => {
  async function page() {
    const w = await world();
    const c = await w.report(PUSH);
    const pages = contactPages({ store: w.store, clock: w.clock, secret: 'bi-mat', official: false });
    return { ...w, c, pages, token: contactToken('bi-mat', c.id, w.clock.at) };
  }
  const details = { name: 'Nguyễn Văn An', phone: '0912345678', address: '12 ngõ Nhỏ' };

  it('are given once, on a page of their own, and never enter case or conversation', async () => {
    const { pages, token, store, c } = await page();
    expect(await pages.open(token)).toEqual({ ok: true, value: { code: c.id, officialChannel: false } });
    expect((await pages.save(token, details)).ok).toBe(true);
    const again = await pages.save(token, { ...details, name: 'Kẻ khác' });
    expect(!again.ok && again.problems[0]!.code).toBe('expired');
    expect((await pages.open(token)).ok).toBe(false);
    expect((await store.contacts.load(c.id))?.name).toBe('Nguyễn Văn An');
    expect(JSON.stringify(await store.cases.load(c.id))).not.toContain('Nguyễn Văn An');
    expect(JSON.stringify(await store.conversations.load(PUSH))).not.toContain('0912345678');
  });

  it('saved by two at once are those of one of them', async () => {
    const { pages, token } = await page();
    const both = await Promise.all([pages.save(token, details), pages.save(token, details)]);
    expect(both.filter((r) => r.ok)).toHaveLength(1);
  });

  it('are refused for a link that is forged, of another case, or old', async () => {
    const { pages, token, clock } = await page();
    const [code, until, sign] = token.split('.') as [string, string, string];
    const later = (Number.parseInt(until, 36) + DAY).toString(36);
    for (const bad of [
      '',
      '..',
      code,
      `${code}.${until}`,
      `${code}.${until}.`,
      `${code}.${later}.${sign}`,
      `000-000-000.${until}.${sign}`,
      `${token}x`,
      contactToken('khac', code, clock.at),
    ]) {
      const r = await pages.open(bad);
      expect(!r.ok && r.problems[0]!.code, bad).toBe('not-found');
    }
    clock.at += 14 * DAY + 1;
    const old = await pages.open(token);
    expect(!old.ok && old.problems[0]!.code).toBe('expired');
    expect((await pages.save(token, details)).ok).toBe(false);
  });
});

describe('forgetting', () => {
  const picture = async (store: Store, id: string, owner: string, at: number): Promise<FileRef> => {
    await store.files.put({ id, name: 'a.jpg', type: 'image/jpeg', size: 3, at, owner }, new Uint8Array(3));
    return { id, name: 'a.jpg', type: 'image/jpeg', size: 3 };
  };

  it('sweeps pictures nothing refers to after a day, and keeps those of logs and cases', async () => {
    const w = await world();
    const inLog = await picture(w.store, 'trong-log', PUSH, w.clock.at);
    await picture(w.store, 'mo-coi', PUSH, w.clock.at);
    await picture(w.store, 'cua-ban-phat-hanh', 'release', w.clock.at);
    const c = await w.report(PUSH);
    await w.say(PUSH, 'xem ảnh này', { files: [inLog] });
    w.clock.at += DAY / 2;
    await picture(w.store, 'vua-gui', PUSH, w.clock.at);
    const p = { store: w.store, clock: w.clock, log: w.log };
    expect(await sweep(p)).toEqual({ conversations: 0, cases: 0, files: 0 });
    w.clock.at += DAY / 2 + 1;
    expect(await sweep(p)).toEqual({ conversations: 0, cases: 0, files: 1 });
    expect(await w.store.files.open('mo-coi')).toBeUndefined();
    for (const id of ['trong-log', 'cua-ban-phat-hanh', 'vua-gui'])
      expect(await w.store.files.open(id), id).toBeDefined();
    expect(await w.store.cases.load(c.id)).toBeDefined();
  });

  it('removes a conversation nobody used for a year, with its pictures, and keeps its case', async () => {
    const w = await world();
    const file = await picture(w.store, 'anh', PUSH, w.clock.at);
    const c = await w.report(PUSH);
    await w.say(PUSH, '', { files: [file] });
    const kept = (await w.store.cases.load(c.id))!.timeline.some((e) => 'files' in e && e.files.length > 0);
    await w.say(PULL, 'xin chào');
    w.clock.at += 364 * DAY;
    const p = { store: w.store, clock: w.clock, log: w.log };
    expect((await sweep(p)).conversations).toBe(0);
    await w.say(PULL, 'xin chào');
    w.clock.at += DAY + 1;
    const done = await sweep(p);
    expect(done.conversations).toBe(1);
    expect(await w.store.conversations.load(PUSH)).toBeUndefined();
    expect(await w.store.conversations.load(PULL)).toBeDefined();
    expect(await w.store.cases.load(c.id)).toBeDefined();
    expect((await w.store.files.open('anh')) !== undefined).toBe(kept);
  });

  it.each([PUSH, PULL])('takes the words out of a sensitive talk after thirty minutes (%s)', async (who) => {
    const w = await world();
    await w.say(who, 'tôi muốn tố cáo ông Hoàng Canary nhận tiền');
    await w.say(who, 'số căn cước 001099012345 ngõ Canary');
    await w.r.heart.once();
    expect(JSON.stringify(await w.store.conversations.load(who))).toContain('Canary');
    w.clock.at += 30 * 60_000;
    await w.r.heart.once();
    const raw = JSON.stringify(await w.store.conversations.load(who));
    expect(raw).not.toContain('Canary');
    expect(raw).not.toContain('001099012345');
    expect(raw).not.toContain('tố cáo');
    expect(await w.store.cases.find({ follower: who })).toEqual([]);
    expect(w.log.lines.join('\n')).not.toContain('Canary');
  });

  it('forgets when the next message comes before the heartbeat', async () => {
    const w = await world();
    await w.say(PUSH, 'tôi muốn tố cáo ông Canary');
    await w.say(PUSH, 'ngõ Canary có rác');
    w.clock.at += 30 * 60_000;
    await w.say(PUSH, 'xin chào');
    await w.r.heart.once();
    expect(JSON.stringify(await w.store.conversations.load(PUSH))).not.toContain('Canary');
  });

  it.each([
    [
      'keeps a report begun half an hour before the sensitive words',
      'bóng đèn ngõ 12 tối om',
      31 * 60_000,
      1,
    ],
    ['keeps one begun just before that is surely another matter', 'bóng đèn ngõ 12 tối om', 60_000, 1],
    ['forgets one begun just before with somebody in it', 'ông Canary để ngõ tối om', 60_000, 0],
  ])('%s', async (_, story, pause, left) => {
    const w = await world();
    await w.say(PUSH, 'đèn đường hỏng');
    await w.say(PUSH, story);
    w.clock.at += pause;
    await w.say(PUSH, 'tôi muốn tố cáo ông Canary nhận tiền');
    w.clock.at += 30 * 60_000;
    await w.r.heart.once();
    const c = (await w.store.conversations.load(PUSH))!;
    expect(c.state.paused.map((f) => f.intent)).toEqual(left ? ['den'] : []);
    expect(JSON.stringify(c)).not.toContain('Canary');
    expect(JSON.stringify(c).includes('tối om')).toBe(left === 1);
  });

  it('never sends an empty message for one whose words were taken before it left', async () => {
    const texts: string[] = [];
    const w = await world(async (_, r) => {
      texts.push(r.text);
      return texts.length < 3 ? { retryAt: w.clock.at + 3_600_000 } : { ref: '1' };
    });
    await w.say(PUSH, 'tôi muốn tố cáo ông Canary');
    await w.r.heart.once();
    w.clock.at += 31 * 60_000;
    await w.r.heart.once();
    w.clock.at += 3_600_000;
    await w.r.heart.once();
    expect(texts.filter((t) => t.trim() === '')).toEqual([]);
    expect((await logOf(w.store, PUSH)).some((e) => e.delivery?.state === 'pending')).toBe(false);
  });

  it('erases a conversation when its owner says so twice, and the case stays with the office', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    await w.say(PUSH, 'xóa dữ liệu của tôi');
    expect(JSON.stringify(await w.store.conversations.load(PUSH))).toContain('tối om');
    await w.say(PUSH, '', { choice: 'x:xoa-co' });
    const raw = JSON.stringify(await w.store.conversations.load(PUSH));
    expect(raw).not.toContain('tối om');
    expect(raw).not.toContain('xóa dữ liệu');
    const left = await logOf(w.store, PUSH);
    expect(left.map((e) => e.say)).toEqual(['xoa.xong']);
    expect(left[0]!.n, 'numbers go on: pages and channels know them').toBeGreaterThan(8);
    expect(await w.store.cases.load(c.id)).toBeDefined();
    await w.say(PUSH, 'xin chào');
    expect((await logOf(w.store, PUSH)).at(-1)!.text).toContain('Chào anh/chị');
  });
});
