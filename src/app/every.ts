// Work that is done again and again while a process serves, one time after another and never two at once.

export interface Every {
  start(): void;
  /** No further time begins; resolves when the one that runs has ended. */
  stop(): Promise<void>;
}

/** Does `work` so many ms after the start, and then after each end of it unless it asks for another pause in ms. */
export function every(
  ms: number,
  work: () => Promise<number | undefined>,
  failed: (error: unknown) => void,
): Every {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let on = false;
  const wait = (pause: number): void => {
    timer = setTimeout(() => {
      running = once();
    }, pause);
  };
  const once = async (): Promise<void> => {
    let pause: number | undefined;
    try {
      pause = await work();
    } catch (error) {
      failed(error);
    }
    if (on) wait(pause ?? ms);
  };
  return {
    start: () => {
      if (on) return;
      on = true;
      wait(ms);
    },
    stop: async () => {
      on = false;
      clearTimeout(timer);
      await running;
    },
  };
}
