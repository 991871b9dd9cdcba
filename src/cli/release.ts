// `npm run release`: makes the files the live release. `-- --rollback [--to N]`; `-- --list`;
// `-- --fact-off CODE FIELD --why "…"`: two seconds later no running server states that fact any more.
import { userInfo } from 'node:os';
import type { Release } from '../app/ports.ts';
import { factOff, release, rollback } from '../app/release.ts';
import { configOrExit } from '../config.ts';
import { sayInstant } from '../core/calendar.ts';
import type { Result } from '../core/result.ts';
import { readFolder } from '../store/folder.ts';
import { openStore } from '../wire.ts';
import { give, openOrGive } from './give.ts';
import { ROOT } from './open-files.ts';
import { readArguments, wholeNumber } from './read-arguments.ts';
import { rehearseTalks } from './rehearse-talks.ts';

const USAGE = `Cách dùng: npm run release -- …
  [--note "ghi chú"] [--force]               phát hành từ tệp
  --list                                     các bản đã có
  --rollback [--to SỐ]                       quay về bản trước, hay bản số ấy
  --fact-off MÃ MỤC --why "lý do"            thôi nêu một mục, ví dụ: --fact-off 1.001193 fee --why "nghị quyết mới"`;
const { values, positionals } = readArguments(USAGE, {
  words: 2,
  options: {
    rollback: { type: 'boolean' },
    to: { type: 'string' },
    list: { type: 'boolean' },
    'fact-off': { type: 'boolean' },
    why: { type: 'string', default: '' },
    note: { type: 'string', default: 'Từ tệp' },
    by: { type: 'string', default: userInfo().username },
    force: { type: 'boolean' },
  },
});

const clock = { now: Date.now };
// Anything else would be taken for a release from the files, which is no small thing to do by mistake.
if (!values['fact-off'] && positionals.length > 0)
  give(`"${positionals[0]}" chỉ đi với --fact-off. ${USAGE}`);
if (values['fact-off'] && positionals.length < 2) give(`Thiếu MÃ hoặc MỤC sau --fact-off. ${USAGE}`);
if (values.to !== undefined && !values.rollback) give(`--to chỉ đi với --rollback. ${USAGE}`);
const to = values.to === undefined ? undefined : wholeNumber('--to', values.to);
const [code = '', field = ''] = positionals;
const store = await openOrGive(openStore(configOrExit(), clock));
const parts = { store, clock, rehearse: rehearseTalks, say: (line: string) => console.error(line) };
try {
  if (values.list) {
    const live = await store.releases.live();
    for (const r of await store.releases.list(50))
      console.log(
        `${r.n === live ? '→' : ' '} ${r.n}  ${sayInstant(r.at)}  ${r.by}  ${r.origin}  ${r.note}  ${r.fingerprint.slice(0, 12)}`,
      );
  } else if (values.rollback) report('Đã quay về', await rollback(parts, to));
  else if (values['fact-off'])
    report('Đã phát hành', await factOff(parts, code, field, { by: values.by, why: values.why }));
  else
    report(
      'Đã phát hành',
      await release(parts, await readFolder(ROOT), {
        by: values.by,
        note: values.note,
        origin: 'files',
        ...(values.force && { force: true }),
      }),
    );
} finally {
  await store.close();
}

function report(done: string, r: Result<Release>): void {
  if (r.ok) console.log(`${done} bản ${r.value.n} (${r.value.fingerprint.slice(0, 12)}).`);
  else {
    for (const p of r.problems) console.error([p.where, p.message].filter(Boolean).join(': '));
    console.error(
      'Không phát hành gì. Sửa các chỗ trên; nếu cuộc thoại đổi là đúng ý thì chạy npm run chat:update rồi phát hành lại.',
    );
    process.exitCode = 1;
  }
}
