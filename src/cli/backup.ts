// `npm run backup -- --to FILE`: a consistent copy of the data file, made while the server goes on. Exit 1 when it
// could not be made, 2 when it was asked for wrongly or the store is MongoDB, which has its own tool.
import { backupSqlite } from '../store/sqlite/index.ts';
import { give } from './give.ts';
import { dataFile, refuse } from './open-files.ts';
import { readArguments } from './read-arguments.ts';

const USAGE = 'Cách dùng: npm run backup -- --to TỆP';
const { values } = readArguments(USAGE, { options: { to: { type: 'string' } } });
const path = dataFile('hãy sao lưu bằng mongodump');
if (!values.to) give(`Thiếu --to. ${USAGE}`);
const done = backupSqlite(path, values.to);
if (done.ok) console.log(`Đã sao lưu vào ${done.value.to}`);
else process.exitCode = refuse(done);
