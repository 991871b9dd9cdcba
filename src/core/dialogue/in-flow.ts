// A message while a flow runs: an answer, a command, an interruption, or a line of the review.
import { MAX_WORDS } from '../cases/index.ts';
import type { Intent, Step } from '../content/index.ts';
import { replay, SKIPPED } from '../flow/index.ts';
import { namedInEnglish, understand } from '../nlu/index.ts';
import type { Flow } from './conversation.ts';
import * as fallback from './fallback.ts';
import * as filing from './filing.ts';
import { asksPoint, changedAnswer, pointOf, saidAnew, saysMore, tellPoint } from './follow-up.ts';
import { asks, changes, corrects, doubts, unsure } from './manner.ts';
import { answer, begin, doGeneral, keepFiles, newMatter, proceed, resume, stepNow } from './matter.ts';
import { handInDay } from './named-day.ts';
import { neighbour } from './neighbour.ts';
import { namesOnly, officeIn, sendsTo } from './office.ts';
import { editLine, press } from './press.ts';
import { tellProcedure, toldFor } from './procedures.ts';
import { changesPlace, correctsLine, givesPlaceAnew, placeAnew, putsRight, renames } from './put-right.ts';
import {
  ask,
  foreignOption,
  fromOpening,
  interpret,
  optionLabel,
  otherNationality,
  pinned,
  tooWide,
} from './questions.ts';
import {
  COMMAND_WORDS,
  type General,
  generalHeard,
  INTERRUPTS,
  PLACES,
  type Turn,
  without,
  wordCount,
} from './turn.ts';

type Procedure = Extract<Intent, { type: 'procedure' }>;

/**
 * true when the message says one of the options of the question asked ("Việt Nam" is no wish for a language), or says
 * an earlier answer better.
 */
export function answersChoice(t: Turn): boolean {
  const flow = t.state.flow!;
  const intent = t.intent(flow.intent);
  const step = intent && stepNow(intent, flow).step;
  if (!intent) return false;
  // "sửa lại là Sở Xây dựng" says what a button would only ask for, and "sai rồi, UBND phường Láng" is no complaint.
  if (renames(t, intent, flow, step) || correctsLine(t, intent, flow)) return true;
  if (!step) {
    // "Sửa lại là ngõ 12" tells more than the button whose words it holds.
    if (givesPlaceAnew(t) && placeAnew(t, intent, flow)) return true;
    // The review: its buttons said in words ("dung gui di") come before any command they may resemble.
    const button = asksRecipient(t) ? undefined : fallback.saidButton(t);
    // Sending cannot be undone: a question or a "but" is no yes.
    if (!button?.startsWith('x:') || (button === 'x:dung' && doubts(t))) return false;
    press(t, button);
    return true;
  }
  if (!step.options && step.type !== 'yes-no') return false;
  // A button's own words may sound like danger; a sentence that holds them is danger.
  if (t.heard.kind === 'emergency' && wordCount(t.text) > 3) return false;
  const chosen = interpret(t, intent, step);
  if (chosen.kind !== 'answer') return false;
  if (chosen.said) flow.said[step.ask] = chosen.said;
  answer(t, intent, flow, step.ask, chosen.value);
  return true;
}

/** true when the message was dealt with inside the running flow. */
export function inFlow(t: Turn): boolean {
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
  // An office or a code is no free answer: what names none is something else.
  const office = step?.entity === 'agency' && !asks(t) ? officeIn(t, t.text) : undefined;
  const free =
    (step?.type === 'text' && (!step.entity || office !== undefined)) ||
    step?.type === 'place' ||
    step?.type === 'ward';

  // "sai địa chỉ rồi" while the draft is being checked is about its line, whatever it sounds like elsewhere.
  const steers = general !== undefined && !['say', 'office', 'correct', 'no'].includes(general.do);
  if (givesPlaceAnew(t) && placeAnew(t, intent, flow)) return true;
  const nation =
    intent.type === 'procedure' && t.text && !saysMore(t, intent, t.heard)
      ? otherNationality(t, intent.flow, flow.answers)
      : undefined;
  const anew =
    nation ?? (intent.type === 'procedure' && t.text ? saidAnew(t, intent, flow.answers) : undefined);
  if (anew) {
    // What was only taken for granted is not put right.
    if (flow.answers[anew[0]] !== undefined) t.say('da-sua');
    answer(t, intent, flow, ...anew);
    return true;
  }
  if (!step && changes(t) && !steers) return inReview(t, intent, flow);
  if (t.phrase('explain', 'whole') || (general?.do === 'more' && sure && short)) {
    explain(t, intent, step);
    return true;
  }
  if ((step?.type === 'place' || step?.type === 'ward') && changesPlace(t)) {
    // "Sửa lại địa điểm" names none: asked for, and never written down as one.
    const place = intent.flow.find((s) => s.type === 'place');
    if (place) editLine(t, place.ask);
    return true;
  }
  const inEnglish =
    t.locale === 'en' && !!t.text && namedInEnglish(t.world.reader, t.text).includes(intent.id);
  if (
    t.text &&
    general &&
    sure &&
    !(inEnglish && general.do === 'english') &&
    ![
      'say',
      'yes',
      'no',
      'skip',
      'more',
      'solved',
      'unsolved',
      'compare',
      'which-ward',
      'office',
      'add',
    ].includes(general.do) &&
    (short || !free || general.floor !== undefined)
  ) {
    if (general.do === 'correct') {
      changeDraft(t, intent, flow);
      return true;
    }
    doGeneral(t, general);
    return true;
  }
  if (t.inbound.files?.length) keepFiles(flow, t.inbound.files);
  if (t.inbound.location) flow.location = t.inbound.location;
  if (!step) return inReview(t, intent, flow);

  if (t.inbound.files?.length && step.type !== 'files' && !t.text) {
    countFiles(t, intent, flow);
    proceed(t, intent, flow);
    return true;
  }
  if (t.inbound.location && step.type !== 'place' && !t.text) {
    // A pin sent early is the place, whatever was asked; sent later it is kept beside the address.
    const place = intent.flow.find((s) => s.type === 'place');
    if (place) flow.answers[place.ask] ??= pinned(t.inbound.location);
    t.say('hoi.them-vi-tri');
    resume(t);
    return true;
  }
  // An address where a picture was asked for, or one put right where it was asked for: the place, said better.
  const asksPlace = step.type === 'place' || step.type === 'ward';
  const better = (asksPlace || step.type === 'files') && (putsRight(t) || (!asksPlace && isAddress(t)));
  if (better && !t.inbound.files?.length && placeAnew(t, intent, flow)) return true;
  if (step.type === 'files' && asksAside(t, flow)) return true;

  if (tellsWho(t, intent, flow, step)) return true;
  if (settlesOther(t, intent, flow, step)) return true;
  if (intent.type === 'procedure') flow.on = handInDay(t) ?? flow.on;
  const hinted = t.text ? fromOpening(t, intent, t.text) : {};
  const goesOn =
    inEnglish ||
    (t.heard.action === 'answer' && meansThis(t, intent)) ||
    Object.keys(hinted).some((k) => k !== step.ask);
  const usual = step.assume && ((t.state.foreigner && foreignOption(step)) || step.assume);
  if (usual && hinted[step.ask] === undefined && goesOn) {
    // Goes on with the matter instead of answering: the usual case is taken, and said to be.
    flow.answers[step.ask] = usual;
    for (const [k, v] of Object.entries(hinted)) flow.answers[k] ??= v;
    // What settles another question tells something; "mất ở bệnh viện" asks for no place.
    const told = Object.keys(hinted).length > 0;
    if (!told && t.heard.facets.length > 0 && !t.heard.facets.includes('overview'))
      flow.facets = intent.type === 'procedure' ? toldFor(intent, t.heard.facets) : t.heard.facets;
    t.say('hoi.tam-hieu', { label: optionLabel(t, intent.id, step, usual) });
    proceed(t, intent, flow);
    return true;
  }
  const about = intent.type === 'procedure' && asksPoint(t) ? pointOf(t, intent) : undefined;
  if (about && tellPoint(t, about, [], about === intent ? flow.answers : {})) {
    resume(t);
    return true;
  }
  if (general?.do === 'english' && t.locale === 'en' && askedInEnglish(t, intent, flow)) return true;
  if (asksItself(t, intent, step)) {
    // A question about the very procedure: told for what is known so far, and the question stays.
    tellProcedure(t, intent as Procedure, t.heard.facets, flow.answers, undefined, flow.on);
    resume(t);
    return true;
  }
  const got = interpret(t, intent, step);
  const other = otherMatter(t, flow, step);
  // The very thing asked for, an address or an office, is an answer, whatever offices are asked for by their names.
  const wanted: string[] =
    step.type === 'place' || step.type === 'ward'
      ? ['street', 'ward', 'old-place', 'agency']
      : step.entity
        ? [step.entity]
        : [];
  // What names a place too wide is meant as one, however little it resembles anything known.
  const wide = step.type === 'place' && tooWide(t);
  const named =
    wide || office !== undefined || (t.heard.entities.some((e) => wanted.includes(e.type)) && !asks(t));
  const brief = short || (!step.fromOpening && asks(t) && wordCount(t.text) <= LONG_QUESTION);
  const aside =
    !named &&
    plain(general) &&
    sure &&
    (free || step.entity !== undefined) &&
    t.heard.certainty >= SURE_ASIDE &&
    brief &&
    ASIDES.has(general.kind);
  if (got.kind === 'answer' && !aside && (named || !(other && (free || step.type === 'files')))) {
    if (got.said) flow.said[step.ask] = got.said;
    if (step.type === 'files' && t.inbound.files?.length && !t.phrase('caption', 'whole'))
      tell(intent, flow, t.text);
    answer(t, intent, flow, step.ask, got.value, got.also);
    return true;
  }
  if (other) {
    interrupt(t, flow, other);
    return true;
  }
  // An age said where an age was asked for is about that question, though it may not settle it.
  const aged =
    Object.values(step.options ?? {}).some((o) => o.ages) && t.heard.entities.some((e) => e.type === 'age');
  if (
    t.heard.action === 'ask' &&
    t.heard.contrast &&
    step.options &&
    !aged &&
    t.state.strikes === 0 &&
    wordCount(t.text) > 2
  ) {
    // A new question that needs one of its own: the one asked here is put aside.
    t.pause();
    newMatter(t, t.heard);
    return true;
  }
  if (general?.do === 'compare' && sure && !free) {
    doGeneral(t, general);
    return true;
  }
  // What sounds foreign to the house may still be meant as an answer ("bọn em chưa cưới"); what means nothing by
  // itself ("là người nước ngoài") means something here, or the question is asked again.
  const vague = general?.kind === 'out-of-scope';
  const surely = free || vague;
  if (
    sure &&
    plain(general) &&
    general.kind !== 'unclear' &&
    (!surely || t.heard.certainty >= SURE_ASIDE) &&
    brief &&
    !wide &&
    !(step.entity && (vague || office)) &&
    !(general.do === 'office' && namesOnly(t) && !asks(t))
  ) {
    doGeneral(t, general);
    return true;
  }
  // "Bố bé là người Nhật cơ": an answer given before, changed.
  const changed = intent.type === 'procedure' && t.text ? changedAnswer(t, intent, flow.answers) : undefined;
  if (changed) {
    answer(t, intent, flow, ...changed);
    return true;
  }
  if (step.entity === 'agency' && asks(t) && !unsure(t)) {
    // A question is no answer, and no failure of theirs: answered after this, or not at all.
    const known = t.heard.kind === 'procedure' && ['answer', 'ask'].includes(t.heard.action);
    if (known) t.keepForLater([t.text]);
    t.say(known ? 'hoi.de-sau' : 'hoi.chua-biet');
    resume(t);
    return true;
  }
  if (usual && t.text && unsure(t)) {
    t.say('hoi.tam-hieu', { label: optionLabel(t, intent.id, step, usual) });
    answer(t, intent, flow, step.ask, usual);
    return true;
  }
  // An address where one of a few options was asked for.
  if (step.options && placeAnew(t, intent, flow)) return true;
  if (turnsToNeighbour(t, intent)) return true;
  if (step.type === 'files' && t.phrase('caption', 'whole')) {
    // The words came before the picture: waited for, and no failure.
    t.say('hoi.cho-anh');
    t.offer(`a:${step.ask}:${SKIPPED}`, t.word('hoi.bo-qua'));
    return true;
  }
  if (fallback.fails(t, () => resume(t))) return true;
  if (got.kind === 'retry') got.say();
  else t.say('sai.chon-mot');
  ask(t, intent, step, flow);
  return true;
}

/** Says how many pictures and papers there are now, which answers the question for them. */
function countFiles(t: Turn, intent: Intent, flow: Flow): void {
  const files = intent.flow.find((s) => s.type === 'files');
  if (files) flow.answers[files.ask] = String(flow.files.length);
  t.say('hoi.them-anh', { count: flow.files.length });
}

/** What is answered in a word, without steering the talk. */
const plain = (g: General | undefined): g is General => g?.do === 'say' || g?.do === 'office';

/** Kinds that are plain questions or courtesies aside, never the answer to a question about a report. */
const ASIDES = new Set([
  'about-bot',
  'agency-info',
  'law-question',
  'technical-support',
  'small-talk',
  'information-request',
]);
/** Surer than this, such an aside in a free answer is answered as one. */
const SURE_ASIDE = 0.9;
/** A question of more words than these is a story. */
const LONG_QUESTION = 16;
/** Other matters told while this draft is checked: kept until it is sent or dropped. True when there were any. */
function keepsForLater(t: Turn, intent: Intent): boolean {
  if (corrects(t)) return false;
  const others = (t.heard.parts ?? [t.heard]).filter((h) => {
    const top = t.intent(h.intents[0]?.intent ?? '');
    return h.action === 'answer' && top?.type === 'topic' && top.id !== intent.id;
  });
  if (others.length === 0) return false;
  t.keepForLater(others.map((h) => t.phrase('further', 'start', h.text)?.after || h.text));
  t.say('gui.viec-de-sau', { titles: others.map((h) => t.title(h.intents[0]!.intent)).join(', ') });
  return true;
}

/** Puts more words to the story. */
function tell(intent: Intent, flow: Flow, more: string): void {
  const story =
    intent.flow.find((s) => s.type === 'text' && s.fromOpening) ?? intent.flow.find((s) => s.type === 'text');
  if (!story || !more) return;
  const before = flow.answers[story.ask];
  flow.answers[story.ask] = (before && before !== SKIPPED ? `${before}\n${more}` : more).slice(0, MAX_WORDS);
}

/** An address and little more: "đèn ngõ 5 cũng tắt, mà chẳng ai sửa" tells of another matter. */
const isAddress = (t: Turn): boolean => wordCount(without(t.heard, PLACES)) <= FEW;

/** The very procedure or report that runs, surely heard. */
const meansThis = (t: Turn, intent: Intent): boolean =>
  t.heard.intents[0]?.intent === intent.id && t.heard.certainty >= 0.5;

/** Something of the draft is wrong: the new address at once when it is said, else which line. */
function changeDraft(t: Turn, intent: Intent, flow: Flow): void {
  if (turnsToNeighbour(t, intent) || placeAnew(t, intent, flow)) return;
  const place = intent.flow.find((s) => s.type === 'place' && flow.answers[s.ask] !== undefined);
  if (place && t.phrase('where', 'in')) editLine(t, place.ask);
  else if (intent.type === 'topic' && replay(intent, flow.answers).asked.length > 0)
    filing.askWhatToEdit(t, intent, flow);
  else {
    t.setFlow(undefined);
    t.say('hieu-sai');
  }
}

/** Asked of the draft itself: who gets it, or why not somebody else. */
const asksRecipient = (t: Turn): boolean => {
  const g = generalHeard(t);
  if (g?.do === 'recipient' && t.heard.action === 'answer') return true;
  return sendsTo(t) && officeIn(t, t.text) !== undefined;
};

/** "thế xây không phép thì báo ai": told from the rules, and the report that runs stays. */
function tellsWho(t: Turn, intent: Intent, flow: Flow, step: Step | undefined): boolean {
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
const FEW = 4;
/** "đổi bằng lái" → "ý tôi là bị mất cơ", "thế còn đổi?": the look-alike that was meant, instead of this one. */
function turnsToNeighbour(t: Turn, intent: Intent): boolean {
  const to = neighbour(t, intent.id);
  if (to === undefined) return false;
  t.setFlow(undefined);
  begin(t, to, [], t.text);
  return true;
}

/** What the open question is for, and the question again; asked twice, a person is nearer. */
function explain(t: Turn, intent: Intent, step: Step | undefined): void {
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
function asksAside(t: Turn, flow: Flow): boolean {
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
function settlesOther(t: Turn, intent: Intent, flow: Flow, step: Step): boolean {
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
const asksItself = (t: Turn, intent: Intent, step: Step): boolean =>
  intent.type === 'procedure' &&
  step.first !== true &&
  t.heard.action === 'answer' &&
  t.heard.intents[0]?.intent === intent.id &&
  t.heard.facets.length > 0 &&
  !t.heard.facets.includes('overview') &&
  !t.heard.facets.includes('documents');

/** A procedure that an English sentence names in the middle of a flow: this one's facts, or another's. */
function askedInEnglish(t: Turn, intent: Intent, flow: Flow): boolean {
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
function otherMatter(t: Turn, flow: Flow, step: Step): Intent | undefined {
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
function interrupt(t: Turn, flow: Flow, other: Intent, { facets } = t.heard): void {
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

function inReview(t: Turn, intent: Intent, flow: Flow): boolean {
  const general = generalHeard(t);
  if (t.inbound.files?.length) countFiles(t, intent, flow);
  if (t.inbound.location) t.say('hoi.them-vi-tri');
  if (!t.silent) {
    filing.review(t, intent, flow);
    return true;
  }
  // "với lại đèn đường ngõ 5 tắt": what has a place of its own is no more of this story.
  const more = t.phrase('adding', 'start')?.after;
  if (more) {
    const elsewhere = t.heard.entities.some((e) => e.type === 'street') && keepsForLater(t, intent);
    if (!elsewhere) tell(intent, flow, more);
    filing.review(t, intent, flow);
    return true;
  }
  if (general?.do === 'yes' && !doubts(t)) {
    press(t, 'x:dung');
    return true;
  }
  if (general?.do === 'no') {
    press(t, 'x:sua');
    return true;
  }
  if (changes(t)) {
    changeDraft(t, intent, flow);
    return true;
  }
  if (asksRecipient(t)) {
    filing.tellRecipient(t, intent, flow);
    filing.review(t, intent, flow);
    return true;
  }
  if (tellsWho(t, intent, flow, undefined)) return true;
  if (keepsForLater(t, intent)) {
    filing.review(t, intent, flow);
    return true;
  }
  if (placeAnew(t, intent, flow)) return true;
  if (
    plain(general) &&
    t.heard.action === 'answer' &&
    !(general.do === 'office' && namesOnly(t) && !asks(t))
  ) {
    doGeneral(t, general);
    return true;
  }
  const first = t.intent(t.heard.intents[0]?.intent ?? '');
  if (t.heard.action === 'answer' && t.heard.certainty >= INTERRUPTS && first?.type === 'procedure') {
    interrupt(t, flow, first);
    return true;
  }
  if (asksAside(t, flow)) return true;
  const again = (): void => (t.state.strikes > 2 ? filing.offerReview(t) : filing.review(t, intent, flow));
  if (fallback.fails(t, again)) return true;
  t.say(doubts(t) ? 'gui.chua-gui' : 'sai.chon-mot');
  filing.review(t, intent, flow);
  return true;
}
