// Another place for the one that is written down: what of it is new, and what stays. Sends nothing and asks nothing
// but the ward.
import type { Intent, Step } from '../content/index.ts';
import { findEntities, findPhrase, findWard, normalize } from '../nlu/index.ts';
import { fold } from '../text.ts';
import type { Flow } from './conversation.ts';
import { answer } from './matter.ts';
import type { Turn } from './turn.ts';

const spelled = (s: string): string =>
  ` ${fold(s)
    .replace(/[^a-z0-9/]+/g, ' ')
    .trim()} `;
/** A lane or house by its number alone: "ngõ 7". */
const NUMBERED = /^(\p{L}+(?: \p{L}+)?) (\d\S*)$/u;

/**
 * The address given anew: of several the one that is not denied. `part`: it replaced a part of the address before, so
 * that street and ward stay.
 */
export function newPlace(t: Turn, before: string): { place: string; part: boolean } | undefined {
  const { reader } = t.world;
  const { text, entities } = t.heard;
  const denied = findPhrase(reader, text, t.content.phrases.denied, 'in');
  const streets = entities
    .filter((e) => e.type === 'street')
    .flatMap((e) => {
      const said = text.slice(e.start, e.end);
      // "không phải ngõ 10, ngõ 12": two addresses, though a lane and a comma also begin one.
      const cut = denied ? said.indexOf(', ') : -1;
      if (cut < 0) return [{ start: e.start, end: e.end, said }];
      const at = e.start + cut;
      return [
        { start: e.start, end: at, said: said.slice(0, cut) },
        { start: at + 2, end: e.end, said: said.slice(cut + 2) },
      ];
    });
  const old = streets.find((s) =>
    denied
      ? s.start >= denied.end && text.slice(denied.end, s.start).trim() === ''
      : streets.length > 1 && spelled(before).includes(spelled(s.said)),
  );
  const fresh = streets.find((s) => s !== old);
  if (!fresh) return undefined;
  // "Ngõ 7" alone keeps the street and ward that were said; with a street of its own it is another place.
  const kind = NUMBERED.exec(fresh.said);
  const was = kind && new RegExp(`(?<!\\p{L})${RegExp.escape(kind[1]!)} \\d[^\\s,]*`, 'iu').exec(before)?.[0];
  if (was) return { place: before.replace(was, fresh.said), part: true };
  if (old && spelled(before).trim() !== spelled(old.said).trim() && before.includes(old.said))
    return { place: before.replace(old.said, fresh.said), part: true };
  const ward = entities.find((e) => ['ward', 'old-place'].includes(e.type) && e.start >= fresh.end);
  return {
    place: text.slice(fresh.start, ward && ward.start - fresh.end < 12 ? ward.end : fresh.end),
    part: false,
  };
}

/** The ward or old place named, as said. */
export function wardSaid(t: Turn): string | undefined {
  const found = t.heard.entities.findLast((e) => e.type === 'ward' || e.type === 'old-place');
  return found && t.heard.text.slice(found.start, found.end);
}

/** Writes down a place and the ward said with it or kept; one of several is asked. */
export function answerPlace(
  t: Turn,
  intent: Intent,
  flow: Flow,
  step: Step,
  place: string,
  ward: string | undefined,
): void {
  const known = t.content.places.wards.some((w) => w.id === ward);
  const { wards } = ward && !known ? findWard(ward, t.world.reader.gazetteer) : { wards: ward ? [ward] : [] };
  const also = wards.length === 1 ? { phuong: wards[0]! } : undefined;
  answer(t, intent, flow, step.ask, ward && !known ? withWard(t, place, ward) : place, also);
  if (wards.length > 1) flow.said.phuong = ward!;
}

/** An address with its ward replaced by another. */
function withWard(t: Turn, place: string, ward: string): string {
  if (spelled(place).includes(spelled(ward))) return place;
  const n = normalize(place, t.world.reader.lexicon);
  const old = findEntities(n, t.world.reader.gazetteer, t.world.now).find(
    (e) => e.type === 'ward' || e.type === 'old-place',
  );
  return old ? n.text.slice(0, old.start) + ward + n.text.slice(old.end) : `${place}, ${ward}`;
}
