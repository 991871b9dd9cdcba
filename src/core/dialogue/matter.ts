// A matter: what is asked or reported. Begins an intent, asks its next question, tells its outcome, and carries
// on with what waited. Bottom of the turn: buttons, flow and expectations all come down to this.
import { MAX_FILES } from '../cases/index.ts';
import { type Intent, NATIONALITY, resting } from '../content/index.ts';
import { type Answers, type Next, replay, SKIPPED } from '../flow/index.ts';
import { type Facet, type Heard, namedInEnglish, understand } from '../nlu/index.ts';
import { capital } from '../text.ts';
import { asksWhen, needsNoMore } from './case-talk.ts';
import type { Flow } from './conversation.ts';
import * as fallback from './fallback.ts';
import * as filing from './filing.ts';
import { changes, followCard, followUp, opensPoint, tellPoint } from './follow-up.ts';
import { actGeneral } from './general.ts';
import { asks, meantInstead } from './manner.ts';
import { handInDay } from './named-day.ts';
import { neighbour } from './neighbour.ts';
import { officeIn } from './office.ts';
import { onlyFirst, tellProcedure, toldFor } from './procedures.ts';
import { ask, fromOpening, wardName } from './questions.ts';
import { isApart, isOffered } from './secret.ts';
import { agedOption, foreignOption, tellsForeigner } from './settle.ts';
import { type General, generalHeard, type Turn } from './turn.ts';

type Procedure = Extract<Intent, { type: 'procedure' }>;

export function newMatter(t: Turn, heard: Heard): void {
  if (heard.parts && heard.parts.length > 1) {
    const [first, ...others] = heard.parts;
    t.keepForLater(others.map((p) => p.text));
    // The number of one's papers is told and asks for nothing.
    const told = (p: Heard): boolean => p.entities.some((e) => e.type === 'identity-number');
    const matters = heard.parts.filter((p) => !generalHeard(t, p) && !told(p)).length;
    if (matters > 1) t.say('viec-nhieu', { count: matters });
    newMatter(t, first!);
    if (!t.state.flow && !t.state.expects) carryOn(t);
    return;
  }
  // "Thế còn nhà của mình thì sao" is its own other case, before it is a look-alike.
  if (changes(t, heard, (p) => beginProcedure(t, p, [], {}))) return;
  const next = t.state.topic && heard.text.trim() === t.text && neighbour(t, t.state.topic.intent);
  if (next) {
    begin(t, next, [], t.text);
    return;
  }
  const corrected = meantInstead(t, heard.text);
  if (
    corrected !== heard.text &&
    generalHeard(t, heard)?.do === 'correct' &&
    corrected.trim().split(/\s+/).length >= 2
  ) {
    // "không, ý tôi là đổi căn cước": what follows is the matter.
    const again = understand(t.world.reader, corrected, { now: t.world.now });
    if (generalHeard(t, again)?.do !== 'correct') {
      newMatter(t, again);
      return;
    }
  }
  const top = heard.intents[0];
  const intent = t.intent(top?.intent ?? '');
  // English is learned from few sentences: what names a procedure by its English name is one.
  const vague = heard.action !== 'answer' || ['out-of-scope', 'unclear', 'procedure'].includes(heard.kind);
  if (
    t.locale === 'en' &&
    vague &&
    intent?.type !== 'procedure' &&
    askedInEnglish(t, heard.facets, heard.text)
  ) {
    t.state.strikes = 0;
    return;
  }
  if (followCard(t, heard)) return;
  if (followUp(t, heard, (p, facets, on) => beginProcedure(t, p, facets, {}, on))) return;
  if (asksWhen(t, heard) || needsNoMore(t, heard)) return;
  if (asksFact(t, intent)) return;
  const about = intent?.type === 'procedure' ? intent : lawAsked(t, heard);
  if (about && heard.action === 'answer' && opensPoint(t) && tellPoint(t, about)) return;
  if (heard.action === 'ask' && heard.contrast) {
    t.state.strikes = 0;
    // "Cháu 13 tuổi làm căn cước": the age tells which.
    const aged = agedOption(t, Object.entries(t.content.contrasts.get(heard.contrast)?.options ?? {}), heard);
    if (aged) decideContrast(t, heard.contrast, aged, heard.text);
    else askContrast(t, heard.contrast, heard.text);
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
    begin(t, top.intent, heard.facets, heard.text);
    return;
  }
  const code = unknownCode(heard);
  if (code !== undefined) {
    fallback.unknownCode(t, code);
    if (t.state.flow) {
      t.say('quay-lai-viec', { title: t.title(t.state.flow.intent) });
      resume(t);
    }
    return;
  }
  fallback.notUnderstood(t);
}

/** "Phường bảo nộp 50 nghìn, có đúng không" of the procedure told last: the fact is told, and the report offered. */
function asksFact(t: Turn, topic: Intent | undefined): boolean {
  const p = t.intent(t.state.topic?.intent ?? '');
  const fact = topic?.type === 'topic' ? topic.fact : undefined;
  if (fact === undefined || p?.type !== 'procedure' || t.state.flow || !asks(t)) return false;
  t.state.strikes = 0;
  tellProcedure(t, p, [fact], t.state.topic!.answers);
  t.offer(`i:${topic!.id}`, capital(t.title(topic!.id)));
  return true;
}

/** The procedure that a question about the law is about, when one is heard beside it. */
function lawAsked(t: Turn, heard: Heard): Procedure | undefined {
  if (heard.kind !== 'law-question') return undefined;
  const intent = t.intent(heard.procedures[0]?.intent ?? '');
  return intent?.type === 'procedure' ? intent : undefined;
}

/** The code of a procedure that is asked about and not written: whatever is being talked about, it is not that. */
export const unknownCode = (heard: Heard): string | undefined =>
  heard.kind === 'procedure' && heard.intents.length === 0
    ? heard.entities.find((e) => e.type === 'procedure-code')?.value
    : undefined;

/** Which of the look-alikes; a foreigner is not asked which of those that are for citizens. */
function askContrast(t: Turn, id: string, said: string): void {
  const to = Object.values(t.content.contrasts.get(id)?.options ?? {}).map((o) => t.intent(o.to));
  const foreign = t.state.foreigner || tellsForeigner(t, said);
  if (foreign && to.length > 0 && to.every((p) => p?.type === 'procedure' && p.citizens))
    begin(t, to[0]!.id, [], said);
  else fallback.askContrast(t, id);
}

export function decideContrast(t: Turn, id: string, option: string, said: string): void {
  const to = t.content.contrasts.get(id)?.options[option]?.to;
  if (!to) t.say('nut-cu');
  else begin(t, to, [], said);
}

/** Starts an intent: asks what its facts depend on, tells the facts, or opens the flow of a report. */
export function begin(t: Turn, id: string, facets: Facet[], said: string): void {
  // Whatever was waited for before, this is about something else now.
  t.clearExpects();
  if (id.startsWith('contrast:')) {
    askContrast(t, id.slice(9), said);
    return;
  }
  const intent = t.intent(id);
  if (!intent) {
    t.say('nut-cu');
    return;
  }
  if (intent.type === 'general' && intent.do === 'english' && askedInEnglish(t, facets, said || t.text))
    return;
  if (intent.type === 'general') {
    doGeneral(t, intent, said || undefined);
    return;
  }
  if (intent.type === 'procedure') {
    beginProcedure(t, intent, facets, fromOpening(t, intent, said));
    return;
  }
  const apart = t.hushed && said !== '' && isApart(t, intent, said);
  // What the card offers is told anew: nothing that was said under the card goes into it.
  const anew = t.hushed && !apart && (said === '' || isOffered(t, intent));
  if (t.hushed && !apart && !anew) {
    t.say('an-toan.khong-ghi');
    return;
  }
  if (t.hushed) t.say(anew ? 'an-toan.ke-lai' : 'an-toan.viec-khac');
  const given: Answers = anew ? {} : fromOpening(t, intent, said);
  const flow: Flow = {
    intent: id,
    answers: given,
    said: {},
    files: [],
    ...(t.hushed && (anew ? { chosen: true } : { apart: true })),
    startedAt: t.world.now,
    key: t.inbound.key,
  };
  keepFiles(flow, [...(t.state.files ?? []), ...(t.inbound.files ?? [])]);
  delete t.state.files;
  if (t.inbound.location) flow.location = t.inbound.location;
  t.pause();
  delete t.state.dropped;
  t.setFlow(flow);
  if (isAngry(t, said)) t.say('gui.dong-cam');
  t.say('gui.bat-dau', { title: t.title(id) });
  proceed(t, intent, flow);
}

/** Anger is named once a day. */
const isAngry = (t: Turn, said: string): boolean =>
  t.phrase('angry', 'in', said) !== undefined &&
  !t.before.log.some((e) => e.at > t.world.now - 24 * 3_600_000 && e.say?.includes('gui.dong-cam'));

/** The procedure that an English sentence names, or the topic when it names none; false when there is neither. */
function askedInEnglish(t: Turn, facets: Facet[], text: string): boolean {
  const [id, ...more] = namedInEnglish(t.world.reader, text);
  if (id !== undefined && more.length === 0) begin(t, id, facets, text);
  else if (id !== undefined) fallback.askWhich(t, [id, ...more]);
  else if (t.intent(t.state.topic?.intent ?? '')?.type === 'procedure' && facets[0] !== 'overview')
    begin(t, t.state.topic!.intent, facets, text);
  else return false;
  return true;
}

function beginProcedure(t: Turn, p: Procedure, facets: Facet[], given: Answers, on = handInDay(t)): void {
  const wanted: Facet[] = facets.length > 0 ? toldFor(p, facets) : ['overview'];
  const self = p.citizens && t.state.foreigner && foreignOption(NATIONALITY);
  const known = {
    ...(self && { [NATIONALITY.ask]: self }),
    ...(t.state.topic?.intent === p.id && t.state.topic.answers),
    ...given,
  };
  const flow: Flow = {
    intent: p.id,
    answers: known,
    said: {},
    files: [],
    facets: wanted,
    ...(on && { on }),
    startedAt: t.world.now,
    key: t.inbound.key,
  };
  const next = stepNow(p, flow);
  if (!next.step) {
    const running = t.state.flow;
    tellOutcome(t, p, flow);
    // The outcome may have led to another procedure, which asks for itself.
    if (running && t.state.flow === running) {
      t.say('quay-lai-viec', { title: t.title(t.state.flow.intent) });
      resume(t);
    }
    return;
  }
  if (t.state.flow?.intent !== p.id) t.pause();
  t.state.paused = t.state.paused.filter((f) => f.intent !== p.id);
  t.setFlow(flow);
  if (t.has(`${p.id}.bat-dau`)) t.sayContent(`${p.id}.bat-dau`);
  else t.say('thu-tuc.bat-dau', { title: t.title(p.id) });
  ask(t, p, next.step, flow);
}

/** Told for a citizen after all what was asked about last, or all of it. */
export function beginCitizen(t: Turn, id: string): void {
  const p = t.intent(id);
  if (p?.type !== 'procedure') {
    t.say('nut-cu');
    return;
  }
  const facets = t.state.topic?.intent === id ? (t.state.topic.facets ?? []) : [];
  beginProcedure(t, p, facets, { [NATIONALITY.ask]: NATIONALITY.assume });
}

/** The facts asked for, for what is known of the case; or the procedure that it is instead. */
function tellOutcome(t: Turn, p: Procedure, flow: Flow): void {
  const whole = replay(p, flow.answers);
  const outcome = whole.step ? undefined : whole.outcome;
  const facets: Facet[] = flow.facets ?? ['overview'];
  if (outcome?.go) {
    const said = outcome.say !== undefined && resting(t.wording(outcome.say) ?? '', p);
    if (said) t.put(outcome.say!, said);
    // Whose paper it is may stand in what was just said: "cháu 15 tuổi".
    begin(t, outcome.go, facets.includes('overview') ? [] : facets, t.text);
    return;
  }
  tellProcedure(t, p, facets, whole.answers, outcome?.say, flow.on);
}

/** As many pictures and papers as a case holds; the first ones stay. */
export function keepFiles(flow: Flow, files: Flow['files']): void {
  flow.files = [...flow.files, ...files].slice(0, MAX_FILES);
}

/** Stores an answer and goes on. */
export function answer(
  t: Turn,
  intent: Intent,
  flow: Flow,
  step: string,
  value: string,
  also: Answers = {},
): void {
  const { type, entity } = intent.flow.find((s) => s.ask === step) ?? {};
  flow.answers[step] = value;
  const former = entity === 'agency' ? officeIn(t, t.text)?.formerly : undefined;
  if (former) t.say('phuong.nay-la', { old: former.said, wards: wardName(t, former.ward) });
  if (type === 'place') {
    // A new place has its own ward and pin.
    delete flow.answers.phuong;
    delete flow.said.phuong;
    if (!t.inbound.location) delete flow.location;
  }
  if (type === 'files') {
    if (value === SKIPPED) flow.files = [];
    flow.answers[step] = flow.files.length > 0 ? String(flow.files.length) : SKIPPED;
  }
  Object.assign(flow.answers, also);
  delete flow.editing;
  t.state.strikes = 0;
  proceed(t, intent, flow);
}

/** The next question, the review, or the outcome. */
export function proceed(t: Turn, intent: Intent, flow: Flow): void {
  // Answers to questions further on are kept: the opening may have settled them already.
  const next = stepNow(intent, flow);
  if (next.step) {
    ask(t, intent, next.step, flow);
    return;
  }
  flow.answers = replay(intent, flow.answers).answers;
  if (next.outcome?.open) {
    filing.review(t, intent, flow);
    return;
  }
  t.setFlow(undefined);
  if (intent.type === 'procedure') tellOutcome(t, intent, flow);
  else if (next.outcome?.say) t.sayContent(next.outcome.say);
  carryOn(t);
}

/** Does what a general intent says, in the middle of whatever is open. */
export const doGeneral = (t: Turn, g: General, text?: string): void =>
  actGeneral(
    t,
    g,
    () => resume(t),
    () => carryOn(t),
    text,
  );

/** Asks again what was open: the flow's question, or its review. */
export function resume(t: Turn): void {
  const flow = t.state.flow;
  const intent = flow && t.intent(flow.intent);
  if (!flow || !intent) return;
  t.choices = t.choices.filter((c) => c.url);
  const next = stepNow(intent, flow);
  if (next.step) ask(t, intent, next.step, flow);
  else if (next.outcome?.open) filing.review(t, intent, flow);
}

/** After a matter is finished: the paused one, then the next of a message that held several. */
export function carryOn(t: Turn): void {
  const paused = t.takePaused();
  if (paused) {
    t.setFlow(paused);
    t.say('quay-lai-viec', { title: t.title(paused.intent) });
    resume(t);
    return;
  }
  const text = t.state.queued.shift();
  if (text !== undefined) takeQueued(t, text);
}

/**
 * The report that a safe card put aside is open again, when it is kept and nothing else is open; `step` is the
 * question that must be its next. False when there is none.
 */
export function takesUp(t: Turn, step?: string): boolean {
  const flow = t.state.paused.at(-1);
  const intent = flow && t.intent(flow.intent);
  if (!t.sensitive || t.state.flow || t.state.expects || !flow || intent?.type !== 'topic') return false;
  if ((t.hushed && !flow.kept) || (step !== undefined && stepNow(intent, flow).step?.ask !== step))
    return false;
  t.state.paused.pop();
  t.setFlow(flow);
  return true;
}

/** Turns to a matter of a message that held several. */
export function takeQueued(t: Turn, text: string): void {
  // The buttons of the matter before would stand under the question of this one.
  t.choices = t.choices.filter((c) => c.url);
  const quoted = filing.masked(t, text);
  t.say('viec-tiep', { text: quoted.length > 80 ? `${quoted.slice(0, 77)}…` : quoted });
  newMatter(t, understand(t.world.reader, text, { now: t.world.now }));
}

/** Where a flow stands: its next question, the line being edited, or its outcome. */
export const stepNow = (intent: Intent, flow: Flow): Next => {
  const next = replay(intent, flow.answers, flow.facets !== undefined && onlyFirst(flow.facets));
  const editing = intent.flow.find((s) => s.ask === flow.editing);
  return editing && !next.step ? { ...next, step: editing } : next;
};

export const reviewing = (intent: Intent, flow: Flow): boolean => {
  const next = replay(intent, flow.answers);
  return !next.step && next.outcome?.open === true;
};
