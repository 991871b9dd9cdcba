// The heart: one message in, one reply and finished documents out. Pure. Reads top to bottom: what was
// pressed, what protects, what steers, what was waited for, the flow's question, and only then a new matter.
import { type Case, looksMistyped } from '../cases/index.ts';
import type { Inbound } from '../message.ts';
import type { Heard } from '../nlu/index.ts';
import * as caseTalk from './case-talk.ts';
import type { Conversation } from './conversation.ts';
import { edit } from './edit.ts';
import { expected } from './expected.ts';
import { saidButton } from './fallback.ts';
import { actGeneral } from './general.ts';
import { answersChoice, inFlow } from './in-flow.ts';
import { appendEntry, forgetSensitive, newConversation, wakeOf } from './log.ts';
import { newMatter, resume } from './matter.ts';
import { press } from './press.ts';
import { generalHeard, Turn, type TurnFacts, type World } from './turn.ts';

export interface Finished {
  conversation: Conversation;
  cases: Case[];
  /** The conversation asked to be forgotten: remove it instead of saving. */
  erase: boolean;
}

/** Decides one turn. The same inbound on the same documents gives the same result. */
export function takeTurn(
  world: World,
  before: Conversation,
  inbound: Inbound,
  heard: Heard,
  facts: TurnFacts,
): Finished {
  const past = before.state.sensitiveUntil !== undefined && before.state.sensitiveUntil <= world.now;
  const start = past ? forgetSensitive(before) : before;
  const t = new Turn(world, facts, inbound, heard, start);
  if (t.state.sensitiveUntil !== undefined) {
    t.sensitive = true;
    t.state.sensitiveUntil = world.now + 30 * 60_000;
  }
  if (heard.entities.some((e) => e.type === 'identity-number')) {
    t.sensitive = true;
    t.state.sensitiveUntil ??= world.now + 30 * 60_000;
  }
  noticeAddress(t);
  const first = !t.state.greeted;
  if (first) t.state.greeted = true;

  if (first && (inbound.opening || !urgent(t))) greet(t);
  if (!inbound.opening || inbound.text) decide(t);
  if (t.silent && !inbound.opening) t.say('khong-co-chu');
  return finish(t);
}

/** An emergency is answered before any greeting. */
const urgent = (t: Turn): boolean => {
  const g = generalHeard(t);
  return g?.do === 'safe-card' || t.heard.kind === 'emergency';
};

function greet(t: Turn): void {
  if (t.text) {
    // Someone who greets or comes with a question is answered; the introduction stays short.
    t.say('chao-dau.ngan');
    return;
  }
  t.say('chao-dau');
  t.button('x:thu-tuc', 'nut.thu-tuc');
  t.button('x:phan-anh', 'nut.phan-anh');
  t.button('x:can-bo', 'nut.can-bo');
}

function decide(t: Turn): void {
  const { inbound } = t;
  if (inbound.refused) {
    t.say(`tu-choi.${inbound.refused}`);
    resume(t);
    return;
  }
  if (inbound.edits !== undefined && edit(t)) return;
  const pressed = inbound.choice ?? typedLabel(t);
  if (pressed !== undefined) {
    press(t, pressed);
    return;
  }
  if (!t.text && !inbound.files?.length && !inbound.location) return;

  const command = /^\/[a-z]+/.exec(t.text)?.[0];
  const commanded = [...t.content.intents.values()].find(
    (i) => i.type === 'general' && command !== undefined && i.commands.includes(command),
  );
  if (commanded?.type === 'general') {
    t.clearExpects();
    actGeneral(t, commanded, () => resume(t));
    return;
  }
  if (answersWhatIsOpen(t)) return;
  const general = generalHeard(t);
  if (general?.do === 'safe-card' && t.heard.action === 'answer') {
    actGeneral(t, general, () => {});
    return;
  }
  if (t.facts.typed && t.text.length <= t.facts.typed.code.length + 24 && !waitsForWords(t)) {
    const c = caseTalk.whichCase(t, 'status');
    if (c) caseTalk.tellStatus(t, c);
    return;
  }
  if (!t.facts.typed && !waitsForWords(t) && looksMistyped(t.text)) {
    t.say('vu.ma-sai');
    return;
  }
  if (t.state.expects && expected(t)) return;
  if (t.state.flow && inFlow(t)) return;
  if (inbound.files?.length && (!t.text || t.heard.action !== 'answer')) {
    if (addToOnlyCase(t)) return;
    if (!t.text) {
      t.state.files = [...(t.state.files ?? []), ...inbound.files].slice(-10);
      t.say('anh.de-lam-gi');
      return;
    }
  }
  if (inbound.location && !t.text) {
    t.say('vi-tri.de-lam-gi');
    return;
  }
  newMatter(t, t.heard);
}

/** The words of a button of the open question: an answer before they are anything else. */
function answersWhatIsOpen(t: Turn): boolean {
  if (!t.text || t.inbound.files?.length) return false;
  if (t.state.expects) {
    const button = saidButton(t);
    if (button !== undefined) press(t, button);
    return button !== undefined;
  }
  return t.state.flow !== undefined && answersChoice(t);
}

/** The next words are meant for someone, so a code in them is only mentioned. */
const waitsForWords = (t: Turn): boolean =>
  ['add', 'answer-officer', 'officer'].includes(t.state.expects?.kind ?? '') || !!t.state.flow;

function addToOnlyCase(t: Turn): boolean {
  const only = t.facts.own.filter((c) => t.world.now - c.timeline[0]!.at < 24 * 3_600_000);
  if (only.length !== 1) return false;
  caseTalk.add(t, only[0]!);
  return true;
}

/** A button's words typed out count as pressing it. */
function typedLabel(t: Turn): string | undefined {
  if (!t.text || t.inbound.files?.length) return undefined;
  const plain = (s: string) =>
    s
      .normalize('NFC')
      .toLowerCase()
      .replace(/[\s.,!?…]+/g, ' ')
      .trim();
  const last = t.before.log.findLast((e) => e.from !== 'citizen');
  return last?.choices?.find((c) => !c.url && plain(c.label) === plain(t.text))?.id;
}

function noticeAddress(t: Turn): void {
  const said =
    /^(?:dạ |vâng |ơi |chào )?(bác|cô|chú|ông|bà) (?:muốn|hỏi|cần|đang|mới|có|bị|ở|đi|làm|định|già|tên|không|chưa|xin|nhờ|thấy)\b/iu.exec(
      t.text.normalize('NFC'),
    );
  if (said) t.state.address = said[1]!.toLowerCase();
}

/** A press reads in the log as the words on the button. */
const labelOf = (t: Turn, choice: string | undefined): string =>
  (choice &&
    t.before.log
      .findLast((e) => e.choices?.some((c) => c.id === choice))
      ?.choices?.find((c) => c.id === choice)?.label) ||
  '';

function finish(t: Turn): Finished {
  if (t.erase) {
    const empty = {
      ...newConversation(t.before.id, t.locale),
      version: t.before.version,
      next: t.before.next,
    };
    const said = t.answer();
    const conversation = said ? appendEntry(empty, { ...said, at: t.world.now }) : empty;
    return {
      conversation: { ...conversation, state: { ...conversation.state, greeted: true } },
      cases: [],
      erase: true,
    };
  }
  const { inbound } = t;
  const sensitive = t.sensitive ? { sensitive: true } : {};
  let c: Conversation = { ...t.before, locale: t.locale, state: t.state };
  c = appendEntry(c, {
    at: inbound.at,
    from: 'citizen',
    key: inbound.key,
    text: inbound.text || labelOf(t, inbound.choice),
    ...(inbound.client && { client: inbound.client }),
    ...(inbound.files?.length && { files: inbound.files }),
    ...(inbound.location && { location: inbound.location }),
    ...sensitive,
  });
  const said = t.answer();
  if (said) c = appendEntry(c, { ...said, at: t.world.now, ...sensitive });
  return { conversation: { ...c, wakeAt: wakeOf(c) }, cases: [...t.cases.values()], erase: false };
}
