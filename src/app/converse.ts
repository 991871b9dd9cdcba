// One message or notice through a conversation: load, decide, save, acknowledge. Everything is safe to repeat:
// killed before the conversation is saved, the sender keeps the message and the cases recognise its key.
import { Case, caseCode, fold, followerOf, openerOf } from '../core/cases/index.ts';
import { render, type SystemId } from '../core/content/index.ts';
import {
  appendEntry,
  Conversation,
  type Finished,
  type Flow,
  hasTold,
  knows,
  newConversation,
  type TurnFacts,
  takeNotice,
  takeTurn,
  type World,
  wakeOf,
} from '../core/dialogue/index.ts';
import { inOrder } from '../core/in-order.ts';
import type { ConversationId, Inbound, Notice } from '../core/message.ts';
import { type Heard, understand } from '../core/nlu/index.ts';
import { type Live, nameless, type Parts } from './parts.ts';

/** saved: decided and durable · known: a repeat, nothing to do · busy: eight others were first; try again. */
export type Conversed = 'saved' | 'known' | 'busy';

/** More of a message than this is not read (and said so). */
export const MAX_TEXT = 20_000;
/** Cases of one conversation that a turn sees: more than anybody sends, and as many as the sweep knows. */
const OWN_CASES = 1000;

const ATTEMPTS = 8;
/** 19⁸ codes: a second taken one in a row does not happen. */
const CODE_ATTEMPTS = 20;

/** One promise chain per conversation keeps arrival order; the versioned save keeps replicas honest. Throws only when the store is away. */
export function converse(p: Parts): (m: Inbound | Notice) => Promise<Conversed> {
  const queue = inOrder();
  return (m) => queue(m.conversation, () => ('about' in m ? tell(p, m) : turn(p, m)));
}

async function turn(p: Parts, inbound: Inbound): Promise<Conversed> {
  const m: Inbound = { ...inbound, text: inbound.text.slice(0, MAX_TEXT) };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before =
      (await p.store.conversations.load(m.conversation)) ??
      newConversation(m.conversation, m.language?.startsWith('en') ? 'en' : 'vi');
    if (knows(before, m.key)) return 'known';
    const live = p.live();
    const now = p.clock.now();
    const found = await p.store.cases.find({ follower: m.conversation, limit: OWN_CASES });
    const { code: freshCode, opened } = await fresh(p, m, before.state.flow, found);
    const own = newestFirst(
      found.filter((c) => followerOf(c) !== undefined),
      opened,
    );
    let finished: Finished;
    try {
      const heard = understand(live.reader, m.text, {
        now,
        ...(topicOf(before) && { topic: topicOf(before) }),
      });
      const typed = await typedCase(p, heard);
      finished = takeTurn(worldOf(p, live, now, m.conversation), before, m, heard, {
        own,
        ...(typed && { typed }),
        freshCode,
        ...(opened && { opened }),
      });
      if (opened) finished = { ...finished, conversation: tellOpened(p, finished, opened, now) };
      if (inbound.text.length > MAX_TEXT)
        finished = { ...finished, conversation: addTooLong(p, finished.conversation, now) };
    } catch (error) {
      if (error instanceof StoreAway) throw error.cause;
      finished = fault(error, live.n);
    }
    let saved: boolean;
    try {
      saved = await saveAll(p, before, finished);
    } catch (error) {
      // What fits its schema the store refuses only when it is away: then the sender keeps the message.
      if (fits(finished)) throw error;
      finished = fault(error, live.n);
      saved = await saveAll(p, before, finished);
    }
    if (!saved) continue;
    p.hint({ conversation: m.conversation });
    for (const c of finished.cases) p.hint({ case: c.id });
    return 'saved';

    /** A poison message must not come back for ever: it is acknowledged with an honest sentence. */
    function fault(error: unknown, n: number): Finished {
      p.log.error(
        { error: describe(error), conversation: nameless(m.conversation), key: m.key, release: n },
        'turn threw',
      );
      return { conversation: faulted(p, before, m, now), cases: [] };
    }
  }
  return 'busy';
}

/** What the talk is about: the flow that runs, or the last procedure told. */
const topicOf = (c: Conversation): string | undefined => c.state.flow?.intent ?? c.state.topic?.intent;

const worldOf = (p: Parts, live: Live, now: number, id: ConversationId): World => ({
  content: live.content,
  reader: live.reader,
  release: live.n,
  now,
  official: p.official,
  contactLink: (code) => p.contactLink?.(code, id),
});

/** The store failed inside a turn: not the turn's fault, the sender keeps the message. */
class StoreAway extends Error {}

async function typedCase(p: Parts, heard: Heard): Promise<TurnFacts['typed']> {
  const code = heard.entities.find((e) => e.type === 'case-code')?.value;
  if (!code) return undefined;
  try {
    return { code, found: (await p.store.cases.load(code)) ?? null };
  } catch (cause) {
    throw new StoreAway('store', { cause });
  }
}

/** An error without a citizen's words: its kind and where it was thrown. Its message may quote. */
function describe(error: unknown): { name: string; at: string } {
  if (!(error instanceof Error)) return { name: typeof error, at: '' };
  return {
    name: error.name,
    at:
      error.stack
        ?.split('\n')
        .find((l) => l.startsWith('    at '))
        ?.trim() ?? '',
  };
}

/** Whether a conversation was told this code. */
export const namesCode = (c: Conversation, code: string): boolean =>
  c.log.some((e) => e.from !== 'citizen' && e.text.includes(code));

/** The cases, then the conversation; false when somebody was first. */
async function saveAll(p: Parts, before: Conversation, f: Finished): Promise<boolean> {
  for (const c of f.cases) if (!(await p.store.cases.save(c))) return false;
  return p.store.conversations.save(withDeliveries(p, before, f.conversation));
}

const fits = (f: Finished): boolean =>
  Conversation.safeParse(f.conversation).success && f.cases.every((c) => Case.safeParse(c).success);

/**
 * The code this turn opens a case under: the same on every redelivery; one that is taken is passed over. A report has
 * one code however often its review is confirmed, on whatever replica: its flow names it, not the tap. `opened` is
 * the case that is there already, when an earlier attempt got that far and no further.
 */
async function fresh(
  p: Parts,
  m: Inbound,
  flow: Flow | undefined,
  found: Case[],
): Promise<{ code: string; opened?: Case }> {
  const key = flow ? `flow:${flow.key}:${flow.startedAt}` : m.key;
  let opened = found.find((c) => c.timeline[0]!.key === m.key);
  for (let attempt = 0; attempt < CODE_ATTEMPTS; attempt++) {
    const code = caseCode(p.codeSecret, m.conversation, key, attempt);
    const taken = await p.store.cases.load(code);
    if (!taken) return { code, ...(opened && { opened }) };
    if (openerOf(taken) === m.conversation && (taken.timeline[0]!.key === m.key || isReportOf(taken, flow)))
      opened ??= taken;
  }
  throw new Error('no free case code');
}

/** A message left for an officer in the middle of a flow is not the flow's report. */
function isReportOf(c: Case, flow: Flow | undefined): boolean {
  const opened = c.timeline[0];
  return opened?.kind === 'opened' && opened.as === 'report' && opened.topic === flow?.intent;
}

/** Lists come by due date; a talk wants the newest, and the one just opened however many there are. */
function newestFirst(found: Case[], opened: Case | undefined): Case[] {
  const all = opened && !found.some((c) => c.id === opened.id) ? [...found, opened] : found;
  return all.sort((a, b) => b.timeline[0]!.at - a.timeline[0]!.at);
}

/**
 * An earlier attempt opened the case, then another message was first and this one now means something else: the
 * case is there all the same, so its opener hears of it.
 */
function tellOpened(p: Parts, f: Finished, opened: Case, now: number): Conversation {
  const c = f.conversation;
  if (followerOf(opened) === undefined || namesCode(c, opened.id)) return c;
  const id: SystemId = 'gui.xong';
  const { content } = p.live();
  const owner = fold(opened).owner;
  const slots = { code: opened.id, owner: content.agencies.get(owner)?.name ?? owner };
  return appendEntry(c, {
    at: now,
    from: 'bot',
    say: id,
    text: render(content, { id, slots }, c.locale),
  });
}

function faulted(p: Parts, before: Conversation, m: Inbound, now: number): Conversation {
  const text = render(p.live().content, { id: 'loi.su-co' }, before.locale);
  const c = appendEntry(before, {
    at: m.at,
    from: 'citizen',
    key: m.key,
    // Nobody has read it: whatever may be an identity number is covered.
    text: m.text.replace(/\d(?:[^\p{L}\p{N}]{0,5}\d){8,}/gu, (n) => n.replace(/\d/g, '•')),
    ...(m.client && { client: m.client }),
    ...(before.state.sensitiveUntil !== undefined && { sensitive: true }),
  });
  return appendEntry(c, { at: now, from: 'bot', key: m.key, say: 'loi.su-co', text });
}

const addTooLong = (p: Parts, c: Conversation, now: number): Conversation =>
  appendEntry(c, {
    at: now,
    from: 'bot',
    say: 'loi.qua-dai',
    text: render(p.live().content, { id: 'loi.qua-dai' }, c.locale),
  });

/** What was newly said waits for its channel. */
function withDeliveries(p: Parts, before: Conversation, after: Conversation): Conversation {
  const state = p.channelOf(after.id)?.pull ? ('waiting' as const) : ('pending' as const);
  const log = after.log.map((e) =>
    e.n >= before.next && e.from !== 'citizen' && !e.delivery ? { ...e, delivery: { state, tries: 0 } } : e,
  );
  const c = { ...after, log };
  return { ...c, wakeAt: wakeOf(c) };
}

async function tell(p: Parts, m: Notice): Promise<Conversed> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before =
      (await p.store.conversations.load(m.conversation)) ?? newConversation(m.conversation as ConversationId);
    if (hasTold(before, m.about)) return 'known';
    const about = await p.store.cases.load(m.about.code);
    // Whoever left, or has been forgotten meanwhile, is told nothing.
    if (!about || followerOf(about) !== m.conversation) return 'known';
    const after = takeNotice(p.live().content, p.clock.now(), before, about, m.about.entry);
    if (after === before) return 'known';
    if (await p.store.conversations.save(withDeliveries(p, before, after))) {
      p.hint({ conversation: m.conversation });
      return 'saved';
    }
  }
  return 'busy';
}
