// What the fake Telegram knows: chats, what was said in them, files, and the faults a test has asked for.
import type { Upload } from './form.ts';

export interface FakeButton {
  text: string;
  callback_data?: string;
  url?: string;
}

/** A message as a citizen's app shows it. */
export interface Shown {
  message_id: number;
  from: 'bot' | 'citizen';
  text: string;
  photo?: { name: string; bytes: Uint8Array };
  document?: { name: string; bytes: Uint8Array };
  keyboard: FakeButton[][];
  date: number;
  edited?: boolean;
}

export interface FakeChat {
  id: number;
  type: 'private' | 'group';
  language: string;
  name: string;
  /** The bot may write only to who wrote first. */
  opened: boolean;
  blocked: boolean;
  messages: Shown[];
  /** Messages of the bot that a test has read by next(). */
  read: number;
  wake: Set<() => void>;
}

export interface Refusal {
  error_code: number;
  description: string;
  parameters?: { retry_after?: number };
}
/** 'drop' breaks the connection before anything is done; 'drop-after' once it is done. */
/** 'pass' lets one through: the fault is for the next. */
export type Fault = Refusal | 'drop' | 'drop-after' | 'pass';

export interface StoredFile extends Upload {
  file_id: string;
  path: string;
  /** As Telegram tells it; may be more than there is, to save tests from moving megabytes. */
  size: number;
  mime?: string;
}

export class World {
  readonly chats = new Map<number, FakeChat>();
  readonly files = new Map<string, StoredFile>();
  readonly callbacks = new Map<string, { at: number; answered: boolean }>();
  readonly faults = new Map<string, Fault[]>();
  /** Messages the bot may send to a chat within so many seconds. */
  flood: { messages: number; seconds: number } | undefined;
  readonly sentAt = new Map<number, number[]>();
  /** Called before a call is looked at. */
  onCall: ((method: string) => void) | undefined;
  readonly calls: { method: string; payload: Record<string, unknown>; at: number; ok?: boolean }[] = [];
  readonly commands = new Map<string, { command: string; description: string }[]>();
  private messageIds = 100;
  private fileIds = 0;

  chat(id: number): FakeChat {
    let chat = this.chats.get(id);
    if (!chat) {
      chat = {
        id,
        type: id < 0 ? 'group' : 'private',
        language: 'vi',
        name: `Dân ${id}`,
        opened: false,
        blocked: false,
        messages: [],
        read: 0,
        wake: new Set(),
      };
      this.chats.set(id, chat);
    }
    return chat;
  }

  nextMessageId(): number {
    return ++this.messageIds;
  }

  say(chat: FakeChat, message: Omit<Shown, 'message_id' | 'date'>): Shown {
    const shown = { ...message, message_id: this.nextMessageId(), date: Math.floor(Date.now() / 1000) };
    chat.messages.push(shown);
    for (const wake of chat.wake) wake();
    return shown;
  }

  keep(upload: Upload, more: { size?: number; mime?: string } = {}): StoredFile {
    const n = ++this.fileIds;
    const stored = {
      ...upload,
      file_id: `file-${n}`,
      path: `files/file_${n}${/\.\w+$/.exec(upload.name)?.[0] ?? ''}`,
      size: more.size ?? upload.bytes.length,
      ...(more.mime && { mime: more.mime }),
    };
    this.files.set(stored.file_id, stored);
    return stored;
  }
}
