// A small house for the HTTP suites: a real store and real conversations, and a talk so simple that every answer is
// known beforehand. The dialogue has its own tests; these are about the doors.
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { keepFile } from '../../src/app/keep-file.ts';
import type { Store } from '../../src/app/ports.ts';
import type { Conversation, Entry } from '../../src/core/dialogue/conversation.ts';
import { appendEntry, knows, newConversation } from '../../src/core/dialogue/log.ts';
import type { Choice, ConversationId, FileRef, Inbound } from '../../src/core/message.ts';
import { fail, ok, problem } from '../../src/core/result.ts';
import type { HttpHouse } from '../../src/http/house.ts';

export interface EchoHouse extends HttpHouse {
  /** While set, everything that needs the store throws. */
  away: boolean;
  /** Someone at the agency writes. */
  officerSays(id: ConversationId, text: string, files?: FileRef[]): Promise<void>;
  /** The conversation leaves the store. */
  erase(id: string): Promise<void>;
  /** Structured lines, as they would be printed. */
  lines: string[];
  contacts: Map<string, { name: string; phone: string; address: string }>;
}

const CHOICES: Choice[] = [
  { id: 'a:noi-sinh:benh-vien', label: 'Tại bệnh viện' },
  { id: 'a:noi-sinh:tai-nha', label: 'Tại nhà' },
  { id: 'l:H78', label: 'Điền thông tin liên hệ', url: '/lien-he/dung' },
];

function answer(m: Inbound): { text: string; choices?: Choice[] } {
  if (m.opening) return { text: 'Xin chào anh/chị. Tôi là trợ lý tự động.' };
  if (m.refused) return { text: `Không nhận được: ${m.refused}` };
  if (m.text === 'chọn') return { text: 'Bé sinh ở đâu ạ?', choices: CHOICES };
  if (m.choice) return { text: `Đã chọn ${m.choice} của ${m.choiceOf}` };
  if (m.files) return { text: `Đã nhận ${m.files.length} tệp` };
  if (m.location) return { text: `Ở ${m.location.lat},${m.location.lon}` };
  return { text: `Đã nghe: ${m.text.slice(0, 500)}` };
}

/** A house on this store; `more` overrides what a suite wants otherwise. */
export function echoHouse(store: Store, more: Partial<HttpHouse> = {}): EchoHouse {
  const changes = new EventEmitter().setMaxListeners(0);
  const lines: string[] = [];
  const line = (what: object, message: string) =>
    void lines.push(`${message} ${JSON.stringify(what, plain)}`);
  const here = () => {
    if (house.away) throw new Error('store away');
  };

  const change = async (id: ConversationId, edit: (c: Conversation) => Conversation | undefined) => {
    for (;;) {
      here();
      const before = (await store.conversations.load(id)) ?? newConversation(id);
      const after = edit(before);
      if (!after) return 'known' as const;
      if (await store.conversations.save(after)) break;
    }
    changes.emit(id);
    return 'saved' as const;
  };
  const waiting: Pick<Entry, 'delivery'> = { delivery: { state: 'waiting', tries: 0 } };

  const house: EchoHouse = {
    away: false,
    lines,
    contacts: new Map(),
    erase: (id) => store.conversations.remove(id),
    officerSays: async (id, text, files) => {
      await change(id, (c) =>
        appendEntry(c, { at: Date.now(), from: 'officer', text, ...waiting, ...(files && { files }) }),
      );
    },
    converse: (m) =>
      change(m.conversation, (c) => {
        if (knows(c, m.key) || (m.opening && c.log.length > 0)) return undefined;
        if (m.text === '/xoa')
          return appendEntry(
            { ...newConversation(c.id), version: c.version, next: c.next },
            { at: m.at, from: 'bot', text: 'Đã xóa.', ...waiting },
          );
        const said = appendEntry(c, {
          at: m.at,
          from: 'citizen',
          key: m.key,
          text: m.text,
          ...(m.client && { client: m.client }),
          ...(m.files && { files: m.files }),
          ...(m.location && { location: m.location }),
        });
        return appendEntry(said, { at: m.at, from: 'bot', key: m.key, ...answer(m), ...waiting });
      }),
    async readLog(id) {
      here();
      return store.conversations.load(id);
    },
    async fetched(id, upTo) {
      await change(id, (c) => ({
        ...c,
        log: c.log.map((e) =>
          e.n <= upTo && e.delivery?.state === 'waiting'
            ? { ...e, delivery: { state: 'sent', tries: 1 } }
            : e,
        ),
      }));
    },
    onChange(id, heard) {
      changes.on(id, heard);
      return () => void changes.off(id, heard);
    },
    async keepFile(upload) {
      here();
      return keepFile(store.files, upload);
    },
    async openFile(id) {
      here();
      return store.files.open(id);
    },
    async ready() {
      here();
      return { ok: true, release: { n: 1, fingerprint: 'abc' }, problems: [] };
    },
    async contact(token) {
      if (token === 'dung') return ok({ code: 'H78-HR7-K53', officialChannel: false });
      return fail(problem(token === 'cu' ? 'expired' : 'not-found', ''));
    },
    async saveContact(token, details) {
      house.contacts.set(token, details);
      return ok(undefined);
    },
    secret: 'a'.repeat(64),
    clock: { now: () => Date.now() },
    ids: () => randomBytes(16).toString('hex'),
    log: { info: line, warn: line, error: line },
    config: { host: '127.0.0.1', port: 0, officialChannel: false },
    ...more,
  };
  return house;
}

const plain = (_: string, value: unknown) => (value instanceof Error ? value.message : value);
