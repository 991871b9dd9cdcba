// What an officer may read: the cases of their own agency. A tố cáo is never a case, so none can be listed.
import { type Case, fold, isClosed, parseCaseCode, type Status } from '../core/cases/index.ts';
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
  const running = status.promise && status.answeredAt === undefined && !isClosed(status.status);
  return { case: c, status, left: running ? status.promise!.due - now : undefined };
};

/** Cases of the officer's agency, least time left first. `mine`: only those they took. `failed`: with a word that did not arrive. */
export function listCases(p: Pick<Parts, 'store' | 'clock'>) {
  return async (
    officer: OfficerSeat,
    o: { mine?: boolean; failed?: boolean; all?: boolean } = {},
  ): Promise<Listed[]> => {
    const found = await p.store.cases.find({
      agency: officer.agency,
      ...(o.failed && { failed: true }),
      limit: 500,
    });
    const now = p.clock.now();
    return found
      .map((c) => listed(c, now))
      .filter((l) => o.failed || o.all || !isClosed(l.status.status))
      .filter((l) => !o.mine || l.status.takenBy === officer.id)
      .sort((a, b) => (a.left ?? Number.POSITIVE_INFINITY) - (b.left ?? Number.POSITIVE_INFINITY));
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
