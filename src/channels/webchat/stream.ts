// The live half of Direct Line: a WebSocket over which entries of a log flow as they are written. Keeps no
// state that matters: a page that comes back says its watermark. Knows no HTTP route but its own.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Conversation } from '../../core/dialogue/conversation.ts';
import type { ConversationId } from '../../core/message.ts';
import { faultOf } from '../fault.ts';
import { type Frame, unseen } from './activities.ts';
import type { WebChatHouse } from './house.ts';
import type { Tokens } from './tokens.ts';

const PATH = /^\/v3\/directline\/conversations\/([^/]+)\/stream$/;
/** Often enough for the strictest proxies (30 s), and for the page to notice a dead line by its silence. */
const BEAT_MS = 20_000;
const STORE_RETRY_MS = 1_000;
const MAX_STREAMS_EACH = 10;

export interface Streams {
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Tells every page to come back (1001), and waits until the lines are closed. */
  close(): Promise<void>;
}

/** Opens streams for ticket holders. `frame` renders entries for the page that asked by this request. */
export function streams(
  house: Pick<WebChatHouse, 'readLog' | 'onChange' | 'log'>,
  tokens: Tokens,
  frame: (req: IncomingMessage, conversation: Conversation, watermark: number) => Promise<Frame>,
  seen: (conversation: Conversation, upTo: number) => void,
): Streams {
  const server = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false });
  const open = new Map<ConversationId, number>();

  const follow = (ws: WebSocket, req: IncomingMessage, id: ConversationId, from: number) => {
    let sent = from;
    let running = false;
    let again = false;
    let retry: NodeJS.Timeout | undefined;
    let alive = true;

    const pump = async (): Promise<void> => {
      if (running) {
        again = true;
        return;
      }
      running = true;
      try {
        do {
          again = false;
          const conversation = await house.readLog(id);
          if (ws.readyState !== ws.OPEN || !conversation) break;
          if (unseen(conversation, sent).length === 0) continue;
          const next = await frame(req, conversation, sent);
          const upTo = Number(next.watermark);
          sent = upTo;
          ws.send(JSON.stringify(next), (error) => {
            if (!error) seen(conversation, upTo);
          });
        } while (again);
      } catch (error) {
        house.log.warn(
          { fault: faultOf(error), conversation: id },
          'stream: the log cannot be read, trying again',
        );
        clearTimeout(retry);
        retry = setTimeout(() => void pump(), STORE_RETRY_MS);
      } finally {
        running = false;
      }
    };

    open.set(id, (open.get(id) ?? 0) + 1);
    // Listens before the first read, so that nothing falls between the two.
    const stop = house.onChange(id, () => void pump());
    const beat = setInterval(() => {
      if (!alive) return ws.terminate();
      alive = false;
      ws.ping();
      ws.send(JSON.stringify({ activities: [], watermark: String(sent) } satisfies Frame));
    }, BEAT_MS);
    ws.on('pong', () => {
      alive = true;
    });
    // Pages send empty frames to keep proxies awake; anything they mean to say comes by POST.
    ws.on('message', () => {
      alive = true;
    });
    ws.on('error', () => ws.terminate());
    ws.on('close', () => {
      stop();
      clearInterval(beat);
      clearTimeout(retry);
      const left = (open.get(id) ?? 1) - 1;
      if (left > 0) open.set(id, left);
      else open.delete(id);
    });
    void pump();
  };

  return {
    async upgrade(req, socket, head) {
      socket.on('error', () => socket.destroy());
      const reject = (status: string) => {
        socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      };
      const url = URL.parse(req.url ?? '', 'http://stream');
      const path = url && PATH.exec(url.pathname);
      if (!url || !path) return reject('404 Not Found');
      const id = await tokens.readStream(url.searchParams.get('t') ?? '');
      if (!id || decoded(path[1]!) !== id) return reject('403 Forbidden');
      if ((open.get(id) ?? 0) >= MAX_STREAMS_EACH) return reject('429 Too Many Requests');
      const watermark = Number.parseInt(url.searchParams.get('watermark') ?? '', 10);
      server.handleUpgrade(req, socket, head, (ws) =>
        follow(ws, req, id, Number.isSafeInteger(watermark) && watermark > 0 ? watermark : 0),
      );
    },
    async close() {
      const closing = [...server.clients].map(
        (ws) =>
          new Promise<void>((resolve) => {
            const forced = setTimeout(() => ws.terminate(), 1_000);
            ws.once('close', () => {
              clearTimeout(forced);
              resolve();
            });
            ws.close(1001, 'restart');
          }),
      );
      await Promise.all(closing);
      server.close();
    },
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
