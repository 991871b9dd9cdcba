// A process of its own for one question: what it took is given back when it ends. Hides node:child_process.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** The answer rejects when the process ends without one. `end` is to be called in every case; it kills what runs. */
export function askChild(file: URL, question: unknown): { answer: Promise<unknown>; end: () => void } {
  const child = fork(fileURLToPath(file), [], { serialization: 'advanced', execArgv: [] });
  const kill = (): void => {
    child.kill();
  };
  /** A signal that nobody else here hears ends this process without an 'exit'; it does so still. */
  const endBy = (signal: NodeJS.Signals): void => {
    kill();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  process.once('exit', kill);
  for (const signal of SIGNALS) process.once(signal, endBy);
  const answer = new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${file} ended early (${signal ?? code})`)));
    child.send(question as object);
  });
  return {
    answer,
    end: () => {
      process.off('exit', kill);
      for (const signal of SIGNALS) process.off(signal, endBy);
      kill();
    },
  };
}

/** In the process: answers the one question and ends, also when nobody is left to hear. */
export function answerParent<Q, A>(answer: (question: Q) => A | Promise<A>): void {
  process.once('disconnect', () => process.exit());
  process.once('message', async (question: Q) => {
    const said = await answer(question);
    // Nothing cannot be sent.
    process.send!(said ?? null, () => process.disconnect());
  });
}
