// Releases, the live pointer and files in MongoDB. Files are two plain collections, description and chunks, since
// a model or a photo may pass the 16 MB of one document. Must not know what is in them.
import { createHash } from 'node:crypto';
import type { FileMeta, Files, Release, Releases } from '../../app/ports.ts';
import {
  checked,
  checkedFile,
  parsedJson,
  possibleId,
  StoredFileMeta,
  StoredRelease,
  trailOf,
  trailTo,
} from '../document.ts';
import { inserted } from './documents.ts';
import type { Models, ReleaseRow } from './schema.ts';

const LIVE = 'live-release';
const CHUNK = 1 << 20;

/** Numbers are taken by inserting the next _id: whoever is second takes the one after. */
export function releases({ releases: rows, settings }: Models): Releases {
  const read = (row: ReleaseRow): Release => {
    const doc = parsedJson('releases', row._id, row.doc);
    return checked(StoredRelease, 'releases', row._id, { ...(doc as object), n: row._id });
  };
  const trail = async (): Promise<number[]> => {
    const row = await settings.findById(LIVE).lean();
    return row ? trailOf(row.trail ?? [], Number(row.value)) : [];
  };
  return {
    async add(r) {
      checked(StoredRelease, 'releases', 'new', { ...r, n: 1 });
      const doc = JSON.stringify(r);
      for (;;) {
        const [newest] = await rows.find({}, { _id: 1 }).sort({ _id: -1 }).limit(1).lean();
        const row = { _id: (newest?._id ?? 0) + 1, doc };
        if (await inserted(rows, row)) return read(row);
      }
    },
    async load(n) {
      const row = await rows.findById(n).lean();
      return row ? read(row) : undefined;
    },
    async list(limit) {
      return (await rows.find().sort({ _id: -1 }).limit(limit).lean()).map(read);
    },
    async live() {
      const row = await settings.findById(LIVE).lean();
      return row ? Number(row.value) : undefined;
    },
    trail,
    async makeLive(n, instead) {
      if (!(await rows.exists({ _id: n }))) throw new Error(`There is no release ${n} to make live.`);
      if (instead === undefined) return inserted(settings, { _id: LIVE, value: n, trail: [n] });
      const next = trailTo(await trail(), n);
      const done = await settings.updateOne(
        { _id: LIVE, value: instead },
        { $set: { value: n, trail: next } },
      );
      return done.matchedCount === 1;
    },
  };
}

/**
 * Description first, marked incomplete, then chunks, then the mark is taken off: readers see whole files only,
 * and what a killed put left behind is listed by `before`, so that the orphan sweep finds it.
 */
export function files({ files: metas, chunks }: Models): Files {
  return {
    async put(given, bytes) {
      const meta = checkedFile(given, bytes);
      const hash = createHash('sha256').update(bytes).digest('hex');
      const mine = await inserted(metas, { _id: meta.id, at: meta.at, hash, complete: false, doc: meta });
      if (!mine) {
        const younger = { $max: { at: meta.at, 'doc.at': meta.at } };
        if ((await metas.updateOne({ _id: meta.id, complete: true }, younger)).matchedCount === 1) return;
      }
      // One at a time: many megabytes in one command would hold up every other on this connection. A chunk that
      // is there already is the same bytes, as its id says.
      for (let n = 0; n * CHUNK < bytes.length; n++) {
        const part = Buffer.from(bytes.subarray(n * CHUNK, (n + 1) * CHUNK));
        await inserted(chunks, { _id: `${meta.id}/${hash}/${n}`, file: meta.id, hash, n, bytes: part });
      }
      await metas.updateOne({ _id: meta.id, complete: false }, { $set: { hash, doc: meta, complete: true } });
    },
    async open(id) {
      const row = possibleId(id) ? await metas.findOne({ _id: id, complete: true }).lean() : null;
      if (!row) return undefined;
      const meta: FileMeta = checked(StoredFileMeta, 'files', id, row.doc);
      const parts: Uint8Array[] = [];
      for await (const part of chunks.find({ file: id, hash: row.hash }).sort({ n: 1 }).lean().cursor()) {
        parts.push(bytesOf(part.bytes));
      }
      const bytes = Buffer.concat(parts);
      if (bytes.length !== meta.size) {
        throw new Error(`files ${id}: described as ${meta.size} bytes, its chunks have ${bytes.length}`);
      }
      return { meta, bytes };
    },
    async remove(id) {
      if (!possibleId(id)) return;
      await metas.deleteOne({ _id: id });
      await chunks.deleteMany({ file: id });
    },
    async *before(at, after) {
      const later = after && { $or: [{ at: { $gt: after.at } }, { at: after.at, _id: { $gt: after.id } }] };
      const rows = metas
        .find({ at: { $lt: at }, ...later })
        .sort({ at: 1, _id: 1 })
        .lean()
        .cursor();
      for await (const row of rows) yield checked(StoredFileMeta, 'files', row._id, row.doc);
    },
  };
}

/** A lean read gives the driver's Binary, a hydrated one a Buffer. */
function bytesOf(stored: Buffer | { buffer: Uint8Array; position: number }): Uint8Array {
  return Buffer.isBuffer(stored)
    ? stored
    : stored.buffer.subarray(0, (stored as { position: number }).position);
}
