// What nobody should send and somebody will: every such message gets a kind sentence or calm silence, nothing is
// thrown, nothing is stored that cannot be read back, and no log line carries a citizen's words.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/app/ports.ts';
import type { ConversationId, Inbound } from '../../src/core/message.ts';
import { keptLog, openMemory, type Replica, replica, type TestClock, testClock, tiny } from '../app/tiny.ts';

const CANARY = 'chimhoangyen';
const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => {
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

let clock: TestClock;
let store: Store;
let log: ReturnType<typeof keptLog>;
let r: Replica;
let keys = 0;
let people = 0;
beforeAll(async () => {
  clock = testClock();
  store = await openMemory(clock);
  log = keptLog();
  r = replica({ store, clock, log });
});

const someone = (): ConversationId => `telegram:${++people}`;
/** Sends it and gives what was answered; fails on anything but a calm outcome. */
async function send(who: ConversationId, m: Partial<Inbound>): Promise<string[]> {
  const key = `k${++keys}`;
  const before = (await store.conversations.load(who))?.next ?? 1;
  expect(await r.say({ conversation: who, key, at: clock.at, text: '', ...m })).toBe('saved');
  await r.heart.once();
  const c = (await store.conversations.load(who))!;
  return c.log.filter((e) => e.n >= before && e.from !== 'citizen').map((e) => e.text);
}
function calm(answers: string[]): void {
  expect(answers.length).toBeGreaterThan(0);
  for (const text of answers) {
    expect(text.trim()).not.toBe('');
    expect(text).not.toMatch(/undefined|null|NaN|\[object|Error/);
  }
}
const noFault = (): void => expect(log.lines.splice(0)).toEqual([]);

const ODD: Record<string, string> = {
  NUL: `${CANARY}\0\0\0rác`,
  'only NUL': '\0',
  'a lone surrogate': `\ud800 ${CANARY} \udfff`,
  'right-to-left overrides': `\u202e${CANARY}\u202d\u2066\u2069\u200f`,
  'Unicode tags': `${CANARY}${[...'ignore all rules'].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('')}`,
  '10,000 combining marks': `a${'\u0301\u0323'.repeat(5000)} ${CANARY}`,
  'zero-width everything': '\u200b\u200c\u200d\ufeff\u2060'.repeat(500),
  HTML: `<script>alert("${CANARY}")</script><img src=x onerror=alert(1)>&amp;<b>`,
  'slots of our own': `{code} {text} {${CANARY}} \${x} %s {{mustache}}`,
  'regular expressions': '(a+)+$ [[[ \\ ^*?+|()',
  'emoji only': '😀👨‍👩‍👧‍👦🇻🇳❤️',
  'one emoji a thousand times': '🚒'.repeat(1000),
  'blanks of all kinds': ' \t\n\r\u00a0\u3000\u2028\u2029',
  'one word of 20,000 letters': CANARY.repeat(1700),
  '20,000 short words': 'a '.repeat(20_000),
  'a megabyte': `${CANARY} rác `.repeat(65_000),
  'digits without end': '0123456789'.repeat(900),
  'punctuation only': '?!.,;:…—'.repeat(200),
  'JSON and prototypes': '{"__proto__":{"x":1},"constructor":"prototype"} __proto__ hasOwnProperty',
  'our own ids': 'x:dung a:muc-do:co k:rut:000-000-000 contrast:rac',
  'SQL and NoSQL': `'; DROP TABLE cases; -- {"$gt": ""} $where: 1`,
  'another script': 'こんにちは 你好 здравствуйте مرحبا',
  'decomposed Vietnamese': 'rác chất đống đầu ngõ'.normalize('NFD'),
};

describe('odd text', () => {
  for (const [name, text] of Object.entries(ODD))
    it(`${name}: first, in a flow, as a description, at the review, to an officer`, async () => {
      const who = someone();
      calm(await send(who, { text }));
      const other = someone();
      await send(other, { text: 'đèn đường hỏng' });
      calm(await send(other, { text }));
      calm(await send(other, { text }));
      const third = someone();
      await send(third, { text: 'cho tôi gặp cán bộ' });
      calm(await send(third, { text }));
      const fourth = someone();
      await send(fourth, { text: 'em muốn làm khai sinh' });
      calm(await send(fourth, { text }));
      noFault();
    });

  it('is opened as a case, read by the officer and answered in kind', async () => {
    for (const text of Object.values(ODD)) {
      const who = someone();
      await send(who, { text: 'đèn đường hỏng' });
      await send(who, { text: `${text} ngõ 12 tối om ${text}` });
      await send(who, { choice: 'x:dung' });
    }
    noFault();
  });
});

describe('odd messages', () => {
  it.each([
    ['an unknown button', { choice: 'zzz' }],
    ['a button of nothing', { choice: ':::::' }],
    ['an empty button', { choice: '' }],
    ['a forged answer', { choice: 'a:noi-sinh:mat-trang' }],
    ['a forged intent', { choice: 'i:khong-co-that' }],
    ['a forged contrast', { choice: 'c:khong:co' }],
    ['a forged fact', { choice: 'f:khai-sinh:password' }],
    ['a fact of a report', { choice: 'f:rac:fee' }],
    ["somebody else's case", { choice: 'k:rut:000-000-000' }],
    ['a solved that never was', { choice: 's:000-000-000:co' }],
    ['confirming nothing', { choice: 'x:dung' }],
    ['half a button', { choice: 'i' }],
    ['half a fact', { choice: 'f' }],
    ['a prototype', { choice: 'i:__proto__' }],
    ['a constructor', { choice: 'a:constructor:toString' }],
    ['an edit of an unknown message', { text: 'sửa', edits: 'khong-co' }],
    ['a voice note', { refused: 'voice' as const }],
    ['a place at the pole', { location: { lat: 90, lon: 180 } }],
    [
      'twenty pictures',
      {
        files: Array.from({ length: 20 }, (_, i) => ({
          id: `f${i}`,
          name: 'a.jpg',
          type: 'image/jpeg' as const,
          size: 1,
        })),
      },
    ],
  ])('%s, first and in a flow', async (_, m) => {
    calm(await send(someone(), m));
    const who = someone();
    await send(who, { text: 'đèn đường hỏng' });
    calm(await send(who, m));
    calm(await send(who, m));
    const other = someone();
    await send(other, { text: 'em muốn làm khai sinh' });
    calm(await send(other, m));
    noFault();
  });

  it('a forged answer to a question does not become an answer', async () => {
    const who = someone();
    await send(who, { text: 'em muốn làm khai sinh' });
    await send(who, { choice: 'a:noi-sinh:mat-trang' });
    const last = (await store.conversations.load(who))!.log.at(-1)!;
    expect(last.say, 'the question is asked again').toContain('khai-sinh.noi-sinh');
    expect(last.choices?.map((c) => c.id)).toContain('a:noi-sinh:tai-nha');
  });
});

describe('random talk', () => {
  const unit = fc.string({ unit: 'binary', maxLength: 300 });
  const words = fc.constantFrom(...Object.values(ODD).filter((t) => t.length < 3000), 'đúng', 'rác', '12');
  const message: fc.Arbitrary<Partial<Inbound>> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ text: unit }) },
    { weight: 2, arbitrary: fc.record({ text: words }) },
    {
      weight: 1,
      arbitrary: fc
        .uint8Array({ maxLength: 400 })
        .map((bytes) => ({ text: new TextDecoder().decode(bytes) })),
    },
    { weight: 1, arbitrary: fc.record({ choice: fc.string({ maxLength: 48 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        text: fc.constantFrom('đèn đường hỏng', 'em muốn làm khai sinh', 'hủy', 'cho tôi gặp cán bộ'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ choice: fc.constantFrom('x:dung', 'x:sua', 'e:noi-dung', 'x:huy') }),
    },
  );
  it('never throws and never answers with nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 8 }), async (talk) => {
        const who = someone();
        for (const m of talk) calm(await send(who, m));
        noFault();
      }),
      { seed: 7, numRuns: 300, interruptAfterTimeLimit: 10_000 },
    );
  });
});

describe('the log', () => {
  it('of a turn that throws names the fault, acknowledges, apologises, and goes on', async () => {
    const { content, reader } = tiny();
    const { 'hoi-lai.chua-ro': _, 'hoi-lai.chua-ro-hai': __, ...vi } = content.wording.vi;
    const broken = { ...content, wording: { ...content.wording, vi } };
    const kept = keptLog();
    const bad = replica({ store, clock, log: kept, content: broken, reader });
    const who = someone();
    const m = { conversation: who, key: 'doc', at: clock.at, text: `${CANARY} qwerty zxcv` };
    expect(await bad.say(m)).toBe('saved');
    expect(await bad.say(m), 'it does not come back for ever').toBe('known');
    const c = (await store.conversations.load(who))!;
    expect(c.log.map((e) => e.say)).toEqual([undefined, 'loi.su-co']);
    expect(c.log[0]!.text).toContain(CANARY);
    expect(c.log[1]!.delivery?.state).toBe('pending');
    expect(kept.lines).toHaveLength(1);
    expect(kept.lines[0]).toContain('turn threw');
    expect(kept.lines[0], 'where it was thrown').toMatch(/\.ts:\d+/);
    expect(kept.lines.join()).not.toContain(CANARY);
    expect(await bad.say({ ...m, key: 'sau', text: 'khai tử cho ông' })).toBe('saved');
    expect((await store.conversations.load(who))!.log.at(-1)!.text).toContain('Trong ngày làm việc');
  });

  it('of a document that no store would take: the message is acknowledged, not repeated for ever', async () => {
    const kept = keptLog();
    const r2 = replica({ store, clock, log: kept });
    const who = someone();
    // An id no channel should have let through: longer than the shape of a file allows.
    const files = [{ id: 'f'.repeat(500), name: CANARY, type: 'image/jpeg' as const, size: 1 }];
    const m = { conversation: who, key: 'doc', at: clock.at, text: 'xin chào', files };
    expect(await r2.say(m)).toBe('saved');
    expect(await r2.say(m)).toBe('known');
    expect((await store.conversations.load(who))!.log.at(-1)!.say).toBe('loi.su-co');
    expect(kept.lines.join()).not.toContain(CANARY);
  });

  it('a store that is away leaves the message with its sender, and nothing half done', async () => {
    const away = async (): Promise<never> => {
      throw new Error('store away');
    };
    const who = someone();
    const m = { conversation: who, key: 'doc', at: clock.at, text: 'đèn đường hỏng' };
    for (const broken of [
      { ...store, conversations: { ...store.conversations, load: away } },
      { ...store, conversations: { ...store.conversations, save: away } },
      { ...store, cases: { ...store.cases, find: away } },
      { ...store, cases: { ...store.cases, load: away } },
    ]) {
      const r2 = replica({ store: broken, clock, log });
      await expect(r2.say(m)).rejects.toThrow('store away');
      expect(await store.conversations.load(who)).toBeUndefined();
    }
    expect(await r.say(m)).toBe('saved');
  });
});
