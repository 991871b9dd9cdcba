// An earlier line of a draft said better: another address, another office, a line called by its name.
import type { Intent, Step } from '../content/index.ts';
import { replay } from '../flow/index.ts';
import { findPhrase, phrasesIn } from '../nlu/index.ts';
import type { Flow } from './conversation.ts';
import * as fallback from './fallback.ts';
import * as filing from './filing.ts';
import { afterInterjections, asks, changes, corrects, meantInstead } from './manner.ts';
import { answer } from './matter.ts';
import { namedAnew, officeStep } from './office.ts';
import { answerPlace, newPlace, wardSaid } from './place.ts';
import { editLine } from './press.ts';
import { ask, interpret } from './questions.ts';
import { COMMAND_WORDS, dangerHeard, generalHeard, type Turn, wordCount } from './turn.ts';

/** "sai rồi, ngõ 21 Đội Cấn": another address for what is being written down, and no complaint about an office. */
export const givesPlaceAnew = (t: Turn): boolean =>
  t.heard.kind !== 'emergency' &&
  t.state.flow !== undefined &&
  (changes(t) || t.phrase('right', 'in') !== undefined) &&
  t.heard.entities.some((e) => e.type === 'street') &&
  wordCount(t.text) <= COMMAND_WORDS + 6;

/** Words of the longest name that is put right, with what leads to it. */
const MOST_NAME = 7;

/** true when the message named the office that the report is about, though something else was asked. */
export function renames(t: Turn, intent: Intent, flow: Flow, asked: Step | undefined): boolean {
  const general = generalHeard(t);
  const steers =
    general !== undefined &&
    t.heard.action === 'answer' &&
    !['say', 'office', 'correct', 'no', 'yes'].includes(general.do);
  const busy = t.state.expects !== undefined && !['edit-what', 'offer'].includes(t.state.expects.kind);
  // A name put right is short; what tells of a bribe or blows is no name.
  const tells =
    t.heard.kind === 'emergency' || (dangerHeard(t) !== undefined && wordCount(t.text) > MOST_NAME);
  if (busy || tells || asks(t)) return false;
  const named = namedAnew(t, intent, flow, asked, steers);
  const step = named && officeStep(intent);
  if (!named || !step) return false;
  t.clearExpects();
  if ('whole' in named) {
    if (asked) t.say('gui.sua-noi', { office: named.whole });
    answer(t, intent, flow, step.ask, named.whole);
    return true;
  }
  // "nhầm, công an phường cơ": which one is asked.
  flow.said[step.ask] = named.half;
  flow.editing = step.ask;
  if (fallback.fails(t, () => ask(t, intent, step, flow))) return true;
  t.say('sai.co-quan-ten');
  ask(t, intent, step, flow);
  return true;
}

/** "sửa nơi bị phản ánh", "ghi sai thời gian rồi", "sửa thời gian thành ban ngày", or a line's name alone. */
export function correctsLine(t: Turn, intent: Intent, flow: Flow): boolean {
  if (!t.text || t.heard.kind === 'emergency') return false;
  const next = replay(intent, flow.answers);
  for (const line of next.asked) {
    const value = valueSaid(t, namesOf(t, intent, line), !next.step);
    if (value !== undefined && writesAnew(t, intent, flow, line, value)) return true;
  }
  if (wordCount(t.text) > COMMAND_WORDS + 3) return false;
  const lines = next.asked.filter((s) => namesLine(t, filing.label(t, intent, s), !next.step));
  const line = lines[0];
  if (!line || lines.length > 1) return false;
  // In mid-flow a question is open: the answer is forgotten, so that this one comes first.
  if (next.step) delete flow.answers[line.ask];
  editLine(t, line.ask);
  return true;
}

const namesOf = (t: Turn, intent: Intent, line: Step): string[] => [
  filing.label(t, intent, line),
  ...(line.type === 'place' ? t.content.phrases.placeLine : []),
  ...(line.type === 'ward' ? t.content.phrases.wardLine : []),
];

/** What a line called by one of these names is to be: "sửa lại địa chỉ là …"; `alone`: "địa chỉ là …" will do. */
function valueSaid(t: Turn, names: string[], alone: boolean): string | undefined {
  for (const { start, end } of phrasesIn(t.world.reader, t.text, names)) {
    const before = afterInterjections(t, t.text.slice(0, start)).trim();
    const led = t.phrase('lineLead', 'start', before)?.after === '' || (alone && before === '');
    const value = led ? t.phrase('lineValue', 'start', t.text.slice(end))?.after : undefined;
    if (value) return value;
  }
  return undefined;
}

/** Writes down what a line is to be; false when that is no answer to its question. */
function writesAnew(t: Turn, intent: Intent, flow: Flow, line: Step, value: string): boolean {
  const street = t.heard.entities.some((e) => e.type === 'street');
  if (line.type === 'place' && street && placeAnew(t, intent, flow)) return true;
  const got = interpret(t, intent, line, value);
  if (got.kind !== 'answer' || line.type === 'files') return false;
  t.clearExpects();
  if (line.type === 'place') answerPlace(t, intent, flow, line, value, wardSaid(t));
  else answer(t, intent, flow, line.ask, got.value, got.also);
  return true;
}

/** A line called by its name to be changed; `alone`: the name by itself will do. */
function namesLine(t: Turn, label: string, alone: boolean): boolean {
  // One syllable without its marks is also another word: "ảnh", "anh".
  const name = [label.includes(' ') ? label : `=${label}`];
  const { reader } = t.world;
  if (alone && findPhrase(reader, t.text, name, 'whole')) return true;
  const wrong = corrects(t);
  return phrasesIn(reader, t.text, name).some(({ start, end }) => {
    const after = t.text.slice(end);
    const ends = /^\s*(?:[.,:;!?…]|$)/.test(after) || t.phrase('lineTail', 'start', after) !== undefined;
    const led = t.phrase('lineLead', 'start', afterInterjections(t, t.text.slice(0, start)));
    return (wrong && ends) || led?.after === '';
  });
}

/** "Sửa lại địa điểm", without a word of which. */
export const changesPlace = (t: Turn): boolean =>
  changes(t) &&
  t.phrase('where', 'in') !== undefined &&
  !/\d/.test(t.text) &&
  !t.heard.entities.some((e) => ['street', 'ward', 'old-place'].includes(e.type));

/** "sửa ngõ 10 thành ngõ 12", "không phải ngõ 10, ngõ 12 cơ". */
export const putsRight = (t: Turn): boolean =>
  changes(t) || meantInstead(t) !== t.text || t.phrase('denied', 'in') !== undefined;

/** true when a few words gave another address or ward for the one that is written down. */
export function placeAnew(t: Turn, intent: Intent, flow: Flow): boolean {
  const step = intent.flow.find((s) => s.type === 'place');
  const before = step && flow.answers[step.ask];
  if (!step || before === undefined || asks(t) || t.heard.kind === 'emergency') return false;
  if (wordCount(t.text) > COMMAND_WORDS + 6) return false;
  const said = newPlace(t, before);
  const ward = wardSaid(t);
  if (said === undefined && ward === undefined) return false;
  t.clearExpects();
  const kept = said?.part ? flow.answers.phuong : undefined;
  answerPlace(t, intent, flow, step, said?.place ?? before, ward ?? kept);
  return true;
}
