// Days and office hours of Hà Nội, over a calendar that is data. Pure: every function gets its instant.
// Counting: the day after the event is day one; a last day that falls on rest moves to the next working day
// (Bộ luật Dân sự 2015, Điều 147, 148).
import type { Calendar, Deadline } from './content/schema.ts';
import type { Instant } from './message.ts';

/** Hà Nội has kept UTC+7 without summer time since 1975. */
const OFFSET = 7 * 3_600_000;
const DAY = 86_400_000;

/** ISO date of an instant in Hà Nội. */
export const dateOf = (at: Instant): string => new Date(at + OFFSET).toISOString().slice(0, 10);

/** HH:MM in Hà Nội. */
export const clockOf = (at: Instant): string => new Date(at + OFFSET).toISOString().slice(11, 16);

/** The instant of a wall-clock time in Hà Nội. */
export const instantOf = (date: string, clock = '00:00'): Instant =>
  Date.parse(`${date}T${clock}:00Z`) - OFFSET;

export const addDays = (date: string, n: number): string =>
  new Date(Date.parse(date) + n * DAY).toISOString().slice(0, 10);

/** 0 = Sunday. */
export const weekdayOf = (date: string): number => new Date(date).getUTCDay();

/** The holiday a date falls on, if any. */
export function holidayOn(calendar: Calendar, date: string): string | undefined {
  return calendar.off.find((o) => o.from <= date && date <= (o.to ?? o.from))?.name;
}

export function isWorkingDay(calendar: Calendar, date: string): boolean {
  if (calendar.makeup.includes(date)) return true;
  const weekday = weekdayOf(date);
  return weekday !== 0 && weekday !== 6 && holidayOn(calendar, date) === undefined;
}

/** The first working day on or after a date. */
export function nextWorkingDay(calendar: Calendar, date: string): string {
  let d = date;
  while (!isWorkingDay(calendar, d)) d = addDays(d, 1);
  return d;
}

const opening = (c: Calendar): string => c.hours[0]!.from;

/** Whether offices are open at an instant. */
export function isOpen(calendar: Calendar, at: Instant): boolean {
  const clock = clockOf(at);
  return isWorkingDay(calendar, dateOf(at)) && calendar.hours.some((h) => h.from <= clock && clock < h.to);
}

/** The next time offices open, at or after an instant. */
export function nextOpening(calendar: Calendar, at: Instant): Instant {
  const clock = clockOf(at);
  const date = dateOf(at);
  if (isWorkingDay(calendar, date)) {
    const span = calendar.hours.find((h) => clock < h.to);
    if (span) return clock < span.from ? instantOf(date, span.from) : at;
  }
  return instantOf(nextWorkingDay(calendar, addDays(date, 1)), opening(calendar));
}

/** The n-th working day after the day of `at`. */
export function addWorkingDays(calendar: Calendar, at: Instant, n: number): string {
  let d = dateOf(at);
  for (let left = n; left > 0; ) {
    d = addDays(d, 1);
    if (isWorkingDay(calendar, d)) left--;
  }
  return d;
}

/** `hours` of office time after `at`; two spans a day, nights and rest days do not count. */
export function addWorkingHours(calendar: Calendar, at: Instant, hours: number): Instant {
  let left = hours * 3_600_000;
  let t = nextOpening(calendar, at);
  for (;;) {
    const span = calendar.hours.find((h) => h.from <= clockOf(t) && clockOf(t) < h.to)!;
    const end = instantOf(dateOf(t), span.to);
    if (end - t >= left) return t + left;
    left -= end - t;
    t = nextOpening(calendar, end);
  }
}

/**
 * When a limit that starts at `from` ends: one in hours within office time, one in days with the last moment of its
 * last day (Bộ luật Dân sự 2015, Điều 148), whatever the office hours.
 */
export function dueAt(calendar: Calendar, limit: Pick<Deadline, 'n' | 'unit'>, from: Instant): Instant {
  if (limit.unit === 'working-hour') return addWorkingHours(calendar, from, limit.n);
  const last =
    limit.unit === 'working-day'
      ? addWorkingDays(calendar, from, limit.n)
      : nextWorkingDay(calendar, addDays(dateOf(from), limit.n));
  return instantOf(addDays(last, 1)) - 1;
}

/** The day a same-day procedure is answered when handed in at `at`: today before the cutoff on a working day, else the next. */
export function sameDay(calendar: Calendar, at: Instant, cutoff: string): string {
  const date = dateOf(at);
  const inTime = isWorkingDay(calendar, date) && clockOf(at) < cutoff;
  // Handed in on a rest day counts as handed in when the office opens.
  if (!isWorkingDay(calendar, date)) return nextWorkingDay(calendar, date);
  return inTime ? date : nextWorkingDay(calendar, addDays(date, 1));
}

const WEEKDAYS = ['Chủ nhật', 'thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy'];
const ENGLISH_WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** 'thứ Tư 25/11/2026'. */
export function sayDate(date: string, locale: 'vi' | 'en' = 'vi'): string {
  const [y, m, d] = date.split('-');
  return `${(locale === 'en' ? ENGLISH_WEEKDAYS : WEEKDAYS)[weekdayOf(date)]} ${d}/${m}/${y}`;
}

/** '16:30', '8:00': an hour as it is said. */
export const sayClock = (at: Instant): string => clockOf(at).replace(/^0/, '');

/** '16:30 thứ Tư 25/11/2026'. */
export const sayInstant = (at: Instant, locale: 'vi' | 'en' = 'vi'): string =>
  `${sayClock(at)} ${sayDate(dateOf(at), locale)}`;

/** Named holidays on weekdays between two dates, both ends included: the reason a date is later than one would count. */
export function holidaysBetween(
  calendar: Calendar,
  from: string,
  to: string,
): { date: string; name: string }[] {
  const found: { date: string; name: string }[] = [];
  for (let d = from; d <= to; d = addDays(d, 1)) {
    const name = holidayOn(calendar, d);
    if (name && weekdayOf(d) !== 0 && weekdayOf(d) !== 6 && !isWorkingDay(calendar, d))
      found.push({ date: d, name });
  }
  return found;
}
