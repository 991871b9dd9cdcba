// Cases as an officer reads them in a terminal: words the citizen saw and names of agencies, never an id. Knows no store.
import type { OfficerSeat } from '../app/act-on-case.ts';
import type { Listed } from '../app/read-cases.ts';
import { dateOf, sayDate, sayInstant } from '../core/calendar.ts';
import { hasLeft, isOvertaken, type Opened, type TimelineEntry } from '../core/cases/index.ts';
import type { Content } from '../core/content/index.ts';
import { SKIPPED } from '../core/flow/index.ts';

const STATUS = {
  waiting: 'chờ nhận',
  taken: 'đang xử lý',
  asked: 'chờ dân trả lời',
  answered: 'đã trả lời',
  resolved: 'đã giải quyết',
  reopened: 'MỞ LẠI',
  withdrawn: 'dân rút',
};

export const NOBODY_TO_TELL = 'người dân đã xóa cuộc trò chuyện, không báo tin được';

/** A line on the terminal. What citizens wrote must not steer it: no control character, no turned direction. */
export const print = (line: string): void =>
  console.log(line.replace(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/gu, ''));

/** A page of the cases of a seat, a line or more each; `next` is how the page after it is asked for, if there is one. */
export function printList(content: Content, seat: OfficerSeat, list: Listed[], next?: string): void {
  if (list.length === 0)
    print(`${content.agencies.get(seat.agency)?.name}: không có hồ sơ nào${next ? ' ở trang này' : ''}.`);
  for (const l of list) {
    const o = l.status.opened;
    print(
      `${l.case.id}  ${timeLeft(l.left).padEnd(16)} ${STATUS[l.status.status].padEnd(16)} ${titleOf(content, o)}: ${o.text.replace(/\s+/g, ' ').slice(0, 70)}`,
    );
    if (o.as !== 'report' && l.status.status === 'waiting') print(`           gửi ${sayInstant(o.at)}`);
    if (hasLeft(l.case)) print(`           ${NOBODY_TO_TELL}`);
    for (const e of l.case.timeline)
      if (e.kind === 'told' && e.failed)
        print(`           không báo được cho người dân, bước ${e.entry}: ${reason(content, e.failed)}`);
  }
  if (next) print(`Còn hồ sơ nữa, xem tiếp bằng: ${next}`);
}

/** A case whole: who holds it, what was said and done, in order. */
export function printCase(
  content: Content,
  l: Listed & { contact?: { name: string; phone: string; address: string } },
): void {
  const { opened, promise, owner } = l.status;
  print(`${l.case.id}  ${titleOf(content, opened)}  [${STATUS[l.status.status]}]`);
  print(`Cơ quan giữ: ${content.agencies.get(owner)?.name}; đã chuyển ${l.status.transfers} lần`);
  if (promise)
    print(
      `${promise.law ? 'Hạn' : 'Mục tiêu'}: ${sayDate(dateOf(promise.due))} (${timeLeft(l.left)})${promise.law ? `, ${promise.law}` : ''}`,
    );
  if (hasLeft(l.case)) print(`Báo tin: ${NOBODY_TO_TELL}.`);
  print(
    l.contact
      ? `Liên hệ: ${l.contact.name}, ${l.contact.phone}, ${l.contact.address}`
      : 'Liên hệ: người gửi không để lại.',
  );
  for (const [n, e] of l.case.timeline.entries()) {
    if (e.kind === 'told' && !e.failed) continue;
    print(`\n${sayInstant(e.at)}  ${line(content, e)}`);
    if (isOvertaken(l.case, n)) print('    KHÔNG GỬI: người dân đã rút trước khi nhận được');
    if ('text' in e && e.text)
      print(
        e.text
          .split('\n')
          .map((x) => `    ${x}`)
          .join('\n'),
      );
    if (e.kind === 'opened') for (const said of answersOf(content, e)) print(`    ${said}`);
    if ('files' in e) for (const f of e.files) print(`    [tệp ${f.name}, ${Math.ceil(f.size / 1024)} kB]`);
  }
}

/** Why a word did not reach the citizen, worded; the code itself where there is no wording. */
const reason = (content: Content, code: string): string => content.wording.vi[`problem.${code}`] ?? code;

function line(content: Content, e: TimelineEntry): string {
  const who = e.by.kind === 'officer' ? e.by.id : e.by.kind === 'citizen' ? 'người dân' : 'hệ thống';
  const name = (id: string) => content.agencies.get(id)?.name ?? id;
  switch (e.kind) {
    case 'opened':
      return 'người dân gửi';
    case 'routed':
      return `chuyển tới ${name(e.to)} (quy tắc ${e.rule})`;
    case 'promised':
      return `${e.law ? 'hạn' : 'mục tiêu'}: ${sayDate(dateOf(e.due))}`;
    case 'taken':
      return `${who} nhận xử lý`;
    case 'asked':
      return `${e.signature} hỏi`;
    case 'added':
      return e.answers === undefined ? 'người dân bổ sung' : 'người dân trả lời câu hỏi';
    case 'replied':
      return `${e.signature} trả lời`;
    case 'recalled':
      return `${who} thu hồi câu trả lời`;
    case 'transferred':
      return `${name(e.from)} chuyển sang ${name(e.to)}`;
    case 'overdue':
      return 'QUÁ HẠN chưa trả lời';
    case 'confirmed':
      return 'người dân: đã giải quyết';
    case 'reopened':
      return 'người dân: chưa giải quyết, mở lại';
    case 'withdrawn':
      return 'người dân rút';
    case 'left':
      return NOBODY_TO_TELL;
    case 'told':
      return `không báo được cho người dân: ${reason(content, e.failed ?? '')}`;
  }
}

/** What was answered to each question, as the review showed it to the citizen. The files follow by themselves. */
function answersOf(content: Content, o: Opened): string[] {
  const words = (id: string): string | undefined => content.wording.vi[id];
  const steps = content.intents.get(o.topic)?.flow ?? [];
  return Object.entries(o.answers).flatMap(([ask, answer]) => {
    const type = steps.find((s) => s.ask === ask)?.type;
    if (answer === o.text || (type === 'files' && answer !== SKIPPED)) return [];
    const label =
      words(`${o.topic}.${ask}.nhan`) ?? words(`hoi.${ask}.nhan`) ?? words(`gui.nhan.${ask}`) ?? ask;
    const said = (): string | undefined => {
      if (answer === SKIPPED) return words('gui.trong');
      const ward = type === 'ward' && content.places.wards.find((w) => w.id === answer);
      if (ward) return `${ward.kind} ${ward.name}`;
      const own = words(`${o.topic}.${ask}.${answer}`) ?? words(`hoi.${ask}.${answer}`);
      return own ?? (type === 'yes-no' ? words(`hoi.${answer}`) : undefined);
    };
    return [`${label}: ${said() ?? answer}`];
  });
}

function titleOf(content: Content, o: Opened): string {
  if (o.as === 'ticket') return 'lời nhắn cho cán bộ';
  if (o.as === 'question') return 'câu hỏi';
  return content.wording.vi[`${o.topic}.title`] ?? o.topic;
}

function timeLeft(left: number | undefined): string {
  if (left === undefined) return '—';
  const days = Math.abs(left) / 86_400_000;
  const text = days >= 1 ? `${Math.floor(days)} ngày` : `${Math.floor(Math.abs(left) / 3_600_000)} giờ`;
  return left < 0 ? `QUÁ HẠN ${text}` : `còn ${text}`;
}
