// Collections, their keys and indexes for mongoose. Says nothing that zod says already: `doc` is opaque here.
// Only plain and multikey indexes, none unique besides _id: so every collection can be sharded by hashed _id.
import { type Connection, type Model, Schema, type SchemaDefinition } from 'mongoose';

export interface Row {
  _id: string;
  version: number;
  wakeAt: number | null;
  savedAt: number;
  doc: unknown;
}
export interface CaseRow extends Row {
  agency: string;
  status: string;
  follower: string;
  due: number;
  openedAt: number;
  words: string[];
  failed: boolean;
  ticket: boolean;
}
export interface ReleaseRow {
  _id: number;
  /** JSON: a report may hold keys and nested lists that not every server takes. */
  doc: string;
}
export interface FileRow {
  _id: string;
  at: number;
  /** Which put's chunks count: SHA-256 of the bytes, hex. */
  hash: string;
  /** false until every chunk is there; such a file is not there for readers. */
  complete: boolean;
  doc: unknown;
}
export interface ChunkRow {
  _id: string;
  file: string;
  hash: string;
  n: number;
  bytes: Buffer;
}
/** One named value: the live release, a secret. */
export interface SettingRow {
  _id: string;
  value: string | number;
  /** Of the live release; absent where it was set by older code. */
  trail?: number[];
}

export interface Models {
  conversations: Model<Row>;
  cases: Model<CaseRow>;
  contacts: Model<Row>;
  releases: Model<ReleaseRow>;
  files: Model<FileRow>;
  chunks: Model<ChunkRow>;
  settings: Model<SettingRow>;
}

const document = {
  _id: String,
  version: Number,
  wakeAt: Number,
  savedAt: Number,
  doc: Schema.Types.Mixed,
} as const;

/** The collections on a connection of the caller's own. */
export function modelsOn(connection: Connection): Models {
  const model = <T>(
    name: string,
    definition: SchemaDefinition,
    indexes: Record<string, 1>[] = [],
  ): Model<T> => {
    const schema = new Schema(definition, { collection: name, versionKey: false });
    for (const index of indexes) schema.index(index);
    return connection.model(name, schema) as unknown as Model<T>;
  };
  return {
    conversations: model('conversations', document, [{ wakeAt: 1 }, { savedAt: 1 }]),
    cases: model(
      'cases',
      {
        ...document,
        agency: String,
        status: String,
        follower: String,
        due: Number,
        openedAt: Number,
        words: [String],
        failed: Boolean,
        ticket: Boolean,
      },
      [
        { wakeAt: 1 },
        { agency: 1, due: 1, openedAt: 1 },
        { due: 1, openedAt: 1 },
        { follower: 1 },
        { words: 1 },
        { savedAt: 1 },
      ],
    ),
    contacts: model('contacts', document, [{ wakeAt: 1 }]),
    releases: model('releases', { _id: Number, doc: String }),
    files: model(
      'files',
      { _id: String, at: Number, hash: String, complete: Boolean, doc: Schema.Types.Mixed },
      [{ at: 1 }],
    ),
    chunks: model('chunks', { _id: String, file: String, hash: String, n: Number, bytes: Buffer }, [
      { file: 1, n: 1 },
    ]),
    settings: model('settings', {
      _id: String,
      value: Schema.Types.Mixed,
      trail: { type: [Number], default: undefined },
    }),
  };
}
