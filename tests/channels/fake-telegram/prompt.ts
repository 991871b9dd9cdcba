// `npm run fake-telegram [port]`: a Telegram on this machine, and a prompt to be the citizen. Start the product with
// the two lines it prints; what you type is sent, what the bot writes is shown with its buttons numbered.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { fakeTelegram } from './server.ts';
import type { Shown } from './world.ts';

const HELP = `Gõ gì thì gửi nấy (cả /start, /riengtu…). Ngoài ra:
  /press 2            bấm nút thứ 2 của tin cuối có nút (hoặc /press chữ trên nút)
  /photo tệp [lời]    gửi ảnh      /document tệp [lời]   gửi tệp
  /edit lời mới       sửa tin chữ cuối
  /voice  /sticker  /contact       /location 21.033,105.850
  /again              Telegram giao lại tin cuối   /limit 1   mỗi giây nhận được 1 tin của bot
  /block  /unblock    chặn, bỏ chặn bot            /as 8      làm người khác
  /calls              những lời gọi của bot        /quit`;

const port = Number(process.argv[2] ?? 8081);
const tg = await fakeTelegram({ port, token: '123456:AAgia' });
console.log(`Telegram giả đang chạy. Chạy sản phẩm với:
  TELEGRAM_BOT_TOKEN=${tg.token} TELEGRAM_API_ROOT=${tg.apiRoot} npm start

${HELP}
`);

let id = 7;
let me = tg.user(id);
let lastText: number | undefined;
const shown = new Map<number, number>();

const watch = (): void => {
  const { messages } = tg.world.chat(id);
  for (const m of messages.filter((x) => x.from === 'bot').slice(shown.get(id) ?? 0)) show(m);
  shown.set(id, messages.filter((x) => x.from === 'bot').length);
};

function show(m: Shown): void {
  const file = m.photo ?? m.document;
  process.stdout.write('\r');
  console.log(
    `${file ? `[${m.photo ? 'ảnh' : 'tệp'} ${file.name}, ${file.bytes.length} byte]\n` : ''}${m.text}`,
  );
  for (const [i, b] of m.keyboard.flat().entries())
    console.log(`  [${i + 1}] ${b.text}${b.url ? ` → ${b.url}` : ''}`);
  console.log('');
  lines.prompt(true);
}

function wear(next: number): void {
  tg.world.chat(id).wake.delete(watch);
  id = next;
  me = tg.user(id);
  lastText = undefined;
  tg.world.chat(id).wake.add(watch);
  lines.setPrompt(`dân ${id}> `);
  watch();
}

const COMMANDS: Record<string, (rest: string) => unknown> = {
  press: (rest) => me.press(/^\d+$/.test(rest) ? Number(rest) : rest),
  photo(rest) {
    const [path, ...caption] = rest.split(' ');
    me.photo(readFileSync(path!), caption.join(' ') || undefined);
  },
  document(rest) {
    const [path, ...caption] = rest.split(' ');
    me.document(basename(path!), readFileSync(path!), { caption: caption.join(' ') });
  },
  edit(rest) {
    if (lastText === undefined) throw new Error('chưa có tin nào để sửa');
    me.edit(lastText, rest);
  },
  voice: () => me.voice(),
  sticker: () => me.sticker(),
  contact: () => me.contact(),
  location(rest) {
    const [lat, lon] = rest.split(',').map(Number);
    me.location(lat!, lon!);
  },
  again: () => tg.redeliver(tg.sent.at(-1)!),
  limit(rest) {
    tg.world.flood = rest ? { messages: Number(rest), seconds: 1 } : undefined;
  },
  block: () => me.block(),
  unblock: () => me.unblock(),
  as: (rest) => wear(Number(rest) || 7),
  calls() {
    for (const c of tg.world.calls.slice(-20))
      if (c.method !== 'getUpdates') console.log(`  ${c.method} ${JSON.stringify(c.payload).slice(0, 160)}`);
  },
  help: () => console.log(HELP),
};

const lines = createInterface({ input: process.stdin, output: process.stdout });
wear(id);
lines.prompt();
lines.on('line', (line) => {
  const read = /^\/(\w+)(?:\s+(.*))?$/.exec(line.trim());
  if (read?.[1] === 'quit') return lines.close();
  const command = read && Object.hasOwn(COMMANDS, read[1]!) ? COMMANDS[read[1]!] : undefined;
  try {
    if (command) command(read![2] ?? '');
    else if (line.trim()) lastText = me.text(line);
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
  }
  lines.prompt();
});
lines.on('close', () => void tg.close().then(() => process.exit(0)));
