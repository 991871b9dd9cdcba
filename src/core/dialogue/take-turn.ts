// The heart: one message in, one reply and finished documents out. Pure. Reads top to bottom: what was
// pressed, what protects, what steers, what was waited for, the flow's question, and only then a new matter.
import { type Case, followerOf } from '../cases/index.ts';
import type { Intent, Step } from '../content/index.ts';
import { type Answers, type Next, replay, SKIPPED } from '../flow/index.ts';
import type { Inbound } from '../message.ts';
import { type Facet, type Heard, understand } from '../nlu/index.ts';
import * as caseTalk from './case-talk.ts';
import type { Conversation, Flow } from './conversation.ts';
import * as fallback from './fallback.ts';
import * as filing from './filing.ts';
import { actGeneral, askOfficer, cancel, leaveTicket } from './general.ts';
import { appendEntry, forgetSensitive, lastOffer, newConversation, wakeOf } from './log.ts';
import { onlyFirst, tellProcedure } from './procedures.ts';
import { ask, fromOpening, interpret } from './questions.ts';
import { Turn, type TurnFacts, type World } from './turn.ts';

export interface Finished {
  conversation: Conversation;
  cases: Case[];
  /** The conversation asked to be forgotten: remove it instead of saving. */
  erase: boolean;
}

/** Surer than this, a message in mid-flow is a question of its own and not an answer. */
const INTERRUPTS = 0.75;
/** A free answer longer than this is an answer, whatever it resembles. */
const COMMAND_WORDS = 7;

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

function generalHeard(t: Turn): Extract<Intent, { type: 'general' }> | undefined {
  const g = t.intent(t.heard.intents[0]?.intent ?? '');
  return g?.type === 'general' ? g : undefined;
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
  if (t.state.expects && expected(t)) return;
  if (t.state.flow && inFlow(t)) return;
  if (inbound.files?.length && !t.text) {
    if (addToOnlyCase(t)) return;
    t.say('anh.de-lam-gi');
    return;
  }
  if (inbound.location && !t.text) {
    t.say('vi-tri.de-lam-gi');
    return;
  }
  newMatter(t, t.heard);
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

// ————— buttons —————

function press(t: Turn, id: string): void {
  const [head, a, ...rest] = id.split(':');
  const b = rest.join(':');
  switch (head) {
    case 'a':
      pressAnswer(t, a!, b);
      return;
    case 'i': {
      const said = t.state.expects?.kind === 'which-intent' ? t.state.expects.text : '';
      t.clearExpects();
      begin(t, a!, [], said);
      return;
    }
    case 'f':
      t.clearExpects();
      begin(t, a!, [b as Facet], '');
      return;
    case 'c': {
      const said = t.state.expects?.kind === 'contrast' ? t.state.expects.text : '';
      t.clearExpects();
      decideContrast(t, a!, b, said);
      return;
    }
    case 'e':
      editLine(t, a!);
      return;
    case 's': {
      const c = t.case(a!);
      if (c) caseTalk.solved(t, c, b === 'co');
      else t.say('nut-cu');
      return;
    }
    case 'k':
      pressCase(t, a!, b);
      return;
    case 'x':
      pressCommand(t, a!);
      return;
    default:
      t.say('nut-cu');
      resume(t);
  }
}

function pressAnswer(t: Turn, step: string, value: string): void {
  const flow = t.state.flow;
  const intent = flow && t.intent(flow.intent);
  if (!flow || !intent?.flow.some((s) => s.ask === step)) {
    t.say('nut-cu');
    resume(t);
    return;
  }
  answer(t, intent, flow, step, value);
}

function pressCase(t: Turn, verb: string, code: string): void {
  const c = t.case(code);
  t.clearExpects();
  if (!c || followerOf(c) !== t.inbound.conversation) t.say('nut-cu');
  else if (verb === 'status') caseTalk.tellStatus(t, c);
  else if (verb === 'add' || verb === 'tra-loi') caseTalk.startAdd(t, c);
  else if (verb === 'withdraw') caseTalk.askWithdraw(t, c);
  else if (verb === 'rut') caseTalk.withdraw(t, c);
  else t.say('vu.giu-lai');
}

function pressCommand(t: Turn, command: string): void {
  const { flow, expects } = t.state;
  const intent = flow && t.intent(flow.intent);
  const ready = flow && intent && reviewing(intent, flow);
  switch (command) {
    case 'dung':
      if (ready) {
        filing.openCase(t, intent, flow);
        carryOn(t);
        return;
      }
      break;
    case 'sua':
      if (ready) {
        filing.askWhatToEdit(t, intent, flow);
        return;
      }
      break;
    case 'huy':
      if (flow || expects) {
        cancel(t, () => resume(t));
        return;
      }
      break;
    case 'can-bo':
      t.clearExpects();
      askOfficer(t);
      return;
    case 'gui-cau-hoi':
      if (expects?.kind === 'offer' && expects.text) {
        leaveTicket(t, 'question', expects.text);
        return;
      }
      break;
    case 'thu-tuc':
    case 'phan-anh':
      t.clearExpects();
      fallback.offerMenu(t, command === 'thu-tuc' ? 'procedure' : 'topic');
      return;
    case 'viec-khac':
      t.clearExpects();
      t.say('hieu-sai');
      return;
    case 'xoa-co':
      if (expects?.kind === 'erase') {
        t.erase = true;
        t.say('xoa.xong');
        return;
      }
      break;
    case 'xoa-khong':
      t.clearExpects();
      t.say('xoa.thoi');
      resume(t);
      return;
  }
  t.say('nut-cu');
  resume(t);
}

// ————— what was waited for —————

/** true when the message was what the last entry waited for. */
function expected(t: Turn): boolean {
  const x = t.state.expects!;
  const general = generalHeard(t);
  const steers =
    general && general.do !== 'say' && t.heard.action === 'answer' && wordCount(t.text) <= COMMAND_WORDS;
  const byButton = fallback.saidButton(t);
  switch (x.kind) {
    case 'solved': {
      const c = t.case(x.code);
      if (!c) return false;
      if (byButton?.startsWith('s:') || general?.do === 'yes' || general?.do === 'no') {
        const yes = byButton ? byButton.endsWith(':co') : general?.do === 'yes';
        caseTalk.solved(t, c, yes);
        return true;
      }
      return false;
    }
    case 'answer-officer':
    case 'add': {
      const c = t.case(x.code);
      if (!c || steers || (isOther(t) && x.kind === 'add')) {
        t.clearExpects();
        return false;
      }
      caseTalk.add(t, c, x.kind === 'answer-officer' ? x.entry : undefined);
      return true;
    }
    case 'withdraw':
    case 'erase':
    case 'which-case':
    case 'edit-what':
    case 'contrast':
    case 'which-intent':
    case 'offer': {
      const button = byButton ?? (general?.do === 'yes' ? firstButton(t) : undefined);
      if (button) {
        press(t, button);
        return true;
      }
      if (x.kind === 'edit-what' && general?.do === 'no') {
        t.clearExpects();
        resume(t);
        return true;
      }
      if ((x.kind === 'withdraw' || x.kind === 'erase') && general?.do === 'no') {
        t.clearExpects();
        t.say(x.kind === 'erase' ? 'xoa.thoi' : 'vu.giu-lai');
        resume(t);
        return true;
      }
      // An answer to "which?" in other words is heard together with what was asked about.
      if ((x.kind === 'contrast' || x.kind === 'which-intent') && t.heard.action !== 'answer' && x.text) {
        const again = understand(t.world.reader, `${x.text} ${t.text}`, { now: t.world.now });
        if (again.action === 'answer' && again.intents[0]) {
          t.clearExpects();
          begin(t, again.intents[0].intent, again.facets, `${x.text} ${t.text}`);
          return true;
        }
      }
      t.clearExpects();
      return false;
    }
    case 'officer':
      if (steers && general.do !== 'officer') {
        t.clearExpects();
        return false;
      }
      if (general?.do === 'yes' && x.text) leaveTicket(t, 'ticket', x.text);
      else leaveTicket(t, 'ticket', t.text);
      return true;
    case 'facet':
      t.clearExpects();
      return false;
  }
}

/** Clearly something else: a known matter, surely heard. */
const isOther = (t: Turn): boolean =>
  t.heard.action === 'answer' &&
  t.heard.certainty >= INTERRUPTS &&
  t.intent(t.heard.intents[0]?.intent ?? '')?.type === 'procedure';

const wordCount = (s: string): number => s.trim().split(/\s+/).length;

/** "Yes" to a question with one obvious yes. */
function firstButton(t: Turn): string | undefined {
  const kinds = ['withdraw', 'erase'];
  return kinds.includes(t.state.expects?.kind ?? '') ? lastOffer(t.before)?.choices?.[0]?.id : undefined;
}

// ————— the flow —————

const stepNow = (intent: Intent, flow: Flow): Next => {
  const next = replay(intent, flow.answers);
  const editing = intent.flow.find((s) => s.ask === flow.editing);
  return editing && !next.step ? { ...next, step: editing } : next;
};

const reviewing = (intent: Intent, flow: Flow): boolean => {
  const next = replay(intent, flow.answers);
  return !next.step && next.outcome?.open === true;
};

/** true when the message was dealt with inside the running flow. */
function inFlow(t: Turn): boolean {
  const flow = t.state.flow!;
  const intent = t.intent(flow.intent);
  if (!intent) {
    // The release dropped this intent in mid-flow.
    t.setFlow(undefined);
    return false;
  }
  const general = generalHeard(t);
  const sure = t.heard.action === 'answer';
  const next = stepNow(intent, flow);
  const step = next.step;
  const short = wordCount(t.text) <= COMMAND_WORDS;
  const free = step?.type === 'text' || step?.type === 'place' || step?.type === 'ward';

  if (
    t.text &&
    general &&
    sure &&
    !['say', 'yes', 'no', 'skip', 'more'].includes(general.do) &&
    (short || !free || general.floor !== undefined)
  ) {
    actGeneral(t, general, () => resume(t));
    return true;
  }
  if (!step) return inReview(t, intent, flow);

  if (t.inbound.files?.length) {
    flow.files.push(...t.inbound.files);
    if (step.type !== 'files' && !t.text) {
      const files = intent.flow.find((s) => s.type === 'files');
      if (files) flow.answers[files.ask] = String(flow.files.length);
      t.say('hoi.them-anh', { count: flow.files.length });
      proceed(t, intent, flow);
      return true;
    }
  }
  if (t.inbound.location) flow.location = t.inbound.location;

  const got = interpret(t, intent, step);
  const other = otherMatter(t, flow, step);
  if (got.kind === 'answer' && !(other && (free || step.type === 'files'))) {
    if (got.said) flow.said[step.ask] = got.said;
    Object.assign(flow.answers, got.also);
    answer(t, intent, flow, step.ask, got.value);
    return true;
  }
  if (other) {
    interrupt(t, flow, other);
    return true;
  }
  if (general && sure && general.do === 'say' && !free) {
    actGeneral(t, general, () => resume(t));
    return true;
  }
  t.state.strikes++;
  if (t.state.strikes > 2) {
    t.state.strikes = 0;
    t.say('hoi-lai.lan-hai');
    t.button('x:can-bo', 'nut.can-bo');
    t.button('x:huy', 'gui.nut-huy');
    t.state.expects = { kind: 'offer', text: t.text };
    return true;
  }
  if (got.kind === 'retry') got.say();
  else t.say('sai.chon-mot');
  ask(t, intent, step, flow);
  return true;
}

/** A question or matter of its own, heard surely enough to interrupt the question asked. */
function otherMatter(t: Turn, flow: Flow, step: Step): Intent | undefined {
  const top = t.heard.intents[0];
  const intent = t.intent(top?.intent ?? '');
  if (!intent || !t.text || intent.id === flow.intent || t.heard.action !== 'answer') return undefined;
  if (intent.type === 'general') return undefined;
  if (t.heard.certainty < INTERRUPTS) return undefined;
  // While a story is being told, only a clear question about a procedure interrupts it.
  if (step.type === 'text')
    return intent.type === 'procedure' && wordCount(t.text) <= 14 ? intent : undefined;
  return intent.type === 'procedure' || wordCount(t.text) > 4 ? intent : undefined;
}

/** Answers a question in the middle of a flow without losing the flow. */
function interrupt(t: Turn, flow: Flow, other: Intent): void {
  const facets = t.heard.facets;
  if (other.type === 'procedure' && t.intent(flow.intent)?.type === 'topic') {
    // A question in the middle of a report: answered at once, all cases side by side.
    t.state.topic = { intent: other.id, answers: {} };
    tellProcedure(t, other, facets.length > 0 ? facets : ['overview'], {});
    t.choices = [];
    t.say('quay-lai-viec', { title: t.title(flow.intent) });
    resume(t);
    return;
  }
  if (t.intent(flow.intent)?.type === 'topic') t.state.paused = [...t.state.paused, flow].slice(-3);
  t.setFlow(undefined);
  begin(t, other.id, facets, t.text);
}

function inReview(t: Turn, intent: Intent, flow: Flow): boolean {
  const general = generalHeard(t);
  const button = fallback.saidButton(t);
  if (button?.startsWith('x:')) {
    press(t, button);
    return true;
  }
  if (t.inbound.files?.length) {
    flow.files.push(...t.inbound.files);
    const files = intent.flow.find((s) => s.type === 'files');
    if (files) flow.answers[files.ask] = String(flow.files.length);
    t.say('hoi.them-anh', { count: flow.files.length });
    filing.review(t, intent, flow);
    return true;
  }
  if (general?.do === 'yes') {
    press(t, 'x:dung');
    return true;
  }
  if (general?.do === 'no') {
    press(t, 'x:sua');
    return true;
  }
  const line = replay(intent, flow.answers).asked.find((s) => {
    const label = filing.label(t, intent, s).toLowerCase();
    return t.text.toLowerCase() === label || t.text.toLowerCase() === `sửa ${label}`;
  });
  if (line) {
    editLine(t, line.ask);
    return true;
  }
  const first = t.intent(t.heard.intents[0]?.intent ?? '');
  if (t.heard.action === 'answer' && t.heard.certainty >= INTERRUPTS && first?.type === 'procedure') {
    interrupt(t, flow, first);
    return true;
  }
  t.say('sai.chon-mot');
  filing.review(t, intent, flow);
  return true;
}

function editLine(t: Turn, step: string): void {
  const flow = t.state.flow;
  const intent = flow && t.intent(flow.intent);
  const found = intent?.flow.find((s) => s.ask === step);
  t.clearExpects();
  if (!flow || !intent || !found) {
    t.say('nut-cu');
    return;
  }
  flow.editing = step;
  if (found.type === 'files') flow.files = [];
  ask(t, intent, found, flow);
}

/** An edited message changes the answer it gave; an edited first sentence is read again. */
function edit(t: Turn): boolean {
  const old = t.before.log.find((e) => e.from === 'citizen' && e.key === t.inbound.edits);
  if (!old) {
    t.say('sua-tin-cu');
    return true;
  }
  const flow = t.state.flow;
  const intent = flow && t.intent(flow.intent);
  if (flow && intent) {
    const given = intent.flow.find(
      (s) => flow.answers[s.ask] === old.text.trim() || flow.said[s.ask] === old.text.trim(),
    );
    if (given) {
      const got = interpret(t, intent, given);
      t.say('da-sua');
      if (got.kind === 'answer') {
        if (given.type === 'place') delete flow.answers.phuong;
        Object.assign(flow.answers, got.also);
        answer(t, intent, flow, given.ask, got.value);
      } else if (got.kind === 'retry') {
        got.say();
        resume(t);
      } else resume(t);
      return true;
    }
  }
  const lastOfTheirs = t.before.log.findLast((e) => e.from === 'citizen');
  if (lastOfTheirs?.n !== old.n) {
    t.say('sua-tin-cu');
    resume(t);
    return true;
  }
  // The last thing they said, said better: read anew, not answered to the old question.
  t.setFlow(undefined);
  t.clearExpects();
  newMatter(t, t.heard);
  return true;
}

/** Stores an answer and goes on. */
function answer(t: Turn, intent: Intent, flow: Flow, step: string, value: string): void {
  flow.answers[step] = value;
  if (value !== SKIPPED && intent.flow.find((s) => s.ask === step)?.type === 'files') {
    flow.answers[step] = flow.files.length > 0 ? String(flow.files.length) : SKIPPED;
  }
  delete flow.editing;
  t.state.strikes = 0;
  proceed(t, intent, flow);
}

/** The next question, the review, or the outcome. */
function proceed(t: Turn, intent: Intent, flow: Flow): void {
  const next = replay(intent, flow.answers);
  flow.answers = next.answers;
  if (next.step) {
    ask(t, intent, next.step, flow);
    return;
  }
  if (next.outcome?.open) {
    filing.review(t, intent, flow);
    return;
  }
  t.setFlow(undefined);
  if (next.outcome?.go) {
    if (next.outcome.say) t.sayContent(next.outcome.say);
    begin(t, next.outcome.go, [], '');
    return;
  }
  if (intent.type === 'procedure') {
    t.state.topic = { intent: intent.id, answers: next.answers };
    const facet = flow.said['@facet'];
    tellProcedure(
      t,
      intent,
      facet ? (facet.split('+') as Facet[]) : ['overview'],
      next.answers,
      next.outcome?.say,
    );
  } else if (next.outcome?.say) t.sayContent(next.outcome.say);
  carryOn(t);
}

/** Asks again what was open: the flow's question, or its review. */
function resume(t: Turn): void {
  const flow = t.state.flow;
  const intent = flow && t.intent(flow.intent);
  if (!flow || !intent) return;
  t.choices = [];
  const next = stepNow(intent, flow);
  if (next.step) ask(t, intent, next.step, flow);
  else if (next.outcome?.open) filing.review(t, intent, flow);
}

/** After a matter is finished: the paused one, then the next of a message that held several. */
function carryOn(t: Turn): void {
  const paused = t.state.paused.pop();
  if (paused && t.intent(paused.intent)) {
    t.setFlow(paused);
    t.say('quay-lai-viec', { title: t.title(paused.intent) });
    resume(t);
    return;
  }
  const text = t.state.queued.shift();
  if (text === undefined) return;
  t.say('viec-tiep', { text: text.length > 80 ? `${text.slice(0, 77)}…` : text });
  newMatter(t, understand(t.world.reader, text, { now: t.world.now }));
}

// ————— a new matter —————

function newMatter(t: Turn, heard: Heard): void {
  if (heard.parts && heard.parts.length > 1) {
    t.state.queued = heard.parts.slice(1, 4).map((p) => p.text);
    newMatter(t, heard.parts[0]!);
    if (!t.state.flow && !t.state.expects) carryOn(t);
    return;
  }
  const top = heard.intents[0];
  if (heard.action === 'ask' && heard.contrast) {
    t.state.strikes = 0;
    fallback.askContrast(t, heard.contrast);
    return;
  }
  if (heard.action === 'ask') {
    fallback.askWhich(
      t,
      heard.intents.map((i) => i.intent),
    );
    return;
  }
  if (heard.action === 'answer' && top) {
    t.state.strikes = 0;
    begin(t, top.intent, heard.facets, heard.text);
    return;
  }
  fallback.notUnderstood(t);
}

function decideContrast(t: Turn, id: string, option: string, said: string): void {
  const to = t.content.contrasts.get(id)?.options[option]?.to;
  if (!to) t.say('nut-cu');
  else begin(t, to, [], said);
}

/** Starts an intent: asks what its facts depend on, tells the facts, or opens the flow of a report. */
function begin(t: Turn, id: string, facets: Facet[], said: string): void {
  if (id.startsWith('contrast:')) {
    fallback.askContrast(t, id.slice(9));
    return;
  }
  const intent = t.intent(id);
  if (!intent) {
    t.say('nut-cu');
    return;
  }
  if (intent.type === 'general') {
    actGeneral(t, intent, () => resume(t));
    return;
  }
  const given: Answers = fromOpening(t, intent, said);
  if (intent.type === 'procedure') {
    beginProcedure(t, intent, facets, given);
    return;
  }
  const flow: Flow = {
    intent: id,
    answers: given,
    said: {},
    files: [...(t.inbound.files ?? [])],
    startedAt: t.world.now,
    key: t.inbound.key,
  };
  if (t.inbound.location) flow.location = t.inbound.location;
  if (t.state.flow) t.state.paused = [...t.state.paused, t.state.flow].slice(-3);
  t.setFlow(flow);
  t.say('gui.bat-dau', { title: t.title(id) });
  proceed(t, intent, flow);
}

function beginProcedure(
  t: Turn,
  p: Extract<Intent, { type: 'procedure' }>,
  facets: Facet[],
  given: Answers,
): void {
  const wanted: Facet[] = facets.length > 0 ? facets : ['overview'];
  const known = t.state.topic?.intent === p.id ? { ...t.state.topic.answers, ...given } : given;
  const next = replay(p, known, onlyFirst(wanted));
  if (!next.step) {
    t.state.topic = { intent: p.id, answers: next.answers, facet: wanted[0] };
    if (next.outcome?.go) {
      if (next.outcome.say) t.sayContent(next.outcome.say);
      begin(t, next.outcome.go, facets, '');
      return;
    }
    const whole = replay(p, known);
    tellProcedure(
      t,
      p,
      wanted,
      next.answers,
      wanted.includes('overview') && !whole.step ? whole.outcome?.say : undefined,
    );
    if (t.state.flow) {
      t.say('quay-lai-viec', { title: t.title(t.state.flow.intent) });
      resume(t);
    }
    return;
  }
  if (t.state.flow && t.intent(t.state.flow.intent)?.type === 'topic')
    t.state.paused = [...t.state.paused, t.state.flow].slice(-3);
  const flow: Flow = {
    intent: p.id,
    answers: next.answers,
    said: {},
    files: [],
    startedAt: t.world.now,
    key: t.inbound.key,
  };
  if (!wanted.includes('overview')) flow.said['@facet'] = wanted.join('+');
  t.setFlow(flow);
  t.say('thu-tuc.bat-dau', { title: t.title(p.id) });
  ask(t, p, next.step, flow);
}

// ————— the end of a turn —————

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
