// One update through the house: read it, fetch its file, have it said, then tidy up the pressed button. Resolves when
// the update may be forgotten by Telegram; throws, without a word of the citizen, when it must come again.
import { type Inbound, MAX_FILE_BYTES } from '../../core/message.ts';
import { type BotApi, download, failureOf, nameOf } from './bot-api.ts';
import { flood } from './flood.ts';
import type { TelegramHouse } from './index.ts';
import { type Attached, numberOf, type PressedButton, readUpdate } from './read-update.ts';

/** A file that cannot be had for so long is given up, and the citizen told. */
const FILE_TRIES = 4;

/** The update was not kept: again later. */
export class ComesAgain extends Error {}

export function takeUpdate(house: TelegramHouse, api: BotApi): (update: unknown) => Promise<void> {
  const flow = flood();
  const told = new Set<number>();
  const fileTries = new Map<string, number>();

  return async (update) => {
    const read = readUpdate(update, house.clock.now());
    switch (read.kind) {
      case 'malformed':
        house.log.warn({ update: numberOf(update) }, 'update malformed, skipped');
        return;
      case 'nothing':
        if (read.callback) stopSpinner(read.callback);
        return;
      case 'group':
        if (read.command) await pointToPrivate(read.chat);
        return;
      case 'inbound': {
        const { inbound, pressed } = read;
        if (pressed) stopSpinner(pressed.callback);
        const flowing = flow(read.chat, inbound.key, inbound.at);
        if (flowing !== 'fine') {
          house.log.warn({ update: numberOf(update) }, 'sender too fast, update dropped');
          if (flowing === 'first-too-many') await say(read.chat, 'loi.qua-nhieu', inbound.language);
          return;
        }
        await have(read.attached ? await withFile(inbound, read.attached) : inbound);
        if (pressed) clearButtons(read.chat, pressed);
      }
    }
  };

  async function have(m: Inbound): Promise<void> {
    let outcome: Awaited<ReturnType<TelegramHouse['converse']>>;
    try {
      outcome = await house.converse(m);
    } catch (error) {
      throw new ComesAgain(`turn not kept: ${error instanceof Error ? error.name : typeof error}`);
    }
    if (outcome === 'busy') throw new ComesAgain('busy');
  }

  async function withFile(m: Inbound, attached: Attached): Promise<Inbound> {
    if (attached.size > MAX_FILE_BYTES) return { ...m, refused: 'file-size' };
    const bytes = await fetchFile(m, attached);
    if (!(bytes instanceof Uint8Array)) return { ...m, refused: bytes.refused };
    let kept: Awaited<ReturnType<TelegramHouse['keepFile']>>;
    try {
      kept = await house.keepFile({ name: attached.name, bytes, owner: m.conversation, at: m.at });
    } catch (error) {
      throw new ComesAgain(`file not kept: ${error instanceof Error ? error.name : typeof error}`);
    }
    if (kept.ok) return { ...m, files: [kept.value] };
    // The bytes were within bounds, so what was too large is the picture.
    return { ...m, refused: kept.problems[0]?.code === 'too-large' ? 'picture-size' : 'file-type' };
  }

  async function fetchFile(m: Inbound, attached: Attached): Promise<Uint8Array | Pick<Inbound, 'refused'>> {
    const key = `${m.conversation}/${m.key}`;
    try {
      const file = await api.getFile(attached.id);
      if ((file.file_size ?? 0) > MAX_FILE_BYTES) return { refused: 'file-size' };
      if (!file.file_path) throw new Error('no path');
      const bytes = await download(house, file.file_path, MAX_FILE_BYTES);
      fileTries.delete(key);
      return bytes === 'too-large' ? { refused: 'file-size' } : bytes;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'refused' && /too big/.test(failure.why)) return { refused: 'file-size' };
      const tries = (fileTries.get(key) ?? 0) + 1;
      fileTries.set(key, tries);
      house.log.warn({ key: m.key, failure: nameOf(failure), tries }, 'file not fetched');
      if (tries < FILE_TRIES) throw new ComesAgain('file not fetched');
      fileTries.delete(key);
      return { refused: 'other' };
    }
  }

  /** Telegram shows a spinner on the button until then. An expired query has none any more. */
  function stopSpinner(callback: string): void {
    api.answerCallbackQuery(callback).catch((error: unknown) => quietly('spinner', error));
  }

  function clearButtons(chat: number, { message }: PressedButton): void {
    if (!message) return;
    api
      .editMessageReplyMarkup(chat, message.id, { reply_markup: { inline_keyboard: message.keep } })
      .catch((error: unknown) => quietly('buttons', error));
  }

  /** A courtesy that failed: nothing depends on it. */
  function quietly(what: string, error: unknown): void {
    const failure = failureOf(error);
    if (failure.kind !== 'refused') house.log.info({ what, failure: nameOf(failure) }, 'courtesy failed');
  }

  async function pointToPrivate(chat: number): Promise<void> {
    if (told.has(chat) || told.size > 1000) return;
    told.add(chat);
    await say(chat, 'telegram.nhom');
  }

  /** A sentence outside every conversation, best effort. */
  async function say(chat: number, wording: string, language?: string): Promise<void> {
    const words = house.wording();
    const text = (language?.startsWith('en') ? words.en[wording] : undefined) ?? words.vi[wording];
    if (!text) return;
    await api.sendMessage(chat, text).catch((error: unknown) => quietly('sentence', error));
  }
}
