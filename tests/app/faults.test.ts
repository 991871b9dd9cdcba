// Faults that were found between the documents: openings lost by a kill, talks erased or swept while a case goes
// on, double taps on two replicas, processes that cannot send, lists that hide what is late.
import { describe, expect, it } from 'vitest';
import { seatOf } from '../../src/app/act-on-case.ts';
import { converse } from '../../src/app/converse.ts';
import { openContent } from '../../src/app/live-content.ts';
import { packSources } from '../../src/app/pack-sources.ts';
import type { Log, Store } from '../../src/app/ports.ts';
import { listCases } from '../../src/app/read-cases.ts';
import { factOff, release } from '../../src/app/release.ts';
import { send } from '../../src/app/send.ts';
import { type Swept, sweep } from '../../src/app/sweep.ts';
import { wake } from '../../src/app/wake.ts';
import {
  append,
  type Case,
  caseCode,
  fold,
  MAX_FILES,
  MAX_WORDS,
  type TimelineEntry,
} from '../../src/core/cases/index.ts';
import { validate } from '../../src/core/content/index.ts';
import { appendEntry, newConversation, takeTurn } from '../../src/core/dialogue/index.ts';
import type { ConversationId, FileRef, Inbound } from '../../src/core/message.ts';
import { learn, openReader, understand } from '../../src/core/nlu/index.ts';
import {
  contentOf,
  keptLog,
  openMemory,
  replica,
  type TestClock,
  testClock,
  tiny,
  tinySources,
} from './tiny.ts';

const DAY = 86_400_000;
const PUSH: ConversationId = 'telegram:1';
const OTHER: ConversationId = 'telegram:2';

async function world(store?: Store, clock: TestClock = testClock(), city = tiny()) {
  const all = store ?? (await openMemory(clock));
  const log = keptLog();
  const r = replica({ store: all, clock, log, ...city });
  let keys = 0;
  const say = (who: ConversationId, text: string, more: Partial<Inbound> = {}) =>
    r.say({ conversation: who, key: `k${++keys}`, at: clock.at, text, ...more });
  /** Goes as far as the review of a report about rubbish. */
  const review = async (who: ConversationId): Promise<void> => {
    await say(who, 'rác chất đống đầu ngõ nhà tôi ba hôm nay');
    await say(who, '', { choice: 'a:muc-do:khong' });
  };
  const report = async (who: ConversationId): Promise<Case> => {
    await review(who);
    await say(who, '', { choice: 'x:dung' });
    await r.heart.once();
    return (await casesOf(all, who)).at(-1)!;
  };
  return { clock, store: all, log, r, say, review, report, officer: seatOf(tiny().content, 'ha')! };
}
const casesOf = (store: Store, who: string) => store.cases.find({ follower: who });
const logOf = async (store: Store, id: ConversationId) => (await store.conversations.load(id))?.log ?? [];
const load = async (store: Store, code: string): Promise<Case> => (await store.cases.load(code))!;
const tap = (key: string, at: number): Inbound => ({
  conversation: PUSH,
  key,
  at,
  text: '',
  choice: 'x:dung',
});

/** A store whose next save of a conversation is the last thing its process does. */
function dying(s: Store): Store {
  return {
    ...s,
    conversations: {
      ...s.conversations,
      save: async () => {
        throw new Error('killed');
      },
    },
  };
}
/** The case of a confirmed report is saved, its conversation is not. */
async function killedAfterCase() {
  const w = await world();
  await w.review(PUSH);
  const doomed = replica({ store: dying(w.store), clock: w.clock });
  await expect(doomed.say(tap('tap', w.clock.at))).rejects.toThrow('killed');
  const [c] = await casesOf(w.store, PUSH);
  expect((await logOf(w.store, PUSH)).some((e) => e.text.includes(c!.id))).toBe(false);
  return { ...w, c: c! };
}

describe('one report is one case', () => {
  it('tapped twice on two replicas at once', async () => {
    const w = await world();
    await w.review(PUSH);
    const second = replica({ store: w.store, clock: w.clock });
    await Promise.all([w.r.say(tap('tap1', w.clock.at)), second.say(tap('tap2', w.clock.at))]);
    expect(await casesOf(w.store, PUSH)).toHaveLength(1);
  });

  it('tapped again, with another key, after a kill between case and conversation', async () => {
    const { store, r, c, clock } = await killedAfterCase();
    await r.say(tap('another tap', clock.at));
    expect((await casesOf(store, PUSH)).map((x) => x.id)).toEqual([c.id]);
    expect((await logOf(store, PUSH)).at(-1)!.text).toContain(c.id);
  });

  it('and its code is said once, whatever is said next instead of the tap', async () => {
    const { store, say, c } = await killedAfterCase();
    await say(PUSH, 'khai tử cho ông');
    await say(PUSH, 'xin chào');
    const naming = (await logOf(store, PUSH)).filter((e) => e.text.includes(c.id));
    expect(naming).toHaveLength(1);
  });

  it('a ticket left in the middle of a report is a case of its own, and the report another', async () => {
    const w = await world();
    await w.review(PUSH);
    await w.say(PUSH, 'cho tôi gặp cán bộ');
    await w.say(PUSH, 'gọi lại cho tôi buổi chiều nhé');
    await w.say(PUSH, '', { choice: 'x:dung' });
    const all = await casesOf(w.store, PUSH);
    expect(all.map((c) => fold(c).opened.as).sort()).toEqual(['report', 'ticket']);
  });

  it('two reports one after the other are two cases', async () => {
    const w = await world();
    const first = await w.report(PUSH);
    w.clock.at += 1000;
    const second = await w.report(PUSH);
    expect(await casesOf(w.store, PUSH)).toHaveLength(2);
    expect(first.id).not.toBe(second.id);
  });
});

describe('a word to a case, killed before the conversation was saved and then repeated', () => {
  const XONG =
    'id: xong\nkind: small-talk\ndo: solved\nexamples: [sạch rồi cảm ơn, đã xong rồi, xong việc rồi nhé]\n';
  /** Says a message on a process that dies after the cases, then again on one that lives. */
  async function twice(w: Awaited<ReturnType<typeof world>>, m: Omit<Inbound, 'conversation' | 'at'>) {
    const { live } = w.r.parts;
    const doomed = replica({ store: dying(w.store), clock: w.clock, ...live() });
    const inbound: Inbound = { conversation: PUSH, at: w.clock.at, ...m };
    await expect(doomed.say(inbound)).rejects.toThrow('killed');
    await replica({ store: w.store, clock: w.clock, ...live() }).say(inbound);
    return (await logOf(w.store, PUSH)).at(-1)!;
  }

  it('resolves the case it resolved, and no other', async () => {
    const content = contentOf({ ...tinySources(), 'intents/chung/xong.yml': XONG });
    const w = await world(undefined, undefined, { content, reader: openReader(content, learn(content)) });
    for (let i = 0; i < 2; i++) {
      w.clock.at += 1000;
      const c = await w.report(PUSH);
      await w.r.act(w.officer, c.id, { do: 'reply', text: 'Đã dọn.' }, `o${i}`);
      w.clock.at += 60_000;
      await w.r.heart.once();
    }
    await w.say(PUSH, 'xin chào');
    const said = await twice(w, { key: 'xong', text: 'sạch rồi cảm ơn' });
    const resolved = (await casesOf(w.store, PUSH)).filter((c) => fold(c).status === 'resolved');
    expect(resolved).toHaveLength(1);
    expect(said).toMatchObject({ say: 'vu.cam-on-xac-nhan', text: expect.stringContaining(resolved[0]!.id) });
  });

  it('answers the officer once, and is thanked for it', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    await w.r.act(w.officer, c.id, { do: 'ask', text: 'Nhà số mấy ạ?' }, 'o1');
    await w.r.heart.once();
    const said = await twice(w, { key: 'đáp', text: 'số nhà là 12B, cổng màu xanh' });
    expect(said.say).toBe('vu.da-tra-loi-can-bo');
    const added = (await load(w.store, c.id)).timeline.filter((e) => e.kind === 'added');
    expect(added).toMatchObject([{ answers: 3, text: 'số nhà là 12B, cổng màu xanh' }]);
  });

  it('reopens once, and still asks what is missing', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    await w.r.act(w.officer, c.id, { do: 'reply', text: 'Đã dọn.' }, 'o1');
    w.clock.at += 60_000;
    await w.r.heart.once();
    const entry = (await load(w.store, c.id)).timeline.findIndex((e) => e.kind === 'replied');
    const said = await twice(w, { key: 'chưa', text: '', choice: `s:${c.id}:${entry}:chua` });
    expect(said.say).toBe('vu.mo-lai + vu.con-thieu-gi');
    expect(fold(await load(w.store, c.id)).reopened).toBe(1);
  });

  it('withdraws once', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    const said = await twice(w, { key: 'rút', text: '', choice: `k:rut:${c.id}` });
    expect(said.say).toBe('vu.da-rut');
  });
});

describe('a ticket left after a report whose confirmation was killed', () => {
  it('is a case of its own: its words are not lost', async () => {
    const { store, say, c } = await killedAfterCase();
    await say(PUSH, 'cho tôi gặp cán bộ');
    await say(PUSH, 'gọi lại cho tôi buổi chiều nhé');
    const all = await casesOf(store, PUSH);
    expect(all.map((x) => fold(x).opened.as).sort()).toEqual(['report', 'ticket']);
    const ticket = all.find((x) => x.id !== c.id)!;
    expect(fold(ticket).opened.text).toBe('gọi lại cho tôi buổi chiều nhé');
    expect((await logOf(store, PUSH)).at(-1)!.text).toContain(ticket.id);
    await say(PUSH, '', { choice: 'x:dung' });
    expect(await casesOf(store, PUSH), 'and the report stays one').toHaveLength(2);
  });
});

describe('a case of somebody else, by its code', () => {
  it('is not said to be closed, nor waited for words to add, and nothing is added', async () => {
    const bo =
      'id: bo-sung\nkind: phan-anh\ndo: add\nexamples: [bổ sung cho hồ sơ, thêm vào phản ánh, bổ sung thông tin]\n';
    const content = contentOf({ ...tinySources(), 'intents/chung/bo-sung.yml': bo });
    const w = await world(undefined, undefined, { content, reader: openReader(content, learn(content)) });
    const c = await w.report(OTHER);
    const before = await load(w.store, c.id);
    await w.say(PUSH, `tôi muốn bổ sung thông tin cho hồ sơ ${c.id}`);
    await w.say(PUSH, 'nhà màu xanh ấy');
    const said = (await logOf(w.store, PUSH)).filter((e) => e.from === 'bot').map((e) => e.say);
    expect(said[0]).toContain('vu.nguoi-khac');
    expect(said.join()).not.toMatch(/vu\.dong-roi|vu\.bo-sung-gi/);
    expect(await load(w.store, c.id)).toEqual(before);
  });
});

describe('a button of a case, its words typed out', () => {
  it('adds the picture, and not the words on the button', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    await w.say(PUSH, 'xin chào');
    await w.say(PUSH, '', { files: [{ id: 'anh', name: 'a.jpg', type: 'image/jpeg', size: 3 }] });
    const [button] = (await logOf(w.store, PUSH)).at(-1)!.choices!;
    expect(button!.id).toBe(`k:anh:${c.id}`);
    await w.say(PUSH, button!.label);
    const added = (await load(w.store, c.id)).timeline.filter((e) => e.kind === 'added');
    expect(added).toMatchObject([{ text: '', files: [{ id: 'anh' }] }]);
  });
});

describe('an identity number', () => {
  it.each(['001099012345', '001 099 012 345'])(
    'is kept nowhere, however it is written and in whichever matter of a message it stands (%s)',
    (number) => {
      const { content, reader } = tiny();
      const hear = (text: string) => understand(reader, text, { now: 0 });
      const [first, second] = [
        'rác chất đống đầu ngõ',
        `đèn đường hỏng, căn cước tôi ${number}, gọi 0912345678`,
      ];
      const m: Inbound = { conversation: PUSH, key: 'k', at: 0, text: `${first}. ${second}` };
      const heard = { ...hear(m.text), parts: [hear(first!), hear(second!)] };
      const all = { content, reader, release: 1, now: 0, official: false };
      const { conversation } = takeTurn(all, newConversation(PUSH), m, heard, {
        own: [],
        freshCode: '000-000-000',
      });
      expect(JSON.stringify(conversation)).not.toContain(number);
      expect(JSON.stringify(conversation.state), 'a phone number is').toContain('0912345678');
    },
  );

  it('is not kept by a turn that threw either', async () => {
    const w = await world();
    const { content, reader } = tiny();
    // A release whose own sentences are gone makes any turn throw.
    const blank = { ...content, wording: { vi: { 'loi.su-co': 'Xin lỗi.' }, en: {} } };
    const { say } = replica({ store: w.store, clock: w.clock, content: blank, reader });
    const text = 'số căn cước 001 099 -\n012 345, gọi tôi 0912 345 678';
    await say({ conversation: PUSH, key: 'k', at: w.clock.at, text });
    const log = await logOf(w.store, PUSH);
    expect(log.map((e) => e.say)).toEqual([undefined, 'loi.su-co']);
    expect(log[0]!.text).toMatch(/^số căn cước [• \n-]+, gọi tôi/);
  });
});

describe('a report that somebody feeds without end', () => {
  it('grows no further than a case holds, in words and in pictures', async () => {
    const w = await world();
    await w.review(PUSH);
    const file = (n: number) => ({ id: `f${n}`, name: 'a.jpg', type: 'image/jpeg' as const, size: 3 });
    for (let i = 0; i < 30; i++) {
      await w.say(PUSH, `thêm: ${'rác và rác '.repeat(400)}`);
      await w.say(PUSH, '', { files: [file(i)] });
    }
    const { flow } = (await w.store.conversations.load(PUSH))!.state;
    expect(flow!.answers['noi-dung']!.length).toBeLessThanOrEqual(MAX_WORDS);
    expect(flow!.files.map((f) => f.id)).toEqual(Array.from({ length: MAX_FILES }, (_, n) => `f${n}`));
    expect((await logOf(w.store, PUSH)).at(-1)!.text).toContain(`${MAX_FILES}`);
  });
});

describe('a page that writes and never reads', () => {
  it('does not let its log grow without end', async () => {
    const page: ConversationId = `web:${'0'.repeat(31)}1`;
    let c = newConversation(page);
    for (let i = 0; i < 2500; i++) {
      const delivery = { state: 'waiting' as const, tries: 0 };
      c = appendEntry(c, { at: i, from: 'bot', text: 'x', ...(i > 0 && { delivery }) });
    }
    expect(c.log.length).toBeLessThanOrEqual(1000);
    expect(c.log.at(-1)!.n).toBe(2500);
  });
});

describe('a conversation erased', () => {
  it('is not answered again when the message that erased it comes again', async () => {
    const w = await world();
    await w.say(PUSH, 'xóa dữ liệu của tôi');
    const yes: Inbound = { ...tap('có', w.clock.at), choice: 'x:xoa-co' };
    expect(await w.r.say(yes)).toBe('saved');
    expect(await w.r.say(yes)).toBe('known');
    expect(await logOf(w.store, PUSH)).toHaveLength(1);
  });
});

describe('a code its opener never saw', () => {
  it('is told by the heartbeat, once', async () => {
    const { store, r, c, clock } = await killedAfterCase();
    await r.heart.once();
    expect(
      (await logOf(store, PUSH)).some((e) => e.text.includes(c.id)),
      'the sender may repeat it',
    ).toBe(false);
    clock.at += 60_000;
    for (let i = 0; i < 4; i++) {
      await r.heart.once();
      clock.at += 1000;
    }
    expect((await logOf(store, PUSH)).filter((e) => e.text.includes(c.id))).toHaveLength(1);
    expect((await load(store, c.id)).timeline.filter((e) => e.kind === 'told')).toMatchObject([{ entry: 0 }]);
  });

  it('is not told again to one who saw it', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    w.clock.at += 2 * 60_000;
    for (let i = 0; i < 3; i++) await w.r.heart.once();
    expect((await logOf(w.store, PUSH)).filter((e) => e.text.includes(c.id))).toHaveLength(1);
    const now = await load(w.store, c.id);
    expect(now.timeline.filter((e) => e.kind === 'told')).toMatchObject([{ entry: 0 }]);
    expect(now.wakeAt).toBe(fold(now).promise!.due + 1);
  });
});

describe('nobody to tell', () => {
  it('a conversation swept after a year is not made anew to hold an officer’s words', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    await w.store.conversations.remove(PUSH);
    await w.r.act(w.officer, c.id, { do: 'take' }, 'o1');
    await w.r.heart.once();
    await w.r.heart.once();
    expect(await w.store.conversations.load(PUSH)).toBeUndefined();
    expect((await load(w.store, c.id)).timeline.filter((e) => e.kind === 'told').at(-1)).toMatchObject({
      failed: 'expired',
    });
    expect((await w.store.cases.find({ failed: true })).map((x) => x.id)).toEqual([c.id]);
  });

  it('who erased the conversation hears no more of the case, and it is not theirs any more', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    const left: TimelineEntry = {
      at: w.clock.at,
      by: { kind: 'citizen', conversation: PUSH },
      key: 'xoa',
      public: false,
      kind: 'left',
      follower: PUSH,
    };
    const gone = append(await load(w.store, c.id), left, w.clock.at);
    if (!gone.ok) throw new Error('left refused');
    await w.store.cases.save(gone.value);
    const before = (await logOf(w.store, PUSH)).length;
    await w.r.act(w.officer, c.id, { do: 'reply', text: 'Đã dọn sạch.' }, 'o1');
    w.clock.at += DAY;
    for (let i = 0; i < 3; i++) await w.r.heart.once();
    expect(await logOf(w.store, PUSH)).toHaveLength(before);
    // Also not by a notice that was on its way.
    await w.r.say({ conversation: PUSH, at: w.clock.at, about: { code: c.id, entry: 5 } });
    expect(await logOf(w.store, PUSH)).toHaveLength(before);
    await w.say(PUSH, c.id);
    expect((await logOf(w.store, PUSH)).at(-1)!.text).not.toContain('Đã dọn sạch');
  });
});

describe('a process that does not serve a channel', () => {
  it('leaves what waits there to one that does, however long it runs', async () => {
    const w = await world();
    await w.say(PUSH, 'xin chào');
    const before = await w.store.conversations.load(PUSH);
    const parts = { ...w.r.parts, channelOf: () => undefined };
    const elsewhere = wake(parts, send(parts, w.r.settle), w.r.settle);
    for (let i = 0; i < 50; i++) {
      await elsewhere.once();
      w.clock.at += DAY / 10;
    }
    expect(await w.store.conversations.load(PUSH), 'not even claimed').toEqual(before);
    w.clock.at = before!.log[0]!.at;
    await w.r.heart.once();
    expect((await logOf(w.store, PUSH)).at(-1)!.delivery).toMatchObject({ state: 'sent', tries: 1 });
  });

  it('still takes a message of that channel, for the other to answer', async () => {
    const w = await world();
    const parts = { ...w.r.parts, channelOf: () => undefined };
    expect(await converse(parts)(tap('t', w.clock.at))).toBe('saved');
    expect((await logOf(w.store, PUSH)).at(-1)!.delivery?.state).toBe('pending');
  });
});

describe('the heartbeat', () => {
  it('one that keeps failing does not keep the others waiting', async () => {
    const w = await world();
    const some = await w.report(OTHER);
    // Nobody's work saves anything here: all of it stays due, the bad ones first.
    const codes = Array.from({ length: 251 }, (_, i) => caseCode('thử', OTHER, `k${i}`, 0));
    const people = codes.map((_, i) => `telegram:${1000 + i}`);
    for (const [i, id] of codes.entries()) await w.store.cases.save({ ...some, id, version: 0, wakeAt: i });
    for (const [i, id] of people.entries())
      await w.store.conversations.save({ ...newConversation(id), wakeAt: i });
    const good = [codes.at(-1)!, people.at(-1)!];
    const seen: string[] = [];
    const work = async (id: string): Promise<void> => {
      seen.push(id);
      if (!good.includes(id)) throw new Error('broken');
    };
    const heart = wake({ store: w.store, clock: w.clock, log: w.log }, work, work);
    for (let i = 0; i < 4; i++) {
      await heart.once();
      w.clock.at += 1000;
    }
    expect(seen).toEqual(expect.arrayContaining(good));
    const tries = () => seen.filter((x) => x === codes[0]).length;
    expect(tries()).toBe(1);
    w.clock.at += DAY;
    await heart.once();
    expect(tries(), 'it is tried again later').toBe(2);
  });

  it('is not held up by one slow chat: what a hint brings meanwhile is sent at once, each chat once at a time', async () => {
    const { store, clock, log } = await world();
    const seen: string[] = [];
    const running = new Set<string>();
    const heart = wake(
      { store, clock, log },
      async (id) => {
        expect(running.has(id)).toBe(false);
        running.add(id);
        await new Promise((r) => setTimeout(r, id === 'telegram:1' ? 150 : 5));
        running.delete(id);
        seen.push(id);
      },
      async () => {},
      60_000,
    );
    heart.start();
    for (const id of ['telegram:1', 'telegram:2', 'telegram:1', 'telegram:3'] as const) {
      heart.hint({ conversation: id });
      await new Promise((r) => setTimeout(r, 20));
    }
    expect(seen).toEqual(['telegram:2', 'telegram:3']);
    await heart.stop();
    expect(seen, 'stopping waits for the slow one').toEqual(['telegram:2', 'telegram:3', 'telegram:1']);
    expect(log.lines).toEqual([]);
  });
});

describe('the sweep', () => {
  const picture = async (store: Store, id: string, owner: string, at: number): Promise<FileRef> => {
    await store.files.put({ id, name: 'a.jpg', type: 'image/jpeg', size: 3, at, owner }, new Uint8Array(3));
    return { id, name: 'a.jpg', type: 'image/jpeg', size: 3 };
  };
  const withFiles = async (store: Store, code: string, entry: TimelineEntry, now: number): Promise<void> => {
    const done = append(await load(store, code), entry, now);
    if (!done.ok) throw new Error(done.problems[0]!.message);
    expect(await store.cases.save(done.value)).toBe(true);
  };
  const whole = async (w: { store: Store; clock: TestClock; log: Log }): Promise<Swept> => {
    const sum: Swept = { conversations: 0, cases: 0, files: 0 };
    for (let next: Swept['next'], rounds = 0; ; rounds++) {
      expect(rounds).toBeLessThan(100);
      const done = await sweep(w, next);
      sum.conversations += done.conversations;
      sum.cases += done.cases;
      sum.files += done.files;
      next = done.next;
      if (!next) return sum;
    }
  };

  it('takes three hundred files a round, asks once for each owner, and lets others have their turn', async () => {
    const w = await world();
    for (let i = 0; i < 1000; i++) await picture(w.store, `f${i}`, `telegram:${i % 40}`, w.clock.at + i);
    w.clock.at += 2 * DAY;
    let loads = 0;
    const counting: Store = {
      ...w.store,
      conversations: {
        ...w.store.conversations,
        load: (id) => {
          loads++;
          return w.store.conversations.load(id);
        },
      },
    };
    let turns = 0;
    let on = true;
    const others = (): void => {
      turns++;
      if (on) setImmediate(others);
    };
    setImmediate(others);
    const p = { store: counting, clock: w.clock, log: w.log };
    const first = await sweep(p);
    on = false;
    expect(first).toEqual({
      conversations: 0,
      cases: 0,
      files: 300,
      next: { at: expect.any(Number), id: 'f299' },
    });
    expect(loads).toBe(40);
    expect(turns).toBeGreaterThanOrEqual(40);
    expect((await whole(p)).files).toBe(700);
  });

  it('goes on behind files that stay', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    const kept = [];
    for (let i = 0; i < 20; i++) kept.push(await picture(w.store, `k${i}`, PUSH, w.clock.at + i));
    const base = { at: w.clock.at, by: { kind: 'citizen' as const, conversation: PUSH }, public: true };
    await withFiles(w.store, c.id, { ...base, key: 'a', kind: 'added', text: '', files: kept }, w.clock.at);
    for (let i = 0; i < 400; i++) await picture(w.store, `o${i}`, OTHER, w.clock.at + 100 + i);
    w.clock.at += 2 * DAY;
    expect((await whole(w)).files).toBe(400);
    expect(await w.store.files.open('k19')).toBeDefined();
  });

  it('keeps a picture that waits to be told what it shows', async () => {
    const w = await world();
    const file = await picture(w.store, 'cho', PUSH, w.clock.at);
    await w.say(PUSH, 'xin chào');
    const c = (await w.store.conversations.load(PUSH))!;
    await w.store.conversations.save({ ...c, log: [], state: { ...c.state, files: [file] } });
    w.clock.at += 2 * DAY;
    expect((await whole(w)).files).toBe(0);
  });

  it('keeps the pictures of a case whose opener erased the conversation', async () => {
    const w = await world();
    const c = await w.report(PUSH);
    const file = await picture(w.store, 'anh', PUSH, w.clock.at);
    const base = { at: w.clock.at, by: { kind: 'citizen' as const, conversation: PUSH }, public: false };
    await withFiles(w.store, c.id, { ...base, key: 'a', kind: 'added', text: '', files: [file] }, w.clock.at);
    await withFiles(w.store, c.id, { ...base, key: 'x', kind: 'left', follower: PUSH }, w.clock.at);
    await w.store.conversations.remove(PUSH);
    w.clock.at += 2 * DAY;
    expect((await whole(w)).files).toBe(0);
    expect(await w.store.files.open('anh')).toBeDefined();
  });

  it('removes a case five years after its last step, with contact and files, and no other', async () => {
    const w = await world();
    const old = await w.report(PUSH);
    const young = await w.report(OTHER);
    const officer = { kind: 'officer' as const, id: 'ha', agency: 'phuong' };
    for (const [who, c] of [
      [PUSH, old],
      [OTHER, young],
    ] as const) {
      const mine = await picture(w.store, `anh ${c.id}`, who, w.clock.at);
      const letter = await picture(w.store, `thu ${c.id}`, `officer:ha:${c.id}`, w.clock.at);
      const base = { at: w.clock.at, public: true };
      const by = { kind: 'citizen' as const, conversation: who };
      await withFiles(
        w.store,
        c.id,
        { ...base, by, key: 'a', kind: 'added', text: '', files: [mine] },
        w.clock.at,
      );
      await withFiles(
        w.store,
        c.id,
        {
          ...base,
          by: officer,
          key: 'r',
          kind: 'replied',
          text: 'x',
          files: [letter],
          signature: 's',
          holdUntil: 0,
        },
        w.clock.at,
      );
      const details = { name: 'An', phone: '0912345678', address: '' };
      await w.store.contacts.save({ id: c.id, version: 0, wakeAt: null, schemaVersion: 1, ...details });
    }
    await w.r.heart.once();
    await w.r.heart.once();
    w.clock.at += 2 * 365 * DAY;
    const again = { at: w.clock.at, by: officer, key: 'r2', public: true, signature: 's', holdUntil: 0 };
    await withFiles(w.store, young.id, { ...again, kind: 'replied', text: 'y', files: [] }, w.clock.at);
    w.clock.at += 3 * 365 * DAY;
    expect((await whole(w)).cases, 'a leap day early').toBe(0);
    w.clock.at += 3 * DAY;
    const done = await whole(w);
    expect(done).toMatchObject({ cases: 1, files: 2 });
    expect(await w.store.cases.load(old.id)).toBeUndefined();
    expect(await w.store.contacts.load(old.id)).toBeUndefined();
    expect(await w.store.files.open(`anh ${old.id}`)).toBeUndefined();
    expect(await w.store.files.open(`thu ${old.id}`)).toBeUndefined();
    expect(await w.store.cases.load(young.id)).toBeDefined();
    expect(await w.store.contacts.load(young.id)).toBeDefined();
    expect(await w.store.files.open(`anh ${young.id}`)).toBeDefined();
    expect(await w.store.files.open(`thu ${young.id}`)).toBeDefined();
  });
});

describe('the officer’s list', () => {
  const by = (who: string) => ({ kind: 'citizen' as const, conversation: who as ConversationId });
  const system = { kind: 'system' as const };
  let made = 0;
  async function put(
    store: Store,
    o: { at: number; due?: number; as?: 'report' | 'ticket' | 'question'; steps?: TimelineEntry[] },
  ): Promise<string> {
    const base = { at: o.at, by: system, key: 'k', public: false };
    const id = caseCode('thử', OTHER, `danh sách ${++made}`, 0);
    const opened = { topic: 'rac', answers: {}, text: 'x', files: [], as: o.as ?? 'report', release: 1 };
    const timeline: TimelineEntry[] = [
      { ...base, by: by(OTHER), public: true, kind: 'opened', ...opened },
      { ...base, kind: 'routed', to: 'phuong', rule: 'r' },
      ...(o.due ? [{ ...base, kind: 'promised' as const, due: o.due, deadline: 'd', calendar: '1' }] : []),
      ...(o.steps ?? []),
    ];
    expect(await store.cases.save({ id, version: 0, wakeAt: null, schemaVersion: 1, timeline })).toBe(true);
    return id;
  }
  const replied = (at: number): TimelineEntry => ({
    at,
    by: { kind: 'officer', id: 'ha', agency: 'phuong' },
    key: 'r',
    public: true,
    kind: 'replied',
    text: 'xong',
    files: [],
    signature: 's',
    holdUntil: at,
  });
  const mine = (at: number) => ({ at, by: by(OTHER), key: 'c', public: false });

  it('shows what is open however much was closed before it', async () => {
    const w = await world();
    for (let i = 0; i < 520; i++)
      await put(w.store, { at: i, due: i + 1, steps: [{ ...mine(i), kind: 'withdrawn', text: '' }] });
    const open = await put(w.store, { at: w.clock.at, due: w.clock.at + DAY });
    const list = (await listCases(w)(w.officer)).cases;
    expect(list.map((l) => l.case.id)).toEqual([open]);
    expect((await listCases(w)(w.officer, { all: true })).cases.length).toBeGreaterThan(400);
  });

  it('puts a reopened case where its promise puts it, and a question where its age does', async () => {
    const w = await world();
    const now = w.clock.at;
    const soon = await put(w.store, { at: now - DAY, due: now + DAY });
    const answered = await put(w.store, { at: now - DAY, due: now + DAY, steps: [replied(now)] });
    const question = await put(w.store, { at: now - 2 * DAY, as: 'question' });
    const ticket = await put(w.store, { at: now - 3600_000, as: 'ticket', due: now + 3600_000 });
    const again: TimelineEntry = { ...mine(now - DAY), kind: 'reopened', text: '' };
    const reopened = await put(w.store, {
      at: now - 9 * DAY,
      due: now - 3 * DAY,
      steps: [replied(now - 5 * DAY), again],
    });
    const list = (await listCases(w)(w.officer)).cases;
    expect(list.map((l) => l.case.id)).toEqual([reopened, question, ticket, soon, answered]);
    expect(list[0]!.left).toBe(-3 * DAY);
  });

  it('is not filled up by reports when somebody asked a question', async () => {
    const w = await world();
    for (let i = 0; i < 510; i++) await put(w.store, { at: i, due: w.clock.at + i });
    const question = await put(w.store, { at: w.clock.at, as: 'question' });
    expect((await listCases(w)(w.officer)).cases.map((l) => l.case.id)).toContain(question);
  });

  it('says when there are more than a page holds, and comes to each once', async () => {
    const w = await world();
    const all: string[] = [];
    for (let i = 0; i < 1003; i++) all.push(await put(w.store, { at: i, due: w.clock.at + i }));
    const question = await put(w.store, { at: w.clock.at, as: 'question' });
    const pages = [];
    for (const page of [1, 2, 3, 4]) pages.push(await listCases(w)(w.officer, { page }));
    expect(pages.map((p) => p.more)).toEqual([true, true, false, false]);
    expect(pages.map((p) => p.cases.length)).toEqual([501, 500, 3, 0]);
    expect(pages.flatMap((p) => p.cases.map((l) => l.case.id)).sort()).toEqual([...all, question].sort());
    expect(pages[1]!.cases[0]!.case.id, 'the nearest dates first').toBe(all[500]);
  });
});

describe('a fact turned off after an upgrade', () => {
  it('goes out although the live release lacks a sentence of the newer code', async () => {
    const { store, clock } = await world();
    const parts = { store, clock, say: () => {} };
    const first = await release(parts, tinySources(), {
      by: 'thử',
      note: 'từ tệp',
      origin: 'files',
      unmeasured: true,
    });
    if (!first.ok) throw new Error(first.problems[0]!.message);
    const path = 'locales/vi/he-thong.yml';
    const old = { ...tinySources(), [path]: tinySources()[path]!.replace(/^khong-co-chu:.*\n/m, '') };
    expect(old[path]).not.toBe(tinySources()[path]);
    const bytes = packSources(old);
    const meta = { id: 'cu', name: 'x', type: 'application/octet-stream', size: bytes.length };
    await store.files.put({ ...meta, at: clock.at, owner: 'release' }, bytes);
    const { n: _, ...rest } = first.value;
    const { n } = await store.releases.add({ ...rest, sources: 'cu' });
    await store.releases.makeLive(n, 1);
    const off = await factOff(parts, '1.001193', 'fee', { by: 'thử', why: 'có nghị quyết mới' });
    expect(off).toMatchObject({ ok: true });
    if (!off.ok) return;
    const content = await openContent(store, off.value, contentOf(tinySources()));
    expect(content.wording.vi['khong-co-chu']).toBeDefined();
    const p = content.intents.get('khai-sinh');
    expect(p?.type === 'procedure' && Object.keys(p.facts)).toEqual(['documents', 'agency']);
  });

  it('is refused still when turning it off breaks something', async () => {
    const { store, clock } = await world();
    const parts = { store, clock, say: () => {} };
    const bad = {
      ...tinySources(),
      'intents/routing.yml': '- { id: rac, topics: [dien], to: [phuong], why: x. }',
    };
    const standing = validate(contentOf({ ...tinySources() }));
    const refused = await release(parts, bad, {
      by: 'x',
      note: 'x',
      origin: 'fact-off',
      reuse: true,
      standing,
    });
    expect(refused.ok).toBe(false);
  });
});
