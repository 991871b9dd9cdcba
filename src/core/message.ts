// What comes in and what goes out, on any channel. Hides nothing; knows no channel, no store and no wording.
import { z } from 'zod';

/** Milliseconds since 1970 UTC. Core never reads a clock: every function that needs one gets `now`. */
export const Instant = z.number().int();
export type Instant = z.infer<typeof Instant>;

/** `telegram:123`, `web:<32 hex>`, `terminal:<name>`. */
export const ConversationId = z.string().regex(/^(telegram|web|terminal):[A-Za-z0-9_-]{1,64}$/);
export type ConversationId = z.infer<typeof ConversationId>;

/** A file the citizen or an officer attached; the bytes are in Files under `id`. */
export const FileRef = z.strictObject({
  id: z.string().min(1).max(128),
  name: z.string().max(200),
  type: z.enum(['image/jpeg', 'image/png', 'image/webp', 'application/pdf']),
  size: z.number().int().nonnegative(),
});
export type FileRef = z.infer<typeof FileRef>;

/** No file is larger, on whichever channel it comes; the wordings name it too. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

export const Location = z.strictObject({
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
});
export type Location = z.infer<typeof Location>;

/** A button: `id` is what a press sends back, `label` is what is shown (and may be typed instead). */
export const Choice = z.strictObject({
  id: z.string().min(1).max(48),
  label: z.string().min(1).max(120),
  /** Opens a page instead of sending `id` (the one-time contact page). */
  url: z.string().max(500).optional(),
});
export type Choice = z.infer<typeof Choice>;

/**
 * One message from a citizen, already checked by its channel edge.
 * `key` makes a redelivery harmless: the same message has the same key for ever.
 */
export interface Inbound {
  conversation: ConversationId;
  key: string;
  at: Instant;
  /** What was typed, or the caption of a photo. '' when there is none. */
  text: string;
  /** The id of a pressed button. */
  choice?: string;
  /** The log number of the entry whose button was pressed; an older one is a stale button. */
  choiceOf?: number;
  files?: FileRef[];
  location?: Location;
  /** Set when this replaces an earlier message of theirs: that message's key. */
  edits?: string;
  /** The channel's own id, echoed back (clientActivityID of Direct Line). */
  client?: string;
  /** A thing the channel could not take: a voice note, a sticker, a file refused. */
  refused?: 'voice' | 'sticker' | 'file-type' | 'file-size' | 'picture-size' | 'other';
  /** BCP 47 tag the channel reports, for the very first turn. */
  language?: string;
  /** `/start` or the opening of the web page: greet if nothing was said yet. */
  opening?: boolean;
}

/** A public step of a case that a follower has not been told yet. */
export interface Notice {
  conversation: ConversationId;
  at: Instant;
  about: { code: string; entry: number };
}

/** A sentence to be said: the id of a wording and the values of its slots. Rendered by content/render. */
export interface Say {
  id: string;
  slots?: Record<string, string | number>;
}

/** What one turn answers, rendered: paragraphs of plain text, parted by blank lines; and buttons. */
export interface Reply {
  text: string;
  choices?: Choice[];
  files?: FileRef[];
}
