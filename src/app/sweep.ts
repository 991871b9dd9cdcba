// Forgets what need not be kept: conversations nobody has used for a year, cases five years after their last step,
// files nothing refers to. In small rounds, each of which may be the last of its process.
import { type Case, parseCaseCode } from '../core/cases/index.ts';
import type { Clock, FileMeta, Log, Store } from './ports.ts';

const DAY = 86_400_000;
export const KEEP_DAYS = 365;
/** Told to citizens under "quyền riêng tư". */
export const KEEP_CASES_MS = 5 * 365.25 * DAY;
/** An upload younger than this may still be on its way into a message. */
const ORPHAN_MS = DAY;

const CONVERSATIONS = 500;
const CASES = 100;
const FILES = 300;

export interface Swept {
  conversations: number;
  cases: number;
  files: number;
  /** Where the next round goes on with the files; absent after the last of them. */
  next?: { at: number; id: string };
}

/** One round; bounded, safe at any time and by several at once. Never holds up the process for more than one owner. */
export async function sweep(
  p: { store: Store; clock: Clock; log: Log },
  from?: Swept['next'],
): Promise<Swept> {
  const now = p.clock.now();
  const old = await p.store.conversations.unchangedSince(now - KEEP_DAYS * DAY, CONVERSATIONS);
  for (const id of old) {
    await p.store.conversations.remove(id);
    await breath();
  }
  const cases = await removeCases(p.store, now - KEEP_CASES_MS);
  const { files, next } = await removeOrphans(p.store, now - ORPHAN_MS, from);
  if (old.length + cases + files > 0) p.log.info({ conversations: old.length, cases, files }, 'swept');
  return { conversations: old.length, cases, files, ...(next && { next }) };
}

/** Lets everything that waits have its turn. */
const breath = (): Promise<void> => new Promise((go) => setImmediate(go));

/** The contact goes first: killed in between, the case is found again. Its files have no owner then and follow. */
async function removeCases(store: Store, before: number): Promise<number> {
  let removed = 0;
  for (const id of await store.cases.unchangedSince(before, CASES)) {
    const c = await store.cases.load(id);
    if (c && c.timeline.at(-1)!.at < before) {
      await store.contacts.remove(id);
      await store.cases.remove(id);
      removed++;
    }
    await breath();
  }
  return removed;
}

async function removeOrphans(
  store: Store,
  before: number,
  from: Swept['next'],
): Promise<{ files: number; next: Swept['next'] }> {
  const owners = new Map<string, FileMeta[]>();
  let seen = 0;
  let last: FileMeta | undefined;
  for await (const meta of store.files.before(before, from)) {
    owners.set(meta.owner, [...(owners.get(meta.owner) ?? []), meta]);
    last = meta;
    if (++seen === FILES) break;
  }
  let files = 0;
  for (const [owner, metas] of owners) {
    const used = await usedBy(store, owner);
    for (const { id } of metas) {
      if (used === 'all' || used.has(id)) continue;
      await store.files.remove(id);
      files++;
    }
    await breath();
  }
  return { files, next: seen === FILES && last ? { at: last.at, id: last.id } : undefined };
}

/** Ids of the files of an owner that something still refers to. */
async function usedBy(store: Store, owner: string): Promise<Set<string> | 'all'> {
  if (owner === 'release') return 'all';
  if (owner.startsWith('officer:')) {
    const code = parseCaseCode(owner.split(':')[2] ?? '');
    const c = code && (await store.cases.load(code));
    return code ? new Set(c ? filesOf(c) : []) : 'all';
  }
  const c = await store.conversations.load(owner);
  const cases = await store.cases.find({ follower: owner, limit: 1000 });
  return new Set([
    ...(c?.log ?? []).flatMap((e) => e.files?.map((f) => f.id) ?? []),
    ...[c?.state.flow, c?.state.dropped, ...(c?.state.paused ?? [])].flatMap(
      (f) => f?.files.map((x) => x.id) ?? [],
    ),
    ...(c?.state.files ?? []).map((f) => f.id),
    ...cases.flatMap(filesOf),
  ]);
}

const filesOf = (c: Case): string[] =>
  c.timeline.flatMap((e) => ('files' in e ? e.files.map((f) => f.id) : []));
