// A message while a flow runs: an answer, a command or an interruption. What else it may tell: aside.ts; the review: in-review.ts.
import type { Intent } from '../content/index.ts';
import { SKIPPED } from '../flow/index.ts';
import { namedInEnglish } from '../nlu/index.ts';
import {
  askedInEnglish,
  asksAside,
  asksItself,
  countFiles,
  explain,
  FEW,
  interrupt,
  LONG_QUESTION,
  meansThis,
  otherMatter,
  plain,
  settlesOther,
  tell,
  tellsWho,
  turnsToNeighbour,
} from './aside.ts';
import * as fallback from './fallback.ts';
import { asksPoint, changedAnswer, pointOf, saidAnew, saysMore, tellPoint } from './follow-up.ts';
import { asksRecipient, changeDraft, inReview } from './in-review.ts';
import { asks, changes, doubts, unsure } from './manner.ts';
import { answer, doGeneral, keepFiles, newMatter, proceed, resume, stepNow } from './matter.ts';
import { handInDay } from './named-day.ts';
import { namesOnly, officeIn } from './office.ts';
import { editLine, press } from './press.ts';
import { tellProcedure, toldFor } from './procedures.ts';
import { changesPlace, correctsLine, givesPlaceAnew, placeAnew, putsRight, renames } from './put-right.ts';
import { ask, fromOpening, interpret, optionLabel, pinned, tooWide } from './questions.ts';
import { foreignOption, otherNationality } from './settle.ts';
import { COMMAND_WORDS, generalHeard, PLACES, type Turn, without, wordCount } from './turn.ts';

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
/** An address and little more: "đèn ngõ 5 cũng tắt, mà chẳng ai sửa" tells of another matter. */
const isAddress = (t: Turn): boolean => wordCount(without(t.heard, PLACES)) <= FEW;
