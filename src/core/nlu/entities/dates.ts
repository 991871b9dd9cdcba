// When, how long, how old: dates absolute, relative and lunar, clock times, durations and ages, in Hà Nội's time.
// Knows no working day and no deadline (calendar.ts).
import { LunarCalendar } from '@dqcai/vn-lunar';
import { type Find, type Line, matches, NOTHING, NUMBER, numberOf, type Span } from './reading.ts';

const DAY = 86_400_000;
const HANOI = 7 * 3_600_000;
/** A day as a count of days since 1970. */
type Day = number;

const iso = (d: Day): string => new Date(d * DAY).toISOString().slice(0, 10);
const part = (d: Day): { y: number; m: number; d: number } => {
  const t = new Date(d * DAY);
  return { y: t.getUTCFullYear(), m: t.getUTCMonth() + 1, d: t.getUTCDate() };
};
/** `undefined` for a day that does not exist (30/2). */
function dayOf(y: number, m: number, d: number): Day | undefined {
  const t = new Date(Date.UTC(y, m - 1, d));
  return y >= 1900 && y <= 2100 && t.getUTCMonth() === m - 1 && t.getUTCDate() === d
    ? t.getTime() / DAY
    : undefined;
}
const monthStart = (y: number, m: number): Day => Date.UTC(y, m - 1, 1) / DAY;
const inMonths = (d: Day, n: number): Day => {
  const { y, m, d: dd } = part(d);
  const start = monthStart(y, m + n);
  const days = monthStart(y, m + n + 1) - start;
  return start + Math.min(dd, days) - 1;
};
const monday = (d: Day): Day => d - ((((d + 3) % 7) + 7) % 7);
const nearest = (today: Day, options: (Day | undefined)[]): Day | undefined =>
  options.filter((d) => d !== undefined).sort((a, b) => Math.abs(a - today) - Math.abs(b - today))[0];

/** A lunar day as a solar one; day 30 of a short month is its last. Lunar years 1901–2099. */
function lunar(year: number, month: number, day: number): Day | undefined {
  if (year < 1901 || year > 2099 || month < 1 || month > 12 || day < 1 || day > 30) return undefined;
  try {
    const s = LunarCalendar.fromLunar(day, month, year, false).solarDate;
    const found = dayOf(s.year, s.month, s.day);
    if (found === undefined) return undefined;
    const back = LunarCalendar.fromSolar(s.day, s.month, s.year).lunarDate;
    return back.day === day ? found : found - 1;
  } catch {
    return undefined;
  }
}
/** Solar years around today: 29/2 may be two away. */
const AROUND = [-2, -1, 0, 1, 2];
/** "Mùng 5 tết", "23 tháng chạp": the nearest, or the one that `said` names ("vừa rồi", "tới", "năm ngoái", "năm 2024"). */
function lunarNamed(today: Day, { month, day, eve }: LunarDay, said?: string): Day | undefined {
  const { y } = part(today);
  const all = AROUND.map((k) => lunar(y + k, month, day));
  if (said === undefined || said === 'nay') return nearest(today, all);
  if (said.startsWith('nam ')) {
    const year = /\d{4}/.exec(said)?.[0];
    const named = year === undefined ? y + shift(said.slice(4)) : Number(year);
    if (eve) return lunar(named - 1, month, day);
    // The twelfth month of a lunar year mostly lies in the next solar one: a year is then told by Tết.
    const spring = lunar(y, 1, 1);
    const late = month === 12 && year === undefined && spring !== undefined && today < spring;
    return lunar(late ? named - 1 : named, month, day);
  }
  return shift(said) < 0
    ? all.findLast((d) => d !== undefined && d <= today)
    : all.find((d) => d !== undefined && d > today);
}
interface LunarDay {
  month: number;
  day: number;
  /** Told by the Tết that it precedes: "30 tết". */
  eve?: true;
}

const N = `(${NUMBER})`;
const UNIT = '(ngay|hom|bua|tuan|thang|nam)';
const LAST = '(?:truoc|roi|vua roi|vua qua|qua)';
const NEXT = '(?:sau|toi)';
const WEEKDAY = '(?:thu (2|3|4|5|6|7|hai|ba|tu|nam|sau|bay)|(chu nhat))';
const WEEKDAYS: Record<string, number> = {
  2: 0,
  3: 1,
  4: 2,
  5: 3,
  6: 4,
  7: 5,
  hai: 0,
  ba: 1,
  tu: 2,
  nam: 3,
  sau: 4,
  bay: 5,
};
const re = (s: string): RegExp => new RegExp(` ${s}(?= )`, 'g');

type Rule = [
  RegExp,
  /** `null`: a date was meant, but there is none such; nothing inside it is another. */
  (m: RegExpExecArray, today: Day, line: Line, span: Span) => Day | [Day, Day] | null | undefined,
];

const step = (today: Day, n: number, unit: string): Day =>
  unit === 'nam'
    ? inMonths(today, 12 * n)
    : unit === 'thang'
      ? inMonths(today, n)
      : today + n * (unit === 'tuan' ? 7 : 1);
const wholeMonth = (y: number, m: number): [Day, Day] => [monthStart(y, m), monthStart(y, m + 1) - 1];
const year4 = (s: string): number =>
  s.length === 2 ? (Number(s) > 50 ? 1900 : 2000) + Number(s) : Number(s);
const nearYear = (today: Day, m: number, d: number): Day | undefined => {
  const { y } = part(today);
  return nearest(
    today,
    AROUND.map((k) => dayOf(y + k, m, d)),
  );
};
/** A day of the month without a month: the nearest. */
const nearMonth = (today: Day, d: number): Day | undefined => {
  const { y, m } = part(today);
  return nearest(
    today,
    [-1, 0, 1].map((k) => {
      const s = part(monthStart(y, m + k));
      return dayOf(s.y, s.m, d);
    }),
  );
};
const third = ([a, b]: [Day, Day], which: string): [Day, Day] =>
  which === 'dau' ? [a, a + 9] : which === 'giua' ? [a + 10, a + 19] : [a + 20, b];
const monthNear = (today: Day, m: number): [Day, Day] | undefined => {
  const { y } = part(today);
  if (m < 1 || m > 12) return undefined;
  const start = nearest(today, [monthStart(y - 1, m), monthStart(y, m), monthStart(y + 1, m)])!;
  return wholeMonth(part(start).y, m);
};
const shift = (words: string | undefined): number =>
  words === undefined || words === 'nay' ? 0 : /^(?:truoc|roi|vua|qua|ngoai)/.test(words) ? -1 : 1;

const MONTH = `(${NUMBER}|tu)`;
const LUNAR_MONTH = `(${NUMBER}|tu|gieng|chap)`;
const LUNAR: [string, (m: RegExpExecArray) => LunarDay][] = [
  [`(?:ngay |hom )?(?:mung|mong) ${N} tet`, (m) => ({ month: 1, day: numberOf(m[1]!) })],
  ['(?:ngay |hom )?(28|29|30) tet', (m) => ({ month: 12, day: Number(m[1]), eve: true })],
  ['giao thua', () => ({ month: 12, day: 30, eve: true })],
  [
    `(?:ngay |hom )?(?:mung |mong )?${N} thang (gieng|chap)(?: am(?: lich)?)?`,
    (m) => ({ month: lunarMonth(m[2]!), day: numberOf(m[1]!) }),
  ],
  [
    `(?:ngay |hom )?ram thang ${LUNAR_MONTH}(?: am(?: lich)?)?`,
    (m) => ({ month: lunarMonth(m[1]!), day: 15 }),
  ],
  [
    `(?:ngay |hom )?(?:mung |mong )?${N} thang ${LUNAR_MONTH} am(?: lich)?`,
    (m) => ({ month: lunarMonth(m[2]!), day: numberOf(m[1]!) }),
  ],
  [
    '(?:ngay |hom )?(\\d{1,2})[/.](\\d{1,2}) am(?: lich)?',
    (m) => ({ month: Number(m[2]), day: Number(m[1]) }),
  ],
  ['gio to(?: hung vuong)?|(?:mung|mong) (?:10|muoi) thang (?:3|ba)', () => ({ month: 3, day: 10 })],
];
const WHICH =
  '(nay|vua roi|vua qua|roi|truoc|sap toi|toi|nam (?:nay|ngoai|truoc|roi|vua roi|sau|toi|\\d{4}))';
/** A lunar day alone, and with the word after it that says which year's. */
function lunarRules([stem, of]: (typeof LUNAR)[number]): Rule[] {
  return [
    [re(`(?:${stem})`), (m, t) => lunarNamed(t, of(m))],
    [
      re(`(?:${stem}) ${WHICH}`),
      // "Mùng 5 tết tôi ra phường" names nobody's year.
      (m, t, line, s) =>
        m.at(-1) === 'toi' && !line.accented.slice(s.from, s.to).endsWith('tới')
          ? undefined
          : lunarNamed(t, of(m), m.at(-1)),
    ],
  ];
}
const lunarMonth = (s: string): number => (s === 'gieng' ? 1 : s === 'chap' ? 12 : numberOf(s));

const DAY_IN = (k: string): string =>
  `(?<d${k}>\\d{1,2})(?:[/.](?<m${k}>\\d{1,2})(?:[/.](?<y${k}>\\d{4}))?| thang (?<n${k}>\\d{1,2})(?: nam (?<z${k}>\\d{4}))?)?`;
/** "Từ 12 đến 15/11": what the first day leaves out, the last one says. */
function between(m: RegExpExecArray, today: Day): [Day, Day] | undefined {
  const g = m.groups!;
  const month = g.mb ?? g.nb;
  const year = g.yb ?? g.zb;
  const last = month === undefined ? undefined : dayIn(today, g.db!, month, year);
  if (last === undefined) return undefined;
  const { y } = part(last);
  const own = g.ma ?? g.na;
  const ownYear = g.ya ?? g.za;
  let first = dayOf(Number(ownYear ?? y), Number(own ?? month), Number(g.da));
  // Over the new year: từ 28/12 đến 3/1.
  if (first !== undefined && first > last && own !== undefined && ownYear === undefined)
    first = dayOf(y - 1, Number(own), Number(g.da));
  return first === undefined || first > last ? undefined : [first, last];
}
const dayIn = (today: Day, d: string, m: string, y: string | undefined): Day | undefined =>
  y === undefined ? nearYear(today, Number(m), Number(d)) : dayOf(Number(y), Number(m), Number(d));
/** Written as a day of a month that has no such day: 30 tháng 2. */
const none = (m: number, d: number): null | undefined =>
  m >= 1 && m <= 12 && d >= 1 && d <= 31 ? null : undefined;

const RULES: Rule[] = [
  [re(`tu(?: ngay| hom)? ${DAY_IN('a')} (?:den|toi|-)(?: het)?(?: ngay| hom)? ${DAY_IN('b')}`), between],
  [re('(?:ngay )?(?:hom nay|bua nay|sang nay|trua nay|chieu nay|toi nay|dem nay)'), (_, t) => t],
  [
    re('(?:ngay )?(?:(?:sang |chieu |toi |dem |trua )?hom qua|dem qua|toi qua|chieu qua|sang qua)'),
    (_, t) => t - 1,
  ],
  [
    re('(?:sang |chieu |toi )?hom kia'),
    (_, t, line, s) => (line.accented.slice(s.from, s.to).endsWith('kìa') ? t - 3 : t - 2),
  ],
  [re('(?:ngay mai|sang mai|trua mai|chieu mai|toi mai)'), (_, t) => t + 1],
  [re('ngay kia'), (_, t) => t + 2],
  [
    re(`(?<! (?:lop|so|thu|lan|tuan|thang) )${N} ${UNIT} (?:nay|roi|truoc)`),
    (m, t) => step(t, -numberOf(m[1]!), m[2]!),
  ],
  [re(`cach day ${N} ${UNIT}`), (m, t) => step(t, -numberOf(m[1]!), m[2]!)],
  [
    re(`(?<= (?:sinh|de|sinh duoc|de duoc|qua doi|qua doi duoc|mat duoc) ?)${N} (hom|ngay|bua|tuan)`),
    (m, t) => step(t, -numberOf(m[1]!), m[2]!),
  ],
  [re(`${N} ${UNIT} (?:nua|toi)`), (m, t) => step(t, numberOf(m[1]!), m[2]!)],
  [
    re(`(?<!lan |con |so )${WEEKDAY} (?:tuan )?(nay|${LAST}|${NEXT})`),
    (m, t) => {
      const day = monday(t) + (m[2] ? 6 : WEEKDAYS[m[1]!]!);
      if (/tuan/.test(m[0])) return day + 7 * shift(m[3]);
      const past = shift(m[3]) < 0;
      if (m[3] === 'nay') return day < t ? day + 7 : day;
      return past ? (day < t ? day : day - 7) : day > t ? day : day + 7;
    },
  ],
  [
    re(`(cuoi |dau |giua )?tuan (nay|${LAST}|${NEXT})`),
    (m, t) => {
      const start = monday(t) + 7 * shift(m[2]);
      if (m[1] === 'cuoi ') return [start + 5, start + 6];
      return m[1] === 'dau ' ? [start, start + 1] : m[1] ? [start + 2, start + 3] : [start, start + 6];
    },
  ],
  [re('cuoi tuan'), (_, t) => [monday(t) + 5, monday(t) + 6]],
  [
    re(`(?:(dau|giua|cuoi) )?thang (nay|${LAST}|${NEXT})`),
    (m, t) => {
      const { y, m: mm } = part(t);
      const whole = wholeMonth(y, mm + shift(m[2]));
      return m[1] ? third(whole, m[1]) : whole;
    },
  ],
  [
    re('(dau|giua|cuoi) thang(?: (\\d{1,2}))?'),
    (m, t) => {
      const whole = m[2] ? monthNear(t, Number(m[2])) : wholeMonth(part(t).y, part(t).m);
      return whole && third(whole, m[1]!);
    },
  ],
  [
    re('(?:(dau|giua|cuoi) )?(nam nay|nam ngoai|nam truoc|nam roi|nam sau|nam toi|sang nam)'),
    (m, t) => {
      const y = part(t).y + (/sang|sau|toi/.test(m[2]!) ? 1 : /nay/.test(m[2]!) ? 0 : -1);
      const a = monthStart(y, m[1] === 'cuoi' ? 10 : m[1] === 'giua' ? 5 : 1);
      return [
        a,
        (m[1] === 'dau' ? monthStart(y, 4) : m[1] === 'giua' ? monthStart(y, 9) : monthStart(y, 13)) - 1,
      ];
    },
  ],
  ...LUNAR.flatMap(lunarRules),
  // Solar
  [
    re(`(?:ngay |hom )?(?:mung |mong )?${N} thang ${MONTH} nam (\\d{4})`),
    (m) => dayOf(Number(m[3]), numberOf(m[2]!), numberOf(m[1]!)) ?? none(numberOf(m[2]!), numberOf(m[1]!)),
  ],
  [
    re(`(?:ngay|hom|mung|mong|sinh|vao|tu|den)(?: mung| mong| ngay)? ${N} thang ${MONTH}`),
    (m, t) => nearYear(t, numberOf(m[2]!), numberOf(m[1]!)) ?? none(numberOf(m[2]!), numberOf(m[1]!)),
  ],
  [
    re('(\\d{1,2}) thang (\\d{1,2})'),
    (m, t) => nearYear(t, Number(m[2]), Number(m[1])) ?? none(Number(m[2]), Number(m[1])),
  ],
  [
    re('(?:ngay )?(\\d{1,2})/(\\d{1,2})/(\\d{4}|\\d{2})'),
    (m) => dayOf(year4(m[3]!), Number(m[2]), Number(m[1])),
  ],
  [
    re('(?:ngay )?(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})'),
    (m) => dayOf(Number(m[3]), Number(m[2]), Number(m[1])),
  ],
  [
    re('(?:ngay )?(\\d{1,2}) - (\\d{1,2}) - (\\d{4})'),
    (m) => dayOf(Number(m[3]), Number(m[2]), Number(m[1])),
  ],
  [
    re('(?:ngay|hom|tu|den|truoc|sau|vao|luc|sinh)(?: ngay)? (\\d{1,2})[/.](\\d{1,2})'),
    (m, t) => nearYear(t, Number(m[2]), Number(m[1])),
  ],
  [
    re(`(?:ngay|hom|bua) (\\d{1,2})(?: thang (nay|${LAST}|${NEXT}))?`),
    (m, t) => {
      if (!m[2]) return nearMonth(t, Number(m[1]));
      const { y, m: mm } = part(t);
      const month = part(monthStart(y, mm + shift(m[2])));
      return dayOf(month.y, month.m, Number(m[1])) ?? null;
    },
  ],
  [
    re('thang (\\d{1,2})(?:/| nam )(\\d{4})'),
    (m) => (Number(m[1]) >= 1 && Number(m[1]) <= 12 ? wholeMonth(Number(m[2]), Number(m[1])) : undefined),
  ],
  [re('(?:trong |hoi |tu |den )?thang (\\d{1,2})(?! tuoi)'), (m, t) => monthNear(t, Number(m[1]))],
  [
    re('(?:sinh )?nam ((?:19|20)\\d{2})'),
    (m) => [monthStart(Number(m[1]), 1), monthStart(Number(m[1]) + 1, 1) - 1],
  ],
];
/** "tôi qua", "tới nay": without the dấu sắc of tối (and typed plainly, more often so) no time of day. */
const NO_EVENING = /^t[ôoớ]i (?:nay|qua|mai)$/;

/** Dates and ranges of dates; relative ones count from `now`. */
export function* dates(line: Line, now: number): Generator<Find> {
  const today = Math.floor((now + HANOI) / DAY);
  for (const [pattern, read] of RULES)
    for (const { m, span } of matches(line, pattern)) {
      if (NO_EVENING.test(line.accented.slice(span.from, span.to))) continue;
      const found = read(m, today, line, span);
      const { start, end } = span;
      if (found === null) yield { type: 'date', value: NOTHING, start, end, rank: 2 };
      if (found == null || Number.isNaN(typeof found === 'number' ? found : found[0])) continue;
      yield typeof found === 'number'
        ? { type: 'date', value: iso(found), start, end, rank: 2 }
        : { type: 'date-range', value: `${iso(found[0])}/${iso(found[1])}`, start, end, rank: 1 };
    }
}

const PART = '(?: (sang|trua|chieu|toi|dem|khuya))?';
const CLOCKS: RegExp[] = [
  re(`(\\d{1,2}) ?(?:h|g|gio)(?: ?(\\d{1,2})(?: ?p| phut)?(?= )| (ruoi)| kem (\\d{1,2}))?${PART}`),
  re(`(\\d{1,2}):(\\d{2})()()${PART}`),
  re('(\\d{1,2})() (ruoi)() (sang|trua|chieu|toi|dem|khuya)'),
];
const TAKES = / (?:mat|trong|het|suot|khoang|toi da|cho|doi|ton|qua|hon|truoc) $/;

/** Clock times as HH:MM, 24 hours. "mất 3 giờ" is a duration, not a time. */
export function* times(line: Line): Generator<Find> {
  for (const pattern of CLOCKS)
    for (const { m, span } of matches(line, pattern)) {
      let hour = Number(m[1]);
      let minute = m[3] ? 30 : Number(m[2] || 0);
      if (m[4]) {
        hour -= 1;
        minute = 60 - Number(m[4]);
      }
      const when = m[5];
      if (
        !m[2] &&
        !m[3] &&
        !m[4] &&
        !when &&
        TAKES.test(line.folded.slice(Math.max(0, span.from - 14), span.from))
      )
        continue;
      if (hour === 12 && (when === 'dem' || when === 'khuya')) hour = 0;
      else if (hour < 12 && (when === 'chieu' || when === 'toi' || (when === 'trua' && hour <= 2)))
        hour += 12;
      else if (hour < 12 && hour >= 9 && (when === 'dem' || when === 'khuya')) hour += 12;
      const g = !m[2] && !m[3] && !when && /\dg/.test(m[0]);
      if (g || hour > 23 || hour < 0 || minute > 59) continue;
      const value = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
      yield { type: 'time', value, start: span.start, end: span.end, rank: 2 };
    }
}

const KIN = '(?:chau|be|con|em be|con em|con toi|con minh|be nha em|chau nha em|con gai|con trai)';
const AGE = re(`${N} tuoi`);
const AGE_SHORT = / (\d{1,2}) ?t(?= )/g;
const AGE_MONTHS = re(
  `(?:${KIN}(?: (?:em|toi|minh|nha|duoc|moi|da|nay|hien)){0,4} )?(?:moi )?${N} thang(?: (tuoi))?`,
);
const LASTS = re(
  `(${NUMBER}|nua) ?(phut|tieng|gio|ngay|hom|bua|tuan|thang|nam)( ruoi)?(?! nay| sau| toi| ngoai| nua| \\d)(?: lam viec)?`,
);
const ISO_UNIT: Record<string, string> = { ngay: 'D', hom: 'D', bua: 'D', tuan: 'W', thang: 'M', nam: 'Y' };

/** Ages in whole years: 14 tuổi, 14t, "bé mới 3 tháng" (0). */
export function* ages(line: Line): Generator<Find> {
  const age = (years: number, span: Span): Find => ({
    type: 'age',
    value: String(years),
    start: span.start,
    end: span.end,
    rank: 3,
  });
  for (const { m, span } of matches(line, AGE)) if (numberOf(m[1]!) <= 120) yield age(numberOf(m[1]!), span);
  for (const { m, span } of matches(line, AGE_SHORT))
    if (!/ (?:xe|tai|nang) $/.test(line.folded.slice(Math.max(0, span.from - 8), span.from)))
      yield age(Number(m[1]), span);
  for (const { m, span } of matches(line, AGE_MONTHS)) {
    const at = m[0].search(new RegExp(`(?:moi )?${NUMBER} thang`));
    const kin = new RegExp(`^ ${KIN}`).test(m[0]) || / moi /.test(m[0]);
    if ((!m[2] && !kin) || numberOf(m[1]!) > 72 || at < 0) continue;
    const from = span.from + at - 1 + (m[0].slice(at).startsWith('moi ') ? 4 : 0);
    yield { ...age(Math.floor(numberOf(m[1]!) / 12), { ...span, ...line.span(from, span.to) }) };
  }
}

/** Durations in ISO 8601: 3 ngày P3D, nửa tháng P15D, 2 năm rưỡi P30M, 45 phút PT45M. */
export function* durations(line: Line): Generator<Find> {
  for (const { m, span } of matches(line, LASTS)) {
    if (m[1] === 'nam' && m[2] !== 'nam') continue;
    const n = m[1] === 'nua' ? 0.5 : numberOf(m[1]!) + (m[3] ? 0.5 : 0);
    if (!n) continue;
    yield { type: 'duration', value: period(n, m[2]!), start: span.start, end: span.end, rank: 0 };
  }
}

function period(n: number, unit: string): string {
  if (unit === 'phut') return `PT${Math.round(n)}M`;
  if (unit === 'tieng' || unit === 'gio') return Number.isInteger(n) ? `PT${n}H` : `PT${n * 60}M`;
  if (Number.isInteger(n)) return `P${n}${ISO_UNIT[unit]}`;
  if (unit === 'nam') return `P${n * 12}M`;
  if (unit === 'thang') return `P${n * 30}D`;
  if (unit === 'tuan') return `P${Math.round(n * 7)}D`;
  return `PT${n * 24}H`;
}
