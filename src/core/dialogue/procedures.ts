// Answers about procedures: assembled from checked facts, line by line, with source, date and the warning of
// newer norms. What is unknown is said to be unknown, with whom to ask. Nothing here is generated.
import {
  addDays,
  addWorkingDays,
  clockOf,
  dateOf,
  holidayOn,
  holidaysBetween,
  instantOf,
  isWorkingDay,
  nextWorkingDay,
  sameDay,
  sayDate,
} from '../calendar.ts';
import {
  type FactField,
  isBarred,
  known,
  OVERVIEW,
  type Procedure,
  resting,
  type SystemId,
  type Told,
} from '../content/index.ts';
import { type Answers, holds } from '../flow/index.ts';
import type { Facet } from '../nlu/index.ts';
import { capital } from '../text.ts';
import type { Turn } from './turn.ts';

/** In an overview these tell their first lines; a button tells the rest. Papers and fees are always told whole. */
const BRIEF = new Set<FactField>(['place', 'time']);
const BRIEF_LINES = 2;
/** At most so many buttons for further facets under an answer, of these. */
const SHOWN = 4;
const MORE = ['documents', 'time', 'fee', 'place', 'online', 'conditions', 'result', 'legal-basis'] as const;
type More = (typeof MORE)[number];

const fieldsOf = (facets: Facet[]): FactField[] => facets.flatMap((f) => (f === 'overview' ? OVERVIEW : [f]));

/** Who is asked what is not known here, as words inside a sentence. */
export const agencyOf = (t: Turn, p: Procedure, answers: Answers): string =>
  (
    known(p, ['agency'], isBarred(p, answers) ? {} : answers, dateOf(t.world.now))[0]?.lines[0] ??
    t.word('thu-tuc.hoi-ai')
  ).replace(/\.$/, '');

/** A button for each facet that something is known of, but for these; at most SHOWN. */
export function offerFacets(t: Turn, p: Procedure, answers: Answers, but: FactField[] = []): void {
  const holding = new Set(
    known(p, Object.keys(p.facts) as FactField[], answers, dateOf(t.world.now)).map((f) => f.field),
  );
  for (const facet of MORE.filter((f) => !but.includes(f) && holding.has(f)).slice(0, SHOWN))
    t.button(`f:${p.id}:${facet}`, `nut.${facet}` as `nut.${More}` & SystemId as never);
}

/** Says these lines of its facts about a point, with their sources. */
export function tellLines(
  t: Turn,
  p: Procedure,
  told: Told[],
  about: { title: string; point: string },
): void {
  t.say('thu-tuc.diem', { ...about, lines: list(told.flatMap((f) => f.lines)) });
  tellSources(t, p, told);
}

/**
 * Says what is known of the facets asked for, for the answers given; then offers the rest. `on`: the day on which it is
 * to be handed in, ISO, when one was named.
 */
export function tellProcedure(
  t: Turn,
  p: Procedure,
  facets: Facet[],
  answers: Answers,
  lead?: string,
  on?: string,
): void {
  t.state.topic = { intent: p.id, answers, facets, key: t.inbound.key, ...(on && { on }) };
  if (isBarred(p, answers)) {
    tellBarred(t, p);
    return;
  }
  const date = dateOf(t.world.now);
  facets = toldFor(p, facets);
  const overview = facets.includes('overview');
  const fields = [...new Set(fieldsOf(facets))];
  const told = known(p, fields, answers, date);
  const shortened: FactField[] = [];
  const name = t.title(p.id);
  const agency = agencyOf(t, p, answers);

  if (t.locale === 'en' && told.length > 0) t.say('thu-tuc.tieng-viet', { title: name });
  // Every line may belong to another case than this one (a foreigner's procedure): then the lead says so alone.
  const holding = new Set(known(p, Object.keys(p.facts) as FactField[], answers, date).map((f) => f.field));
  // Papers are asked for to get it done: what to do and where stands before them as before an overview.
  const leading = overview || facets.includes('documents') || holding.size === 0;
  const said = lead !== undefined && leading ? resting(t.wording(lead) ?? '', p) : '';
  if (lead !== undefined && said) t.put(lead, said);
  else t.say('thu-tuc.ve', { title: capital(name) });
  const others = [...holding].filter((f) => !fields.includes(f));
  const marked = overview ? known(p, others, answers, date, true) : [];
  if (marked.length > 0) t.say('thu-tuc.can-nho', { lines: list(marked.flatMap((f) => f.lines)) });
  told.push(...marked);
  if (Object.keys(p.facts).length === 0) t.say('thu-tuc.chua-co-gi', { title: name, agency });
  else if (holding.size > 0 || !lead)
    for (const field of fields) {
      if (field === 'agency') continue;
      const fact = told.find((f) => f.field === field);
      if (fact) {
        const short = overview && BRIEF.has(field) && fact.lines.length > BRIEF_LINES + 1;
        const lines = short
          ? [
              ...fact.lines.slice(0, BRIEF_LINES),
              t.word('thu-tuc.con-nua', { count: fact.lines.length - BRIEF_LINES }),
            ]
          : fact.lines;
        if (short) shortened.push(field);
        t.say(`thu-tuc.${field}` as 'thu-tuc.fee', { lines: list(lines) });
        if (field === 'time') tellDate(t, fact, answers, on);
      } else if (field === 'place' && holding.has('agency')) {
        const who = known(p, ['agency'], answers, date)[0]!;
        t.say('thu-tuc.agency', { lines: list(who.lines) });
        told.push(who);
      } else t.say(`thu-tuc.chua-co.${field}` as 'thu-tuc.chua-co.fee', { agency });
    }
  tellSources(t, p, told);

  offerFacets(
    t,
    p,
    answers,
    fields.filter((f) => !shortened.includes(f)),
  );
  if (!overview && holding.size > 0) t.button(`f:${p.id}:overview`, 'nut.overview');
}

/** A foreigner asked about what is for citizens: that, where it is published, and whom to ask; none of its facts. */
function tellBarred(t: Turn, p: Procedure): void {
  const { source, checked } = p.citizens!;
  const day = checked.split('-').reverse().join('/');
  t.say('thu-tuc.chi-cong-dan', { title: t.title(p.id), agency: agencyOf(t, p, {}) });
  t.say('thu-tuc.nguon', { sources: t.word('thu-tuc.nguon-ngay', { source: capital(source), day }) });
  t.offer(`n:${p.id}`, t.word('nut.la-cong-dan'));
}

const list = (lines: string[]): string =>
  lines.length === 1 ? lines[0]! : `\n${lines.map((l) => `• ${l}`).join('\n')}`;

/**
 * A time limit as a date, when handed in now or on a day named: same-day with its cutoff, or working days with the
 * holidays in between.
 */
function tellDate(t: Turn, time: Told, answers: Answers, on?: string): void {
  const limit = time.fact.limit?.find((l) => holds(l.when, answers) === true);
  const { calendar } = t.content;
  const today = dateOf(t.world.now);
  const sameDayLimit = limit?.unit === 'same-day' && limit.cutoff !== undefined;
  const dayLimit = limit?.unit === 'working-day' && limit.amount > 0;
  const later = on !== undefined && on > today;
  if (!limit || !(sameDayLimit || dayLimit)) {
    if (on !== undefined) t.say('thu-tuc.chua-tinh-ngay');
    return;
  }
  const from = later ? on : today;
  const working = isWorkingDay(calendar, from);
  const closed = !later && clockOf(t.world.now) >= (calendar.hours.at(-1)?.to ?? '24:00');
  const rest = holidayOn(calendar, from) ?? t.word('thu-tuc.cuoi-tuan');
  if (!later && (!working || closed)) {
    // Nothing is handed in today: a date counted from it would be a day early.
    // Only the working day is named, not when papers are taken: some offices take them on a Saturday morning.
    const date = sayDate(nextWorkingDay(calendar, addDays(today, 1)), t.locale);
    if (working) t.say('thu-tuc.het-gio', { date });
    else t.say('thu-tuc.hom-nay-nghi', { today: sayDate(today, t.locale), why: rest, date });
    return;
  }
  if (later) {
    const start = nextWorkingDay(calendar, on);
    if (!working) {
      const next = sayDate(start, t.locale);
      t.say('thu-tuc.nop-ngay-nghi', { day: capital(sayDate(on, t.locale)), why: rest, next });
    }
    const day = sayDate(start, t.locale);
    const date = dayLimit
      ? addWorkingDays(calendar, instantOf(start), limit.amount)
      : nextWorkingDay(calendar, addDays(start, 1));
    if (dayLimit) t.say('thu-tuc.nop-ngay', { day, amount: limit.amount, date: sayDate(date, t.locale) });
    else t.say('thu-tuc.nop-ngay-gio', { day, cutoff: limit.cutoff!, date: sayDate(date, t.locale) });
    tellHolidays(t, start, date);
    return;
  }
  if (dayLimit) {
    const date = addWorkingDays(calendar, t.world.now, limit.amount);
    t.say('thu-tuc.hen-ngay', { date: sayDate(date, t.locale), amount: limit.amount });
    tellHolidays(t, today, date);
    return;
  }
  // Before the cutoff the published text says no date: nothing is promised.
  const clock = clockOf(t.world.now);
  if (clock < limit.cutoff!) return;
  const date = sameDay(calendar, t.world.now, limit.cutoff!);
  t.say('thu-tuc.hen-tra', {
    clock: `${clock} ${sayDate(today, t.locale)}`,
    cutoff: limit.cutoff!,
    date: sayDate(date, t.locale),
  });
  tellHolidays(t, today, date);
}

/** Names the holidays that move a date. */
export function tellHolidays(t: Turn, from: string, to: string): void {
  const off = holidaysBetween(t.content.calendar, from, to);
  if (off.length > 0)
    t.say('thu-tuc.nghi-le', {
      holidays: off.map((h) => `${sayDate(h.date, t.locale)} (${h.name})`).join(', '),
    });
}

/** Every source once, with the norms read there and the latest day it was checked. */
function tellSources(t: Turn, p: Procedure, told: Told[]): void {
  if (told.length > 0) {
    const sources = new Map<string, { norms: Set<string>; checked: string }>();
    for (const { fact } of told) {
      const known = sources.get(fact.source) ?? { norms: new Set(), checked: fact.checked };
      for (const norm of fact.norm?.split('; ') ?? []) known.norms.add(norm);
      if (fact.checked > known.checked) known.checked = fact.checked;
      sources.set(fact.source, known);
    }
    const lines = [...sources].map(([source, { norms, checked }]) => {
      const day = checked.split('-').reverse().join('/');
      const read = norms.size > 0 ? `: ${[...norms].join('; ')}` : '';
      return t.word('thu-tuc.nguon-ngay', { source: capital(source) + read, day });
    });
    t.say('thu-tuc.nguon', { sources: lines.join('. ') });
    if (told.some((f) => f.fact.quoted)) t.say('thu-tuc.trich');
  }
  if (p.newer) t.say('thu-tuc.van-ban-moi', { newer: p.newer });
}

/** The facets told for those asked: who asks how it is done is told what there is, papers, time, fee and place. */
export const toldFor = (p: Procedure, facets: Facet[]): Facet[] =>
  facets.includes('steps') && !p.facts.steps
    ? [...new Set<Facet>(['overview', ...facets.filter((f) => f !== 'steps')])]
    : facets;

/** Whether only the questions marked `first` come before these facets: all others matter for papers and overview. */
export const onlyFirst = (facets: Facet[]): boolean =>
  facets.length > 0 && !facets.includes('overview') && !facets.includes('documents');
