// Which one agency answers for a report: ordered rules, the first that fits; never the unit complained about.
import type { Content } from '../content/schema.ts';
import { type Answers, holds } from '../flow/index.ts';

export interface Route {
  to: string;
  rule: string;
}

/** The owner for a topic at a place. A `<prefix>-*` target needs a ward; one complained about is passed over, then its parent is tried. */
export function route(
  content: Pick<Content, 'routing' | 'agencies'>,
  report: { topic: string; answers: Answers; ward?: string; against?: string },
): Route | undefined {
  for (const rule of content.routing) {
    if (!rule.topics.includes(report.topic) || holds(rule.when, report.answers) !== true) continue;
    for (const target of rule.to) {
      const id = target.endsWith('-*')
        ? report.ward
          ? `${target.slice(0, -1)}${report.ward}`
          : undefined
        : target;
      if (id && id !== report.against && content.agencies.has(id)) return { to: id, rule: rule.id };
    }
  }
  const above = report.against ? content.agencies.get(report.against)?.parent : undefined;
  return above ? { to: above, rule: 'cap-tren' } : undefined;
}
