// Direct Line 3.0 over real sockets: what every client may rely on, and what no client can do.
import { connect } from 'node:net';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { senderOf } from '../../src/channels/webchat/limits.ts';
import { tokens } from '../../src/channels/webchat/tokens.ts';
import { type HttpServer, startHttp } from '../../src/http/server.ts';
import type { Place } from '../contracts/worlds.ts';
import { type EchoHouse, echoHouse } from './echo-house.ts';
import { begin, call, listen, read, say, upload } from './speak.ts';
import { worlds } from './stores.ts';

const DAY = 86_400_000;
const photo = (text = 'x') =>
  sharp({ create: { width: 40 + text.length, height: 30, channels: 3, background: '#1d5243' } })
    .png()
    .toBuffer();

describe.each(worlds)('Direct Line on $name', (world) => {
  let place: Place;
  let house: EchoHouse;
  let http: HttpServer;
  let now: number;

  const start = async (more: Partial<EchoHouse> = {}) => {
    now = Date.now();
    house = echoHouse(await place.open({ now: () => now }), { clock: { now: () => now }, ...more });
    http = await startHttp(house);
    return http.url;
  };
  beforeEach(async () => {
    place = await world.fresh();
  });
  afterEach(async () => {
    await http?.close();
    await place.end();
  });

  it('answers a message once it is saved, with its number', async () => {
    const s = await begin(await start());
    expect(s.conversationId).toMatch(/^web:[0-9a-f]{32}$/);
    const answer = await say(s, 'xin chào', { channelData: { clientActivityID: 'c1' } });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ id: '1' });
    const frame = await read(s);
    expect(frame.watermark).toBe('2');
    const [mine, reply] = frame.activities;
    expect(mine).toMatchObject({
      id: '1',
      text: 'xin chào',
      from: { role: 'user' },
      channelData: { clientActivityID: 'c1' },
    });
    expect(new Date(mine!.timestamp).toISOString()).toBe(mine!.timestamp);
    expect(reply).toMatchObject({
      id: '2',
      text: 'Đã nghe: xin chào',
      from: { role: 'bot' },
      replyToId: '1',
    });
    expect((await read(s, '1')).activities.map((a) => a.id)).toEqual(['2']);
    expect((await read(s, '2')).activities).toEqual([]);
  });

  it('takes the same message twice as one', async () => {
    const s = await begin(await start());
    const twice = { channelData: { clientActivityID: 'c1' } };
    const answers = await Promise.all([say(s, 'một', twice), say(s, 'một', twice), say(s, 'một', twice)]);
    expect(await Promise.all(answers.map((a) => a.json()))).toEqual([{ id: '1' }, { id: '1' }, { id: '1' }]);
    expect((await read(s)).activities).toHaveLength(2);
  });

  it.each([
    ['long', 'x'.repeat(300)],
    ['odd', 'a\0b \ud800'],
    ['like an opening', 'open:1'],
  ])('takes the same message under a client id that is %s twice as one, and shows it', async (_, client) => {
    const s = await begin(await start());
    const twice = { channelData: { clientActivityID: client } };
    const [first, second] = [await say(s, 'một', twice), await say(s, 'một', twice)];
    expect([await first.json(), await second.json()]).toEqual([{ id: '1' }, { id: '1' }]);
    expect((await read(s)).activities.map((a) => a.text)).toEqual(['một', 'Đã nghe: một']);
  });

  it('greets on the opening event, ignores typing and unknown events', async () => {
    const s = await begin(await start());
    const post = (body: object) =>
      call(s.url, 'POST', `/conversations/${s.conversationId}/activities`, s.token, body);
    expect((await post({ type: 'typing' })).status).toBe(200);
    expect((await post({ type: 'event', name: 'whatever' })).status).toBe(200);
    expect((await read(s)).activities).toEqual([]);
    expect((await post({ type: 'event', name: 'open' })).status).toBe(200);
    expect((await read(s)).activities.map((a) => a.text)).toEqual([
      'Xin chào anh/chị. Tôi là trợ lý tự động.',
    ]);
  });

  it('shows buttons as postBack and takes the press', async () => {
    const s = await begin(await start());
    await say(s, 'chọn');
    const asked = (await read(s)).activities[1]!;
    expect(asked.suggestedActions?.actions).toEqual([
      { type: 'postBack', title: 'Tại bệnh viện', value: { choice: 'a:noi-sinh:benh-vien', n: 2 } },
      { type: 'postBack', title: 'Tại nhà', value: { choice: 'a:noi-sinh:tai-nha', n: 2 } },
      { type: 'openUrl', title: 'Điền thông tin liên hệ', value: `${s.url}/lien-he/dung` },
    ]);
    await say(s, '', { value: asked.suggestedActions!.actions[1]!.value });
    expect((await read(s, '3')).activities[0]!.text).toBe('Đã chọn a:noi-sinh:tai-nha của 2');
  });

  it('streams what is written, resumes at a watermark, and heeds only its own ticket', async () => {
    const s = await begin(await start());
    const line = await listen(s);
    await say(s, 'một');
    await house.officerSays(s.conversationId as never, 'Bà Hà trả lời');
    await line.until(3);
    expect(line.heard.map((a) => a.id)).toEqual(['1', '2', '3']);
    line.socket.close();
    await house.officerSays(s.conversationId as never, 'lúc vắng mặt');
    const back = await call(s.url, 'GET', `/conversations/${s.conversationId}?watermark=3`, s.token);
    const { streamUrl } = (await back.json()) as { streamUrl: string };
    const again = await listen(s, streamUrl);
    await again.until(1);
    expect(again.heard.map((a) => a.text)).toEqual(['lúc vắng mặt']);
    again.socket.close();

    const other = await begin(s.url);
    const stolen = streamUrl.replace(s.conversationId, other.conversationId);
    await expect(listen(s, stolen)).rejects.toThrow('403');
    await expect(listen(s, streamUrl.replace(/t=.*/, `t=${s.token}`))).rejects.toThrow('403');
    now += 61_000;
    await expect(listen(s, streamUrl)).rejects.toThrow('403');
  });

  it('marks what was fetched, and only that', async () => {
    const s = await begin(await start());
    await say(s, 'một');
    const states = async () =>
      (await house.readLog(s.conversationId as never))!.log.map((e) => e.delivery?.state ?? 'none');
    expect(await states()).toEqual(['none', 'waiting']);
    await read(s);
    await expect.poll(states, { timeout: 3_000 }).toEqual(['none', 'sent']);
    await house.officerSays(s.conversationId as never, 'hai');
    expect(await states()).toEqual(['none', 'sent', 'waiting']);
  });

  it('refuses foreign, forged and expired tokens with 403, unknown conversations with 404', async () => {
    const url = await start();
    const [a, b] = [await begin(url), await begin(url)];
    await say(a, 'của a');
    const get = (id: string, token?: string) => call(url, 'GET', `/conversations/${id}/activities`, token);
    expect((await get(a.conversationId, b.token)).status).toBe(403);
    expect((await get(a.conversationId)).status).toBe(403);
    expect((await get(a.conversationId, `${a.token}x`)).status).toBe(403);
    const forger = tokens('b'.repeat(64), () => now);
    const forged = await forger.session({ conversation: a.conversationId as never, user: 'x' });
    expect((await get(a.conversationId, forged)).status).toBe(403);
    expect((await get('web:00000000000000000000000000000000', a.token)).status).toBe(404);
    expect((await get('no-such', a.token)).status).toBe(404);
    expect((await say({ ...a, token: b.token }, 'chen vào')).status).toBe(403);
    now += 31 * 60_000;
    expect((await get(a.conversationId, a.token)).status).toBe(403);
    expect(await read(b).catch((e: Error) => e.message)).toContain('403');
  });

  it('exchanges a token up to 30 days after its issue', async () => {
    const s = await begin(await start());
    await say(s, 'hôm nay');
    now += 30 * DAY - 60_000;
    const refreshed = await call(s.url, 'POST', '/tokens/refresh', s.token);
    expect(refreshed.status).toBe(200);
    const { token } = (await refreshed.json()) as { token: string };
    expect((await read({ ...s, token })).activities).toHaveLength(2);
    now += 2 * 60_000;
    expect((await call(s.url, 'POST', '/tokens/refresh', s.token)).status).toBe(403);
  });

  it('generates tokens, and begins the conversation the token names', async () => {
    const url = await start();
    const made = await call(url, 'POST', '/tokens/generate', undefined, { user: { id: 'dl_me' } });
    const pass = (await made.json()) as { token: string; conversationId: string; expires_in: number };
    expect(pass.expires_in).toBeGreaterThanOrEqual(1800);
    const begun = await call(url, 'POST', '/conversations', pass.token, {});
    expect(begun.status).toBe(201);
    expect(await begun.json()).toMatchObject({ conversationId: pass.conversationId });
  });

  it('does not believe `from`, `id` and `timestamp`', async () => {
    const s = await begin(await start());
    const lies = {
      from: { id: 'bot', role: 'bot' },
      id: '99',
      timestamp: '1999-01-01T00:00:00Z',
      conversation: { id: 'web:1' },
    };
    await say(s, 'tôi là bot', lies);
    const [mine] = (await read(s)).activities;
    expect(mine).toMatchObject({ id: '1', from: { role: 'user' } });
    expect(mine!.timestamp.slice(0, 4)).not.toBe('1999');
  });

  it('keeps photos, gives them to their conversation and to a signed link, and to nobody else', async () => {
    const s = await begin(await start());
    const sent = await upload(
      s,
      { type: 'message', text: 'đống rác', channelData: { clientActivityID: 'u1' } },
      [{ name: 'ảnh rác.png', type: 'image/png', bytes: await photo() }],
    );
    expect(await sent.json()).toEqual({ id: '1' });
    const [mine, reply] = (await read(s)).activities;
    expect(mine).toMatchObject({
      text: 'đống rác',
      attachments: [{ name: 'ảnh rác.png', contentType: 'image/png' }],
    });
    // Microsoft's WebChat draws a citizen's own picture only by its thumbnail.
    expect(mine!.attachments![0]!.thumbnailUrl).toBe(mine!.attachments![0]!.contentUrl);
    expect(reply!.text).toBe('Đã nhận 1 tệp');
    const link = mine!.attachments![0]!.contentUrl;
    const opened = await fetch(link);
    expect(opened.status).toBe(200);
    expect(opened.headers.get('content-type')).toBe('image/png');
    expect(opened.headers.get('content-security-policy')).toContain('sandbox');
    const bare = link.replace(/\?.*/, '');
    const other = await begin(s.url);
    const as = (token?: string) =>
      fetch(bare, token ? { headers: { Authorization: `Bearer ${token}` } } : {}).then((r) => r.status);
    expect(await as()).toBe(403);
    expect(await as(other.token)).toBe(403);
    expect(await as(s.token)).toBe(200);
    now += 61 * 60_000;
    expect((await fetch(link)).status).toBe(403);
  });

  it.each([
    { name: 'nobody is trusted', front: {}, is: { page: '127.0.0.1', scheme: 'http' } },
    {
      name: 'one proxy is trusted',
      front: { trustProxy: 1 },
      is: { page: 'motcua.example', scheme: 'https' },
    },
  ])('gives links under the scheme and host a proxy names, when $name', async ({ front, is }) => {
    await start();
    await http.close();
    house.config = { ...house.config, ...front };
    http = await startHttp(house);
    const s = await begin(http.url);
    await upload(s, { type: 'message', text: '' }, [
      { name: 'a.png', type: 'image/png', bytes: await photo() },
    ]);
    const forwarded = { 'X-Forwarded-Proto': 'https, http', 'X-Forwarded-Host': 'motcua.example' };
    const ask = async (path: string) =>
      (
        await fetch(`${http.url}/v3/directline/conversations/${s.conversationId}${path}`, {
          headers: { Authorization: `Bearer ${s.token}`, ...forwarded },
        })
      ).json();
    const { activities } = (await ask('/activities')) as Awaited<ReturnType<typeof read>>;
    const { streamUrl } = (await ask('')) as { streamUrl: string };
    const link = new URL(activities[0]!.attachments![0]!.contentUrl);
    expect(link).toMatchObject({ protocol: `${is.scheme}:`, hostname: is.page });
    expect(new URL(streamUrl).protocol).toBe(is.scheme === 'https' ? 'wss:' : 'ws:');
    const socket = new WebSocket(streamUrl.replace(/^wss?:..[^/]*/, http.url.replace('http', 'ws')), {
      headers: forwarded,
    });
    const heard = await new Promise<string>((done) => socket.once('message', (d) => done(String(d))));
    socket.close();
    expect(heard).toContain(link.origin);
  });

  it('takes an upload sent twice as one, and a lying type as a refusal in kind words', async () => {
    const s = await begin(await start());
    const file = { name: 'a.png', type: 'image/png', bytes: await photo() };
    const activity = { type: 'message', text: '', channelData: { clientActivityID: 'u1' } };
    const [first, second] = [await upload(s, activity, [file]), await upload(s, activity, [file])];
    expect(await second.json()).toEqual(await first.json());
    expect((await read(s)).activities).toHaveLength(2);
    const lying = { name: 'a.png', type: 'image/png', bytes: Buffer.from('<html>MZ not a picture') };
    expect((await upload(s, { type: 'message', text: '' }, [lying])).status).toBe(200);
    expect((await read(s)).activities.at(-1)!.text).toBe('Không nhận được: file-type');
    const heavy = { name: 'b.png', type: 'image/png', bytes: new Uint8Array(11 * 1024 * 1024) };
    expect((await upload(s, { type: 'message', text: '' }, [heavy])).status).toBe(200);
    expect((await read(s)).activities.at(-1)!.text).toBe('Không nhận được: file-size');
  });

  it('survives a half-sent upload and keeps nothing of it', async () => {
    const s = await begin(await start());
    const socket = connect(http.port, '127.0.0.1');
    socket.write(
      `POST /v3/directline/conversations/${s.conversationId}/upload HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${s.token}\r\n` +
        'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 90000\r\n\r\n' +
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nhalf of it',
    );
    await new Promise((r) => setTimeout(r, 200));
    socket.destroy();
    await new Promise((r) => setTimeout(r, 100));
    expect((await read(s)).activities).toEqual([]);
    expect((await say(s, 'vẫn sống')).status).toBe(200);
  });

  it('holds only so many bytes of uploads at once, and asks the next sender to come again', async () => {
    const s = await begin(await start({ limits: { uploadBytes: 60_000 } }));
    const slow = connect(http.port, '127.0.0.1');
    slow.write(
      `POST /v3/directline/conversations/${s.conversationId}/upload HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${s.token}\r\n` +
        'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 90000\r\n\r\n' +
        `--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n${'x'.repeat(50_000)}`,
    );
    await new Promise((r) => setTimeout(r, 200));
    const file = { name: 'b.png', type: 'image/png', bytes: new Uint8Array(20_000) };
    const refused = await upload(s, { type: 'message', text: '' }, [file]);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('2');
    slow.destroy();
    await new Promise((r) => setTimeout(r, 100));
    for (let i = 0; i < 4; i++)
      expect((await upload(s, { type: 'message', text: '' }, [file])).status).toBe(200);
  });

  it('answers nonsense with the right status and never falls', async () => {
    const s = await begin(await start());
    const path = `/conversations/${s.conversationId}`;
    const raw = (body: string | Uint8Array, type = 'application/json', to = `${path}/activities`) =>
      fetch(`${s.url}/v3/directline${to}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${s.token}`, 'Content-Type': type },
        body: Buffer.from(body),
      });
    expect((await raw('{"type":')).status).toBe(400);
    expect((await raw('[]')).status).toBe(400);
    expect((await raw('{"type":5}')).status).toBe(400);
    expect((await raw(JSON.stringify({ type: 'message', text: 'x'.repeat(1 << 20) }))).status).toBe(413);
    expect(
      (await raw(new Uint8Array(3000).fill(7), 'multipart/form-data; boundary=b', `${path}/upload`)).status,
    ).toBe(400);
    expect((await raw('x', 'multipart/form-data', `${path}/upload`)).status).toBe(400);
    const odd = [
      '\0\0',
      'a\u0301'.repeat(10_000),
      '\u202Exoay',
      '\u{E0041}',
      '\uD800',
      '<script>alert(1)</script>',
      '😀',
    ];
    for (const text of odd) expect((await say(s, text)).status).toBe(200);
    const frame = await read(s);
    expect(frame.activities).toHaveLength(2 * odd.length);
    expect(frame.activities[0]!.text).toBe('');
    expect(frame.activities[10]!.text).toBe('<script>alert(1)</script>');
    for (const path of [
      '/%',
      '/%00',
      '/v3/directline/attachments/..%2f..%2fetc',
      '/assets/../../package.json',
    ])
      expect((await fetch(s.url + path)).status).toBeGreaterThanOrEqual(400);
    expect((await fetch(`${s.url}/healthz`)).status).toBe(200);
    expect(house.lines.join('\n')).not.toContain('alert(1)');
  });

  it('bounds one sender with 429, but never the reading', async () => {
    const s = await begin(
      await start({
        limits: { messages: { points: 3, seconds: 60 }, conversations: { points: 2, seconds: 60 } },
      }),
    );
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await say(s, `tin ${i}`)).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const last = await say(s, 'nữa');
    expect(last.headers.get('retry-after')).toBe('10');
    expect(await last.json()).toMatchObject({
      error: { code: 'too-many', message: expect.stringContaining('10 giây') },
    });
    for (let i = 0; i < 60; i++) await read(s);
    expect((await call(s.url, 'POST', '/conversations', undefined, {})).status).toBe(201);
    expect((await call(s.url, 'POST', '/conversations', undefined, {})).status).toBe(429);
  });

  it('bounds the guessing of codes from one address, however many conversations it begins', async () => {
    const url = await start({ limits: { lookups: { points: 3, seconds: 60 } } });
    const ask = async (text: string) => (await say(await begin(url), text)).status;
    const asked = ['H78-HR7-K53', 'mã h78 hr7 k54 đâu rồi', 'H 7 8 H R 7 K 5 5', 'H78HR7K56', 'h78.hr7.k57'];
    const statuses = [];
    for (const text of asked) statuses.push(await ask(text));
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect(await ask('số 12 ngõ 5 phố Đội Cấn, gọi tôi 0912 345 678')).toBe(200);
  });

  it('counts a whole IPv6 network as one sender', () => {
    expect(senderOf('2405:4802:1:2:3:4:5:6')).toBe(senderOf('2405:4802:1:2::9'));
    expect(senderOf('2405:4802:1:2::9')).not.toBe(senderOf('2405:4802:1:3::9'));
    expect(senderOf('::ffff:203.0.113.9')).toBe('203.0.113.9');
    expect(senderOf('::1')).toBe(senderOf('::2'));
    expect(senderOf('203.0.113.9')).toBe('203.0.113.9');
  });

  it('when the store goes away: sending says 503, reading stays calm, and everything comes back', async () => {
    const s = await begin(await start());
    const line = await listen(s);
    await say(s, 'một');
    await line.until(2);
    house.away = true;
    const refused = await say(s, 'bí mật của tôi', { channelData: { clientActivityID: 'c2' } });
    expect(refused.status).toBe(503);
    expect(await read(s, '2')).toEqual({ activities: [], watermark: '2' });
    expect((await fetch(`${s.url}/readyz`)).status).toBe(503);
    expect(
      (await upload(s, { type: 'message' }, [{ name: 'a.png', type: 'image/png', bytes: await photo() }]))
        .status,
    ).toBe(503);
    house.away = false;
    expect((await say(s, 'bí mật của tôi', { channelData: { clientActivityID: 'c2' } })).status).toBe(200);
    await line.until(4);
    expect(line.heard.map((a) => a.id)).toEqual(['1', '2', '3', '4']);
    expect(house.lines.join('\n')).not.toContain('bí mật');
    line.socket.close();
  });

  it('a watermark from before the log was erased starts over', async () => {
    const s = await begin(await start());
    for (const text of ['một', 'hai', 'ba']) await say(s, text);
    await house.erase(s.conversationId);
    expect((await read(s, '6')).activities).toEqual([]);
    await say(s, 'lại từ đầu');
    expect((await read(s, '6')).activities.map((a) => a.text)).toEqual(['lại từ đầu', 'Đã nghe: lại từ đầu']);
  });
});
