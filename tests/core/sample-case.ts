// A small case and the steps people take in it, for the tests of cases.
import { type Actor, append, type Case, type TimelineEntry } from '../../src/core/cases/index.ts';

export const DAY = 86_400_000;
export const HOLD = 60_000;
export const WHO = 'web:00000000000000000000000000000001';
export const citizen: Actor = { kind: 'citizen', conversation: WHO };
export const system: Actor = { kind: 'system' };
export const officerOf = (agency: string): Actor => ({ kind: 'officer', id: 'o', agency });

/** Opened at 0 by WHO, with agency a. A report has a promise for the tenth day; a question has none. */
export function opened(as: 'report' | 'question' = 'report'): Case {
  const base = { at: 0, by: system, key: 'k', public: false };
  const opening = { topic: 't', answers: {}, text: 'rác đầy ngõ', files: [], as, release: 1 };
  const timeline: TimelineEntry[] = [
    { ...base, by: citizen, public: true, kind: 'opened', ...opening },
    { ...base, kind: 'routed', to: 'a', rule: 'r' },
  ];
  if (as === 'report')
    timeline.push({ ...base, kind: 'promised', due: 10 * DAY, deadline: 'd', calendar: '1' });
  return { id: '000-000-000', version: 0, wakeAt: null, schemaVersion: 1, timeline };
}

export function must(r: ReturnType<typeof append>): Case {
  if (!r.ok) throw new Error(r.problems[0]!.message);
  return r.value;
}
/** The code of the problem; undefined when it went well. */
export const codeOf = (r: ReturnType<typeof append>): string | undefined =>
  r.ok ? undefined : r.problems[0]!.code;
/** The case after these steps, each taken at its own time. */
export const after = (c: Case, ...entries: TimelineEntry[]): Case =>
  entries.reduce((x, e) => must(append(x, e, e.at)), c);

let keys = 0;
const officers = (at: number, agency: string) => ({
  at,
  by: officerOf(agency),
  key: `o${++keys}`,
  public: true,
});
const mine = (at: number) => ({ at, by: citizen, key: `c${++keys}`, public: false });

export const taken = (at: number, agency = 'a'): TimelineEntry => ({
  ...officers(at, agency),
  kind: 'taken',
});
export const asked = (at: number, agency = 'a'): TimelineEntry => ({
  ...officers(at, agency),
  kind: 'asked',
  text: 'Ở đâu?',
  signature: 's',
});
export const replied = (at: number, text = 'xong', agency = 'a'): TimelineEntry => ({
  ...officers(at, agency),
  kind: 'replied',
  text,
  files: [],
  signature: 's',
  holdUntil: at + HOLD,
});
export const recalled = (at: number, entry: number): TimelineEntry => ({
  ...officers(at, 'a'),
  public: false,
  kind: 'recalled',
  entry,
});
export const transferred = (at: number, from: string, to: string): TimelineEntry => ({
  ...officers(at, from),
  kind: 'transferred',
  from,
  to,
  reason: 'r',
});
export const added = (at: number, answers?: number): TimelineEntry => ({
  ...mine(at),
  kind: 'added',
  text: 'thêm',
  files: [],
  ...(answers !== undefined && { answers }),
});
export const confirmed = (at: number, entry: number): TimelineEntry => ({
  ...mine(at),
  kind: 'confirmed',
  entry,
});
export const reopened = (at: number): TimelineEntry => ({ ...mine(at), kind: 'reopened', text: '' });
export const withdrawn = (at: number): TimelineEntry => ({ ...mine(at), kind: 'withdrawn', text: '' });
export const left = (at: number): TimelineEntry => ({ ...mine(at), kind: 'left', follower: WHO });
export const told = (at: number, entry: number): TimelineEntry => ({
  at,
  by: system,
  key: `told:${entry}`,
  public: false,
  kind: 'told',
  entry,
  follower: WHO,
});
export const overdue = (at: number): TimelineEntry => ({
  at,
  by: system,
  key: 'overdue:2',
  public: true,
  kind: 'overdue',
  promise: 2,
});
