// `npm run backup -- --to FILE`: a consistent copy of the data file, made while the server goes on. Exit 1 when it
// could not be made, 2 when it was asked for wrongly or the store is MongoDB, which has its own tool.
import { parseArgs } from 'node:util';
import { backupSqlite } from '../store/sqlite/index.ts';
import { dataFile, give, refuse } from './open-files.ts';

const path = dataFile('hãy sao lưu bằng mongodump');
const { values } = parseArgs({ options: { to: { type: 'string' } }, strict: false });
if (typeof values.to !== 'string' || values.to === '') give('Cách dùng: npm run backup -- --to TỆP');
const done = backupSqlite(path, values.to);
if (done.ok) console.log(`Đã sao lưu vào ${done.value.to}`);
else process.exitCode = refuse(done);
