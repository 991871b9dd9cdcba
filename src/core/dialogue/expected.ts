// A message after a question that is no flow's: which of two, solved or not, what should the officer know.
import { type Case, fold } from '../cases/index.ts';
import { understand } from '../nlu/index.ts';
import * as caseTalk from './case-talk.ts';
import * as filing from './filing.ts';
import { leaveTicket } from './general.ts';
import { lastOffer } from './log.ts';
import { doubts } from './manner.ts';
import { begin, resume } from './matter.ts';
import { press } from './press.ts';
import { COMMAND_WORDS, generalHeard, INTERRUPTS, type Turn, wordCount } from './turn.ts';

/** With the case code: "tình trạng …", "mã … đâu rồi". */
const FEW_WORDS = 5;

/** true when the message was what the last entry waited for. */
export function expected(t: Turn): boolean {
  const x = t.state.expects!;
  const general = generalHeard(t);
  const steers =
    general &&
    !['say', 'office', 'yes', 'no', 'skip', 'more', 'solved', 'unsolved'].includes(general.do) &&
    t.heard.action === 'answer' &&
    wordCount(t.text) <= COMMAND_WORDS;
  switch (x.kind) {
    case 'solved': {
      const c = t.case(x.code);
      const asked = lastOffer(t.before)?.choices?.some((x) => x.id.startsWith('s:'));
      if (!c || !asked) {
        t.clearExpects();
        return false;
      }
      // "rác vẫn còn nguyên" is heard as the report it once was: not solved, in the citizen's own words.
      const again = t.heard.intents[0]?.intent === fold(c).opened.topic;
      const no = general?.do === 'no' || general?.do === 'unsolved' || again;
      if (general?.do !== 'yes' && general?.do !== 'solved' && !no) return hintsUnsolved(t, c);
      caseTalk.solved(t, c, !no, no && wordCount(t.text) > 2 ? t.text : '');
      return true;
    }
    case 'answer-officer':
    case 'add': {
      const c = t.case(x.code);
      const over = x.kind === 'answer-officer' && c && fold(c, t.world.now).question?.entry !== x.entry;
      // "Hôm qua lại đổ thêm" is more already, and does not only ask to add.
      const more = general?.do === 'add' && wordCount(t.text) > 3;
      if (!c || (steers && !more) || over || isOther(t, fold(c).opened.topic, x.kind === 'add' ? 4 : 9)) {
        t.clearExpects();
        return false;
      }
      if (general?.do === 'say' && courtesy(t)) {
        // Thanks are no answer; the question stays open.
        t.sayContent(general.say ?? general.id);
        return true;
      }
      const code = t.facts.typed;
      if (code && x.kind === 'add' && !t.inbound.files?.length && wordCount(t.text) <= FEW_WORDS) {
        // A code and next to nothing besides: asked about, and nothing to add.
        const asked = caseTalk.whichCase(t, 'status');
        if (asked) caseTalk.tellStatus(t, asked);
        return true;
      }
      caseTalk.add(t, c, t.text, x.kind === 'answer-officer' ? x.entry : undefined);
      return true;
    }
    case 'withdraw':
    case 'erase':
    case 'reopen':
    case 'which-case':
    case 'contrast':
    case 'which-intent':
    case 'offer': {
      if ((x.kind === 'contrast' || x.kind === 'which-intent') && asksWhy(t)) {
        t.say('giai-thich.chon');
        t.choices = [...(lastOffer(t.before)?.choices ?? [])];
        return true;
      }
      // "Chưa xong" is the yes to "shall I open it again?".
      const yes =
        general?.do === 'yes' ||
        (x.kind === 'reopen' &&
          (general?.do === 'unsolved' || !!t.phrase('still', 'whole') || !!t.phrase('notYet', 'whole')));
      const button = yes ? firstButton(t) : undefined;
      if (button) {
        press(t, button);
        return true;
      }
      if (x.kind === 'offer' && general?.do === 'yes' && t.heard.action === 'answer' && !t.state.flow) {
        // "Ừ" to one of several: the officer asks what it is before anything is written down.
        press(t, 'x:can-bo');
        return true;
      }
      if (
        (x.kind === 'withdraw' || x.kind === 'erase') &&
        (general?.do === 'no' || t.phrase('leaveIt', 'in'))
      ) {
        t.clearExpects();
        t.say(x.kind === 'erase' ? 'xoa.thoi' : 'vu.giu-lai');
        resume(t);
        return true;
      }
      // An answer to "which?" in other words is heard together with what was asked about.
      if ((x.kind === 'contrast' || x.kind === 'which-intent') && t.heard.action !== 'answer' && x.text) {
        const again = understand(t.world.reader, `${x.text} ${t.text}`, { now: t.world.now });
        if (again.action === 'answer' && again.intents[0]) {
          t.clearExpects();
          begin(t, again.intents[0].intent, again.facets, `${x.text} ${t.text}`);
          return true;
        }
      }
      t.clearExpects();
      return false;
    }
    case 'edit-what': {
      t.clearExpects();
      // Its buttons are still meant: "đúng rồi gửi đi". "Ừ" or "chưa xong" names no line and is no word to send.
      const button = filing.saidInReview(t);
      if (button && !(button === 'x:dung' && doubts(t))) press(t, button);
      else if (button || (general && t.heard.action === 'answer' && REPLIES.has(general.do))) resume(t);
      else return false;
      return true;
    }
    case 'officer':
      if ((steers && general.do !== 'officer') || courtesy(t)) {
        t.clearExpects();
        return false;
      }
      leaveTicket(t, 'ticket', general?.do === 'yes' && x.text ? x.text : t.text, () => resume(t));
      return true;
  }
}

/** Replies that name nothing. */
const REPLIES = new Set(['yes', 'no', 'skip', 'solved', 'unsolved']);
/**
 * "Hôm nay họ lại đổ ra", "trả lời chung chung thế" to "is it solved?": the case is offered to be opened again. What is
 * not understood is asked about once more. Another place or a procedure is another matter.
 */
function hintsUnsolved(t: Turn, c: Case): boolean {
  const top = t.intent(t.heard.intents[0]?.intent ?? '');
  const elsewhere = t.heard.entities.some((e) => e.type === 'street') || t.heard.kind === 'procedure';
  if (elsewhere || wordCount(t.text) > FEW_OF_CASE) return false;
  if (t.phrase('notDone', 'in')) {
    caseTalk.offerReopen(t, c);
    return true;
  }
  const unclear = t.heard.action === 'rephrase' || (top?.type === 'general' && top.kind === 'unclear');
  const entry = fold(c).reply?.entry;
  if (!unclear || entry === undefined || t.state.strikes > 0) return false;
  t.state.strikes++;
  t.say('sai.chon-mot');
  caseTalk.askSolved(t, c, entry);
  return true;
}
/** A longer message tells its own matter. */
const FEW_OF_CASE = 12;

/** "Thế là sao", "cụ thể hơn" to a question. */
const asksWhy = (t: Turn): boolean =>
  t.phrase('explain', 'whole') !== undefined ||
  (generalHeard(t)?.do === 'more' && t.heard.action === 'answer');

/** Thanks and greetings alone: "cảm ơn, gần số 27" tells something. */
function courtesy(t: Turn): boolean {
  const kind = (text: string) =>
    generalHeard(t, understand(t.world.reader, text, { now: t.world.now }))?.kind;
  const clauses = t.text.split(/[,.;!\n]+/).filter((c) => c.trim() !== '');
  return (
    generalHeard(t)?.kind === 'small-talk' &&
    t.heard.action === 'answer' &&
    !/\d/.test(t.text) &&
    (clauses.length < 2 || clauses.every((c) => kind(c) === 'small-talk'))
  );
}

/** Clearly something else: a procedure, or a report of another topic in more than so many words, surely heard. */
function isOther(t: Turn, topic: string, words: number): boolean {
  const heard = t.intent(t.heard.intents[0]?.intent ?? '');
  // What a procedure costs or takes is asked, whichever it is.
  if (t.heard.kind === 'procedure' && t.heard.facets.some((f) => f !== 'overview')) return true;
  if (t.heard.action !== 'answer' || !heard) return false;
  if (heard.type === 'procedure') return t.heard.certainty >= 0.6;
  if (t.heard.certainty < INTERRUPTS) return false;
  return heard.type === 'topic' && heard.id !== topic && wordCount(t.text) > words;
}

/** "Yes" to a question with one obvious yes. */
function firstButton(t: Turn): string | undefined {
  const kinds = ['withdraw', 'erase', 'reopen'];
  return kinds.includes(t.state.expects?.kind ?? '') ? lastOffer(t.before)?.choices?.[0]?.id : undefined;
}
