// `.chat`: a talk as plain text, readable by anyone, played as a test. Parses and prints; plays nothing.
import { Location } from './message.ts';
import { fail, ok, type Problem, problem, type Result } from './result.ts';

export type Marker = 'edit' | 'again' | 'at-once';

export type TalkLine = { line: number } & (
  | { kind: 'title'; text: string }
  | { kind: 'comment'; text: string }
  /** Moves the clock (date absent: same day), switches the channel, or both. */
  | { kind: 'at'; channel?: 'telegram' | 'web'; clock?: string; date?: string }
  | {
      kind: 'citizen';
      text: string;
      marker?: Marker;
      file?: string;
      location?: Location;
      refused?: 'voice' | 'sticker';
    }
  | { kind: 'officer'; who: string; verb: OfficerVerb; code: string; text: string; to?: string }
  | { kind: 'bot'; id: string; text: string; choices: string[] }
  | { kind: 'system'; text: string }
);

/** The closed list of what an officer may do in a talk (docs/glossary.md). */
export const OFFICER_VERBS = {
  nhận: 'take',
  hỏi: 'ask',
  'trả lời': 'reply',
  'thu hồi': 'recall',
  chuyển: 'transfer',
} as const;
export type OfficerVerb = (typeof OFFICER_VERBS)[keyof typeof OFFICER_VERBS];

const MARKERS: Record<string, Marker> = { sửa: 'edit', 'gửi lại': 'again', liền: 'at-once' };

/** Reads a talk. Every line must be of a known kind; faults say line and what to write. */
export function parseChat(text: string): Result<TalkLine[]> {
  const lines: TalkLine[] = [];
  const faults: Problem[] = [];
  let bot: Extract<TalkLine, { kind: 'bot' }> | undefined;
  let blank = 0;
  for (const [i, raw] of text.normalize('NFC').split(/\r?\n/).entries()) {
    const line = i + 1;
    const s = raw.trimEnd();
    if (s.trim() === '') {
      blank++;
      continue;
    }
    const wrong = (what: string): void => {
      faults.push(problem('bad-input', what, String(line)));
    };
    if (bot && /^\s+\*\s/.test(s)) bot.choices.push(s.trim().slice(2));
    else if (bot && /^\s\s/.test(s)) bot.text += `${'\n'.repeat(blank > 0 ? 2 : 1)}${s.slice(2)}`;
    else {
      bot = undefined;
      const parsed = parseLine(s, line, wrong);
      if (parsed) {
        lines.push(parsed);
        if (parsed.kind === 'bot') bot = parsed;
      }
    }
    blank = 0;
  }
  return faults.length > 0 ? fail(...faults) : ok(lines);
}

function parseLine(s: string, line: number, wrong: (what: string) => void): TalkLine | undefined {
  if (s.startsWith('# ')) return { line, kind: 'title', text: s.slice(2) };
  if (s.startsWith('//')) return { line, kind: 'comment', text: s.slice(2).trim() };
  if (s.startsWith('@')) return atLine(s.slice(1), line, wrong);
  const said = /^dân:\s*(.*)$/.exec(s);
  if (said) return citizen(said[1]!, line, wrong);
  const officer = /^cán bộ \(([a-z0-9-]+)\):\s*(.*)$/.exec(s);
  if (officer) return officerLine(officer[1]!, officer[2]!, line, wrong);
  const bot = /^bot \[([^\]]*)\]:\s?(.*)$/.exec(s);
  if (bot) return { line, kind: 'bot', id: bot[1]!, text: bot[2]!, choices: [] };
  const system = /^hệ thống:\s*(.*)$/.exec(s);
  if (system) return { line, kind: 'system', text: system[1]! };
  wrong(
    'không hiểu dòng này; mỗi dòng bắt đầu bằng "dân:", "cán bộ (…):", "@", "bot […]:", "hệ thống:" hoặc "# ".',
  );
  return undefined;
}

/** Channel, time and date in any order, and nothing else; a date needs its time. */
function atLine(text: string, line: number, wrong: (what: string) => void): TalkLine | undefined {
  let left = text;
  const take = (pattern: RegExp): string[] => {
    const found = pattern.exec(left);
    if (found) left = left.replace(found[0], '');
    return found?.slice(1) ?? [];
  };
  const [channel] = take(/kênh (telegram|web)/);
  const [day, month, year] = take(/\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/);
  const [hour, minute] = take(/\b(\d{1,2}):(\d{2})\b/);
  const clock = hour && `${hour.padStart(2, '0')}:${minute}`;
  const date = day && `${year}-${month!.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const whole = /^[\s,]*$/.test(left) && (clock || (channel && !date));
  if (!whole || (clock && !isReal(date || '2026-01-06', clock))) {
    wrong('dòng "@" cần giờ có thật (09:00 06/01/2026) hoặc "kênh web", "kênh telegram".');
    return undefined;
  }
  return {
    line,
    kind: 'at',
    ...(channel && { channel: channel as 'telegram' | 'web' }),
    ...(clock && { clock }),
    ...(date && { date }),
  };
}

/** Whether there is such a day and such a time of day. */
function isReal(date: string, clock: string): boolean {
  const at = new Date(`${date}T${clock}:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(`${date}T${clock}`);
}

function citizen(text: string, line: number, wrong: (what: string) => void): TalkLine | undefined {
  let rest = text;
  let marker: Marker | undefined;
  const m = /^\((sửa|gửi lại|liền)\)\s*/.exec(rest);
  if (m) {
    marker = MARKERS[m[1]!];
    rest = rest.slice(m[0].length);
  }
  let file: string | undefined;
  let location: Location | undefined;
  let refused: 'voice' | 'sticker' | undefined;
  const bracket = /^\[(ảnh|tệp|vị trí|thoại|hình dán)\s*([^\]]*)\]\s*/.exec(rest);
  if (bracket) {
    rest = rest.slice(bracket[0].length);
    if (bracket[1] === 'thoại') refused = 'voice';
    else if (bracket[1] === 'hình dán') refused = 'sticker';
    else if (bracket[1] === 'vị trí') {
      const [lat, lon] = bracket[2]!.split(',').map(Number);
      const parsed = Location.safeParse({ lat, lon });
      if (!parsed.success) {
        wrong('vị trí viết dạng [vị trí 21.033,105.850].');
        return undefined;
      }
      location = parsed.data;
    } else file = bracket[2]!.trim() || 'anh.jpg';
  }
  return {
    line,
    kind: 'citizen',
    text: rest,
    ...(marker && { marker }),
    ...(file && { file }),
    ...(location && { location }),
    ...(refused && { refused }),
  };
}

function officerLine(
  who: string,
  rest: string,
  line: number,
  wrong: (what: string) => void,
): TalkLine | undefined {
  for (const [vn, verb] of Object.entries(OFFICER_VERBS)) {
    if (!rest.startsWith(`${vn} `)) continue;
    const m = /^(\S+)(?:\s*→\s*([a-z0-9-]+))?(?:\s+["“](.*)["”])?\s*$/s.exec(
      rest.slice(vn.length + 1).trim(),
    );
    if (m)
      return { line, kind: 'officer', who, verb, code: m[1]!, text: m[3] ?? '', ...(m[2] && { to: m[2] }) };
  }
  wrong(
    'cán bộ: nhận {mã} · hỏi {mã} "…" · trả lời {mã} "…" · thu hồi {mã} · chuyển {mã} → cơ-quan "lý do".',
  );
  return undefined;
}

/** A talk as text again; `parseChat(printChat(x))` gives x back. */
export function printChat(lines: TalkLine[]): string {
  return `${lines.map(printLine).join('\n')}\n`;
}

function printLine(l: TalkLine): string {
  switch (l.kind) {
    case 'title':
      return `# ${l.text}`;
    case 'comment':
      return `// ${l.text}`;
    case 'at': {
      const date = l.date?.split('-').reverse().join('/');
      const when = [l.clock, date].filter(Boolean).join(' ');
      return `@ ${[l.channel && `kênh ${l.channel}`, when].filter(Boolean).join(', ')}`;
    }
    case 'citizen': {
      const marker = l.marker && `(${Object.entries(MARKERS).find(([, m]) => m === l.marker)![0]})`;
      const thing = l.file
        ? `[${l.file.endsWith('.pdf') ? 'tệp' : 'ảnh'} ${l.file}]`
        : l.location
          ? `[vị trí ${l.location.lat},${l.location.lon}]`
          : l.refused && `[${l.refused === 'voice' ? 'thoại' : 'hình dán'}]`;
      return `dân: ${[marker, thing, l.text].filter(Boolean).join(' ')}`;
    }
    case 'officer': {
      const verb = Object.entries(OFFICER_VERBS).find(([, v]) => v === l.verb)![0];
      return `cán bộ (${l.who}): ${[verb, l.code, l.to && `→ ${l.to}`, l.text && `"${l.text}"`].filter(Boolean).join(' ')}`;
    }
    case 'bot':
      return [
        `bot [${l.id}]: ${l.text
          .split('\n')
          .map((x, i) => (i === 0 || x === '' ? x : `  ${x}`))
          .join('\n')}`,
        ...l.choices.map((c) => `  * ${c}`),
      ].join('\n');
    case 'system':
      return `hệ thống: ${l.text}`;
  }
}
