// The content compiler's second half: faults between files. Each Problem says file:line, what is wrong and
// what to do, in Vietnamese, because the people who mend it are not programmers.
import { optionsOf, paths, replay } from '../flow/index.ts';
import { PROBLEM_CODES, type Problem, problem } from '../result.ts';
import { LED_BY, OVERVIEW, partsOf, resting } from './facts.ts';
import { slotsOf } from './render.ts';
import type { Content, Fact, FactField, Intent, Outcome, Step, When } from './schema.ts';
import { SYSTEM } from './system.ts';

/** Every fault found; empty = may be released. */
export function validate(content: Content): Problem[] {
  const found: Problem[] = [];
  const fault = (message: string, what: string, path: readonly PropertyKey[] = []): void => {
    found.push(problem('bad-content', message, content.at(what, path)));
  };
  const worded = (id: string): boolean => content.wording.vi[id] !== undefined;
  const needWording = (id: string, what: string, path: readonly PropertyKey[] = []): void => {
    if (!worded(id)) fault(`chưa có câu "${id}" trong locales/vi; thêm câu này.`, what, path);
  };
  const target = (id: string): boolean =>
    id.startsWith('contrast:') ? content.contrasts.has(id.slice(9)) : content.intents.has(id);

  for (const [id, slots] of Object.entries(SYSTEM)) {
    const text = content.wording.vi[id];
    if (text === undefined)
      fault(`thiếu câu hệ thống "${id}"; thêm vào locales/vi/he-thong.yml.`, 'locales/vi/he-thong.yml');
    for (const locale of ['vi', 'en'] as const)
      for (const slot of slotsOf(content.wording[locale][id] ?? ''))
        if (!(slots as readonly string[]).includes(slot))
          fault(`câu "${id}" dùng {${slot}} nhưng không ai điền; bỏ đi.`, `${locale}:${id}`);
  }
  for (const code of PROBLEM_CODES) needWording(`problem.${code}`, 'locales/vi/he-thong.yml');
  for (const locale of ['vi', 'en'] as const)
    for (const [id, text] of Object.entries(content.wording[locale]))
      if (!(id in SYSTEM) && !id.startsWith('web.') && slotsOf(text).length > 0)
        fault(
          `câu "${id}" có chỗ trống {${slotsOf(text)[0]}} không được điền; viết thành chữ.`,
          `${locale}:${id}`,
        );

  doubled(content, fault);
  unsourced(content, fault);
  untied(content, fault);

  for (const intent of content.intents.values()) {
    const id = intent.id;
    const check = (when: When | undefined, path: readonly PropertyKey[]): void =>
      checkWhen(intent, when, (m) => fault(m, id, path));
    for (const [k, step] of intent.flow.entries()) {
      // The question that stands before those of the file, never asked.
      if (step.unasked) continue;
      const i = intent.type === 'procedure' && intent.citizens ? k - 1 : k;
      check(step.when, ['flow', i]);
      if (step.type === 'choice' && !(step.options && Object.keys(step.options).length >= 2))
        fault(`câu hỏi "${step.ask}" cần ít nhất hai lựa chọn.`, id, ['flow', i]);
      if (!worded(`${id}.${step.ask}`) && !worded(`hoi.${step.ask}`))
        fault(`chưa có lời hỏi "${id}.${step.ask}" trong locales/vi.`, id, ['flow', i]);
      for (const option of Object.keys(step.options ?? {}))
        if (!worded(`${id}.${step.ask}.${option}`) && !worded(`hoi.${step.ask}.${option}`))
          fault(`chưa có chữ trên nút "${id}.${step.ask}.${option}".`, id, ['flow', i, 'options', option]);
      if (intent.flow.findIndex((s) => s.ask === step.ask) !== k)
        fault(`câu hỏi "${step.ask}" có hai lần; đặt tên khác.`, id, ['flow', i]);
    }
    outcomes(content, intent, fault, needWording, check);

    if (intent.type === 'procedure') {
      needWording(`${id}.title`, id);
      for (const [field, fact] of Object.entries(intent.facts) as [FactField, Fact][]) {
        const lines = typeof fact.value === 'string' ? [] : fact.value;
        for (const [i, line] of lines.entries()) {
          if (typeof line === 'string') continue;
          check(line.when, ['facts', field, 'value', i]);
          if (line.overview && OVERVIEW.includes(field))
            fault('mục này luôn có trong phần tóm tắt; bỏ "overview".', id, ['facts', field, 'value', i]);
          if (line.from && line.until && line.from > line.until)
            fault('ngày bắt đầu sau ngày kết thúc.', id, ['facts', field, 'value', i]);
        }
        for (const [i, limit] of (fact.limit ?? []).entries())
          check(limit.when, ['facts', field, 'limit', i]);
      }
    } else if (intent.type === 'topic') {
      needWording(`${id}.title`, id);
      if (!content.deadlines[intent.deadline])
        fault(`không có thời hạn "${intent.deadline}" trong deadlines.yml.`, id, ['deadline']);
      if (!content.routing.some((r) => r.topics.includes(id)))
        fault(`chưa có quy tắc chuyển "${id}" trong routing.yml.`, id);
    } else {
      if (
        ['say', 'safe-card', 'dossier-status', 'privacy', 'english'].includes(intent.do) &&
        intent.outcomes.length === 0
      )
        needWording(intent.say ?? id, id);
      for (const [i, o] of intent.offer.entries())
        if (!content.intents.has(o)) fault(`không có ý định "${o}".`, id, ['offer', i]);
    }
  }

  for (const c of content.contrasts.values()) {
    const what = `contrast:${c.id}`;
    needWording(`contrast.${c.id}`, what);
    for (const [option, o] of Object.entries(c.options)) {
      needWording(`contrast.${c.id}.${option}`, what, ['options', option]);
      if (!target(o.to))
        fault(`lựa chọn "${option}" trỏ tới "${o.to}" nhưng không có; sửa lại mã.`, what, [
          'options',
          option,
        ]);
    }
  }
  for (const id of Object.keys(content.english))
    if (!target(id)) fault(`không có ý định "${id}".`, 'intents/english.yml', [id]);
  for (const id of Object.keys(content.points)) needWording(`hoi-them.${id}`, 'intents/hoi-them.yml', [id]);
  for (const [i, rule] of content.routing.entries()) {
    const at = 'intents/routing.yml';
    for (const t of rule.topics)
      if (!content.intents.has(t) && t !== 'cau-hoi') fault(`không có chủ đề "${t}".`, at, [i, 'topics']);
    for (const to of [...rule.to, ...(rule.against ?? [])]) {
      const known = to.endsWith('-*')
        ? content.wardAgencies.some((w) => `${w.prefix}-*` === to)
        : content.agencies.has(to);
      if (!known) fault(`không có cơ quan "${to}" trong agencies.yml.`, at, [i, 'to']);
    }
    if (rule.to.every((to) => to.endsWith('-*')))
      fault('cần một cơ quan dự phòng khi không rõ phường, xã.', at, [i, 'to']);
  }
  for (const a of content.agencies.values()) {
    if (a.parent && !content.agencies.has(a.parent))
      fault(`không có cơ quan cấp trên "${a.parent}".`, `agency:${a.id}`, ['parent']);
  }
  nobody(content, fault);
  for (const [key, d] of Object.entries(content.deadlines)) {
    needWording(`deadline.${key}`, 'intents/deadlines.yml', [key]);
    // Citizens are told a date of a law as such, and no other: `law` is what that is told by.
    if (d.kind === 'law' && !d.law)
      fault(`thời hạn "${key}" là luật đặt ra; ghi tên luật ở "law".`, 'intents/deadlines.yml', [key]);
    if (d.kind === 'target' && d.law)
      fault(`thời hạn "${key}" là mục tiêu; bỏ "law", hoặc ghi kind: law.`, 'intents/deadlines.yml', [key]);
  }
  const wards = new Set(content.places.wards.map((w) => w.id));
  for (const [i, old] of content.places.old.entries())
    for (const w of old.wards)
      if (!wards.has(w))
        fault(`"${old.name}": không có phường, xã "${w}".`, 'intents/places.yml', ['old', i]);
  return found;
}

type Fault = (message: string, what: string, path?: readonly PropertyKey[]) => void;

/** A case can come to any agency, by a rule or passed on by another: each needs somebody who can act on it. */
function nobody(content: Content, fault: Fault): void {
  const say = (name: string, what: string, path: readonly PropertyKey[] = []): void =>
    fault(
      `"${name}" không có cán bộ nào nên việc gửi tới sẽ không ai xử lý; thêm vào "officers".`,
      what,
      path,
    );
  const perWard = new Set<string>();
  for (const [i, w] of content.wardAgencies.entries()) {
    if (w.officers.length === 0) say(w.prefix, 'intents/agencies.yml', ['perWard', i]);
    for (const ward of content.places.wards) perWard.add(`${w.prefix}-${ward.id}`);
  }
  for (const a of content.agencies.values())
    if (a.officers.length === 0 && !perWard.has(a.id)) say(a.id, `agency:${a.id}`);
}

function checkWhen(intent: Intent, when: When | undefined, fault: (m: string) => void): void {
  for (const [ask, wanted] of Object.entries(when ?? {})) {
    const step = intent.flow.find((s) => s.ask === ask);
    if (!step) {
      fault(`điều kiện nhắc câu hỏi "${ask}" nhưng luồng không hỏi câu đó.`);
      continue;
    }
    const options = optionsOf(step);
    for (const w of [wanted].flat())
      if (options && !options.includes(w) && !(step.optional && w === '-'))
        fault(`câu hỏi "${ask}" không có lựa chọn "${w}".`);
  }
}

function outcomes(
  content: Content,
  intent: Intent,
  fault: Fault,
  needWording: (id: string, what: string, path?: readonly PropertyKey[]) => void,
  check: (when: When | undefined, path: readonly PropertyKey[]) => void,
): void {
  for (const [i, o] of intent.outcomes.entries()) {
    check(o.when, ['outcomes', i]);
    if (o.say) needWording(o.say, intent.id, ['outcomes', i]);
    if (o.go && !content.intents.has(o.go))
      fault(`kết cục trỏ tới "${o.go}" nhưng không có.`, intent.id, ['outcomes', i]);
    if (intent.type !== 'topic' && o.open)
      fault('chỉ chủ đề phản ánh mới mở hồ sơ.', intent.id, ['outcomes', i]);
  }
  if (intent.flow.every((s) => s.unasked) && intent.outcomes.length === 0) return;
  const reached = new Set<Outcome>();
  let open = false;
  for (const answers of paths(intent as { flow: Step[]; outcomes: Outcome[] })) {
    const end = replay(intent, answers);
    if (end.step) continue;
    if (end.outcome) reached.add(end.outcome);
    else if (!open) {
      open = true;
      fault(
        `trả lời ${JSON.stringify(answers)} thì không có kết cục nào; thêm một kết cục không có "when" ở cuối.`,
        intent.id,
        ['outcomes'],
      );
    }
  }
  for (const [i, o] of intent.outcomes.entries())
    if (!reached.has(o))
      fault('không cách trả lời nào dẫn tới kết cục này; sửa "when" hoặc bỏ đi.', intent.id, ['outcomes', i]);
}

/** A sum, a span of time, a share, a date or an exemption: what only a fact may state. Ages tell cases apart and are none. */
const STATED = new RegExp(
  [
    '(?:[0-9][0-9.,]*|\\b(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)) ?' +
      '(?:%|(?:phần trăm|ngày|tháng|năm|tuần|giờ|đồng|nghìn|triệu|tỷ|USD|m²|tầng)(?![\\p{L}]))',
    '[0-9]+ lần(?![\\p{L}])',
    'tháng thứ \\p{L}+',
    '[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{4})?',
    'trong ngày(?! [0-9])',
    '(?:miễn|không mất|không thu|không phải nộp|bớt|giảm) (?:lệ phí|phí|thuế|tiền)',
    'được (?:miễn|giảm)(?! phép)(?![\\p{L}])',
  ].join('|'),
  'iu',
);

const QUESTION = /[^.!?]*[?]/g;

/**
 * What is said around the facts states none of its own: it would have no source and no day, and would be said on when
 * the fact is turned off. Buttons and questions name cases ("từ 30 ngày"), titles name procedures: those may.
 */
function unsourced(content: Content, fault: Fault): void {
  const names = new Set<string>();
  for (const { id, flow } of content.intents.values()) {
    names.add(`${id}.title`);
    for (const step of flow)
      for (const o of Object.keys(step.options ?? {})) names.add(`${id}.${step.ask}.${o}`);
  }
  for (const [id, text] of Object.entries(content.wording.vi)) {
    const about = content.intents.get(id.split('.')[0]!)?.type === 'procedure';
    if ((!about || names.has(id)) && !/^contrast\..*\.khac$/.test(id)) continue;
    const stated = STATED.exec(text.replace(QUESTION, ''))?.[0];
    if (stated)
      fault(
        `câu "${id}" tự nêu "${stated}", không có nguồn và ngày kiểm tra; bỏ khỏi câu này, ghi ở "facts" của thủ tục (dòng cần nói ngay thì thêm overview: true).`,
        `vi:${id}`,
      );
  }
}

/** So many words in a row are the fact's own, and so many of a name in capitals. Papers share more small talk. */
const OWN_WORDS = { agency: 3, place: 3, documents: 4 } as const;
const NAME = 3;

/**
 * A lead that says where to go or what to bring in the words of a fact would say them on when that fact is turned off:
 * such a sentence is a part that rests on the fact ("{place: …}", facts.ts). What the procedure is called is no fact.
 */
function untied(content: Content, fault: Fault): void {
  for (const p of content.intents.values()) {
    if (p.type !== 'procedure') continue;
    const called = [p.name, content.wording.vi[`${p.id}.title`] ?? ''].map(
      (s) => ` ${wordsOf(s).join(' ').toLowerCase()} `,
    );
    for (const id of new Set(p.outcomes.flatMap((o) => o.say ?? []))) {
      const text = content.wording.vi[id] ?? '';
      for (const { fields } of partsOf(text))
        for (const f of fields)
          if (!(f in OWN_WORDS))
            fault(
              `câu "${id}" có phần {${f}: …}; chỉ dựa vào được ${Object.keys(OWN_WORDS).join(', ')}.`,
              `vi:${id}`,
            );
      for (const field of LED_BY) {
        const lines = [p.facts[field]?.value ?? []].flat().map((l) => (typeof l === 'string' ? l : l.text));
        const own = new Set(lines.flatMap((l) => [...runsOf(l, OWN_WORDS[field]), ...runsOf(l, NAME, true)]));
        const off = resting(text, { facts: { ...p.facts, [field]: undefined } });
        const run = [...runsOf(off, NAME), ...runsOf(off, OWN_WORDS[field])].find(
          (r) => own.has(r) && !called.some((c) => c.includes(` ${r} `)),
        );
        if (run)
          fault(
            `câu "${id}" nhắc "${run}" của mục "${field}" nên vẫn nói khi mục ấy bị tắt; đặt câu đó trong {${field}: …}.`,
            `vi:${id}`,
          );
      }
    }
  }
}

const wordsOf = (s: string): string[] => s.match(/[\p{L}\p{N}]+/gu) ?? [];

/** Every n words in a row, in small letters; `named`: of those alone that begin with a capital. */
function runsOf(s: string, n: number, named = false): string[] {
  const words = wordsOf(s);
  return words
    .slice(n - 1)
    .map((_, i) => words.slice(i, i + n).join(' '))
    .filter((run) => !named || /^\p{Lu}/u.test(run))
    .map((run) => run.toLowerCase());
}

function doubled(content: Content, fault: Fault): void {
  const seen = new Map<string, string>();
  const see = (list: string[], what: string, field: string): void => {
    for (const [i, text] of list.entries()) {
      const key = text
        .normalize('NFC')
        .toLowerCase()
        .replace(/[\s.,!?]+/g, ' ')
        .trim();
      const before = seen.get(key);
      if (before) fault(`câu "${text}" đã có ở ${before}; mỗi câu chỉ thuộc một chỗ.`, what, [field, i]);
      else seen.set(key, content.at(what, [field, i]));
    }
  };
  for (const i of content.intents.values()) {
    see(i.examples, i.id, 'examples');
    see(i.tests, i.id, 'tests');
  }
  for (const c of content.contrasts.values()) {
    see(c.examples, `contrast:${c.id}`, 'examples');
    see(c.tests, `contrast:${c.id}`, 'tests');
  }
}
