// Learns in two processes of their own: on two cores in less time, a server goes on answering, and all the memory it
// took is given back. Hides the processes; the work is core/nlu's.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Content } from '../core/content/index.ts';
import { assembled, type learnFacets, type learnMatters } from '../core/nlu/index.ts';

/** What a process is given: which of the two layers to learn, and from what. */
export interface Task {
  layer: 'matters' | 'facets';
  content: Omit<Content, 'at'>;
}

/** The same bytes as learn(). Throws when a process ends without an answer. */
export async function learnAside(content: Content): Promise<Uint8Array> {
  // A function cannot go to another process, and learning names no file.
  const { at: _, ...plain } = content;
  const [matters, facets] = await Promise.all([
    inProcess<ReturnType<typeof learnMatters>>({ layer: 'matters', content: plain }),
    inProcess<ReturnType<typeof learnFacets>>({ layer: 'facets', content: plain }),
  ]);
  return assembled(content, matters, facets);
}

function inProcess<T>(task: Task): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./learn-process.ts', import.meta.url)), [], {
      serialization: 'advanced',
      execArgv: [],
    });
    child.once('message', (answer) => resolve(answer as T));
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`learning ended early (${signal ?? code})`)));
    child.send(task);
  });
}
