// `npm run restore -- --from FILE [--replace]`: puts a backup in the place of the data file; the old one is kept
// beside it. Exit 1 when it was refused, 2 when it was asked for wrongly or the store is MongoDB.
import { restoreSqlite } from '../store/sqlite/index.ts';
import { give } from './give.ts';
import { dataFile, refuse } from './open-files.ts';
import { readArguments } from './read-arguments.ts';

const USAGE = 'Cách dùng: npm run restore -- --from TỆP [--replace]';
const { values } = readArguments(USAGE, {
  options: { from: { type: 'string' }, replace: { type: 'boolean' } },
});
const path = dataFile('hãy khôi phục bằng mongorestore');
if (!values.from) give(`Thiếu --from. ${USAGE}`);
const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
const done = restoreSqlite(path, values.from, { replace: values.replace === true, stamp });
if (done.ok) {
  console.log(`Đã khôi phục ${path}.`);
  if (done.value.kept) console.log(`Dữ liệu cũ được giữ ở ${done.value.kept}; khi chắc chắn thì hãy xóa.`);
} else process.exitCode = refuse(done);
