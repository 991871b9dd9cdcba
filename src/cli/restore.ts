// `npm run restore -- --from FILE [--replace]`: puts a backup in the place of the data file; the old one is kept
// beside it. Exit 1 when it was refused, 2 when it was asked for wrongly or the store is MongoDB.
import { parseArgs } from 'node:util';
import { restoreSqlite } from '../store/sqlite/index.ts';
import { dataFile, give, refuse } from './open-files.ts';

const path = dataFile('hãy khôi phục bằng mongorestore');
const { values } = parseArgs({
  options: { from: { type: 'string' }, replace: { type: 'boolean' } },
  strict: false,
});
if (typeof values.from !== 'string' || values.from === '')
  give('Cách dùng: npm run restore -- --from TỆP [--replace]');
const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
const done = restoreSqlite(path, values.from, { replace: values.replace === true, stamp });
if (done.ok) {
  console.log(`Đã khôi phục ${path}.`);
  if (done.value.kept) console.log(`Dữ liệu cũ được giữ ở ${done.value.kept}; khi chắc chắn thì hãy xóa.`);
} else process.exitCode = refuse(done);
