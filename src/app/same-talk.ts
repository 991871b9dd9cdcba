// Whether a talk played again went the same way: the ids of what was answered and what the system did.
import type { TalkLine } from '../core/transcript.ts';

/** The first difference as `line: what`, or undefined. Wording is not compared. */
export function sameTalk(wanted: TalkLine[], played: TalkLine[]): string | undefined {
  const marks = (lines: TalkLine[]) =>
    lines.flatMap((l) =>
      l.kind === 'bot'
        ? [{ line: l.line, text: `bot [${l.id}]` }]
        : l.kind === 'system'
          ? [{ line: l.line, text: `hệ thống: ${l.text}` }]
          : [],
    );
  const a = marks(wanted);
  const b = marks(played);
  for (let i = 0; i < Math.max(a.length, b.length); i++)
    if (a[i]?.text !== b[i]?.text)
      return `${a[i]?.line ?? 'cuối'}: cần ${a[i]?.text ?? 'hết'}, nay ${b[i]?.text ?? 'hết'}`;
  return undefined;
}
