// Entry: serve until told to stop, then drain. One of the four places that catch.
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { faultOf } from './channels/fault.ts';
import { configOrExit } from './config.ts';
import { ensureWeb } from './http/web-assets.ts';
import { type House, wire } from './wire.ts';

const DRAIN_MS = 9_000;

const config = configOrExit();
const log = pino({ level: config.logLevel });
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** Node would print the whole exception, and with it what a parser or a store quotes of a citizen's words. */
const lastWords = (what: string) => (error: unknown) => {
  log.fatal({ fault: faultOf(error) }, what);
  process.exit(1);
};
process.on('unhandledRejection', lastWords('unhandled rejection'));
process.on('uncaughtException', lastWords('uncaught exception'));

/** Undefined while it opens: nothing is taken yet that would have to be finished. */
let house: House | undefined;
let stopping = false;
const stop = (signal: string): void => {
  if (stopping) return;
  stopping = true;
  if (!house) process.exit(0);
  log.info({ signal }, 'draining');
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
  house.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ fault: faultOf(error) }, 'drain failed');
      process.exit(1);
    },
  );
};
process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGINT', () => stop('SIGINT'));

try {
  // Before anything is learned: a build that cannot be made is said at once.
  await ensureWeb();
  house = await wire(config, {
    clock: { now: Date.now },
    ids: () => randomBytes(16).toString('hex'),
    log,
    root,
  });
  const { url } = await house.serve();
  const { n } = house.live.current();
  console.log(
    `Một Cửa đang chạy tại ${url} (bản phát hành ${n}, lưu ở ${config.mongodbUri ? 'MongoDB' : config.dataDir}${config.telegramToken ? ', có Telegram' : ''}).`,
  );
} catch (error) {
  console.error(`Không khởi động được: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
