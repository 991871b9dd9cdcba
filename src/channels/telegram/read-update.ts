// What a Telegram update says, in the house's words. Pure: no network, no store. An update that does not fit its
// schema is malformed and says nothing.
import { z } from 'zod';
import { type Inbound, type Instant, Location } from '../../core/message.ts';
import { pressedOf } from './buttons.ts';

const Chat = z.object({ id: z.number().int(), type: z.string() });
const From = z.object({ language_code: z.string().max(35).optional() });
const Place = z.object({ latitude: z.number(), longitude: z.number(), live_period: z.number().optional() });
const Stored = z.object({
  file_id: z.string().min(1).max(500),
  file_name: z.string().optional(),
  file_size: z.number().optional(),
});
const Size = Stored.extend({ width: z.number(), height: z.number() });
const Button = z.looseObject({
  text: z.string(),
  callback_data: z.string().optional(),
  url: z.string().optional(),
});

const Message = z.looseObject({
  message_id: z.number().int(),
  date: z.number().int(),
  edit_date: z.number().int().optional(),
  chat: Chat,
  from: From.optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
  photo: z.array(Size).min(1).optional(),
  document: Stored.optional(),
  location: Place.optional(),
  venue: z.object({ title: z.string(), address: z.string() }).optional(),
  reply_markup: z.object({ inline_keyboard: z.array(z.array(Button)) }).optional(),
});
type Message = z.infer<typeof Message>;

const Update = z.object({
  update_id: z.number().int(),
  message: Message.optional(),
  edited_message: Message.optional(),
  callback_query: z
    .object({
      id: z.string().min(1).max(100),
      from: From,
      data: z.string().max(200).optional(),
      // Of an old message only its place is told.
      message: z
        .object({
          message_id: z.number().int(),
          chat: Chat,
          reply_markup: Message.shape.reply_markup,
        })
        .optional(),
    })
    .optional(),
});

/** The kinds asked for; nothing else is sent to us. */
export const KINDS = ['message', 'edited_message', 'callback_query'] as const;

export interface Attached {
  id: string;
  name: string;
  /** As Telegram says; the bytes are counted again. */
  size: number;
}

export interface PressedButton {
  callback: string;
  /** What was pressed on, and its buttons that stay: those that open a page. */
  message?: { id: number; keep: { text: string; url: string }[][] };
}

export type Read =
  | { kind: 'inbound'; chat: number; inbound: Inbound; attached?: Attached; pressed?: PressedButton }
  /** Somebody speaks to the bot in a group. */
  | { kind: 'group'; chat: number; command: boolean }
  /** Nothing that wants an answer. `callback` still wants its spinner stopped. */
  | { kind: 'nothing'; callback?: string }
  | { kind: 'malformed' };

/** The number of an update, whatever else is wrong with it. */
export function numberOf(update: unknown): number | undefined {
  const id = (update as { update_id?: unknown } | null | undefined)?.update_id;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : undefined;
}

/** Whose turn it is: updates of one chat are taken one after another. */
export function chatOf(update: unknown): string {
  const u = update as Record<string, { chat?: { id?: unknown }; message?: { chat?: { id?: unknown } } }>;
  if (typeof update !== 'object' || update === null) return '';
  const id =
    u.message?.chat?.id ?? u.edited_message?.chat?.id ?? u.callback_query?.message?.chat?.id ?? undefined;
  return typeof id === 'number' ? String(id) : '';
}

/** Reads one update. The same update gives the same Inbound key for ever. */
export function readUpdate(update: unknown, now: Instant): Read {
  const parsed = Update.safeParse(update);
  if (!parsed.success) return { kind: 'malformed' };
  const u = parsed.data;
  if (u.message) return readMessage(u.message, now);
  if (u.edited_message) return readEdit(u.edited_message, now);
  if (u.callback_query) return readPress(u.callback_query, now);
  return { kind: 'nothing' };
}

const isPrivate = (chat: { type: string }): boolean => chat.type === 'private';
const instant = (seconds: number, now: Instant): Instant => Math.min(seconds * 1000, now);

function readMessage(m: Message, now: Instant): Read {
  if (!isPrivate(m.chat))
    return { kind: 'group', chat: m.chat.id, command: commandOf(m.text ?? '') !== undefined };
  const base: Inbound = {
    conversation: `telegram:${m.chat.id}`,
    key: `telegram:m${m.message_id}`,
    at: instant(m.date, now),
    text: (m.text ?? m.caption ?? '').toWellFormed(),
    ...(m.from?.language_code && { language: m.from.language_code }),
  };
  const say = (more: Partial<Inbound>, attached?: Attached): Read => ({
    kind: 'inbound',
    chat: m.chat.id,
    inbound: { ...base, ...more },
    ...(attached && { attached }),
  });
  const command = commandOf(base.text);
  if (command?.name === 'start') return say({ text: '', opening: true });
  if (command) return say({ text: `/${command.name}${command.rest && ` ${command.rest}`}` });
  if (m.text !== undefined) return say({});
  if (m.photo) {
    const largest = m.photo.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
    return say({}, { id: largest.file_id, name: `anh-${m.message_id}.jpg`, size: largest.file_size ?? 0 });
  }
  // A GIF comes as an animation with a document beside it.
  if (m.document && m.animation === undefined)
    return say(
      {},
      { id: m.document.file_id, name: m.document.file_name ?? '', size: m.document.file_size ?? 0 },
    );
  if (m.location) {
    const location = Location.safeParse({ lat: m.location.latitude, lon: m.location.longitude });
    if (!location.success) return { kind: 'malformed' };
    const words = m.venue ? `${m.venue.title}, ${m.venue.address}`.toWellFormed() : '';
    return say({ location: location.data, text: words });
  }
  const refused = refusedOf(m);
  return refused ? say({ refused }) : { kind: 'nothing' };
}

/** What in a message is not its content. A kind of content invented tomorrow is refused kindly, not overlooked. */
const AROUND = new Set(
  (
    'message_id message_thread_id date edit_date chat from sender_chat sender_boost_count sender_business_bot ' +
    'forward_origin is_topic_message is_automatic_forward reply_to_message external_reply quote reply_to_story ' +
    'via_bot has_protected_content is_from_offline media_group_id author_signature entities caption_entities ' +
    'link_preview_options effect_id show_caption_above_media has_media_spoiler reply_markup ' +
    // Told by Telegram, not said by the citizen.
    'pinned_message message_auto_delete_timer_changed connected_website write_access_allowed chat_background_set ' +
    'successful_payment refunded_payment users_shared chat_shared passport_data proximity_alert_triggered ' +
    'boost_added new_chat_members left_chat_member new_chat_title new_chat_photo delete_chat_photo'
  ).split(' '),
);

function refusedOf(m: Message): Inbound['refused'] | undefined {
  if (m.voice !== undefined || m.video_note !== undefined) return 'voice';
  if (m.sticker !== undefined) return 'sticker';
  if (m.video !== undefined || m.audio !== undefined || m.animation !== undefined) return 'file-type';
  return Object.keys(m).some((k) => m[k] !== undefined && !AROUND.has(k)) ? 'other' : undefined;
}

function readEdit(m: Message, now: Instant): Read {
  const text = (m.text ?? m.caption)?.toWellFormed();
  // A moving live location and a changed picture without words are not answered again.
  if (!isPrivate(m.chat) || !text || m.location) return { kind: 'nothing' };
  const when = m.edit_date ?? m.date;
  return {
    kind: 'inbound',
    chat: m.chat.id,
    inbound: {
      conversation: `telegram:${m.chat.id}`,
      key: `telegram:e${m.message_id}:${when}`,
      edits: `telegram:m${m.message_id}`,
      at: instant(when, now),
      text,
      ...(m.from?.language_code && { language: m.from.language_code }),
    },
  };
}

function readPress(q: NonNullable<z.infer<typeof Update>['callback_query']>, now: Instant): Read {
  if (!q.message || !isPrivate(q.message.chat) || q.data === undefined)
    return { kind: 'nothing', callback: q.id };
  const rows = q.message.reply_markup?.inline_keyboard ?? [];
  const pressed = pressedOf(q.data);
  const label = 'label' in pressed && rows.flat().find((b) => b.callback_data === q.data)?.text;
  return {
    kind: 'inbound',
    chat: q.message.chat.id,
    inbound: {
      conversation: `telegram:${q.message.chat.id}`,
      key: `telegram:c${q.id}`,
      at: now,
      text: label || '',
      // A label that is gone with its message leaves a choice that no question knows.
      ...('choice' in pressed ? pressed : !label && { choice: '?', choiceOf: pressed.choiceOf }),
      ...(q.from.language_code && { language: q.from.language_code }),
    },
    pressed: {
      callback: q.id,
      message: {
        id: q.message.message_id,
        keep: rows
          .map((row) => row.flatMap((b) => (b.url ? [{ text: b.text, url: b.url }] : [])))
          .filter((row) => row.length > 0),
      },
    },
  };
}

function commandOf(text: string): { name: string; rest: string } | undefined {
  const read = /^\/([A-Za-z0-9_]{1,32})(?:@\w{1,64})?(?:\s+([\s\S]*))?$/.exec(text.trim());
  return read ? { name: read[1]!.toLowerCase(), rest: read[2] ?? '' } : undefined;
}
