// What may be written down while a secret is kept, told with a tố cáo, a bribe or a khiếu nại (docs/adr/0007): which
// report is another matter, and whether somebody is named in it. Must not say anything.
import type { Intent } from '../content/index.ts';
import { SKIPPED } from '../flow/index.ts';
import { findPhrase, phrasesIn, understand } from '../nlu/index.ts';
import type { Flow } from './conversation.ts';
import { officeStep } from './office.ts';
import { PLACES, type Turn, without } from './turn.ts';

/**
 * Whether a report told in words is surely another matter than what was `kept` secret: a topic about no office, and
 * nobody is named in it.
 */
export function isApart(t: Turn, topic: Intent | undefined, said: string, kept = secrets(t)): boolean {
  if (topic?.type !== 'topic') return false;
  const heard = understand(t.world.reader, said, { now: t.world.now });
  const sure = heard.intents[0]?.intent === topic.id && heard.certainty >= APART;
  return sure && !topic.against && !officeStep(topic) && !namesSomebody(t, said, kept);
}
const APART = 0.9;

/** Whether a report begun in words, after the secret, came to name somebody: by an answer, an addition, an edit. */
export function tellsSecret(t: Turn, intent: Intent, flow: Flow): boolean {
  if (!t.hushed || !flow.apart) return false;
  const told = intent.flow.flatMap(({ ask, type }) => {
    const answer = flow.answers[ask] ?? SKIPPED;
    return ['text', 'place'].includes(type) && answer !== SKIPPED ? [answer] : [];
  });
  return namesSomebody(t, told.join('\n'), secrets(t, flow.startedAt));
}

/** What was said under the card and what led to it, before an instant. */
const secrets = (t: Turn, before = Number.POSITIVE_INFINITY): string =>
  t.before.log
    .filter((e) => e.sensitive && e.from === 'citizen' && e.at < before)
    .map((e) => e.text)
    .join('\n');

/** Whether the card that is being talked about offers this report, by a button or in words. */
export function isOffered(t: Turn, topic: Intent): boolean {
  const card = t.intent(t.state.topic?.intent ?? '');
  return card?.type === 'general' && card.do === 'safe-card' && card.offer.includes(topic.id);
}

/**
 * Whether a text has a person in it, or a name of what was `kept` secret. A refusal too many costs
 * a call, one too few a name: small letters or capitals, with marks or without, a name is the same.
 */
function namesSomebody(t: Turn, said: string, kept: string): boolean {
  const { reader, now } = t.world;
  const { somebody, person } = t.content.phrases;
  // A street or a ward is nobody's name.
  const rest = without(understand(reader, said, { now }), PLACES);
  if (findPhrase(reader, rest, somebody, 'in')) return true;
  // "Anh Hùng"; but "em báo" is whoever speaks.
  if (phrasesIn(reader, rest, person).some(({ end }) => /^ \p{Lu}/u.test(rest.slice(end)))) return true;
  const here = namesIn(rest);
  const there = namesIn(kept);
  // What begins a sentence has a capital by that alone: a name when it begins one here and there, and is no "tôi".
  const leads = here.leading.filter((w) => !findPhrase(reader, w, person, 'whole'));
  return (
    phrasesIn(reader, rest, there.inside).length > 0 ||
    phrasesIn(reader, kept, here.inside).length > 0 ||
    leads.some((w) => there.leading.includes(w))
  );
}

/** The words with a capital: those that begin a sentence, and those inside one. */
function namesIn(text: string): { leading: string[]; inside: string[] } {
  const leading: string[] = [];
  const inside: string[] = [];
  for (const m of text.matchAll(/\p{Lu}\p{L}*/gu))
    (/(?:^|[.!?\n])\s*$/.test(text.slice(0, m.index)) ? leading : inside).push(m[0]);
  return { leading, inside };
}
