// The heart: one message in, one reply and finished documents out. Pure. Reads top to bottom: what was
// pressed, what protects, what steers, what was waited for, the flow's question, and only then a new matter.
import { append, type Case, fold, followerOf, isClosed, looksMistyped } from '../cases/index.ts';
import type { Content } from '../content/index.ts';
import type { Inbound } from '../message.ts';
import { findPhrase, type Heard } from '../nlu/index.ts';
import { fold as bare, looksEnglish, writesVietnamese } from '../text.ts';
import * as caseTalk from './case-talk.ts';
import type { Conversation, Dialogue } from './conversation.ts';
import { edit } from './edit.ts';
import { expected } from './expected.ts';
import { saidButton } from './fallback.ts';
import { forget, mustForget } from './forget.ts';
import { actGeneral } from './general.ts';
import { answersChoice, inFlow } from './in-flow.ts';
import { appendEntry, newConversation } from './log.ts';
import { asks, meantInstead } from './manner.ts';
import { doGeneral, newMatter, resume, stepNow, takesUp, unknownCode } from './matter.ts';
import { press } from './press.ts';
import { givesPlaceAnew } from './put-right.ts';
import { interpret } from './questions.ts';
import { steered } from './steer.ts';
import { dangerHeard, SENSITIVE_MS, Turn, type TurnFacts, type World } from './turn.ts';

/** Ready to be saved, but for its deliveries and its wake. */
export interface Finished {
  conversation: Conversation;
  cases: Case[];
}

/** Decides one turn. The same inbound on the same documents gives the same result. */
export function takeTurn(
  world: World,
  stored: Conversation,
  inbound: Inbound,
  heard: Heard,
  facts: TurnFacts,
): Finished {
  const before = mustForget(stored, world.now) ? forget(stored) : stored;
  const shielded = calm(world.content, before.state, shield(heard));
  const hidden = shielded.text !== heard.text;
  // Cases of a talk that was erased are no longer this talk's.
  const own = facts.own.filter((c) => followerOf(c) === before.id);
  // A picture that is said to show an identity card goes into no log and no report.
  const { files: shown, ...unseen } = inbound;
  const card =
    !!shown?.length &&
    !!findPhrase(world.reader, shielded.text.trim(), world.content.phrases.ownCard, 'whole');
  const seen = card ? unseen : inbound;
  const t = new Turn(
    world,
    { ...facts, own },
    hidden ? { ...seen, text: shielded.text } : seen,
    shielded,
    before,
  );
  if (t.state.sensitiveUntil !== undefined) {
    t.sensitive = true;
    t.state.sensitiveUntil = world.now + SENSITIVE_MS;
  }
  noticeAddress(t);
  noticeNationality(t);
  const first = !t.state.greeted;
  t.state.greeted = true;
  noticeLanguage(t);
  // On a page that is opened anew the talk stands there already; on Telegram "/start" asks to begin again.
  const again = inbound.opening === true && !first && !before.id.startsWith('web:');

  if ((first && (inbound.opening || !dangerHeard(t))) || again) greet(t);
  if (again) resume(t);
  if (card) {
    t.say('bao-mat.anh-giay-to');
    resume(t);
  } else if (!inbound.opening || inbound.text) decide(t);
  // Understood: what follows is a first failure again. "A hay B?" is neither.
  if (t.state.strikes === before.state.strikes && t.state.expects?.kind !== 'which-intent')
    t.state.strikes = 0;
  caseTalk.askAgain(t);
  if (hidden) t.say('bao-mat.so-giay-to');
  if (t.silent && !inbound.opening) t.say('khong-co-chu');
  return finish(t);
}

/** Identity numbers are kept nowhere: their digits are covered before anything else sees them. */
function shield(heard: Heard): Heard {
  let { text } = heard;
  const entities = heard.entities.map((e) => {
    if (e.type !== 'identity-number') return e;
    text = text.slice(0, e.start) + dotted(text.slice(e.start, e.end)) + text.slice(e.end);
    return { ...e, value: dotted(e.value) };
  });
  if (text === heard.text && !heard.parts) return heard;
  return { ...heard, text, entities, ...(heard.parts && { parts: heard.parts.map(shield) }) };
}

const dotted = (digits: string): string => digits.replace(/\d/g, '•');

/**
 * Where something was asked or just told, a weak likeness is no alarm: "ở đằng sau nhà" tells where, "cháu 15 tuổi rồi"
 * tells whose card it is, and nobody is beaten.
 */
function calm(content: Content, state: Dialogue, heard: Heard): Heard {
  const asked =
    state.flow !== undefined ||
    ['add', 'answer-officer', 'contrast'].includes(state.expects?.kind ?? '') ||
    (state.topic !== undefined && heard.text.trim().split(/\s+/).length <= FEW_WORDS);
  if (!asked) return heard;
  const alarm = (id: string): boolean => {
    const i = content.intents.get(id);
    return i?.type === 'general' && (i.do === 'safe-card' || i.kind === 'emergency');
  };
  const quiet = (h: Heard): Heard => {
    const top = h.intents[0];
    // Two dangers may share one sentence.
    const alarms = h.intents.reduce((sum, i) => sum + (alarm(i.intent) ? i.score : 0), 0);
    if (!top || !alarm(top.intent) || alarms >= ASKED_FLOOR) return h;
    return { ...h, kind: 'unclear', intents: h.intents.filter((i) => !alarm(i.intent)), action: 'rephrase' };
  };
  return { ...quiet(heard), ...(heard.parts && { parts: heard.parts.map(quiet) }) };
}
const ASKED_FLOOR = 0.6;
const FEW_WORDS = 5;

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
  if (caseTalk.doneBefore(t)) return;
  if (inbound.refused) {
    t.say(`tu-choi.${inbound.refused}`);
    // A caption is heard all the same: it may be a cry for help.
    if (!t.text) {
      resume(t);
      return;
    }
  }
  const danger = inbound.choice === undefined && !givesPlaceAnew(t) ? dangerHeard(t) : undefined;
  if (inbound.edits !== undefined && !danger) {
    edit(t);
    return;
  }
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
    doGeneral(t, commanded);
    return;
  }
  if (!danger && steered(t)) return;
  if (answersWhatIsOpen(t)) return;
  if (danger) {
    if (t.heard.parts)
      t.state.queued = t.heard.parts
        .filter((p) => p.intents[0]?.intent !== danger.id)
        .map((p) => p.text)
        .slice(0, 3);
    actGeneral(t, danger, () => {});
    return;
  }
  if (!waitsForWords(t) && caseTalk.aboutTyped(t)) return;
  if (!t.facts.typed && !waitsForWords(t) && [t.text, ...CODES(t.text)].some(looksMistyped)) {
    t.say('vu.ma-sai');
    return;
  }
  // A report tells of a code; who is asked about one procedure and types another's code asks about that one.
  const reporting = t.state.flow !== undefined && t.intent(t.state.flow.intent)?.type !== 'procedure';
  if (unknownCode(t.heard) !== undefined && (t.state.flow ? !reporting : !waitsForWords(t))) {
    newMatter(t, t.heard);
    return;
  }
  if (t.state.expects && expected(t)) return;
  if (answersPutAside(t)) return;
  if (t.state.flow && inFlow(t)) return;
  if (inbound.files?.length && (!t.text || t.heard.action !== 'answer')) {
    if (addToOnlyCase(t)) return;
    if (!t.text && t.hushed) {
      t.say('an-toan.khong-ghi');
      return;
    }
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
  if (caseTalk.asksReopen(t)) return;
  newMatter(t, t.heard);
}

/**
 * The next answer after a safe card is meant for the report that it put aside: a picture, a place, one of the options,
 * "bỏ qua". A "gửi đi" shows the draft once more: the card stands between it and what it said yes to.
 */
function answersPutAside(t: Turn): boolean {
  const flow = t.state.paused.at(-1);
  const intent = flow && t.intent(flow.intent);
  const { step } = intent ? stepNow(intent, flow) : {};
  const top = t.intent(t.heard.intents[0]?.intent ?? '');
  const sure = t.heard.action === 'answer';
  const act = sure && top?.type === 'general' ? top.do : undefined;
  const other = sure && top && act === undefined;
  const answers =
    !!t.inbound.files?.length ||
    !!t.inbound.location ||
    ['yes', 'no', 'skip'].includes(act ?? '') ||
    (!other && step?.options !== undefined && interpret(t, intent!, step).kind === 'answer') ||
    (!other && !asks(t) && step?.type === 'place' && t.heard.entities.some((e) => e.type === 'street'));
  if (!answers || !takesUp(t)) return false;
  t.say('quay-lai-viec', { title: t.title(flow!.intent) });
  if (!step || !(answersChoice(t) || inFlow(t))) resume(t);
  return true;
}

/** What stands there like the code of a case. */
const CODES = (text: string): string[] =>
  text.match(/(?<![\p{L}\p{N}])(?:[0-9a-z]{3}[-.]?){2}[0-9a-z]{3}(?![\p{L}\p{N}])/giu) ?? [];

/** The words of a button of the open question: an answer before they are anything else. */
function answersWhatIsOpen(t: Turn): boolean {
  if (!t.text || t.inbound.files?.length) return false;
  const button = t.state.expects && saidButton(t);
  if (button !== undefined) {
    press(t, button);
    return true;
  }
  return t.state.flow !== undefined && answersChoice(t);
}

/** The next words are meant for someone, so a code in them is only mentioned. */
const waitsForWords = (t: Turn): boolean =>
  ['add', 'answer-officer', 'officer'].includes(t.state.expects?.kind ?? '') || !!t.state.flow;

/** A picture without a matter, when one report is open: added to it if it was just spoken of, else asked. */
function addToOnlyCase(t: Turn): boolean {
  // What follows a safe card belongs to no case.
  if (t.hushed) return false;
  const open = t.facts.own.filter((c) => {
    const s = fold(c, t.world.now);
    return s.opened.as === 'report' && !isClosed(s.status) && t.world.now - s.opened.at < 24 * 3_600_000;
  });
  const only = open.length === 1 ? open[0]! : undefined;
  if (!only) return false;
  const last = t.before.log.findLast((e) => e.from !== 'citizen');
  if (last?.text.includes(only.id)) {
    caseTalk.add(t, only, t.text);
    return true;
  }
  t.state.files = [...(t.state.files ?? []), ...(t.inbound.files ?? [])].slice(-10);
  t.say('anh.them-vao', { code: only.id });
  t.offer(`k:anh:${only.id}`, t.word('anh.nut-them', { code: only.id }));
  t.button('x:phan-anh', 'nut.phan-anh');
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

/** Who writes in English is answered so, and who then writes a Vietnamese sentence again in Vietnamese. */
function noticeLanguage(t: Turn): void {
  const greets = (text: string): boolean => t.phrase('hello', 'whole', text) !== undefined;
  const before = t.before.log.findLast((e) => e.from === 'citizen')?.text;
  if (looksEnglish(t.text) || (before === undefined && greets(t.text))) t.locale = 'en';
  // "Hello" alone is said by Vietnamese too: the next words decide.
  else if (
    t.locale === 'en' &&
    t.text &&
    before !== undefined &&
    greets(before) &&
    !greets(t.text) &&
    !looksEnglish(bare(t.text))
  )
    t.locale = 'vi';
  // An address or a name has its marks in an English talk too.
  else if (t.locale === 'en' && !t.state.flow && writesVietnamese(t.text)) t.locale = 'vi';
}

/** "bác muốn hỏi…": the word they use of themselves. Someone who also says tôi or em speaks of another person. */
function noticeAddress(t: Turn): void {
  const speaks = t.phrase('elderSpeaks', 'start');
  const said = speaks && t.phrase('elder', 'in', speaks.said);
  const { youngerSelf } = t.content.phrases;
  const young = (text: string): boolean => !!findPhrase(t.world.reader, text, youngerSelf, 'in');
  // "Bố tôi vừa mất", then "ông già yếu lâu rồi": he who is told of.
  const before = t.before.log.filter((e) => e.from === 'citizen').slice(-SAID_LATELY);
  if (said && !young(t.text) && !before.some((e) => young(e.text))) t.state.address = said.said.toLowerCase();
}

/** So many messages before tell how they call themselves. */
const SAID_LATELY = 10;

/** "Tôi là người Pháp": holds for what is asked later, until they say that they are a citizen. */
function noticeNationality(t: Turn): void {
  const says = t.phrase('self', 'start', meantInstead(t))?.after;
  if (says === undefined) return;
  if (t.phrase('foreigner', 'start', says)) t.state.foreigner = true;
  else if (t.phrase('citizen', 'start', says)) delete t.state.foreigner;
}

function leave(t: Turn, c: Case): Case[] {
  const { conversation } = t.inbound;
  const by = { kind: 'citizen' as const, conversation };
  const entry = {
    at: t.world.now,
    by,
    key: t.inbound.key,
    public: false,
    kind: 'left' as const,
    follower: conversation,
  };
  const left = append(t.case(c.id) ?? c, entry, t.world.now);
  return left.ok ? [left.value] : [];
}

/** A press reads in the log as the words on the button. */
const labelOf = (t: Turn, choice: string | undefined): string =>
  (choice &&
    t.before.log
      .findLast((e) => e.choices?.some((c) => c.id === choice))
      ?.choices?.find((c) => c.id === choice)?.label) ||
  '';

const reports = (t: Turn, { flow }: Dialogue): boolean => t.intent(flow?.intent ?? '')?.type === 'topic';

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
      // What was reported goes on; nothing of it is told into a talk that was erased.
      cases: t.facts.own.flatMap((c) => leave(t, c)),
    };
  }
  const { inbound } = t;
  // A report told after a danger is none of it: its words and its code stay.
  const ordinary =
    t.state.danger === true && !t.carded && (reports(t, t.before.state) || reports(t, t.state));
  const sensitive = t.sensitive && !ordinary ? { sensitive: true } : {};
  // A safe card covers what led to it: an accusation is often begun before it is called one.
  const covered = t.carded
    ? t.before.log.map((e) => (e.at > t.world.now - SENSITIVE_MS ? { ...e, sensitive: true } : e))
    : t.before.log;
  let c: Conversation = { ...t.before, log: covered, locale: t.locale, state: t.state };
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
  return { conversation: c, cases: [...t.cases.values()] };
}
