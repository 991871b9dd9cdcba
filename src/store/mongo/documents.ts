// Versioned documents in one collection: conversations, cases, contacts. A save is one conditional write, without
// transaction or lock. Must not know what a document means: its keys are handed in.
import { type Model, mongo, type QueryFilter } from 'mongoose';
import type { z } from 'zod';
import type { Cases, Clock, Conversations, Documents } from '../../app/ports.ts';
import { Case, type CaseKeys, type CaseQuery } from '../../core/cases/case.ts';
import { Conversation } from '../../core/dialogue/conversation.ts';
import { checked, FIND_LIMIT, NEVER, possibleId, storable } from '../document.ts';
import type { CaseRow, Row } from './schema.ts';

type Document = { id: string; version: number; wakeAt: number | null };
type Keys<R extends Row> = Omit<R, keyof Row>;

/** Inserts unless a row with that _id is there; false = there was one. */
export async function inserted<R extends { _id: string | number }>(
  model: Model<R>,
  row: R,
): Promise<boolean> {
  try {
    // lean: no casting and no copy of what zod has just judged.
    await model.insertMany([row], { lean: true });
    return true;
  } catch (fault) {
    if (fault instanceof mongo.MongoServerError && fault.code === 11_000) return false;
    throw fault;
  }
}

/** Documents of one collection. `keysOf` gives the further fields, derived in the same save. */
export function documents<T extends Document, R extends Row>(
  model: Model<R>,
  clock: Clock,
  schema: z.ZodType<T>,
  keysOf: (doc: T) => Keys<R>,
): Documents<T> & { read(row: { _id: string; doc?: unknown }): T } {
  const collection = model.collection.name;
  const rows = model as unknown as Model<Row>;
  const read = (row: { _id: string; doc?: unknown }): T => checked(schema, collection, row._id, row.doc);

  return {
    read,
    async load(id) {
      if (!possibleId(id)) return undefined;
      const row = await rows.findById(id).lean();
      return row ? read(row) : undefined;
    },
    async save(given) {
      const next = storable(
        checked(schema, collection, given.id, { ...given, version: given.version + 1 }),
        `${collection} ${given.id}`,
      );
      const values = {
        version: next.version,
        wakeAt: next.wakeAt,
        savedAt: clock.now(),
        ...keysOf(next),
        doc: next,
      };
      if (given.version === 0) return inserted(rows, { _id: next.id, ...values });
      const done = await rows.updateOne({ _id: next.id, version: given.version }, { $set: values });
      return done.matchedCount === 1;
    },
    async due(now, limit) {
      return ids(rows, { wakeAt: { $lte: now } }, { wakeAt: 1, _id: 1 }, limit);
    },
    async remove(id) {
      if (possibleId(id)) await rows.deleteOne({ _id: id });
    },
  };
}

async function ids(
  rows: Model<Row>,
  filter: QueryFilter<Row>,
  sort: Record<string, 1>,
  limit: number,
): Promise<string[]> {
  const found = await rows.find(filter, { _id: 1 }).sort(sort).limit(limit).lean();
  return found.map((row) => row._id);
}

/** Conversations, with the two lists by time of saving. */
export function conversations(model: Model<Row>, clock: Clock): Conversations {
  const bySaved = { savedAt: 1, _id: 1 } as const;
  return {
    ...documents(model, clock, Conversation, () => ({})),
    // 0 = no limit.
    changedSince: (at) => ids(model, { savedAt: { $gte: at } }, bySaved, 0),
    unchangedSince: (at, limit) => ids(model, { savedAt: { $lt: at } }, bySaved, limit),
  };
}

/** Cases, with lists by their derived keys. */
export function cases(model: Model<CaseRow>, clock: Clock, keysOf: (c: Case) => CaseKeys): Cases {
  const base = documents(model, clock, Case, (c: Case): Keys<CaseRow> => {
    const keys = storable(keysOf(c), `keys of ${c.id}`);
    return { ...keys, due: keys.due ?? NEVER };
  });
  return {
    ...base,
    async find(q) {
      const found = await model
        .find(filter(q), { doc: 1 })
        .sort({ due: 1, openedAt: 1, _id: 1 })
        .limit(q.limit ?? FIND_LIMIT)
        .lean();
      return found.map(base.read);
    },
    unchangedSince: (at, limit) =>
      ids(model as unknown as Model<Row>, { savedAt: { $lt: at } }, { savedAt: 1, _id: 1 }, limit),
    async *all() {
      for await (const row of model.find({}, { doc: 1 }).sort({ _id: 1 }).lean().cursor())
        yield base.read(row);
    },
  };
}

function filter(q: CaseQuery): QueryFilter<CaseRow> {
  const { agency, follower, failed, ticket } = q;
  const equal = Object.entries({ agency, follower, failed, ticket }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    ...Object.fromEntries(equal),
    ...(q.status && { status: { $in: q.status } }),
    ...(q.dueBefore !== undefined && { due: { $lt: Math.min(q.dueBefore, NEVER) } }),
    ...(q.words && q.words.length > 0 && { words: { $all: q.words } }),
  };
}
