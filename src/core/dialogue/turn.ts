// One turn in the making: what is known, what has been decided so far, what will be said. Mutable while the
// turn runs, never after. The other files of this folder each handle one part of it.
import type { Case, CaseCode } from '../cases/index.ts';
import {
  type Content,
  type Intent,
  type Locale,
  type Phrases,
  render,
  type SlotsOf,
  type SystemId,
  wordingOf,
} from '../content/index.ts';
import type { Choice, Inbound } from '../message.ts';
import { type Entity, findPhrase, type Heard, type Reader, type Where } from '../nlu/index.ts';
import { capital } from '../text.ts';
import type { Conversation, Dialogue, Entry, Flow } from './conversation.ts';

/** The same for every turn of a release. */
export interface World {
  content: Content;
  reader: Reader;
  release: number;
  now: number;
  /** The city has designated this channel: reports are received, not only passed on. */
  official: boolean;
  /** One-time page for contact details of a case. */
  contactLink?: (code: CaseCode) => string | undefined;
}

/** Gathered before the turn, so that it need not fetch. */
export interface TurnFacts {
  /** Cases this conversation opened, newest first. */
  own: Case[];
  /** The case whose code was typed, whoever opened it; null when no case has it. */
  typed?: { code: CaseCode; found: Case | null };
  /** A code nobody has, the same however often this message comes. */
  freshCode: CaseCode;
  /** What an earlier attempt opened, at this very message or for the report that is being made. */
  opened?: Case;
}

export class Turn {
  readonly state: Dialogue;
  locale: Locale;
  /** Cases this turn changed or opened, by code. */
  readonly cases = new Map<string, Case>();
  readonly ids: string[] = [];
  private readonly paragraphs: string[] = [];
  choices: Choice[] = [];
  /** The whole conversation is to be forgotten. */
  erase = false;
  sensitive = false;
  /** A safe card is shown in this turn. */
  carded = false;

  readonly world: World;
  readonly facts: TurnFacts;
  readonly inbound: Inbound;
  readonly heard: Heard;
  readonly before: Conversation;

  constructor(world: World, facts: TurnFacts, inbound: Inbound, heard: Heard, before: Conversation) {
    this.world = world;
    this.facts = facts;
    this.inbound = inbound;
    this.heard = heard;
    this.before = before;
    this.state = structuredClone(before.state);
    this.locale = before.locale;
  }

  get content(): Content {
    return this.world.content;
  }
  get text(): string {
    return this.heard.text.trim();
  }
  get silent(): boolean {
    return this.paragraphs.length === 0;
  }

  /** Says a sentence of the code's own. */
  say<K extends SystemId>(
    id: K,
    ...slots: SlotsOf<K> extends never ? [] : [Record<SlotsOf<K>, string | number>]
  ): void {
    this.put(id, this.word(id, ...slots));
  }

  /** Says a sentence of the content. */
  sayContent(id: string): void {
    this.put(id, render(this.content, { id }, this.locale));
  }

  /** Adds a ready paragraph under an id. */
  put(id: string, text: string): void {
    this.ids.push(id);
    this.paragraphs.push(text);
  }

  word<K extends SystemId>(
    id: K,
    ...slots: SlotsOf<K> extends never ? [] : [Record<SlotsOf<K>, string | number>]
  ): string {
    return render(this.content, { id, slots: slots[0] as Record<string, string> | undefined }, this.locale);
  }

  has(id: string): boolean {
    return wordingOf(this.content, this.locale, id) !== undefined;
  }

  /** A wording of the content, or undefined. */
  wording(id: string): string | undefined {
    return wordingOf(this.content, this.locale, id);
  }

  button<K extends SystemId>(id: string, label: SlotsOf<K> extends never ? K : never): void {
    this.offer(id, render(this.content, { id: label }, this.locale));
  }

  offer(id: string, label: string): void {
    if (!this.choices.some((c) => c.id === id)) this.choices.push({ id, label: label.slice(0, 120) });
  }

  intent(id: string): Intent | undefined {
    return this.content.intents.get(id);
  }

  title(intent: string): string {
    return this.wording(`${intent}.title`) ?? intent;
  }

  agencyName(id: string): string {
    return this.content.agencies.get(id)?.name ?? id;
  }

  /** A case as it stands within this turn. */
  case(code: string): Case | undefined {
    return (
      this.cases.get(code) ??
      this.facts.own.find((c) => c.id === code) ??
      (this.facts.typed?.found?.id === code ? this.facts.typed.found : undefined)
    );
  }

  setFlow(flow: Flow | undefined): void {
    if (flow) this.state.flow = flow;
    else delete this.state.flow;
  }

  /** Puts the running flow aside. A procedure waits once, however often it is asked about. */
  pause(): void {
    const { flow, paused } = this.state;
    if (!flow) return;
    const once = this.intent(flow.intent)?.type === 'procedure';
    this.state.paused = [...paused.filter((f) => !once || f.intent !== flow.intent), flow].slice(-3);
    this.setFlow(undefined);
  }

  /** Matters told in words, to be taken up one after another once what is open is done. */
  keepForLater(texts: string[]): void {
    this.state.queued = [...this.state.queued, ...texts].slice(0, MOST_WAITING);
  }

  /** A secret was told under a card (tố cáo, a bribe, khiếu nại): nothing of it may be written down. */
  get hushed(): boolean {
    return this.sensitive && this.state.danger !== true;
  }

  /** The report put aside last, to go on with by itself; a procedure's question waits until it is asked for. */
  takePaused(): Flow | undefined {
    const at = this.state.paused.findLastIndex((f) => this.intent(f.intent)?.type === 'topic');
    return at < 0 ? undefined : this.state.paused.splice(at, 1)[0];
  }

  /** Whether a set phrase stands in the text, and what is said before and after it; see nlu/phrases.ts. */
  phrase(
    which: keyof Phrases,
    where: Where,
    text = this.text,
  ): { before: string; said: string; after: string } | undefined {
    const story = text.length > PHRASED;
    if (story && where !== 'start') return undefined;
    const span = findPhrase(
      this.world.reader,
      story ? text.slice(0, PHRASED) : text,
      this.content.phrases[which],
      where,
    );
    return (
      span && {
        before: text.slice(0, span.start).trimEnd(),
        said: text.slice(span.start, span.end),
        after: text.slice(span.end).replace(/^[\s,.:;!]+/, ''),
      }
    );
  }

  clearExpects(): void {
    delete this.state.expects;
  }

  /** voice 8: grief is named once a day. Each text that may be the first to be said begins with it. */
  private oneCondolence(text: string): string {
    const sorry = this.word('chia-buon');
    const since = this.world.now - 24 * 3_600_000;
    const named = this.before.log.some((e) => e.from === 'bot' && e.at > since && e.text.includes(sorry));
    const [first, ...rest] = text.split(`${sorry} `);
    return named || rest.length === 0 ? [first, ...rest].join('') : `${first}${sorry} ${rest.join('')}`;
  }

  /** What was said, as one entry; undefined when nothing was. */
  answer(): Omit<Entry, 'n' | 'at'> | undefined {
    if (this.silent) return undefined;
    const address = this.state.address;
    const text = this.oneCondolence(this.paragraphs.join('\n\n'));
    return {
      from: 'bot',
      key: this.inbound.key,
      say: this.ids.join(' + '),
      text: address ? mirror(text, this.content.phrases.addressee, address) : text,
      ...(this.choices.length > 0 && { choices: this.choices }),
    };
  }
}

/** voice: the citizen's own word for themselves, once they used it. */
const mirror = (text: string, addressee: readonly string[], address: string): string =>
  addressee.reduce((s, a) => s.replaceAll(a, address).replaceAll(capital(a), capital(address)), text);

/** A talk under a safe card loses its words this long after the last of them. */
export const SENSITIVE_MS = 30 * 60_000;

/** Surer than this, a message in mid-flow is a question of its own and not an answer. */
export const INTERRUPTS = 0.75;
/** A free answer longer than this is an answer, whatever it resembles. */
export const COMMAND_WORDS = 7;

/** So many matters wait at most. */
const MOST_WAITING = 5;

/** A longer text is a story, steered by no set phrase but the one it begins with. */
export const PHRASED = 400;

/** A text with blanks for its entities of these types: a street named Mai is no day and nobody. */
export const without = (
  { text, entities }: Pick<Heard, 'text' | 'entities'>,
  types: readonly Entity['type'][],
): string =>
  entities
    .filter((e) => types.includes(e.type))
    .reduce((s, e) => s.slice(0, e.start) + ' '.repeat(e.end - e.start) + s.slice(e.end), text);
/** What names a place. */
export const PLACES = ['street', 'ward', 'old-place'] as const;

export const wordCount = (s: string): number => s.trim().split(/\s+/).length;

export type General = Extract<Intent, { type: 'general' }>;

/** The first intent of a reading, when it is a general one. */
export function generalHeard(t: Turn, heard: Heard = t.heard): General | undefined {
  const g = t.intent(heard.intents[0]?.intent ?? '');
  return g?.type === 'general' ? g : undefined;
}

/** The safe card or emergency heard anywhere in the message, first of all that was said in it. */
export function dangerHeard(t: Turn): General | undefined {
  for (const h of [t.heard, ...(t.heard.parts ?? [])]) {
    const g = generalHeard(t, h);
    if (g && h.action === 'answer' && (g.do === 'safe-card' || h.kind === 'emergency')) return g;
  }
  return undefined;
}
