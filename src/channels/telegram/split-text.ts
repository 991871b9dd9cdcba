// Plain text cut into pieces that fit one Telegram message, at the best place that can be found. Pure.

const entityOf = (c: string): string => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : c === '>' ? '&gt;' : c);

/** Text as HTML without any tag. */
export const escapeHtml = (text: string): string => text.replace(/[&<>]/g, entityOf);

/** What Telegram refuses or hides is taken out: half surrogates, NUL and its kin. */
export const sendable = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .trim();

/**
 * Pieces of at most `limit` UTF-16 units once escaped, cut after a paragraph, else a line, else a word, else between
 * two characters. White space at a cut is dropped, nothing else is. No piece is empty; '' gives none.
 */
export function splitText(text: string, limit: number): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest) {
    const end = reach(rest, limit);
    const at = end === rest.length ? end : cutAt(rest, end);
    const piece = rest.slice(0, at).trim();
    if (piece) pieces.push(piece);
    rest = rest.slice(at).trim();
  }
  return pieces;
}

/** How far one piece may reach: never into a surrogate pair. */
function reach(text: string, limit: number): number {
  let weight = 0;
  let i = 0;
  while (i < text.length) {
    const c = String.fromCodePoint(text.codePointAt(i)!);
    weight += entityOf(c).length;
    if (weight > limit) break;
    i += c.length;
  }
  return Math.max(i, 1);
}

/** A piece shorter than this share is worse than a cut at a lesser place. */
const WORTH = 4;

function cutAt(text: string, end: number): number {
  const head = text.slice(0, end + 1);
  for (const mark of [/\n[ \t]*\n/g, /\n/g, /\s/g]) {
    const last = [...head.matchAll(mark)].at(-1);
    if (last && last.index > end / WORTH && last.index <= end) return last.index;
  }
  // No letter loses its marks, no composed emoji its parts, unless somebody piled up dozens of them.
  let at = end;
  while (at > 0 && at > end - 64 && (JOINS_LEFT.test(text.slice(at, at + 2)) || text[at - 1] === JOINER)) {
    at--;
    if (isTrail(text, at)) at--;
  }
  return at > 0 && at > end - 64 ? at : end;
}

const JOINER = '\u200d';
const JOINS_LEFT = /^(?:\p{M}|\u200d|\ufe0f)/u;

const isTrail = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00;
