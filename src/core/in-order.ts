// One promise chain a key: work for the same key runs one after another in arrival order, others in parallel.

export interface InOrder {
  <T>(key: string, work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

/** A fresh set of chains. */
export function inOrder(): InOrder {
  const chains = new Map<string, Promise<unknown>>();
  const take = <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const run = (chains.get(key) ?? Promise.resolve()).then(work);
    const last = run.then(
      () => undefined,
      () => undefined,
    );
    // Kept only while it is the last of its key: the map does not grow with conversations.
    chains.set(key, last);
    void last.then(() => {
      if (chains.get(key) === last) chains.delete(key);
    });
    return run;
  };
  return Object.assign(take, {
    idle: async () => {
      while (chains.size > 0) await Promise.all(chains.values());
    },
  });
}
