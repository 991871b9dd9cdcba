// The scores that may only rise: which measures of a report have a floor, and how floors are raised.
import type { Report } from './evaluate.ts';

/** Measures by name; all are "more is better", 0–1. */
export function floorsOf(r: Report): Record<string, number> {
  const out: Record<string, number> = {
    'tests.kind': r.tests.kind.accuracy,
    'tests.intent': r.tests.intent.accuracy,
    'tests.procedure.top1': r.tests.procedure.top1,
    'tests.procedure.top3': r.tests.procedure.top3,
    'tests.facet': r.tests.facet.firstFound,
    'tests.protected': r.tests.protected.recall,
    'tests.calm': r.tests.calm.share,
    'tests.calibration': 1 - r.tests.ece,
    'bare.kind': r.bare.kind,
    'bare.intent': r.bare.intent,
    'rough.kind': r.rough.kind,
    'rough.intent': r.rough.intent,
  };
  if (r.blind) {
    out['blind.kind'] = r.blind.kind.accuracy;
    out['blind.procedure.top1'] = r.blind.procedure.top1;
    out['blind.procedure.top3'] = r.blind.procedure.top3;
    out['blind.facet'] = r.blind.facet.firstFound;
    out['blind.facet.exact'] = r.blind.facet.exact;
    out['blind.protected'] = r.blind.protected.recall;
    out['blind.calm'] = r.blind.calm.share;
    out['blind.outOfScope'] = r.blind.outOfScope.recall;
  }
  if (r.paraphrases) {
    out['paraphrases.right'] = r.paraphrases.right;
    out['paraphrases.consistent'] = r.paraphrases.consistent;
  }
  return out;
}

/** A floor a hair below what was reached (new examples shift a sentence or two); never below the old one. */
const SLACK = 0.015;

export function raised(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): Record<string, number> {
  const out: Record<string, number> = { ...before };
  for (const [name, score] of Object.entries(now))
    out[name] = Math.max(before[name] ?? 0, Math.floor((score - SLACK) * 1000 + 1e-6) / 1000);
  return out;
}
