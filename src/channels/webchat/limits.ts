// How much one sender may send. Counts in memory, per process: a bound on floods, not an account of them.
// `GET activities` is never limited: a polling page that is refused once stops for ever.
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Allowance, WebChatHouse } from './house.ts';

const DEFAULTS = {
  messages: { points: 20, seconds: 10 },
  // A ward office or a mobile carrier can stand behind one address.
  conversations: { points: 30, seconds: 60 },
  uploads: { points: 10, seconds: 60 },
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
  };
}
