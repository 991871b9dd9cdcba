// An earlier line of a draft said better: another address, another office, a line called by its name.
import type { Intent, Step } from '../content/index.ts';
import { replay } from '../flow/index.ts';
import { fold } from '../text.ts';
import type { Flow } from './conversation.ts';
import * as fallback from './fallback.ts';
import * as filing from './filing.ts';
import { answer } from './matter.ts';
import { CORRECTING, namedAnew, officeStep } from './office.ts';
import { answerPlace, newPlace, wardSaid } from './place.ts';
import { editLine } from './press.ts';
import { ask, asking } from './questions.ts';
import { COMMAND_WORDS, dangerHeard, generalHeard, type Turn, wordCount } from './turn.ts';

/** "sai rồi", "sửa địa chỉ thành …", "nhầm số nhà". */
export const CHANGING =
  /^(?:à |không,? |ủa )?(?:sai|sửa|nhầm|đổi(?! ý)|ghi sai|viết sai|change|edit|wrong|fix)(?:\s|$)/iu;

/** "sai rồi, ngõ 21 Đội Cấn": another address for what is being written down, and no complaint about an office. */
export const givesPlaceAnew = (t: Turn): boolean =>
  t.heard.kind !== 'emergency' &&
  t.state.flow !== undefined &&
  (CHANGING.test(t.text) || t.phrase('right', 'in') !== undefined) &&
  t.heard.entities.some((e) => e.type === 'street') &&
  wordCount(t.text) <= COMMAND_WORDS + 6;

/** Words that speak of where. */
export const WHERE =
  /(?:^|\s)(?:address|place|địa chỉ|địa điểm|chỗ|nơi|số nhà|ngõ|phố|đường|phường|xã|dia chi|phuong|ngo)(?=\s|$|[,.!])/iu;

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
  if (busy || tells || asking(t.text)) return false;
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

/** "sửa nơi bị phản ánh", "ghi sai thời gian rồi", or a line's name alone. */
export function correctsLine(t: Turn, intent: Intent, flow: Flow): boolean {
  if (!t.text || wordCount(t.text) > COMMAND_WORDS + 3 || t.heard.kind === 'emergency') return false;
  const typed = spaced(t.text);
  const bare = typed === fold(typed);
  const next = replay(intent, flow.answers);
  const lines = next.asked.filter((s) => {
    const label = spaced(filing.label(t, intent, s));
    // One syllable without its marks is also another word: "ảnh", "anh".
    const mark = bare && label.trim().includes(' ') ? fold(label) : label;
    return (!next.step && typed === mark) || (CORRECTING.test(fold(typed).trim()) && typed.includes(mark));
  });
  const line = lines[0];
  if (!line || lines.length > 1) return false;
  // In mid-flow a question is open: the answer is forgotten, so that this one comes first.
  if (next.step) delete flow.answers[line.ask];
  editLine(t, line.ask);
  return true;
}

const spaced = (s: string): string =>
  ` ${s
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;

/** "Sửa lại địa điểm", without a word of which. */
export const changesPlace = (t: Turn): boolean =>
  CHANGING.test(t.text) &&
  WHERE.test(t.text) &&
  !/\d/.test(t.text) &&
  !t.heard.entities.some((e) => ['street', 'ward', 'old-place'].includes(e.type));

/** "sửa ngõ 10 thành ngõ 12", "không phải ngõ 10, ngõ 12 cơ". */
export const putsRight = (t: Turn): boolean =>
  CHANGING.test(t.text) || !!(t.phrase('correcting', 'start') ?? t.phrase('denied', 'in'));

/** true when a few words gave another address or ward for the one that is written down. */
export function placeAnew(t: Turn, intent: Intent, flow: Flow): boolean {
  const step = intent.flow.find((s) => s.type === 'place');
  const before = step && flow.answers[step.ask];
  if (!step || before === undefined || asking(t.text) || t.heard.kind === 'emergency') return false;
  if (wordCount(t.text) > COMMAND_WORDS + 6) return false;
  const said = newPlace(t, before);
  const ward = wardSaid(t);
  if (said === undefined && ward === undefined) return false;
  t.clearExpects();
  const kept = said?.part ? flow.answers.phuong : undefined;
  answerPlace(t, intent, flow, step, said?.place ?? before, ward ?? kept);
  return true;
}
