// A conversation: who, what is being talked about, and the log of what was said to whom. The log is the web
// chat's activity list, every channel's outgoing queue, and the memory that makes a repeated message harmless.
// No position in a flow is stored: only answers; replay (flow/) finds the position.
import { z } from 'zod';
import { Choice, ConversationId, FileRef, Instant, Location } from '../message.ts';
import { FACETS } from '../nlu/heard.ts';

export const Delivery = z.strictObject({
  /** waiting: pull channels, until the citizen's page has fetched it. */
  state: z.enum(['pending', 'sending', 'sent', 'waiting', 'failed']),
  /** When `sending` or a postponed `pending` is due again. */
  until: Instant.optional(),
  tries: z.number().int().nonnegative(),
  /** The channel's message id(s), to edit or remove buttons. */
  ref: z.string().optional(),
  problem: z.string().optional(),
});
export type Delivery = z.infer<typeof Delivery>;

export const Entry = z.strictObject({
  /** Counts up from 1 and never repeats: the web chat's watermark. */
  n: z.number().int().positive(),
  at: Instant,
  from: z.enum(['citizen', 'bot', 'officer']),
  /** Of the inbound that said it, or that this answers. */
  key: z.string().optional(),
  /** Echoed clientActivityID. */
  client: z.string().optional(),
  /** Id of the wording, for talks and statistics; absent for people. */
  say: z.string().optional(),
  text: z.string(),
  choices: z.array(Choice).optional(),
  files: z.array(FileRef).optional(),
  location: Location.optional(),
  /** Appears in no list, export or log line; loses its text when the talk ends. */
  sensitive: z.boolean().optional(),
  /** The case entry this tells; a second one about the same is refused. */
  about: z.strictObject({ code: z.string(), entry: z.number().int() }).optional(),
  delivery: Delivery.optional(),
});
export type Entry = z.infer<typeof Entry>;

/** Answers by question id. Options and yes/no are ids (`co`, `khong`); files are counted, refs kept apart. */
export const Flow = z.strictObject({
  intent: z.string(),
  answers: z.record(z.string(), z.string()),
  /** What was typed for an answer, where it says more than the answer's id. */
  said: z.record(z.string(), z.string()).default({}),
  files: z.array(FileRef).default([]),
  location: Location.optional(),
  /** What was asked about a procedure; absent = the overview. A single one waits for `first` questions only. */
  facets: z.array(z.enum(FACETS)).optional(),
  /** ISO day on which it is to be handed in, when the question named one. */
  on: z.iso.date().optional(),
  /** The line being edited from the review. */
  editing: z.string().optional(),
  /** Chosen by a button under a safe card: its words are asked for anew, and it may be sent. */
  chosen: z.boolean().optional(),
  /** Begun in words after a secret, as another matter: it may be sent while nobody is named in it. */
  apart: z.boolean().optional(),
  /** Begun before a card with a secret and surely another matter: it waits, and is sent once that talk is over. */
  kept: z.boolean().optional(),
  /** When and by which message it was begun: its case has one code, however often "đúng" is said. */
  startedAt: Instant,
  key: z.string(),
});
export type Flow = z.infer<typeof Flow>;

/** What the last bot entry waits for, besides a flow's question. */
export const Expects = z.discriminatedUnion('kind', [
  /** "A hay B?": choice ids are intents. `text` is the sentence that was asked about. */
  // Not strict: talks stored by older code say more here, which nobody reads.
  z.object({ kind: z.literal('which-intent'), text: z.string() }),
  z.strictObject({ kind: z.literal('contrast'), contrast: z.string(), text: z.string() }),
  z.strictObject({ kind: z.literal('edit-what') }),
  z.strictObject({ kind: z.literal('solved'), code: z.string(), entry: z.number().int() }),
  z.strictObject({ kind: z.literal('answer-officer'), code: z.string(), entry: z.number().int() }),
  z.strictObject({ kind: z.literal('add'), code: z.string() }),
  /** "vẫn tràn đây này": is that case to be opened again, with these words? */
  z.strictObject({ kind: z.literal('reopen'), code: z.string(), text: z.string() }),
  z.object({ kind: z.literal('which-case') }),
  z.strictObject({ kind: z.literal('withdraw'), code: z.string() }),
  z.strictObject({ kind: z.literal('erase') }),
  z.strictObject({ kind: z.literal('officer'), text: z.string() }),
  z.strictObject({ kind: z.literal('offer'), text: z.string() }),
]);
export type Expects = z.infer<typeof Expects>;

export const Dialogue = z.strictObject({
  /** The procedure told last. */
  topic: z
    .strictObject({
      intent: z.string(),
      answers: z.record(z.string(), z.string()),
      /** What was told of it, in answer to which message. */
      facets: z.array(z.enum(FACETS)).optional(),
      key: z.string().optional(),
      /** A point of it that was asked about (intents/hoi-them.yml), the day it is to be handed in. */
      point: z.string().optional(),
      on: z.string().optional(),
    })
    .optional(),
  flow: Flow.optional(),
  /** Put aside by a question or another matter: reports come back by themselves, procedures when asked for. */
  paused: z.array(Flow).default([]),
  /** Cancelled last: "đừng hủy" brings it back. */
  dropped: Flow.optional(),
  /** Matters of one message still to be handled, as typed. */
  queued: z.array(z.string()).default([]),
  expects: Expects.optional(),
  /** Pictures sent before it was said what they show: taken into the next report. */
  files: z.array(FileRef).optional(),
  /** Messages in a row that were not understood, of whatever kind; the second brings the offer of a person. */
  strikes: z.number().int().nonnegative().default(0),
  /** How the citizen calls themselves, once they did: bác, cô, chú, ông, bà. */
  address: z.string().optional(),
  /** They said of themselves that they are no Vietnamese citizen. */
  foreigner: z.boolean().optional(),
  greeted: z.boolean().default(false),
  /** A safe card was shown: this talk's entries are sensitive until then. */
  sensitiveUntil: Instant.optional(),
  /** Only of a danger that keeps no secret (fire, violence, self-harm): what is reported besides is filed as ever. */
  danger: z.boolean().optional(),
});
export type Dialogue = z.infer<typeof Dialogue>;

export const Conversation = z.strictObject({
  id: ConversationId,
  version: z.number().int().nonnegative(),
  /** Earliest unfinished delivery, or the end of a sensitive talk; null = nothing to do. */
  wakeAt: Instant.nullable(),
  schemaVersion: z.literal(1),
  locale: z.enum(['vi', 'en']),
  state: Dialogue,
  /** Number of the next entry. */
  next: z.number().int().positive(),
  /** The last 100 entries and every unfinished delivery, of the last thousand. */
  log: z.array(Entry),
});
export type Conversation = z.infer<typeof Conversation>;
