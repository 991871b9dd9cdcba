// Holds the release in use and follows the live pointer: open the new one, say canary sentences, swap one
// reference. On any failure the old one stays and the reason stands in /readyz.
import { type Content, parse, render, type Sources, SYSTEM, wordingOf } from '../core/content/index.ts';
import { fitsModel, openReader, understand } from '../core/nlu/index.ts';
import { type Every, every } from './every.ts';
import { learned } from './learned.ts';
import { unpackSources } from './pack-sources.ts';
import type { Live } from './parts.ts';
import type { Log, Release, Store } from './ports.ts';

export interface LiveContent extends Every {
  current(): Live;
  /** Why the live release could not be opened; undefined while all is well. */
  trouble(): string | undefined;
  /** Looks once; true when it swapped. */
  follow(): Promise<boolean>;
}

const POLL_MS = 2000;

/** What a stored release says, without what was learned from it. Throws with the reason when it cannot be used. */
export async function openContent(store: Store, release: Release, own: Content): Promise<Content> {
  const sources = await store.files.open(release.sources);
  if (!sources) throw unusable(release.n, 'kho dữ liệu không còn tệp nội dung của bản này', RESTORE);
  const parsed = parse(unpacked(release.n, sources.bytes));
  if (!parsed.ok) {
    const { where, message } = parsed.problems[0]!;
    throw unusable(release.n, `nội dung có lỗi ở ${where}: ${message}`, MEND);
  }
  return withSystemWording(parsed.value, own);
}

function unpacked(n: number, bytes: Uint8Array): Sources {
  try {
    return unpackSources(bytes);
  } catch {
    throw unusable(n, 'tệp nội dung của bản này trong kho dữ liệu bị hỏng', RESTORE);
  }
}

/** Why a release cannot be used, as an operator reads it in the log and in /readyz: which, what, and what to do. */
const unusable = (n: number, what: string, todo: string): Error =>
  new Error(`Bản phát hành ${n}: ${what.replace(/\.$/, '')}. ${todo}`);
const BACK = 'quay về bản trước (npm run release -- --rollback)';
const RESTORE = `Hãy ${BACK} hoặc khôi phục bản sao lưu.`;
const MEND = `Hãy sửa tệp rồi phát hành lại, hoặc ${BACK}.`;

/** Opens a stored release; learning it anew, where that is needed, ends with `end`. Throws with the reason when it cannot be used. */
export async function openRelease(
  store: Store,
  release: Release,
  own: Content,
  end?: AbortSignal,
): Promise<Live> {
  const content = await openContent(store, release, own);
  const model = await store.files.open(release.model);
  if (!model) throw unusable(release.n, 'kho dữ liệu không còn mô hình của bản này', RESTORE);
  const fitting = fitsModel(content, model.bytes)
    ? model.bytes
    : await learnedAnew(release.model, content, end);
  const live = {
    n: release.n,
    fingerprint: release.fingerprint,
    content,
    reader: openReader(content, fitting),
  };
  canary(live);
  return live;
}

/**
 * Learned by older code: the same sentences are learned again, for this process alone. Kept, since the next release
 * mostly bears the same model: a fact turned off must not wait for learning.
 */
async function learnedAnew(id: string, content: Content, end?: AbortSignal): Promise<Uint8Array> {
  if (anew?.id !== id) anew = { id, model: await learned(content, undefined, end) };
  return anew.model;
}
let anew: { id: string; model: Uint8Array } | undefined;

/** Newer code may say sentences an old release has never heard of: it brings them along. */
function withSystemWording(content: Content, own: Content): Content {
  const missing = Object.fromEntries(
    [...Object.keys(SYSTEM), ...Object.keys(own.wording.vi).filter((k) => k.startsWith('problem.'))]
      .filter((id) => content.wording.vi[id] === undefined && own.wording.vi[id] !== undefined)
      .map((id) => [id, own.wording.vi[id]!]),
  );
  return { ...content, wording: { ...content.wording, vi: { ...missing, ...content.wording.vi } } };
}

/** A release that cannot greet or hear its own first example is not taken. */
function canary(live: Live): void {
  render(live.content, { id: 'chao-dau' }, 'vi');
  for (const id of Object.keys(SYSTEM))
    if (wordingOf(live.content, 'vi', id) === undefined)
      throw unusable(live.n, `locales/vi thiếu câu "${id}"`, MEND);
  const first = [...live.content.intents.values()].find(
    (i) => i.type === 'procedure' && i.examples.length > 0,
  );
  if (!first) throw unusable(live.n, 'intents/thu-tuc không có thủ tục nào có câu mẫu', MEND);
  if (understand(live.reader, first.examples[0]!, { now: 0 }).intents.length === 0)
    throw unusable(live.n, `không hiểu cả câu mẫu đầu tiên của "${first.id}"`, MEND);
}

/** `first` must be open already: a server never serves without content. */
export function liveContent(store: Store, first: Live, own: Content, log: Log): LiveContent {
  let live = first;
  let trouble: string | undefined;
  const end = new AbortController();
  const follow = async (): Promise<boolean> => {
    const n = await store.releases.live();
    if (n === undefined || n === live.n) {
      trouble = undefined;
      return false;
    }
    try {
      const release = await store.releases.load(n);
      if (!release) throw unusable(n, 'không có trong kho dữ liệu', RESTORE);
      live = await openRelease(store, release, own, end.signal);
      trouble = undefined;
      log.info({ release: n, fingerprint: live.fingerprint }, 'release in use');
      return true;
    } catch (error) {
      if (end.signal.aborted) return false;
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== trouble) log.error({ release: n, reason }, 'release refused, the old one stays');
      trouble = reason;
      return false;
    }
  };
  const poll = async (): Promise<undefined> => {
    await follow();
  };
  const beat = every(POLL_MS, poll, (error) =>
    log.warn({ error: error instanceof Error ? error.message : '' }, 'live pointer not reachable'),
  );
  return {
    current: () => live,
    trouble: () => trouble,
    follow,
    start: beat.start,
    stop: () => {
      // Learning takes longer than a drain may, and both cores: who starts next learns it.
      end.abort();
      return beat.stop();
    },
  };
}
