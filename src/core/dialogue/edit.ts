// An edited message: what it changes depends on what it was.
import type { Intent } from '../content/index.ts';
import { answer, newMatter, proceed, resume } from './matter.ts';
import { fromOpening, interpret } from './questions.ts';
import { INTERRUPTS, type Turn } from './turn.ts';

/**
 * The sentence that began a report is read again for all it tells; an answer of the report is changed; anything else
 * is read anew when it was their last word. Of an older one it is said that nothing changed.
 */
export function edit(t: Turn): void {
  const old = t.before.log.find((e) => e.from === 'citizen' && e.key === t.inbound.edits);
  if (!old) {
    t.say('sua-tin-cu');
    return;
  }
  const flow = t.state.flow;
  const intent = flow && t.intent(flow.intent);
  if (flow && intent) {
    const given = intent.flow.find(
      (s) => flow.answers[s.ask] === old.text.trim() || flow.said[s.ask] === old.text.trim(),
    );
    const answered = intent.type === 'procedure' && given !== undefined;
    if ((flow.key === old.key || answered) && turnsAway(t, intent)) {
      // It names another matter now: what it began is dropped, what it answered is open again.
      if (flow.key === old.key) t.setFlow(undefined);
      else if (given) delete flow.answers[given.ask];
      t.pause();
      t.say('da-sua');
      newMatter(t, t.heard);
      return;
    }
    if (flow.key === old.key) {
      // The sentence that began it: all that was read out of it is read again.
      const before = old.text.trim();
      for (const s of intent.flow)
        if (before.includes(flow.answers[s.ask] ?? '\n') || s.type === 'ward') delete flow.answers[s.ask];
      Object.assign(flow.answers, fromOpening(t, intent, t.text));
      t.say('da-sua');
      proceed(t, intent, flow);
      return;
    }
    if (given) {
      const got = interpret(t, intent, given);
      if (got.kind === 'answer') {
        t.say('da-sua');
        answer(t, intent, flow, given.ask, got.value, got.also);
      } else {
        if (got.kind === 'retry') got.say();
        else t.say('sua-tin-cu');
        resume(t);
      }
      return;
    }
  }
  const lastOfTheirs = t.before.log.findLast((e) => e.from === 'citizen');
  if (lastOfTheirs?.n !== old.n) {
    t.say('sua-tin-cu');
    resume(t);
    return;
  }
  // The last thing they said, said better: read anew, not answered to the old question.
  t.clearExpects();
  newMatter(t, t.heard);
}

/** Another matter than the one that runs, surely heard, or one of several that are told apart by a question. */
function turnsAway(t: Turn, from: Intent): boolean {
  const { action, contrast, certainty, intents } = t.heard;
  if (action === 'ask' && contrast !== undefined)
    return !Object.values(t.content.contrasts.get(contrast)?.options ?? {}).some((o) => o.to === from.id);
  const to = t.intent(intents[0]?.intent ?? '');
  if (action !== 'answer' || !to || to.id === from.id || to.type === 'general') return false;
  // A story may name a paper.
  return from.type === 'procedure' || certainty >= INTERRUPTS;
}
