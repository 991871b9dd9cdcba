// What is named in a message: numbers, dates, codes, agencies, places, people. Every finder proposes, the longest
// finds stay. Knows no intent and no wording.
import type { Entity } from '../heard.ts';
import type { Normalized } from '../normalize.ts';
import { ages, dates, durations, times } from './dates.ts';
import type { Gazetteer } from './gazetteer.ts';
import { identityNumbers } from './identity.ts';
import { codes, money, phones, spokenPhones } from './numbers.ts';
import { placesAndAgencies } from './places.ts';
import { type Find, lineOf, longestFirst, readable } from './reading.ts';
import { roles } from './roles.ts';
import { streets } from './streets.ts';

export { type Gazetteer, openGazetteer } from './gazetteer.ts';
export { findOffice, type Office } from './office.ts';
export { findWard } from './ward.ts';

/**
 * The entities of a message in order, non-overlapping, longest first when finds compete; spans are offsets into
 * `n.text`. Relative dates count from `now` in Hà Nội's time.
 */
export function findEntities(n: Normalized, g: Gazetteer, now: number): Entity[] {
  const text = readable(n);
  const line = lineOf(n);
  const finds: Find[] = [...identityNumbers(n.text), ...phones(text), ...codes(text)];
  if (n.tokens.length)
    finds.push(
      ...dates(line, now),
      ...times(line),
      ...ages(line),
      ...durations(line),
      ...money(line),
      ...spokenPhones(line),
      ...roles(line),
      ...placesAndAgencies(n, g),
      ...streets(n, g),
    );
  return longestFirst(finds);
}
