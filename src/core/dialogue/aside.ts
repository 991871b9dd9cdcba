// What a message in a running flow may be besides an answer to its question: a question aside, another matter, more of
// the story. The flow stays.
import { MAX_WORDS } from '../cases/index.ts';
import type { Intent, Step } from '../content/index.ts';
import { SKIPPED } from '../flow/index.ts';
import { namedInEnglish, understand } from '../nlu/index.ts';
import type { Flow } from './conversation.ts';
import * as fallback from './fallback.ts';
import * as filing from './filing.ts';
import { asks } from './manner.ts';
import { begin, doGeneral, resume } from './matter.ts';
import { neighbour } from './neighbour.ts';
import { tellProcedure } from './procedures.ts';
import { COMMAND_WORDS, type General, INTERRUPTS, type Turn, wordCount } from './turn.ts';

/** Says how many pictures and papers there are now, which answers the question for them. */
export function countFiles(t: Turn, intent: Intent, flow: Flow): void {
  const files = intent.flow.find((s) => s.type === 'files');
  if (files) flow.answers[files.ask] = String(flow.files.length);
  t.say('hoi.them-anh', { count: flow.files.length });
}

/** What is answered in a word, without steering the talk. */
export const plain = (g: General | undefined): g is General => g?.do === 'say' || g?.do === 'office';

/** Puts more words to the story. */
export function tell(intent: Intent, flow: Flow, more: string): void {
  const story =
    intent.flow.find((s) => s.type === 'text' && s.fromOpening) ?? intent.flow.find((s) => s.type === 'text');
  if (!story || !more) return;
  const before = flow.answers[story.ask];
  flow.answers[story.ask] = (before && before !== SKIPPED ? `${before}\n${more}` : more).slice(0, MAX_WORDS);
}

/** The very procedure or report that runs, surely heard. */
export const meansThis = (t: Turn, intent: Intent): boolean =>
  t.heard.intents[0]?.intent === intent.id && t.heard.certainty >= 0.5;

/** "thế xây không phép thì báo ai": told from the rules, and the report that runs stays. */
export function tellsWho(t: Turn, intent: Intent, flow: Flow, step: Step | undefined): boolean {
  if (intent.type !== 'topic' || !t.phrase('whom', 'in')) return false;
  const other = t.heard.intents
    .filter((i) => i.score >= HEARD_AT_ALL)
    .map((i) => t.intent(i.intent))
    .find((i) => i?.type === 'topic');
  const recipient = [...t.content.intents.values()].find((i) => i.type === 'general' && i.do === 'recipient');
  if (!other && recipient?.type === 'general' && t.heard.action !== 'answer' && wordCount(t.text) <= FEW) {
    // "Gửi cho ai" names nothing else: this report is meant.
    doGeneral(t, recipient);
    return true;
  }
  if (!other) return false;
  if (wordCount(t.text) > (step?.fromOpening ? COMMAND_WORDS : LONG_QUESTION)) return false;
  if (other.id === intent.id && !step) filing.tellRecipient(t, intent, flow);
  else {
    const rules = t.content.routing.filter((r) => r.topics.includes(other.id));
    t.say('hoi.bao-ai', { title: t.title(other.id), why: rules.map((r) => r.why).join(' ') });
  }
  resume(t);
  return true;
}
const HEARD_AT_ALL = 0.2;
/** So few words that ask whom, and tell nothing besides. */
export const FEW = 4;
/** A question of more words than these is a story. */
export const LONG_QUESTION = 16;
/** "đổi bằng lái" → "ý tôi là bị mất cơ", "thế còn đổi?": the look-alike that was meant, instead of this one. */
export function turnsToNeighbour(t: Turn, intent: Intent): boolean {
  const to = neighbour(t, intent.id);
  if (to === undefined) return false;
  t.setFlow(undefined);
  begin(t, to, [], t.text);
  return true;
}

/** What the open question is for, and the question again; asked twice, a person is nearer. */
export function explain(t: Turn, intent: Intent, step: Step | undefined): void {
  const last = t.before.log.findLast((e) => e.from !== 'citizen')?.say ?? '';
  if (last.includes('giai-thich') || last.includes('hoi-lai.lan')) {
    t.state.strikes = Math.max(t.state.strikes, 1);
    fallback.fails(t, () => resume(t));
    return;
  }
  if (!step) t.say('giai-thich.duyet');
  else t.say(intent.type === 'procedure' ? 'giai-thich.thu-tuc' : 'giai-thich.phan-anh');
  resume(t);
}

/** A question about a procedure where nothing but a picture or a yes is waited for: answered, and the report stays. */
export function asksAside(t: Turn, flow: Flow): boolean {
  if (!t.text || t.inbound.files?.length) return false;
  // "Khoan, lệ phí …": the words before it say only that it is aside.
  const rest = t.phrase('holdOn', 'start')?.after;
  const heard = rest ? understand(t.world.reader, rest, { now: t.world.now }) : t.heard;
  const other = t.intent(heard.intents[0]?.intent ?? '');
  const known = heard.action === 'answer' && other?.type === 'procedure' && heard.certainty >= HEARD;
  // Of look-alikes, one told for another would be a wrong answer: asked which, unless it is surely heard.
  const alike = [...t.content.contrasts.values()].find((c) =>
    Object.values(c.options).some((o) => o.to === other?.id),
  );
  const contrast = heard.action === 'ask' ? heard.contrast : known ? alike?.id : undefined;
  if (known && (heard.certainty >= INTERRUPTS || contrast === undefined)) {
    interrupt(t, flow, other, heard);
    return true;
  }
  if (contrast === undefined) return false;
  fallback.askContrast(t, contrast);
  return true;
}
/** Surer than this it is that question: no answer could be meant. */
const HEARD = 0.45;

/** A dossier code given where the office was asked for: kept where it belongs, and the question stays. */
export function settlesOther(t: Turn, intent: Intent, flow: Flow, step: Step): boolean {
  if (step.type !== 'text' || !step.entity || t.heard.entities.some((e) => e.type === step.entity))
    return false;
  const other = intent.flow.find((s) => s.entity && s.ask !== step.ask && flow.answers[s.ask] === undefined);
  const found = other && t.heard.entities.find((e) => e.type === other.entity);
  if (!other || !found || wordCount(t.text) > COMMAND_WORDS) return false;
  flow.answers[other.ask] = t.heard.text.slice(found.start, found.end);
  resume(t);
  return true;
}

/** "thế mất bao nhiêu tiền" while its papers are being worked out. Questions of nationality come first all the same. */
export const asksItself = (t: Turn, intent: Intent, step: Step): boolean =>
  intent.type === 'procedure' &&
  step.first !== true &&
  t.heard.action === 'answer' &&
  t.heard.intents[0]?.intent === intent.id &&
  t.heard.facets.length > 0 &&
  !t.heard.facets.includes('overview') &&
  !t.heard.facets.includes('documents');

/** A procedure that an English sentence names in the middle of a flow: this one's facts, or another's. */
export function askedInEnglish(t: Turn, intent: Intent, flow: Flow): boolean {
  const named = namedInEnglish(t.world.reader, t.text);
  const other = t.intent(named[0] ?? '');
  if (named.includes(intent.id) && intent.type === 'procedure') {
    tellProcedure(t, intent, t.heard.facets, flow.answers);
    resume(t);
  } else if (named.length === 1 && other) interrupt(t, flow, other);
  else return false;
  return true;
}

/** A question or matter of its own, heard surely enough to interrupt the question asked. */
export function otherMatter(t: Turn, flow: Flow, step: Step): Intent | undefined {
  const top = t.heard.intents[0];
  const intent = t.intent(top?.intent ?? '');
  if (!intent || !t.text || intent.id === flow.intent || t.heard.action !== 'answer') return undefined;
  if (intent.type === 'general') return undefined;
  if (t.heard.certainty < INTERRUPTS) return undefined;
  // An age by itself names no matter.
  if (wordCount(t.text) <= 4 && t.heard.entities.some((e) => e.type === 'age')) return undefined;
  // While a story is being told, only a clear question about a procedure interrupts it. Where a name was asked for, the
  // name of a procedure is the answer: what interrupts asks something of it.
  if (step.type === 'text') {
    const question = step.fromOpening || t.heard.facets.some((f) => f !== 'overview') || asks(t);
    return intent.type === 'procedure' && question && wordCount(t.text) <= 14 ? intent : undefined;
  }
  return intent.type === 'procedure' || wordCount(t.text) > 4 ? intent : undefined;
}

/** Answers a question in the middle of a flow without losing the flow. */
export function interrupt(t: Turn, flow: Flow, other: Intent, { facets } = t.heard): void {
  if (other.type === 'procedure' && t.intent(flow.intent)?.type === 'topic') {
    // A question in the middle of a report: answered at once, all cases side by side.
    tellProcedure(t, other, facets.length > 0 ? facets : ['overview'], {});
    t.choices = [];
    t.say('quay-lai-viec', { title: t.title(flow.intent) });
    resume(t);
    return;
  }
  t.pause();
  begin(t, other.id, facets, t.text);
}
