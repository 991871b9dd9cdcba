// Plays a talk on a fresh in-memory product whose clock the talk moves. The same house as production: use-cases,
// store and deliveries are real; only the far end of the channel is this file.
import { dateOf, instantOf, sayDate } from '../core/calendar.ts';
import type { Case, TimelineEntry } from '../core/cases/index.ts';
import type { Content } from '../core/content/index.ts';
import type { Entry } from '../core/dialogue/index.ts';
import type { ConversationId, FileRef, Inbound } from '../core/message.ts';
import type { Reader } from '../core/nlu/index.ts';
import type { TalkLine } from '../core/transcript.ts';
import { actOnCase, HOLD_MS, seatOf } from './act-on-case.ts';
import { converse } from './converse.ts';
import type { Parts } from './parts.ts';
import type { Store } from './ports.ts';
import { markFetched, send } from './send.ts';
import { settleCase } from './settle-case.ts';
import { wake } from './wake.ts';

export interface Stage {
  content: Content;
  reader: Reader;
  /** A fresh store in memory; the clock is the talk's. */
  openStore: (clock: { now(): number }) => Promise<Store>;
  official?: boolean;
}

const START = instantOf('2026-01-06', '09:00');

/** The talk with what the bot and the system did; bot and system lines of the script are replaced. */
export async function playTalk(stage: Stage, script: TalkLine[]): Promise<TalkLine[]> {
  const p = new Player(stage);
  await p.open();
  try {
    return await p.play(script);
  } finally {
    await p.close();
  }
}

class Player {
  private now = START;
  private readonly out: TalkLine[] = [];
  private store!: Store;
  private conversation: ConversationId = 'telegram:1';
  private channel: 'telegram' | 'web' = 'telegram';
  private senders = 1;
  private keys = 0;
  private last?: Inbound;
  private lastText?: string;
  private code = '';
  private readonly printed = new Map<string, number>();
  private readonly seen = new Map<string, number>();
  private say!: ReturnType<typeof converse>;
  private act!: ReturnType<typeof actOnCase>;
  private heart!: ReturnType<typeof wake>;
  private fetched!: ReturnType<typeof markFetched>;

  private readonly stage: Stage;
  constructor(stage: Stage) {
    this.stage = stage;
  }

  async open(): Promise<void> {
    const clock = { now: () => this.now };
    this.store = await this.stage.openStore(clock);
    const log = {
      info: () => {},
      warn: () => {},
      error: (what: object, message: string) =>
        void this.line({ kind: 'system', text: `LỖI ${message} ${JSON.stringify(what)}` }),
    };
    const parts: Parts = {
      store: this.store,
      clock,
      log,
      live: () => ({ n: 1, fingerprint: 'talk', content: this.stage.content, reader: this.stage.reader }),
      codeSecret: 'talk',
      official: this.stage.official ?? false,
      contactLink: (code) => `https://motcua.example/lien-he/${code}`,
      channelOf: (id) =>
        id.startsWith('web:')
          ? { pull: true, send: async () => ({ failed: 'fault' }) }
          : { pull: false, send: async (_, r) => ({ ref: String(r.n) }) },
      hint: () => {},
    };
    this.say = converse(parts);
    const settle = settleCase(parts, this.say);
    this.act = actOnCase(parts);
    this.fetched = markFetched(parts, settle);
    this.heart = wake(parts, send(parts, settle), settle);
  }

  close = (): Promise<void> => this.store.close();

  private line(l: Omit<TalkLine, 'line'> & Record<string, unknown>): void {
    this.out.push({ line: this.out.length + 1, ...l } as TalkLine);
  }

  async play(script: TalkLine[]): Promise<TalkLine[]> {
    const todo = script.filter((l) => l.kind !== 'bot' && l.kind !== 'system');
    for (let i = 0; i < todo.length; i++) {
      const l = todo[i]!;
      switch (l.kind) {
        case 'title':
        case 'comment':
          this.out.push(l);
          break;
        case 'at':
          this.out.push(l);
          await this.at(l);
          break;
        case 'officer': {
          this.out.push(l);
          await this.officer(l);
          const next = todo[i + 1];
          // The hold ends before anybody speaks, unless the officer calls the reply back first.
          if (l.verb === 'reply' && !(next?.kind === 'officer' && next.verb === 'recall'))
            await this.until(this.now + HOLD_MS);
          break;
        }
        case 'citizen': {
          const burst = [l];
          while (todo[i + 1]?.kind === 'citizen' && (todo[i + 1] as typeof l).marker === 'at-once')
            burst.push(todo[++i] as typeof l);
          const inbounds: Inbound[] = [];
          for (const b of burst) {
            this.out.push(b);
            inbounds.push(await this.inbound(b));
          }
          await Promise.all(inbounds.map((m) => this.say(m)));
          break;
        }
      }
      await this.settle();
    }
    return this.out;
  }

  private async at(l: Extract<TalkLine, { kind: 'at' }>): Promise<void> {
    if (l.clock) await this.until(instantOf(l.date ?? dateOf(this.now), l.clock));
    if (l.channel && (l.channel !== this.channel || this.last)) {
      this.channel = l.channel;
      this.senders++;
      this.conversation =
        l.channel === 'web' ? `web:${String(this.senders).padStart(32, '0')}` : `telegram:${this.senders}`;
      this.last = undefined;
    } else if (l.channel) {
      this.channel = l.channel;
    }
    if (l.channel === 'web' && this.conversation.startsWith('telegram'))
      this.conversation = `web:${String(this.senders).padStart(32, '0')}`;
  }

  /** Moves the clock, stopping wherever something falls due on the way. */
  private async until(then: number): Promise<void> {
    for (let guard = 0; guard < 1000; guard++) {
      const due = await this.nextDue(then);
      if (due === undefined) break;
      this.now = Math.max(this.now, due);
      await this.settle();
    }
    if (then > this.now) this.now = then;
  }

  private async nextDue(then: number): Promise<number | undefined> {
    const times: number[] = [];
    for (const id of await this.store.cases.due(then, 1000))
      times.push((await this.store.cases.load(id))?.wakeAt ?? then);
    for (const id of await this.store.conversations.due(then, 1000))
      times.push((await this.store.conversations.load(id))?.wakeAt ?? then);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  private async inbound(l: Extract<TalkLine, { kind: 'citizen' }>): Promise<Inbound> {
    if (l.marker === 'again' && this.last) return this.last;
    const key = `talk:${++this.keys}`;
    const text = this.coded(l.text);
    const base = { conversation: this.conversation, key, at: this.now };
    const shown = (await this.store.conversations.load(this.conversation))?.log.findLast(
      (e) => e.from !== 'citizen' && e.choices,
    );
    const button = l.marker || l.file ? undefined : shown?.choices?.find((c) => !c.url && c.label === text);
    const files: FileRef[] = l.file ? [await this.picture(l.file)] : [];
    const m: Inbound = {
      ...base,
      text: button ? '' : text,
      ...(button && { choice: button.id, choiceOf: shown!.n }),
      ...(files.length > 0 && { files }),
      ...(l.location && { location: l.location }),
      ...(l.refused && { refused: l.refused }),
      ...(l.marker === 'edit' && this.lastText && { edits: this.lastText }),
      ...(text === '/start' && { opening: true, text: '' }),
    };
    this.last = m;
    if (!button && text && l.marker !== 'edit') this.lastText = key;
    return m;
  }

  /** A script knows no code before it plays: `{mã}` is the last one, in any line. */
  private readonly coded = (s: string): string => s.replaceAll('{mã}', this.code);

  private async picture(name: string): Promise<FileRef> {
    const type = name.endsWith('.pdf')
      ? 'application/pdf'
      : name.endsWith('.png')
        ? 'image/png'
        : 'image/jpeg';
    const id = `talk-${name}-${this.keys}`;
    const bytes = new TextEncoder().encode(name);
    await this.store.files.put(
      { id, name, type, size: bytes.length, at: this.now, owner: this.conversation },
      bytes,
    );
    return { id, name, type, size: bytes.length };
  }

  private async officer(l: Extract<TalkLine, { kind: 'officer' }>): Promise<void> {
    const agency = this.stage.content.agencies.get(l.who);
    // A talk may let any agency speak; one without officers in the pilot signs with its name.
    const seat =
      seatOf(this.stage.content, l.who) ??
      (agency && { id: agency.id, name: agency.name, agency: agency.id, signature: agency.name });
    if (!seat) {
      this.line({ kind: 'system', text: `không có cán bộ hay cơ quan "${l.who}" trong agencies.yml` });
      return;
    }
    const code = this.coded(l.code);
    const text = this.coded(l.text);
    const act =
      l.verb === 'ask'
        ? { do: 'ask' as const, text }
        : l.verb === 'reply'
          ? { do: 'reply' as const, text }
          : l.verb === 'transfer'
            ? { do: 'transfer' as const, to: l.to ?? '', reason: text }
            : { do: l.verb };
    const done = await this.act(seat, code, act, `talk:${++this.keys}`);
    if (!done.ok) this.line({ kind: 'system', text: `từ chối: ${done.problems[0]!.message}` });
  }

  /** Lets everything due now happen, then prints what is new: the system's acts, then what was said. */
  private async settle(): Promise<void> {
    for (let i = 0; i < 5; i++) {
      await this.heart.once();
      const c = await this.store.conversations.load(this.conversation);
      if (c && this.channel === 'web') await this.fetched(this.conversation, c.next);
    }
    const mine: string[] = [];
    for await (const c of this.store.cases.all()) {
      for (const [n, e] of c.timeline.entries()) {
        if (n < (this.seen.get(c.id) ?? 0)) continue;
        const said = this.systemLine(c, e);
        if (e.kind === 'opened') this.code = c.id;
        if (said) mine.push(said.replace(c.id, c.id === this.code ? '{mã}' : c.id));
      }
      this.seen.set(c.id, c.timeline.length);
    }
    const c = await this.store.conversations.load(this.conversation);
    for (const e of c?.log ?? []) {
      if (e.n <= (this.printed.get(this.conversation) ?? 0)) continue;
      this.printed.set(this.conversation, e.n);
      if (e.from !== 'citizen') this.line(botLine(e));
    }
    for (const text of mine) this.line({ kind: 'system', text });
  }

  private systemLine(c: Case, e: TimelineEntry): string | undefined {
    switch (e.kind) {
      case 'opened': {
        const owner = c.timeline.find((x) => x.kind === 'routed')!.to;
        const due = c.timeline.find((x) => x.kind === 'promised')?.due;
        const what = { report: 'lập hồ sơ', ticket: 'để lời nhắn', question: 'gửi câu hỏi' }[e.as];
        return `${what} ${c.id} → ${this.stage.content.agencies.get(owner)?.name}${due ? `, hẹn ${sayDate(dateOf(due))}` : ''}`;
      }
      case 'added':
        return `bổ sung ${c.id}`;
      case 'overdue':
        return `${c.id} quá hạn`;
      case 'confirmed':
        return `${c.id} đã giải quyết`;
      case 'reopened':
        return `mở lại ${c.id}`;
      case 'withdrawn':
        return `rút ${c.id}`;
      case 'told':
        return e.failed ? `${c.id}: không báo được (${e.failed})` : undefined;
      default:
        return undefined;
    }
  }
}

const botLine = (e: Entry) => ({
  kind: 'bot' as const,
  id: e.say ?? e.from,
  text: e.text,
  choices: e.choices?.map((c) => c.label) ?? [],
});
