// The whole house as a random model: two replicas on one store, messages doubled and reordered, officers at work,
// the clock moving, and replicas killed between any two operations. Whatever happens, nothing acknowledged is
// lost, nothing is opened twice, and every step of a case reaches its opener.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Act, seatOf } from '../../src/app/act-on-case.ts';
import type { Channel, Documents, Store } from '../../src/app/ports.ts';
import { type Case, fold, type TimelineEntry } from '../../src/core/cases/index.ts';
import type { Conversation, Entry } from '../../src/core/dialogue/index.ts';
import type { ConversationId, Inbound } from '../../src/core/message.ts';
import { keptLog, openMemory, type Replica, replica, type TestClock, testClock, tiny } from './tiny.ts';

const PUSH: ConversationId = 'telegram:1';
const PULL: ConversationId = `web:${'0'.repeat(31)}1`;
const PEOPLE = [PUSH, PULL] as const;
const DAY = 86_400_000;

/** What a citizen may type; buttons are pressed as they are shown. */
const TEXTS = [
  'rác chất đống đầu ngõ nhà tôi ba hôm nay',
  'đèn đường hỏng',
  'tối om cả ngõ 12',
  'đúng rồi',
  'không',
  'hủy',
  'em muốn làm khai sinh',
  'khai tử cho ông',
  'cho tôi gặp cán bộ',
  'blah blah',
];
const JUMPS = [1000, 61_000, 11 * 60_000, 3_600_000, 3 * DAY, 20 * DAY];

type Step =
  | { do: 'write'; who: 0 | 1; pick: number; press: boolean; to: 0 | 1 }
  | { do: 'again'; pick: number; to: 0 | 1 }
  | { do: 'officer'; pick: number; to: 0 | 1; act: number }
  | { do: 'beat'; to: 0 | 1 }
  | { do: 'fetch'; to: 0 | 1 };
interface Round {
  /** Run at the same time, their operations interleaved by chance. */
  steps: Step[];
  kill?: { who: 0 | 1; at: number; took: boolean };
  jump?: number;
  /** What the far end of the push channel answers. */
  push: 'ok' | 'later' | 'gone';
  order: number;
}

const side = fc.constantFrom(0 as const, 1 as const);
const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      who: side,
      pick: fc.nat(999),
      press: fc.boolean(),
      to: side,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('again' as const), pick: fc.nat(999), to: side }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('officer' as const),
      pick: fc.nat(999),
      to: side,
      act: fc.nat(99),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('beat' as const), to: side }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fetch' as const), to: side }) },
);
const aRound: fc.Arbitrary<Round> = fc.record(
  {
    steps: fc.array(aStep, { minLength: 1, maxLength: 5 }),
    kill: fc.record({ who: side, at: fc.integer({ min: 1, max: 14 }), took: fc.boolean() }),
    jump: fc.constantFrom(...JUMPS),
    push: fc.constantFrom('ok' as const, 'ok' as const, 'ok' as const, 'later' as const, 'gone' as const),
    order: fc.integer(),
  },
  { requiredKeys: ['steps', 'push', 'order'] },
);

/** Lets waiting operations go on one at a time, in an order drawn from a seed. */
class Interleaver {
  private readonly waiting: (() => void)[] = [];
  private state = 1;
  turn(): Promise<void> {
    return new Promise((go) => this.waiting.push(go));
  }
  async run(work: Promise<unknown>[], order: number): Promise<void> {
    this.state = (order | 0) + 1;
    let done = false;
    const all = Promise.all(work).finally(() => {
      done = true;
    });
    all.catch(() => {});
    while (!done) {
      // A macrotask later everything that could run has run up to its next operation.
      await new Promise((next) => setImmediate(next));
      this.state = (Math.imul(this.state, 1_103_515_245) + 12_345) | 0;
      const [go] = this.waiting.splice((this.state >>> 8) % Math.max(1, this.waiting.length), 1);
      go?.();
    }
    await all;
  }
}

class Killed extends Error {
  constructor() {
    super('killed by the model');
  }
}

/** One life of a process: every operation passes here, and after the fatal one none does. */
class Life {
  dead = false;
  /** Entries the far end got from this process, which has not yet noted it. */
  readonly inAir = new Set<number>();
  private left = 0;
  private took = false;
  private readonly order: Interleaver;
  constructor(order: Interleaver) {
    this.order = order;
  }
  arm(at: number, took: boolean): void {
    this.left = at;
    this.took = took;
  }
  async pass<R>(operation: () => Promise<R>): Promise<R> {
    await this.order.turn();
    if (this.dead) throw new Killed();
    const fatal = this.left > 0 && --this.left === 0;
    if (fatal) {
      this.dead = true;
      if (!this.took) throw new Killed();
    }
    const result = await operation();
    if (this.dead) throw new Killed();
    return result;
  }
  store(s: Store): Store {
    const docs = <T extends { id: string; version: number; wakeAt: number | null }>(d: Documents<T>) => ({
      load: (id: string) => this.pass(() => d.load(id)),
      save: (doc: T) => this.pass(() => d.save(doc)),
      due: (now: number, limit: number) => this.pass(() => d.due(now, limit)),
      remove: (id: string) => this.pass(() => d.remove(id)),
    });
    const conversations = {
      ...s.conversations,
      save: async (c: Conversation) => {
        const done = await s.conversations.save(c);
        if (done && c.id === PUSH)
          for (const e of c.log) if (e.delivery?.state !== 'sending') this.inAir.delete(e.n);
        return done;
      },
    };
    return {
      ...s,
      conversations: { ...conversations, ...docs(conversations) },
      cases: { ...s.cases, ...docs(s.cases), find: (q) => this.pass(() => s.cases.find(q)) },
    };
  }
}

class Model {
  readonly clock: TestClock = testClock();
  private readonly order = new Interleaver();
  private readonly lives: Life[] = [];
  private readonly replicas: Replica[] = [];
  private readonly sent: Inbound[] = [];
  private readonly acked = new Set<string>();
  /** Deliveries of an entry of the push conversation. */
  private readonly arrived = new Map<number, number>();
  /** Kills between a delivery and the note of it: each excuses one repeat. */
  private readonly excused = new Map<number, number>();
  private readonly timelines = new Map<string, TimelineEntry[]>();
  private readonly versions = new Map<string, number>();
  private readonly officer: { code: string; act: Act; key: string }[] = [];
  private push: Round['push'] = 'ok';
  kills = 0;
  raw!: Store;
  readonly log = keptLog();

  async open(): Promise<void> {
    const memory = await openMemory(this.clock);
    this.raw = this.watched(memory);
    this.start(0);
    this.start(1);
  }

  /** A store that notices any document going backwards. */
  private watched(s: Store): Store {
    const save =
      <T extends { id: string; version: number }>(
        docs: { save(doc: T): Promise<boolean> },
        look: (d: T) => void,
      ) =>
      async (doc: T): Promise<boolean> => {
        const done = await docs.save(doc);
        if (!done) return false;
        const before = this.versions.get(doc.id) ?? 0;
        expect(doc.version, `version of ${doc.id}`).toBe(before);
        this.versions.set(doc.id, before + 1);
        look(doc);
        return true;
      };
    return {
      ...s,
      conversations: {
        ...s.conversations,
        save: save(s.conversations, (c) => {
          const numbers = c.log.map((e) => e.n);
          expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        }),
      },
      cases: {
        ...s.cases,
        save: save(s.cases, (c) => {
          const before = this.timelines.get(c.id) ?? [];
          expect(c.timeline.slice(0, before.length), `timeline of ${c.id}`).toEqual(before);
          this.timelines.set(c.id, structuredClone(c.timeline));
        }),
      },
    };
  }

  private start(n: 0 | 1): void {
    const life = new Life(this.order);
    const send: Channel['send'] = (_, reply) =>
      life.pass(async () => {
        if (this.push === 'later') return { retryAt: this.clock.now() + 5000 };
        if (this.push === 'gone') return { failed: 'blocked' };
        this.arrived.set(reply.n, (this.arrived.get(reply.n) ?? 0) + 1);
        life.inAir.add(reply.n);
        return { ref: `m${reply.n}` };
      });
    this.lives[n] = life;
    this.replicas[n] = replica({ store: life.store(this.raw), clock: this.clock, log: this.log, push: send });
  }

  async round(r: Round): Promise<void> {
    this.push = r.push;
    if (r.kill) this.lives[r.kill.who]!.arm(r.kill.at, r.kill.took);
    const work: Promise<unknown>[] = [];
    for (const step of r.steps) work.push(...(await this.begin(step)));
    await this.order.run(work, r.order);
    for (const n of [0, 1] as const)
      if (this.lives[n]!.dead) {
        this.kills++;
        for (const e of this.lives[n]!.inAir) this.excused.set(e, (this.excused.get(e) ?? 0) + 1);
        this.start(n);
      } else this.lives[n]!.arm(0, false);
    this.clock.at += r.jump ?? 10;
  }

  private async begin(step: Step): Promise<Promise<unknown>[]> {
    const to = step.to;
    switch (step.do) {
      case 'write': {
        const m = await this.compose(PEOPLE[step.who]!, step.pick, step.press);
        this.sent.push(m);
        return [this.deliver(m, to)];
      }
      case 'again': {
        // Those not acknowledged are repeated sooner than those that are.
        const open = this.sent.filter((m) => !this.acked.has(m.key));
        const from = open.length > 0 && step.pick % 4 !== 0 ? open : this.sent;
        const m = from[step.pick % Math.max(1, from.length)];
        return m ? [this.deliver(m, to)] : [];
      }
      case 'officer':
        return this.officerActs(step.pick, step.act, to);
      case 'beat':
        return [this.alive(this.replicas[to]!.heart.once())];
      case 'fetch': {
        const c = await this.raw.conversations.load(PULL);
        return c ? [this.alive(this.replicas[to]!.fetched(PULL, c.next - 1))] : [];
      }
    }
  }

  private async compose(who: ConversationId, pick: number, press: boolean): Promise<Inbound> {
    const shown = (await this.raw.conversations.load(who))?.log.findLast((e) => e.choices?.length);
    const m = { conversation: who, key: `k${this.sent.length}`, at: this.clock.now() };
    const choices = shown?.choices ?? [];
    // Half the presses are the first button: reports get confirmed often enough to matter.
    const choice = choices[pick % 2 ? 0 : pick % Math.max(1, choices.length)];
    return press && choice
      ? { ...m, text: '', choice: choice.id }
      : { ...m, text: TEXTS[pick % TEXTS.length]! };
  }

  private async deliver(m: Inbound, to: 0 | 1): Promise<void> {
    await this.alive(
      this.replicas[to]!.say(m).then((outcome) => {
        if (outcome !== 'busy') this.acked.add(m.key);
      }),
    );
  }

  private async officerActs(pick: number, kind: number, to: 0 | 1): Promise<Promise<unknown>[]> {
    const last = this.officer.at(-1);
    if (last && pick % 5 === 0) return [this.actOn(last, to)];
    const codes = [...this.timelines.keys()];
    const code = codes[pick % Math.max(1, codes.length)];
    if (!code) return [];
    const acts: Act[] = [
      { do: 'take' },
      { do: 'ask', text: 'Ở đâu ạ?' },
      { do: 'reply', text: 'Đã xử lý xong.' },
      { do: 'reply', text: 'Đã giao tổ vệ sinh.' },
      { do: 'recall' },
      { do: 'transfer', to: kind % 2 ? 'phuong' : 'thanh-pho', reason: 'Đúng nơi giữ việc.' },
    ];
    const o = { code, act: acts[kind % acts.length]!, key: `o${this.officer.length}` };
    this.officer.push(o);
    return [this.actOn(o, to)];
  }

  private async actOn(o: { code: string; act: Act; key: string }, to: 0 | 1): Promise<void> {
    const c = await this.raw.cases.load(o.code);
    const seat = c && seatOf(tiny().content, fold(c).owner);
    if (seat) await this.alive(this.replicas[to]!.act(seat, o.code, o.act, o.key));
  }

  /** A killed process answers nobody; any other fault is a bug. */
  private async alive(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }

  /** Senders repeat, pages fetch, time passes: until nothing is left to do. */
  async settle(): Promise<void> {
    const quiet = (steps: Step[], jump: number): Promise<void> =>
      this.round({ steps, jump, push: 'ok', order: 7 });
    for (let i = 0; this.sent.some((m) => !this.acked.has(m.key)); i++) {
      expect(i, 'messages that are never acknowledged').toBeLessThan(50);
      const m = this.sent.find((x) => !this.acked.has(x.key))!;
      await this.order.run([this.deliver(m, 0)], 1);
    }
    for (let i = 0; ; i++) {
      expect(i, 'rounds until all is quiet').toBeLessThan(200);
      await quiet([{ do: 'beat', to: 0 }], 0);
      await quiet(
        [
          { do: 'fetch', to: 1 },
          { do: 'beat', to: 1 },
        ],
        0,
      );
      const later = await this.nextDue();
      if (later === undefined) break;
      this.clock.at = Math.max(this.clock.at + 1, later);
    }
  }

  private async nextDue(): Promise<number | undefined> {
    const far = this.clock.at + 1000 * DAY;
    const times = [
      ...(await Promise.all((await this.raw.cases.due(far, 1000)).map((id) => this.raw.cases.load(id)))),
      ...(await Promise.all(
        (await this.raw.conversations.due(far, 1000)).map((id) => this.raw.conversations.load(id)),
      )),
    ].map((d) => d!.wakeAt!);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  async judge(): Promise<void> {
    expect(
      this.log.lines.filter((l) => !l.includes('killed by the model') && !l.startsWith('delivery failed')),
    ).toEqual([]);
    const logs = new Map<string, Entry[]>();
    for (const who of PEOPLE) logs.set(who, (await this.raw.conversations.load(who))?.log ?? []);
    for (const m of this.sent) {
      const found = logs.get(m.conversation)!.filter((e) => e.from === 'citizen' && e.key === m.key);
      expect(found.length, `message ${m.key} in the log`).toBe(1);
      const answers = logs.get(m.conversation)!.filter((e) => e.from === 'bot' && e.key === m.key);
      expect(answers.length, `answers to ${m.key}`).toBe(1);
    }
    const cases: Case[] = [];
    for await (const c of this.raw.cases.all()) cases.push(c);
    const opened = cases.map((c) => `${c.timeline[0]!.key}`);
    expect(opened, 'cases opened by one message').toEqual([...new Set(opened)]);
    for (const c of cases) this.judgeCase(c, logs);
    for (const [n, times] of this.arrived)
      expect(times, `deliveries of entry ${n}`).toBeLessThanOrEqual(1 + (this.excused.get(n) ?? 0));
  }

  private judgeCase(c: Case, logs: Map<string, Entry[]>): void {
    const opened = c.timeline[0]!;
    const who = opened.by.kind === 'citizen' ? opened.by.conversation : '';
    const log = logs.get(who)!;
    expect(
      log.some((e) => e.from === 'bot' && e.text.includes(c.id)),
      `${who} was told the code ${c.id}`,
    ).toBe(true);
    expect(c.timeline.filter((e) => e.kind === 'promised').length).toBeLessThanOrEqual(1);
    const acts = c.timeline.map((e) => `${e.kind} ${e.key}`);
    expect(acts, `acts of ${c.id}`).toEqual([...new Set(acts)]);
    for (const [n, e] of c.timeline.entries()) {
      const told = c.timeline.filter((x) => x.kind === 'told' && x.entry === n);
      const said = log.filter((x) => x.about?.code === c.id && x.about.entry === n);
      const recalled = c.timeline.some((x) => x.kind === 'recalled' && x.entry === n);
      if (e.kind === 'opened') {
        // Told by the turn that opened it, or by a notice where that turn was killed on the way; never by two.
        expect(said.length, `notices of the opening of ${c.id}`).toBeLessThanOrEqual(1);
        continue;
      }
      if (n === 0) {
        // Said by the turn itself; by a notice only when that turn was killed before it could.
        expect(said.length, `notices of the opening of ${c.id}`).toBeLessThanOrEqual(1);
        expect(told.length, `opening of ${c.id} noted as told`).toBe(1);
        continue;
      }
      if (!e.public || e.by.kind === 'citizen' || recalled) {
        expect(said.length, `nothing said of entry ${n} of ${c.id}`).toBe(0);
        continue;
      }
      expect(said.length, `entry ${n} (${e.kind}) of ${c.id} in the log`).toBe(1);
      expect(told.length, `entry ${n} (${e.kind}) of ${c.id} told`).toBe(1);
      if (who !== PUSH) continue;
      const failed = told[0]!.kind === 'told' && told[0]!.failed !== undefined;
      if (!failed)
        expect(this.arrived.get(said[0]!.n) ?? 0, `arrivals of entry ${said[0]!.n}`).toBeGreaterThan(0);
    }
  }
}

describe('two replicas, kills, repeats', () => {
  it('lose nothing acknowledged, open nothing twice, and tell every step', async () => {
    const seen = { runs: 0, kills: 0, cases: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(aRound, { minLength: 5, maxLength: 30 }), async (rounds) => {
        const model = new Model();
        await model.open();
        for (const r of rounds) await model.round(r);
        await model.settle();
        await model.judge();
        seen.runs++;
        seen.kills += model.kills;
        for await (const _ of model.raw.cases.all()) seen.cases++;
        await model.raw.close();
      }),
      {
        seed: Number(process.env.MODEL_SEED ?? 20_260_106),
        numRuns: Number(process.env.MODEL_RUNS ?? 300),
        interruptAfterTimeLimit: Number(process.env.MODEL_MS ?? 15_000),
      },
    );
    console.info(`${seen.runs} runs, ${seen.kills} kills, ${seen.cases} cases`);
    expect(seen.runs).toBeGreaterThan(20);
    expect(seen.kills).toBeGreaterThan(seen.runs);
    expect(seen.cases).toBeGreaterThan(seen.runs / 2);
  }, 300_000);
});
