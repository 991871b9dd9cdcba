// Set phrases with their groups spelled out: "ý {person}" stands for one phrase for each of the group.
import type { Phrases } from './schema.ts';

/** Groups within groups, at most so deep. */
const DEEPEST = 3;

/** `unknown` is told of each phrase whose group does not exist or holds itself; such a phrase is left out. */
export function spelledOut(
  phrases: Phrases,
  unknown: (key: string, at: number, name: string) => void,
): Phrases {
  const expand = (phrase: string, fail: (name: string) => void, depth = 0): string[] => {
    const name = /\{([^}]*)\}/.exec(phrase)?.[1];
    if (name === undefined) return [phrase];
    const group = Object.hasOwn(phrases, name) ? phrases[name as keyof Phrases] : undefined;
    if (!group || depth > DEEPEST) {
      fail(name);
      return [];
    }
    return group.flatMap((one) => expand(phrase.replace(`{${name}}`, one), fail, depth + 1));
  };
  return Object.fromEntries(
    Object.entries(phrases).map(([key, list]) => [
      key,
      list.flatMap((p, at) => expand(p, (name) => unknown(key, at, name))),
    ]),
  ) as Phrases;
}
