// The day a message names, today or later: "24/11", "mai", "thứ bảy". Knows no procedure and no office.
import { addDays, dateOf, weekdayOf } from '../calendar.ts';
import { fold } from '../text.ts';
import { PLACES, type Turn, without } from './turn.ts';

/** ISO date of the day named in the message, or in the part of it that is asked about; none that the calendar does not reach. */
export function namedDay(t: Turn, text = t.text): string | undefined {
  const today = dateOf(t.world.now);
  const entities = text === t.text ? t.heard.entities : [];
  const said = entities.find(
    (e) => e.type === 'date' && /^\d{4}-\d\d-\d\d$/.test(e.value) && e.value >= today,
  );
  // The name of a ward, an office or a street is no day: phường Hoàng Mai, số 12/5.
  const rest = without({ text: text === t.text ? t.heard.text : text, entities }, [...PLACES, 'agency']);
  const day = said?.value ?? dayNamed(rest, today);
  // Nothing is known of years that the calendar does not reach.
  const last =
    t.content.calendar.off
      .map((o) => o.to ?? o.from)
      .sort()
      .at(-1) ?? '';
  return day === undefined || day.slice(0, 4) > last.slice(0, 4) ? undefined : day;
}

/** The day on which the message means to hand papers in; undefined when it names none or tells of another thing. */
export const handInDay = (t: Turn): string | undefined =>
  t.phrase('handIn', 'in') ? namedDay(t) : undefined;

const WEEKDAYS = ['hai', 'ba', 'tu', 'nam', 'sau', 'bay'];
const WEEKDAY =
  /(?<!(?:^| )(?:lan|con|so|dua|be|nguoi|vo|chong))(?:^| )(?:t([2-7])|thu ([2-7]|hai|ba|tu|nam|sau|bay))(?= |$)/;
const SUNDAY =
  /(?:^| )chu nhat(?= |$)|(?:sang|chieu|ngay|hom|t7) cn(?= |$)|(?:^| )cn (?:nay|toi|tuan|co|phuong|lam)(?= |$)/;
/** A bare day, today or later, in a question about opening hours: "24/11", "mai", "thứ bảy". */
function dayNamed(text: string, today: string): string | undefined {
  const words = fold(text).replace(/[^a-z0-9/]+/g, ' ');
  const numbers = /(?:^|(so|nha|ngo|ngach|hem|to)? )(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?(?= |$)/.exec(words);
  if (numbers && !numbers[1] && numbers[0].trim() !== '24/7') {
    const [, , d, m, y] = numbers;
    const on = (year: string): string => `${year}-${m!.padStart(2, '0')}-${d!.padStart(2, '0')}`;
    const year = today.slice(0, 4);
    const past = on(y ?? year) < today;
    if (past && (y || /(?:vua|roi|qua|truoc)(?= |$)/.test(words))) return undefined;
    const day = past ? on(String(Number(year) + 1)) : on(y ?? year);
    return isDate(day) ? day : undefined;
  }
  if (/(?:^| )ngay (?:mot|kia)(?= |$)/.test(words)) return addDays(today, 2);
  if (/(?:^| )(?:ngay |sang |chieu |trua )?mai(?= |$)/.test(words)) return addDays(today, 1);
  if (SUNDAY.test(words)) return addDays(today, (7 - weekdayOf(today)) % 7);
  const named = WEEKDAY.exec(words);
  const which = named?.[1] ?? named?.[2];
  if (which === undefined) return undefined;
  const wanted = /\d/.test(which) ? Number(which) - 1 : WEEKDAYS.indexOf(which) + 1;
  return addDays(today, (wanted - weekdayOf(today) + 7) % 7);
}
const isDate = (day: string): boolean => {
  const at = Date.parse(day);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
};
