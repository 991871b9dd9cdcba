// What an officer may read: the cases of their own agency. A tố cáo is never a case, so none can be listed.
import {
  CASE_STATUSES,
  type Case,
  fold,
  isClosed,
  isOwed,
  parseCaseCode,
  type Status,
} from '../core/cases/index.ts';
import { fail, ok, problem, type Result } from '../core/result.ts';
import type { OfficerSeat } from './act-on-case.ts';
import type { Parts } from './parts.ts';

export interface Listed {
  case: Case;
  status: Status;
  /** Milliseconds until the promised date; negative when past; undefined when none runs. */
  left: number | undefined;
}

const listed = (c: Case, now: number): Listed => {
  const status = fold(c);
  const running = status.promise && isOwed(status.status);
  return { case: c, status, left: running ? status.promise!.due - now : undefined };
};

/** A page holds at most so many reports and so many tickets. */
const LISTED = 500;
const OPEN = CASE_STATUSES.filter((s) => !isClosed(s));

/** Least time left first; what has no date as if it had been due when it was sent; what is answered last. */
const urgency = (l: Listed, now: number): number =>
  l.left !== undefined
    ? now + l.left
    : isOwed(l.status.status)
      ? l.status.opened.at
      : Number.POSITIVE_INFINITY;

/**
 * One page, from 1, of the cases of the officer's agency, the most urgent first; `more` when another follows. `mine`: only
 * those they took. `failed`: with a word that did not arrive.
 */
export function listCases(p: Pick<Parts, 'store' | 'clock'>) {
  return async (
    officer: OfficerSeat,
    o: { mine?: boolean; failed?: boolean; all?: boolean; page?: number } = {},
  ): Promise<{ cases: Listed[]; more: boolean }> => {
    const to = (o.page ?? 1) * LISTED;
    // Apart, because the store sorts what has no date last: questions must not fall off the end of the reports.
    const found = await Promise.all(
      [false, true].map((ticket) =>
        p.store.cases.find({
          agency: officer.agency,
          ticket,
          ...(o.failed ? { failed: true } : !o.all && { status: OPEN }),
          limit: to + 1,
        }),
      ),
    );
    const now = p.clock.now();
    const cases = found
      .flatMap((some) => some.slice(to - LISTED, to))
      .map((c) => listed(c, now))
      .filter((l) => !o.mine || l.status.takenBy === officer.id)
      .sort((a, b) => urgency(a, now) - urgency(b, now) || a.status.opened.at - b.status.opened.at);
    return { cases, more: found.some((some) => some.length > to) };
  };
}

/** One case whole, with the contact details if they were given. */
export function showCase(p: Pick<Parts, 'store' | 'clock'>) {
  return async (
    officer: OfficerSeat,
    code: string,
  ): Promise<Result<Listed & { contact?: { name: string; phone: string; address: string } }>> => {
    const id = parseCaseCode(code);
    const c = id && (await p.store.cases.load(id));
    if (!c || fold(c).owner !== officer.agency)
      return fail(problem('not-found', `Không có hồ sơ ${code} ở cơ quan này.`, code));
    const contact = await p.store.contacts.load(c.id);
    return ok({
      ...listed(c, p.clock.now()),
      ...(contact && { contact: { name: contact.name, phone: contact.phone, address: contact.address } }),
    });
  };
}
