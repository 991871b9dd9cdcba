// What the HTTP server needs from the house; wire.ts hands it in. Hides nothing; knows no store.
import type { WebChatHouse } from '../channels/webchat/house.ts';
import type { Result } from '../core/result.ts';

export interface ContactDetails {
  name: string;
  phone: string;
  address: string;
}

export interface HttpHouse extends WebChatHouse {
  /** Throws when the store cannot be reached. `ok`: this server can answer citizens. */
  ready(): Promise<{ ok: boolean; release?: { n: number; fingerprint: string }; problems: string[] }>;
  /** The one-time page behind a token: 'not-found', 'expired', or whose it is. */
  contact(token: string): Promise<Result<{ code: string; officialChannel: boolean }>>;
  saveContact(token: string, details: ContactDetails): Promise<Result<void>>;
  /** The webhook, when Telegram is told to call us. */
  telegram?: {
    path: string;
    /** What Telegram repeats in X-Telegram-Bot-Api-Secret-Token. */
    secret: string;
    /** Resolves when the update is durable; throws when it could not be kept. */
    receive(update: unknown): Promise<void>;
  };
  config: {
    host: string;
    /** 0 takes a free one. */
    port: number;
    publicUrl?: string;
    /** The city has designated this channel; until then the pages say that it is a trial. */
    officialChannel: boolean;
    /** Proxies in front: their number, or addresses; unset = none. */
    trustProxy?: boolean | number | string;
    /** Quiet days after which a conversation leaves the server; said on the privacy page. */
    keepDays?: number;
    /** Pages that may embed the chat, as CSP sources; unset = any. */
    embedOrigins?: string[];
  };
}
