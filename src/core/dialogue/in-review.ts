// A draft being checked before it is sent: what a message may be then. Nothing is sent without a yes.
import type { Intent } from '../content/index.ts';
import { replay } from '../flow/index.ts';
import { asksAside, countFiles, interrupt, plain, tell, tellsWho, turnsToNeighbour } from './aside.ts';
import type { Flow } from './conversation.ts';
import * as fallback from './fallback.ts';
import * as filing from './filing.ts';
import { asks, changes, corrects, doubts } from './manner.ts';
import { doGeneral } from './matter.ts';
import { namesOnly, officeIn, sendsTo } from './office.ts';
import { editLine, press } from './press.ts';
import { placeAnew } from './put-right.ts';
import { generalHeard, INTERRUPTS, type Turn } from './turn.ts';

/** Other matters told while this draft is checked: kept until it is sent or dropped. True when there were any. */
function keepsForLater(t: Turn, intent: Intent): boolean {
  if (corrects(t)) return false;
  const others = (t.heard.parts ?? [t.heard]).filter((h) => {
    const top = t.intent(h.intents[0]?.intent ?? '');
    return h.action === 'answer' && top?.type === 'topic' && top.id !== intent.id;
  });
  if (others.length === 0) return false;
  t.keepForLater(others.map((h) => t.phrase('further', 'start', h.text)?.after || h.text));
  t.say('gui.viec-de-sau', { titles: others.map((h) => t.title(h.intents[0]!.intent)).join(', ') });
  return true;
}

/** Something of the draft is wrong: the new address at once when it is said, else which line. */
export function changeDraft(t: Turn, intent: Intent, flow: Flow): void {
  if (turnsToNeighbour(t, intent) || placeAnew(t, intent, flow)) return;
  const place = intent.flow.find((s) => s.type === 'place' && flow.answers[s.ask] !== undefined);
  if (place && t.phrase('where', 'in')) editLine(t, place.ask);
  else if (intent.type === 'topic' && replay(intent, flow.answers).asked.length > 0)
    filing.askWhatToEdit(t, intent, flow);
  else {
    t.setFlow(undefined);
    t.say('hieu-sai');
  }
}

/** Asked of the draft itself: who gets it, or why not somebody else. */
export const asksRecipient = (t: Turn): boolean => {
  const g = generalHeard(t);
  if (g?.do === 'recipient' && t.heard.action === 'answer') return true;
  return sendsTo(t) && officeIn(t, t.text) !== undefined;
};

export function inReview(t: Turn, intent: Intent, flow: Flow): boolean {
  const general = generalHeard(t);
  if (t.inbound.files?.length) countFiles(t, intent, flow);
  if (t.inbound.location) t.say('hoi.them-vi-tri');
  if (!t.silent) {
    filing.review(t, intent, flow);
    return true;
  }
  // "với lại đèn đường ngõ 5 tắt": what has a place of its own is no more of this story.
  const more = t.phrase('adding', 'start')?.after;
  if (more) {
    const elsewhere = t.heard.entities.some((e) => e.type === 'street') && keepsForLater(t, intent);
    if (!elsewhere) tell(intent, flow, more);
    filing.review(t, intent, flow);
    return true;
  }
  if (general?.do === 'yes' && !doubts(t)) {
    press(t, 'x:dung');
    return true;
  }
  if (general?.do === 'no') {
    press(t, 'x:sua');
    return true;
  }
  if (changes(t)) {
    changeDraft(t, intent, flow);
    return true;
  }
  if (asksRecipient(t)) {
    filing.tellRecipient(t, intent, flow);
    filing.review(t, intent, flow);
    return true;
  }
  if (tellsWho(t, intent, flow, undefined)) return true;
  if (keepsForLater(t, intent)) {
    filing.review(t, intent, flow);
    return true;
  }
  if (placeAnew(t, intent, flow)) return true;
  if (
    plain(general) &&
    t.heard.action === 'answer' &&
    !(general.do === 'office' && namesOnly(t) && !asks(t))
  ) {
    doGeneral(t, general);
    return true;
  }
  const first = t.intent(t.heard.intents[0]?.intent ?? '');
  if (t.heard.action === 'answer' && t.heard.certainty >= INTERRUPTS && first?.type === 'procedure') {
    interrupt(t, flow, first);
    return true;
  }
  if (asksAside(t, flow)) return true;
  const again = (): void => (t.state.strikes > 2 ? filing.offerReview(t) : filing.review(t, intent, flow));
  if (fallback.fails(t, again)) return true;
  t.say(doubts(t) ? 'gui.chua-gui' : 'sai.chon-mot');
  filing.review(t, intent, flow);
  return true;
}
