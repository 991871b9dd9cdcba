// Direct Line 3.0, self-hosted: the routes Microsoft's DirectLineJS and our own widget speak. Hides tokens,
// watermarks and multipart; knows no store. The conversation's log is the activity list, `n` its watermark.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Request, type Response, Router } from 'express';
import type { Conversation } from '../../core/dialogue/conversation.ts';
import { ConversationId, type FileRef, type Inbound } from '../../core/message.ts';
import type { ProblemCode } from '../../core/result.ts';
import { faultOf } from '../fault.ts';
import { ActivityIn, type Frame, toActivity, unseen } from './activities.ts';
import { WebChatAdapter } from './adapter.ts';
import type { Refuse, WebChatHouse } from './house.ts';
import { limits, looksUp, senderOf } from './limits.ts';
import { streams } from './stream.ts';
import { SESSION_SECONDS, type Session, tokens } from './tokens.ts';
import { uploads } from './upload.ts';

const NOTE_AFTER_MS = 300;

export interface DirectLine {
  /** To be mounted under /v3/directline, behind a JSON body parser. */
  router: Router;
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** How clients reach us: the address in front, and whether a proxy's word on a request is to be believed. */
export interface Front {
  publicUrl?: string;
  trustProxy?: boolean;
}

/** The origin pages reach us under; the proxy in front may speak https where we do not, and call us by another name. */
function origin(req: IncomingMessage, front: Front): { http: string; ws: string } {
  const told = (name: string) =>
    front.trustProxy ? [req.headers[name]].flat()[0]?.split(',')[0]?.trim() : undefined;
  const host = told('x-forwarded-host') || req.headers.host || 'localhost';
  const known = front.publicUrl ? URL.parse(front.publicUrl) : null;
  const secure =
    known && known.host === host ? known.protocol === 'https:' : told('x-forwarded-proto') === 'https';
  return { http: `${secure ? 'https' : 'http'}://${host}`, ws: `${secure ? 'wss' : 'ws'}://${host}` };
}

/** Joins Direct Line to the house. `refuse` answers a request that cannot be served. */
export function directLine(house: WebChatHouse, refuse: Refuse, front: Front = {}): DirectLine {
  const token = tokens(house.secret, () => house.clock.now());
  const allow = limits(house.limits);
  const adapter = new WebChatAdapter(house);
  const readUpload = uploads(house.limits?.uploadBytes);
  const router = Router();

  // ---- what every route needs

  const bearer = (req: Request) => /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1];

  /** The session of the request's token, if it is this conversation's; otherwise refuses. */
  const enter = async (req: Request, res: Response): Promise<Session | undefined> => {
    const session = await token.readSession(bearer(req) ?? '');
    if (session?.conversation === req.params.id) return session;
    refuse(req, res, (await isUnknown(session, req.params.id as string)) ? 'not-found' : 'not-allowed');
    return undefined;
  };
  const isUnknown = async (session: Session | undefined, id: string) => {
    if (!session) return false;
    const wanted = ConversationId.safeParse(id).data;
    if (!wanted) return true;
    return house.readLog(wanted).then(
      (found) => found === undefined,
      () => false,
    );
  };

  const link = (req: IncomingMessage) => async (file: FileRef) =>
    `${origin(req, front).http}/v3/directline/attachments/${encodeURIComponent(file.id)}?t=${await token.file(file.id)}`;

  const frame = async (req: IncomingMessage, conversation: Conversation, from: number): Promise<Frame> => {
    const base = origin(req, front).http;
    const absolute = (url: string) => URL.parse(url, base)?.href ?? base;
    const activities = await Promise.all(
      unseen(conversation, from).map((e) => toActivity(e, conversation, link(req), absolute)),
    );
    return { activities, watermark: String(conversation.next - 1) };
  };

  /** What pages have fetched and is still to be noted: one write for a burst of answers. */
  const fetched = new Map<ConversationId, { upTo: number; timer: NodeJS.Timeout }>();
  const seen = (conversation: Conversation, upTo: number) => {
    if (!conversation.log.some((e) => e.n <= upTo && e.delivery?.state === 'waiting')) return;
    const { id } = conversation;
    const noted = fetched.get(id);
    if (noted) {
      noted.upTo = Math.max(noted.upTo, upTo);
      return;
    }
    const timer = setTimeout(() => note(id), NOTE_AFTER_MS);
    fetched.set(id, { upTo, timer });
  };
  const note = (id: ConversationId) => {
    const noted = fetched.get(id);
    fetched.delete(id);
    if (!noted) return;
    house.fetched(id, noted.upTo).catch((error: unknown) => {
      // The entries stay 'waiting' and are settled by the next fetch.
      house.log.warn({ fault: faultOf(error), conversation: id }, 'cannot note what the page fetched');
    });
  };

  const pass = async (req: Request, session: Session, watermark?: number) => {
    const resume = watermark === undefined ? '' : `watermark=${watermark}&`;
    return {
      conversationId: session.conversation,
      token: await token.session(session),
      expires_in: SESSION_SECONDS,
      streamUrl: `${origin(req, front).ws}/v3/directline/conversations/${session.conversation}/stream?${resume}t=${await token.stream(session.conversation)}`,
      referenceGrammarId: null,
    };
  };
  const begin = (req: Request): Session => {
    const asked = (req.body as { user?: { id?: unknown } } | undefined)?.user?.id;
    const user = typeof asked === 'string' && /^[\w.@-]{1,64}$/.test(asked) ? asked : undefined;
    return {
      // 128 bits that nobody can guess are the only key to a citizen's talk: never from a seeded source.
      conversation: `web:${randomBytes(16).toString('hex')}`,
      user: user ?? `dl_${randomBytes(8).toString('hex')}`,
    };
  };

  // ---- tokens and conversations

  router.post('/tokens/generate', async (req, res) => {
    if (!(await allow.conversations(senderOf(req.ip ?? '')))) return refuse(req, res, 'too-many');
    const { streamUrl: _, referenceGrammarId: __, ...issued } = await pass(req, begin(req));
    res.json(issued);
  });

  router.post('/tokens/refresh', async (req, res) => {
    const session = await token.readSession(bearer(req) ?? '', true);
    if (!session) return refuse(req, res, 'not-allowed');
    const { streamUrl: _, referenceGrammarId: __, ...issued } = await pass(req, session);
    res.json(issued);
  });

  router.post('/conversations', async (req, res) => {
    const shown = bearer(req);
    if (shown) {
      const session = await token.readSession(shown);
      if (!session) return refuse(req, res, 'not-allowed');
      res.status(201).json(await pass(req, session));
      return;
    }
    if (!(await allow.conversations(senderOf(req.ip ?? '')))) return refuse(req, res, 'too-many');
    res.status(201).json(await pass(req, begin(req)));
  });

  router.get('/conversations/:id', async (req, res) => {
    const session = await enter(req, res);
    if (session) res.json(await pass(req, session, asWatermark(req.query.watermark)));
  });

  router.get('/session/getsessionid', async (req, res) => {
    const session = await token.readSession(bearer(req) ?? '');
    if (!session) return refuse(req, res, 'not-allowed');
    // Only magic-code sign-in uses it, which this bot has not.
    res.json({ sessionId: '' });
  });

  // ---- listening

  router.get('/conversations/:id/activities', async (req, res) => {
    const session = await enter(req, res);
    if (!session) return;
    const from = asWatermark(req.query.watermark);
    try {
      const conversation = await house.readLog(session.conversation);
      if (!conversation) {
        res.json({ activities: [], watermark: String(from) } satisfies Frame);
        return;
      }
      const found = await frame(req, conversation, from);
      res.once('finish', () => seen(conversation, Number(found.watermark)));
      res.json(found);
    } catch (error) {
      house.log.warn({ fault: faultOf(error), conversation: session.conversation }, 'the log cannot be read');
      // Any other status makes Microsoft's polling client stop for good (measured).
      res.json({ activities: [], watermark: String(from) } satisfies Frame);
    }
  });

  // ---- speaking

  const take = async (
    req: Request,
    res: Response,
    session: Session,
    activity: ActivityIn,
    more: Pick<Inbound, 'files' | 'refused'> = {},
  ) => {
    if (looksUp(activity.text ?? '') && !(await allow.lookups(senderOf(req.ip ?? ''))))
      return refuse(req, res, 'too-many');
    const language = req.acceptsLanguages()[0];
    const id = await deliver(activity, session, language && language !== '*' ? { ...more, language } : more);
    if (id === undefined) return refuse(req, res, 'unavailable');
    res.json({ id });
  };

  /** The number of the entry it became; undefined when it could not be made durable, so that it is sent again. */
  const deliver = async (
    activity: ActivityIn,
    session: Session,
    more: Pick<Inbound, 'files' | 'refused' | 'language'>,
  ): Promise<string | undefined> => {
    try {
      const key = await adapter.receive(activity as Parameters<typeof adapter.receive>[0], session, more);
      if (key === undefined) return activity.type;
      const saved = await house.readLog(session.conversation);
      return String(saved?.log.find((e) => e.key === key && e.from === 'citizen')?.n ?? activity.type);
    } catch (error) {
      house.log.warn(
        { fault: faultOf(error), conversation: session.conversation },
        'a message was not taken',
      );
      return undefined;
    }
  };

  router.post('/conversations/:id/activities', async (req, res) => {
    const session = await enter(req, res);
    if (!session) return;
    const activity = ActivityIn.safeParse(req.body).data;
    if (!activity) return refuse(req, res, 'bad-input');
    if (activity.type === 'typing') {
      res.json({ id: 'typing' });
      return;
    }
    if (!(await allow.messages(session.conversation))) return refuse(req, res, 'too-many');
    await take(req, res, session, activity);
  });

  router.post('/conversations/:id/upload', async (req, res) => {
    const session = await enter(req, res);
    if (!session) return;
    const allowed =
      (await allow.messages(session.conversation)) && (await allow.uploads(session.conversation));
    if (!allowed) {
      req.resume();
      return refuse(req, res, 'too-many');
    }
    const read = await readUpload(req);
    if (!read.ok) return refuse(req, res, read.problems[0]?.code ?? 'bad-input');
    const { activity, files, dropped } = read.value;
    const known = await repeated(session, activity.channelData?.clientActivityID);
    if (known !== undefined) {
      res.json({ id: known });
      return;
    }
    const kept: FileRef[] = [];
    let refused: Inbound['refused'] = dropped > 0 ? 'other' : undefined;
    try {
      for (const file of files) {
        if (!file.bytes) {
          refused = 'file-size';
          continue;
        }
        const owner = session.conversation;
        const name = file.name.toWellFormed().replaceAll('\0', '');
        const result = await house.keepFile({ name, bytes: file.bytes, owner, at: house.clock.now() });
        if (result.ok) kept.push(result.value);
        else refused = REFUSED[result.problems[0]?.code ?? 'fault'] ?? 'other';
      }
    } catch (error) {
      house.log.warn(
        { fault: faultOf(error), conversation: session.conversation },
        'a file could not be kept',
      );
      return refuse(req, res, 'unavailable');
    }
    await take(req, res, session, activity, {
      ...(kept.length > 0 && { files: kept }),
      ...(refused && { refused }),
    });
  });

  /** An upload sent twice is not kept twice: the log knows the first. */
  const repeated = async (session: Session, client: string | undefined): Promise<string | undefined> => {
    if (client === undefined) return undefined;
    const conversation = await house.readLog(session.conversation).catch(() => undefined);
    const entry = conversation?.log.find((e) => e.from === 'citizen' && e.client === client);
    return entry && String(entry.n);
  };

  // ---- files

  router.get('/attachments/:key', async (req, res) => {
    const id = req.params.key;
    const linked = await token.readFile(typeof req.query.t === 'string' ? req.query.t : '');
    if (linked !== id && !(await mayOpen(req, id))) return refuse(req, res, 'not-allowed');
    const file = await house.openFile(id).catch((error: unknown) => {
      house.log.warn({ fault: faultOf(error), file: id }, 'a file cannot be read');
      return 'away' as const;
    });
    if (file === 'away') return refuse(req, res, 'unavailable');
    if (!file) return refuse(req, res, 'not-found');
    const shown = file.meta.type.startsWith('image/') ? 'inline' : 'attachment';
    res.set({
      'Content-Type': file.meta.type,
      'Content-Disposition': `${shown}; filename*=UTF-8''${encodeURIComponent(file.meta.name.toWellFormed())}`,
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cache-Control': 'private, max-age=3600, immutable',
    });
    res.end(Buffer.from(file.bytes));
  });

  const mayOpen = async (req: Request, id: string): Promise<boolean> => {
    const session = await token.readSession(bearer(req) ?? '');
    if (!session) return false;
    const conversation = await house.readLog(session.conversation).catch(() => undefined);
    return conversation?.log.some((e) => e.files?.some((f) => f.id === id)) ?? false;
  };

  const live = streams(house, token, frame, seen);
  return {
    router,
    upgrade: live.upgrade,
    async close() {
      await live.close();
      for (const { timer } of fetched.values()) clearTimeout(timer);
    },
  };
}

/** Why a file was refused, in the words the dialogue knows. */
const REFUSED: Partial<Record<ProblemCode, Inbound['refused']>> = {
  'too-large': 'file-size',
  'wrong-type': 'file-type',
  'bad-input': 'picture-size',
};

function asWatermark(value: unknown): number {
  const n = typeof value === 'string' ? Number.parseInt(value, 10) : 0;
  return Number.isSafeInteger(n) && n > 0 ? n : 0;
}
