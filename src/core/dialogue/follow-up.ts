// A few words after an answer: another case of the same matter, a point its facets do not cover, a day to hand in.
// They stay with the matter unless they surely name another. Says what the checked facts hold, or that they hold nothing.

import { dateOf } from '../calendar.ts';
import { type Content, type FactField, type Intent, known, type Told } from '../content/index.ts';
import { type Answers, holds, replay } from '../flow/index.ts';
import { type Facet, findPhrase, type Heard } from '../nlu/index.ts';
import { capital, fold } from '../text.ts';
import type { Entry } from './conversation.ts';
import { asks, hangs, hungOn, meantInstead } from './manner.ts';
import { handInDay, namedDay } from './named-day.ts';
import { agencyOf, offerFacets, tellLines, tellProcedure } from './procedures.ts';
import { interpret } from './questions.ts';
import { foreignOption, heardOf, otherNationality, settledOption, tellsForeigner } from './settle.ts';
import { type General, generalHeard, type Turn, wordCount } from './turn.ts';

type Procedure = Extract<Intent, { type: 'procedure' }>;
type Point = Content['points'][string];

/** A longer message tells its own matter. */
const FEW = 7;
/** So few words that are an option of a question asked are that option. */
const OPTION = 3;
/** So few words name a matter only when they are heard as surely as this. */
const NAMES = 0.85;
/** General answers given for want of a better one. */
const VAGUE = new Set([
  'unclear',
  'out-of-scope',
  'law-question',
  'agency-info',
  'procedure',
  'technical-support',
]);

const topicOf = (t: Turn): Procedure | undefined => {
  const intent = t.intent(t.state.topic?.intent ?? '');
  return intent?.type === 'procedure' ? intent : undefined;
};

/** true when the words were about the matter told last. `again` tells it for its answers as they are now. */
export function followUp(
  t: Turn,
  heard: Heard,
  again: (p: Procedure, facets: Facet[], on?: string) => void,
): boolean {
  const p = topicOf(t);
  if (!p || !isWhole(t, heard) || wordCount(t.text) > 2 * FEW) return false;
  if (pointIn(t) !== undefined && pointOf(t, p) !== p) return false;
  const top = heard.intents[0];
  const same = top?.intent === p.id && heard.action === 'answer';
  const asked = same ? heard.facets.filter((f) => f !== 'overview' && f !== 'steps') : [];
  if (!same && leaves(t, heard)) {
    // Two words that are an option of its question answer it, whatever they resemble: "lần đầu" is no first land book.
    if (generalHeard(t, heard) || wordCount(t.text) > OPTION || !choose(t, p)) return false;
    again(p, []);
    return true;
  }
  const day = handsIn(t, p, asked);
  if (day !== undefined) {
    again(p, ['time'], day);
    return true;
  }
  if (asked.length > 0) return tellPoint(t, p, asked);
  if (choose(t, p)) {
    again(p, []);
    return true;
  }
  if (tellPoint(t, p, asked)) return true;
  const aged = heard.entities.some((e) => e.type === 'age') && wordCount(t.text) <= FEW;
  if (aged && (p.facts.conditions || askedByAge(p))) {
    // An age that changes no answer: what it is measured by, or the same again.
    again(p, askedByAge(p) ? [] : ['conditions']);
    return true;
  }
  // "Cần gì ạ" after the answer is the answer once more; what hangs on it in another way is a case nothing is known of.
  const hanging = hangs(t);
  if (same && !hanging) return false;
  if (!hanging && (generalHeard(t, heard) || heard.action !== 'answer')) return false;
  if (!hanging && !top) return false;
  if (wordCount(t.text) > FEW + 3) return false;
  t.state.strikes = 0;
  t.say('thu-tuc.chua-co.truong-hop', {
    title: capital(t.title(p.id)),
    agency: agencyOf(t, p, answersOf(t)),
  });
  offerFacets(t, p, answersOf(t));
  const other = top && top.intent !== p.id && top.score >= 0.5 ? t.intent(top.intent) : undefined;
  if (other && other.type !== 'general') t.offer(`i:${other.id}`, capital(t.title(other.id)));
  return true;
}

/** What can be asked of a card, and is told in words of its own. */
export const CARD_PARTS = ['place', 'time', 'documents', 'fee', 'privacy'] as const;

/** "Nộp ở đâu", "giấu tên được không" after a safe card: the part of it that answers. False when it has none. */
export function followCard(t: Turn, heard: Heard): boolean {
  const card = t.intent(t.state.topic?.intent ?? '');
  if (card?.type !== 'general' || wordCount(t.text) > 2 * FEW) return false;
  const top = t.intent(heard.intents[0]?.intent ?? '');
  if (heard.action === 'answer' && top?.type !== 'general') return false;
  const parts =
    top?.type === 'general' && top.do === 'privacy'
      ? ['privacy']
      : top?.type === 'general' && top.do === 'office'
        ? ['place']
        : heard.kind === 'procedure'
          ? // What a letter must say is told with what it needs.
            heard.facets.map((f) => (f === 'form' ? 'documents' : f))
          : [];
  const told = parts.filter((part) => t.has(`${card.id}.${part}`));
  for (const part of told) t.sayContent(`${card.id}.${part}`);
  if (told.length === 0) {
    // Asked of this card, which does not say it.
    const holds = CARD_PARTS.some((part) => t.has(`${card.id}.${part}`));
    if (!holds || heard.action !== 'rephrase' || parts.length === 0 || parts[0] === 'overview') return false;
    t.say('hoi-lai.the-khong-co', { title: t.title(card.id) });
  }
  t.state.strikes = 0;
  for (const id of card.offer) t.offer(`i:${id}`, capital(t.title(id)));
  return true;
}

/** Another option of a question of the matter told last: kept as its answer, which is told anew. False when none was. */
export function changes(t: Turn, heard: Heard, again: (p: Procedure) => void): boolean {
  const p = topicOf(t);
  const nation = p && !saysMore(t, p, heard) ? otherNationality(t, p.flow, answersOf(t)) : undefined;
  const anew = p && isWhole(t, heard) ? (nation ?? saidAnew(t, p, answersOf(t))) : undefined;
  if (!p || !anew) return false;
  t.state.topic!.answers = { ...answersOf(t), [anew[0]]: anew[1] };
  t.state.strikes = 0;
  again(p);
  return true;
}

/** Another matter, or a wish besides: "tôi là người Nhật, muốn làm thẻ căn cước" after something else. */
export function saysMore(t: Turn, p: Procedure, heard: Heard): boolean {
  if (namesAnother(t, p) || wordCount(t.text) > 2 * FEW || heard.kind === 'emergency') return true;
  const top = t.intent(heard.intents[0]?.intent ?? '');
  if (heard.action === 'ask' || top?.id === p.id) return heard.action === 'ask';
  if (heard.action !== 'answer') return false;
  return top?.type === 'general' ? !ABOUT_LANGUAGE.has(top.do) : top !== undefined;
}
/** A people is also a language: "I'm English". */
const ABOUT_LANGUAGE = new Set(['say', 'language-vi', 'language-en', 'english', 'correct']);

/** The message itself and no part of it; what stood before a correction is none. */
const isWhole = (t: Turn, heard: Heard): boolean =>
  [t.text, meantInstead(t).trim()].includes(heard.text.trim());

const answersOf = (t: Turn): Answers => t.state.topic?.answers ?? {};

/** Another matter, surely named, or a word that steers the talk. */
function leaves(t: Turn, heard: Heard): boolean {
  const top = heard.intents[0];
  const general = generalHeard(t, heard);
  if (general) return steers(general) ? heard.action === 'answer' : !VAGUE.has(general.kind);
  // What happens in the street is no case of a paper.
  if (heard.action === 'answer' && t.intent(top?.intent ?? '')?.type === 'topic') return true;
  // An age tells whose paper it is and names none.
  if (heard.entities.some((e) => e.type === 'age') && wordCount(t.text) <= FEW) return false;
  if (wordCount(t.text) > FEW && heard.action === 'answer') return true;
  return top !== undefined && top.score >= NAMES;
}
const steers = (g: General): boolean => g.do !== 'say' && g.do !== 'office';

/** The day named in "thứ hai nộp thì bao giờ có", or in "mai thì sao" where a time is known. */
function handsIn(t: Turn, p: Procedure, asked: Facet[]): string | undefined {
  if (!p.facts.time || asked.some((f) => f !== 'time')) return undefined;
  const short = wordCount(t.text) <= FEW - 2 && hangs(t);
  return handInDay(t) ?? (short ? namedDay(t) : undefined);
}

const askedByAge = (p: Procedure): boolean =>
  p.flow.some((s) => Object.values(s.options ?? {}).some((o) => o.ages));

/** An option of one of its questions, said in other words: kept as the answer. True when one was. */
function choose(t: Turn, p: Procedure): boolean {
  const { topic } = t.state;
  if (!topic) return false;
  for (const step of p.flow) {
    if (!step.options || holds(step.when, topic.answers) === false) continue;
    if (foreignOption(step) !== undefined && saysMore(t, p, t.heard)) continue;
    const got = interpret(t, p, step, hungOn(t, meantInstead(t)));
    if (got.kind !== 'answer') continue;
    t.state.strikes = 0;
    // "Em là người Việt Nam": beside a foreigner all the same.
    const before = topic.answers[step.ask];
    if (before !== undefined && before === foreignOption(step)) return true;
    topic.answers = { ...topic.answers, [step.ask]: got.value };
    return true;
  }
  return false;
}
/** "Thế người lớn thì sao" in the middle of its questions: an answer given before, changed; step and option. */
export function changedAnswer(t: Turn, p: Procedure, answers: Answers): [string, string] | undefined {
  for (const step of p.flow) {
    const before = answers[step.ask];
    if (before === undefined || !step.options) continue;
    const value = settledOption(t, step, t.heard);
    if (value !== undefined && value !== before) return [step.ask, value];
  }
  return undefined;
}

/**
 * "À không, cả nhà cùng đứng tên", "còn nếu ở nhà của mình thì sao", "qua mạng": another option of a question answered
 * before, and nothing else; step and option.
 */
export function saidAnew(t: Turn, p: Procedure, answers: Answers): [string, string] | undefined {
  const bare = meantInstead(t).trim();
  const words = wordCount(bare);
  const meant = words > 1 && (bare !== t.text || hangsOn(t) || words <= OPTION);
  const general = generalHeard(t);
  if (!meant || (general && ['yes', 'no', 'skip'].includes(general.do) && bare === t.text)) return undefined;
  if (t.heard.kind === 'emergency' || namesAnother(t, p)) return undefined;
  for (const step of p.flow) {
    const before = answers[step.ask];
    if (before === undefined || !step.options || before === foreignOption(step)) continue;
    const got = interpret(t, p, step, hungOn(t, bare));
    if (got.kind === 'answer' && got.value !== before) return [step.ask, got.value];
  }
  return undefined;
}

/** A few words in the form of a question that hangs on what was said. */
const hangsOn = (t: Turn): boolean => hangs(t) && wordCount(t.text) <= FEW + 3;

/** The procedures that the message calls by name, title or alias: the longest name, and those that bear it. */
function namedIn(t: Turn): string[] {
  let longest = 0;
  let found: string[] = [];
  for (const [id, names] of t.world.reader.names) {
    const at = findPhrase(t.world.reader, t.text, names, 'in');
    const length = at ? at.end - at.start : 0;
    if (length > longest) [longest, found] = [length, []];
    if (at && length === longest) found.push(id);
  }
  return found;
}

/** Whether the message calls another procedure by its name, and not this one. */
const namesAnother = (t: Turn, p: Procedure): boolean => {
  const named = namedIn(t);
  return named.length > 0 && !named.includes(p.id);
};

/**
 * The procedure that a point is asked of: the one at hand, unless the words name another. undefined when they name
 * several others.
 */
export function pointOf(t: Turn, p: Procedure): Procedure | undefined {
  const named = namedIn(t);
  if (named.length === 0 || named.includes(p.id)) return p;
  const other = named.length === 1 ? t.intent(named[0]!) : undefined;
  return other?.type === 'procedure' ? other : undefined;
}

/** A point named in the message, in whole words; diacritics typed must agree. */
function pointIn(t: Turn, from = t.text): string | undefined {
  const { text } = heardOf(t, from);
  const bare = fold(text) === text.toLowerCase();
  const words = (s: string): string =>
    ` ${(bare ? fold(s) : s.normalize('NFC').toLowerCase()).replace(/[^\p{L}\p{N}]+/gu, ' ').trim()} `;
  const said = words(text);
  return Object.entries(t.content.points).find(([, point]) =>
    // One syllable without its marks is also another word: "muộn", "muốn".
    point.said.some((s) => (!bare || /\s/.test(s) || s === fold(s)) && said.includes(words(s))),
  )?.[0];
}

/** Says the lines that answer the point asked about, or that there are none. False when none was asked about. */
export function tellPoint(t: Turn, p: Procedure, facets: Facet[] = [], answers?: Answers): boolean {
  const id = pointIn(t);
  const point = id !== undefined ? t.content.points[id] : undefined;
  if (!point) return false;
  // A facet asked for by name is told as ever, when no line of it speaks of the point.
  const told = answers ?? (t.state.topic?.intent === p.id ? t.state.topic.answers : {});
  const given = { ...told, ...nationalityIn(t, p, told) };
  if (linesAbout(t, p, point, given).length === 0 && facets.length > 0 && !point.opens) return false;
  t.state.strikes = 0;
  sayPoint(t, p, id!, point, given);
  return true;
}

/** A foreigner's answer, when this message or an earlier one told of one and no answer was given yet. */
function nationalityIn(t: Turn, p: Procedure, answers: Answers): Answers {
  const step = p.flow.find((s) => foreignOption(s) !== undefined);
  const foreign = step && foreignOption(step);
  const self = t.state.foreigner === true && step !== undefined && answers[step.ask] === undefined;
  return foreign !== undefined && (self || tellsForeigner(t)) ? { [step!.ask]: foreign } : {};
}

function linesAbout(t: Turn, p: Procedure, point: Point, given: Answers): Told[] {
  return known(p, Object.keys(p.facts) as FactField[], given, dateOf(t.world.now)).flatMap((told) => {
    const lines = told.lines.filter((l) =>
      point.lines.some((w) => l.toLowerCase().includes(w.toLowerCase())),
    );
    return lines.length > 0 && told.field !== 'legal-basis' ? [{ ...told, lines }] : [];
  });
}

function sayPoint(t: Turn, p: Procedure, id: string, point: Point, given: Answers): void {
  const of = linesAbout(t, p, point, given);
  const title = capital(t.title(p.id));
  const name = t.wording(`hoi-them.${id}`) ?? id;
  t.state.topic = { intent: p.id, answers: given, point: id, key: t.inbound.key };
  if (of.length > 0) tellLines(t, p, of, { title, point: name });
  else t.say('thu-tuc.chua-co.diem', { title, point: name, agency: agencyOf(t, p, given) });
  offerFacets(t, p, given);
}

/**
 * Tells once more, from what holds now, the procedure that the last answer told: a fact may have been turned off
 * since. False when that answer told none.
 */
export function tellAgain(t: Turn, last: Entry): boolean {
  const { topic } = t.state;
  const p = topicOf(t);
  if (!topic || !p || topic.key === undefined || topic.key !== last.key) return false;
  const point = t.content.points[topic.point ?? ''];
  if (point) {
    sayPoint(t, p, topic.point!, point, topic.answers);
    return true;
  }
  const whole = replay(p, topic.answers);
  const lead = whole.step ? undefined : whole.outcome?.say;
  tellProcedure(t, p, topic.facets ?? ['overview'], topic.answers, lead, topic.on);
  return true;
}

/** Whether the message asks about a point of what is being talked about: by itself, or hanging on what was said. */
export const asksPoint = (t: Turn): boolean =>
  opensPoint(t) || (hangs(t) && wordCount(t.text) <= FEW && pointIn(t) !== undefined);

/** Whether the message asks about a point that is answered also in a first question ("muộn bị phạt bao nhiêu"). */
export const opensPoint = (t: Turn): boolean => {
  const opens = (said: string): boolean => t.content.points[pointIn(t, said) ?? '']?.opens === true;
  // A long message tells a story, unless the clause that names the point asks.
  if (wordCount(t.text) <= 2 * FEW) return opens(t.text);
  return t.text.split(/(?<=[?.!;,\n])/).some((clause) => asks(t, clause) && opens(clause));
};
