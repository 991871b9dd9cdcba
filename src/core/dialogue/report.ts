// What routing needs of a report, read from its answers: the ward, and the unit complained about. That is the one
// that does something in the story, not one that is asked for help or stands there as a landmark. Knows none by name.
import type { Intent, Phrases, Step } from '../content/index.ts';
import { type Answers, replay, SKIPPED } from '../flow/index.ts';
import { findEntities, findPhrase, normalize, type Where } from '../nlu/index.ts';
import { fold } from '../text.ts';
import type { Flow } from './conversation.ts';
import { officeIn, wardAgency, wardOffice } from './office.ts';
import type { Turn } from './turn.ts';

export interface Report {
  topic: string;
  answers: Answers;
  ward?: string;
  against?: string;
}

export function reportOf(t: Turn, intent: Intent, flow: Flow): Report {
  const { answers } = replay(intent, flow.answers);
  const texts = intent.flow.filter((s) => s.type === 'text' && answers[s.ask] && answers[s.ask] !== SKIPPED);
  const named = texts.flatMap((s) => agenciesIn(t, answers[s.ask]!).map((m) => ({ ...m, step: s })));
  const place = answers.phuong !== SKIPPED ? answers.phuong : undefined;
  const said = intent.flow.find((s) => s.entity === 'agency' && texts.includes(s));
  const answered = said && officeIn(t, answers[said.ask]!)?.id;
  const ids = [...(answered ? [answered] : []), ...named.map((m) => m.id)];
  const ward = place ?? ids.map((id) => wardAgency(t, id)?.ward).find((w) => w !== undefined);
  const report = { topic: intent.id, answers, ...(ward && { ward }) };
  const unnamed = ward ? texts.flatMap((s) => wardAgenciesIn(t, answers[s.ask]!, ward, named)) : [];
  const doer =
    [...named, ...unnamed].find((m) => does(t, m.text, m.start, m.end))?.id ??
    texts.map((s) => wardDoing(t, answers[s.ask]!, ward)).find((id) => id !== undefined) ??
    officeAt(t, intent, answers, texts);
  if (intent.type !== 'topic' || !intent.against) return { ...report, ...(doer && { against: doer }) };
  // Here it is asked for; without its name the ward of the place names it.
  const against = answered ?? doer ?? (said ? undefined : (named[0]?.id ?? (ward && wardOffice(t, ward))));
  return { ...report, ...(against && { against }) };
}

interface Mention {
  id: string;
  text: string;
  start: number;
  end: number;
}

function agenciesIn(t: Turn, said: string): Mention[] {
  const n = normalize(said, t.world.reader.lexicon);
  return findEntities(n, t.world.reader.gazetteer, t.world.now).flatMap((e) =>
    e.type === 'agency' && t.content.agencies.has(e.value)
      ? [{ id: e.value, text: n.text, start: e.start, end: e.end }]
      : [],
  );
}

/** "UBND phường", "công an xã" without a name: the one of the place, when its ward is known. */
function wardAgenciesIn(t: Turn, said: string, ward: string, named: Mention[]): Mention[] {
  const { text } = normalize(said, t.world.reader.lexicon);
  const plain = fold(text);
  if (plain.length !== text.length) return [];
  return t.content.wardAgencies.flatMap((w) =>
    [w.name, ...w.aliases].flatMap((name) => {
      const title = RegExp.escape(fold(name.split('{ward}')[0]!));
      const found = new RegExp(`(?<![\\p{L}\\p{N}])${title}(?:phuong|xa)(?![\\p{L}\\p{N}])`, 'u').exec(plain);
      if (!found) return [];
      const start = found.index;
      const end = start + found[0].length;
      const isNamed = named.some((m) => m.text === text && m.start < end && start < m.end);
      return isNamed ? [] : [{ id: `${w.prefix}-${ward}`, text, start, end }];
    }),
  );
}

/** "Phường đổ rác ra đầu ngõ", "phường Láng bắt tôi về": the ward itself does it, whose name is else only the place. */
function wardDoing(t: Turn, story: string, placed: string | undefined): string | undefined {
  const { lexicon, gazetteer } = t.world.reader;
  for (const clause of normalize(story, lexicon).text.split(CLAUSE)) {
    const said = t.phrase('complains', 'in', clause)?.after ?? clause.trim();
    const itself = t.phrase('theWard', 'start', said);
    if (!itself) continue;
    const named = findEntities(normalize(said, lexicon), gazetteer, t.world.now).find(
      (e) => e.type === 'ward' && e.start === 0,
    );
    const rest = named ? said.slice(named.end).trim() : itself.after;
    const ward = named?.value ?? placed;
    if (ward && t.phrase('misdeed', 'start', rest)) return wardOffice(t, ward);
  }
  return undefined;
}

/**
 * What an official did, told to have happened at an office: where it happened is whom it is about. So is one of which a
 * misdeed is told where only the place was asked for.
 */
function officeAt(t: Turn, intent: Intent, answers: Answers, texts: Step[]): string | undefined {
  const place = answers[intent.flow.find((s) => s.type === 'place')?.ask ?? ''];
  const at = place ? agenciesIn(t, place)[0] : undefined;
  if (!at) return undefined;
  const told = texts.some((s) => t.phrase('official', 'in', answers[s.ask]));
  const accused = t.phrase('misdeed', 'start', at.text.slice(at.end)) !== undefined;
  return (at.start === 0 && told) || accused ? at.id : undefined;
}

/**
 * Whether what stands there does something in its clause: it is neither asked for help nor told, no landmark, and
 * something is said of it.
 */
function does(t: Turn, text: string, start: number, end: number): boolean {
  let before = text.slice(0, start).split(CLAUSE).at(-1)!.slice(-NEAR);
  const after = text.slice(end).split(CLAUSE)[0]!.slice(0, NEAR);
  const said = (which: keyof Phrases, where: Where, clause: string) =>
    findPhrase(t.world.reader, clause, t.content.phrases[which], where);
  if (said('landmark', 'end', before) || said('wanted', 'start', after)) return false;
  // "Phản ánh UBND phường không làm việc": not told to it, but of it.
  if (
    said('complains', 'end', before) &&
    (said('denying', 'start', after) || said('misdeed', 'start', after))
  )
    return true;
  const by = said('doneBy', 'end', before);
  for (let word = said('askedTo', 'end', before); word; word = said('askedTo', 'end', before)) {
    if (said('asked', 'end', before)) break;
    before = before.slice(0, word.start);
  }
  if (said('asked', 'end', before)) return false;
  return after.trim() !== '' || by !== undefined;
}
const CLAUSE = /[.,;:!?\n()]/;
/** So many characters of a clause are looked at: word by word through a whole story would take seconds. */
const NEAR = 120;
