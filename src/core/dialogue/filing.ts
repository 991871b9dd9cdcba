// From a finished flow to a case: the review in which every line can be changed, and the opening itself.
import { dateOf, dueAt, sayDate, sayInstant } from '../calendar.ts';
import {
  append,
  type Case,
  fold,
  MAX_FILES,
  MAX_WORDS,
  nextWake,
  route,
  type TimelineEntry,
} from '../cases/index.ts';
import type { Intent, Step } from '../content/index.ts';
import { type Answers, replay, SKIPPED } from '../flow/index.ts';
import { findEntities, matchOption, normalize } from '../nlu/index.ts';
import type { Flow } from './conversation.ts';
import { officeStep } from './office.ts';
import { tellHolidays } from './procedures.ts';
import { questionWording, wardName } from './questions.ts';
import { reportOf } from './report.ts';
import { tellsSecret } from './secret.ts';
import type { Turn } from './turn.ts';

/** Shows what will be sent, to whom, and asks "đúng chưa?"; what tells a secret is dropped unsent. */
export function review(t: Turn, intent: Intent, flow: Flow): void {
  if (tellsSecret(t, intent, flow)) {
    t.setFlow(undefined);
    t.say('an-toan.khong-ghi');
    return;
  }
  const { asked, answers } = replay(intent, flow.answers);
  const lines = asked.map((s) => `• ${label(t, intent, s)}: ${shown(t, intent, s, answers[s.ask]!, flow)}`);
  const { to } = route(t.content, reportOf(t, intent, flow));
  t.say('gui.duyet', {
    lines: lines.join('\n'),
    owner: t.agencyName(to),
  });
  // Not knowing whom it is about, nobody can promise that it goes to somebody else.
  if (answers[officeStep(intent)?.ask ?? ''] === SKIPPED) t.say('gui.khong-ro-noi');
  offerReview(t);
}

const REVIEW = { 'x:dung': 'gui.nut-dung', 'x:sua': 'gui.nut-sua', 'x:huy': 'gui.nut-huy' } as const;
type Button = keyof typeof REVIEW;
const BUTTONS = Object.keys(REVIEW) as Button[];

/** What can be done with the draft shown before. */
export function offerReview(t: Turn): void {
  for (const id of BUTTONS) t.button(id, REVIEW[id]);
}

/** A button of the review said in words, whatever was shown last. */
export const saidInReview = (t: Turn): string | undefined =>
  matchOption(
    t.world.reader,
    t.text,
    BUTTONS.map((id) => ({ id, label: t.word(REVIEW[id]), also: [] })),
  )?.id;

/** The report that is being written: the one that runs, or the last that was put aside. */
export function draftOf(t: Turn): Flow | undefined {
  const isReport = (f: Flow): boolean => t.intent(f.intent)?.type === 'topic';
  const { flow, paused } = t.state;
  return flow && isReport(flow) ? flow : paused.findLast(isReport);
}

/** Who receives the draft, and why: never the unit it is about. */
export function tellRecipient(t: Turn, intent: Intent, flow: Flow): void {
  const report = reportOf(t, intent, flow);
  const { to, rule } = route(t.content, report);
  const why =
    t.content.routing.find((r) => r.id === rule)?.why ??
    t.word(rule === 'cap-tren' ? 'gui.vi-sao.cap-tren' : 'gui.vi-sao.du-phong');
  const owner = t.agencyName(to);
  if (!report.against) t.say('gui.noi-nhan', { owner, why });
  else t.say('gui.noi-nhan-khac', { owner, why, against: t.agencyName(report.against) });
}

/** Offers every line for change. */
export function askWhatToEdit(t: Turn, intent: Intent, flow: Flow): void {
  t.say('gui.sua-muc-nao');
  for (const s of replay(intent, flow.answers).asked) t.offer(`e:${s.ask}`, label(t, intent, s));
  t.state.expects = { kind: 'edit-what' };
}

export function label(t: Turn, intent: Intent, step: Step): string {
  const own =
    t.wording(`${intent.id}.${step.ask}.nhan`) ??
    t.wording(`hoi.${step.ask}.nhan`) ??
    t.wording(`gui.nhan.${step.ask}`);
  if (own) return own;
  const question = (questionWording(t, intent.id, step.ask) ?? step.ask).split(/[?.]/)[0]!;
  return question.length > 60 ? `${question.slice(0, 57)}…` : question;
}

function shown(t: Turn, intent: Intent, step: Step, answer: string, flow: Flow): string {
  if (answer === SKIPPED)
    return t.word(step.entity === 'agency' || step.type === 'ward' ? 'gui.chua-ro' : 'gui.trong');
  if (step.type === 'files') return t.word('gui.dong-anh', { count: flow.files.length });
  if (step.type === 'ward') return wardName(t, answer);
  if (step.options || step.type === 'yes-no')
    return (
      questionWording(t, intent.id, step.ask, answer) ??
      (answer === 'co' ? t.word('hoi.co') : answer === 'khong' ? t.word('hoi.khong') : answer)
    );
  return masked(t, answer);
}

/** voice 15: identity numbers and phone numbers are never said back into a chat. */
export function masked(t: Turn, text: string): string {
  const n = normalize(text, t.world.reader.lexicon);
  let out = n.text;
  for (const e of findEntities(n, t.world.reader.gazetteer, t.world.now).reverse())
    if (e.type === 'identity-number' || e.type === 'phone')
      out = `${out.slice(0, e.start)}•••${out.slice(e.end)}`;
  return out;
}

/**
 * Opens the case and says code, owner and date; false when it may not be kept (safe card). A redelivered
 * confirmation finds the case it opened.
 */
export function openCase(t: Turn, intent: Intent, flow: Flow): boolean {
  if ((t.hushed && !flow.chosen && !flow.apart) || tellsSecret(t, intent, flow)) {
    t.say('an-toan.khong-ghi');
    if (flow.kept) t.say('an-toan.gui-sau', { title: t.title(intent.id) });
    return false;
  }
  const report = reportOf(t, intent, flow);
  const topic = intent.type === 'topic' ? intent : undefined;
  const text = Object.entries(report.answers)
    .filter(([ask, v]) => v !== SKIPPED && intent.flow.find((s) => s.ask === ask)?.type === 'text')
    .map(([, v]) => v)
    .join('\n')
    .slice(0, MAX_WORDS);
  const c = file(t, {
    topic: intent.id,
    answers: report.answers,
    text,
    files: flow.files.slice(0, MAX_FILES),
    ...(flow.location && { location: flow.location }),
    ...(report.ward && { ward: report.ward }),
    ...(report.against && { against: report.against }),
    as: 'report',
    deadline: topic?.deadline,
  });
  t.setFlow(undefined);
  t.clearExpects();
  t.state.topic = undefined;
  tellOpened(t, c);
  return true;
}

/** A ticket for a person, or a question for an agency: a case without a flow. */
export function fileTicket(t: Turn, as: 'ticket' | 'question', text: string): Case {
  const topic = as === 'ticket' ? 'gap-can-bo' : 'cau-hoi';
  return file(t, {
    topic,
    answers: {},
    text: text.slice(0, MAX_WORDS),
    files: (t.inbound.files ?? []).slice(0, MAX_FILES),
    as,
    deadline: topic in t.content.deadlines ? topic : undefined,
  });
}

interface Filing {
  topic: string;
  answers: Answers;
  text: string;
  files: Flow['files'];
  location?: Flow['location'];
  ward?: string;
  against?: string;
  as: 'report' | 'ticket' | 'question';
  deadline: string | undefined;
}

function file(t: Turn, f: Filing): Case {
  const { opened: before, freshCode: code } = t.facts;
  if (before && (before.timeline[0]!.key === t.inbound.key || isSameMatter(before, f))) return before;
  const { now, content } = t.world;
  const by = { kind: 'citizen' as const, conversation: t.inbound.conversation };
  const { deadline, ...opened } = f;
  const owner = route(content, f);
  const key = t.inbound.key;
  const timeline: TimelineEntry[] = [
    { at: now, by, key, public: true, kind: 'opened', ...opened, release: t.world.release },
    { at: now, by: { kind: 'system' }, key, public: false, kind: 'routed', ...owner },
  ];
  // An enterprise is not bound by the law on receiving citizens: it has a deadline of its own.
  const promised = content.agencies.get(owner.to)?.deadline ?? deadline;
  const rule = promised ? content.deadlines[promised] : undefined;
  if (promised && rule)
    timeline.push({
      at: now,
      by: { kind: 'system' },
      key,
      public: false,
      kind: 'promised',
      due: dueAt(content.calendar, rule, now),
      deadline: promised,
      ...(rule.law && { law: rule.law }),
      calendar: content.calendar.version,
    });
  const c: Case = { id: code, version: 0, wakeAt: null, schemaVersion: 1, timeline };
  const filed = { ...c, wakeAt: nextWake(c, now) };
  t.cases.set(code, filed);
  return filed;
}

/** A message left for an officer in the middle of a report is not the report. */
function isSameMatter(c: Case, f: Filing): boolean {
  const { opened } = fold(c);
  return opened.as === f.as && opened.topic === f.topic;
}

function tellOpened(t: Turn, c: Case): void {
  const owner = c.timeline.find((e) => e.kind === 'routed')!.to;
  const promise = c.timeline.find((e) => e.kind === 'promised');
  t.say('gui.xong', { code: c.id, owner: t.agencyName(owner) });
  if (promise) {
    const date = dateOf(promise.due);
    const deadline = t.wording(`deadline.${promise.deadline}`) ?? promise.deadline;
    // voice 12: a statute's date is called that; a target of our own is called a target.
    if (promise.law) t.say('gui.han', { date: sayDate(date, t.locale), deadline });
    else t.say('gui.muc-tieu', { date: sayInstant(promise.due, t.locale), deadline });
    tellHolidays(t, dateOf(promise.at), date);
  }
  if (!t.world.official) t.say('gui.chua-chinh-thuc', { owner: t.agencyName(owner) });
  const url = t.world.contactLink?.(c.id);
  if (url) {
    t.say('gui.lien-he');
    t.choices.push({ id: `l:${c.id}`, label: t.word('gui.nut-lien-he'), url });
  } else t.say('gui.khong-lien-he');
}

/** Appends to a case within this turn; false when the case does not allow it. */
export function act(t: Turn, c: Case, entry: TimelineEntry): boolean {
  const done = append(c, entry, t.world.now);
  if (done.ok && done.value !== c) t.cases.set(c.id, done.value);
  return done.ok;
}
