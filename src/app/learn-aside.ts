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

/**
 * The same bytes as learn(). Throws when a process ends without an answer, or at once when `end` is aborted; in either
 * case no process is left running.
 */
export async function learnAside(content: Content, end?: AbortSignal): Promise<Uint8Array> {
  end?.throwIfAborted();
  // A function cannot go to another process, and learning names no file.
  const { at: _, ...plain } = content;
  const begun = (['matters', 'facets'] as const).map((layer) => begin({ layer, content: plain }));
  const kill = (): void => {
    for (const b of begun) b.end();
  };
  end?.addEventListener('abort', kill);
  try {
    const [matters, facets] = await Promise.all(begun.map((b) => b.answer));
    return assembled(
      content,
      matters as ReturnType<typeof learnMatters>,
      facets as ReturnType<typeof learnFacets>,
    );
  } finally {
    end?.removeEventListener('abort', kill);
    kill();
  }
}

function begin(task: Task): { answer: Promise<unknown>; end: () => void } {
  const child = fork(fileURLToPath(new URL('./learn-process.ts', import.meta.url)), [], {
    serialization: 'advanced',
    execArgv: [],
  });
  const kill = (): void => {
    child.kill();
  };
  process.once('exit', kill);
  const answer = new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`learning ended early (${signal ?? code})`)));
    child.send(task);
  });
  return {
    answer,
    end: () => {
      process.off('exit', kill);
      kill();
    },
  };
}
