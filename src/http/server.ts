// The HTTP server: joins Direct Line, pages, health and the webhook, and drains. Knows no store and no channel's
// inside; everything it serves is handed in.

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler } from 'express';
import helmet from 'helmet';
import { faultOf } from '../channels/fault.ts';
import { directLine } from '../channels/webchat/direct-line.ts';
import { errorEdge, refuse } from './errors.ts';
import { health } from './health.ts';
import type { HttpHouse } from './house.ts';
import { pages } from './pages/index.ts';
import { useAssets } from './pages/layout.ts';
import { ensureWeb, webAssets } from './web-assets.ts';
import { webhook } from './webhook.ts';

const DRAIN_MS = 8_000;

export interface HttpServer {
  url: string;
  port: number;
  /** Stops accepting, sends open chats away, lets running requests finish, at most 8 s. */
  close(): Promise<void>;
}

/** Listens; resolves once requests are served. Rejects when the port is taken. */
export async function startHttp(house: HttpHouse): Promise<HttpServer> {
  await ensureWeb();
  const built = await webAssets();
  useAssets(built);
  const { config, log } = house;
  const line = directLine(house, refuse, {
    ...(config.publicUrl && { publicUrl: config.publicUrl }),
    trustProxy: Boolean(config.trustProxy),
  });
  let draining = false;

  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.trustProxy ?? false);
  app.set('query parser', 'simple');
  app.use((_req, res, next) => {
    res.locals.requestId = randomBytes(6).toString('hex');
    res.set('X-Request-Id', res.locals.requestId);
    if (draining) res.set('Connection', 'close');
    next();
  });
  app.use(security(config));
  app.use(health(house));
  if (house.telegram) app.use(webhook(house.telegram, log));
  app.use(built.router);
  app.use('/v3/directline', crossOrigin, express.json({ limit: '256kb' }), line.router);
  app.use(pages(house));
  app.use((req, res) => refuse(req, res, 'not-found'));
  app.use(errorEdge(log));

  const server = createServer(app);
  server.requestTimeout = 120_000;
  server.headersTimeout = 20_000;
  // Longer than the 60 s that common proxies reuse a connection for.
  server.keepAliveTimeout = 65_000;
  server.on('upgrade', (req, socket, head) => {
    line.upgrade(req, socket, head).catch((error: unknown) => {
      log.error({ fault: faultOf(error) }, 'upgrade failed');
      socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const shown = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;

  return {
    port,
    url: `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`,
    async close() {
      draining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      // A connection falls idle when its last answer is out, at any moment of the drain.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      await line.close();
      await closed;
      clearInterval(idle);
      clearTimeout(late);
    },
  };
}

/** Strict for every page; `/embed` alone may stand in a frame. */
function security(config: HttpHouse['config']): RequestHandler {
  const https = config.publicUrl?.startsWith('https:') ?? false;
  const guard = (framedBy: string[]) =>
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          'default-src': ["'none'"],
          'script-src': ["'self'"],
          'style-src': ["'self'"],
          'img-src': ["'self'", 'data:', 'blob:'],
          // Older Safari does not count the page's own WebSocket as 'self'.
          'connect-src': ["'self'", (req) => socketOf(req.headers.host, https)],
          'manifest-src': ["'self'"],
          'form-action': ["'self'"],
          'base-uri': ["'none'"],
          'frame-ancestors': framedBy,
        },
      },
      frameguard: framedBy.includes("'none'") && { action: 'deny' },
      strictTransportSecurity: https && { maxAge: 31_536_000 },
      referrerPolicy: { policy: 'same-origin' },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
    });
  const closed = guard(["'none'"]);
  const open = guard(config.embedOrigins ?? ['*']);
  return (req, res, next) => {
    res.set('Permissions-Policy', 'camera=(), microphone=(), geolocation=(self)');
    (req.path === '/embed' ? open : closed)(req, res, next);
  };
}

const socketOf = (host: string | undefined, https: boolean) =>
  host && /^[\w.-]+(:\d+)?$/.test(host) ? `${https ? 'wss' : 'ws'}://${host}` : "'self'";

/** Microsoft's clients may run on other sites; tokens are shown in headers, never in cookies. */
const crossOrigin: RequestHandler = (req, res, next) => {
  res.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Headers': 'authorization, content-type, x-ms-bot-agent, x-requested-with',
    'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
    'Access-Control-Max-Age': '600',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Cache-Control': 'no-store',
  });
  if (req.method === 'OPTIONS') {
    res.status(204).end();
    return;
  }
  next();
};
