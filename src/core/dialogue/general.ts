// General intents: greeting, officer please, privacy, safe cards, and the commands that steer a talk.
import {
  holidayOn,
  isOpen,
  isWorkingDay,
  nextOpening,
  nextWorkingDay,
  sayDate,
  sayInstant,
} from '../calendar.ts';
import { fold as foldCase, isClosed } from '../cases/index.ts';
import { replay } from '../flow/index.ts';
import { FACETS, partedBy, understand } from '../nlu/index.ts';
import { capital } from '../text.ts';
import { add, askWithdraw, saidSolved, startAdd, tellStatus, whichCase } from './case-talk.ts';
import { fails } from './fallback.ts';
import { draftOf, fileTicket, tellRecipient } from './filing.ts';
import { CARD_PARTS, tellAgain } from './follow-up.ts';
import { namedDay } from './named-day.ts';
import { tellProcedure } from './procedures.ts';
import { ask, wardName } from './questions.ts';
import { isApart } from './secret.ts';
import { type General, generalHeard, SENSITIVE_MS, type Turn } from './turn.ts';

/**
 * Does what a general intent says. `resume` asks the open question of a flow again; `text` is the part of the message
 * that said it.
 */
export function actGeneral(
  t: Turn,
  g: General,
  resume: () => void,
  next: () => void = () => {},
  text = t.text,
): void {
  switch (g.do) {
    case 'safe-card':
      safeCard(t, g);
      return;
    case 'officer':
      askOfficer(t, resume);
      return;
    case 'case-status': {
      const draft = t.facts.typed ? undefined : draftOf(t);
      const waits = draft !== t.state.flow;
      if (draft) t.say(waits ? 'vu.ban-nhap-cho' : 'vu.ban-nhap', { title: t.title(draft.intent) });
      const c = draft && t.facts.own.length === 0 ? undefined : whichCase(t, 'status');
      if (c) tellStatus(t, c);
      if (draft && !waits && !t.state.expects) resume();
      return;
    }
    case 'withdraw': {
      if (takesBackDraft(t, next)) return;
      const c = whichCase(t, 'withdraw');
      if (c) askWithdraw(t, c);
      return;
    }
    case 'cancel':
      cancel(t, next);
      return;
    case 'back':
      back(t, resume);
      return;
    case 'restart':
      t.setFlow(undefined);
      t.state.paused = [];
      delete t.state.dropped;
      t.state.queued = [];
      t.clearExpects();
      delete t.state.topic;
      t.say('lam-lai');
      return;
    case 'resume':
      goOn(t, resume, next);
      return;
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
    case 'more':
      moreDetail(t, resume);
      return;
    case 'repeat': {
      if (t.phrase('explain', 'whole', text) && askedBack(t)) {
        moreDetail(t, resume);
        return;
      }
      const last = t.before.log.findLast((e) => e.from !== 'citizen');
      if (!last) t.say('khong-co-chu');
      else {
        t.say('nhac-lai');
        if (tellAgain(t, last)) resume();
        else {
          t.put(last.say ?? 'nhac-lai', last.text);
          for (const c of last.choices ?? []) t.choices.push(c);
        }
      }
      return;
    }
    case 'correct':
      t.setFlow(undefined);
      t.clearExpects();
      delete t.state.topic;
      t.say('hieu-sai');
      return;
    case 'add': {
      const c = whichCase(t, 'add');
      if (!c) return;
      // "bổ sung: hôm nay có thêm xác chuột": what is added stands in the sentence already.
      if (/[:,]/.test(t.text) && t.text.split(/\s+/).length > 5) add(t, c, t.text);
      else startAdd(t, c);
      return;
    }
    case 'solved':
    case 'unsolved':
      saidSolved(t, g.do === 'solved');
      return;
    case 'compare':
      compare(t);
      return;
    case 'which-ward':
      whichWard(t);
      return;
    case 'yes':
    case 'no':
    case 'skip':
      t.say('dong-y.gi');
      resume();
      return;
    case 'recipient':
      recipient(t, g);
      resume();
      return;
    case 'office':
      tellDay(t, text);
      t.sayContent(g.say ?? g.id);
      for (const id of g.offer) t.offer(`i:${id}`, capital(t.title(id)));
      resume();
      return;
    case 'dossier-status':
    case 'privacy':
    case 'english':
    case 'say':
      if (NOT_UNDERSTOOD.has(g.kind) && fails(t, resume)) return;
      t.sayContent(g.say ?? g.id);
      // What is asked next is asked about it, when it has parts to tell.
      if (CARD_PARTS.some((part) => t.has(`${g.id}.${part}`))) t.state.topic = { intent: g.id, answers: {} };
      for (const id of g.offer) t.offer(`i:${id}`, capital(t.title(id)));
      resume();
  }
}

/** Back to what was put aside last, or to what waits behind it. */
export function goOn(t: Turn, resume: () => void, next: () => void): void {
  const flow = t.state.flow ?? t.state.paused.pop();
  if (!flow) {
    if (t.state.queued.length > 0) next();
    else t.say('khong-co-viec-do');
    return;
  }
  t.setFlow(flow);
  t.say('quay-lai-viec', { title: t.title(flow.intent) });
  resume();
}

/** Of a draft that is ready, of the report sent last, or of reports as such. */
function recipient(t: Turn, g: General): void {
  const { flow } = t.state;
  const intent = flow && t.intent(flow.intent);
  const next = intent && replay(intent, flow.answers);
  if (flow && intent && next && !next.step && next.outcome?.open) {
    tellRecipient(t, intent, flow);
    return;
  }
  const last = flow ? undefined : t.facts.own.find((c) => foldCase(c, t.world.now).opened.as === 'report');
  if (last) tellStatus(t, last);
  else t.sayContent(g.say ?? g.id);
}

/** "24/11 phường có làm không": whether the day that was named is a working day. */
function tellDay(t: Turn, text: string): void {
  const { calendar } = t.content;
  const day = namedDay(t, text);
  if (day === undefined) return;
  const date = capital(sayDate(day, t.locale));
  if (isWorkingDay(calendar, day)) {
    t.say('lich.lam-viec', { date });
    return;
  }
  const why = holidayOn(calendar, day) ?? t.word('thu-tuc.cuoi-tuan');
  t.say('lich.nghi', { date, why, next: sayDate(nextWorkingDay(calendar, day), t.locale) });
}

/** Kinds whose answer owns up that nothing could be done with the message. */
const NOT_UNDERSTOOD = new Set(['unclear', 'out-of-scope']);

/** Whether their message before asked back too: the same words once more would help nobody. */
function askedBack(t: Turn): boolean {
  const before = t.before.log.findLast((e) => e.from === 'citizen')?.text;
  if (!before) return false;
  const g = generalHeard(t, understand(t.world.reader, before, { now: t.world.now }));
  return g?.do === 'more' || g?.do === 'repeat';
}

/** "Cụ thể hơn", "thế là sao" after one another: the next facet of the procedure told last that was not told by itself yet. */
function moreDetail(t: Turn, resume: () => void): void {
  const topic = t.state.topic && t.intent(t.state.topic.intent);
  if (topic?.type !== 'procedure') {
    t.say('dong-y.gi');
    resume();
    return;
  }
  const said = t.before.log.filter((e) => e.from !== 'citizen').slice(-8);
  // An overview tells two lines of most: a facet is told when it was told alone.
  const told = said.flatMap((e) => {
    const facets: string[] = (e.say ?? '').match(/thu-tuc\.(?:chua-co\.)?[a-z-]+/g) ?? [];
    return facets.includes('thu-tuc.fee') && facets.includes('thu-tuc.documents') ? [] : facets;
  });
  const offered = said.findLast((e) => e.choices?.some((c) => c.id.startsWith(`f:${topic.id}:`)))?.choices;
  const next = offered
    ?.map((c) => c.id.split(':'))
    .find(
      ([head, , f]) => head === 'f' && f !== 'overview' && !told.some((x) => x.split('.').at(-1) === f),
    )?.[2];
  const facet = FACETS.find((f) => f === next);
  if (facet) tellProcedure(t, topic, [facet], t.state.topic!.answers);
  else {
    t.say('giai-thich.het', { title: t.title(topic.id) });
    t.button('x:can-bo', 'nut.can-bo');
  }
}

function safeCard(t: Turn, g: General): void {
  t.sayContent(g.say ?? g.id);
  const hushed = t.hushed;
  t.sensitive = true;
  t.carded = true;
  if (g.kind === 'emergency' && !hushed) t.state.danger = true;
  else delete t.state.danger;
  t.state.sensitiveUntil = t.world.now + SENSITIVE_MS;
  // What was being reported is put aside, not lost: the next answer goes on with it.
  const { flow } = t.state;
  const story = Object.values(flow?.answers ?? {})[0] ?? '';
  if (flow && t.hushed && isApart(t, t.intent(flow.intent), story, t.text)) flow.kept = true;
  const kept = flow && t.intent(flow.intent)?.type === 'topic' && (!t.hushed || flow.kept);
  t.pause();
  t.clearExpects();
  // What is asked next is asked about the card: where to go, who keeps a name secret.
  t.state.topic = { intent: g.id, answers: {} };
  delete t.state.files;
  for (const id of g.offer) t.offer(`i:${id}`, capital(t.title(id)));
  if (!kept) return;
  t.say('an-toan.giu-viec', { title: t.title(flow.intent) });
  t.button('x:tiep-tuc', 'nut.tiep-tuc');
}

/** What tells two procedures apart: the contrast that holds both. */
function compare(t: Turn): void {
  // Each side is heard by itself: together they sound like the question, not like what is compared.
  const sides = partedBy(t.world.reader, t.text, t.content.phrases.versus).filter((x) => x.trim().length > 2);
  const named = new Set(
    sides.flatMap((side) => {
      const heard = understand(t.world.reader, side, { now: t.world.now });
      return [
        ...heard.intents.slice(0, 2).map((i) => i.intent),
        ...(heard.contrast ? [`contrast:${heard.contrast}`] : []),
      ];
    }),
  );
  const best = [...t.content.contrasts.values()]
    .map((c) => ({
      c,
      hits:
        Object.values(c.options).filter((o) => named.has(o.to)).length +
        (named.has(`contrast:${c.id}`) ? 1 : 0),
    }))
    .filter(({ c, hits }) => hits > 0 && t.has(`contrast.${c.id}.khac`))
    .sort((a, b) => b.hits - a.hits)[0];
  if (!best) {
    t.say('so-sanh.chua-ro');
    return;
  }
  t.sayContent(`contrast.${best.c.id}.khac`);
  for (const [option, o] of Object.entries(best.c.options))
    if (!o.to.startsWith('contrast:'))
      t.offer(`i:${o.to}`, t.wording(`contrast.${best.c.id}.${option}`) ?? option);
}

/** Which wards an old place lies in today. */
function whichWard(t: Turn): void {
  const place = t.heard.entities.find((e) => e.type === 'old-place' || e.type === 'ward');
  if (!place) t.say('phuong.chua-ro');
  else {
    const said = t.heard.text.slice(place.start, place.end);
    const wards = place.value.split('|').map((id) => wardName(t, id));
    if (place.type === 'ward') t.say('phuong.van-la', { ward: wards[0]! });
    else t.say('phuong.nay-la', { old: said, wards: wards.join('; ') });
  }
}

/** Written route and hotline; outside hours says so; then asks what the person should know. */
export function askOfficer(t: Turn, resume: () => void): void {
  if (t.sensitive) {
    // After a safe card nothing is written down: calling and going there are the ways. A report that is open stays.
    t.say('an-toan.khong-ghi');
    resume();
    return;
  }
  t.sayContent('gap-can-bo');
  const { calendar } = t.content;
  if (isOpen(calendar, t.world.now)) t.say('can-bo.dang-mo');
  else t.say('can-bo.ngoai-gio', { date: sayInstant(nextOpening(calendar, t.world.now), t.locale) });
  t.say('can-bo.ghi-gi');
  t.state.expects = { kind: 'officer', text: t.text };
}

/** Leaves a ticket that officers list. */
export function leaveTicket(t: Turn, as: 'ticket' | 'question', text: string, resume: () => void): void {
  if (t.sensitive) {
    t.clearExpects();
    t.say('an-toan.khong-ghi');
    return;
  }
  const c = fileTicket(t, as, text);
  const owner = t.agencyName(c.timeline.find((e) => e.kind === 'routed')!.to);
  t.clearExpects();
  if (as === 'ticket') t.say('can-bo.da-ghi', { code: c.id, owner });
  else t.say('cau-hoi.da-gui', { code: c.id, owner });
  resume();
}

/** Drops what is open; `next` turns to what waited behind it, unless all of it was meant. */
export function cancel(t: Turn, next: () => void): void {
  const { flow, expects, queued } = t.state;
  if (!flow && !expects) {
    t.say('khong-co-gi-de-huy');
    return;
  }
  if (flow) t.state.dropped = flow;
  t.setFlow(undefined);
  t.clearExpects();
  t.say('da-huy');
  if (t.phrase('cancelAll', 'in')) {
    t.state.queued = [];
    t.state.paused = [];
  } else if (flow || queued.length > 0) next();
}

/** "Rút lại" where nothing was sent yet: the draft is dropped. With a report sent besides, it is one to choose. */
function takesBackDraft(t: Turn, next: () => void): boolean {
  const draft = t.facts.typed ? undefined : draftOf(t);
  if (!draft) return false;
  const sent = t.facts.own.some((c) => !isClosed(foldCase(c, t.world.now).status));
  if (sent && draft === t.state.flow) {
    whichCase(t, 'withdraw', {
      id: 'x:huy',
      label: t.word('vu.nut-ban-nhap', { title: t.title(draft.intent) }),
    });
    return true;
  }
  if (sent) return false;
  t.state.paused = t.state.paused.filter((f) => f !== draft);
  t.setFlow(draft);
  cancel(t, next);
  return true;
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
