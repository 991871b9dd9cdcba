// A reply as Telegram messages: escaped, cut to size, buttons under the last one, files as photos and documents. What
// was sent before a failure is remembered, so that trying again goes on where it stopped.
import { GrammyError, InputFile } from 'grammy';
import type { Sent } from '../../app/ports.ts';
import type { Choice, FileRef, Reply } from '../../core/message.ts';
import { type BotApi, failureOf, nameOf } from './bot-api.ts';
import { dataOf, isPublicPage } from './buttons.ts';
import type { TelegramHouse } from './index.ts';
import { escapeHtml, sendable, splitText } from './split-text.ts';

const MAX_TEXT = 4096;
const MAX_CAPTION = 1024;
/** The house takes a call for dead after 60 s. */
const DEADLINE_MS = 45_000;
const REMEMBERED = 1000;

type Keyboard = {
  inline_keyboard: ({ text: string; callback_data: string } | { text: string; url: string })[][];
};
type Piece =
  | { kind: 'text'; text: string; keyboard?: Keyboard }
  | { kind: 'file'; file: FileRef; caption?: string; keyboard?: Keyboard };

/** The pieces a reply is sent as, in order. Buttons stand under the last piece with words. */
export function piecesOf(reply: Reply & { n: number }): Piece[] {
  const choices = reply.choices ?? [];
  const buttons = choices.filter((c) => c.url === undefined || isPublicPage(c.url));
  const links = choices.filter((c) => c.url !== undefined && !isPublicPage(c.url));
  const text = [sendable(reply.text), ...links.map((c) => `${c.label}: ${c.url}`)]
    .filter((t) => t)
    .join('\n\n');
  const keyboard = keyboardOf(reply.n, choices, buttons);
  const files = reply.files ?? [];
  if (files.length === 1 && text && escapeHtml(text).length <= MAX_CAPTION)
    return [{ kind: 'file', file: files[0]!, caption: text, ...(keyboard && { keyboard }) }];
  const texts = splitText(text, MAX_TEXT);
  return [
    ...files.map((file): Piece => ({ kind: 'file', file })),
    ...texts.map(
      (t, i): Piece => ({
        kind: 'text',
        text: t,
        ...(keyboard && i === texts.length - 1 && { keyboard }),
      }),
    ),
  ];
}

function keyboardOf(n: number, all: Choice[], shown: Choice[]): Keyboard | undefined {
  if (shown.length === 0) return undefined;
  return {
    inline_keyboard: shown.map((c) => [
      c.url === undefined
        ? { text: c.label, callback_data: dataOf(n, c, all.indexOf(c)) }
        : { text: c.label, url: c.url },
    ]),
  };
}

/** A name that survives any multipart reader. */
export function asciiName(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+/, '')
    .slice(-80);
  return plain || 'tep';
}

/** Sends a reply to a chat. Every failure is an outcome; none throws. */
export function sendReply(house: TelegramHouse, api: BotApi) {
  /** Message ids of pieces that are out, by chat and entry. */
  const out = new Map<string, string[]>();
  let awaySince: number | undefined;

  return async (address: string, reply: Reply & { n: number }): Promise<Sent> => {
    const key = `${address}:${reply.n}`;
    const ids = out.get(key) ?? [];
    const signal = AbortSignal.timeout(DEADLINE_MS);
    try {
      for (const piece of piecesOf(reply).slice(ids.length)) {
        const id = await sendPiece(Number(address), piece, signal);
        ids.push(id === undefined ? '-' : String(id));
        remember(key, ids);
      }
      awaySince = undefined;
      out.delete(key);
      return { ref: ids.join(',').slice(0, 200) };
    } catch (error) {
      const sent = outcomeOf(error, key);
      if ('failed' in sent) out.delete(key);
      return sent;
    }
  };

  function remember(key: string, ids: string[]): void {
    out.set(key, ids);
    if (out.size > REMEMBERED) out.delete(out.keys().next().value!);
  }

  async function sendPiece(chat: number, piece: Piece, signal: AbortSignal): Promise<number | undefined> {
    if (piece.kind === 'file') return sendFile(chat, piece, signal);
    return sendWords(chat, piece.text, piece.keyboard, signal);
  }

  async function sendWords(
    chat: number,
    text: string,
    keyboard: Keyboard | undefined,
    signal: AbortSignal,
  ): Promise<number> {
    const preview = { link_preview_options: { is_disabled: true } };
    try {
      const sent = await api.sendMessage(
        chat,
        escapeHtml(text),
        { parse_mode: 'HTML', ...preview, ...(keyboard && { reply_markup: keyboard }) },
        signal as never,
      );
      return sent.message_id;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== 'refused') throw error;
      // Words must arrive even when Telegram dislikes the dress: no markup, no buttons (they can be said).
      house.log.error({ failure: nameOf(failure) }, 'message refused, sent plain');
      return (await api.sendMessage(chat, text, preview, signal as never)).message_id;
    }
  }

  async function sendFile(
    chat: number,
    piece: Extract<Piece, { kind: 'file' }>,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const words = async (): Promise<number | undefined> =>
      piece.caption === undefined ? undefined : sendWords(chat, piece.caption, piece.keyboard, signal);
    let stored: Awaited<ReturnType<TelegramHouse['openFile']>>;
    try {
      stored = await house.openFile(piece.file.id);
    } catch {
      throw new Error('store away');
    }
    if (!stored) {
      house.log.warn({ file: piece.file.id }, 'a file of a reply is gone');
      return words();
    }
    const { bytes } = stored;
    const input = () => new InputFile(bytes, asciiName(piece.file.name));
    const dress = {
      ...(piece.caption !== undefined && {
        caption: escapeHtml(piece.caption),
        parse_mode: 'HTML' as const,
      }),
      ...(piece.keyboard && { reply_markup: piece.keyboard }),
    };
    try {
      if (piece.file.type === 'image/jpeg' || piece.file.type === 'image/png')
        try {
          return (await api.sendPhoto(chat, input(), dress, signal as never)).message_id;
        } catch (error) {
          // A picture too long or too wide for a photo still goes as a document.
          if (failureOf(error).kind !== 'refused') throw error;
        }
      return (await api.sendDocument(chat, input(), dress, signal as never)).message_id;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== 'refused' || piece.caption === undefined) throw error;
      house.log.error({ failure: nameOf(failure), file: piece.file.id }, 'file refused, words sent alone');
      return words();
    }
  }

  function outcomeOf(error: unknown, key: string): Sent {
    const now = house.clock.now();
    const failure = failureOf(error);
    const entry = { entry: key.slice(key.indexOf(':') + 1), failure: nameOf(failure) };
    switch (failure.kind) {
      case 'gone':
        return { failed: 'blocked' };
      case 'refused':
        house.log.error(entry, 'message refused');
        return { failed: 'fault' };
      case 'wait':
        return { retryAt: now + failure.ms };
      case 'conflict':
      case 'token':
        house.log.error(entry, 'Telegram does not accept us');
        return { retryAt: now + 60_000 };
      case 'away': {
        // Tries are few: while Telegram is away their distance doubles, up to ten minutes.
        awaySince ??= now;
        const retryAt = now + Math.min(Math.max(now - awaySince, 5_000), 600_000);
        house.log.warn({ ...entry, bug: bugOf(error) }, 'Telegram not reached');
        return { retryAt };
      }
    }
  }
}

/** A bug of ours looks like an absence; its name tells them apart. */
const bugOf = (error: unknown): string | undefined =>
  error instanceof GrammyError ? undefined : error instanceof Error ? error.name : typeof error;
