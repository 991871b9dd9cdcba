// Which one agency answers for a report: ordered rules, the first that fits; never the unit complained about.
import type { Content } from '../content/schema.ts';
import { type Answers, holds } from '../flow/index.ts';

export interface Route {
  to: string;
  rule: string;
}

/**
 * The owner for a topic at a place, by the first rule whose answers and unit complained about are the report's. A `<prefix>-*` target needs a ward; one complained about is passed over, then its
 * parent is tried, then what the last rule names for whatever nobody else holds, then anybody else.
 */
export function route(
  content: Pick<Content, 'routing' | 'agencies'>,
  report: { topic: string; answers: Answers; ward?: string; against?: string },
): Route {
  const idOf = (target: string): string | undefined =>
    target.endsWith('-*') ? report.ward && `${target.slice(0, -1)}${report.ward}` : target;
  const free = (id: string | undefined): id is string =>
    id !== undefined && id !== report.against && content.agencies.has(id);

  const isAgainst = (target: string): boolean =>
    target.endsWith('-*')
      ? report.against?.startsWith(target.slice(0, -1)) === true
      : target === report.against;

  for (const rule of content.routing) {
    if (!rule.topics.includes(report.topic) || holds(rule.when, report.answers) !== true) continue;
    if (rule.against && !rule.against.some(isAgainst)) continue;
    const to = rule.to.map(idOf).find(free);
    if (to) return { to, rule: rule.id };
  }
  const above = report.against && content.agencies.get(report.against)?.parent;
  if (free(above)) return { to: above, rule: 'cap-tren' };
  const last = content.routing.at(-1)?.to.map(idOf) ?? [];
  return { to: [...last, ...content.agencies.keys()].find(free)!, rule: 'du-phong' };
}
