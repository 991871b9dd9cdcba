// What the use-cases need from the world. Two stores implement the first half (tests/contracts judges both),
// three channels the second.
import type { Case, CaseQuery, Contact } from '../core/cases/case.ts';
import type { Conversation } from '../core/dialogue/conversation.ts';
import type { Instant, Reply } from '../core/message.ts';
import type { ProblemCode } from '../core/result.ts';

export interface Documents<T extends { id: string; version: number; wakeAt: Instant | null }> {
  load(id: string): Promise<T | undefined>;
  /**
   * Replaces whole iff the stored version === doc.version (0 = absent); stores version + 1 and the derived
   * keys. Resolves when durable. false = someone was first: load and decide again.
   */
  save(doc: T): Promise<boolean>;
  /** Ids with wakeAt <= now, earliest first. */
  due(now: Instant, limit: number): Promise<string[]>;
  remove(id: string): Promise<void>;
}

export interface Conversations extends Documents<Conversation> {
  /** Ids saved at or after `at` (by the saver's clock; callers overlap by 10 s). */
  changedSince(at: Instant): Promise<string[]>;
  /** Ids not saved since `at`: the retention sweep. */
  unchangedSince(at: Instant, limit: number): Promise<string[]>;
}

export interface Cases extends Documents<Case> {
  /** Sorted by due (null last), then opened. `limit` 100 unless told. */
  find(q: CaseQuery): Promise<Case[]>;
  all(): AsyncIterable<Case>;
  /** Ids not saved since `at`: the retention sweep. */
  unchangedSince(at: Instant, limit: number): Promise<string[]>;
}

export interface Release {
  n: number;
  at: Instant;
  by: string;
  note: string;
  /** SHA-256 over sources and model, hex. */
  fingerprint: string;
  schemaVersion: 1;
  /** 'files' = released from intents/ and locales/; 'studio' = from the browser. */
  origin: 'files' | 'studio' | 'fact-off';
  /** Ids in Files; addressed by content. */
  sources: string;
  model: string;
  report: unknown;
}

export interface Releases {
  /** Gives the next number; resolves when durable. */
  add(r: Omit<Release, 'n'>): Promise<Release>;
  load(n: number): Promise<Release | undefined>;
  /** Newest first. */
  list(limit: number): Promise<Release[]>;
  live(): Promise<number | undefined>;
  /** What was live before, oldest first; the live one stands last. Empty while none is live. */
  trail(): Promise<number[]>;
  /**
   * Compare-and-set of the pointer. false = live was not `instead`. A release that is on the trail ends it there:
   * what came after was taken back.
   */
  makeLive(n: number, instead: number | undefined): Promise<boolean>;
}

export interface FileMeta {
  id: string;
  name: string;
  type: string;
  size: number;
  at: Instant;
  /** Conversation that sent it, `officer:<id>:<code>` of a reply, or 'release'. */
  owner: string;
}

export interface Files {
  /** Durable when resolved. Of the same id again only `at` is kept, when it is later. */
  put(meta: FileMeta, bytes: Uint8Array): Promise<void>;
  open(id: string): Promise<{ meta: FileMeta; bytes: Uint8Array } | undefined>;
  remove(id: string): Promise<void>;
  /** Metas put before `at`, oldest first, those up to and with `after` left out: the orphan sweep. */
  before(at: Instant, after?: { at: Instant; id: string }): AsyncIterable<FileMeta>;
}

export interface Store {
  conversations: Conversations;
  cases: Cases;
  contacts: Documents<Contact>;
  releases: Releases;
  files: Files;
  /** A secret of that name: 32 random bytes made by the first who asks, hex; the same for all replicas for ever. */
  secret(name: string): Promise<string>;
  /** Throws when the store cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type Sent = { ref: string } | { retryAt: Instant } | { failed: ProblemCode };

export interface Channel {
  /** Web chat: the log is the delivery, the citizen's page fetches it. */
  pull: boolean;
  /** `address` is the part of the conversation id after the colon. Never throws for expected failures. */
  send(address: string, reply: Reply & { n: number }): Promise<Sent>;
}

export interface Clock {
  now(): Instant;
}
/** 128 random bits, hex. Seeded in rehearsals. */
export type Ids = () => string;

/** One structured line. Never a citizen's words. */
export interface Log {
  info(what: object, message: string): void;
  warn(what: object, message: string): void;
  error(what: object, message: string): void;
}
