// `npm run cases -- --as OFFICER list|show|take|ask|reply|recall|transfer|failed …`: the agency's end, on the same
// use-cases as the desk that comes later. A running server tells the citizen within two seconds.
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { type Act, actOnCase, seatOf } from '../app/act-on-case.ts';
import { keepFile } from '../app/keep-file.ts';
import { openContent } from '../app/live-content.ts';
import { listCases, showCase } from '../app/read-cases.ts';
import { configOrExit } from '../config.ts';
import { type Case, hasLeft, parseCaseCode } from '../core/cases/index.ts';
import type { Content } from '../core/content/index.ts';
import type { FileRef } from '../core/message.ts';
import { openStore } from '../wire.ts';
import { give, openOrGive, readGiven } from './give.ts';
import { readContent, refuse } from './open-files.ts';
import { NOBODY_TO_TELL, print, printCase, printList } from './print-cases.ts';
import { readArguments, wholeNumber } from './read-arguments.ts';

const USAGE = `Cách dùng: npm run cases -- --as CÁN_BỘ LỆNH …
  list [--mine] [--all]            hồ sơ của cơ quan, gần hạn nhất trước; --mine: việc tôi đã nhận, --all: cả hồ sơ đã xong
       [--page SỐ]                 trang tiếp theo khi danh sách dài (failed cũng vậy)
  show MÃ [--save-photos THƯ_MỤC]  xem cả hồ sơ
  take MÃ                          nhận xử lý
  ask MÃ "câu hỏi"                 hỏi lại người dân
  reply MÃ "trả lời" [--file TỆP]  trả lời (thu hồi được trong 60 giây)
  recall MÃ                        thu hồi câu trả lời vừa gửi
  transfer MÃ CƠ_QUAN "lý do"      chuyển cơ quan khác
  failed                           những tin không tới được người dân`;

const WITHOUT_CODE = ['list', 'failed'];
const VERBS = [...WITHOUT_CODE, 'show', 'take', 'ask', 'reply', 'recall', 'transfer'];

const { values, positionals } = readArguments(USAGE, {
  words: Number.POSITIVE_INFINITY,
  options: {
    as: { type: 'string' },
    mine: { type: 'boolean' },
    all: { type: 'boolean' },
    page: { type: 'string', default: '1' },
    file: { type: 'string', multiple: true, default: [] },
    'save-photos': { type: 'string' },
  },
});

const clock = { now: Date.now };
const [verb, code = '', ...rest] = positionals;
if (!verb) give(`Thiếu LỆNH. ${USAGE}`);
if (!VERBS.includes(verb)) give(`Không có lệnh "${verb}". ${USAGE}`);
if (!WITHOUT_CODE.includes(verb) && !code) give(`Thiếu MÃ hồ sơ sau "${verb}". ${USAGE}`);
const page = wholeNumber('--page', values.page);
const store = await openOrGive(openStore(configOrExit(), clock));
try {
  process.exitCode = await run();
} finally {
  await store.close();
}

async function run(): Promise<number> {
  const own = (await readContent()).content;
  const n = await store.releases.live();
  const found = n === undefined ? undefined : await store.releases.load(n);
  const content = found ? await openContent(store, found, own) : own;
  const seat = values.as ? seatOf(content, values.as) : undefined;
  if (!seat) {
    console.error(values.as ? `Không có cán bộ "${values.as}" trong agencies.yml.` : 'Thiếu --as CÁN_BỘ.');
    const officers = [...content.agencies.values()].flatMap((a) =>
      a.officers.map((o) => `  ${o.id} (${o.name}, ${a.name})`),
    );
    console.error(`Các cán bộ:\n${officers.join('\n')}`);
    return 2;
  }
  const parts = { store, clock, live: () => ({ content }) as never, hint: () => {} };
  switch (verb) {
    case 'list':
    case 'failed': {
      const { mine, all } = values;
      const { cases, more } = await listCases(parts)(seat, { mine, all, page, failed: verb === 'failed' });
      const same = [verb, mine && '--mine', all && '--all'].filter(Boolean).join(' ');
      printList(content, seat, cases, more ? `${same} --page ${page + 1}` : undefined);
      return 0;
    }
    case 'show': {
      const shown = await showCase(parts)(seat, code);
      if (!shown.ok) return refuse(shown);
      printCase(content, shown.value);
      if (values['save-photos']) await savePhotos(shown.value.case, values['save-photos']);
      return 0;
    }
    case 'take':
    case 'ask':
    case 'reply':
    case 'recall':
    case 'transfer': {
      const files: FileRef[] = [];
      for (const path of values.file) {
        const kept = await keepFile(store.files, {
          name: basename(path),
          bytes: readGiven(path),
          // Of this case alone: the same letter sent in two cases is two files, and each goes with its case.
          owner: `officer:${seat.id}:${parseCaseCode(code) ?? ''}`,
          at: clock.now(),
        });
        if (!kept.ok) return refuse(kept);
        files.push(kept.value);
      }
      const acts: Record<string, Act> = {
        take: { do: 'take' },
        ask: { do: 'ask', text: rest.join(' ') },
        reply: { do: 'reply', text: rest.join(' '), files },
        recall: { do: 'recall' },
        transfer: { do: 'transfer', to: rest[0] ?? '', reason: rest.slice(1).join(' ') },
      };
      const done = await actOnCase(parts)(seat, code, acts[verb]!, `cli:${randomUUID()}`);
      if (!done.ok) {
        const to = rest[0] ?? '';
        if (verb === 'transfer' && !content.agencies.has(to))
          console.error(`Mã gần nhất: ${agenciesNear(to, content)}.`);
        return refuse(done);
      }
      const said: Record<string, string> = {
        take: 'Đã nhận xử lý.',
        ask: hasLeft(done.value) ? `Đã ghi câu hỏi. Nhưng ${NOBODY_TO_TELL}.` : 'Đã hỏi người dân.',
        reply: `Đã trả lời, ký: ${seat.signature}. ${hasLeft(done.value) ? `Nhưng ${NOBODY_TO_TELL}.` : 'Người dân nhận sau 60 giây.'} Trong 60 giây ấy thu hồi được bằng lệnh: recall ${code}`,
        recall: 'Đã thu hồi; người dân chưa nhận gì.',
        transfer: `Đã chuyển sang ${content.agencies.get(rest[0] ?? '')?.name}. Hạn cũ giữ nguyên.`,
      };
      console.log(said[verb]);
      return 0;
    }
    default:
      return 2;
  }
}

/** The five agencies whose ids are closest to what was typed, for an officer who guessed. */
function agenciesNear(typed: string, content: Content): string {
  return [...content.agencies.values()]
    .map((a) => ({ a, far: distance(a.id, typed.slice(0, 100)) }))
    .sort((x, y) => x.far - y.far)
    .slice(0, 5)
    .map(({ a }) => `${a.id} (${a.name})`)
    .join(', ');
}

async function savePhotos(c: Case, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  let n = 0;
  for (const e of c.timeline) {
    if (!('files' in e)) continue;
    for (const f of e.files) {
      const file = await store.files.open(f.id);
      // The citizen's file name is not trusted to be a path.
      const path = join(folder, `${c.id}-${++n}.${f.type.split('/')[1]!.replace('jpeg', 'jpg')}`);
      if (file) writeFileSync(path, file.bytes);
      print(file ? `Đã lưu ${path}` : `Không còn tệp ${f.name}`);
    }
  }
}
