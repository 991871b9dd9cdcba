// How a string is cleaned and folded, whatever it holds: mixed Unicode forms, control characters, hidden
// characters, piles of combining marks. Knows no Vietnamese word and nothing of intents.

/** More marks than any script needs on one letter; beyond it ICU's reordering would be quadratic. */
const MARK_PILE = /(\p{M}{4})\p{M}+/gu;
/**
 * Never typed on purpose and able to mislead a reader: controls (but tab and line feed), zero-width and
 * bidirectional controls, soft hyphen, Unicode tags, object replacement. The joiner U+200D stays: emoji need it.
 */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]|[\u{e0000}-\u{e007f}]/gu;
const WORDS = /[\p{L}\p{N}]+/gu;
/** Printable ASCII and precomposed Latin: already clean and NFC, which nearly every message is. */
const ORDINARY = /^[\n\x20-\x7e\u00c0-\u024f\u1ea0-\u1ef9]*$/;
/** No text of a case is longer; keys beyond it would find nothing that matters. */
const KEYS_FROM = 50_000;

/** The text a citizen meant: NFC, no hidden characters, line feeds only, at most four marks a letter. Linear. */
export function clean(s: string): string {
  if (ORDINARY.test(s)) return s;
  return s
    .replace(/\r\n?/g, '\n')
    .replace(HIDDEN, '')
    .replace(MARK_PILE, '$1')
    .toWellFormed()
    .normalize('NFC');
}

/** NFC, lower case, no diacritics, đ -> d. Idempotent. */
export function fold(s: string): string {
  if (!ORDINARY.test(s)) return foldAny(s);
  let out = '';
  for (let i = 0; i < s.length; i++) out += FOLDED[s.charCodeAt(i)];
  return out;
}

function foldAny(s: string): string {
  return s
    .replace(MARK_PILE, '$1')
    .toWellFormed()
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[đðɖ]/g, 'd')
    .normalize('NFC');
}
/** By character code, up to the last Vietnamese letter. */
const FOLDED: readonly string[] = Array.from({ length: 0x1efa }, (_, code) =>
  foldAny(String.fromCharCode(code)),
);

/** With a capital, as at the beginning of a sentence. */
export const capital = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1);

/** The different words of a text, folded, in order of first use: keys for searching cases. */
export function foldedWords(s: string): string[] {
  return [...new Set(fold(clean(s.slice(0, KEYS_FROM))).match(WORDS) ?? [])];
}

/** Words that no Vietnamese sentence is made of, with marks or without. */
const ENGLISH = new Set(
  `i am my is are was of how what where when which who your you please need want get got have has for and with from this
does could should would there about apply register renew license licence office certificate document documents birth
marriage police address speak house fire street school baby husband wife lost broken hours noise trash garbage foreigner
extend live complain residence`.split(/\s+/),
);
/** English words that are Vietnamese ones without their marks ("the can cuoc", "di my"), or borrowed ones. */
const BOTH = new Set(
  'the can do to an in a we me it at on no that hello help new card visa passport english'.split(' '),
);

/** Whether a message without any Vietnamese mark is written in English. `words`: lower case, in order. */
export function isEnglish(words: readonly string[]): boolean {
  const sure = words.filter((w) => ENGLISH.has(w));
  const share = (sure.length + words.filter((w) => BOTH.has(w)).length) / words.length;
  const different = new Set(sure).size;
  return words.length >= 2 && (different >= 2 ? share >= 0.3 : different === 1 && share >= 0.8);
}

/** The same of a text. */
export const looksEnglish = (text: string): boolean =>
  fold(text) === text.toLowerCase() && isEnglish(text.toLowerCase().match(/[a-z']+/g) ?? []);

/** Whether most words of a sentence, of five or more, bear Vietnamese marks. */
export function writesVietnamese(text: string): boolean {
  const words = text.normalize('NFC').toLowerCase().match(WORDS) ?? [];
  return words.length >= 5 && words.filter((w) => fold(w) !== w).length / words.length >= 0.5;
}
