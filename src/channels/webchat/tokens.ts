// The three signed strings of Direct Line: a session's token, a stream's ticket, a file's link. Hides the
// signing; knows nothing of requests. HS256, one secret for all replicas.
import { jwtVerify, SignJWT } from 'jose';
import { ConversationId, type Instant } from '../../core/message.ts';

export interface Session {
  conversation: ConversationId;
  user: string;
}

/** DirectLineJS refreshes every 15 minutes whatever it is told, so a token must live at least twice that. */
export const SESSION_SECONDS = 30 * 60;
/** How long after its issue a token may still be exchanged for a new one: the citizen who returns next week. */
const REFRESH_SECONDS = 30 * 24 * 60 * 60;
const STREAM_SECONDS = 60;
const FILE_SECONDS = 60 * 60;

type Purpose = 'session' | 'stream' | 'file';

export interface Tokens {
  session(session: Session): Promise<string>;
  /** Undefined when forged, meant for something else, or too old. `forRefresh` reads an expired one as well. */
  readSession(token: string, forRefresh?: boolean): Promise<Session | undefined>;
  stream(conversation: ConversationId): Promise<string>;
  readStream(token: string): Promise<ConversationId | undefined>;
  file(id: string): Promise<string>;
  readFile(token: string): Promise<string | undefined>;
}

/** Makes and reads tokens by the given clock. */
export function tokens(secret: string, now: () => Instant): Tokens {
  const key = new TextEncoder().encode(secret);
  const seconds = () => Math.floor(now() / 1000);

  const sign = (purpose: Purpose, claims: Record<string, string>, life: number) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(purpose)
      .setIssuedAt(seconds())
      .setExpirationTime(seconds() + life)
      .sign(key);

  const read = async (purpose: Purpose, token: string, tolerance = 0) => {
    if (token.length > 2_000) return undefined;
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        audience: purpose,
        currentDate: new Date(now()),
        clockTolerance: tolerance,
      });
      return payload;
    } catch {
      return undefined;
    }
  };
  const conversationOf = (claim: unknown) => ConversationId.safeParse(claim).data;

  return {
    session: ({ conversation, user }) => sign('session', { conv: conversation, user }, SESSION_SECONDS),
    async readSession(token, forRefresh) {
      const claims = await read('session', token, forRefresh ? REFRESH_SECONDS - SESSION_SECONDS : 0);
      const conversation = conversationOf(claims?.conv);
      if (!conversation || typeof claims?.user !== 'string') return undefined;
      return { conversation, user: claims.user };
    },
    stream: (conversation) => sign('stream', { conv: conversation }, STREAM_SECONDS),
    readStream: async (token) => conversationOf((await read('stream', token))?.conv),
    file: (id) => sign('file', { file: id }, FILE_SECONDS),
    async readFile(token) {
      const file = (await read('file', token))?.file;
      return typeof file === 'string' ? file : undefined;
    },
  };
}
