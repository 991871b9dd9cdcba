// Fills the slots of a wording. Knows no dialogue; a missing slot is a bug, since validate.ts checked them.
import type { Say } from '../message.ts';
import type { Content, Locale } from './schema.ts';

const SLOT = /\{([a-z][a-zA-Z]*)\}/g;

/** The slot names a wording uses. */
export const slotsOf = (text: string): string[] => [...text.matchAll(SLOT)].map((m) => m[1]!);

/** The text of a wording in a language, or in Vietnamese where that language has none. */
export const wordingOf = (content: Content, locale: Locale, id: string): string | undefined =>
  content.wording[locale][id] ?? content.wording.vi[id];

/** One sentence with its slots filled. Throws when the wording or a slot is missing. */
export function render(content: Content, say: Say, locale: Locale): string {
  const text = wordingOf(content, locale, say.id);
  if (text === undefined) throw new Error(`no wording '${say.id}'`);
  return (
    text
      .replace(SLOT, (_, name: string) => {
        const value = say.slots?.[name];
        if (value === undefined) throw new Error(`wording '${say.id}' wants {${name}}`);
        return String(value);
      })
      // A list begins on its own line: no blank is left hanging before it.
      .replace(/[ \t]+\n/g, '\n')
  );
}
