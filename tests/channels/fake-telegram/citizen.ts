// A person with Telegram in hand: writes, edits, presses, sends files, and reads what the bot wrote.
import { type Fake, messageOf } from './methods.ts';
import type { FakeButton, FakeChat, Shown, StoredFile } from './world.ts';

export interface Citizen {
  id: number;
  /** Each says something and gives the number of the message. */
  text(text: string): number;
  edit(message: number, text: string): void;
  photo(bytes: Uint8Array, caption?: string): number;
  document(
    name: string,
    bytes: Uint8Array,
    more?: { caption?: string; size?: number; mime?: string },
  ): number;
  voice(): number;
  sticker(): number;
  contact(): number;
  location(lat: number, lon: number): number;
  /** Any other content of a message. */
  send(content: Record<string, unknown>): number;
  /** Presses a button by its words, its place from 1, or its data; of a message, or of the last one with buttons. */
  press(button: string | number, message?: number): string;
  /** A press of data that no button has. */
  pressData(data: string, message?: number): string;
  /** The next message of the bot not yet read by next(); throws when none comes in time. */
  next(withinMs?: number): Promise<Shown>;
  /** Reads until one says it. */
  until(words: string | RegExp, withinMs?: number): Promise<Shown>;
  /** Nothing unread comes for so long. Gives what came instead. */
  quiet(ms: number): Promise<Shown[]>;
  /** Everything the bot wrote. */
  all(): Shown[];
  /** Words of the buttons of the last message that has any. */
  buttons(): string[];
  block(): void;
  unblock(): void;
}

export function citizen(fake: Fake, chat: FakeChat): Citizen {
  const { world, deliveries } = fake;
  const say = (shown: Partial<Shown>, content: Record<string, unknown>): number => {
    chat.opened = true;
    const message = world.say(chat, { from: 'citizen', text: '', keyboard: [], ...shown });
    deliveries.push(chat.id, { message: { ...messageOf(chat, { ...message, text: '' }), ...content } });
    return message.message_id;
  };
  const fromBot = (): Shown[] => chat.messages.filter((m) => m.from === 'bot');
  const offering = (): Shown | undefined => fromBot().findLast((m) => m.keyboard.length > 0);
  const find = (message: number): Shown => {
    const found = chat.messages.find((m) => m.message_id === message);
    if (!found) throw new Error(`no message ${message}`);
    return found;
  };
  let presses = 0;

  const pressData = (data: string, on: Shown): string => {
    const id = `${chat.id}-${++presses}-${Date.now()}`;
    world.callbacks.set(id, { at: Date.now(), answered: false });
    const { from } = messageOf(chat, { ...on, from: 'citizen' });
    deliveries.push(chat.id, {
      callback_query: { id, from, chat_instance: '1', data, message: messageOf(chat, on) },
    });
    return id;
  };

  const fileOf = (f: StoredFile): Record<string, unknown> => ({
    file_id: f.file_id,
    file_unique_id: f.file_id,
    file_size: f.size,
  });

  const waitFor = async (withinMs: number): Promise<void> => {
    if (fromBot().length > chat.read) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        if (withinMs > 0 && fromBot().length <= chat.read) return;
        clearTimeout(timer);
        chat.wake.delete(done);
        resolve();
      };
      const timer = setTimeout(() => {
        withinMs = 0;
        done();
      }, withinMs);
      chat.wake.add(done);
    });
  };

  const me: Citizen = {
    id: chat.id,
    text: (text) => say({ text }, { text }),
    edit(message, text) {
      const m = find(message);
      m.text = text;
      m.edited = true;
      deliveries.push(chat.id, {
        edited_message: { ...messageOf(chat, m), edit_date: Math.floor(Date.now() / 1000) },
      });
    },
    photo(bytes, caption) {
      const small = world.keep({ name: 'nho.jpg', bytes: bytes.slice(0, 10) });
      const large = world.keep({ name: 'anh.jpg', bytes });
      return say(
        { photo: { name: 'anh.jpg', bytes }, text: caption ?? '' },
        {
          ...(caption && { caption }),
          photo: [
            { ...fileOf(large), width: 1280, height: 960 },
            { ...fileOf(small), width: 90, height: 67 },
          ],
        },
      );
    },
    document(name, bytes, { caption, size, mime } = {}) {
      const kept = world.keep({ name, bytes }, { ...(size && { size }), ...(mime && { mime }) });
      return say(
        { document: { name, bytes }, text: caption ?? '' },
        {
          ...(caption && { caption }),
          document: { ...fileOf(kept), file_name: name, mime_type: mime ?? 'application/octet-stream' },
        },
      );
    },
    voice: () => me.send({ voice: { file_id: 'v', file_unique_id: 'v', duration: 3 } }),
    sticker: () =>
      me.send({ sticker: { file_id: 's', file_unique_id: 's', type: 'regular', width: 512, height: 512 } }),
    contact: () => me.send({ contact: { phone_number: '0900000000', first_name: 'A' } }),
    location: (latitude, longitude) => me.send({ location: { latitude, longitude } }),
    send: (content) => say({}, content),
    press(button, message) {
      const on = message === undefined ? offering() : find(message);
      const all = on?.keyboard.flat() ?? [];
      const pressed: FakeButton | undefined =
        typeof button === 'number'
          ? all[button - 1]
          : all.find((b) => b.text === button || b.callback_data === button);
      if (!on || !pressed)
        throw new Error(`no button ${button}; there are: ${all.map((b) => b.text).join(' | ')}`);
      if (pressed.callback_data === undefined) throw new Error(`${pressed.text} opens ${pressed.url}`);
      return pressData(pressed.callback_data, on);
    },
    pressData: (data, message) => pressData(data, message === undefined ? fromBot().at(-1)! : find(message)),
    async next(withinMs = 8000) {
      await waitFor(withinMs);
      const next = fromBot()[chat.read];
      if (!next) throw new Error(`chat ${chat.id}: nothing came within ${withinMs} ms`);
      chat.read++;
      return next;
    },
    async until(words, withinMs = 8000) {
      const end = Date.now() + withinMs;
      for (;;) {
        const m = await me.next(Math.max(1, end - Date.now()));
        if (typeof words === 'string' ? m.text.includes(words) : words.test(m.text)) return m;
      }
    },
    async quiet(ms) {
      await new Promise((r) => setTimeout(r, ms));
      const unread = fromBot().slice(chat.read);
      chat.read += unread.length;
      return unread;
    },
    all: fromBot,
    buttons: () => (offering()?.keyboard.flat() ?? []).map((b) => b.text),
    block() {
      chat.blocked = true;
    },
    unblock() {
      chat.blocked = false;
    },
  };
  return me;
}
