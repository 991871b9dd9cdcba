// Makes a release out of sources: parse, validate, learn, measure, rehearse, freeze, and move the live pointer.
// A release is a number; nothing of it ever changes again; rollback moves the pointer.
import { createHash } from 'node:crypto';
import { parseDocument } from 'yaml';
import { type Content, FACT_FIELDS, parse, type Sources, validate } from '../core/content/index.ts';
import { evaluate, fitsModel, openReader, type Reader } from '../core/nlu/index.ts';
import { fail, ok, type Problem, problem, type Result } from '../core/result.ts';
import { examplesOf, learned } from './learned.ts';
import { packSources, unpackSources } from './pack-sources.ts';
import type { Clock, Release, Store } from './ports.ts';

export interface ReleaseParts {
  store: Store;
  clock: Clock;
  /** Plays every talk on the candidate; the faults it found. Left out where no talks are at hand. */
  rehearse?: (content: Content, reader: Reader) => Promise<string[]>;
  say: (line: string) => void;
}

export interface ReleaseOptions {
  by: string;
  note: string;
  origin: Release['origin'];
  /** Also when live came from the studio. */
  force?: boolean;
  /** The model of live is used as it is: only facts or wording changed. Implies unmeasured. */
  reuse?: boolean;
  /** Faults the live release has already, by the rules of newer code: its facts can be turned off all the same. */
  standing?: Problem[];
  /** Nothing is measured or rehearsed: the first start, where every second counts. */
  unmeasured?: boolean;
}

const sha = (...parts: (string | Uint8Array)[]): string => {
  const h = createHash('sha256');
  for (const part of parts) h.update(part);
  return h.digest('hex');
};

/** Freezes and makes live. Problems: bad-content with places, conflict when live moved meanwhile. */
export async function release(
  p: ReleaseParts,
  sources: Sources,
  o: ReleaseOptions,
): Promise<Result<Release>> {
  const parsed = parse(sources);
  if (!parsed.ok) return parsed;
  const standing = new Set(o.standing?.map((f) => f.message));
  const faults = validate(parsed.value).filter((f) => !standing.has(f.message));
  if (faults.length > 0) return fail(...faults);
  const content = parsed.value;
  const liveN = await p.store.releases.live();
  const live = liveN === undefined ? undefined : await p.store.releases.load(liveN);
  if (live && live.origin !== 'files' && o.origin === 'files' && !o.force)
    return fail(
      problem(
        'conflict',
        `Bản đang chạy (số ${live.n}: ${live.note}) không phải phát hành từ tệp; phát hành từ tệp sẽ ghi đè. Thêm --force nếu đúng là muốn vậy.`,
      ),
    );

  const before = live && (await modelOf(p.store, live));
  const packed = packSources(sources);
  let model: Uint8Array;
  // A model learned by older code is good enough to be pointed at: who opens it learns it anew.
  const same = before && fitsModel(content, before.model) && before.examples === examplesOf(content);
  if (before && (o.reuse || same)) {
    p.say('Câu mẫu không đổi: dùng lại mô hình đang chạy.');
    model = before.model;
  } else {
    model = await learned(content, () => p.say('Đang học từ câu mẫu…'));
  }
  let report: unknown = { skipped: o.note };
  if (o.reuse) p.say('Không đo, không diễn lại cuộc thoại nào: tắt một mục thì phải kịp ngay.');
  if (!o.reuse && !o.unmeasured) {
    const reader = openReader(content, model);
    p.say('Đang đo…');
    report = evaluate(reader, content);
    if (p.rehearse) {
      p.say('Đang diễn lại các cuộc thoại…');
      const wrong = await p.rehearse(content, reader);
      if (wrong.length > 0) return fail(...wrong.map((w) => problem('bad-content', w)));
    }
  }
  const fingerprint = sha(packed, model);
  const at = p.clock.now();
  const file = async (bytes: Uint8Array, name: string): Promise<string> => {
    const id = sha(bytes);
    await p.store.files.put(
      { id, name, type: 'application/octet-stream', size: bytes.length, at, owner: 'release' },
      bytes,
    );
    return id;
  };
  const added = await p.store.releases.add({
    at,
    by: o.by,
    note: o.note,
    fingerprint,
    schemaVersion: 1,
    origin: o.origin,
    sources: await file(packed, 'sources.json.gz'),
    model: await file(model, 'model.bin'),
    report,
  });
  if (!(await p.store.releases.makeLive(added.n, liveN)))
    return fail(
      problem('conflict', `Có người vừa phát hành bản khác; bản ${added.n} đã lưu nhưng chưa chạy.`),
    );
  return ok(added);
}

async function modelOf(
  store: Store,
  r: Release,
): Promise<{ examples: string; model: Uint8Array } | undefined> {
  const [sources, model] = await Promise.all([store.files.open(r.sources), store.files.open(r.model)]);
  const parsed = sources && parse(unpackSources(sources.bytes));
  return model && parsed?.ok ? { examples: examplesOf(parsed.value), model: model.bytes } : undefined;
}

/** Moves the pointer to the release that was live before this one, or `to`. */
export async function rollback(p: Pick<ReleaseParts, 'store'>, to?: number): Promise<Result<Release>> {
  const trail = await p.store.releases.trail();
  const live = trail.at(-1);
  if (live === undefined) return fail(problem('not-found', 'Chưa có bản nào đang chạy.'));
  // Not the highest number below: that one may have been taken back itself.
  const target = to ?? trail.at(-2);
  const found = target === undefined ? undefined : await p.store.releases.load(target);
  if (!found)
    return fail(
      problem(
        'not-found',
        to === undefined ? 'Trước bản này chưa có bản nào chạy để quay về.' : `Không có bản số ${to}.`,
      ),
    );
  if (!(await p.store.releases.makeLive(found.n, live)))
    return fail(problem('conflict', 'Có người vừa đổi bản đang chạy; xem lại rồi làm tiếp.'));
  return ok(found);
}

/** A release that is live minus one fact: within a poll no server states it any more. `what` is a portal code or an intent id. */
export async function factOff(
  p: ReleaseParts,
  what: string,
  field: string,
  o: { by: string; why: string },
): Promise<Result<Release>> {
  if (!(FACT_FIELDS as readonly string[]).includes(field))
    return fail(problem('bad-input', `Không có mục "${field}". Các mục: ${FACT_FIELDS.join(', ')}.`, field));
  if (!o.why.trim()) return fail(problem('bad-input', 'Cần ghi lý do: --why "…".'));
  const n = await p.store.releases.live();
  const live = n === undefined ? undefined : await p.store.releases.load(n);
  const file = live && (await p.store.files.open(live.sources));
  if (!file) return fail(problem('not-found', 'Chưa có bản nào đang chạy.'));
  const sources = unpackSources(file.bytes);
  const parsed = parse(sources);
  if (!parsed.ok) return parsed;
  const found = [...parsed.value.intents.values()].find(
    (i) => i.type === 'procedure' && (i.code === what || i.id === what),
  );
  if (found?.type !== 'procedure') return fail(problem('not-found', `Không có thủ tục "${what}".`, what));
  if (!(field in found.facts))
    return fail(problem('not-found', `"${found.name}" hiện không nêu mục "${field}".`, field));
  const path = `intents/thu-tuc/${found.id}.yml`;
  const doc = parseDocument(sources[path]!);
  doc.deleteIn(['facts', field]);
  return release(
    p,
    { ...sources, [path]: doc.toString() },
    {
      by: o.by,
      note: `Tắt ${field} của ${what}: ${o.why}`,
      origin: 'fact-off',
      reuse: true,
      standing: validate(parsed.value),
    },
  );
}
