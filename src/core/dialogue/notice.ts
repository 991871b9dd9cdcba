// A public step of a case, told to the citizen who follows it: one entry in their log, about that step, once.
import { dateOf, sayDate, sayInstant } from '../calendar.ts';
import { type Case, fold } from '../cases/index.ts';
import { type Content, render, type SlotsOf, type SystemId } from '../content/index.ts';
import type { Choice } from '../message.ts';
import type { Conversation, Dialogue } from './conversation.ts';
import { appendEntry } from './log.ts';

/** The conversation with the step told; the same one when it has been, or when there is nothing to say of it. */
export function takeNotice(
  content: Content,
  now: number,
  c: Conversation,
  about: Case,
  entry: number,
): Conversation {
  const step = about.timeline[entry];
  if (!step) throw new Error(`case ${about.id} has no entry ${entry}`);
  const s = fold(about);
  const word = <K extends SystemId>(id: K, slots?: Partial<Record<SlotsOf<K>, string>>) =>
    render(content, { id, slots: slots as Record<string, string> }, c.locale);
  const agency = (id: string) => content.agencies.get(id)?.name ?? id;
  const choices: Choice[] = [];
  const state: Dialogue = structuredClone(c.state);
  // A running flow keeps its question, and what is said under a safe card is no answer to an officer; the buttons
  // answer the notice all the same.
  const same = state.expects && 'code' in state.expects && state.expects.code === about.id;
  const idle = !state.flow && state.sensitiveUntil === undefined && (!state.expects || same);
  let say: SystemId;
  let text: string;
  switch (step.kind) {
    case 'opened':
      // Only when the turn that opened it never reached its log: the code must not be lost.
      say = 'vu.moi.opened';
      text = word(say, { code: about.id, owner: agency(s.owner) });
      break;
    case 'taken':
      say = 'vu.moi.taken';
      text = word(say, { code: about.id, owner: agency(s.owner) });
      break;
    case 'asked':
      say = 'vu.moi.asked';
      text = word(say, { code: about.id, signature: step.signature, text: step.text });
      choices.push({ id: `k:tra-loi:${about.id}`, label: word('vu.nut-tra-loi') });
      if (idle) state.expects = { kind: 'answer-officer', code: about.id, entry };
      break;
    case 'replied':
      say = 'vu.moi.replied';
      text = `${word(say, { code: about.id, signature: step.signature, text: step.text })}\n\n${word('vu.da-giai-quyet')}`;
      choices.push({ id: `s:${about.id}:${entry}:co`, label: word('vu.nut-da-xong') });
      choices.push({ id: `s:${about.id}:${entry}:chua`, label: word('vu.nut-chua-xong') });
      if (idle) state.expects = { kind: 'solved', code: about.id, entry };
      break;
    case 'transferred':
      say = 'vu.moi.transferred';
      text = word(say, { code: about.id, from: agency(step.from), to: agency(step.to), reason: step.reason });
      break;
    case 'overdue': {
      const due = s.promise!.due;
      // voice 12: only a statute's date is a date that was missed.
      say = s.promise!.law ? 'vu.moi.overdue' : 'vu.moi.qua-muc-tieu';
      text = word(say, {
        code: about.id,
        owner: agency(s.owner),
        date: s.promise!.law ? sayDate(dateOf(due), c.locale) : sayInstant(due, c.locale),
      });
      break;
    }
    default:
      return c;
  }
  return appendEntry(
    { ...c, state },
    {
      at: now,
      from: step.by.kind === 'officer' ? 'officer' : 'bot',
      say,
      text,
      ...(choices.length > 0 && { choices }),
      ...('files' in step && step.files.length > 0 && { files: step.files }),
      about: { code: about.id, entry },
    },
  );
}
