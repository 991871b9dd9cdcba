// A bare Direct Line client for the suites: one request a function, nothing hidden.
import WebSocket from 'ws';

export interface Session {
  url: string;
  conversationId: string;
  token: string;
  streamUrl: string;
}
export interface Activity {
  id: string;
  type: string;
  text: string;
  from: { id: string; role: string };
  timestamp: string;
  replyToId?: string;
  channelData: { clientActivityID?: string };
  suggestedActions?: { actions: { type: string; title: string; value: unknown }[] };
  attachments?: { name: string; contentType: string; contentUrl: string; thumbnailUrl?: string }[];
}
export interface Frame {
  activities: Activity[];
  watermark: string;
}

export const call = (url: string, method: string, path: string, token?: string, body?: unknown) =>
  fetch(`${url}/v3/directline${path}`, {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

export async function begin(url: string, body: unknown = {}): Promise<Session> {
  const answer = await call(url, 'POST', '/conversations', undefined, body);
  return { url, ...((await answer.json()) as Omit<Session, 'url'>) };
}

export const say = (s: Session, text: string, more: object = {}) =>
  call(s.url, 'POST', `/conversations/${s.conversationId}/activities`, s.token, {
    type: 'message',
    from: { id: 'whoever' },
    text,
    ...more,
  });

export async function read(s: Session, watermark = ''): Promise<Frame> {
  const answer = await call(
    s.url,
    'GET',
    `/conversations/${s.conversationId}/activities?watermark=${watermark}`,
    s.token,
  );
  if (answer.status !== 200) throw new Error(`GET activities: ${answer.status}`);
  return (await answer.json()) as Frame;
}

export interface Listener {
  socket: WebSocket;
  heard: Activity[];
  /** Resolves when so many activities were heard. */
  until(count: number, within?: number): Promise<void>;
}

export async function listen(s: Session, streamUrl = s.streamUrl): Promise<Listener> {
  const socket = new WebSocket(streamUrl);
  const heard: Activity[] = [];
  socket.on('message', (data) => heard.push(...(JSON.parse(String(data)) as Frame).activities));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    socket,
    heard,
    async until(count, within = 5_000) {
      const end = Date.now() + within;
      while (heard.length < count) {
        if (Date.now() > end) throw new Error(`heard ${heard.length} of ${count}`);
        await new Promise((r) => setTimeout(r, 5));
      }
    },
  };
}

/** A multipart upload of Direct Line. */
export function upload(
  s: Session,
  activity: object,
  files: { name: string; type: string; bytes: Uint8Array }[],
) {
  const form = new FormData();
  form.append(
    'activity',
    new Blob([JSON.stringify(activity)], { type: 'application/vnd.microsoft.activity' }),
  );
  for (const f of files) form.append('file', new Blob([Buffer.from(f.bytes)], { type: f.type }), f.name);
  return fetch(`${s.url}/v3/directline/conversations/${s.conversationId}/upload`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${s.token}` },
    body: form,
  });
}
