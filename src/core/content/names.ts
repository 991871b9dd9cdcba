// What a procedure is called. Knows no sentence beyond its title.
import type { Content } from './schema.ts';

/** Official name, aliases, title, in this order; empty for what is no procedure. Sentences as good as examples. */
export function namesOf(content: Content, id: string): string[] {
  const intent = content.intents.get(id);
  if (intent?.type !== 'procedure') return [];
  const title = content.wording.vi[id] ?? content.wording.vi[`${id}.title`];
  return [intent.name, ...intent.aliases, ...(title ? [title] : [])];
}
