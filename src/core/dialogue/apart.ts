// What may still be written down after a card with a secret (ADR 7): a report that is surely another matter, or one
// that the card itself offers. Knows no topic by name.
import type { Intent } from '../content/index.ts';
import { understand } from '../nlu/index.ts';
import { officeStep } from './office.ts';
import type { Turn } from './turn.ts';

/**
 * Whether a report is surely another matter than the secret: a topic about no office, no person in it and no name that
 * fell under the card, `told` in words that are not the report's own. It is still shown, and sent only when the citizen
 * says so.
 */
export function isApart(t: Turn, topic: Intent | undefined, said: string, told = secrets(t)): boolean {
  if (topic?.type !== 'topic') return false;
  const heard = understand(t.world.reader, said, { now: t.world.now });
  const sure = heard.intents[0]?.intent === topic.id && heard.certainty >= APART;
  if (!sure || topic.against || officeStep(topic) || t.phrase('somebody', 'in', said)) return false;
  const names = new Set(told.flatMap(namesIn));
  // A street or a ward is nobody's name.
  let rest = heard.text;
  for (const e of heard.entities)
    if (PLACES.has(e.type)) rest = rest.slice(0, e.start) + ' '.repeat(e.end - e.start) + rest.slice(e.end);
  return !namesIn(rest).some((name) => names.has(name));
}
const APART = 0.9;
const PLACES = new Set(['street', 'ward', 'old-place']);
/** Words with a capital that does not begin a sentence. */
const namesIn = (text: string): string[] => text.match(/(?<=[^.!?\n]\s)\p{Lu}\p{L}*/gu) ?? [];

/** What was said under the card and what led to it. */
const secrets = (t: Turn): string[] =>
  t.before.log.filter((e) => e.sensitive && e.from === 'citizen').map((e) => e.text);

/** Whether the card that is being talked about offers this report, by a button or in words. */
export function isOffered(t: Turn, topic: Intent): boolean {
  const card = t.intent(t.state.topic?.intent ?? '');
  return card?.type === 'general' && card.do === 'safe-card' && card.offer.includes(topic.id);
}
