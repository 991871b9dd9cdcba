// The office a report is about: the answer to "which office?", and the same said better while anything later is asked
// or the draft is being checked. Knows no office by name.
import type { Intent, Step } from '../content/index.ts';
import { SKIPPED } from '../flow/index.ts';
import { findOffice, normalize, type Office } from '../nlu/index.ts';
import type { Flow } from './conversation.ts';
import { corrects } from './manner.ts';
import { type Turn, wordCount } from './turn.ts';

/** Where an office is asked for. */
export const officeStep = (intent: Intent): Step | undefined =>
  intent.flow.find((s) => s.entity === 'agency');

export const officeIn = (t: Turn, text: string): Office | undefined =>
  findOffice(normalize(text, t.world.reader.lexicon), t.world.reader.gazetteer);

/** The message is an office's name and next to nothing else: no question where it is. */
export function namesOnly(t: Turn): boolean {
  const office = officeIn(t, t.text);
  return office?.id !== undefined && wordCount(office.said) >= wordCount(t.text) - 1;
}

/** What answers for a ward, when only the ward is known; undefined where wards have no agencies. */
export const wardOffice = (
  t: Turn,
  ward: string,
  prefix = t.content.wardAgencies[0]?.prefix,
): string | undefined => [`${prefix}-${ward}`].find((id) => t.content.agencies.has(id));

/** The prefix and ward of a ward's agency. */
export function wardAgency(t: Turn, id: string): { prefix: string; ward: string } | undefined {
  const prefix = t.content.wardAgencies.find((w) => id.startsWith(`${w.prefix}-`))?.prefix;
  const ward = prefix && id.slice(prefix.length + 1);
  return ward && t.content.places.wards.some((w) => w.id === ward) ? { prefix, ward } : undefined;
}

/**
 * The office that the words name, as the report keeps it: in the citizen's words, an old name with the office that
 * took over. Half a name ("công an phường", "phường Láng") is read with what was answered before.
 */
export function nameOffice(t: Turn, intent: Intent, flow: Flow, text: string): string | undefined {
  const office = officeIn(t, text);
  if (!office) return undefined;
  const step = officeStep(intent)?.ask ?? '';
  const [half, whole] = [flow.said[step], flow.answers[step]].map((x) => (x ? officeIn(t, x) : undefined));
  const known = whole?.id ? wardAgency(t, whole.id) : undefined;
  const prefix = office.kind ? office.kind.prefix : (half?.kind?.prefix ?? known?.prefix);
  const ward = office.kind ? known?.ward : office.ward;
  if (office.kind || ward) {
    const id = prefix && ward ? wardOffice(t, ward, prefix) : undefined;
    if (id) return office.formerly ? kept(t, { ...office, id }) : t.agencyName(id);
    if (office.kind) return undefined;
  }
  return kept(t, office);
}

/** In the citizen's words; an old name with the office that took over. */
export const kept = (t: Turn, office: Office): string =>
  office.formerly && office.id
    ? t.word('gui.nay-la', { said: office.said, now: t.agencyName(office.id) })
    : office.said;

/**
 * An office named to correct the one given before, or to give it late: whole, or half ("công an phường", of none that
 * is known); undefined when the message is about more. `steers`: it sounds like a command of its own.
 */
export function namedAnew(
  t: Turn,
  intent: Intent,
  flow: Flow,
  asked: Step | undefined,
  steers: boolean,
): { whole: string } | { half: string } | undefined {
  const step = officeStep(intent);
  if (!step || step === asked || !t.text || asked?.fromOpening) return undefined;
  const office = officeIn(t, t.text);
  if (!office || sendsTo(t)) return undefined;
  const placed = asked?.type === 'place' || asked?.type === 'ward';
  // A ward alone may be the ward of the place.
  if (office.ward && intent.flow.some((s) => s.type === 'place')) return undefined;
  if (!corrects(t)) {
    const missing = (flow.answers[step.ask] ?? SKIPPED) === SKIPPED;
    const most = wordCount(office.said) * 2 > wordCount(t.text);
    if (!most || steers || placed || (office.kind && !missing)) return undefined;
  }
  const whole = nameOffice(t, intent, flow, t.text);
  return whole === undefined ? { half: office.said } : { whole };
}

/** Said of an office to which it should go: another thing than whom it is about. */
export const sendsTo = (t: Turn): boolean => t.phrase('sendTo', 'in') !== undefined;
