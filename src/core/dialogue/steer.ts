// Set phrases that steer the talk whatever is open: wait, I have a question; do not cancel; cancel; back to that one.
// They come before answers, for they are never one.
import { matchOption, understand } from '../nlu/index.ts';
import { cancel } from './general.ts';
import { carryOn, newMatter, resume, takeQueued } from './matter.ts';
import { COMMAND_WORDS, type Turn, wordCount } from './turn.ts';

/** true when the message steered. */
export function steered(t: Turn): boolean {
  if (!t.text || t.inbound.files?.length || wordCount(t.text) > COMMAND_WORDS) return false;
  return holdsOn(t) || keeps(t) || cancels(t) || goesOn(t) || returns(t);
}

/** "Hỏi chút đã": whatever is open stays, and the question is waited for. */
function holdsOn(t: Turn): boolean {
  if (!t.phrase('holdOn', 'whole')) return false;
  if (t.state.flow) t.say('hoi.cu-hoi-giu', { title: t.title(t.state.flow.intent) });
  else t.say('hoi.cu-hoi');
  return true;
}

/** "Đừng hủy": what was cancelled last comes back; before that, nothing is cancelled. */
function keeps(t: Turn): boolean {
  const { flow, dropped, expects } = t.state;
  // "Không muốn hủy hợp đồng" is about a contract.
  const said = t.phrase('keep', 'whole') || (t.phrase('keep', 'in') && wordCount(t.text) <= 5);
  if (!said || (expects && ['withdraw', 'erase'].includes(expects.kind))) return false;
  if (!flow && !dropped) return false;
  t.clearExpects();
  if (flow) t.say('huy.chua');
  else if (dropped) {
    t.setFlow(dropped);
    delete t.state.dropped;
    t.say('quay-lai-viec', { title: t.title(dropped.intent) });
  }
  resume(t);
  return true;
}

/** "Nhầm rồi, hủy đi": the last clause is what is wanted. */
function cancels(t: Turn): boolean {
  const clauses = t.text.split(/[,.;!\n]+/).filter((c) => c.trim() !== '');
  if (!t.state.flow || clauses.length < 2 || !t.phrase('cancel', 'whole', clauses.at(-1))) return false;
  cancel(t, () => carryOn(t));
  return true;
}

/** "Việc tiếp theo": the next of a message that held several; what is open waits. */
function goesOn(t: Turn): boolean {
  if (!t.phrase('nextMatter', 'whole') || t.state.queued.length === 0) return false;
  t.clearExpects();
  t.pause();
  takeQueued(t, t.state.queued.shift()!);
  return true;
}

/** "Quay lại vụ ồn", "việc 2", "khai sinh trước đi": one of the matters that wait, by its name or number. */
function returns(t: Turn): boolean {
  const first = t.phrase('beforeOthers', 'end')?.before;
  const lead = t.phrase('goOn', 'start', first);
  const named = t.phrase('matter', 'start', lead?.after ?? first ?? t.text);
  const rest = named?.after ?? lead?.after ?? first ?? '';
  // Without "quay lại" only a number is meant so: "vụ ồn …" may tell anything.
  if (rest === '' || !(lead || first || (named && /^\D{0,4}\d\D{0,4}$/u.test(rest)))) return false;
  const { flow, paused, queued } = t.state;
  const flows = [...paused, ...(flow ? [flow] : [])].sort((a, b) => a.startedAt - b.startedAt);
  const kept = [
    ...flows.map((f) => ({ flow: f, text: '', label: t.title(f.intent) })),
    ...queued.map((text) => ({ flow: undefined, text, label: text })),
  ];
  const offered = kept.map((k, i) => {
    const intent = k.flow && t.intent(k.flow.intent);
    return { id: String(i), label: k.label, also: intent?.type === 'procedure' ? intent.aliases : [] };
  });
  // Counted so ("số 2"), matchOption takes a number for one.
  const said = matchOption(t.world.reader, `${t.content.phrases.countedBy[0] ?? ''} ${rest}`, offered);
  const heard = understand(t.world.reader, rest, { now: t.world.now });
  const likely = heard.intents.slice(0, 3);
  const chosen =
    said === undefined
      ? (lead || first) &&
        kept.find((k) => {
          const id =
            k.flow?.intent ?? understand(t.world.reader, k.text, { now: t.world.now }).intents[0]?.intent;
          return likely.some((h) => h.intent === id);
        })
      : kept[Number(said.id)];
  if (!chosen) {
    // "Quay lại khai sinh" of a matter that was told to its end: begun again.
    const sure = heard.action === 'answer' || (heard.action === 'ask' && heard.contrast !== undefined);
    if (!lead || !sure || heard.kind !== 'procedure') return false;
    t.clearExpects();
    t.pause();
    newMatter(t, heard);
    return true;
  }
  t.clearExpects();
  if (chosen.flow !== flow) t.pause();
  if (chosen.flow) {
    t.state.paused = t.state.paused.filter((f) => f !== chosen.flow);
    t.setFlow(chosen.flow);
    t.say('quay-lai-viec', { title: t.title(chosen.flow.intent) });
    resume(t);
  } else {
    t.state.queued = t.state.queued.filter((q) => q !== chosen.text);
    takeQueued(t, chosen.text);
  }
  return true;
}
