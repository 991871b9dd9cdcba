// From the files editors write to one checked Content value. Finds faults of form, each with file and line;
// faults between files are validate.ts's. Reads no disk: it gets the texts.
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { fail, ok, type Problem, problem, type Result } from '../result.ts';
import { NATIONALITY } from './citizens.ts';
import { spelledOut } from './phrases.ts';
import {
  Abbreviations,
  Agencies,
  type Agency,
  Calendar,
  type Content,
  Contrasts,
  Deadlines,
  English,
  Facets,
  General,
  type Intent,
  type Locale,
  Phrases,
  Places,
  Points,
  Procedure,
  Routing,
  type Sources,
  type Step,
  Synonyms,
  Topic,
  type Wording,
} from './schema.ts';

interface Opened {
  file: string;
  doc: Document;
  lines: LineCounter;
}

/** `file:line` of a path inside a file; the nearest existing parent when the key itself is missing. */
function place(o: Opened, path: readonly PropertyKey[]): string {
  let node: unknown = o.doc.contents;
  let offset = (node as Node | null)?.range?.[0] ?? 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((p) => isScalar(p.key) && String(p.key.value) === String(key));
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(key)] as Node | undefined;
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return `${o.file}:${o.lines.linePos(offset).line}`;
}

/** What zod calls a kind of value, as an editor would. */
const KINDS_OF_VALUE: Record<string, string> = {
  string: 'một dòng chữ (nếu là số hay ngày thì đặt trong ngoặc kép)',
  number: 'một con số',
  int: 'một số nguyên',
  boolean: 'true hoặc false',
  array: 'một danh sách, mỗi dòng bắt đầu bằng dấu gạch ngang',
  object: 'các mục con thụt vào bên dưới',
  record: 'các mục con thụt vào bên dưới',
};
const kindOf = (expected: string): string => KINDS_OF_VALUE[expected] ?? expected;

/** The reader's own words for what breaks a file most often; anything else is passed on as the reader says it. */
const UNREADABLE: Partial<Record<string, string>> = {
  BAD_INDENT: 'thụt đầu dòng chưa đúng',
  TAB_AS_INDENT: 'thụt đầu dòng bằng phím Tab; dùng dấu cách',
  DUPLICATE_KEY: 'một mục được ghi hai lần; bỏ bớt một',
  MISSING_CHAR: 'thiếu dấu ngoặc, dấu nháy hoặc dấu hai chấm',
  BAD_SCALAR_START: 'chữ bắt đầu bằng ký tự đặc biệt; đặt cả câu trong ngoặc kép',
  BLOCK_AS_IMPLICIT_KEY: 'trong câu có dấu hai chấm; đặt cả câu trong ngoặc kép',
  UNEXPECTED_TOKEN: 'có ký tự không đúng chỗ; xem lại ngoặc và dấu phẩy',
};

const ISSUES: Partial<Record<string, (i: z.core.$ZodIssue) => string>> = {
  unrecognized_keys: (i) =>
    `không có mục nào tên ${(i as { keys: string[] }).keys.map((k) => `"${k}"`).join(', ')}; xem lại chính tả hoặc bỏ đi`,
  invalid_type: (i) =>
    i.input === undefined
      ? 'còn thiếu; cần ghi vào'
      : `sai kiểu, cần ${kindOf((i as { expected: string }).expected)}`,
  too_small: (i) =>
    (i as { origin: string }).origin === 'number'
      ? `phải từ ${(i as { minimum: number }).minimum} trở lên`
      : 'đang để trống; cần ghi vào',
  too_big: (i) => `nhiều nhất là ${(i as { maximum: number }).maximum}`,
  invalid_key: (i) => (i as { issues: z.core.$ZodIssue[] }).issues[0]?.message ?? 'tên mục viết sai',
  invalid_value: (i) => `chỉ nhận một trong: ${(i as { values: unknown[] }).values.join(', ')}`,
  invalid_union: () => 'không đúng dạng cho phép; xem mẫu ở một tệp cùng thư mục',
};

function explain(o: Opened, error: z.ZodError): Problem[] {
  return error.issues.map((i) => {
    const path = i.path.map(String).join('.');
    const what = ISSUES[i.code]?.(i) ?? i.message;
    return problem('bad-content', `${path ? `"${path}": ` : ''}${what}.`, place(o, i.path));
  });
}

function flatten(node: unknown, prefix: string, into: Wording, bad: (key: string) => void): void {
  if (typeof node === 'string') {
    into[prefix] = node.trim();
  } else if (typeof node === 'number') {
    into[prefix] = String(node);
  } else if (node && typeof node === 'object' && !Array.isArray(node)) {
    for (const [k, v] of Object.entries(node))
      flatten(v, k === '_' ? prefix : prefix ? `${prefix}.${k}` : k, into, bad);
  } else bad(prefix);
}

/**
 * An intent as the rest of the house sees it. Its examples hold those written by facet too; routing needs the ward
 * of a place, asked for by itself where the words of the place do not tell it; who is no citizen is asked nothing about
 * what is for citizens.
 */
function ready(intent: Intent): Intent {
  const flow: Step[] = intent.flow.flatMap((s) =>
    s.type === 'place'
      ? [s, { ask: 'phuong', type: 'ward' as const, optional: true, ...(s.when && { when: s.when }) }]
      : [s],
  );
  if (intent.type !== 'procedure') return { ...intent, flow };
  const { ask, assume } = NATIONALITY;
  const guarded = flow.map((s) => ({ ...s, when: { ...s.when, [ask]: assume } }));
  return {
    ...intent,
    examples: [...intent.examples, ...Object.values(intent.asks).flat()],
    flow: intent.citizens ? [NATIONALITY, ...guarded] : flow,
  };
}

/** Where a thing came from, looked up when somebody asks: the opened files of a release would fill the memory. */
function whereabouts(sources: Sources, origins: ReadonlyMap<string, Origin>): Content['at'] {
  let last: Opened | undefined;
  return (what, path = []) => {
    const origin = origins.get(what);
    if (!origin) return what;
    if (last?.file !== origin.file) last = open(origin.file, sources[origin.file]!);
    return place(last, [...origin.base, ...path]);
  };
}

function open(file: string, text: string): Opened {
  const lines = new LineCounter();
  return { file, doc: parseDocument(text, { lineCounter: lines, uniqueKeys: true }), lines };
}

interface Origin {
  file: string;
  base: PropertyKey[];
}

const same = (a: Sources, b: Sources): boolean => {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => a[k] === b[k]);
};
let last: { sources: Sources; result: Result<Content> } | undefined;

/**
 * Reads every source. All faults of form are reported at once; a Content only when there are none. The same sources
 * one after another (those of the files, then those of the release made of them) are read once.
 */
export function parse(sources: Sources): Result<Content> {
  if (!last || !same(last.sources, sources)) last = { sources: { ...sources }, result: parseAll(sources) };
  return last.result;
}

function parseAll(sources: Sources): Result<Content> {
  const problems: Problem[] = [];
  const origins = new Map<string, Origin>();
  const content: Content = {
    intents: new Map(),
    contrasts: new Map(),
    facets: {},
    agencies: new Map(),
    wardAgencies: [],
    unlisted: { whole: [], kinds: [], fillers: [], endings: [] },
    routing: [],
    deadlines: {},
    calendar: { version: '', hours: [], off: [], makeup: [] },
    places: {
      source: '',
      checked: '',
      wards: [],
      old: [],
      districts: [],
      streets: { first: [], bareFirst: [], alone: [], end: [] },
    },
    abbreviations: { abbreviations: [], slang: {}, regional: {} },
    synonyms: {},
    points: {},
    english: {},
    phrases: Phrases.parse({}),
    wording: { vi: {}, en: {} },
    at: whereabouts(sources, origins),
  };

  const read = <S extends z.ZodType>(o: Opened, schema: S): z.infer<S> | undefined => {
    const parsed = schema.safeParse(o.doc.toJS(), { reportInput: true });
    if (!parsed.success) problems.push(...explain(o, parsed.error));
    return parsed.data;
  };
  const once = <T>(
    map: Map<string, T>,
    id: string,
    value: T,
    o: Opened,
    base: PropertyKey[],
    key = id,
  ): void => {
    if (map.has(id))
      problems.push(
        problem('bad-content', `mã "${id}" đã có ở ${content.at(key)}; đặt mã khác.`, place(o, base)),
      );
    else {
      map.set(id, value);
      origins.set(key, { file: o.file, base });
    }
  };
  const officers: Record<string, Agency['officers']> = {};

  for (const [file, text] of Object.entries(sources).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!file.endsWith('.yml')) continue;
    const o = open(file, text);
    const { doc } = o;
    origins.set(file, { file, base: [] });
    if (doc.errors.length > 0) {
      for (const e of doc.errors)
        problems.push(
          problem(
            'bad-content',
            `tệp không đọc được: ${UNREADABLE[e.code] ?? e.message.split('\n')[0]}`,
            `${file}:${e.linePos?.[0].line ?? 1}`,
          ),
        );
      continue;
    }
    const inside = /^intents\/([a-z-]+)\/([a-z0-9-]+)\.yml$/.exec(file);
    const locale = /^locales\/(vi|en)\//.exec(file)?.[1] as Locale | undefined;
    if (locale) {
      const words: Wording = {};
      flatten(doc.toJS() ?? {}, '', words, (k) =>
        problems.push(problem('bad-content', `"${k}" phải là một câu.`, place(o, k.split('.')))),
      );
      for (const [id, words_] of Object.entries(words)) {
        if (content.wording[locale][id] !== undefined)
          problems.push(
            problem(
              'bad-content',
              `câu "${id}" đã có ở ${content.at(`${locale}:${id}`)}.`,
              place(o, id.split('.')),
            ),
          );
        content.wording[locale][id] = words_;
        origins.set(`${locale}:${id}`, { file, base: id.split('.') });
      }
    } else if (inside?.[1] === 'contrasts') {
      for (const [i, c] of (read(o, Contrasts) ?? []).entries())
        once(content.contrasts, c.id, c, o, [i], `contrast:${c.id}`);
    } else if (inside) {
      const folder = inside[1];
      const [type, schema] =
        folder === 'thu-tuc'
          ? (['procedure', Procedure] as const)
          : folder === 'phan-anh'
            ? (['topic', Topic] as const)
            : (['general', General] as const);
      if (!['thu-tuc', 'phan-anh', 'chung'].includes(folder!)) {
        problems.push(problem('bad-content', `không có thư mục intents/${folder}.`, file));
        continue;
      }
      const intent = read(o, schema as z.ZodType) as { id: string } | undefined;
      if (!intent) continue;
      if (intent.id !== inside[2])
        problems.push(
          problem('bad-content', `mã "${intent.id}" phải trùng tên tệp "${inside[2]}".`, place(o, ['id'])),
        );
      once(content.intents, intent.id, ready({ type, ...intent } as unknown as Intent), o, []);
    } else if (file === 'intents/facets.yml') content.facets = read(o, Facets) ?? {};
    else if (file === 'intents/agencies.yml') {
      const a = read(o, Agencies);
      for (const [i, agency] of (a?.agencies ?? []).entries())
        once(content.agencies, agency.id, agency, o, ['agencies', i], `agency:${agency.id}`);
      content.wardAgencies = a?.perWard ?? [];
      content.unlisted = a?.unlisted ?? content.unlisted;
      Object.assign(officers, a?.officers ?? {});
    } else if (file === 'intents/routing.yml') content.routing = read(o, Routing) ?? [];
    else if (file === 'intents/deadlines.yml') content.deadlines = read(o, Deadlines) ?? {};
    else if (file === 'intents/calendar.yml') content.calendar = read(o, Calendar) ?? content.calendar;
    else if (file === 'intents/places.yml') content.places = read(o, Places) ?? content.places;
    else if (file === 'intents/abbreviations.yml')
      content.abbreviations = read(o, Abbreviations) ?? content.abbreviations;
    else if (file === 'intents/cach-noi.yml') {
      const phrases = read(o, Phrases);
      if (phrases)
        content.phrases = spelledOut(phrases, (key, at, name) =>
          problems.push(
            problem('bad-content', `không có nhóm "${name}", hay nhóm chứa chính nó.`, place(o, [key, at])),
          ),
        );
    } else if (file === 'intents/synonyms.yml') content.synonyms = read(o, Synonyms) ?? {};
    else if (file === 'intents/hoi-them.yml') content.points = read(o, Points) ?? {};
    else if (file === 'intents/english.yml') content.english = read(o, English) ?? {};
    else problems.push(problem('bad-content', 'tệp nằm sai chỗ: chưa có quy tắc nào đọc tệp này.', file));
  }

  // One agency of each kind a ward: data, so that code knows no agency by name.
  for (const ward of content.places.wards)
    for (const w of content.wardAgencies) {
      const id = `${w.prefix}-${ward.id}`;
      content.agencies.set(id, {
        id,
        name: w.name.replace('{ward}', `${ward.kind} ${ward.name}`),
        aliases: w.aliases.map((a) => a.replace('{ward}', ward.name)),
        parent: w.parent,
        officers: officers[id]?.length
          ? officers[id]
          : w.officers.map((o) => ({ ...o, id: `${o.id}-${id}` })),
        source: w.source,
        checked: w.checked,
      });
    }
  for (const id of Object.keys(officers))
    if (!content.agencies.has(id))
      problems.push(
        problem(
          'bad-content',
          `không có cơ quan "${id}".`,
          content.at('intents/agencies.yml', ['officers', id]),
        ),
      );
  return problems.length > 0 ? fail(...problems) : ok(content);
}
