// Codes, phones, e-mails and sums of money. Hides how people write them; knows no calendar.
import { parseCaseCode } from '../../case-code.ts';
import { type Find, type Line, matches, NUMBER, numberOf } from './reading.ts';

/** Old eleven-digit mobile prefixes and what they became in 2018. */
const MOVED: Record<string, string> = {
  '0120': '070',
  '0121': '079',
  '0122': '077',
  '0126': '076',
  '0128': '078',
  '0123': '083',
  '0124': '084',
  '0125': '085',
  '0127': '081',
  '0129': '082',
  '0162': '032',
  '0163': '033',
  '0164': '034',
  '0165': '035',
  '0166': '036',
  '0167': '037',
  '0168': '038',
  '0169': '039',
  '0186': '056',
  '0188': '058',
  '0199': '059',
};
/** A letter o typed for a zero counts beside a digit. */
const DIGITS = /(?<![\p{L}\d.,])(?:\+?\d|o(?=[\s.\-–]?\d))/gu;
const GAP = /[\s.\-–()]/;

/** Phones (mobile, landline, +84): runs of digits, possibly with blanks, dots or dashes. */
export function* phones(text: string): Generator<Find> {
  DIGITS.lastIndex = 0;
  for (let m = DIGITS.exec(text); m; m = DIGITS.exec(text)) {
    const ends: number[] = [];
    let digits = '';
    let gap = 0;
    let i = m.index + (m[0].startsWith('+') ? 1 : 0);
    for (; i < text.length && digits.length < 14; i++) {
      const c = text.charAt(i);
      if ((c >= '0' && c <= '9') || (c === 'o' && isZero(text, i))) {
        digits += c === 'o' ? '0' : c;
        ends.push(i + 1);
        gap = 0;
      } else if (!GAP.test(c) || ++gap > 2) break;
    }
    if (digits.length < 9) continue;
    const found = phone(digits, m[0].startsWith('+'));
    if (!found) continue;
    const end = ends[found.length - 1]!;
    if (/\d/.test(text.charAt(end))) continue;
    yield { type: 'phone', value: found.value, start: m.index, end };
    DIGITS.lastIndex = end;
  }
}

const isZero = (text: string, at: number): boolean =>
  !/\p{L}/u.test(text.charAt(at - 1) + text.charAt(at + 1)) &&
  /\d/.test(text.charAt(at - 1) + text.slice(at + 1, at + 3));

/** The phone a run of digits begins with, and how many of the digits it takes. */
function phone(digits: string, plus: boolean): { value: string; length: number } | undefined {
  if (digits.startsWith('0084')) {
    const called = phone(digits.slice(2), true);
    return called && { ...called, length: called.length + 2 };
  }
  const abroad = digits.startsWith('84') && (plus || /^84[35789]\d{8}/.test(digits));
  if (plus && !abroad) return undefined;
  const skip = abroad ? (digits.charAt(2) === '0' ? 3 : 2) : 0;
  const local = abroad ? `0${digits.slice(skip)}` : digits;
  const taken = (n: number): number => n + (abroad ? skip - 1 : 0);
  if (/^0[35789]\d{8}/.test(local)) return { value: local.slice(0, 10), length: taken(10) };
  if (/^02\d{9}$/.test(local.slice(0, 11))) return { value: local.slice(0, 11), length: taken(11) };
  const moved = MOVED[local.slice(0, 4)];
  if (moved && /^\d{11}$/.test(local)) return { value: moved + local.slice(4, 11), length: taken(11) };
  return undefined;
}

const SPOKEN = '(?:khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|\\d)';
const SPOKEN_PHONE = new RegExp(` (?:khong|0) (?:ba|nam|bay|tam|chin|[35789])(?: ${SPOKEN}){8}(?= )`, 'g');

/** "Không chín tám bảy …": ten digits said one by one. */
export function* spokenPhones(line: Line): Generator<Find> {
  for (const { m, span } of matches(line, SPOKEN_PHONE)) {
    const value = m[0]
      .trim()
      .split(' ')
      .map((w) => (w === 'khong' ? 0 : numberOf(w)))
      .join('');
    yield { type: 'phone', value, start: span.start, end: span.end, rank: 1 };
  }
}

const EMAIL = /(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}/g;
const DOSSIER =
  /(?<![a-z0-9.])(?:\d{2,3}\.){0,3}[a-z]\d{2}(?:\.\d{1,4}){0,3}[-–\s]{1,3}\d{6}[-–\s]{1,3}\d{3,6}(?![a-z0-9])/g;
const PROCEDURE = /(?<![a-z0-9.])([1-3])[.,](\d{6})(?:\.\d{3}\.\d{2}\.\d{2}\.[a-z]\d{2})?(?![a-z0-9])/g;
/** With its dot left out or misplaced it is a code where it is called one. */
const PROCEDURE_BARE =
  /(?<![a-z0-9.])(?:thu tuc|tthc|ma(?: so)?(?: thu tuc)?)(?: so| ma| ma so)?[\s:]{1,2}([1-3])[\s.]?(\d{3})[\s.]?(\d{3})(?![a-z0-9]|[.,]\d)/dg;
const SYMBOL = '[0-9a-z]';
const CASE_GROUPS = new RegExp(
  `(?<![a-z0-9])${SYMBOL}{3}[\\s.\\-–_]{0,3}${SYMBOL}{3}[\\s.\\-–_]{0,3}${SYMBOL}{3}(?![a-z0-9])`,
  'g',
);
const CASE_SPELLED = new RegExp(`(?<![a-z0-9])${SYMBOL}(?:[\\s.\\-–]{1,2}${SYMBOL}){8}(?![a-z0-9])`, 'g');

/** E-mail addresses, dossier, procedure and case codes, found in the folded text. */
export function* codes(text: string): Generator<Find> {
  for (const m of text.matchAll(EMAIL)) yield { type: 'email', value: m[0], ...spanOf(m) };
  for (const m of text.matchAll(DOSSIER)) {
    const value = m[0].toUpperCase().replace(/[-–\s]+/g, '-');
    yield { type: 'dossier-code', value, ...spanOf(m), rank: 2 };
  }
  for (const m of text.matchAll(PROCEDURE))
    yield { type: 'procedure-code', value: `${m[1]}.${m[2]}`, ...spanOf(m), rank: 1 };
  for (const m of text.matchAll(PROCEDURE_BARE)) {
    const [[start], [, end]] = [m.indices![1]!, m.indices![3]!];
    yield { type: 'procedure-code', value: `${m[1]}.${m[2]}${m[3]}`, start, end, rank: 2 };
  }
  for (const pattern of [CASE_GROUPS, CASE_SPELLED]) {
    pattern.lastIndex = 0;
    for (let m = pattern.exec(text); m; m = pattern.exec(text)) {
      const value = parseCaseCode(m[0]);
      if (value) yield { type: 'case-code', value, ...spanOf(m), rank: 3 };
      else pattern.lastIndex = m.index + 1;
    }
  }
}
const spanOf = (m: RegExpExecArray): { start: number; end: number } => ({
  start: m.index,
  end: m.index + m[0].length,
});

const UNIT: Record<string, number> = {
  ty: 1e9,
  ti: 1e9,
  trieu: 1e6,
  tr: 1e6,
  cu: 1e6,
  nghin: 1e3,
  ngan: 1e3,
  k: 1e3,
  dong: 1,
  d: 1,
  vnd: 1,
};
const UNITS = '(ty|ti|trieu|tr|cu|nghin|ngan|k|dong|d|vnd)';
/** "Hai lăm", "ba tư", "hăm hai": tens whose word is left out, said of sums only. */
const SHORT =
  '(?:(?:hai|ba|bon|nam|sau|bay|tam|chin) (?:mot|tu|lam|nham)|(?:ham|bam) (?:mot|hai|ba|bon|tu|lam|nham|sau|bay|tam|chin))';
const SHORT_WHOLE = new RegExp(`^${SHORT}$`);
const AMOUNT = `(${SHORT}(?= (?:nghin|ngan|trieu|ty|ti|k|tr) )|\\d{1,3}(?:[.,]\\d{3}){1,4}|\\d{1,12}(?:[.,]\\d{1,2})?|(?:${NUMBER} )?tram(?: ${NUMBER})?|${NUMBER})`;
const SUM = new RegExp(
  `(?<= )${AMOUNT} ?${UNITS}(?:(\\d{1,3})(?= )|(?: (ruoi)(?= ))|(?: ?${AMOUNT} ?${UNITS}?(?= )))?(?= )`,
  'g',
);
const HALF = / (ty|ti|trieu) ruoi(?= )/g;
const HALF_OF = / nua (ty|ti|trieu)(?: dong)?(?= )/g;
/** What is counted after a sum: "ba triệu hai đứa" is no 3,2 triệu. */
const COUNTED =
  /^ (?:nguoi|vo|chong|con|dua|bo|me|anh|chi|ong|ba|chau|ban|nha|thang|nam|ngay|tuan|lan|can|phong|cai|xe|suat|ho|cho|cay|gio|buoi|tram nguoi|nghin|ngan|trieu|ty) /;
const GROUPED = / ([1-9]\d{0,2}(?:[.,]\d{3}){2,4})(?= )/g;
const PRICED =
  / (?:phi|tien|gia|thu|dong|nop|mat|phat|luong|het)(?: (?!tuc |so |ma |tthc )[a-z]+){0,2} (\d{1,3}[.,]\d{3}|[1-9]\d{4,7})(?= )/g;

const plain = (s: string): number =>
  /^\d{1,3}([.,]\d{3})+$/.test(s) ? Number(s.replace(/[.,]/g, '')) : Number(s.replace(',', '.'));
const TENS: Record<string, number> = { ham: 2, bam: 3 };
const ONES: Record<string, number> = { nham: 5 };
function amount(s: string): number {
  if (/^\d/.test(s)) return plain(s);
  if (SHORT_WHOLE.test(s)) {
    const [tens, ones] = s.split(' ') as [string, string];
    return 10 * (TENS[tens] ?? numberOf(tens)) + (ONES[ones] ?? numberOf(ones));
  }
  const [hundreds, rest] = s.split(/ ?tram ?/);
  if (rest === undefined) return numberOf(s);
  return (hundreds ? numberOf(hundreds) : 1) * 100 + (rest ? numberOf(rest) : 0);
}

/** What follows the unit without one of its own, as a share of it: "ba triệu hai", "1 tỷ hai trăm", "2 triệu 500". */
function tail(s: string): number | undefined {
  const n = amount(s);
  if (n >= 1 && n <= 9) return n / 10;
  return n >= 100 && n < 1000 && Number.isInteger(n) ? n / 1000 : undefined;
}

/** Sums of money in đồng: 20tr, 2tr5, tỷ rưỡi, 2 triệu rưỡi, 1 tỷ 200 triệu, 500k, 1.200.000đ. */
export function* money(line: Line): Generator<Find> {
  const sum = (value: number, span: { start: number; end: number }): Find => ({
    type: 'money',
    value: String(Math.round(value)),
    start: span.start,
    end: span.end,
    rank: 1,
  });
  for (const { m, span } of matches(line, SUM)) {
    const unit = UNIT[m[2]!]!;
    if (unit === 1 && amount(m[1]!) < 100) continue;
    if (m[2] === 'cu' && !line.accented.slice(span.from, span.to).includes('củ')) continue;
    if (m[2] === 'd' && !/\dđ$|\d đ$/.test(line.accented.slice(span.from, span.to))) continue;
    let value = amount(m[1]!) * unit;
    let end = span;
    if (m[3]) value += (Number(m[3]) / 10 ** m[3].length) * unit;
    else if (m[4]) value += unit / 2;
    else if (m[5]) {
      // "Ba triệu hai trăm đồng" leaves "nghìn" out, as "ba triệu hai" leaves "trăm nghìn" out.
      const small = m[6] && UNIT[m[6]] !== 1 ? UNIT[m[6]]! : 0;
      const share = COUNTED.test(line.folded.slice(span.to)) ? undefined : tail(m[5]);
      if (small && small < unit) value += amount(m[5]) * small;
      else if (!small && unit > 1e3 && share !== undefined) value += share * unit;
      else end = { ...span, ...line.span(span.from, span.from + m[1]!.length + 1 + m[2]!.length) };
    }
    if (value > 0 && value < 1e14) yield sum(value, end);
  }
  for (const { m, span } of matches(line, HALF)) yield sum(1.5 * UNIT[m[1]!]!, span);
  for (const { m, span } of matches(line, HALF_OF))
    if (m[1] !== 'ti' || line.accented.slice(span.from, span.to).includes(' tỉ'))
      yield sum(0.5 * UNIT[m[1]!]!, span);
  for (const { m, span } of matches(line, GROUPED)) yield sum(plain(m[1]!), span);
  for (const { m, span } of matches(line, PRICED)) {
    const at = span.to - m[1]!.length;
    if (plain(m[1]!) >= 1000) yield { ...sum(plain(m[1]!), line.span(at, span.to)), rank: 0 };
  }
}
