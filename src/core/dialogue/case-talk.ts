// Talk about cases already opened: status, adding, withdrawing, answering an officer, "đã giải quyết chưa?".
// Who knows only the code sees state and dates; content is for the opener.
import { dateOf, sayDate, sayInstant } from '../calendar.ts';
import { type Case, fold, followerOf, isClosed, MAX_FILES, type TimelineEntry } from '../cases/index.ts';
import { type Heard, understand } from '../nlu/index.ts';
import { act } from './filing.ts';
import { generalHeard, INTERRUPTS, type Turn } from './turn.ts';

const mine = (t: Turn, c: Case): boolean => followerOf(c) === t.inbound.conversation;
/** An entry of this turn's, by its citizen. */
const base = (t: Turn) => ({
  at: t.world.now,
  by: { kind: 'citizen' as const, conversation: t.inbound.conversation },
  key: t.inbound.key,
  public: false,
});

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
    const { law, due } = s.promise;
    // A target of hours has its hour, as it was said at first.
    const date = law ? sayDate(dateOf(due), t.locale) : sayInstant(due, t.locale);
    if (s.overdue || due < t.world.now) t.say('vu.qua-han', { date });
    else
      t.say(law ? 'vu.han' : 'vu.muc-tieu', {
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

/** An officer's question that something came between is said again, once that is done. */
export function askAgain(t: Turn): void {
  const { flow, expects, sensitiveUntil } = t.state;
  if (t.silent || t.erase || flow || expects || t.sensitive || sensitiveUntil !== undefined) return;
  const was = t.before.state.expects;
  const asked = was?.kind === 'answer-officer' ? was.code : undefined;
  // A flow kept its own question while the officer's came in.
  const free = t.before.state.flow !== undefined;
  const c = t.facts.own
    .map((x) => t.case(x.id) ?? x)
    .find((x) => fold(x).question && (x.id === asked || free));
  const question = c && fold(c).question;
  if (!c || !question || t.cases.has(c.id)) return;
  t.say('vu.can-bo-con-hoi', { code: c.id, text: question.text });
  t.state.expects = { kind: 'answer-officer', code: c.id, entry: question.entry };
}

/** "vẫn tràn đây này", some time after the answer: whether that case is meant; true when it was asked. */
export function asksReopen(t: Turn): boolean {
  if (t.hushed || saysMoreOf(t)) return !t.hushed;
  const c = t.facts.own.find((x) => ['answered', 'resolved'].includes(fold(x, t.world.now).status));
  const same = c && t.heard.action === 'answer' && t.heard.intents[0]?.intent === fold(c).opened.topic;
  if (!c || !t.phrase('still', same ? 'in' : 'start')) return false;
  // Another place, another matter or a command surely heard is no word on that case.
  if (t.heard.entities.some((e) => e.type === 'street')) return false;
  const heard = t.heard.action === 'answer' ? t.intent(t.heard.intents[0]?.intent ?? '') : undefined;
  const own = fold(c).opened.topic;
  // Papers that are late are no report of theirs.
  const top = t.intent(t.heard.intents[0]?.intent ?? '');
  if (t.heard.kind === 'procedure' || (top?.type === 'general' && top.do === 'dossier-status')) return false;
  const vague = ['unsolved', 'no'];
  const unclear = ['unclear', 'out-of-scope'];
  if (heard?.type === 'general' && !vague.includes(heard.do) && !unclear.includes(heard.kind)) return false;
  if (heard && heard.type !== 'general' && heard.id !== own && t.heard.certainty >= INTERRUPTS) return false;
  offerReopen(t, c);
  return true;
}

/** Whether it is that case, and its being opened again with these words, that is meant. */
export function offerReopen(t: Turn, c: Case): void {
  t.say('vu.con-chua-xong', { code: c.id, title: t.title(fold(c).opened.topic) });
  t.button(`k:mo-lai:${c.id}`, 'vu.nut-mo-lai');
  t.button('x:viec-khac', 'nut.viec-khac');
  t.state.expects = { kind: 'reopen', code: c.id, text: t.text };
}

/** "Cây vẫn nằm đó" while the report of it has no answer yet: whether to add it there; true when it was asked. */
function saysMoreOf(t: Turn): boolean {
  const top = t.heard.action === 'answer' ? t.heard.intents[0]?.intent : undefined;
  const c = t.facts.own.find((x) => {
    const s = fold(x, t.world.now);
    return (
      s.opened.topic === top && s.opened.as === 'report' && !isClosed(s.status) && s.status !== 'answered'
    );
  });
  if (!c || !t.phrase('still', 'in') || t.heard.entities.some((e) => e.type === 'street')) return false;
  t.say('vu.con-cho', { code: c.id, title: t.title(fold(c).opened.topic) });
  t.offer(`k:anh:${c.id}`, t.word('anh.nut-them', { code: c.id }));
  t.button('x:viec-khac', 'nut.viec-khac');
  t.state.expects = { kind: 'reopen', code: c.id, text: t.text };
  return true;
}

/** "Nước rút rồi khỏi cần nữa" of the one report that is open: whether to take it back; true when that was asked. */
export function needsNoMore(t: Turn, heard: Heard): boolean {
  const open = t.facts.own.filter((c) => !isClosed(fold(c, t.world.now).status));
  const kind = t.intent(heard.intents[0]?.intent ?? '')?.type;
  const other = heard.action === 'answer' && kind !== 'general';
  if (other || t.state.topic || open.length !== 1 || !t.phrase('noNeed', 'end')) return false;
  askWithdraw(t, open[0]!);
  return true;
}

/** "Khi nào có kết quả" where nothing was told last but that a report was sent: true when its date was told. */
export function asksWhen(t: Turn, heard: Heard): boolean {
  const bare = heard.kind === 'procedure' && heard.action === 'rephrase' && heard.facets[0] === 'time';
  const sent = t.facts.own.some((c) => fold(c).opened.as === 'report');
  if (!bare || t.state.topic || !sent) return false;
  const c = whichCase(t, 'status');
  if (c) tellStatus(t, c);
  return true;
}

/** Which of one's cases is meant, or what is offered besides: the one, a choice of many, or none yet. */
export function whichCase(
  t: Turn,
  kind: 'status' | 'add' | 'withdraw',
  besides?: { id: string; label: string },
): Case | undefined {
  const { typed } = t.facts;
  if (typed) {
    if (!typed.found) t.say('vu.khong-thay', { code: typed.code });
    return typed.found ?? undefined;
  }
  const reports = t.facts.own.filter((c) => fold(c).opened.as === 'report');
  const all = reports.length > 0 ? reports : t.facts.own;
  const open = all.filter((c) => !isClosed(fold(c, t.world.now).status));
  // One that has ended: its status, or why nothing can be done with it and what can.
  const list = open.length > 0 ? open : all.slice(0, 1);
  if (list.length === 1 && !besides) return list[0];
  if (list.length === 0) {
    t.say('vu.chua-co');
    return undefined;
  }
  t.say('vu.chon');
  for (const c of list.slice(0, 6))
    t.offer(`k:${kind}:${c.id}`, `${c.id} · ${t.title(fold(c).opened.topic)}`);
  if (besides) t.offer(besides.id, besides.label);
  t.state.expects = { kind: 'which-case' };
  return undefined;
}

export function startAdd(t: Turn, c: Case): void {
  if (!mine(t, c) || isClosed(fold(c, t.world.now).status)) {
    refuseMore(t, c);
    return;
  }
  // "Đúng, thêm vào": the pictures that were asked about, which would else go with the next report.
  if (t.state.files?.length) {
    add(t, c, '');
    return;
  }
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

/** Nothing can be added to it or taken back of it: why not, and what can be done instead. */
function refuseMore(t: Turn, c: Case): void {
  const s = fold(c, t.world.now);
  if (!mine(t, c)) {
    t.say('vu.cua-nguoi-khac', { code: c.id });
    tellStatus(t, c);
  } else if (s.status === 'withdrawn') t.say('vu.dong-roi.da-rut', { code: c.id });
  else if (s.status === 'resolved') {
    t.say('vu.dong-roi.da-xong', { code: c.id });
    t.button(`k:mo-lai:${c.id}`, 'vu.nut-mo-lai');
    t.state.expects = { kind: 'reopen', code: c.id, text: '' };
  } else {
    t.say('vu.khong-rut-duoc', { code: c.id });
    if (s.reply) askSolved(t, c, s.reply.entry);
  }
}

/** What a message that is about the case it names asks of that case; its status when it asks for nothing. */
const OF_CASE = new Set(['withdraw', 'cancel', 'add', 'solved', 'unsolved']);
/** Besides the code; a longer message only mentions it, unless it says what to do with the case. */
const FEW_LETTERS = 24;

/** true when the message was about the case whose code it names: "rút H78-HR7-K53", "H78-HR7-K53 đến đâu rồi". */
export function aboutTyped(t: Turn): boolean {
  const code = t.heard.entities.find((e) => e.type === 'case-code');
  if (!t.facts.typed || !code) return false;
  const { text } = t.heard;
  const rest = `${text.slice(0, code.start)} ${text.slice(code.end)}`.trim();
  const [said = '', ...more] = rest.split(/[:,\n]/);
  const general = generalHeard(t, understand(t.world.reader, said, { now: t.world.now }));
  const still = t.phrase('still', 'whole', said) ? 'unsolved' : undefined;
  const act = still ?? (general && OF_CASE.has(general.do) ? general.do : undefined);
  if (!act && rest.length > FEW_LETTERS) return false;
  const c = whichCase(t, 'status');
  if (!c) return true;
  const words = more.join(',').trim();
  if (act === 'withdraw' || act === 'cancel') askWithdraw(t, c);
  else if (act === 'add' && words) add(t, c, words);
  else if (act === 'add') startAdd(t, c);
  else if (act !== undefined) saidSolved(t, act === 'solved');
  else tellStatus(t, c);
  return true;
}

/** Adds words, and the pictures sent, to a case; `answers` is the officer's question they answer. */
export function add(t: Turn, c: Case, words: string, answers?: number): void {
  t.clearExpects();
  if (t.hushed) {
    t.say('an-toan.khong-ghi');
    return;
  }
  const done = step(t, c, {
    ...base(t),
    public: true,
    kind: 'added',
    text: words,
    files: [...(t.state.files ?? []), ...(t.inbound.files ?? [])].slice(0, MAX_FILES),
    ...(answers !== undefined && { answers }),
  });
  if (!done) refuseMore(t, c);
}

export function askWithdraw(t: Turn, c: Case): void {
  if (!mine(t, c) || isClosed(fold(c, t.world.now).status) || fold(c, t.world.now).status === 'answered') {
    refuseMore(t, c);
    return;
  }
  t.say('vu.rut-chac', { code: c.id });
  t.button(`k:rut:${c.id}`, 'vu.nut-rut-chac');
  t.button(`k:giu:${c.id}`, 'vu.nut-giu');
  t.state.expects = { kind: 'withdraw', code: c.id };
}

export function withdraw(t: Turn, c: Case): void {
  t.clearExpects();
  const done = step(t, c, { ...base(t), kind: 'withdrawn', text: '' });
  if (!done) refuseMore(t, c);
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
  const done = step(
    t,
    c,
    yes
      ? { ...base(t), kind: 'confirmed', entry: reply.entry }
      : // Under a safe card the words are for no case; that it is not solved is.
        { ...base(t), kind: 'reopened', text: t.hushed ? '' : words },
  );
  if (!done) tellStatus(t, c);
}

/** "sạch rồi, cảm ơn" or "vẫn y nguyên", when no question about it is open: the last case that was answered. */
export function saidSolved(t: Turn, yes: boolean): void {
  const c =
    t.facts.typed?.found ??
    t.facts.own.find(
      (x) =>
        fold(x, t.world.now).status === 'answered' || (!yes && fold(x, t.world.now).status === 'resolved'),
    ) ??
    (yes ? undefined : t.facts.own.find((x) => fold(x).opened.as === 'report'));
  if (!c) {
    if (yes) t.say('dong-y.gi');
    else t.say('vu.chua-co');
    return;
  }
  const { status } = fold(c, t.world.now);
  if (status === 'answered' || (!yes && status === 'resolved')) solved(t, c, yes, yes ? '' : t.text);
  else if (yes || !mine(t, c)) tellStatus(t, c);
  else if (status === 'withdrawn') refuseMore(t, c);
  else t.say('vu.chua-tra-loi', { code: c.id });
}

/** Takes a citizen's step and says what it did; false when the case does not allow it. */
function step(t: Turn, c: Case, entry: Word): boolean {
  if (!act(t, c, entry)) return false;
  tellDone(t, c, entry);
  return true;
}

/**
 * An earlier attempt at this very message got as far as its case: the message meant that, whatever is open by now,
 * and is answered as it would have been then.
 */
export function doneBefore(t: Turn): boolean {
  for (const c of t.facts.own)
    for (const e of c.timeline)
      if (e.key === t.inbound.key && isWord(e)) {
        t.clearExpects();
        tellDone(t, c, e);
        return true;
      }
  return false;
}

/** What a citizen says to a case that is open. */
type Word = Extract<TimelineEntry, { kind: 'added' | 'confirmed' | 'reopened' | 'withdrawn' }>;
const isWord = (e: TimelineEntry): e is Word =>
  e.kind === 'added' || e.kind === 'confirmed' || e.kind === 'reopened' || e.kind === 'withdrawn';

function tellDone(t: Turn, c: Case, e: Word): void {
  const owner = t.agencyName(fold(c).owner);
  switch (e.kind) {
    case 'added':
      delete t.state.files;
      if (e.answers === undefined) t.say('vu.da-bo-sung', { code: c.id, owner });
      else {
        t.say('vu.da-tra-loi-can-bo', { code: c.id });
        // What follows an answer, a picture often, belongs to it.
        t.state.expects = { kind: 'add', code: c.id };
      }
      return;
    case 'confirmed':
      t.say('vu.cam-on-xac-nhan', { code: c.id });
      return;
    case 'reopened':
      t.say('vu.mo-lai', { code: c.id, owner });
      if (!e.text) {
        t.say('vu.con-thieu-gi', { code: c.id });
        t.state.expects = { kind: 'add', code: c.id };
      }
      return;
    case 'withdrawn':
      t.say('vu.da-rut', { code: c.id });
  }
}
