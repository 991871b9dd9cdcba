// A case is its timeline; nothing else is stored. Status, clocks and lists are folded from it (fold.ts).
// Shapes only: what may follow what is transition.ts.
import { z } from 'zod';
import { ConversationId, FileRef, Instant, Location } from '../message.ts';

/** Printed form: three groups of three, `H78-HR7-K53`. Alphabet and check symbol: case-code.ts. */
export const CaseCode = z.string().regex(/^[0-9AHKMQRTXY]{3}-[0-9AHKMQRTXY]{3}-[0-9AHKMQRTXY]{3}$/);
export type CaseCode = z.infer<typeof CaseCode>;

export const Actor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('citizen'), conversation: ConversationId }),
  z.strictObject({ kind: z.literal('officer'), id: z.string(), agency: z.string() }),
  z.strictObject({ kind: z.literal('system') }),
]);
export type Actor = z.infer<typeof Actor>;

const base = {
  at: Instant,
  by: Actor,
  /** The message or command that caused it; a second entry with the same key is refused. */
  key: z.string().min(1).max(200),
  /** Pushed to followers and shown to the opener. */
  public: z.boolean(),
};
/** Of one entry. */
export const MAX_WORDS = 20_000;
export const MAX_FILES = 20;
const words = z.string().max(MAX_WORDS);
const files = z.array(FileRef).max(MAX_FILES).default([]);

export const TimelineEntry = z.discriminatedUnion('kind', [
  z.strictObject({
    ...base,
    kind: z.literal('opened'),
    topic: z.string(),
    /** Answers of the flow as said, ids of options where there were options. */
    answers: z.record(z.string(), z.string()),
    text: words,
    files,
    location: Location.optional(),
    ward: z.string().optional(),
    /** Unit complained about (agency id), never the owner. */
    against: z.string().optional(),
    /** 'ticket': wants a person, no topic of report. */
    as: z.enum(['report', 'ticket', 'question']).default('report'),
    release: z.number().int(),
  }),
  z.strictObject({ ...base, kind: z.literal('routed'), to: z.string(), rule: z.string() }),
  z.strictObject({
    ...base,
    kind: z.literal('promised'),
    /** The date said to the citizen. Never recomputed; a later promise is another entry. */
    due: Instant,
    deadline: z.string(),
    law: z.string().optional(),
    calendar: z.string(),
  }),
  z.strictObject({ ...base, kind: z.literal('taken') }),
  z.strictObject({ ...base, kind: z.literal('asked'), text: words, signature: z.string() }),
  z.strictObject({
    ...base,
    kind: z.literal('added'),
    text: words,
    files,
    answers: z.number().int().optional(),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('replied'),
    text: words,
    files,
    signature: z.string(),
    /** Until then the officer may call it back and nobody is told. */
    holdUntil: Instant,
  }),
  z.strictObject({ ...base, kind: z.literal('recalled'), entry: z.number().int() }),
  z.strictObject({
    ...base,
    kind: z.literal('transferred'),
    from: z.string(),
    to: z.string(),
    reason: words,
  }),
  z.strictObject({ ...base, kind: z.literal('overdue'), promise: z.number().int() }),
  z.strictObject({ ...base, kind: z.literal('confirmed'), entry: z.number().int() }),
  z.strictObject({ ...base, kind: z.literal('reopened'), text: words }),
  z.strictObject({ ...base, kind: z.literal('withdrawn'), text: words }),
  /** The opener erased the conversation: from here on there is nobody to tell. */
  z.strictObject({ ...base, kind: z.literal('left'), follower: ConversationId }),
  /** A follower was told of `entry`; `failed` when the delivery is final and did not arrive. */
  z.strictObject({
    ...base,
    kind: z.literal('told'),
    entry: z.number().int(),
    follower: ConversationId,
    failed: z.string().optional(),
  }),
]);
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const Case = z.strictObject({
  id: CaseCode,
  version: z.number().int().nonnegative(),
  wakeAt: Instant.nullable(),
  schemaVersion: z.literal(1),
  /** An entry's number is its index; append only. */
  timeline: z.array(TimelineEntry).min(1),
});
export type Case = z.infer<typeof Case>;

/** Stored keys, derived by keysOf (fold.ts) in the same save; lists use them, decisions never do. */
export interface CaseKeys {
  agency: string;
  status: CaseStatus;
  /** The opener, also when they have left: their files are still in use. */
  follower: string;
  /** The promised date while an answer is owed (again, once reopened: clocks never reset), or null. */
  due: number | null;
  openedAt: number;
  /** Folded words of the texts, for search. */
  words: string[];
  /** Deliveries that failed for good. */
  failed: boolean;
  /** A ticket or a question: wants a person, and may have no date at all. */
  ticket: boolean;
}

/**
 * waiting: nobody took it · taken · asked: waits for the citizen · answered: replied, not yet confirmed ·
 * resolved: the citizen said so · reopened · withdrawn. Answered and resolved are two facts.
 */
export const CASE_STATUSES = [
  'waiting',
  'taken',
  'asked',
  'answered',
  'resolved',
  'reopened',
  'withdrawn',
] as const;
export type CaseStatus = (typeof CASE_STATUSES)[number];

export interface CaseQuery {
  agency?: string;
  status?: CaseStatus[];
  follower?: string;
  dueBefore?: number;
  /** All of these folded words. */
  words?: string[];
  failed?: boolean;
  ticket?: boolean;
  limit?: number;
}

/** A citizen's identity, apart from the words of the case; optional, given on a one-time page only. */
export const Contact = z.strictObject({
  id: CaseCode,
  version: z.number().int().nonnegative(),
  wakeAt: Instant.nullable(),
  schemaVersion: z.literal(1),
  name: z.string().max(200),
  phone: z.string().max(30),
  address: z.string().max(500),
});
export type Contact = z.infer<typeof Contact>;
