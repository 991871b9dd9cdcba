// Talks over a real Bot API socket: the far end is a fake, everything of the product is what runs in production.
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeTelegram, fakeTelegram } from './fake-telegram/server.ts';
import { clock, flakyStore, type Options, openMemory, type Product, product } from './harness.ts';

let tg: FakeTelegram;
let products: Product[] = [];
beforeEach(async () => {
  clock.ahead = 0;
  tg = await fakeTelegram();
});
afterEach(async () => {
  for (const p of products) await p.stop();
  products = [];
  await tg.close();
});

async function run(options: Options = {}): Promise<Product> {
  const p = await product(tg, options);
  products.push(p);
  return p;
}
async function halt(p: Product): Promise<void> {
  products = products.filter((x) => x !== p);
  await p.stop();
}

const picture = (width = 640, height = 480): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#446688' } })
    .jpeg()
    .toBuffer();

const sleep = (ms: number): Promise<void> => new Promise((r) => setTimeout(r, ms));
const RUBBISH = 'rác chất đống đầu ngõ nhà tôi ba hôm nay không ai dọn, hôi lắm';

describe.each([
  ['long polling', false],
  ['webhook', true],
])('Telegram by %s', (_, webhook) => {
  it('greets with buttons, takes a press, stops its spinner and clears the buttons', async () => {
    await run({ webhook });
    const an = tg.user(7);
    an.text('/start');
    const hello = await an.next();
    expect(hello.text).toMatch(/tự động/);
    expect(hello.keyboard.length).toBeGreaterThan(1);
    expect(hello.keyboard.every((row) => row.length === 1)).toBe(true);
    const press = an.press(1);
    await an.next();
    await tg.drained();
    expect(hello.keyboard).toEqual([]);
    expect(tg.world.callbacks.get(press)?.answered).toBe(true);
  });

  it('answers every chat in order, each message once', async () => {
    await run({ webhook });
    const people = [11, 12, 13, 14].map((id) => tg.user(id));
    for (const p of people) p.text('/start');
    for (let i = 0; i < 5; i++) for (const p of people) p.text('xin chào');
    await tg.drained(15_000);
    for (const p of people) {
      // The last answer reaches the chat a moment before the store knows its message.
      const c = await vi.waitFor(
        async () => {
          const c = await products[0]!.conversation(p.id);
          expect(c!.log.filter((e) => e.from === 'bot' && e.delivery?.state !== 'sent')).toEqual([]);
          return c;
        },
        { timeout: 10_000, interval: 100 },
      );
      const said = c!.log.filter((e) => e.from === 'citizen');
      expect(said.map((e) => e.text)).toEqual(['', ...Array(5).fill('xin chào')]);
      expect(p.all().map((m) => m.message_id)).toEqual(
        c!.log.flatMap((e) => (e.delivery?.ref ? e.delivery.ref.split(',').map(Number) : [])),
      );
    }
  });

  it('answers a message delivered twice once', async () => {
    await run({ webhook });
    const an = tg.user(7);
    an.text('xin chào');
    await an.next();
    await tg.drained();
    tg.redeliver(tg.sent.at(-1)!);
    tg.redeliver(tg.sent.at(-1)!);
    expect(await an.quiet(800)).toEqual([]);
    await tg.drained();
  });

  it('keeps an update while the store is away, and answers it once after', async () => {
    const real = await openMemory();
    const flaky = flakyStore(real);
    const p = await run({ webhook, store: flaky.store });
    const an = tg.user(7);
    flaky.away = true;
    an.text('xin chào');
    await sleep(1200);
    expect(an.all()).toEqual([]);
    expect(flaky.refused).toBeGreaterThan(0);
    expect(tg.deliveries.queue.length).toBe(1);
    flaky.away = false;
    await an.next(12_000);
    await tg.drained();
    expect(await an.quiet(300)).toEqual([]);
    expect(JSON.stringify(p.lines)).not.toContain('xin chào');
    expect(JSON.stringify(p.lines)).not.toContain(tg.token);
    await halt(p);
    await real.close();
  }, 30_000);

  it('skips a malformed update, with a line that holds none of its words', async () => {
    const p = await run({ webhook });
    const an = tg.user(7);
    const id = tg.deliveries.nextId();
    tg.deliveries.enqueue({
      id,
      chat: 7,
      body: { update_id: id, message: { message_id: 'một', text: 'bí mật', chat: 7 } },
    });
    an.text('xin chào');
    await an.next();
    await tg.drained();
    expect(p.lines).toContainEqual({
      level: 'warn',
      what: { update: id },
      message: 'update malformed, skipped',
    });
    expect(JSON.stringify(p.lines)).not.toContain('bí mật');
  });

  it('goes on where it was after a restart in mid-talk', async () => {
    const store = await openMemory();
    const first = await run({ webhook, store });
    const an = tg.user(7);
    an.text(RUBBISH);
    await an.until(/\?/);
    await halt(first);
    an.text('ngõ 12 phố Đội Cấn, phường Ba Đình');
    const seen = an.all().length;
    await sleep(300);
    expect(an.all().length).toBe(seen);
    const second = await run({ webhook, store });
    await an.next(10_000);
    const c = await second.conversation(7);
    expect(Object.keys(c!.state.flow!.answers).length).toBeGreaterThan(0);
    await tg.drained();
    await halt(second);
    await store.close();
  }, 30_000);
});

describe('a report on Telegram', () => {
  /** Tells, gives the place, a photo where asked, and sends it. The code of the case. */
  async function report(p: Product, id = 7): Promise<string> {
    const an = tg.user(id);
    an.text(RUBBISH);
    await an.next();
    an.text('ngõ 12 phố Đội Cấn, phường Ba Đình');
    await an.until(/ảnh/);
    an.photo(await picture(), 'đây ạ');
    const review = await an.until(/đúng|Đúng|gửi/);
    expect(an.buttons()).toContain('Đúng, gửi đi');
    an.press('Đúng, gửi đi', review.message_id);
    await tg.drained();
    for (let i = 0; i < 100; i++) {
      const [c] = await p.store.cases.find({ follower: `telegram:${id}` });
      if (c) return c.id;
      await sleep(50);
    }
    throw new Error('no case');
  }

  it('goes from a photo with a caption to an officer’s reply and back', async () => {
    const p = await run();
    const an = tg.user(7);
    const code = await report(p);
    await an.until(code);
    // A page on this machine is no use as a button on a telephone: it is written out.
    await an.quiet(300);
    expect(an.all().some((m) => m.text.includes('/lien-he/'))).toBe(true);
    const [c] = await p.store.cases.find({ follower: 'telegram:7' });
    const opened = c!.timeline[0]!;
    expect(opened.kind === 'opened' && opened.files.length).toBe(1);

    const seat = p.seat(c!.timeline.find((e) => e.kind === 'routed')!.to);
    const after = await picture(320, 240);
    const kept = await keep(p, 'Ảnh sau khi dọn.jpg', after);
    const reply = 'Đã dọn <b>xong</b> & rửa đường, còn < 5 m².';
    expect((await p.act(seat, code, { do: 'reply', text: reply, files: [kept] }, 'k1')).ok).toBe(true);
    await p.later(61_000);
    const told = await an.until(reply);
    expect(told.photo?.name).toBe('Anh-sau-khi-don.jpg');
    expect(told.keyboard.length).toBeGreaterThan(0);
    an.press(1);
    await an.next();
  }, 30_000);

  it('of which the citizen cannot be told is a failed delivery on the case', async () => {
    const p = await run();
    const an = tg.user(8);
    const code = await report(p, 8);
    await an.until(code);
    await an.quiet(500);
    an.block();
    const [c] = await p.store.cases.find({ follower: 'telegram:8' });
    const seat = p.seat(c!.timeline.find((e) => e.kind === 'routed')!.to);
    await p.act(seat, code, { do: 'ask', text: 'Đống rác ở số nhà nào ạ?' }, 'k2');
    await p.later(1000);
    const told = async () =>
      (await p.store.cases.load(code))!.timeline.find((e) => e.kind === 'told' && e.failed !== undefined);
    for (let i = 0; i < 50 && !(await told()); i++) {
      await p.later(100);
      await sleep(20);
    }
    expect(await told()).toMatchObject({ failed: 'blocked' });
  }, 30_000);

  it('follows an edited answer', async () => {
    const p = await run();
    const an = tg.user(7);
    an.text(RUBBISH);
    await an.next();
    const place = an.text('ngõ 12 phố Đội Cấn, phường Ba Đình');
    await an.until(/ảnh/);
    an.edit(place, 'ngõ 14 phố Đội Cấn, phường Ba Đình');
    await an.next();
    await tg.drained();
    const flow = (await p.conversation(7))!.state.flow!;
    expect(JSON.stringify(flow)).toContain('ngõ 14');
    expect(JSON.stringify(flow)).not.toContain('ngõ 12');
  });

  it('knows a stale button, even when its spinner stopped long ago', async () => {
    tg.failNext('answerCallbackQuery', {
      error_code: 400,
      description: 'Bad Request: query is too old and response timeout expired or query ID is invalid',
    });
    await run();
    const an = tg.user(7);
    an.text('/start');
    const hello = await an.next();
    const data = hello.keyboard[0]![0]!.callback_data!;
    an.text(RUBBISH);
    await an.next();
    an.pressData(data, hello.message_id);
    an.pressData('chuyện lạ', hello.message_id);
    await an.until('Nút này');
    await tg.drained();
  });

  const keep = async (p: Product, name: string, bytes: Uint8Array) => {
    const id = `f-${name.length}-${bytes.length}`;
    await p.store.files.put(
      { id, name, type: 'image/jpeg', size: bytes.length, at: clock.now(), owner: 'officer:x' },
      bytes,
    );
    return { id, name, type: 'image/jpeg' as const, size: bytes.length };
  };
});

describe('what cannot be taken', () => {
  it('is refused in words that say what can', async () => {
    await run();
    const an = tg.user(7);
    an.text('/start');
    await an.next();
    an.voice();
    await an.until('tin thoại');
    an.sticker();
    await an.until('hình dán');
    an.contact();
    await an.until('loại tin này');
    an.document('virus.exe', Buffer.from('MZ\u0000\u0000'));
    await an.until('PDF');
    an.document('anh.jpg', Buffer.from('<html><script>'), { mime: 'image/jpeg' });
    await an.until('PDF');
    an.document('phim.pdf', Buffer.from('%PDF-1.4'), { size: 11 * 1024 * 1024 });
    await an.until('10 MB');
    an.photo(await picture(9000, 6000));
    await an.until('quá lớn');
    // The one over the limit was never fetched.
    expect(tg.callsOf('download').length).toBe(3);
  }, 30_000);

  it('a file that Telegram does not give is tried again, then given up with a word', async () => {
    await run();
    const an = tg.user(7);
    an.text('/start');
    await an.next();
    tg.failNext('download', 'drop', { error_code: 404, description: 'Not Found' });
    an.photo(await picture());
    await an.until(/ảnh/);
    await tg.drained();
    expect(tg.callsOf('download').length).toBe(3);
    expect(JSON.stringify(products[0]!.lines)).not.toContain(tg.token);
  }, 30_000);

  it('hostile text is shown as it is, and nothing breaks', async () => {
    const p = await run();
    const an = tg.user(7);
    for (const text of [
      '<b>đậm</b> & <script>alert(1)</script>',
      '\u202e\u2066abc\u0000',
      '😀😀😀',
      `a${'\u0301'.repeat(3000)}`,
      '\u{e0041}\u{e0042}',
      '&lt;&amp;',
    ]) {
      an.text(text);
      await an.next(10_000);
      await an.quiet(150);
    }
    expect(p.lines.filter((l) => l.level === 'error')).toEqual([]);
  }, 30_000);

  it('a group is pointed to the private chat, once', async () => {
    await run();
    const group = tg.group(99);
    group.text('hello mọi người');
    group.text('/start');
    group.text('/start');
    await tg.drained();
    const said = await group.quiet(300);
    expect(said.map((m) => m.text)).toEqual([expect.stringContaining('nhắn riêng')]);
  });

  it('a flood of one chat is bounded and told; others are answered meanwhile', async () => {
    await run();
    const loud = tg.user(7);
    const calm = tg.user(8);
    for (let i = 0; i < 90; i++) loud.text('a');
    calm.text('xin chào');
    await calm.next(15_000);
    await loud.until('nhanh quá', 20_000);
    await tg.drained(20_000);
    const said = (await products[0]!.conversation(7))!.log.filter((e) => e.from === 'citizen');
    expect(said.length).toBeLessThanOrEqual(60);
  }, 60_000);
});

describe('sending', () => {
  const reply = (text: string) => ({ text, n: 1 });

  it('cuts a long reply, keeps the order, and puts the buttons last', async () => {
    const p = await run();
    const an = tg.user(7);
    an.text('/start');
    await an.next();
    const text = Array.from({ length: 40 }, (_, i) => `Đoạn ${i}: ${'<chữ & chữ> '.repeat(20)}`).join('\n\n');
    const sent = await p.channel.send('7', {
      ...reply(text),
      choices: [
        { id: 'co', label: 'Có' },
        { id: 'khong', label: 'Không' },
      ],
    });
    const got = await an.quiet(0);
    expect(got.length).toBeGreaterThan(2);
    expect(sent).toEqual({ ref: got.map((m) => m.message_id).join(',') });
    expect(
      got
        .map((m) => m.text)
        .join('')
        .replace(/\s/g, ''),
    ).toBe(text.replace(/\s/g, ''));
    expect(got.map((m) => m.keyboard.length)).toEqual([...got.slice(1).map(() => 0), 2]);
  });

  it('waits out a short limit, and hands a long one back', async () => {
    const p = await run();
    tg.user(7).text('/start');
    await tg.user(7).next();
    const slow = (retry_after: number) => ({
      error_code: 429,
      description: `Too Many Requests: retry after ${retry_after}`,
      parameters: { retry_after },
    });
    tg.failNext('sendMessage', slow(1));
    expect(await p.channel.send('7', reply('một'))).toHaveProperty('ref');
    tg.failNext('sendMessage', slow(40));
    const before = clock.now();
    const sent = await p.channel.send('7', reply('hai'));
    expect('retryAt' in sent && sent.retryAt - before).toBeGreaterThanOrEqual(40_000);
  });

  it('keeps the order of many messages through a flood limit', async () => {
    tg.world.flood = { messages: 3, seconds: 1 };
    await run();
    const an = tg.user(7);
    for (let i = 0; i < 6; i++) an.text('xin chào');
    await tg.drained(15_000);
    for (let i = 0; i < 6; i++) await an.next(15_000);
    const c = await products[0]!.conversation(7);
    const refs = c!.log.flatMap((e) => (e.delivery?.ref ? [Number(e.delivery.ref)] : []));
    expect(refs).toEqual([...refs].sort((a, b) => a - b));
    expect(tg.world.calls.some((x) => x.method === 'sendMessage' && x.ok === false)).toBe(true);
  }, 40_000);

  it('goes on after the piece that failed, not from the start', async () => {
    const p = await run();
    const an = tg.user(7);
    an.text('/start');
    await an.next();
    const text = `${'một '.repeat(1000)}\n\n${'hai '.repeat(1000)}`;
    tg.failNext('sendMessage', 'pass', 'drop');
    expect(await p.channel.send('7', reply(text))).toHaveProperty('retryAt');
    expect(await p.channel.send('7', reply(text))).toHaveProperty('ref');
    const got = await an.quiet(0);
    expect(got.map((m) => m.text.slice(0, 3))).toEqual(['một', 'hai']);
  });

  it('says why when the citizen is gone, and when Telegram cannot be reached', async () => {
    const p = await run();
    expect(await p.channel.send('404', reply('chào'))).toEqual({ failed: 'blocked' });
    tg.user(7).text('/start');
    await tg.user(7).next();
    tg.user(7).block();
    expect(await p.channel.send('7', reply('chào'))).toEqual({ failed: 'blocked' });
    tg.user(7).unblock();
    tg.failNext('sendMessage', 'drop');
    expect(await p.channel.send('7', reply('chào'))).toHaveProperty('retryAt');
    expect(JSON.stringify(p.lines)).not.toContain(tg.token);
  });

  it('gets the words through when Telegram dislikes their dress', async () => {
    const p = await run();
    tg.user(7).text('/start');
    await tg.user(7).next();
    tg.failNext('sendMessage', { error_code: 400, description: 'Bad Request: BUTTON_DATA_INVALID' });
    expect(await p.channel.send('7', reply('1 < 2'))).toHaveProperty('ref');
    expect((await tg.user(7).next()).text).toBe('1 < 2');
  });
});

describe('the command menu', () => {
  it('is set in Vietnamese and English', async () => {
    await run();
    for (let i = 0; i < 40 && tg.world.commands.size < 2; i++) await sleep(50);
    expect(tg.world.commands.get('')!.map((c) => c.command)).toContain('gapcanbo');
    expect(tg.world.commands.get('en')!.find((c) => c.command === 'xoa')!.description).toMatch(/Erase/);
  });

  it.each([
    ['/trogiup', 'ba việc'],
    ['/gapcanbo', '024.1022'],
    ['/xoa', 'xóa toàn bộ'],
    ['/english', 'I will speak English'],
    ['/huy', 'không có việc nào đang làm dở'],
  ])('%s does what it says', async (command, wanted) => {
    await run();
    const an = tg.user(7);
    an.text('/start');
    await an.next();
    an.text(command);
    expect((await an.next()).text).toContain(wanted);
  });

  it('/riengtu does what it says', async () => {
    await run();
    const an = tg.user(7);
    an.text('/start');
    await an.next();
    an.text('/riengtu');
    expect((await an.next()).text).toContain('giữ');
  });
});

describe('two who poll with one token', () => {
  it('get in each other’s way only for a while, and nobody is answered twice', async () => {
    const store = await openMemory();
    const a = await run({ store });
    const an = tg.user(7);
    an.text('/start');
    await an.next();
    const b = await run({ store });
    await sleep(300);
    an.text('xin chào');
    await an.next(15_000);
    await tg.drained(15_000);
    expect(await an.quiet(500)).toEqual([]);
    expect([...a.lines, ...b.lines].some((l) => JSON.stringify(l.what).includes('conflict'))).toBe(true);
    await halt(a);
    await halt(b);
    await store.close();
  }, 40_000);
});

describe('the webhook', () => {
  it('is registered with a secret and a path that tells nothing, and refuses strangers', async () => {
    await run({ webhook: true });
    for (let i = 0; i < 40 && !tg.deliveries.hook; i++) await sleep(50);
    const hook = tg.deliveries.hook!;
    expect(hook.url).toMatch(/\/telegram\/[0-9a-f]{32}$/);
    expect(hook.url).not.toContain(tg.token);
    expect(hook.secret).toMatch(/^[A-Za-z0-9_-]{32,}$/);
    const answer = await fetch(hook.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Telegram-Bot-Api-Secret-Token': 'x' },
      body: JSON.stringify({ update_id: 1, message: { text: 'x' } }),
    });
    expect(answer.status).toBe(401);
  });

  it('answers each of many unordered deliveries once', async () => {
    tg.deliveries.unordered = true;
    const p = await run({ webhook: true });
    const an = tg.user(7);
    for (let i = 0; i < 8; i++) an.text(`xin chào ${i}`);
    await tg.drained(15_000);
    await sleep(500);
    const said = (await p.conversation(7))!.log.filter((e) => e.from === 'citizen').map((e) => e.text);
    expect(said.sort()).toEqual(Array.from({ length: 8 }, (_, i) => `xin chào ${i}`));
  }, 30_000);
});
