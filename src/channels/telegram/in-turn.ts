// Work of one chat runs in the order it came; chats do not wait for each other.

export interface InTurn {
  <T>(chat: string, work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

/** A fresh set of queues. */
export function inTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  const take = <T>(chat: string, work: () => Promise<T>): Promise<T> => {
    const run = (last.get(chat) ?? Promise.resolve()).then(work);
    const done = run.then(
      () => undefined,
      () => undefined,
    );
    last.set(chat, done);
    void done.then(() => {
      if (last.get(chat) === done) last.delete(chat);
    });
    return run;
  };
  return Object.assign(take, {
    idle: async () => {
      while (last.size > 0) await Promise.all(last.values());
    },
  });
}
