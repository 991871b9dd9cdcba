// General intents: greeting, officer please, privacy, safe cards, and the commands that steer a talk.
import { isOpen, nextOpening, sayInstant } from '../calendar.ts';
import type { Intent } from '../content/index.ts';
import { replay } from '../flow/index.ts';
import { askWithdraw, tellStatus, whichCase } from './case-talk.ts';
import { fileTicket } from './filing.ts';
import { ask } from './questions.ts';
import type { Turn } from './turn.ts';

/** A talk under a safe card loses its words this long after the last of them. */
const SENSITIVE_MS = 30 * 60_000;

type General = Extract<Intent, { type: 'general' }>;

/** Does what a general intent says. `resume` asks the open question of a flow again. */
export function actGeneral(t: Turn, g: General, resume: () => void): void {
  switch (g.do) {
    case 'safe-card':
      safeCard(t, g);
      return;
    case 'officer':
      askOfficer(t);
      return;
    case 'case-status': {
      const c = whichCase(t, 'status');
      if (c) tellStatus(t, c);
      return;
    }
    case 'withdraw': {
      const c = whichCase(t, 'withdraw');
      if (c) askWithdraw(t, c);
      return;
    }
    case 'cancel':
      cancel(t, resume);
      return;
    case 'back':
      back(t, resume);
      return;
    case 'restart':
      t.setFlow(undefined);
      t.state.paused = [];
      t.state.queued = [];
      t.clearExpects();
      delete t.state.topic;
      t.say('lam-lai');
      return;
    case 'resume': {
      const flow = t.state.flow ?? t.state.paused.pop();
      if (!flow) {
        t.say('khong-co-viec-do');
        return;
      }
      t.setFlow(flow);
      t.say('quay-lai-viec', { title: t.title(flow.intent) });
      resume();
      return;
    }
    case 'language-vi':
    case 'language-en':
      t.locale = g.do === 'language-en' ? 'en' : 'vi';
      t.say('da-doi-ngon-ngu');
      resume();
      return;
    case 'erase':
      t.say('xoa.chac');
      t.button('x:xoa-co', 'xoa.nut-co');
      t.button('x:xoa-khong', 'xoa.nut-khong');
      t.state.expects = { kind: 'erase' };
      return;
    case 'repeat': {
      const last = t.before.log.findLast((e) => e.from !== 'citizen');
      if (!last) t.say('khong-co-chu');
      else {
        t.say('nhac-lai');
        t.put(last.say ?? 'nhac-lai', last.text);
        for (const c of last.choices ?? []) t.choices.push(c);
      }
      return;
    }
    case 'correct':
      t.setFlow(undefined);
      t.clearExpects();
      delete t.state.topic;
      t.say('hieu-sai');
      return;
    case 'yes':
    case 'no':
    case 'skip':
    case 'more':
      t.say('dong-y.gi');
      resume();
      return;
    case 'dossier-status':
    case 'privacy':
    case 'say':
      t.sayContent(g.say ?? g.id);
      for (const id of g.offer) t.offer(`i:${id}`, upper(t.title(id)));
      resume();
  }
}

const upper = (s: string): string => s[0]!.toUpperCase() + s.slice(1);

function safeCard(t: Turn, g: General): void {
  t.sayContent(g.say ?? g.id);
  t.sensitive = true;
  t.state.sensitiveUntil = t.world.now + SENSITIVE_MS;
  t.setFlow(undefined);
  t.state.paused = [];
  t.clearExpects();
  delete t.state.topic;
  for (const id of g.offer) t.offer(`i:${id}`, upper(t.title(id)));
}

/** Written route and hotline; outside hours says so; then asks what the person should know. */
export function askOfficer(t: Turn): void {
  t.sayContent('gap-can-bo');
  const { calendar } = t.content;
  if (isOpen(calendar, t.world.now)) t.say('can-bo.dang-mo');
  else t.say('can-bo.ngoai-gio', { date: sayInstant(nextOpening(calendar, t.world.now), t.locale) });
  t.say('can-bo.ghi-gi');
  t.state.expects = { kind: 'officer', text: t.text };
}

/** Leaves a ticket that officers list. */
export function leaveTicket(t: Turn, as: 'ticket' | 'question', text: string): void {
  const c = fileTicket(t, as, text);
  const owner = t.agencyName(c.timeline.find((e) => e.kind === 'routed')!.to);
  t.clearExpects();
  if (as === 'ticket') t.say('can-bo.da-ghi', { code: c.id, owner });
  else t.say('cau-hoi.da-gui', { code: c.id, owner });
}

export function cancel(t: Turn, resume: () => void): void {
  if (!t.state.flow && !t.state.expects) {
    t.say('khong-co-gi-de-huy');
    return;
  }
  t.setFlow(t.state.flow ? t.state.paused.pop() : undefined);
  t.clearExpects();
  t.say('da-huy');
  resume();
}

/** One question back: the last answer of the path is forgotten and asked again. */
function back(t: Turn, resume: () => void): void {
  const flow = t.state.flow;
  const intent = flow && t.intent(flow.intent);
  if (!flow || !intent) {
    t.say('khong-co-gi-de-quay-lai');
    return;
  }
  // What the citizen never saw as a question (the ward read out of the place) is not a step back.
  const last = replay(intent, flow.answers).asked.findLast((s) => s.type !== 'ward');
  if (!last) {
    t.say('khong-co-gi-de-quay-lai');
    resume();
    return;
  }
  delete flow.answers[last.ask];
  if (last.type === 'place') delete flow.answers.phuong;
  delete flow.editing;
  ask(t, intent, last, flow);
}
