// Entry: serve until told to stop, then drain. One of the four places that catch.
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { configOrExit } from './config.ts';
import { ensureWeb } from './http/web-assets.ts';
import { wire } from './wire.ts';

const DRAIN_MS = 9_000;

const config = configOrExit();
const log = pino({ level: config.logLevel });
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

process.on('unhandledRejection', (error) => {
  log.fatal(
    {
      error:
        error instanceof Error ? { name: error.name, at: error.stack?.split('\n')[1]?.trim() } : typeof error,
    },
    'unhandled rejection',
  );
  process.exit(1);
});

try {
  // Before anything is learned: a build that cannot be made is said at once.
  await ensureWeb();
  const house = await wire(config, {
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
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'draining');
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    house.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error: error instanceof Error ? error.message : '' }, 'drain failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
} catch (error) {
  console.error(`Không khởi động được: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
