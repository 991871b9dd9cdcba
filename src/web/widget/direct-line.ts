// The requests of Direct Line the frame makes, one function each. Hides addresses, headers and multipart; keeps
// nothing. Each throws Refused when the server says no, anything else when it was not reached.
import type { Activity } from './activities.ts';
import { settings } from './texts.ts';

/** The key to one talk. */
export interface Pass {
  conversation: string;
  token: string;
}
export interface Frame {
  activities: Activity[];
  watermark?: string;
}
interface Taken {
  /** Number in the log; no number when the log does not keep it. */
  id: string;
}

const BASE = '/v3/directline';

export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  /** Seconds the server asks to wait. */
  readonly wait: number;
  constructor(status: number, answer: unknown, wait: string | null) {
    const code = (answer as { error?: { code?: string } } | undefined)?.error?.code ?? 'unavailable';
    super(code);
    this.status = status;
    this.code = code;
    this.wait = Number(wait) || 0;
  }
}

const bearer = (pass: Pass) => `Bearer ${pass.token}`;
const talk = (pass: Pass) => `/conversations/${pass.conversation}`;

async function call<T>(pass: Pass | undefined, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(BASE + path, {
    method,
    headers: {
      'Content-Type': 'application/json',
      'Accept-Language': settings.lang,
      ...(pass && { Authorization: bearer(pass) }),
    },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  const answer = await response.json().catch(() => undefined);
  if (!response.ok) throw new Refused(response.status, answer, response.headers.get('Retry-After'));
  return answer as T;
}

/** A new talk, and the address of its stream. */
export async function begin(): Promise<{ pass: Pass; stream: string }> {
  const made = await call<{ conversationId: string; token: string; streamUrl: string }>(
    undefined,
    'POST',
    '/conversations',
    { locale: settings.lang },
  );
  return { pass: { conversation: made.conversationId, token: made.token }, stream: made.streamUrl };
}

/** A fresh token for an old one, up to 30 days old. */
export const refresh = async (pass: Pass): Promise<string> =>
  (await call<{ token: string }>(pass, 'POST', '/tokens/refresh')).token;

/** The address of a stream that tells what came after the watermark. */
export const resume = async (pass: Pass, watermark: number): Promise<string> =>
  (await call<{ streamUrl: string }>(pass, 'GET', `${talk(pass)}?watermark=${watermark}`)).streamUrl;

/** What came after the watermark. */
export const read = (pass: Pass, watermark: number): Promise<Frame> =>
  call(pass, 'GET', `${talk(pass)}/activities?watermark=${watermark}`);

export const post = (pass: Pass, activity: object): Promise<Taken> =>
  call(pass, 'POST', `${talk(pass)}/activities`, activity);

/** Sends an activity with files; tells how much has gone out, which fetch cannot. */
export function upload(
  pass: Pass,
  activity: object,
  files: File[],
  sent: (percent: number) => void,
): Promise<Taken> {
  const form = new FormData();
  const blob = new Blob([JSON.stringify(activity)], { type: 'application/vnd.microsoft.activity' });
  form.append('activity', blob);
  for (const f of files) form.append('file', f, f.name);
  return new Promise((resolve, reject) => {
    const x = new XMLHttpRequest();
    x.open('POST', `${BASE}${talk(pass)}/upload`);
    x.setRequestHeader('Authorization', bearer(pass));
    x.responseType = 'json';
    x.upload.onprogress = (e) => sent(Math.round((100 * e.loaded) / (e.total || 1)));
    x.onload = () =>
      x.status < 300
        ? resolve(x.response)
        : reject(new Refused(x.status, x.response, x.getResponseHeader('Retry-After')));
    x.onerror = () => reject(new TypeError('network'));
    x.send(form);
  });
}
