// Learns in two processes of their own: on two cores in less time, a server goes on answering, and all the memory it
// took is given back. The work is core/nlu's.
import type { Content } from '../core/content/index.ts';
import { assembled, type learnFacets, type learnMatters } from '../core/nlu/index.ts';
import { askChild } from './child.ts';

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
  const file = new URL('./learn-process.ts', import.meta.url);
  const begun = (['matters', 'facets'] as const).map((layer) =>
    askChild(file, { layer, content: plain } satisfies Task),
  );
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
