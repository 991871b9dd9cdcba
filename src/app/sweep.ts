// Forgets what need not be kept: conversations nobody has used for a year, files nothing refers to.
import type { ConversationId } from '../core/message.ts';
import type { Clock, Log, Store } from './ports.ts';

export const KEEP_DAYS = 365;
const DAY = 86_400_000;
/** An upload younger than this may still be on its way into a message. */
const ORPHAN_MS = DAY;

/** One round; bounded, safe at any time and by several at once. */
export async function sweep(p: {
  store: Store;
  clock: Clock;
  log: Log;
}): Promise<{ conversations: number; files: number }> {
  const now = p.clock.now();
  const old = await p.store.conversations.unchangedSince(now - KEEP_DAYS * DAY, 500);
  for (const id of old) await p.store.conversations.remove(id);
  let files = 0;
  for await (const meta of p.store.files.before(now - ORPHAN_MS)) {
    if (meta.owner === 'release' || meta.owner.startsWith('officer:')) continue;
    if (await isUsed(p.store, meta.owner as ConversationId, meta.id)) continue;
    await p.store.files.remove(meta.id);
    files++;
  }
  if (old.length + files > 0) p.log.info({ conversations: old.length, files }, 'swept');
  return { conversations: old.length, files };
}

async function isUsed(store: Store, owner: ConversationId, file: string): Promise<boolean> {
  const c = await store.conversations.load(owner);
  if (c?.log.some((e) => e.files?.some((f) => f.id === file))) return true;
  if ([c?.state.flow, ...(c?.state.paused ?? [])].some((f) => f?.files.some((x) => x.id === file)))
    return true;
  const cases = await store.cases.find({ follower: owner, limit: 1000 });
  return cases.some((x) => x.timeline.some((e) => 'files' in e && e.files.some((f) => f.id === file)));
}
