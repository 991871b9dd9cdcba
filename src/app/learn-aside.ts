// Learns in threads of its own: on two cores in little more than half the time, a server goes on answering, and the
// memory it took is given back. Hides the threads; the work is core/nlu's.
import { Worker } from 'node:worker_threads';
import type { Content } from '../core/content/index.ts';

/** What a thread is given. `part`: what it answers with, the model's bytes or the temperature alone. */
export interface Task {
  part: 'model' | 'temperature';
  content: Omit<Content, 'at'>;
}

/** The same bytes as learn(). Throws what the work throws. */
export const learnAside = (content: Content): Promise<Uint8Array> => {
  // A function cannot go to another thread, and learning names no file.
  const { at: _, ...plain } = content;
  return inThread<Uint8Array>({ part: 'model', content: plain });
};

/** Runs one task and ends its thread. */
export function inThread<T>(task: Task): Promise<T> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./learn-thread.ts', import.meta.url), { workerData: task });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`learning ended early (${code})`)));
  });
}
