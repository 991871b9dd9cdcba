// Who listens to which conversation. In-process hints are instant; what other replicas wrote is found by
// asking the store what changed, with an overlap for clocks that disagree.
import type { ConversationId } from '../core/message.ts';
import { type Every, every } from './every.ts';
import type { Clock, Conversations, Log } from './ports.ts';

const OVERLAP_MS = 10_000;
const POLL_MS = 1000;

export interface Changes extends Every {
  /** Calls `heard` after each save of a conversation, until the function it gives is called. */
  onChange(id: ConversationId, heard: () => void): () => void;
  /** This process has just saved it. */
  changed(id: ConversationId): void;
}

export function changes(conversations: Conversations, clock: Clock, log: Log): Changes {
  const listeners = new Map<string, Set<() => void>>();
  let since = clock.now();
  const changed = (id: string): void => {
    for (const heard of listeners.get(id) ?? []) heard();
  };
  const poll = async (): Promise<undefined> => {
    const at = clock.now();
    if (listeners.size > 0)
      for (const id of await conversations.changedSince(since - OVERLAP_MS)) changed(id);
    since = at;
  };
  const beat = every(POLL_MS, poll, (error) =>
    log.warn({ error: error instanceof Error ? error.name : '' }, 'changes not reachable'),
  );
  return {
    onChange: (id, heard) => {
      const set = listeners.get(id) ?? new Set();
      set.add(heard);
      listeners.set(id, set);
      return () => {
        set.delete(heard);
        if (set.size === 0 && listeners.get(id) === set) listeners.delete(id);
      };
    },
    changed,
    ...beat,
  };
}
