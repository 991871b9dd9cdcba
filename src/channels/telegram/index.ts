// Front door of the Telegram channel. Hides grammY; must not know stores or dialogue.
import { createHash } from 'node:crypto';
import type { Channel, Clock, FileMeta, Log } from '../../app/ports.ts';
import type { Wording } from '../../core/content/index.ts';
import { inOrder } from '../../core/in-order.ts';
import type { FileRef, Inbound } from '../../core/message.ts';
import type { Result } from '../../core/result.ts';
import { type BotApi, failureOf, nameOf, openApi, openPollApi } from './bot-api.ts';
import { pause, pollUpdates } from './poll-updates.ts';
import { chatOf, KINDS } from './read-update.ts';
import { sendReply } from './send-reply.ts';
import { takeUpdate } from './take-update.ts';

export interface TelegramHouse {
  token: string;
  apiRoot: string;
  /** Set: webhook; unset: long polling. */
  publicUrl?: string;
  /** What Telegram repeats in X-Telegram-Bot-Api-Secret-Token. */
  secret: string;
  /** Resolves when durable; throws when the store is away. */
  converse(m: Inbound): Promise<'saved' | 'known' | 'busy'>;
  keepFile(upload: { name: string; bytes: Uint8Array; owner: string; at: number }): Promise<Result<FileRef>>;
  openFile(id: string): Promise<{ meta: FileMeta; bytes: Uint8Array } | undefined>;
  wording(): Record<'vi' | 'en', Wording>;
  clock: Clock;
  log: Log;
}

export interface Telegram {
  channel: Channel;
  /** Never waits for Telegram: what cannot be set up now is tried again until it can. */
  start(): Promise<void>;
  /** Takes no more, finishes what runs, confirms what is done. */
  stop(): Promise<void>;
  webhook?: { path: string; secret: string; receive(update: unknown): Promise<void> };
}

/** The channel, not started. Touches no network. */
export async function openTelegram(house: TelegramHouse): Promise<Telegram> {
  const api = openApi(house.token, house.apiRoot);
  const take = takeUpdate(house, api);
  const channel: Channel = { pull: false, send: sendReply(house, api) };
  return house.publicUrl
    ? byWebhook(house, house.publicUrl, api, take, channel)
    : byPolling(house, api, take, channel);
}

function byPolling(
  house: TelegramHouse,
  api: BotApi,
  take: (update: unknown) => Promise<void>,
  channel: Channel,
): Telegram {
  const pollApi = openPollApi(house.token, house.apiRoot);
  const halt = new AbortController();
  const poller = pollUpdates({
    getUpdates: (asked, signal) =>
      pollApi.getUpdates({ ...asked, allowed_updates: [...KINDS] }, signal as never),
    take,
    log: house.log,
  });
  let settingUp: Promise<void> = Promise.resolve();
  return {
    channel,
    start: async () => {
      settingUp = insist(house, halt.signal, 'deleteWebhook', () => api.deleteWebhook()).then(() => {
        if (halt.signal.aborted) return;
        poller.start();
        return menu(house, api);
      });
    },
    stop: async () => {
      halt.abort();
      await Promise.race([settingUp, pause(1000)]);
      await poller.stop();
    },
  };
}

function byWebhook(
  house: TelegramHouse,
  publicUrl: string,
  api: BotApi,
  take: (update: unknown) => Promise<void>,
  channel: Channel,
): Telegram {
  // Not to be guessed, the same on every replica, and without a trace of the token.
  const path = `/telegram/${createHash('sha256').update(`path:${house.secret}`).digest('hex').slice(0, 32)}`;
  const order = inOrder();
  const halt = new AbortController();
  let settingUp: Promise<void> = Promise.resolve();
  return {
    channel,
    start: async () => {
      settingUp = insist(house, halt.signal, 'setWebhook', () =>
        api.setWebhook(`${publicUrl}${path}`, {
          secret_token: house.secret,
          max_connections: 40,
          allowed_updates: [...KINDS],
        }),
      ).then(() => (halt.signal.aborted ? undefined : menu(house, api)));
    },
    stop: async () => {
      halt.abort();
      await Promise.race([Promise.all([settingUp, order.idle()]), pause(7_000)]);
    },
    webhook: {
      path,
      secret: house.secret,
      receive: async (update) => {
        if (halt.signal.aborted) throw new Error('stopping');
        await order(chatOf(update), () => take(update));
      },
    },
  };
}

/** Until it is done or we are told to stop. */
async function insist(
  house: TelegramHouse,
  signal: AbortSignal,
  what: string,
  call: () => Promise<unknown>,
): Promise<void> {
  for (let wait = 1000; !signal.aborted; wait = Math.min(wait * 2, 30_000)) {
    try {
      await call();
      return;
    } catch (error) {
      const failure = failureOf(error);
      house.log.error({ what, failure: nameOf(failure), waitMs: wait }, 'Telegram could not be set up yet');
    }
    await pause(wait, signal);
  }
}

/** As they stand in locales under `telegram.lenh`. */
const COMMANDS = ['start', 'trogiup', 'huy', 'gapcanbo', 'riengtu', 'xoa', 'english'];

async function menu(house: TelegramHouse, api: BotApi): Promise<void> {
  const words = house.wording();
  const commands = (locale: 'vi' | 'en') =>
    COMMANDS.flatMap((command) => {
      const description = words[locale][`telegram.lenh.${command}`];
      return description ? [{ command, description: description.slice(0, 256) }] : [];
    });
  try {
    if (commands('vi').length > 0) await api.setMyCommands(commands('vi'));
    if (commands('en').length > 0) await api.setMyCommands(commands('en'), { language_code: 'en' });
  } catch (error) {
    house.log.warn({ failure: nameOf(failureOf(error)) }, 'command menu not set');
  }
}
