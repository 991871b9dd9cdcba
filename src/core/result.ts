// Expected outcomes are values. A Problem names what is wrong and where; every code has wording in locales
// under `problem.<code>` and one HTTP status in http/status.ts. Throwing is kept for bugs and broken machines.

/** Every way an expected thing can go wrong. Adding one forces a status (http) and a wording (locales). */
export const PROBLEM_CODES = [
  'bad-input', // a request or setting that does not fit its schema
  'bad-content', // a fault in intents/ or locales/
  'not-found',
  'not-allowed', // the actor may not do this
  'not-possible', // the case's status does not allow this act
  'too-large',
  'wrong-type', // a file whose content is not a picture or PDF
  'too-many', // rate limit
  'expired', // token, recall window, one-time page
  'conflict', // someone else was first
  'unavailable', // store or channel away
  'blocked', // the citizen blocked the bot, or the chat is gone
  'fault', // a bug: the turn threw
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface Problem {
  code: ProblemCode;
  /** What is wrong and what to do, one sentence, in Vietnamese where an editor or officer reads it. */
  message: string;
  /** Place: `file:line` for content, a field path for requests. */
  where?: string;
}

export type Result<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (...problems: Problem[]): Result<never> => ({ ok: false, problems });
export const problem = (code: ProblemCode, message: string, where?: string): Problem =>
  where === undefined ? { code, message } : { code, message, where };
