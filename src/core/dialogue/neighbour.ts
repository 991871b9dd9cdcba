// The look-alike meant instead of the procedure at hand: "ý tôi là đăng ký lại", "thế còn đổi?". Contrasts know which
// are look-alikes and how each is called.
import { matchOption } from '../nlu/index.ts';
import { meantInstead } from './manner.ts';
import { type Turn, wordCount } from './turn.ts';

/** A longer message tells its own matter. */
const FEW = 8;

/** The intent beside `id` that the message turns to; undefined when it corrects nothing or names none of them. */
export function neighbour(t: Turn, id: string): string | undefined {
  const meant = meantInstead(t, t.phrase('whatAbout', 'start')?.after ?? t.text);
  if (wordCount(meant) > FEW || t.heard.facets.some((f) => f !== 'overview' && f !== 'steps'))
    return undefined;
  // "Hết hạn chứ không mất": what stands behind is what it is not.
  const rest = t.phrase('denied', 'in', meant)?.before || meant;
  if (rest === '' || rest === t.text) return undefined;
  const beside = [...t.content.contrasts.values()]
    .filter((c) => Object.values(c.options).some((o) => o.to === id))
    .flatMap((c) =>
      Object.entries(c.options).map(([option, o]) => ({ ...o, label: `contrast.${c.id}.${option}` })),
    )
    .filter((o) => o.to !== id && !o.to.startsWith('contrast:'));
  const offered = [...new Set(beside.map((o) => o.to))].map((to) => ({
    id: to,
    label: t.title(to),
    also: beside.filter((o) => o.to === to).flatMap((o) => [t.wording(o.label) ?? '', ...o.also]),
  }));
  return matchOption(t.world.reader, rest, offered)?.id;
}
