// Talk about cases already opened: status, adding, withdrawing, answering an officer, "đã giải quyết chưa?".
// Who knows only the code sees state and dates; content is for the opener.
import { dateOf, sayDate } from '../calendar.ts';
import { type Case, fold, followerOf, isClosed, MAX_FILES } from '../cases/index.ts';
import { act } from './filing.ts';
import type { Turn } from './turn.ts';

const mine = (t: Turn, c: Case): boolean => followerOf(c) === t.inbound.conversation;
const by = (t: Turn) => ({ kind: 'citizen' as const, conversation: t.inbound.conversation });

/** Status of one case, as much of it as this conversation may see. */
export function tellStatus(t: Turn, c: Case): void {
  const s = fold(c, t.world.now);
  const opened = sayDate(dateOf(s.opened.at), t.locale);
  const status = t.word(`vu.status.${s.status}`);
  if (!mine(t, c)) {
    t.say('vu.nguoi-khac', { code: c.id, status, opened });
    return;
  }
  t.say('vu.trang-thai', {
    code: c.id,
    title: t.title(s.opened.topic),
    status,
    owner: t.agencyName(s.owner),
    opened,
  });
  if (s.promise && s.answeredAt === undefined && !isClosed(s.status)) {
    const date = sayDate(dateOf(s.promise.due), t.locale);
    if (s.overdue || s.promise.due < t.world.now) t.say('vu.qua-han', { date });
    else
      t.say(s.promise.law ? 'vu.han' : 'vu.muc-tieu', {
        date,
        deadline: t.wording(`deadline.${s.promise.deadline}`) ?? s.promise.deadline,
      });
  }
  if (s.reply) t.say('vu.tra-loi', { signature: s.reply.signature, text: s.reply.text });
  // The page for contact details stays within reach until the case ends.
  const url = s.opened.as === 'report' && !isClosed(s.status) ? t.world.contactLink?.(c.id) : undefined;
  if (url) t.choices.push({ id: `l:${c.id}`, label: t.word('gui.nut-lien-he'), url });
  if (s.status === 'answered' && s.reply) askSolved(t, c, s.reply.entry);
  else if (!isClosed(s.status)) {
    t.button(`k:add:${c.id}`, 'vu.nut-bo-sung');
    t.button(`k:withdraw:${c.id}`, 'vu.nut-rut');
  }
}

/** Which of one's cases is meant: the one, a choice of many, or none yet. */
export function whichCase(t: Turn, kind: 'status' | 'add' | 'withdraw'): Case | undefined {
  const { typed } = t.facts;
  if (typed) {
    if (!typed.found) t.say('vu.khong-thay', { code: typed.code });
    return typed.found ?? undefined;
  }
  const reports = t.facts.own.filter((c) => fold(c).opened.as === 'report');
  const all = reports.length > 0 ? reports : t.facts.own;
  const open = all.filter((c) => !isClosed(fold(c, t.world.now).status));
  const list = open.length > 0 || kind !== 'status' ? open : all.slice(0, 1);
  if (list.length === 1) return list[0];
  if (list.length === 0) {
    t.say('vu.chua-co');
    return undefined;
  }
  t.say('vu.chon');
  for (const c of list.slice(0, 6))
    t.offer(`k:${kind}:${c.id}`, `${c.id} · ${t.title(fold(c).opened.topic)}`);
  t.state.expects = { kind: 'which-case', act: kind };
  return undefined;
}

export function startAdd(t: Turn, c: Case): void {
  t.say('vu.bo-sung-gi', { code: c.id });
  t.state.expects = { kind: 'add', code: c.id };
}

/** The words to come answer the officer's open question. */
export function startAnswer(t: Turn, c: Case): void {
  const { question } = fold(c, t.world.now);
  if (!question) {
    startAdd(t, c);
    return;
  }
  t.say('vu.tra-loi-gi', { text: question.text });
  t.state.expects = { kind: 'answer-officer', code: c.id, entry: question.entry };
}

/** Adds what was said or sent to a case; `answers` is the officer's question it answers. */
export function add(t: Turn, c: Case, answers?: number): void {
  if (t.sensitive) {
    t.clearExpects();
    t.say('an-toan.khong-ghi');
    return;
  }
  const done = act(t, c, {
    at: t.world.now,
    by: by(t),
    key: t.inbound.key,
    public: true,
    kind: 'added',
    text: t.text,
    files: [...(t.state.files ?? []), ...(t.inbound.files ?? [])].slice(0, MAX_FILES),
    ...(answers !== undefined && { answers }),
  });
  t.clearExpects();
  if (done) delete t.state.files;
  if (!done) {
    t.say('vu.dong-roi', { code: c.id });
    tellStatus(t, c);
  } else if (answers !== undefined) t.say('vu.da-tra-loi-can-bo', { code: c.id });
  else t.say('vu.da-bo-sung', { code: c.id, owner: t.agencyName(fold(c).owner) });
}

export function askWithdraw(t: Turn, c: Case): void {
  if (!mine(t, c) || isClosed(fold(c, t.world.now).status) || fold(c, t.world.now).status === 'answered') {
    t.say('vu.khong-rut-duoc', { code: c.id });
    return;
  }
  t.say('vu.rut-chac', { code: c.id });
  t.button(`k:rut:${c.id}`, 'vu.nut-rut-chac');
  t.button(`k:giu:${c.id}`, 'vu.nut-giu');
  t.state.expects = { kind: 'withdraw', code: c.id };
}

export function withdraw(t: Turn, c: Case): void {
  t.clearExpects();
  const done = act(t, c, {
    at: t.world.now,
    by: by(t),
    key: t.inbound.key,
    public: false,
    kind: 'withdrawn',
    text: '',
  });
  if (done) t.say('vu.da-rut', { code: c.id });
  else t.say('vu.khong-rut-duoc', { code: c.id });
}

export function askSolved(t: Turn, c: Case, entry: number): void {
  t.say('vu.da-giai-quyet');
  t.button(`s:${c.id}:${entry}:co`, 'vu.nut-da-xong');
  t.button(`s:${c.id}:${entry}:chua`, 'vu.nut-chua-xong');
  t.state.expects = { kind: 'solved', code: c.id, entry };
}

/** The citizen's word on whether a reply solved it. Not yet: reopened, and asked what is missing. */
export function solved(t: Turn, c: Case, yes: boolean, words = '', entry?: number): void {
  t.clearExpects();
  const reply = fold(c, t.world.now).reply;
  // A button speaks of the reply it stood under.
  const other = entry !== undefined && entry !== reply?.entry;
  if (!mine(t, c) || !reply || other) {
    tellStatus(t, c);
    return;
  }
  const base = { at: t.world.now, by: by(t), key: t.inbound.key, public: false };
  if (yes) {
    if (act(t, c, { ...base, kind: 'confirmed', entry: reply.entry }))
      t.say('vu.cam-on-xac-nhan', { code: c.id });
    else tellStatus(t, c);
    return;
  }
  // Under a safe card the words are for no case; that it is not solved is.
  if (!act(t, c, { ...base, kind: 'reopened', text: t.sensitive ? '' : words })) {
    tellStatus(t, c);
    return;
  }
  t.say('vu.mo-lai', { code: c.id, owner: t.agencyName(fold(c).owner) });
  if (!words) {
    t.say('vu.con-thieu-gi', { code: c.id });
    t.state.expects = { kind: 'add', code: c.id };
  }
}
