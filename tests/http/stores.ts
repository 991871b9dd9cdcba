// On which stores the HTTP suites run: SQLite always, MongoDB where a server of its protocol can be had.
import { afterAll } from 'vitest';
import { mongoServer } from '../contracts/mongo-server.ts';
import { mongoWorld, sqliteFile, sqliteMemory, type World } from '../contracts/worlds.ts';

const server = await mongoServer();
if ('skipped' in server) console.warn(`http suites on MongoDB: ${server.skipped}`);
else afterAll(() => server.stop());

/** Each gives empty stores. */
export const worlds: World[] = 'skipped' in server ? [sqliteMemory] : [sqliteMemory, mongoWorld(server)];
/** Those whose store outlives the process that opened it. */
export const lasting: World[] = 'skipped' in server ? [sqliteFile] : [sqliteFile, mongoWorld(server)];
