// An officer at the command, a server beside it on the same store, and citizens on the web and on Telegram: what the
// one does the others read by themselves.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keysOf } from '../../src/core/cases/index.ts';
import { openSqlite, sqlitePath } from '../../src/store/sqlite/index.ts';
import { type FakeTelegram, fakeTelegram } from '../channels/fake-telegram/server.ts';
import { type Activity, begin, read, type Session, say, upload } from '../http/speak.ts';
import { command, killAll, serve } from '../processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'motcua-officer-'));
const env = { DATA_DIR: join(folder, 'data') };
const CODE = /[0-9AHKMQRTXY]{3}-[0-9AHKMQRTXY]{3}-[0-9AHKMQRTXY]{3}/;
let tg: FakeTelegram;
let url: string;

beforeAll(async () => {
  tg = await fakeTelegram();
  ({ url } = await serve({ ...env, TELEGRAM_BOT_TOKEN: tg.token, TELEGRAM_API_ROOT: tg.apiRoot }));
}, 180_000);
afterAll(async () => {
  killAll();
  await tg.close();
  rmSync(folder, { recursive: true, force: true });
});

const picture = () =>
  sharp({ create: { width: 80, height: 60, channels: 3, background: 'brown' } })
    .jpeg()
    .toBuffer();

/** A command that succeeds, and what it printed. */
async function officer(who: string, ...args: string[]): Promise<string> {
  const { code, out, err } = await command('src/cli/cases.ts', ['--as', who, ...args], env);
  expect({ code, err }, args.join(' ')).toEqual({ code: 0, err: '' });
  return out;
}

/** What the bot says, once it says this; nobody but the open page asks. */
async function hears(s: Session, words: string): Promise<Activity> {
  let found: Activity | undefined;
  await expect
    .poll(
      async () => {
        found = (await read(s)).activities.find((a) => a.from.role === 'bot' && a.text.includes(words));
        return found !== undefined;
      },
      { timeout: 15_000, interval: 200, message: words },
    )
    .toBe(true);
  return found!;
}

/** The minute in which a reply can be called back is over. */
async function minutePasses(code: string): Promise<void> {
  const store = await openSqlite({ path: sqlitePath(env.DATA_DIR), clock: { now: Date.now }, keysOf });
  try {
    for (let saved = false; !saved; ) {
      const c = (await store.cases.load(code))!;
      const now = Date.now();
      const timeline = c.timeline.map((e) => (e.kind === 'replied' ? { ...e, holdUntil: now } : e));
      saved = await store.cases.save({ ...c, timeline, wakeAt: now });
    }
  } finally {
    await store.close();
  }
}

it('a report from the web: taken, asked about, answered, called back and answered again', async () => {
  const s = await begin(url);
  await say(s, 'đầu ngõ nhà tôi có đống rác mấy hôm chưa ai dọn');
  await say(s, 'ngõ 12 Đội Cấn, phường Ba Đình');
  const bytes = await picture();
  await upload(s, { type: 'message', text: '' }, [{ name: '../../rác.jpg', type: 'image/jpeg', bytes }]);
  await say(s, 'Đúng, gửi đi');
  const code = CODE.exec((await hears(s, 'Tôi đã ghi phản ánh')).text)![0];

  expect(await officer('nguyen-thi-ha', 'list')).toContain(code);
  expect(await officer('nguyen-thi-ha', 'list', '--mine')).not.toContain(code);
  await officer('nguyen-thi-ha', 'take', code);
  await hears(s, 'đã nhận xử lý');
  expect(await officer('nguyen-thi-ha', 'list', '--mine')).toContain(code);
  expect(await officer('do-manh-cuong', 'list', '--mine'), 'another’s').not.toContain(code);

  await officer('nguyen-thi-ha', 'ask', code, 'Rác ở đầu ngõ hay cuối ngõ ạ?');
  await hears(s, 'Rác ở đầu ngõ hay cuối ngõ ạ?');
  await say(s, 'ở đầu ngõ, cạnh cột điện');
  const photos = join(folder, 'anh');
  expect(await officer('nguyen-thi-ha', 'show', code, '--save-photos', photos)).toContain('cạnh cột điện');
  // The citizen's file name is no path.
  expect(readdirSync(photos)).toEqual([`${code}-1.jpg`]);
  expect((await sharp(readFileSync(join(photos, `${code}-1.jpg`))).metadata()).width).toBe(80);

  await officer('nguyen-thi-ha', 'reply', code, 'Nhầm hồ sơ.');
  expect(await officer('nguyen-thi-ha', 'recall', code)).toContain('Đã thu hồi');
  mkdirSync(join(folder, 'gui'));
  const proof = join(folder, 'gui', 'da-don.jpg');
  writeFileSync(proof, await picture());
  await officer('nguyen-thi-ha', 'reply', code, 'Đã dọn xong sáng nay.', '--file', proof);
  await minutePasses(code);
  const told = await hears(s, 'Đã dọn xong sáng nay.');
  expect(told.text).toContain('Nguyễn Thị Hà, UBND phường Ba Đình');
  expect(told.attachments?.map((a) => a.name)).toEqual(['da-don.jpg']);
  const all = (await read(s)).activities.map((a) => a.text).join('\n');
  expect(all.split('Đã dọn xong sáng nay.')).toHaveLength(2);
  expect(all, 'called back in time').not.toContain('Nhầm hồ sơ');
}, 120_000);

it('a citizen who blocked the bot is listed among those not reached', async () => {
  const an = tg.user(7);
  an.text('rác chất đống đầu ngõ nhà tôi ba hôm nay không ai dọn');
  await an.until('ở đâu', 20_000);
  an.text('ngõ 14 phố Đội Cấn, phường Ba Đình');
  await an.until('ảnh', 20_000);
  an.press('Bỏ qua');
  await an.until('đúng chưa', 20_000);
  an.press('Đúng, gửi đi');
  const code = CODE.exec((await an.until('Tôi đã ghi phản ánh', 20_000)).text)![0];
  expect(await officer('nguyen-thi-ha', 'failed')).not.toContain(code);
  an.block();
  await officer('nguyen-thi-ha', 'take', code);
  await expect
    .poll(() => officer('nguyen-thi-ha', 'failed'), { timeout: 30_000, interval: 300 })
    .toMatch(new RegExp(`${code}[^]*không báo được cho người dân`));
}, 120_000);
