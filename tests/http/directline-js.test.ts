// Microsoft's DirectLineJS 0.15.8, unmodified, against our server over real sockets: a talk, a press, an upload,
// polling, a return at a watermark, and a restart of the server in mid-talk.
import type { Activity, DirectLine as DirectLineType, Message } from 'botframework-directlinejs';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HttpServer, startHttp } from '../../src/http/server.ts';
import type { Place } from '../contracts/worlds.ts';
import { type EchoHouse, echoHouse } from './echo-house.ts';
import { lasting } from './stores.ts';
import { XmlHttpRequest } from './xml-http-request.ts';

let DirectLine: typeof DirectLineType;
beforeAll(async () => {
  Object.assign(globalThis, { XMLHttpRequest: XmlHttpRequest });
  ({ DirectLine } = await import('botframework-directlinejs'));
});

const ONLINE = 2;

describe.each(lasting)('DirectLineJS on $name', (world) => {
  let place: Place;
  let house: EchoHouse;
  let http: HttpServer;
  const clients: DirectLineType[] = [];

  const serve = async (port = 0) => {
    house = echoHouse(await place.open({ now: () => Date.now() }));
    house.config = { ...house.config, port };
    http = await startHttp(house);
  };
  const client = (options: object) => {
    const made = new DirectLine({ domain: `${http.url}/v3/directline`, timeout: 2_000, ...options });
    clients.push(made);
    const heard: Activity[] = [];
    made.activity$.subscribe(
      (a) => heard.push(a),
      () => undefined,
    );
    return { made, heard };
  };
  const texts = (heard: Activity[]) => heard.map((a) => (a as Message).text);
  const post = (made: DirectLineType, activity: object) =>
    new Promise<string>((resolve, reject) =>
      made.postActivity({ from: { id: 'me' }, ...activity } as Activity).subscribe(resolve, reject),
    );
  const say = (made: DirectLineType, text: string, client: string) =>
    post(made, { type: 'message', text, channelData: { clientActivityID: client } });
  const generate = async () => {
    const made = await fetch(`${http.url}/v3/directline/tokens/generate`, { method: 'POST' });
    return (await made.json()) as { token: string; conversationId: string };
  };

  beforeEach(async () => {
    place = await world.fresh();
    await serve();
  });
  afterEach(async () => {
    for (const c of clients.splice(0)) c.end();
    await http.close();
    await place.end();
  });

  it('talks, presses a button and echoes the client id', async () => {
    const { token } = await generate();
    const { made, heard } = client({ token });
    await post(made, { type: 'event', name: 'open' });
    const id = await say(made, 'chọn', 'c1');
    await expect.poll(() => heard.length).toBe(3);
    const [greeting, echo, asked] = heard as Message[];
    expect(greeting!.text).toContain('Xin chào');
    expect(echo).toMatchObject({ id, channelData: { clientActivityID: 'c1' }, from: { role: 'user' } });
    const [, atHome] = asked!.suggestedActions!.actions;
    await post(made, { type: 'message', value: (atHome as { value: unknown }).value });
    await expect.poll(() => texts(heard).at(-1)).toBe('Đã chọn a:noi-sinh:tai-nha của 4');
    expect(made.connectionStatus$.getValue()).toBe(ONLINE);
  });

  it('uploads a picture with a Vietnamese name', async () => {
    const { token } = await generate();
    const { made, heard } = client({ token });
    const picture = await sharp({ create: { width: 20, height: 20, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const contentUrl = `data:image/png;base64,${picture.toString('base64')}`;
    await post(made, {
      type: 'message',
      text: 'đây ạ',
      channelData: { clientActivityID: 'u1' },
      attachments: [{ contentType: 'image/png', contentUrl, name: 'giấy tờ.png' }],
    });
    await expect.poll(() => heard.length).toBe(2);
    const [echo] = heard as Message[];
    expect(echo!.attachments).toMatchObject([{ name: 'giấy tờ.png', contentType: 'image/png' }]);
    const link = (echo!.attachments![0] as { contentUrl: string }).contentUrl;
    expect((await fetch(link)).status).toBe(200);
  });

  it('polls where sockets are barred, calmly through a store that goes away', async () => {
    const { token } = await generate();
    const { made, heard } = client({ token, webSocket: false, pollingInterval: 200 });
    await say(made, 'một', 'c1');
    await expect.poll(() => heard.length).toBe(2);
    house.away = true;
    expect(await say(made, 'hai', 'c2')).toBe('retry');
    await new Promise((r) => setTimeout(r, 700));
    house.away = false;
    await say(made, 'hai', 'c2');
    await expect.poll(() => texts(heard)).toEqual(['một', 'Đã nghe: một', 'hai', 'Đã nghe: hai']);
  });

  it('returns at its watermark after the page was reloaded', async () => {
    const { token, conversationId } = await generate();
    const first = client({ token });
    await say(first.made, 'một', 'c1');
    await expect.poll(() => first.heard.length).toBe(2);
    first.made.end();
    await house.officerSays(conversationId as never, 'trả lời khi vắng mặt');
    const again = client({ token, conversationId, watermark: '2' });
    await expect.poll(() => texts(again.heard), { timeout: 4_000 }).toEqual(['trả lời khi vắng mặt']);
  });

  it('goes on over a restart of the server, nothing lost and nothing twice', {
    timeout: 60_000,
  }, async () => {
    const { token, conversationId } = await generate();
    const { made, heard } = client({ token });
    await say(made, 'trước', 'c1');
    await expect.poll(() => heard.length).toBe(2);
    const { port } = http;
    await http.close();
    await new Promise((r) => setTimeout(r, 500));
    await serve(port);
    await house.officerSays(conversationId as never, 'cán bộ trả lời');
    expect(await say(made, 'sau', 'c2')).toBe('4');
    await expect
      .poll(() => texts(heard), { timeout: 40_000 })
      .toEqual(['trước', 'Đã nghe: trước', 'cán bộ trả lời', 'sau', 'Đã nghe: sau']);
  });
});
