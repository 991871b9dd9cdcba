// A Bot API server that is not Telegram: real HTTP on loopback, so that the product's own client, polling, webhook and
// files run unchanged. Not modelled: topics, albums, MarkdownV2, inline mode, payments, the global 30 a second.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Citizen, citizen } from './citizen.ts';
import { Deliveries } from './deliver.ts';
import { readCall } from './form.ts';
import { act, type Fake, Refused } from './methods.ts';
import { type Fault, World } from './world.ts';

export interface FakeTelegram extends Fake {
  token: string;
  apiRoot: string;
  user(id: number, more?: { language?: string; name?: string }): Citizen;
  /** A group the bot is in. */
  group(id: number): Citizen;
  /** The next calls of a method fail so. */
  failNext(method: string, ...faults: Fault[]): void;
  /** Calls of a method so far. */
  callsOf(method: string): Record<string, unknown>[];
  /** The update once more, whether confirmed or not. */
  redeliver(update: { id: number; chat: number; body: unknown }): void;
  /** Everything ever queued, as delivered. */
  sent: { id: number; chat: number; body: unknown }[];
  /** Resolves when every update is confirmed. */
  drained(withinMs?: number): Promise<void>;
  close(): Promise<void>;
}

export async function fakeTelegram(
  options: { token?: string; port?: number; callbackMs?: number } = {},
): Promise<FakeTelegram> {
  const token = options.token ?? '123456:AAfakefakefake_fakefakefakefake-fake';
  const world = new World();
  const deliveries = new Deliveries();
  const sent: FakeTelegram['sent'] = [];
  const enqueue = deliveries.enqueue.bind(deliveries);
  deliveries.enqueue = (q) => {
    sent.push(q);
    enqueue(q);
  };
  const fake: Fake = { world, deliveries, callbackMs: options.callbackMs ?? 15_000 };

  const server = createServer((req, res) => {
    answer(req, res).catch(() => {
      if (!res.headersSent)
        json(res, 500, { ok: false, error_code: 500, description: 'Internal Server Error' });
    });
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = new URL(req.url ?? '/', 'http://fake').pathname;
    const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(path);
    const method = /^\/bot([^/]+)\/(\w+)$/.exec(path);
    if ((file ?? method)?.[1] !== token)
      return json(res, 401, { ok: false, error_code: 401, description: 'Unauthorized' });
    const call = file ? { fields: {}, uploads: new Map() } : await readCall(req);
    const name = file ? 'download' : method![2]!;
    const noted: World['calls'][number] = { method: name, payload: call.fields, at: Date.now() };
    world.calls.push(noted);
    world.onCall?.(name);
    const fault = world.faults.get(name)?.shift();
    if (fault === 'drop') return void req.socket.destroy();
    if (fault && fault !== 'drop-after' && fault !== 'pass')
      return json(res, fault.error_code, { ok: false, ...fault });
    if (file) {
      const kept = [...world.files.values()].find((f) => f.path === decodeURIComponent(file[2]!));
      if (!kept) return json(res, 404, { ok: false, error_code: 404, description: 'Not Found' });
      res.writeHead(200, { 'Content-Type': 'application/octet-stream' });
      return void res.end(kept.bytes);
    }
    const gone = new AbortController();
    res.on('close', () => gone.abort());
    try {
      const result = await act(fake, name, call, gone.signal);
      noted.ok = true;
      if (fault === 'drop-after') return void req.socket.destroy();
      json(res, 200, { ok: true, result });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      noted.ok = false;
      json(res, error.refusal.error_code, { ok: false, ...error.refusal });
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    ...fake,
    token,
    apiRoot: `http://127.0.0.1:${port}`,
    sent,
    user(id, more = {}) {
      return citizen(fake, Object.assign(world.chat(id), more));
    },
    group: (id) => citizen(fake, world.chat(-Math.abs(id))),
    failNext(method, ...faults) {
      world.faults.set(method, [...(world.faults.get(method) ?? []), ...faults]);
    },
    callsOf: (method) => world.calls.filter((c) => c.method === method).map((c) => c.payload),
    redeliver: (u) => enqueue({ ...u, again: true }),
    async drained(withinMs = 8000) {
      const end = Date.now() + withinMs;
      while (deliveries.queue.length > 0) {
        if (Date.now() > end) throw new Error(`${deliveries.queue.length} updates are still not confirmed`);
        await new Promise((r) => setTimeout(r, 20));
      }
    },
    close: async () => {
      deliveries.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function json(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify(body));
}
