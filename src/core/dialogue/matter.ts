// A matter: what is asked or reported. Begins an intent, asks its next question, tells its outcome, and carries
// on with what waited. Bottom of the turn: buttons, flow and expectations all come down to this.
import type { Intent } from '../content/index.ts';
import { type Answers, type Next, replay, SKIPPED } from '../flow/index.ts';
import { type Facet, type Heard, understand } from '../nlu/index.ts';
import type { Flow } from './conversation.ts';
import * as fallback from './fallback.ts';
import * as filing from './filing.ts';
import { actGeneral } from './general.ts';
import { onlyFirst, tellProcedure } from './procedures.ts';
import { ask, fromOpening } from './questions.ts';
import type { Turn } from './turn.ts';

export function newMatter(t: Turn, heard: Heard): void {
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

export function decideContrast(t: Turn, id: string, option: string, said: string): void {
  const to = t.content.contrasts.get(id)?.options[option]?.to;
  if (!to) t.say('nut-cu');
  else begin(t, to, [], said);
}

/** Starts an intent: asks what its facts depend on, tells the facts, or opens the flow of a report. */
export function begin(t: Turn, id: string, facets: Facet[], said: string): void {
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
    tellProcedure(t, p, wanted, next.answers, whole.step ? undefined : whole.outcome?.say);
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

/** Stores an answer and goes on. */
export function answer(t: Turn, intent: Intent, flow: Flow, step: string, value: string): void {
  flow.answers[step] = value;
  if (value !== SKIPPED && intent.flow.find((s) => s.ask === step)?.type === 'files') {
    flow.answers[step] = flow.files.length > 0 ? String(flow.files.length) : SKIPPED;
  }
  delete flow.editing;
  t.state.strikes = 0;
  proceed(t, intent, flow);
}

/** The next question, the review, or the outcome. */
export function proceed(t: Turn, intent: Intent, flow: Flow): void {
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
export function resume(t: Turn): void {
  const flow = t.state.flow;
  const intent = flow && t.intent(flow.intent);
  if (!flow || !intent) return;
  t.choices = [];
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
  t.choices = [];
  t.say('viec-tiep', { text: text.length > 80 ? `${text.slice(0, 77)}…` : text });
  newMatter(t, understand(t.world.reader, text, { now: t.world.now }));
}

export const stepNow = (intent: Intent, flow: Flow): Next => {
  const next = replay(intent, flow.answers);
  const editing = intent.flow.find((s) => s.ask === flow.editing);
  return editing && !next.step ? { ...next, step: editing } : next;
};

export const reviewing = (intent: Intent, flow: Flow): boolean => {
  const next = replay(intent, flow.answers);
  return !next.step && next.outcome?.open === true;
};
