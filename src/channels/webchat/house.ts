// What the web chat needs from the house; wire.ts hands it in. Hides nothing; knows no store and no use-case.
import type { Clock, FileMeta, Ids, Log } from '../../app/ports.ts';
import type { Conversation } from '../../core/dialogue/conversation.ts';
import type { ConversationId, FileRef, Inbound } from '../../core/message.ts';
import type { ProblemCode, Result } from '../../core/result.ts';

export interface Upload {
  name: string;
  bytes: Uint8Array;
  /** The conversation that sent it. */
  owner: string;
  at: number;
}

/** So many points in so many seconds. */
export interface Allowance {
  points: number;
  seconds: number;
}

export interface WebChatHouse {
  /** Resolves when durable ('known': it was already); throws when the store is away. */
  converse(inbound: Inbound): Promise<'saved' | 'known' | 'busy'>;
  readLog(id: ConversationId): Promise<Conversation | undefined>;
  /** The page has fetched the entries up to that number. */
  fetched(id: ConversationId, upTo: number): Promise<void>;
  /** A hint that the log grew, from whatever process; returns how to stop listening. */
  onChange(id: ConversationId, heard: () => void): () => void;
  keepFile(upload: Upload): Promise<Result<FileRef>>;
  openFile(id: string): Promise<{ meta: FileMeta; bytes: Uint8Array } | undefined>;
  /** Signs tokens; the same for all replicas. */
  secret: string;
  clock: Clock;
  ids: Ids;
  log: Log;
  limits?: {
    /** Messages of one conversation. */
    messages?: Allowance;
    /** Conversations begun from one address. */
    conversations?: Allowance;
    /** Uploads of one conversation. */
    uploads?: Allowance;
    /** Messages with a case code in them, from one address. */
    lookups?: Allowance;
    /** Bytes of uploads that all senders together may have under way. */
    uploadBytes?: number;
  };
}

/** Answers a request with a problem; http/ owns the statuses and the wording. */
export type Refuse = (
  req: import('express').Request,
  res: import('express').Response,
  code: ProblemCode,
) => void;
