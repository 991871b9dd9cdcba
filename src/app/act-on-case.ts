// What an officer does to a case, from the terminal or the desk: one act, one entry, saved; telling the citizen
// is settle-case's, in whichever process looks first.
import {
  append,
  type Case,
  fold,
  isRecalled,
  parseCaseCode,
  type TimelineEntry,
} from '../core/cases/index.ts';
import type { Content } from '../core/content/index.ts';
import type { FileRef } from '../core/message.ts';
import { fail, ok, problem, type Result } from '../core/result.ts';
import type { Parts } from './parts.ts';

/** An officer may call a reply back for this long; nobody is told before. */
export const HOLD_MS = 60_000;

export interface OfficerSeat {
  id: string;
  name: string;
  agency: string;
  /** "Bà Nguyễn Thị Hà, UBND phường Ba Đình": name and unit, as said to the citizen. */
  signature: string;
}

export type Act =
  | { do: 'take' }
  | { do: 'ask'; text: string }
  | { do: 'reply'; text: string; files?: FileRef[] }
  | { do: 'recall' }
  | { do: 'transfer'; to: string; reason: string };

/** The seat of an officer id, or of the first officer of an agency id. */
export function seatOf(content: Content, who: string): OfficerSeat | undefined {
  for (const a of content.agencies.values())
    for (const [i, o] of a.officers.entries())
      if (o.id === who || (a.id === who && i === 0))
        return {
          id: o.id,
          name: o.name,
          agency: a.id,
          signature: `${o.title ? `${o.title} ` : ''}${o.name}, ${a.name}`,
        };
  return undefined;
}

/** Applies an act. `key` makes a repeat harmless. Problems: not-found, not-allowed, not-possible, expired, bad-input. */
export function actOnCase(p: Pick<Parts, 'store' | 'clock' | 'live' | 'hint'>) {
  return async (officer: OfficerSeat, code: string, act: Act, key: string): Promise<Result<Case>> => {
    const id = parseCaseCode(code);
    if (!id)
      return fail(problem('bad-input', `"${code}" không phải mã hồ sơ; mã có dạng H78-HR7-K53.`, code));
    for (let attempt = 0; attempt < 8; attempt++) {
      const c = await p.store.cases.load(id);
      if (c?.timeline.some((e) => e.key === key && isBy(e, officer))) return ok(c);
      // A case of another agency is not betrayed to exist.
      if (!c || fold(c).owner !== officer.agency)
        return fail(
          problem(
            'not-found',
            `Không có hồ sơ ${id} ở ${p.live().content.agencies.get(officer.agency)?.name}.`,
            id,
          ),
        );
      const now = p.clock.now();
      const entry = entryOf(p.live().content, officer, c, act, key, now);
      if (!entry.ok) return entry;
      const done = append(c, entry.value, now);
      if (!done.ok) return done;
      if (await p.store.cases.save(done.value)) {
        p.hint({ case: id });
        return ok({ ...done.value, version: done.value.version + 1 });
      }
    }
    return fail(problem('conflict', 'Hồ sơ vừa có người khác sửa; xem lại bằng lệnh show rồi làm lại.', id));
  };
}

const isBy = (e: TimelineEntry, officer: OfficerSeat): boolean =>
  e.by.kind === 'officer' && e.by.id === officer.id;

function entryOf(
  content: Content,
  officer: OfficerSeat,
  c: Case,
  act: Act,
  key: string,
  now: number,
): Result<TimelineEntry> {
  const base = {
    at: now,
    by: { kind: 'officer' as const, id: officer.id, agency: officer.agency },
    key,
    public: true,
  };
  switch (act.do) {
    case 'take':
      return ok({ ...base, kind: 'taken' });
    case 'ask':
      if (!act.text.trim()) return fail(problem('bad-input', 'Câu hỏi đang trống.'));
      return ok({ ...base, kind: 'asked', text: act.text.trim(), signature: officer.signature });
    case 'reply':
      if (!act.text.trim()) return fail(problem('bad-input', 'Câu trả lời đang trống.'));
      return ok({
        ...base,
        kind: 'replied',
        text: act.text.trim(),
        files: act.files ?? [],
        signature: officer.signature,
        holdUntil: now + HOLD_MS,
      });
    case 'recall': {
      // Of several within the minute the newest goes first.
      const last = c.timeline.findLastIndex((e, n) => e.kind === 'replied' && !isRecalled(c, n));
      if (last < 0) return fail(problem('not-found', 'Hồ sơ này không có câu trả lời nào để thu hồi.', c.id));
      return ok({ ...base, public: false, kind: 'recalled', entry: last });
    }
    case 'transfer':
      if (!content.agencies.has(act.to))
        return fail(problem('bad-input', `Không có cơ quan "${act.to}".`, act.to));
      if (!act.reason.trim()) return fail(problem('bad-input', 'Chuyển hồ sơ thì phải ghi lý do.'));
      return ok({
        ...base,
        kind: 'transferred',
        from: officer.agency,
        to: act.to,
        reason: act.reason.trim(),
      });
  }
}
