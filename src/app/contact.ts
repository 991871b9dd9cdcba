// The one-time page for contact details: who holds its link may fill it once. Identity is kept apart from the
// words of the case, and never passes through a chat.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type CaseCode, Contact } from '../core/cases/index.ts';
import { fail, ok, problem, type Result } from '../core/result.ts';
import type { Clock, Store } from './ports.ts';

/** A link is good for this long. */
const VALID_MS = 14 * 86_400_000;

const sign = (secret: string, code: string, until: string): string =>
  createHmac('sha256', secret).update(`lien-he:${code}:${until}`).digest('base64url').slice(0, 22);

/** The token of a case's page, from `now`. */
export function contactToken(secret: string, code: CaseCode, now: number): string {
  const until = (now + VALID_MS).toString(36);
  return `${code}.${until}.${sign(secret, code, until)}`;
}

export function contactPages(p: {
  store: Pick<Store, 'contacts'>;
  clock: Clock;
  secret: string;
  official: boolean;
}) {
  const codeOf = async (token: string): Promise<Result<CaseCode>> => {
    const [code = '', until = '', given = ''] = token.split('.');
    const wanted = Buffer.from(sign(p.secret, code, until));
    const got = Buffer.from(given);
    if (got.length !== wanted.length || !timingSafeEqual(got, wanted))
      return fail(problem('not-found', 'Liên kết không đúng.'));
    if (Number.parseInt(until, 36) < p.clock.now()) return fail(problem('expired', 'Liên kết đã hết hạn.'));
    if (await p.store.contacts.load(code))
      return fail(problem('expired', 'Thông tin đã được gửi; liên kết chỉ dùng một lần.'));
    return ok(code);
  };
  return {
    open: async (token: string): Promise<Result<{ code: string; officialChannel: boolean }>> => {
      const code = await codeOf(token);
      return code.ok ? ok({ code: code.value, officialChannel: p.official }) : code;
    },
    save: async (
      token: string,
      details: { name: string; phone: string; address: string },
    ): Promise<Result<void>> => {
      const code = await codeOf(token);
      if (!code.ok) return code;
      const contact = Contact.safeParse({
        id: code.value,
        version: 0,
        wakeAt: null,
        schemaVersion: 1,
        ...details,
      });
      if (!contact.success)
        return fail(
          problem('bad-input', 'Thông tin liên hệ chưa đúng dạng.', contact.error.issues[0]?.path.join('.')),
        );
      return (await p.store.contacts.save(contact.data))
        ? ok(undefined)
        : fail(problem('expired', 'Thông tin đã được gửi; liên kết chỉ dùng một lần.'));
    },
  };
}
