// Walks every way through every flow of a content on the real engine and writes down where each ends: the
// specification of outcomes, one line a path.
import { createHash } from 'node:crypto';
import { fold } from '../../src/core/cases/index.ts';
import {
  type Content,
  FACT_FIELDS,
  type FactField,
  type Intent,
  known,
  type Step,
} from '../../src/core/content/index.ts';
import { type Finished, newConversation, takeTurn } from '../../src/core/dialogue/index.ts';
import { type Answers, optionsOf, paths, replay } from '../../src/core/flow/index.ts';
import type { Inbound } from '../../src/core/message.ts';
import { type Heard, openGazetteer, openLexicon, type Reader } from '../../src/core/nlu/index.ts';
import { START, tiny } from '../app/tiny.ts';

const WHO = 'telegram:1';
const DATE = '2026-01-06';
const NOTHING_HEARD: Heard = {
  text: '',
  kind: 'unclear',
  intents: [],
  procedures: [],
  facets: [],
  entities: [],
  certainty: 0,
  action: 'rephrase',
};

/** Presses need no learning: places and words of the content, any model. */
export const readerFor = (content: Content): Reader => ({
  ...tiny().reader,
  lexicon: openLexicon(content.abbreviations),
  gazetteer: openGazetteer(content),
});

/** Something a person could have answered where anything may be said. */
function said(step: Step, content: Content): string {
  switch (step.type) {
    case 'number':
      return String(step.min ?? 5);
    case 'date':
      return '2026-01-05';
    case 'phone':
      return '0912345678';
    case 'place':
      return '12 phố Nhỏ';
    case 'ward':
      return content.places.wards[0]!.id;
    case 'files':
      return '1';
    default:
      return 'chuyện là như thế này';
  }
}

export interface Walked {
  intent: string;
  path: string;
  /** What the flow ends in: `say x`, `go y`, `open → agency`, or `-`. */
  end: string;
  /** Ids of what the engine answered. */
  ids: string;
  text: string;
  /** Fact lines that hold on this path, with their sources. */
  facts: { field: FactField; line: string; source: string; named: string[]; checked: string }[];
}

export const lineOf = (w: Walked): string => {
  const facts = w.facts.map((f) => `${f.line}\n${f.source}\n${f.checked}`).join('\n');
  const hash = createHash('sha256').update(facts).digest('hex').slice(0, 8);
  return `${w.intent} | ${w.path || 'không hỏi gì'} | ${w.end} | ${w.ids} | ${facts ? hash : '-'}`;
};

export const hasOutcomes = (i: Intent): boolean =>
  i.type === 'procedure' || i.flow.length > 0 || i.outcomes.length > 0;

/** Every path of one intent, played: all answers but the last are given, the last is pressed. */
export function walk(content: Content, reader: Reader, intent: Intent): Walked[] {
  return paths(intent).map((path) => {
    const answers: Answers = { ...path };
    for (const step of intent.flow) if (answers[step.ask] === '*') answers[step.ask] = said(step, content);
    const whole = replay(intent, answers);
    const done = play(content, reader, intent, answers, whole.asked.at(-1));
    const last = done.conversation.log.at(-1)!;
    const outcome = whole.step ? undefined : whole.outcome;
    const end = [
      outcome?.say && `say ${outcome.say}`,
      outcome?.go && `go ${outcome.go}`,
      outcome?.open && `open → ${ownerAfter(content, reader, done)}`,
    ].filter((x) => x);
    return {
      intent: intent.id,
      path: Object.entries(path)
        .map(([k, v]) => `${k}=${v}`)
        .join(' '),
      end: end.join(' ') || '-',
      ids: last.say ?? '',
      text: last.text,
      facts:
        intent.type === 'procedure'
          ? known(intent, [...FACT_FIELDS] as Parameters<typeof known>[1], whole.answers, DATE).flatMap((t) =>
              t.lines.map((line) => ({
                field: t.field,
                line,
                source: [t.fact.source, t.fact.norm].filter((x) => x).join(': '),
                named: [t.fact.source, ...(t.fact.norm?.split('; ') ?? [])],
                checked: t.fact.checked,
              })),
            )
          : [],
    };
  });
}

/** What a button for one facet tells at the end of every path of a procedure. */
export function tellFacet(content: Content, reader: Reader, intent: Intent, facet: string): string[] {
  return paths(intent).flatMap((path) => {
    const answers: Answers = { ...path };
    for (const step of intent.flow) if (answers[step.ask] === '*') answers[step.ask] = said(step, content);
    // Where it ends in another procedure, that one is told.
    const end = replay(intent, answers);
    if (!end.step && end.outcome?.go) return [];
    const c = newConversation(WHO);
    c.state.greeted = true;
    c.state.topic = { intent: intent.id, answers };
    const m = { conversation: WHO, key: 'nut', at: START, text: '', choice: `f:${intent.id}:${facet}` };
    return [turn(content, reader, c, m).conversation.log.at(-1)!.text];
  });
}

function play(
  content: Content,
  reader: Reader,
  intent: Intent,
  answers: Answers,
  last: Step | undefined,
): Finished {
  const c = newConversation(WHO);
  c.state.greeted = true;
  let choice = `i:${intent.id}`;
  if (last) {
    const { [last.ask]: pressed, ...before } = answers;
    const files = Object.entries(before).some(
      ([ask, v]) => v !== '-' && intent.flow.find((s) => s.ask === ask)?.type === 'files',
    );
    const photo = { id: 'anh', name: 'a.jpg', type: 'image/jpeg' as const, size: 1 };
    c.state.flow = {
      intent: intent.id,
      answers: before,
      said: {},
      files: files ? [photo] : [],
      startedAt: START,
      key: 'dau',
    };
    const m = { conversation: WHO, key: 'cuoi', at: START, text: '' };
    if (last.type === 'files' && pressed !== '-') return turn(content, reader, c, { ...m, files: [photo] });
    // What has no button is typed, and heard as what it is.
    if (!optionsOf(last) && pressed !== '-')
      return turn(content, reader, c, { ...m, text: pressed! }, last.type);
    choice = `a:${last.ask}:${pressed}`;
  }
  return turn(content, reader, c, { conversation: WHO, key: 'cuoi', at: START, text: '', choice });
}

function ownerAfter(content: Content, reader: Reader, done: Finished): string {
  const confirmed = turn(content, reader, done.conversation, {
    conversation: WHO,
    key: 'gui',
    at: START,
    text: '',
    choice: 'x:dung',
  });
  const [opened] = confirmed.cases;
  return opened ? fold(opened).owner : 'không mở hồ sơ nào';
}

function turn(
  content: Content,
  reader: Reader,
  c: Finished['conversation'],
  m: Inbound,
  type?: Step['type'],
): Finished {
  const entity = { value: m.text, start: 0, end: m.text.length };
  const entities = type === 'date' || type === 'phone' ? [{ type, ...entity }] : [];
  return takeTurn(
    { content, reader, release: 1, now: START, official: true },
    c,
    m,
    { ...NOTHING_HEARD, text: m.text, entities },
    { own: [], freshCode: '000-000-0A0' },
  );
}
