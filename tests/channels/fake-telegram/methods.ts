// The Bot API methods the product uses, with the limits and the refusals of the real ones.
import type { Deliveries } from './deliver.ts';
import type { Call } from './form.ts';
import { showHtml } from './html.ts';
import type { FakeButton, FakeChat, Refusal, Shown, World } from './world.ts';

export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(error_code: number, description: string, parameters?: Refusal['parameters']) {
    super(description);
    this.refusal = { error_code, description, ...(parameters && { parameters }) };
  }
}
const bad = (why: string): never => {
  throw new Refused(400, `Bad Request: ${why}`);
};

export const BOT = { id: 42, is_bot: true, first_name: 'Một Cửa', username: 'motcua_thu_bot' };

export interface Fake {
  world: World;
  deliveries: Deliveries;
  /** How long a pressed button waits for its answer. */
  callbackMs: number;
}

type Method = (fake: Fake, call: Call, gone: AbortSignal) => unknown;

/** The message as the Bot API tells it. */
export function messageOf(chat: FakeChat, m: Shown): Record<string, unknown> {
  const person = {
    id: chat.id,
    is_bot: false,
    first_name: chat.name,
    language_code: chat.language,
  };
  return {
    message_id: m.message_id,
    date: m.date,
    chat:
      chat.type === 'private'
        ? { id: chat.id, type: 'private', first_name: chat.name }
        : { id: chat.id, type: 'group', title: chat.name },
    from: m.from === 'bot' ? BOT : person,
    ...(m.text && (m.photo || m.document ? { caption: m.text } : { text: m.text })),
    ...(m.keyboard.length > 0 && { reply_markup: { inline_keyboard: m.keyboard } }),
  };
}

const METHODS: Record<string, Method> = {
  getMe: () => ({ ...BOT, can_join_groups: true, can_read_all_group_messages: false }),
  async getUpdates({ deliveries }, { fields }, gone) {
    const { offset = 0, limit = 100, timeout = 0 } = fields as Record<string, number>;
    const got = await deliveries.getUpdates(offset, limit, timeout, gone);
    if (got === 'hook')
      throw new Refused(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    if (got === 'conflict')
      throw new Refused(
        409,
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      );
    return got;
  },
  setWebhook({ deliveries }, { fields }) {
    const url = String(fields.url ?? '');
    if (url && !URL.canParse(url)) bad('bad webhook: invalid URL');
    const secret = fields.secret_token as string | undefined;
    if (secret !== undefined && !/^[A-Za-z0-9_-]{1,256}$/.test(secret))
      bad('secret token contains unallowed characters');
    deliveries.setHook(
      url
        ? { url, max: Number(fields.max_connections ?? 40), ...(secret !== undefined && { secret }) }
        : undefined,
    );
    return true;
  },
  deleteWebhook({ deliveries }) {
    deliveries.setHook(undefined);
    return true;
  },
  getWebhookInfo: ({ deliveries: { hook, queue } }) => ({
    url: hook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: queue.length,
    ...(hook?.lastError && { last_error_message: hook.lastError }),
  }),
  sendMessage(fake, call) {
    const chat = chatFor(fake.world, call);
    const text = wordsOf(call.fields, 'text', 4096);
    if (!text) bad('message text is empty');
    const keyboard = keyboardOf(call.fields);
    paced(fake.world, chat);
    return messageOf(chat, fake.world.say(chat, { from: 'bot', text, keyboard }));
  },
  sendPhoto: (fake, call) => sendFile(fake, call, 'photo'),
  sendDocument: (fake, call) => sendFile(fake, call, 'document'),
  sendChatAction(fake, call) {
    chatFor(fake.world, call);
    return true;
  },
  editMessageReplyMarkup(fake, call) {
    const chat = chatFor(fake.world, call);
    const message = chat.messages.find((m) => m.message_id === call.fields.message_id);
    if (!message) return bad('message to edit not found');
    if (message.from !== 'bot') bad("message can't be edited");
    const keyboard = keyboardOf(call.fields);
    if (JSON.stringify(keyboard) === JSON.stringify(message.keyboard))
      bad(
        'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      );
    message.keyboard = keyboard;
    return messageOf(chat, message);
  },
  answerCallbackQuery({ world, callbackMs }, { fields }) {
    const asked = world.callbacks.get(String(fields.callback_query_id));
    if (!asked || asked.answered || Date.now() - asked.at > callbackMs)
      return bad('query is too old and response timeout expired or query ID is invalid');
    asked.answered = true;
    return true;
  },
  getFile({ world }, { fields }) {
    const file = world.files.get(String(fields.file_id));
    if (!file) return bad('wrong file_id or the file is temporarily unavailable');
    if (file.size > 20 * 1024 * 1024) bad('file is too big');
    return {
      file_id: file.file_id,
      file_unique_id: file.file_id,
      file_size: file.size,
      file_path: file.path,
    };
  },
  setMyCommands({ world }, { fields }) {
    const commands = fields.commands as { command: string; description: string }[];
    for (const c of commands)
      if (!/^[a-z0-9_]{1,32}$/.test(c.command) || !c.description || c.description.length > 256)
        bad('BOT_COMMAND_INVALID');
    world.commands.set(String(fields.language_code ?? ''), commands);
    return true;
  },
  getMyCommands: ({ world }, { fields }) => world.commands.get(String(fields.language_code ?? '')) ?? [],
};

/** Does what the bot asks. Throws Refused as the real one would answer. */
export async function act(fake: Fake, method: string, call: Call, gone: AbortSignal): Promise<unknown> {
  const doing = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (!doing) throw new Refused(404, 'Not Found: method not found');
  return doing(fake, call, gone);
}

function chatFor(world: World, { fields }: Call): FakeChat {
  const chat = world.chats.get(Number(fields.chat_id));
  if (!chat?.opened) return bad('chat not found');
  if (chat.blocked) throw new Refused(403, 'Forbidden: bot was blocked by the user');
  return chat;
}

function wordsOf(fields: Record<string, unknown>, name: 'text' | 'caption', limit: number): string {
  const raw = fields[name];
  if (raw === undefined) return '';
  if (typeof raw !== 'string') return bad(`${name} must be a string`);
  if (!raw.isWellFormed()) bad('strings must be encoded in UTF-8');
  const shown = fields.parse_mode === 'HTML' ? showHtml(raw) : { text: raw.trim() };
  if ('error' in shown) return bad(shown.error);
  if (shown.text.length > limit) bad(name === 'text' ? 'message is too long' : 'message caption is too long');
  return shown.text;
}

function keyboardOf(fields: Record<string, unknown>): FakeButton[][] {
  const markup = fields.reply_markup as { inline_keyboard?: FakeButton[][] } | undefined;
  const rows = markup?.inline_keyboard ?? [];
  for (const button of rows.flat()) {
    if (!button.text) bad('inline keyboard button text must be non-empty');
    if (button.url !== undefined) {
      const host = URL.canParse(button.url) ? new URL(button.url).hostname : '';
      if (!host.includes('.') && !button.url.startsWith('tg:'))
        bad(`inline keyboard button URL '${button.url}' is invalid: Wrong HTTP URL`);
    } else {
      const size = Buffer.byteLength(button.callback_data ?? '');
      if (size < 1 || size > 64) bad('BUTTON_DATA_INVALID');
    }
  }
  return rows.filter((row) => row.length > 0);
}

/** Refuses when the chat has had too many within the time. */
function paced(world: World, chat: FakeChat): void {
  if (!world.flood) return;
  const { messages, seconds } = world.flood;
  const now = Date.now();
  const recent = (world.sentAt.get(chat.id) ?? []).filter((t) => now - t < seconds * 1000);
  if (recent.length >= messages) {
    const retry_after = Math.max(1, Math.ceil((recent[0]! + seconds * 1000 - now) / 1000));
    throw new Refused(429, `Too Many Requests: retry after ${retry_after}`, { retry_after });
  }
  world.sentAt.set(chat.id, [...recent, now]);
}

function sendFile(fake: Fake, call: Call, kind: 'photo' | 'document'): unknown {
  const chat = chatFor(fake.world, call);
  const attached = /^attach:\/\/(.+)$/.exec(String(call.fields[kind] ?? ''))?.[1];
  const upload = attached && call.uploads.get(attached);
  if (!upload) return bad(`there is no ${kind} in the request`);
  if (kind === 'photo' && upload.bytes.length > 10 * 1024 * 1024) bad('file is too big');
  if (kind === 'photo' && !isPicture(upload.bytes)) bad('IMAGE_PROCESS_FAILED');
  const text = wordsOf(call.fields, 'caption', 1024);
  const keyboard = keyboardOf(call.fields);
  paced(fake.world, chat);
  return messageOf(chat, fake.world.say(chat, { from: 'bot', text, keyboard, [kind]: upload }));
}

const isPicture = (b: Uint8Array): boolean =>
  (b[0] === 0xff && b[1] === 0xd8) || (b[0] === 0x89 && b[1] === 0x50) || (b[0] === 0x52 && b[1] === 0x49);
