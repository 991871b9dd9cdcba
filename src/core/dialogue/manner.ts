// How a message is put, whatever it is about: as a question, in doubt, hanging on what was said before, or to put that
// right. The one owner of each of these; the words are in intents/cach-noi.yml.
import type { Phrases } from '../content/index.ts';
import { PHRASED, type Turn } from './turn.ts';

type Said = Pick<Turn, 'text' | 'phrase'>;

/** A question, with its mark or without; "đâu, …" at the beginning denies. */
export function asks(t: Said, text = t.text): boolean {
  if (text.includes('?')) return true;
  const led = afterInterjections(t, text);
  const said = (t.phrase('denied', 'start', led) ?? t.phrase('correcting', 'start', led))?.after || led;
  return t.phrase('asking', 'in', said) !== undefined || t.phrase('askingLast', 'end', said) !== undefined;
}

/** A question, a doubt or a condition inside what sounds like a yes, or a whole story: nothing is sent on it. */
export const doubts = (t: Said): boolean =>
  t.text.length > PHRASED || asks(t) || t.phrase('doubting', 'in') !== undefined;

/** "Không biết", "tôi không rõ": no answer, and no "không" either. */
export const unsure = (t: Said, text = t.text): boolean =>
  t.phrase('unsure', 'start', past(t, 'beforeUnsure', text)) !== undefined;

/** A question that hangs on what was just said: "thế người lớn thì sao", "nếu làm hộ". */
export const hangs = (t: Said): boolean =>
  !!(t.phrase('whatAbout', 'start') ?? t.phrase('supposing', 'start'))?.after ||
  t.phrase('hanging', 'end') !== undefined;

/** What such a question is about, without the words by which it hangs. */
export function hungOn(t: Said, text = t.text): string {
  const rest = past(t, 'hangingLead', text) || text;
  return t.phrase('hangingTail', 'end', rest)?.before || rest;
}

/** Something written down is to be changed: "sai rồi", "à sửa địa chỉ". "Không sai" changes nothing. */
export const changes = (t: Said): boolean =>
  t.phrase('changing', 'start', afterInterjections(t, t.text)) !== undefined;

/** What was said or understood before is wrong: it is to be changed, or denied, or what is meant is said anew. */
export function corrects(t: Said): boolean {
  const rest = afterInterjections(t, t.text);
  return (
    changes(t) ||
    (t.phrase('correcting', 'start', rest) ?? t.phrase('denied', 'start', rest)) !== undefined ||
    t.phrase('instead', 'in') !== undefined
  );
}

/** What a message says after "không phải, ý tôi là …"; the whole of it when nothing is put right. */
export function meantInstead(t: Said, text = t.text): string {
  let led = afterInterjections(t, text);
  for (let n = 0; n < MOST_LEADS; n++) {
    // "Không phải ý tôi là …"; but "không phải lần đầu" denies what follows.
    const denied = t.phrase('denied', 'start', led)?.after ?? led;
    const next = t.phrase('correcting', 'start', led) ?? t.phrase('correcting', 'start', denied);
    if (!next) break;
    led = afterInterjections(t, next.after);
  }
  return led;
}

/** Without the oath that it begins with: what goes to an office is the matter. */
export const withoutOath = (t: Said, text: string): string => t.phrase('oath', 'start', text)?.after || text;

/** What is said after "à", "dạ", "không, …". */
export const afterInterjections = (t: Said, text: string): string => past(t, 'interjection', text);

/** What follows the phrases of one list that a text begins with, one after another; empty when nothing does. */
function past(t: Said, which: keyof Phrases, text: string): string {
  let rest = text;
  for (let n = 0; n < MOST_LEADS; n++) {
    const lead = t.phrase(which, 'start', rest);
    if (!lead) break;
    rest = lead.after;
  }
  return rest;
}

/** Nobody leads in with more; each is looked for in all that follows it. */
const MOST_LEADS = 6;
