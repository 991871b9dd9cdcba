// The one place where parts are joined. Only entries import it; they bring the clock and the ids.
import { actOnCase } from './app/act-on-case.ts';
import { changes } from './app/changes.ts';
import { askChild } from './app/child.ts';
import { contactPages, contactToken } from './app/contact.ts';
import { converse } from './app/converse.ts';
import { every } from './app/every.ts';
import { keepFile } from './app/keep-file.ts';
import { type LiveContent, liveContent, openRelease } from './app/live-content.ts';
import type { Parts } from './app/parts.ts';
import { playTalk } from './app/play-talk.ts';
import type { Channel, Clock, Ids, Log, Release, Store } from './app/ports.ts';
import { release } from './app/release.ts';
import { markFetched, send } from './app/send.ts';
import { settleCase } from './app/settle-case.ts';
import { KEEP_DAYS, type Swept, sweep } from './app/sweep.ts';
import { wake } from './app/wake.ts';
import type { Telegram } from './channels/telegram/index.ts';
import type { Config } from './config.ts';
import { keysOf } from './core/cases/index.ts';
import { type Content, parse } from './core/content/index.ts';
import type { Reader } from './core/nlu/index.ts';
import type { TalkLine } from './core/transcript.ts';
import type { HttpHouse } from './http/house.ts';
import { startHttp } from './http/server.ts';
import { readFolder } from './store/folder.ts';
import { openSqlite, sqlitePath } from './store/sqlite/index.ts';

export interface Edges {
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Folder that holds intents/ and locales/. */
  root: string;
}

export interface House {
  store: Store;
  parts: Parts;
  live: LiveContent;
  converse: ReturnType<typeof converse>;
  act: ReturnType<typeof actOnCase>;
  /** Everything due now, once. */
  wakeOnce: () => Promise<void>;
  keepFile: HttpHouse['keepFile'];
  /** Starts serving: HTTP, channels, heartbeat. */
  serve: () => Promise<{ url: string; port: number }>;
  /** Stops taking work, finishes what runs, closes the store. */
  stop: () => Promise<void>;
}

/** SQLite under DATA_DIR, or MongoDB when its address is given. */
export async function openStore(config: Config, clock: Clock): Promise<Store> {
  if (!config.mongodbUri) return openSqlite({ path: sqlitePath(config.dataDir), clock, keysOf });
  // Loaded where it is used: the driver takes 40 MB and a quarter of a second.
  const { openMongo } = await import('./store/mongo/index.ts');
  return openMongo({ uri: config.mongodbUri, clock, keysOf });
}

/** Opens the store and the live release; an empty store gets release 1 from the files. Throws with the reason. */
export async function wire(config: Config, edges: Edges): Promise<House> {
  const { clock, log } = edges;
  const store = await openStore(config, clock);
  try {
    return await join(config, edges, store);
  } catch (error) {
    await store.close();
    throw error;
  }

  async function join(config: Config, edges: Edges, store: Store): Promise<House> {
    const sources = await readFolder(edges.root);
    const own = parse(sources);
    if (!own.ok)
      throw new Error(
        `nội dung có lỗi: ${own.problems[0]!.where}: ${own.problems[0]!.message} (xem npm run check)`,
      );
    const first = await firstRelease(store, config, edges.root);
    const live = liveContent(store, await openRelease(store, first, own.value), own.value, log);

    const codeSecret = await store.secret('case-codes');
    const linkSecret = await store.secret('contact-links');
    let base =
      config.publicUrl || `http://${config.host === '0.0.0.0' ? 'localhost' : config.host}:${config.port}`;
    const nowhere: Channel = { pull: true, send: async () => ({ failed: 'unavailable' }) };
    let telegram: Telegram | undefined;
    const news = changes(store.conversations, clock, log);
    const parts: Parts = {
      store,
      clock,
      log,
      live: live.current,
      codeSecret,
      official: config.officialChannel,
      contactLink: (code, id) => {
        // Telegram is read on another machine: without a public address the page cannot be reached from there.
        if (id.startsWith('telegram:') && !config.publicUrl) return undefined;
        const path = `/lien-he/${contactToken(linkSecret, code, clock.now())}`;
        // A page of the web chat knows best under which address it reached us.
        return id.startsWith('web:') ? path : `${base}${path}`;
      },
      channelOf: (id) => (id.startsWith('telegram:') ? telegram?.channel : nowhere),
      hint: (what) => {
        if (what.conversation) news.changed(what.conversation);
        heart.hint(what);
      },
    };
    const say = converse(parts);
    const settle = settleCase(parts, say);
    const heart = wake(parts, send(parts, settle), settle);
    const fetched = markFetched(parts, settle);
    const pages = contactPages({ store, clock, secret: linkSecret, official: config.officialChannel });
    const keep: House['keepFile'] = (upload) => keepFile(store.files, upload);
    if (config.telegramToken) {
      const { openTelegram } = await import('./channels/telegram/index.ts');
      telegram = await openTelegram({
        token: config.telegramToken,
        apiRoot: config.telegramApiRoot,
        ...(config.publicUrl && { publicUrl: config.publicUrl }),
        secret: await store.secret('telegram-webhook'),
        converse: say,
        keepFile: keep,
        openFile: (id) => store.files.open(id),
        wording: () => live.current().content.wording,
        clock,
        log,
      });
    }

    const http: HttpHouse = {
      converse: async (m) => ((await say(m)) === 'busy' ? 'busy' : 'saved'),
      readLog: (id) => store.conversations.load(id),
      fetched,
      onChange: news.onChange,
      keepFile: keep,
      openFile: (id) => store.files.open(id),
      secret: await store.secret('web-tokens'),
      clock,
      ids: edges.ids,
      log,
      ready: async () => {
        await store.ping();
        const { n, fingerprint } = live.current();
        const trouble = live.trouble();
        return { ok: true, release: { n, fingerprint }, problems: trouble ? [trouble] : [] };
      },
      contact: pages.open,
      saveContact: pages.save,
      ...(telegram?.webhook && { telegram: telegram.webhook }),
      config: {
        host: config.host,
        port: config.port,
        officialChannel: config.officialChannel,
        keepDays: KEEP_DAYS,
        ...(config.publicUrl && { publicUrl: config.publicUrl }),
        ...(config.trustProxy && { trustProxy: config.trustProxy }),
        ...(!config.embedOrigins.includes('*') && { embedOrigins: config.embedOrigins }),
      },
    };

    let server: Awaited<ReturnType<typeof startHttp>> | undefined;
    let from: Swept['next'];
    /** A round a minute after the start, the rest of the files in rounds close behind it, then every hour. */
    const sweeping = every(
      60_000,
      async () => {
        from = (await sweep({ store, clock, log }, from)).next;
        return from ? 5_000 : 3_600_000;
      },
      (error) => log.warn({ error: error instanceof Error ? error.name : '' }, 'sweep failed'),
    );
    return {
      store,
      parts,
      live,
      converse: say,
      act: actOnCase(parts),
      wakeOnce: heart.once,
      keepFile: keep,
      serve: async () => {
        server = await startHttp(http);
        if (!config.publicUrl) base = server.url;
        live.start();
        news.start();
        heart.start();
        await telegram?.start();
        sweeping.start();
        return { url: server.url, port: server.port };
      },
      stop: async () => {
        const ended = [sweeping.stop(), live.stop()];
        await telegram?.stop();
        await server?.close();
        await Promise.all([...ended, news.stop(), heart.stop()]);
        await store.close();
      },
    };
  }
}

export interface FirstTask {
  config: Config;
  root: string;
}

/** The live release, or release 1 made from the files when the store is empty. Two replicas may race: one wins. */
async function firstRelease(store: Store, config: Config, root: string): Promise<Release> {
  for (;;) {
    const n = await store.releases.live();
    const found = n === undefined ? undefined : await store.releases.load(n);
    if (found) return found;
    const child = askChild(new URL('./cli/first-release.ts', import.meta.url), {
      config,
      root,
    } satisfies FirstTask);
    const fault = await child.answer.finally(child.end);
    if (typeof fault === 'string') throw new Error(fault);
  }
}

/** Release 1 from the files under `root`; what stands in the way of it, if anything. */
export async function makeFirst(config: Config, root: string): Promise<string | undefined> {
  const clock = { now: Date.now };
  const store = await openStore(config, clock);
  try {
    const made = await release({ store, clock, say: () => {} }, await readFolder(root), {
      by: 'khởi động',
      note: 'Bản đầu tiên, từ tệp',
      origin: 'files',
      unmeasured: true,
    });
    if (made.ok || made.problems[0]!.code === 'conflict') return undefined;
    const { where, message } = made.problems[0]!;
    return `không lập được bản phát hành đầu tiên: ${where ?? ''} ${message} (xem npm run check)`;
  } finally {
    await store.close();
  }
}

/** Plays a talk on a fresh product in memory, on the given content. */
export function rehearsal(content: Content, reader: Reader): (script: TalkLine[]) => Promise<TalkLine[]> {
  return (script) =>
    playTalk(
      { content, reader, openStore: (clock) => openSqlite({ path: ':memory:', clock, keysOf }) },
      script,
    );
}
