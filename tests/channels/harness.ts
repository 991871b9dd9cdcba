// The product's own use-cases and a real store joined to a Telegram channel, as wire.ts joins them, with a fake
// Telegram at the far end. What a test may turn: the clock, the store's presence, the process's life.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { actOnCase, type OfficerSeat, seatOf } from '../../src/app/act-on-case.ts';
import { converse } from '../../src/app/converse.ts';
import { keepFile } from '../../src/app/keep-file.ts';
import type { Parts } from '../../src/app/parts.ts';
import type { Channel, Store } from '../../src/app/ports.ts';
import { send } from '../../src/app/send.ts';
import { settleCase } from '../../src/app/settle-case.ts';
import { wake } from '../../src/app/wake.ts';
import { openTelegram, type Telegram, type TelegramHouse } from '../../src/channels/telegram/index.ts';
import { openFiles } from '../../src/cli/open-files.ts';
import { keysOf } from '../../src/core/cases/index.ts';
import type { Conversation } from '../../src/core/dialogue/conversation.ts';
import { webhook } from '../../src/http/webhook.ts';
import { openSqlite } from '../../src/store/sqlite/index.ts';
import type { FakeTelegram } from './fake-telegram/server.ts';

const { content, reader } = await openFiles();

export interface Line {
  level: 'info' | 'warn' | 'error';
  what: object;
  message: string;
}

export interface Product {
  store: Store;
  channel: Channel;
  lines: Line[];
  act: ReturnType<typeof actOnCase>;
  seat(who: string): OfficerSeat;
  /** Moves the clock forward and lets what is due happen. */
  later(ms: number): Promise<void>;
  conversation(chat: number): Promise<Conversation | undefined>;
  /** Drains, as SIGTERM does. */
  stop(): Promise<void>;
}

export interface Options {
  store?: Store;
  webhook?: boolean;
  /** Stands between channel and house. */
  between?: (house: TelegramHouse) => TelegramHouse;
}

export const clock = { ahead: 0, now: () => Date.now() + clock.ahead };

export const openMemory = (path = ':memory:'): Promise<Store> => openSqlite({ path, clock, keysOf });

/** A running product; `stop` leaves a store that was given open. */
export async function product(tg: FakeTelegram, options: Options = {}): Promise<Product> {
  const store = options.store ?? (await openMemory());
  const lines: Line[] = [];
  const note = (level: Line['level']) => (what: object, message: string) =>
    void lines.push({ level, what, message });
  const log = { info: note('info'), warn: note('warn'), error: note('error') };
  const app = express();
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  let telegram: Telegram | undefined;
  const parts: Parts = {
    store,
    clock,
    log,
    live: () => ({ n: 1, fingerprint: 'test', content, reader }),
    codeSecret: 'test',
    official: false,
    contactLink: (code) => `${base}/lien-he/${code}`,
    channelOf: () => telegram!.channel,
    hint: (what) => heart.hint(what),
  };
  const say = converse(parts);
  const settle = settleCase(parts, say);
  const heart = wake(parts, send(parts, settle), settle, 100);
  const house: TelegramHouse = {
    token: tg.token,
    apiRoot: tg.apiRoot,
    ...(options.webhook && { publicUrl: base }),
    secret: 'b'.repeat(64),
    converse: say,
    keepFile: (upload) => keepFile(store.files, upload),
    openFile: (id) => store.files.open(id),
    wording: () => content.wording,
    clock,
    log,
  };
  telegram = await openTelegram(options.between?.(house) ?? house);
  if (telegram.webhook) app.use(webhook(telegram.webhook, log));
  heart.start();
  await telegram.start();

  return {
    store,
    channel: telegram.channel,
    lines,
    act: actOnCase(parts),
    seat: (who) => seatOf(content, who)!,
    later: async (ms) => {
      clock.ahead += ms;
      await heart.once();
    },
    conversation: (chat) => store.conversations.load(`telegram:${chat}`),
    stop: async () => {
      await telegram?.stop();
      await heart.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (!options.store) await store.close();
    },
  };
}

/** A store that can go away: while it is, every call fails as a broken connection does. */
export function flakyStore(real: Store): { store: Store; away: boolean; refused: number } {
  const handle = { store: real, away: false, refused: 0 };
  const guard = <T extends object>(part: T): T =>
    new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value === 'object' && value !== null) return guard(value);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (!handle.away || name === 'close') return Reflect.apply(value, target, args);
          handle.refused++;
          return Promise.reject(new Error('connect ECONNREFUSED'));
        };
      },
    });
  handle.store = guard(real);
  return handle;
}
