// The browser's end of a talk: WebSocket first, polling where that is barred, patience when the line is down.
// Hides watermarks, repeats and order; shows one list of messages and one state of the line.
import { activityOf, type Outgoing, type Shown, shownOf } from './activities.ts';
import * as directLine from './direct-line.ts';
import { forget, keepUnsent, onForgotten, onSettled, recall, recallUnsent, remember } from './memory.ts';
import { settings } from './texts.ts';

export type Line = 'connecting' | 'online' | 'lost' | 'ended';
export interface View {
  line: Line;
  messages: Shown[];
  /** Waiting for the bot's word. */
  typing: boolean;
}

const OPEN_WITHIN = 6_000;
/** The server sends something at least every 20 s. */
const SILENT_FOR = 50_000;
/** Half a token's life. */
const REFRESH_EVERY = 15 * 60_000;
/** Half the life of a link to a file. */
const LINKS_GOOD_FOR = 30 * 60_000;
const ECHO_WITHIN = 3_000;
const POLL_EVERY = 2_500;
/** With the 2 s that a 503 asks for: a store that is away for 10 s goes unnoticed. */
const TRIES = 8;

const hex = (bytes: number) =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (b) => b.toString(16).padStart(2, '0')).join('');

export class Client {
  #changed: (view: View) => void;
  #session: directLine.Pass | undefined;
  #line: Line = 'connecting';
  #said = new Map<number, Shown>();
  #out: Outgoing[] = [];
  #watermark = 0;
  /** When the oldest address of a file was given. */
  #linked = Date.now();
  #socket: WebSocket | undefined;
  #wake: (() => void) | undefined;
  #flushing = false;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #run = 0;
  /** Id of the event that greets, until it was taken. */
  #toOpen = '';

  constructor(changed: (view: View) => void) {
    this.#changed = changed;
    addEventListener('online', () => this.#hurry());
    addEventListener('offline', () => this.#socket?.close());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.#hurry();
    });
    onForgotten(() => this.#leave());
    onSettled((client) => {
      if (this.#out.some((m) => m.key === client)) this.drop(client);
    });
  }

  /** Begins, or goes on with what this device remembers. */
  start(): void {
    this.#session = recall();
    this.#out = recallUnsent().map((u) => ({
      key: u.client,
      at: u.at,
      from: 'citizen',
      text: u.text,
      state: 'waiting',
      choice: u.choice,
      choiceOf: u.n,
      place: u.place,
    }));
    this.#set('connecting');
    void this.#keepLine(++this.#run);
  }

  say(text: string, press?: { choice: string; n?: number }): void {
    this.#queue({ text, choice: press?.choice, choiceOf: press?.n });
  }

  send(text: string, files: File[]): void {
    const shown = files.map((f) => ({ name: f.name, type: f.type, url: URL.createObjectURL(f) }));
    this.#queue({ text, upload: files, files: shown, percent: 0 });
  }

  /** Sends a pin on the map. */
  pin(place: { lat: number; lon: number }): void {
    this.#queue({ place });
  }

  retry(key: string): void {
    for (const m of this.#out) if (m.key === key) Object.assign(m, { state: 'sending', problem: undefined });
    this.#show();
    void this.#flush();
  }

  drop(key: string): void {
    this.#out = this.#out.filter((m) => m.key !== key);
    this.#keep();
    this.#show();
  }

  /** Ends the talk and forgets it on this device. */
  end(): void {
    forget();
    this.#leave();
  }

  // ---- the line

  async #keepLine(run: number): Promise<void> {
    let failures = 0;
    while (run === this.#run) {
      try {
        const stream = this.#session ? await this.#resume(this.#session) : await this.#begin(run);
        // Ended while the server was asked: what it answered belongs to nobody.
        if (run !== this.#run || !this.#session) return;
        if (this.#toOpen)
          await directLine.post(this.#session, {
            type: 'event',
            name: 'open',
            channelData: { clientActivityID: this.#toOpen },
          });
        this.#toOpen = '';
        const well = () => {
          failures = 0;
        };
        if (!(await this.#listen(stream, well))) {
          await this.#poll(run, well);
          continue;
        }
      } catch (e) {
        if (run !== this.#run) return;
        if (e instanceof directLine.Refused && (e.status === 403 || e.status === 404)) {
          // Too old to be resumed (30 days), or signed by a house that is no more: begin anew.
          if (!this.#session) failures++;
          this.#session = undefined;
          this.#said.clear();
          this.#watermark = 0;
          forget();
          if (failures < 2) continue;
        }
      }
      if (run !== this.#run) return;
      failures++;
      // A restart of the server takes a second or two: no need to alarm anybody.
      if (failures > 1 || !navigator.onLine) this.#set('lost');
      else this.#set('connecting');
      const pause = Math.min(15_000, 400 * 2 ** failures) * (0.7 + Math.random() * 0.6);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async #begin(run: number): Promise<string> {
    const { pass, stream } = await directLine.begin();
    if (run === this.#run) {
      this.#session = pass;
      this.#toOpen = hex(8);
      this.#keep();
    }
    return stream;
  }

  async #resume(session: directLine.Pass): Promise<string> {
    await this.#refresh(session);
    return directLine.resume(session, this.#watermark);
  }

  async #refresh(session: directLine.Pass): Promise<void> {
    session.token = await directLine.refresh(session);
    this.#keep();
    if (Date.now() - this.#linked > LINKS_GOOD_FOR) await this.#renewLinks(session);
  }

  /** A page that stays open for hours still opens its photos: the log gives each of its files a fresh address. */
  async #renewLinks(session: directLine.Pass): Promise<void> {
    if (![...this.#said.values()].some((m) => m.files?.length)) return;
    const { activities } = await directLine.read(session, 0);
    if (session !== this.#session) return;
    this.#linked = Date.now();
    for (const a of activities) {
      const fresh = shownOf(a, location.host);
      const shown = this.#said.get(fresh.n ?? 0);
      if (shown?.files && fresh.files) this.#said.set(fresh.n ?? 0, { ...shown, files: fresh.files });
    }
    this.#show();
  }

  /** Listens until the socket closes. False when it never opened. */
  #listen(streamUrl: string, well: () => void): Promise<boolean> {
    return new Promise((resolve) => {
      // The page knows its own scheme and host better than a server behind a proxy.
      const { pathname, search } = new URL(streamUrl);
      const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${pathname}${search}`);
      this.#socket = socket;
      let open = false;
      let guard = setTimeout(() => socket.close(), OPEN_WITHIN);
      const listenOn = () => {
        clearTimeout(guard);
        guard = setTimeout(() => done(), SILENT_FOR);
      };
      const refresh = setInterval(() => {
        if (this.#session) void this.#refresh(this.#session).catch(() => undefined);
      }, REFRESH_EVERY);
      const done = () => {
        clearTimeout(guard);
        clearInterval(refresh);
        socket.onclose = null;
        socket.close();
        if (this.#socket === socket) this.#socket = undefined;
        resolve(open);
      };
      socket.onopen = () => {
        open = true;
        well();
        listenOn();
        this.#set('online');
        void this.#flush();
      };
      socket.onmessage = (e) => {
        listenOn();
        if (e.data) this.#take(JSON.parse(e.data) as directLine.Frame);
      };
      socket.onclose = done;
    });
  }

  /** For a minute, where sockets are barred; then the socket is tried again. */
  async #poll(run: number, well: () => void): Promise<void> {
    const until = Date.now() + 60_000;
    while (run === this.#run && Date.now() < until) {
      await this.#fetch();
      well();
      this.#set('online');
      void this.#flush();
      await new Promise((r) => setTimeout(r, POLL_EVERY));
    }
  }

  async #fetch(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    const frame = await directLine.read(session, this.#watermark);
    if (session === this.#session) this.#take(frame);
  }

  #hurry(): void {
    this.#wake?.();
  }

  #leave(): void {
    this.#run++;
    this.#socket?.close();
    this.#wake?.();
    this.#session = undefined;
    this.#said.clear();
    this.#out = [];
    this.#watermark = 0;
    this.#set('ended');
  }

  // ---- what is said

  #queue(message: Partial<Outgoing>): void {
    if (this.#line === 'ended') this.start();
    this.#out.push({ key: hex(12), at: Date.now(), from: 'citizen', text: '', state: 'sending', ...message });
    this.#keep();
    this.#show();
    void this.#flush();
  }

  /** Sends what is queued, in order, one at a time. A message is sent again under its own id until it is taken. */
  async #flush(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    let tries = 0;
    try {
      for (;;) {
        const m = this.#out.find((o) => !o.taken && o.state !== 'failed');
        const session = this.#session;
        if (!m || !session) return;
        m.state = 'sending';
        this.#show();
        try {
          const { id } = await this.#hand(session, m);
          tries = 0;
          m.taken = true;
          // A log that does not keep the words (they asked to be erased) will not echo them.
          if (Number.isNaN(Number(id))) this.drop(m.key);
          else setTimeout(() => this.#missEcho(m), ECHO_WITHIN);
          this.#expectWord();
        } catch (e) {
          const refused = e instanceof directLine.Refused ? e : undefined;
          tries++;
          if (refused?.status === 403 && tries < TRIES) await this.#refresh(session).catch(() => undefined);
          else if (refused && (refused.status === 429 || refused.status >= 500) && tries < TRIES)
            await new Promise((r) => setTimeout(r, refused.wait * 1_000 || 1_000 * tries));
          else if (refused) {
            Object.assign(m, { state: 'failed', problem: refused.code });
            tries = 0;
          } else {
            // No line: it goes by itself when there is one again.
            m.state = 'waiting';
            return;
          }
        }
      }
    } finally {
      this.#flushing = false;
      this.#keep();
      this.#show();
    }
  }

  async #missEcho(m: Outgoing): Promise<void> {
    if (!this.#out.includes(m)) return;
    // Taken, and yet nothing came back: the socket is dead without knowing it.
    this.#socket?.close();
    await this.#fetch().then(
      () => this.drop(m.key),
      () => undefined,
    );
  }

  #hand(session: directLine.Pass, m: Outgoing): Promise<{ id: string }> {
    const activity = activityOf(m, settings.lang);
    if (!m.upload) return directLine.post(session, activity);
    return directLine.upload(session, activity, m.upload, (percent) => {
      m.percent = percent;
      this.#show();
    });
  }

  #take(frame: directLine.Frame): void {
    for (const a of frame.activities) {
      if (a.type !== 'message') continue;
      if (a.channelData?.erased) {
        this.#said.clear();
        this.#out = this.#out.filter((o) => !o.taken);
      }
      const shown = shownOf(a, location.host);
      const mine = this.#out.find((o) => o.key === shown.key);
      // The picture chosen on this device is already drawn; no need to load it back.
      if (mine?.files && shown.files?.length === mine.files.length) shown.files = mine.files;
      this.#out = this.#out.filter((o) => o !== mine);
      this.#said.set(shown.n ?? 0, shown);
      if (shown.from !== 'citizen') this.#expectWord(false);
    }
    if (frame.watermark) this.#watermark = Number(frame.watermark) || this.#watermark;
    this.#keep();
    this.#show();
  }

  #expectWord(expect = true): void {
    clearTimeout(this.#typing);
    this.#typing =
      expect && this.#out.length > 0 ? setTimeout(() => this.#expectWord(false), 10_000) : undefined;
    this.#show();
  }

  #keep(): void {
    if (!this.#session) return;
    remember(this.#session);
    keepUnsent(
      this.#out
        .filter((o) => !o.upload && !o.taken)
        .map(({ key, at, text, choice, choiceOf, place }) => ({
          client: key,
          at,
          text,
          choice,
          n: choiceOf,
          place,
        })),
    );
  }

  #set(line: Line): void {
    this.#line = line;
    this.#show();
  }

  #show(): void {
    const said = [...this.#said.values()].sort((a, b) => (a.n ?? 0) - (b.n ?? 0));
    this.#changed({
      line: this.#line,
      messages: [...said, ...this.#out.map((o) => ({ ...o }))],
      typing: this.#typing !== undefined,
    });
  }
}
