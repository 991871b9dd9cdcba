// The closed set of question types: how each is asked, and how what was said becomes an answer.
// Adding a type means adding it here and in schema QUESTION_TYPES, nowhere else.
import type { Intent, Option, Step } from '../content/index.ts';
import { optionsOf, SKIPPED } from '../flow/index.ts';
import type { Location } from '../message.ts';
import { type Entity, findPhrase, findWard, type Heard, matchOption } from '../nlu/index.ts';
import { fold } from '../text.ts';
import type { Flow } from './conversation.ts';
import { asks, unsure, withoutOath } from './manner.ts';
import { kept, nameOffice, officeIn } from './office.ts';
import { heardOf, isNot, settledOption, timedOption } from './settle.ts';
import { type Turn, wordCount } from './turn.ts';

/** answer: `also` may settle further questions · retry: meant as an answer but does not fit · no: something else was said. */
export type Interpreted =
  | { kind: 'answer'; value: string; said?: string; also?: Record<string, string> }
  | { kind: 'retry'; say: () => void }
  | { kind: 'no' };

/** The wording of a question or option: the intent's own, else the shared one. */
export function questionWording(t: Turn, intent: string, ask: string, option?: string): string | undefined {
  const tail = option ? `.${option}` : '';
  return t.wording(`${intent}.${ask}${tail}`) ?? t.wording(`hoi.${ask}${tail}`);
}

export const optionLabel = (t: Turn, intent: string, step: Step, option: string): string =>
  questionWording(t, intent, step.ask, option) ??
  (option === 'co' ? t.word('hoi.co') : option === 'khong' ? t.word('hoi.khong') : option);

/** Says a question and offers its buttons. */
export function ask(t: Turn, intent: Intent, step: Step, flow: Flow): void {
  if (step.type === 'ward') askWard(t, flow);
  else {
    t.put(`${intent.id}.${step.ask}`, questionWording(t, intent.id, step.ask) ?? step.ask);
    for (const option of optionsOf(step) ?? [])
      t.offer(`a:${step.ask}:${option}`, optionLabel(t, intent.id, step, option));
  }
  // Whom it is about decides who receives it: leaving that open is offered once it was asked with some help.
  const office = step.entity === 'agency';
  if (step.optional && (!office || t.state.strikes > 0))
    t.offer(
      `a:${step.ask}:${SKIPPED}`,
      t.word(office || step.type === 'ward' || step.options ? 'hoi.khong-ro' : 'hoi.bo-qua'),
    );
}

function askWard(t: Turn, flow: Flow): void {
  const where = flow.said.phuong ?? placeSaid(t, flow);
  const { wards } = findWard(where, t.world.reader.gazetteer);
  const district = t.content.places.districts.find((d) => fold(where).includes(fold(d)));
  if (wards.length > 1) {
    t.say('hoi.phuong-cu', { old: where });
    for (const id of wards.slice(0, 6)) t.offer(`a:phuong:${id}`, wardName(t, id));
  } else if (t.phrase('elsewhere', 'in', Object.values(flow.answers).join('\n'))) t.say('hoi.phuong-ngoai');
  else if (district) t.say('hoi.phuong-quan', { district });
  else t.say('hoi.phuong');
}

const placeSaid = (t: Turn, flow: Flow): string => {
  const step = t.intent(flow.intent)?.flow.find((s) => s.type === 'place');
  return step ? (flow.answers[step.ask] ?? '') : '';
};

export function wardName(t: Turn, id: string): string {
  const w = t.content.places.wards.find((x) => x.id === id);
  return w ? `${w.kind} ${w.name}` : id;
}

/** A pin as the answer to where. */
export const pinned = ({ lat, lon }: Location): string => `${lat.toFixed(5)}, ${lon.toFixed(5)}`;

/** Whether the first intent heard is a general one with this act, said clearly. */
const acts = (t: Turn, act: string): boolean => {
  const first = t.intent(t.heard.intents[0]?.intent ?? '');
  return first?.type === 'general' && first.do === act && t.heard.certainty >= 0.45;
};

/** A few words that name everywhere, and no place. */
export const tooWide = (t: Turn, text = t.text): boolean =>
  !/\d/.test(text) &&
  wordCount(text) <= FEW_WORDS &&
  t.phrase('wide', 'in', text) !== undefined &&
  !t.heard.entities.some((e) => e.type === 'street');

/** What was said, as an answer to a step. Never by substring: numbers, words of a button, a clear paraphrase. */
export function interpret(t: Turn, intent: Intent, step: Step, text = t.text): Interpreted {
  const entity = (type: string) => t.heard.entities.find((e) => e.type === type);
  if (step.entity === 'agency') return officeSaid(t, intent, step, text);
  if (step.optional && text && acts(t, 'skip')) return { kind: 'answer', value: SKIPPED };
  switch (step.type) {
    case 'choice':
    case 'yes-no':
    case 'confirm': {
      // "Không biết" is no "không": a wrong answer would be told for sure.
      if (!text || unsure(t, text)) return { kind: 'no' };
      if (step.unasked) {
        const value = settledOption(t, step, heardOf(t, text));
        return value === undefined ? { kind: 'no' } : { kind: 'answer', value, said: text };
      }
      // Clock times are more exact than words: "từ 22h tới 1h sáng" is no morning.
      const timed = timedOption(Object.entries(step.options ?? {}), heardOf(t, text).entities);
      if (timed) return { kind: 'answer', value: timed, said: text };
      const options = (optionsOf(step) ?? []).map((id) => ({
        id,
        label: optionLabel(t, intent.id, step, id),
        also: [
          ...((step.options as Record<string, Option> | undefined)?.[id]?.also ?? []),
          // Other ways to answer are written in Vietnamese; in English the parts of the label stand for them.
          ...(t.locale === 'en' ? optionLabel(t, intent.id, step, id).split(/, | or /) : []),
        ],
      }));
      const match = matchOption(t.world.reader, text, options);
      const words = options.find((o) => o.id === match?.id);
      // "Không phải người nước ngoài" is not the foreigner, unless the button says just that.
      if (match && isNot(t, text) && ![words!.label, ...words!.also].some((w) => isNot(t, w)))
        return { kind: 'retry', say: () => t.say('sai.chon-mot') };
      if (match) return { kind: 'answer', value: match.id, said: text };
      // Whoever is in danger says an age too.
      const hinted = t.heard.kind === 'emergency' ? undefined : settledOption(t, step, heardOf(t, text));
      if (hinted) return { kind: 'answer', value: hinted, said: text };
      if (step.type !== 'choice') {
        if (acts(t, 'yes')) return { kind: 'answer', value: 'co', said: text };
        if (acts(t, 'no')) return { kind: 'answer', value: 'khong', said: text };
      }
      return { kind: 'no' };
    }
    case 'text': {
      if (!text) return { kind: 'no' };
      if (step.optional && acts(t, 'no')) return { kind: 'answer', value: SKIPPED };
      if (step.entity && !entity(step.entity) && !/\d/.test(text))
        return t.state.strikes > 0
          ? { kind: 'answer', value: SKIPPED }
          : { kind: 'retry', say: () => t.say('sai.ma') };
      // "Bỏ qua" is no answer to what must be known.
      if (!step.optional && acts(t, 'skip') && wordCount(text) <= FEW_WORDS)
        return { kind: 'retry', say: () => t.say('sai.bat-buoc') };
      // A story needs words; a time or a name may be short.
      const enough =
        text.length >= (step.min ?? (step.fromOpening ? 8 : 2)) ||
        t.inbound.files?.length ||
        t.state.strikes > 0;
      return enough
        ? { kind: 'answer', value: withoutOath(t, text) }
        : { kind: 'retry', say: () => t.say('sai.ngan') };
    }
    case 'number': {
      const n = /\d+([.,]\d+)?/.exec(text)?.[0]?.replace(',', '.');
      if (n === undefined) return { kind: 'retry', say: () => t.say('sai.so') };
      if (
        Number(n) < (step.min ?? Number.NEGATIVE_INFINITY) ||
        Number(n) > (step.max ?? Number.POSITIVE_INFINITY)
      )
        return {
          kind: 'retry',
          say: () => t.say('sai.so-khoang', { min: step.min ?? '…', max: step.max ?? '…' }),
        };
      return { kind: 'answer', value: n };
    }
    case 'date': {
      const d = entity('date');
      return d
        ? { kind: 'answer', value: d.value, said: text }
        : { kind: 'retry', say: () => t.say('sai.ngay') };
    }
    case 'phone': {
      const p = entity('phone');
      return p ? { kind: 'answer', value: p.value } : { kind: 'retry', say: () => t.say('sai.dien-thoai') };
    }
    case 'place': {
      if (t.inbound.location && !text)
        return {
          kind: 'answer',
          value: pinned(t.inbound.location),
        };
      if (!text) return { kind: 'no' };
      const { wards, exact } = findWard(text, t.world.reader.gazetteer);
      // "Cả huyện luôn" is no place that anybody could be sent to.
      if (tooWide(t, text)) return { kind: 'retry', say: () => t.say('sai.rong') };
      const named = t.heard.entities.some((e) => ['street', 'ward', 'old-place', 'agency'].includes(e.type));
      // "24 Hoàng Diệu" is a street, though a commune far away was once called so.
      const tellsWard =
        !/\d/.test(text) || t.heard.entities.some((e) => e.type === 'ward' || e.type === 'old-place');
      const empty = acts(t, 'yes') || acts(t, 'no') || acts(t, 'skip') || text.split(/\s+/).length < 3;
      if (empty && !named && wards.length === 0 && !/\d/.test(text))
        return { kind: 'retry', say: () => t.say('sai.dia-diem') };
      return {
        kind: 'answer',
        value: text,
        ...(wards.length === 1 && exact && tellsWard && { also: { phuong: wards[0]! } }),
      };
    }
    case 'ward': {
      if (!text) return { kind: 'no' };
      const { wards } = findWard(text, t.world.reader.gazetteer);
      // A fuller address than the one given before is kept as the place.
      const place = intent.flow.find((s) => s.type === 'place');
      const fuller =
        place && t.heard.entities.some((e) => e.type === 'street') ? { [place.ask]: text } : undefined;
      if (wards.length === 1)
        return { kind: 'answer', value: wards[0]!, said: text, ...(fuller && { also: fuller }) };
      if (wards.length > 1) {
        if (t.state.flow) t.state.flow.said.phuong = text;
        return { kind: 'retry', say: () => {} };
      }
      if (t.state.strikes > 0) return { kind: 'answer', value: SKIPPED };
      return { kind: 'retry', say: () => t.say('sai.phuong') };
    }
    case 'files':
      if (t.inbound.files?.length) return { kind: 'answer', value: String(t.inbound.files.length) };
      // "Gửi đi" with no picture: there is none, and the draft is shown before anything is sent.
      if (acts(t, 'no') || t.phrase('sending', 'whole', text)) return { kind: 'answer', value: SKIPPED };
      return { kind: 'retry', say: () => t.say('sai.anh') };
  }
}

/** So few words that skip or widen say nothing else. */
const FEW_WORDS = 5;

/** An office; asked again, also what nobody would take for one, and that nobody knows. */
function officeSaid(t: Turn, intent: Intent, step: Step, text: string): Interpreted {
  const flow = t.state.flow;
  if (!text || !flow) return { kind: 'no' };
  const half = officeIn(t, text);
  const office = nameOffice(t, intent, flow, text);
  // "thế phường có bao nhiêu người" asks; a listed office named with a doubt is an answer all the same.
  if (office && (half?.id || !asks(t, text))) return { kind: 'answer', value: office, said: text };
  const again = t.state.strikes > 0;
  if (half && !again && !asks(t, text)) {
    flow.said[step.ask] = half.said;
    return { kind: 'retry', say: () => t.say('sai.co-quan-ten') };
  }
  const leaves = acts(t, 'skip') || unsure(t, text);
  const empty = t.heard.action === 'answer' && EMPTY.has(t.heard.kind);
  // "Không biết" is helped along once; "bỏ qua" is a decision.
  if (step.optional && (again ? leaves || empty : leaves && !unsure(t, text)))
    return { kind: 'answer', value: SKIPPED };
  if (again && !asks(t, text)) return { kind: 'answer', value: half?.said ?? text };
  return { kind: 'retry', say: () => t.say('sai.co-quan') };
}
/** Kinds of words that tell nothing. */
const EMPTY = new Set(['unclear', 'abuse', 'out-of-scope', 'small-talk']);

/** Answers that an opening sentence settles already: what settles an option, a place with its ward, the story itself. */
export function fromOpening(t: Turn, intent: Intent, text: string): Record<string, string> {
  const heard = heardOf(t, text);
  const { entities, text: typed } = heard;
  const answers: Record<string, string> = {};
  for (const step of intent.flow) {
    const hinted = settledOption(t, step, heard);
    if (hinted) answers[step.ask] = hinted;
    const named = step.entity && entities.find((e) => e.type === step.entity);
    const said = named && typed.slice(named.start, named.end) + nameAfter(typed, named.end);
    const office = said && step.entity === 'agency' ? officeIn(t, said) : undefined;
    if (said) answers[step.ask] = office ? kept(t, office) : said;
    else if (step.entity === 'agency') Object.assign(answers, wardAsOffice(t, step, heard));
    if (step.type === 'text' && step.fromOpening && text.trim().split(/\s+/).length >= 3)
      answers[step.ask] = withoutOath(t, text.trim());
    if (step.type === 'place') {
      const corner = cornerIn(t, typed);
      if (corner !== undefined) answers[step.ask] = corner;
      Object.assign(answers, placeIn(entities, typed, step.ask));
    }
    const files = [...(t.state.files ?? []), ...(t.inbound.files ?? [])];
    if (step.type === 'files' && files.length > 0) answers[step.ask] = String(files.length);
  }
  return answers;
}

/** "Hồ sơ trễ hẹn ở phường Hà Đông" names the office by its ward, unless that is where one lives. */
function wardAsOffice(
  t: Turn,
  step: Step,
  { text, entities }: Pick<Heard, 'text' | 'entities'>,
): Record<string, string> {
  const [ward, ...others] = entities.filter((e) => e.type === 'ward' || e.type === 'old-place');
  const street = entities.some((e) => e.type === 'street');
  if (!ward || others.length > 0 || street) return {};
  if (t.phrase('livesAt', 'end', text.slice(0, ward.start))) return {};
  const office = officeIn(t, text.slice(ward.start, ward.end));
  return office?.id ? { [step.ask]: kept(t, office) } : {};
}

/** "điện lực Cầu Giấy": what follows the office in capitals is which one; nothing in a message all in capitals. */
const nameAfter = (typed: string, end: number): string =>
  typed === typed.toUpperCase() ? '' : (/^(?: \p{Lu}\p{Ll}+){1,3}/u.exec(typed.slice(end))?.[0] ?? '');

/** The street named in a sentence, as the answer to `ask`, and the ward when it is surely one. */
function placeIn(entities: Entity[], typed: string, ask: string): Record<string, string> {
  const answers: Record<string, string> = {};
  const street = entities.find((e) => e.type === 'street');
  const ward = entities.find((e) => e.type === 'ward' || e.type === 'old-place');
  if (street) {
    // "8 phố Huế": the number before the street belongs to the place.
    const number = /(?:\d+[a-z]?(?:\/\d+)*)\s+$/iu.exec(typed.slice(0, street.start));
    const start = street.start - (number?.[0].length ?? 0);
    const end = ward && ward.start >= street.end && ward.start - street.end < 12 ? ward.end : street.end;
    answers[ask] = typed.slice(start, end);
  }
  if (ward && !ward.value.includes('|')) answers.phuong = ward.value;
  return answers;
}

/** "ngã tư Phạm Hùng Tôn Thất Thuyết", "ở 12 Quang Trung, Hà Đông": names in capitals, after words that place them. */
function cornerIn(t: Turn, said: string): string | undefined {
  const typed = said.slice(0, MOST);
  if (typed === typed.toUpperCase()) return undefined;
  const { reader } = t.world;
  const { junction, at } = t.content.phrases;
  const corner = findPhrase(reader, typed, junction, 'in');
  const names = corner && NAMES.exec(typed.slice(corner.end))?.[0];
  if (corner && names) return typed.slice(corner.start, corner.end) + names;
  for (const m of typed.matchAll(HOUSE)) {
    const before = typed.slice(0, m.index).trim().split(/\s+/);
    const led = [1, 2].some((n) => findPhrase(reader, before.slice(-n).join(' '), at, 'whole'));
    if (led) return m[0].trim();
  }
  return undefined;
}
/** Two names or more in capitals. */
const NAMES = /^(?:(?: ?[,–-])? \p{Lu}\p{L}*){2,8}/u;
/** A place is named in the first sentences. */
const MOST = 2000;
/** A number and a name of two words or more, with what is named after a comma. */
const HOUSE =
  /(?<=\s)\d{1,4}[a-z]?(?:\/\d{1,4}[a-z]?)*(?:\s\p{Lu}\p{L}+){2,4}(?:,(?:\s\p{Lu}\p{L}+){1,4})*/gu;
