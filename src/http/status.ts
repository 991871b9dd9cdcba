// The one table from what can go wrong to what HTTP calls it. A new ProblemCode does not compile without a row.
import type { ProblemCode } from '../core/result.ts';

/** HTTP status of each problem. Direct Line clients take 403 for an expired token and 404 for an ended talk. */
export const STATUS = {
  'bad-input': 400,
  'bad-content': 422,
  'not-found': 404,
  'not-allowed': 403,
  'not-possible': 409,
  'too-large': 413,
  'wrong-type': 415,
  'too-many': 429,
  expired: 410,
  conflict: 409,
  unavailable: 503,
  blocked: 410,
  fault: 500,
} as const satisfies Record<ProblemCode, number>;
