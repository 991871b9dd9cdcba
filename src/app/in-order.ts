// One promise chain a key: work for the same key runs one after another in arrival order, others in parallel.

export function inOrder(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const chains = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = chains.get(key) ?? Promise.resolve();
    const run = before.then(work, work);
    // Kept only while it is the last of its key: the map does not grow with conversations.
    const last = run.then(
      () => undefined,
      () => undefined,
    );
    chains.set(key, last);
    void last.then(() => {
      if (chains.get(key) === last) chains.delete(key);
    });
    return run;
  };
}
