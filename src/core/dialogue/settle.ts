// Which option of a question a message settles in its own words, whatever it was said for: a phrase, an age, an hour, a
// nationality. Asks nothing and says nothing.
import type { Option, Step } from '../content/index.ts';
import type { Answers } from '../flow/index.ts';
import { type Entity, type Heard, phrasesIn, understand } from '../nlu/index.ts';
import { corrects } from './manner.ts';
import type { Turn } from './turn.ts';

/** What a stretch of the message says by itself: it may be another than the message of this turn, or a part of it. */
export const heardOf = (t: Turn, text: string): Pick<Heard, 'text' | 'entities'> =>
  text.trim() === t.text ? t.heard : understand(t.world.reader, text, { now: t.world.now });

/** The option that what was said settles: by a hint in whole words, not denied; by an age; by an hour; by a nationality. */
export function settledOption(
  t: Turn,
  step: Step,
  { text, entities }: Pick<Heard, 'text' | 'entities'>,
): string | undefined {
  const options = Object.entries(step.options ?? {});
  // Years are more exact than words: "lần đầu cho con 13 tuổi".
  const aged = agedOption(t, options, { text, entities });
  if (aged) return aged;
  const hinted = options.find(([, o]) =>
    phrasesIn(t.world.reader, text, o.hints).some(
      (h) => t.phrase('denial', 'in', text.slice(h.start, h.end)) || !isDenied(t, text, h.start),
    ),
  )?.[0];
  if (hinted) return hinted;
  const timed = timedOption(options, entities);
  if (timed) return timed;
  const foreign = foreignOption(step);
  return foreign !== undefined && tellsForeigner(t, text) ? foreign : undefined;
}

/** The option of a question that is a foreigner's. */
export const foreignOption = (step: Step): string | undefined =>
  Object.entries(step.options ?? {}).find(([, o]) => o.foreigner)?.[0];

/** "chồng tôi người Hàn", "I'm British": somebody who is no citizen, named by land or people and not denied. */
export const tellsForeigner = (t: Turn, text = t.text): boolean =>
  t.phrase('people', 'whole', text) !== undefined ||
  phrasesIn(t.world.reader, text, t.content.phrases.foreigner).some(
    (h) => t.phrase('denial', 'in', text.slice(h.start, h.end)) || !isDenied(t, text, h.start),
  );

/**
 * Another nationality than was told or taken for granted, as step and option. "Em là người Việt Nam" beside a foreigner
 * changes nothing: only a foreigner put right becomes a citizen.
 */
export function otherNationality(t: Turn, flow: Step[], answers: Answers): [string, string] | undefined {
  const step = flow.find((s) => foreignOption(s) !== undefined);
  const foreign = step && foreignOption(step);
  const before = step && (answers[step.ask] ?? (step.unasked && step.assume));
  if (!step?.assume || foreign === undefined || before === undefined) return undefined;
  if (tellsForeigner(t)) return before === foreign ? undefined : [step.ask, foreign];
  const self = t.before.state.foreigner === true && t.state.foreigner !== true;
  const citizen =
    self ||
    t.phrase('citizenNow', 'in') !== undefined ||
    (corrects(t) && t.phrase('citizen', 'in') !== undefined);
  return citizen && before === foreign ? [step.ask, step.assume] : undefined;
}

/** The option within whose ages all that were said lie. */
export function agedOption(
  t: Turn,
  options: [string, { ages?: Option['ages'] }][],
  { text, entities }: Pick<Heard, 'text' | 'entities'>,
): string | undefined {
  const forAnother = (from: number): boolean =>
    entities.some((e) => e.type === 'role' && e.start > from && follows(t, 'onBehalf', text, e.start));
  // "Dưới 14 tuổi" is nobody of fourteen. Two ages are two people: whose paper it is stays a question.
  // "Tôi 40 tuổi, làm cho con": nor is the age of one the age of the other.
  const ages = entities.flatMap((e) =>
    e.type === 'age' && !forAnother(e.end)
      ? [Number(e.value) - (follows(t, 'under', text, e.start) ? 1 : 0)]
      : [],
  );
  return options.find(
    ([, { ages: span }]) =>
      span &&
      ages.length > 0 &&
      ages.every((a) => a >= (span.from ?? 0) && a < (span.under ?? Number.POSITIVE_INFINITY)),
  )?.[0];
}
/** The option within whose hours all clock times lie, one after another: of several the one that holds the fewest. */
export function timedOption(
  options: [string, { hours?: Option['hours'] }][],
  entities: readonly Entity[],
): string | undefined {
  const times = entities.flatMap((e) => {
    const [hour, minute] = e.type === 'time' ? e.value.split(':').map(Number) : [];
    return hour === undefined || minute === undefined ? [] : [hour + minute / 60];
  });
  if (times.length === 0) return undefined;
  const fits = options.flatMap(([id, { hours }]) => {
    if (!hours) return [];
    const [from, to] = hours;
    const length = to > from ? to - from : to - from + 24;
    const since = times.map((h) => (h - from + 24) % 24);
    // What lasts until the last hour lies within; what begins then does not.
    const within = since.every((h, i) => (i > 0 ? h > since[i - 1]! && h <= length : h < length));
    return within || length === 24 ? [{ id, length }] : [];
  });
  return fits.sort((a, b) => a.length - b.length)[0]?.id;
}
/** Whether a phrase stands right before a place in a text. */
export const follows = (t: Turn, which: 'onBehalf' | 'under', text: string, at: number): boolean =>
  t.phrase(which, 'end', text.slice(Math.max(0, at - CLOSE), at)) !== undefined;
/** Whether what stands there is denied, close before it. */
const isDenied = (t: Turn, text: string, at: number): boolean => {
  const before = text.slice(Math.max(0, at - CLOSE - 1), at);
  return t.phrase('denial', 'in', at > CLOSE ? before.replace(/^\S*/, '') : before) !== undefined;
};
/** So many characters are close. */
const CLOSE = 24;
/** "Không phải người nước ngoài": what follows is denied. */
export const isNot = (t: Turn, text: string): boolean => !!t.phrase('denied', 'start', text)?.after;
