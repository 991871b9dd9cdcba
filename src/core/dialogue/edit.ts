// An edited message changes the answer it gave; an edited last sentence is read again.

import { answer, newMatter, proceed, resume } from './matter.ts';
import { fromOpening, interpret } from './questions.ts';
import type { Turn } from './turn.ts';

/** An edited message changes the answer it gave; an edited first sentence is read again. */
export function edit(t: Turn): boolean {
  const old = t.before.log.find((e) => e.from === 'citizen' && e.key === t.inbound.edits);
  if (!old) {
    t.say('sua-tin-cu');
    return true;
  }
  const flow = t.state.flow;
  const intent = flow && t.intent(flow.intent);
  if (flow && intent) {
    if (flow.key === old.key) {
      // The sentence that began it: all that was read out of it is read again.
      const before = old.text.trim();
      for (const s of intent.flow)
        if (before.includes(flow.answers[s.ask] ?? '\n') || s.type === 'ward') delete flow.answers[s.ask];
      Object.assign(flow.answers, fromOpening(t, intent, t.text));
      t.say('da-sua');
      proceed(t, intent, flow);
      return true;
    }
    const given = intent.flow.find(
      (s) => flow.answers[s.ask] === old.text.trim() || flow.said[s.ask] === old.text.trim(),
    );
    if (given) {
      const got = interpret(t, intent, given);
      t.say('da-sua');
      if (got.kind === 'answer') {
        answer(t, intent, flow, given.ask, got.value, got.also);
      } else if (got.kind === 'retry') {
        got.say();
        resume(t);
      } else resume(t);
      return true;
    }
  }
  const lastOfTheirs = t.before.log.findLast((e) => e.from === 'citizen');
  if (lastOfTheirs?.n !== old.n) {
    t.say('sua-tin-cu');
    resume(t);
    return true;
  }
  // The last thing they said, said better: read anew, not answered to the old question.
  t.clearExpects();
  newMatter(t, t.heard);
  return true;
}
