// Front door of the MongoDB store, for several servers behind one replica set or sharded cluster. Hides mongoose;
// must not know what a conversation or a case means.
import { randomBytes } from 'node:crypto';
import { type Connection, type ConnectOptions, Mongoose } from 'mongoose';
import type { Clock, Store } from '../../app/ports.ts';
import { type Case, type CaseKeys, Contact } from '../../core/cases/case.ts';
import { cases, conversations, documents, inserted } from './documents.ts';
import { files, releases } from './releases.ts';
import { type Models, modelsOn } from './schema.ts';

/**
 * Connects to the store at `uri` (database `motcua` unless the address names one). With `autoIndex` the indexes
 * are made first; otherwise that is `npm run indexes`. A save is on the disk of a majority when it resolves,
 * unless the address says `w=`. Throws when the server cannot be reached.
 */
export async function openMongo(opts: {
  uri: string;
  clock: Clock;
  keysOf: (c: Case) => CaseKeys;
  autoIndex?: boolean;
}): Promise<Store> {
  const connection = await connect(opts.uri);
  const models = modelsOn(connection);
  if (opts.autoIndex) {
    try {
      await createIndexes(models);
    } catch (fault) {
      await connection.close();
      throw fault;
    }
  }
  return {
    conversations: conversations(models.conversations, opts.clock),
    cases: cases(models.cases, opts.clock, opts.keysOf),
    contacts: documents(models.contacts, opts.clock, Contact, () => ({})),
    releases: releases(models),
    files: files(models),
    async secret(name) {
      const _id = `secret:${name}`;
      const known = await models.settings.findById(_id).lean();
      if (known) return String(known.value);
      const value = randomBytes(32).toString('hex');
      if (await inserted(models.settings, { _id, value })) return value;
      return String((await models.settings.findById(_id).lean())?.value);
    },
    async ping() {
      // A read, not `ping`: that would also answer from a replica set that has no primary.
      await models.settings.exists({ _id: 'ping' });
    },
    close: () => connection.close(),
  };
}

/** Makes the indexes that are missing; resolves to their names, `collection.index`. */
export async function indexMongo(uri: string): Promise<string[]> {
  const connection = await connect(uri);
  try {
    return await createIndexes(modelsOn(connection));
  } finally {
    await connection.close();
  }
}

async function createIndexes(models: Models): Promise<string[]> {
  const made: string[] = [];
  // One after another: some servers cannot make two collections at the same moment.
  for (const model of Object.values(models)) {
    const indexes: [Record<string, 1>, unknown][] = model.schema.indexes();
    for (const [fields] of indexes) {
      made.push(`${model.collection.name}.${await model.collection.createIndex(fields)}`);
    }
  }
  return made;
}

function connect(uri: string): Promise<Connection> {
  const options: ConnectOptions = {
    autoCreate: false,
    autoIndex: false,
    // A call during an outage fails soon, so that the citizen's channel is told to come again.
    bufferCommands: false,
    appName: 'motcua',
  };
  if (!/[?&]serverSelectionTimeoutMS=/i.test(uri)) options.serverSelectionTimeoutMS = 3_000;
  if (!/[?&]w=/i.test(uri)) options.writeConcern = { w: 'majority', j: true };
  if (!/^mongodb(\+srv)?:\/\/[^/?]+\/[^?]+/i.test(uri)) options.dbName = 'motcua';
  // An instance of its own: two stores in one process (tests, migration) share nothing.
  return new Mongoose().createConnection(uri, options).asPromise();
}
