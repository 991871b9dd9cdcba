// A pressed button, or its words typed out. Ids: a answer · i intent · f facet · c contrast · e edit a line ·
// s solved · k case · x command. A button of an earlier question says so and asks the open one again.
import { followerOf } from '../cases/index.ts';
import { optionsOf, SKIPPED } from '../flow/index.ts';
import { FACETS } from '../nlu/index.ts';
import * as caseTalk from './case-talk.ts';
import * as fallback from './fallback.ts';
import * as filing from './filing.ts';
import { askOfficer, cancel, goOn, leaveTicket } from './general.ts';
import { lastOffer } from './log.ts';
import {
  answer,
  begin,
  beginCitizen,
  carryOn,
  decideContrast,
  resume,
  reviewing,
  takesUp,
} from './matter.ts';
import { ask } from './questions.ts';
import type { Turn } from './turn.ts';

export function press(t: Turn, id: string): void {
  const [head, a = '', ...rest] = id.split(':');
  const b = rest.join(':');
  // The button of a question that a card came between.
  if (head === 'a' && takesUp(t, a)) {
    pressAnswer(t, a, b);
    return;
  }
  if (stale(t, head!, a!)) {
    t.say('nut-cu');
    resume(t);
    return;
  }
  switch (head) {
    case 'a':
      pressAnswer(t, a, b);
      return;
    case 'i': {
      const said = t.state.expects?.kind === 'which-intent' ? t.state.expects.text : '';
      t.clearExpects();
      begin(t, a, [], said);
      return;
    }
    case 'f': {
      const facet = FACETS.find((f) => f === b);
      t.clearExpects();
      if (facet) begin(t, a, [facet], '');
      else t.say('nut-cu');
      return;
    }
    case 'n':
      t.clearExpects();
      beginCitizen(t, a);
      return;
    case 'c': {
      const said = t.state.expects?.kind === 'contrast' ? t.state.expects.text : '';
      t.clearExpects();
      decideContrast(t, a, b, said);
      return;
    }
    case 'e':
      editLine(t, a);
      return;
    case 's': {
      const c = t.case(a);
      const [entry, word] = b.split(':');
      if (c) caseTalk.solved(t, c, word === 'co', '', Number(entry));
      else t.say('nut-cu');
      return;
    }
    case 'k':
      pressCase(t, a, b);
      return;
    case 'x':
      pressCommand(t, a);
      return;
    default:
      t.say('nut-cu');
      resume(t);
  }
}

/** A button of the question or review that stands no longer. Those of cases and matters are good for ever. */
function stale(t: Turn, head: string, a: string): boolean {
  if (t.inbound.choiceOf === undefined) return false;
  const bound =
    head === 'a' ||
    head === 'e' ||
    (head === 'x' && ['dung', 'sua', 'huy', 'xoa-co', 'gui-cau-hoi'].includes(a));
  return bound && lastOffer(t.before)?.n !== t.inbound.choiceOf;
}

const isWard = (t: Turn, id: string): boolean => t.content.places.wards.some((w) => w.id === id);

function pressAnswer(t: Turn, step: string, value: string): void {
  const flow = t.state.flow;
  const intent = flow && t.intent(flow.intent);
  const asked = intent?.flow.find((s) => s.ask === step);
  const allowed =
    asked &&
    (value === SKIPPED
      ? asked.optional
      : asked.type === 'ward'
        ? isWard(t, value)
        : optionsOf(asked)?.includes(value));
  if (!flow || !intent || !allowed) {
    t.say('nut-cu');
    resume(t);
    return;
  }
  answer(t, intent, flow, step, value);
}

function pressCase(t: Turn, verb: string, code: string): void {
  const c = t.case(code);
  const words = t.state.expects?.kind === 'reopen' ? t.state.expects.text : '';
  t.clearExpects();
  if (!c || followerOf(c) !== t.inbound.conversation) t.say('nut-cu');
  else if (verb === 'status') caseTalk.tellStatus(t, c);
  else if (verb === 'add') caseTalk.startAdd(t, c);
  else if (verb === 'tra-loi') caseTalk.startAnswer(t, c);
  else if (verb === 'anh') caseTalk.add(t, c, words);
  else if (verb === 'withdraw') caseTalk.askWithdraw(t, c);
  else if (verb === 'rut') caseTalk.withdraw(t, c);
  else if (verb === 'mo-lai') caseTalk.solved(t, c, false, words);
  else t.say('vu.giu-lai');
}

function pressCommand(t: Turn, command: string): void {
  const { flow, expects } = t.state;
  const intent = flow && t.intent(flow.intent);
  const ready = flow && intent && reviewing(intent, flow);
  switch (command) {
    case 'dung':
      if (ready) {
        if (filing.openCase(t, intent, flow)) carryOn(t);
        return;
      }
      break;
    case 'sua':
      if (ready) {
        filing.askWhatToEdit(t, intent, flow);
        return;
      }
      break;
    case 'huy':
      if (flow || expects) {
        cancel(t, () => carryOn(t));
        return;
      }
      break;
    case 'can-bo':
      t.clearExpects();
      askOfficer(t, () => resume(t));
      return;
    case 'tiep-tuc':
      t.clearExpects();
      goOn(
        t,
        () => resume(t),
        () => carryOn(t),
      );
      return;
    case 'gui-cau-hoi':
      if (expects?.kind === 'offer' && expects.text) {
        leaveTicket(t, 'question', expects.text, () => resume(t));
        return;
      }
      break;
    case 'thu-tuc':
    case 'phan-anh':
      t.clearExpects();
      fallback.offerMenu(t, command === 'thu-tuc' ? 'procedure' : 'topic');
      return;
    case 'viec-khac':
      t.clearExpects();
      t.say('hieu-sai');
      return;
    case 'xoa-co':
      if (expects?.kind === 'erase') {
        t.erase = true;
        t.say('xoa.xong');
        return;
      }
      break;
    case 'xoa-khong':
      t.clearExpects();
      t.say('xoa.thoi');
      resume(t);
      return;
  }
  t.say('nut-cu');
  resume(t);
}

export function editLine(t: Turn, step: string): void {
  const flow = t.state.flow;
  const intent = flow && t.intent(flow.intent);
  const found = intent?.flow.find((s) => s.ask === step);
  t.clearExpects();
  if (!flow || !intent || !found) {
    t.say('nut-cu');
    return;
  }
  flow.editing = step;
  if (found.type === 'files') flow.files = [];
  ask(t, intent, found, flow);
}
