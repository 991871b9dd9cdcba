// Bounds what one chat may send. Counted by the time Telegram took the message, so that what piled up while we were
// away is no flood; a message counted once stays counted once when it is delivered again.

const PER_MINUTE = 60;
const CHATS = 10_000;

export type Flow = 'fine' | 'first-too-many' | 'too-many';

/** Asks of each message whether its chat may go on; the first one over the bound is told apart, to be answered. */
export function flood(perMinute = PER_MINUTE): (chat: number, key: string, at: number) => Flow {
  const minutes = new Map<number, { minute: number; keys: Set<string> }>();
  return (chat, key, at) => {
    const minute = Math.floor(at / 60_000);
    let seen = minutes.get(chat);
    if (seen?.minute !== minute) seen = { minute, keys: new Set() };
    minutes.delete(chat);
    minutes.set(chat, seen);
    if (minutes.size > CHATS) minutes.delete(minutes.keys().next().value!);
    const before = seen.keys.has(key) ? 0 : seen.keys.size;
    if (before < perMinute) seen.keys.add(key);
    if (before < perMinute) return 'fine';
    if (before > perMinute) return 'too-many';
    seen.keys.add(key);
    return 'first-too-many';
  };
}
