// What is said when it is not clear what was meant: one short question, then owning up with the two likeliest
// readings, then a person. Never more than two failures in a row.
import { matchOption } from '../nlu/index.ts';
import { capital } from '../text.ts';
import type { Turn } from './turn.ts';

/** What nobody means to say. */
const NO_MATTER = new Set(['out-of-scope', 'unclear']);

/** Labels of intents that may be offered as readings. */
function readings(t: Turn, ids: string[]): { id: string; label: string }[] {
  return ids.flatMap((id, nth) => {
    const intent = t.intent(id);
    // A danger that is the likeliest reading is offered; behind another it only frightens.
    if (nth > 0 && intent?.type === 'general' && (intent.do === 'safe-card' || intent.kind === 'emergency'))
      return [];
    // A person is offered by a button of its own.
    if (intent?.type === 'general' && (intent.do === 'officer' || NO_MATTER.has(intent.kind))) return [];
    const label = id.startsWith('contrast:') ? undefined : t.wording(`${id}.title`);
    return label ? [{ id, label: capital(label) }] : [];
  });
}

/** The one question that tells look-alikes apart. */
export function askContrast(t: Turn, id: string): void {
  const c = t.content.contrasts.get(id)!;
  t.sayContent(`contrast.${id}`);
  for (const option of Object.keys(c.options))
    t.offer(`c:${id}:${option}`, t.wording(`contrast.${id}.${option}`) ?? option);
  t.state.expects = { kind: 'contrast', contrast: id, text: t.text };
}

/** Two close readings: "A hay B?". */
export function askWhich(t: Turn, ids: string[]): void {
  const found = readings(t, ids).slice(0, 3);
  if (found.length < 2) {
    notUnderstood(t);
    return;
  }
  t.say('hoi-lai.hai-viec');
  for (const r of found) t.offer(`i:${r.id}`, r.label);
  t.button('x:viec-khac', 'nut.viec-khac');
  t.state.expects = { kind: 'which-intent', text: t.text };
}

/**
 * Counts a message that was not understood, of whatever kind and wherever it stood. true when it is answered with
 * that: the second in a row gets the offer, and those after it stay there in fewer words. `resume` asks again what
 * was open.
 */
export function fails(t: Turn, resume: () => void): boolean {
  t.state.strikes++;
  if (t.state.strikes < 2) return false;
  t.say(t.state.strikes === 2 ? 'hoi-lai.lan-hai' : 'hoi-lai.lan-nua');
  resume();
  // After a safe card nothing is written down.
  if (!t.sensitive) t.button('x:gui-cau-hoi', 'nut.gui-cau-hoi');
  t.button('x:can-bo', 'nut.can-bo');
  if (t.intent(t.state.flow?.intent ?? '')?.type === 'topic') t.button('x:huy', 'gui.nut-huy');
  else t.button('x:thu-tuc', 'nut.thu-tuc');
  t.state.expects = { kind: 'offer', text: t.text };
  return true;
}

/** First time: say so, with the two likeliest readings. Then the offer. */
export function notUnderstood(t: Turn): void {
  if (fails(t, () => {})) return;
  const found = readings(
    t,
    t.heard.intents.filter((i) => i.score >= 0.05).map((i) => i.intent),
  ).slice(0, 2);
  if (found.length > 0) {
    t.say('hoi-lai.chua-ro-hai');
    for (const r of found) t.offer(`i:${r.id}`, r.label);
    t.state.expects = { kind: 'which-intent', text: t.text };
  } else {
    t.say('hoi-lai.chua-ro');
    t.button('x:thu-tuc', 'nut.thu-tuc');
    t.button('x:phan-anh', 'nut.phan-anh');
  }
  t.button('x:can-bo', 'nut.can-bo');
}

/** A code of the national portal that no written procedure bears. */
export function unknownCode(t: Turn, code: string): void {
  t.state.strikes = 0;
  t.say('thu-tuc.ma-la', { code });
  t.button('x:thu-tuc', 'nut.thu-tuc');
  t.button('x:can-bo', 'nut.can-bo');
}

/** A few things that can be asked, as buttons. */
export function offerMenu(t: Turn, type: 'procedure' | 'topic', shown = 6): void {
  t.say('hoi-lai.chon-mot');
  for (const i of [...t.content.intents.values()].filter((x) => x.type === type).slice(0, shown)) {
    t.offer(`i:${i.id}`, capital(t.title(i.id)));
  }
}

/** What was said, as one of the buttons last offered; ids of buttons. */
export function saidButton(t: Turn): string | undefined {
  const last = t.before.log.findLast((e) => e.from !== 'citizen');
  if (!last?.choices || !t.text) return undefined;
  return matchOption(
    t.world.reader,
    t.text,
    last.choices.map((c) => ({ id: c.id, label: c.label, also: alsoOf(t, c.id) })),
  )?.id;
}

/** Other ways to say a button: those of a contrast's option. */
function alsoOf(t: Turn, id: string): string[] {
  const [head, contrast, option] = id.split(':');
  return head === 'c' ? (t.content.contrasts.get(contrast!)?.options[option!]?.also ?? []) : [];
}
