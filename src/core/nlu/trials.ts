// Reads the two files of trials that are no content: blind sentences (held-out.tsv) and meanings said in many ways
// (paraphrases.yml). Judges nothing.
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { FACETS, type Facet, KINDS, type Kind } from './heard.ts';

/** A sentence by another hand than the examples, with what it means. Fields left empty are not judged. */
export interface Blind {
  text: string;
  kind: Kind;
  intent?: string;
  facets?: Facet[];
  style: string;
}

/** Reads `text kind intent facets(+) style`, tab-parted; a heading line, blanks and `#` lines are passed over. */
export function parseBlind(tsv: string): Blind[] {
  const out: Blind[] = [];
  for (const line of tsv.split(/\r?\n/)) {
    const [text, kind, intent, facets, style] = line.split('\t').map((c) => c.trim());
    if (!text || text.startsWith('#') || !KINDS.includes(kind as Kind)) continue;
    const one: Blind = { text, kind: kind as Kind, style: style || '-' };
    if (intent) one.intent = intent;
    const known = (facets ?? '').split('+').filter((f): f is Facet => FACETS.includes(f as Facet));
    if (known.length > 0) one.facets = known;
    out.push(one);
  }
  return out;
}

const Meaning = z.object({
  meaning: z.object({
    kind: z.enum(KINDS),
    code: z.string().optional(),
    intent: z.string().optional(),
    facet: z.enum(FACETS).optional(),
  }),
  ways: z.array(z.string()).min(2),
});
/** One meaning and the ways to say it. */
export type Meaning = z.infer<typeof Meaning>;

/** Throws on a file that does not fit: it is a fault of the project, not of a citizen. */
export function parseMeanings(yaml: string): Meaning[] {
  return z.array(Meaning).parse(parseYaml(yaml) ?? []);
}
