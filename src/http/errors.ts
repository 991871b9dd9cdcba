// The HTTP error edge: every refusal and every exception leaves through here, as JSON or as a page, worded for
// people. Logs an exception once, with the request's id and the route's pattern, never with what was sent.

import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Log } from '../app/ports.ts';
import { faultOf } from '../channels/fault.ts';
import { PROBLEM_CODES, type ProblemCode } from '../core/result.ts';
import { problemPage } from './pages/problem-page.ts';
import { localeOf, texts } from './pages/texts.ts';
import { STATUS } from './status.ts';

/** Answers with a problem: JSON for programs, a page for people. */
export function refuse(req: Request, res: Response, code: ProblemCode): void {
  const status = STATUS[code];
  const locale = localeOf(req);
  res.status(status);
  if (code === 'too-many') res.set('Retry-After', '10');
  if (code === 'unavailable') res.set('Retry-After', '2');
  res.set('Cache-Control', 'no-store');
  if (wantsPage(req)) {
    res.type('html').send(problemPage(code, locale, requestId(res)));
    return;
  }
  const message = texts(locale)(`problem.${code}`);
  res.json({ error: { code, message, requestId: requestId(res) } });
}

/** A person's browser, which asks for HTML by name: also where an old link to a photo is opened. */
const wantsPage = (req: Request): boolean =>
  req.accepts(['json', 'html']) === 'html' && !req.is('application/json');

export const requestId = (res: Response): string => String(res.locals.requestId ?? '');

/** The last handler: whatever was thrown becomes a status and a kind sentence. */
export const errorEdge =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, req, res, next) => {
    const code = codeOf(error);
    if (code === 'fault' || code === 'unavailable')
      log.error(
        {
          fault: faultOf(error),
          requestId: requestId(res),
          method: req.method,
          route: req.route?.path ?? 'none',
        },
        'request failed',
      );
    // Half an answer is out: only a broken connection tells the truth now.
    if (res.headersSent) return next(error);
    refuse(req, res, code);
  };

function codeOf(error: unknown): ProblemCode {
  const { status, problem } = error as { status?: unknown; problem?: unknown };
  if (PROBLEM_CODES.includes(problem as ProblemCode)) return problem as ProblemCode;
  // What body parsers and the router throw.
  if (status === 413) return 'too-large';
  if (typeof status === 'number' && status >= 400 && status < 500) return 'bad-input';
  return 'fault';
}
