// The far end: grammY's client, and what its failures mean to us. No error leaves here with the token or with
// anybody's words in it.
import { autoRetry } from '@grammyjs/auto-retry';
import { Api, GrammyError } from 'grammy';

export type BotApi = Api;

/** A client that waits out short limits and hiccups by itself. */
export function openApi(token: string, apiRoot: string): BotApi {
  const api = new Api(token, { apiRoot: apiRoot.replace(/\/+$/, ''), timeoutSeconds: 30 });
  api.config.use(autoRetry({ maxRetryAttempts: 2, maxDelaySeconds: 5, rethrowHttpErrors: true }));
  return api;
}

/** A client for the long poll, which must be told of every failure. */
export const openPollApi = (token: string, apiRoot: string): BotApi =>
  new Api(token, { apiRoot: apiRoot.replace(/\/+$/, ''), timeoutSeconds: 60 });

export type Failure =
  | { kind: 'wait'; ms: number }
  /** The citizen is not there any more: blocked the bot, or the account is gone. */
  | { kind: 'gone' }
  /** Another process polls with the same token, or a webhook is set. */
  | { kind: 'conflict' }
  /** The token is not accepted. */
  | { kind: 'token' }
  /** Telegram refuses this very request; repeating it is no use. */
  | { kind: 'refused'; code: number; why: string }
  /** Network, time-out, or Telegram's own trouble. */
  | { kind: 'away' };

/** What a failed call means. `why` is Telegram's reason as far as it quotes nobody. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof GrammyError)) return { kind: 'away' };
  const { error_code: code, description, parameters } = error;
  if (code === 429) return { kind: 'wait', ms: (parameters.retry_after ?? 5) * 1000 };
  if (code === 409) return { kind: 'conflict' };
  if (code === 401 || code === 404) return { kind: 'token' };
  if (
    code === 403 ||
    /chat not found|PEER_ID_INVALID|user is deactivated|chat_id is empty/i.test(description)
  )
    return { kind: 'gone' };
  if (code >= 500) return { kind: 'away' };
  return { kind: 'refused', code, why: description.split(/["']| at byte/)[0]!.slice(0, 80) };
}

/** One word for a log line. */
export const nameOf = (f: Failure): string => (f.kind === 'refused' ? `${f.code} ${f.why}` : f.kind);

const DOWNLOAD_MS = 25_000;

/** The bytes of a file that Telegram keeps, or 'too-large' beyond `limit`. Throws without the address, which holds the token. */
export async function download(
  at: { token: string; apiRoot: string },
  path: string,
  limit: number,
): Promise<Uint8Array | 'too-large'> {
  const root = at.apiRoot.replace(/\/+$/, '');
  const where = path.split('/').map(encodeURIComponent).join('/');
  try {
    const answer = await fetch(`${root}/file/bot${at.token}/${where}`, {
      signal: AbortSignal.timeout(DOWNLOAD_MS),
    });
    if (!answer.ok || !answer.body) throw new Error(String(answer.status));
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > limit) return 'too-large';
      chunks.push(chunk);
    }
    return new Uint8Array(Buffer.concat(chunks));
  } catch {
    throw new Error('file not reachable');
  }
}
