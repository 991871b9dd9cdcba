// Front door of the Telegram channel. Hides grammY; must not know stores or dialogue.
import type { Channel, Clock, FileMeta, Log } from '../../app/ports.ts';
import type { Wording } from '../../core/content/index.ts';
import type { FileRef, Inbound } from '../../core/message.ts';
import type { Result } from '../../core/result.ts';

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
  start(): Promise<void>;
  stop(): Promise<void>;
  webhook?: { path: string; secret: string; receive(update: unknown): Promise<void> };
}

export async function openTelegram(_: TelegramHouse): Promise<Telegram> {
  throw new Error('not there yet');
}
