// A matter: what is asked or reported. Begins an intent, asks its next question, tells its outcome, and carries
// on with what waited. Bottom of the turn: buttons, flow and expectations all come down to this.
import { MAX_FILES } from '../cases/index.ts';
import type { Intent } from '../content/index.ts';
import { type Answers, type Next, replay, SKIPPED } from '../flow/index.ts';
import { type Facet, type Heard, understand } from '../nlu/index.ts';
import type { Flow } from './conversation.ts';
import * as fallback from './fallback.ts';
import * as filing from './filing.ts';
import { actGeneral } from './general.ts';
import { officeIn } from './office.ts';
import { onlyFirst, tellProcedure } from './procedures.ts';
import { ask, fromOpening, interpret, wardName } from './questions.ts';
import { generalHeard, type Turn } from './turn.ts';

export function newMatter(t: Turn, heard: Heard): void {
  if (heard.parts && heard.parts.length > 1) {
    t.state.queued = heard.parts.slice(1, 4).map((p) => p.text);
    newMatter(t, heard.parts[0]!);
    if (!t.state.flow && !t.state.expects) carryOn(t);
    return;
  }
  const corrected = heard.text.replace(CORRECTING, '');
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
  const elsewhere =
    heard.action === 'answer' && intent?.type !== 'general' && top?.intent !== t.state.topic?.intent;
  if (!elsewhere && heard.facets.every((f) => f === 'overview') && revise(t)) return;
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

export function decideContrast(t: Turn, id: string, option: string, said: string): void {
  const to = t.content.contrasts.get(id)?.options[option]?.to;
  if (!to) t.say('nut-cu');
  else begin(t, to, [], said);
}

/** "không, cả hai đều là người Việt": an answer of the topic told last, changed; true when it was one. */
function revise(t: Turn): boolean {
  const topic = t.state.topic;
  const intent = topic && t.intent(topic.intent);
  if (!topic || intent?.type !== 'procedure') return false;
  for (const step of intent.flow) {
    const before = topic.answers[step.ask];
    if (before === undefined || !step.options) continue;
    const got = interpret(t, intent, step, t.text.replace(CORRECTING, ''));
    if (got.kind !== 'answer' || got.value === before) continue;
    topic.answers = { ...topic.answers, [step.ask]: got.value };
    t.state.strikes = 0;
    beginProcedure(t, intent, [], {});
    return true;
  }
  return false;
}

/** What people put before a correction. */
const CORRECTING =
  /^(?:(?:không phải|không|à không|à|ấy|ý là|ý (?:tôi|em|mình|anh|chị|bác|cô|chú|cháu|con) (?:là|hỏi)|nhầm rồi|nhầm)[\s,.!:]+)+/iu;

/** Starts an intent: asks what its facts depend on, tells the facts, or opens the flow of a report. */
export function begin(t: Turn, id: string, facets: Facet[], said: string): void {
  // Whatever was waited for before, this is about something else now.
  t.clearExpects();
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
    actGeneral(
      t,
      intent,
      () => resume(t),
      () => carryOn(t),
      said || t.text,
    );
    return;
  }
  const given: Answers = fromOpening(t, intent, said);
  if (intent.type === 'procedure') {
    beginProcedure(t, intent, facets, given);
    return;
  }
  if (t.sensitive && said) {
    t.say('an-toan.khong-ghi');
    return;
  }
  const flow: Flow = {
    intent: id,
    answers: given,
    said: {},
    files: [],
    ...(t.sensitive && { chosen: true }),
    startedAt: t.world.now,
    key: t.inbound.key,
  };
  keepFiles(flow, [...(t.state.files ?? []), ...(t.inbound.files ?? [])]);
  delete t.state.files;
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
  const flow: Flow = {
    intent: p.id,
    answers: known,
    said: {},
    files: [],
    facets: wanted,
    startedAt: t.world.now,
    key: t.inbound.key,
  };
  const next = stepNow(p, flow);
  if (!next.step) {
    tellOutcome(t, p, flow);
    if (t.state.flow) {
      t.say('quay-lai-viec', { title: t.title(t.state.flow.intent) });
      resume(t);
    }
    return;
  }
  if (t.state.flow && t.intent(t.state.flow.intent)?.type === 'topic')
    t.state.paused = [...t.state.paused, t.state.flow].slice(-3);
  t.setFlow(flow);
  if (t.has(`${p.id}.bat-dau`)) t.sayContent(`${p.id}.bat-dau`);
  else t.say('thu-tuc.bat-dau', { title: t.title(p.id) });
  ask(t, p, next.step, flow);
}

/** The facts asked for, for what is known of the case; or the procedure that it is instead. */
function tellOutcome(t: Turn, p: Extract<Intent, { type: 'procedure' }>, flow: Flow): void {
  const whole = replay(p, flow.answers);
  const outcome = whole.step ? undefined : whole.outcome;
  const facets: Facet[] = flow.facets ?? ['overview'];
  if (outcome?.go) {
    if (outcome.say) t.sayContent(outcome.say);
    begin(t, outcome.go, facets.includes('overview') ? [] : facets, '');
    return;
  }
  t.state.topic = { intent: p.id, answers: whole.answers };
  tellProcedure(t, p, facets, whole.answers, outcome?.say);
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
  const paused = t.state.paused.pop();
  if (paused && t.intent(paused.intent)) {
    t.setFlow(paused);
    t.say('quay-lai-viec', { title: t.title(paused.intent) });
    resume(t);
    return;
  }
  const text = t.state.queued.shift();
  if (text === undefined) return;
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
