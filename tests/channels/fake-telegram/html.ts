// Telegram's HTML: what it shows, or why it refuses. The same sentences as the real Bot API.

const TAGS = new Set(
  'b strong i em u ins s strike del span tg-spoiler a code pre blockquote tg-emoji'.split(' '),
);
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** The words shown, or the description of the refusal. */
export function showHtml(html: string): { text: string } | { error: string } {
  const open: string[] = [];
  let text = '';
  const at = (i: number): number => Buffer.byteLength(html.slice(0, i));
  for (let i = 0; i < html.length; ) {
    const c = html[i]!;
    if (c === '&') {
      const entity = /^&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,4});/i.exec(html.slice(i));
      const name = entity?.[1]?.toLowerCase();
      const shown = name?.startsWith('#')
        ? String.fromCodePoint(Number(name.startsWith('#x') ? `0${name.slice(1)}` : name.slice(1)))
        : name && ENTITIES[name];
      text += shown ?? c;
      i += shown === undefined ? 1 : entity![0].length;
    } else if (c === '<') {
      const tag = /^<(\/?)([a-z-]*)((?:\s[^<>]*)?)>/i.exec(html.slice(i));
      if (!tag) return { error: `can't parse entities: Unclosed start tag at byte offset ${at(i)}` };
      const name = tag[2]!.toLowerCase();
      if (!TAGS.has(name))
        return {
          error: `can't parse entities: Unsupported start tag "${name}" at byte offset ${at(i)}`,
        };
      if (tag[1] && open.pop() !== name)
        return { error: `can't parse entities: Unmatched end tag at byte offset ${at(i)}` };
      if (!tag[1]) open.push(name);
      i += tag[0].length;
    } else {
      text += c;
      i++;
    }
  }
  if (open.length > 0)
    return {
      error: `can't parse entities: Can't find end tag corresponding to start tag "${open.at(-1)}"`,
    };
  return { text: text.trim() };
}
