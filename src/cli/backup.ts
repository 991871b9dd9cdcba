// `npm run backup -- --to FILE`: a consistent copy of the data file, made while the server goes on. Exit 1 when it
// could not be made, 2 when it was asked for wrongly or the store is MongoDB, which has its own tool.
import { parseArgs } from 'node:util';
import { configOrExit } from '../config.ts';
import { backupSqlite, sqlitePath } from '../store/sqlite/index.ts';

const config = configOrExit();
const { values } = parseArgs({ options: { to: { type: 'string' } }, strict: false });
if (config.mongodbUri !== '') {
  console.error('Dữ liệu ở MongoDB: hãy sao lưu bằng mongodump (xem docs/operations.md).');
  process.exitCode = 2;
} else if (typeof values.to !== 'string' || values.to === '') {
  console.error('Cách dùng: npm run backup -- --to TỆP');
  process.exitCode = 2;
} else {
  const done = backupSqlite(sqlitePath(config.dataDir), values.to);
  if (done.ok) console.log(`Đã sao lưu vào ${done.value.to}`);
  else {
    for (const p of done.problems) console.error(p.message);
    process.exitCode = 1;
  }
}
