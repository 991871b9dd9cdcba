// How much one sender may send. Counts in memory, per process: a bound on floods, not an account of them.
// `GET activities` is never limited: a polling page that is refused once stops for ever.
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Allowance, WebChatHouse } from './house.ts';

const DEFAULTS = {
  messages: { points: 20, seconds: 10 },
  // A ward office or a mobile carrier can stand behind one address.
  conversations: { points: 30, seconds: 60 },
  uploads: { points: 10, seconds: 60 },
  lookups: { points: 60, seconds: 60 },
} satisfies Record<string, Allowance>;

export type Limits = Record<keyof typeof DEFAULTS, (sender: string) => Promise<boolean>>;

/** Each limit answers whether this sender may go on. */
export function limits(settings: WebChatHouse['limits'] = {}): Limits {
  const limit = ({ points, seconds }: Allowance) => {
    const limiter = new RateLimiterMemory({ points, duration: seconds });
    return (sender: string) =>
      limiter.consume(sender).then(
        () => true,
        () => false,
      );
  };
  return {
    messages: limit(settings.messages ?? DEFAULTS.messages),
    conversations: limit(settings.conversations ?? DEFAULTS.conversations),
    uploads: limit(settings.uploads ?? DEFAULTS.uploads),
    lookups: limit(settings.lookups ?? DEFAULTS.lookups),
  };
}

/** One sender by address: of IPv6 the first half, for a household holds all the rest of it. */
export function senderOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  if (!address.includes(':')) return address;
  const [front = '', back] = address.split('::');
  const groups = front.split(':').filter(Boolean);
  const after = back?.split(':').filter(Boolean) ?? [];
  const whole = [...groups, ...Array(Math.max(0, 8 - groups.length - after.length)).fill('0'), ...after];
  return whole.slice(0, 4).join(':');
}

/** Nine symbols that may be read as a case code, however they are spaced. Takes in a little too much, never too little. */
const CODE = /(?<![a-z0-9])(?:[0-9ahkmqrtxyoil][\s.\-–—_]{0,3}){8}[0-9ahkmqrtxyoil](?![a-z0-9])/i;

/** Whether a message may look up a case: whoever guesses codes sends many of them. */
export const looksUp = (text: string): boolean => {
  const found = CODE.exec(text.normalize('NFKD').replace(/\p{M}/gu, ''))?.[0];
  return found !== undefined && /\d/.test(found) && /[a-z]/i.test(found);
};
