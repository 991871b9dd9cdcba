// Updates on their way to the bot: long polling with confirmed offsets, or a webhook with a secret, one request a
// chat at a time, repeated with growing pauses until it is answered 200.

export interface Queued {
  id: number;
  chat: number;
  body: unknown;
  /** Delivered once more although it was confirmed: what a crash between two data centres looks like. */
  again?: boolean;
}

export interface Hook {
  url: string;
  secret?: string;
  max: number;
  lastError?: string;
}

export class Deliveries {
  queue: Queued[] = [];
  hook: Hook | undefined;
  /** Unanswered webhook requests are repeated after this, doubling. */
  retryMs = 50;
  /** Several webhook requests of one chat at once: two data centres, or a test of order. */
  unordered = false;
  /** Called when updates have just been handed over, by whichever way. */
  onHandOver: ((updates: unknown[]) => void) | undefined;
  private ids = 1000;
  private poller: ((taken: 'conflict' | 'closed' | 'more') => void) | undefined;
  private readonly flying = new Set<Queued>();
  private closed = false;
  readonly attempts: { id: number; status: number | 'broken' }[] = [];

  nextId(): number {
    return ++this.ids;
  }

  push(chat: number, body: Record<string, unknown>): number {
    const id = this.nextId();
    this.enqueue({ id, chat, body: { update_id: id, ...body } });
    return id;
  }

  enqueue(q: Queued): void {
    this.queue.push(q);
    this.poller?.('more');
    this.fly();
  }

  /** Long poll: confirms everything below `offset`, waits up to `timeout` seconds for more. */
  async getUpdates(
    offset: number,
    limit: number,
    timeout: number,
    gone: AbortSignal,
  ): Promise<unknown[] | 'conflict' | 'hook'> {
    if (this.hook) return 'hook';
    this.poller?.('conflict');
    if (offset > 0) this.queue = this.queue.filter((q) => q.id >= offset || q.again);
    const end = Date.now() + timeout * 1000;
    for (;;) {
      const due = this.queue.filter((q) => q.id >= offset || q.again).slice(0, limit);
      if (gone.aborted) return [];
      for (const q of due) q.again = false;
      if (due.length > 0 || Date.now() >= end || this.closed) {
        // After the answer is on its way.
        if (due.length > 0) setTimeout(() => this.onHandOver?.(due.map((q) => q.body)), 1);
        return due.map((q) => q.body);
      }
      const why = await new Promise<string>((resolve) => {
        const timer = setTimeout(() => resolve('more'), end - Date.now());
        const done = (reason: string): void => {
          clearTimeout(timer);
          if (this.poller === done) this.poller = undefined;
          resolve(reason);
        };
        this.poller = done;
        gone.addEventListener('abort', () => done('closed'));
      });
      if (why === 'conflict') return 'conflict';
    }
  }

  setHook(hook: Hook | undefined): void {
    this.hook = hook;
    this.fly();
  }

  private fly(): void {
    const { hook } = this;
    if (!hook || this.closed) return;
    for (const q of this.queue) {
      if (this.flying.size >= hook.max) return;
      const busy = this.flying.has(q) || (!this.unordered && [...this.flying].some((f) => f.chat === q.chat));
      if (!busy) void this.deliver(q);
    }
  }

  private async deliver(q: Queued): Promise<void> {
    this.flying.add(q);
    let wait = this.retryMs;
    while (this.hook && !this.closed) {
      const status = await this.post(this.hook, q.body);
      this.attempts.push({ id: q.id, status });
      if (typeof status === 'number' && status >= 200 && status < 300) {
        this.queue = this.queue.filter((x) => x !== q);
        break;
      }
      this.hook.lastError = `Wrong response from the webhook: ${status}`;
      await new Promise((r) => setTimeout(r, wait));
      wait = Math.min(wait * 2, 2000);
    }
    this.flying.delete(q);
    this.fly();
  }

  private async post(hook: Hook, body: unknown): Promise<number | 'broken'> {
    try {
      const answer = await fetch(hook.url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(hook.secret !== undefined && { 'X-Telegram-Bot-Api-Secret-Token': hook.secret }),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(60_000),
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return 'broken';
    }
  }

  close(): void {
    this.closed = true;
    this.poller?.('closed');
  }
}
