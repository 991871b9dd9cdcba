// What is written behind an inline button and how it is read back, within Telegram's 64 bytes. Pure; needs no
// store: the number of the entry and the choice's id travel in the button, or the button's label stands for it.
import type { Choice } from '../../core/message.ts';

const MAX_DATA_BYTES = 64;

/** `<n>|<choice id>` with n in base 36, or `<n>#<index>` when the id is too long: then the label says what it was. */
export function dataOf(n: number, choice: Choice, index: number): string {
  const data = `${n.toString(36)}|${choice.id}`;
  return Buffer.byteLength(data) <= MAX_DATA_BYTES ? data : `${n.toString(36)}#${index}`;
}

export type Pressed = { choice: string; choiceOf?: number } | { label: true; choiceOf: number };

/** What a pressed button meant. Data nobody of us wrote is passed on as a choice that no question knows. */
export function pressedOf(data: string): Pressed {
  const read = /^([0-9a-z]{1,10})([|#])(.+)$/su.exec(data);
  const n = read ? Number.parseInt(read[1]!, 36) : 0;
  if (!read || !Number.isSafeInteger(n) || n < 1) return { choice: cut(data) || '?' };
  if (read[2] === '#') return { label: true, choiceOf: n };
  return { choice: cut(read[3]!), choiceOf: n };
}

const cut = (id: string): string => id.toWellFormed().slice(0, 48).toWellFormed();

/** Telegram opens only pages that the whole world can reach. */
export function isPublicPage(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (
    protocol === 'https:' &&
    hostname.includes('.') &&
    !/^[\d.]+$/.test(hostname) &&
    !/\.(local|localhost|internal|test|invalid)$/.test(hostname)
  );
}
