// What most use-cases share, put together once by wire.ts.
import { createHash } from 'node:crypto';
import type { CaseCode } from '../core/cases/index.ts';
import type { Content } from '../core/content/index.ts';
import type { ConversationId } from '../core/message.ts';
import type { Reader } from '../core/nlu/index.ts';
import type { Channel, Clock, Log, Store } from './ports.ts';

/** The release every turn of this moment runs on: two immutable halves under one number. */
export interface Live {
  n: number;
  fingerprint: string;
  content: Content;
  reader: Reader;
}

export interface Parts {
  store: Store;
  clock: Clock;
  log: Log;
  live: () => Live;
  /** Secret of the case codes. */
  codeSecret: string;
  official: boolean;
  /** The one-time page of a case, as this conversation can open it; undefined where it could not. */
  contactLink?: (code: CaseCode, conversation: ConversationId) => string | undefined;
  /** undefined = this process does not serve that channel: what is to be sent there is another's to send. */
  channelOf: (id: ConversationId) => Channel | undefined;
  /** The log of a conversation grew, or a case changed: look at once instead of within a second. */
  hint: (what: { conversation?: ConversationId; case?: string }) => void;
}

/** A conversation in a log line: the same one is the same, but it names nobody. */
export const nameless = (id: ConversationId): string =>
  `${id.slice(0, id.indexOf(':'))}:${createHash('sha256').update(id).digest('hex').slice(0, 10)}`;

/** Part of a conversation id after the channel. */
export const addressOf = (id: ConversationId): string => id.slice(id.indexOf(':') + 1);
