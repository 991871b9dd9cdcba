// `npm run restore -- --from FILE [--replace]`: puts a backup in the place of the data file; the old one is kept
// beside it. Exit 1 when it was refused, 2 when it was asked for wrongly or the store is MongoDB.
import { parseArgs } from 'node:util';
import { configOrExit } from '../config.ts';
import { restoreSqlite, sqlitePath } from '../store/sqlite/index.ts';

const config = configOrExit();
const { values } = parseArgs({
  options: { from: { type: 'string' }, replace: { type: 'boolean' } },
  strict: false,
});
if (config.mongodbUri !== '') {
  console.error('Dữ liệu ở MongoDB: hãy khôi phục bằng mongorestore (xem docs/operations.md).');
  process.exitCode = 2;
} else if (typeof values.from !== 'string' || values.from === '') {
  console.error('Cách dùng: npm run restore -- --from TỆP [--replace]');
  process.exitCode = 2;
} else {
  const path = sqlitePath(config.dataDir);
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const done = restoreSqlite(path, values.from, { replace: values.replace === true, stamp });
  if (done.ok) {
    console.log(`Đã khôi phục ${path}.`);
    if (done.value.kept) console.log(`Dữ liệu cũ được giữ ở ${done.value.kept}; khi chắc chắn thì hãy xóa.`);
  } else {
    for (const p of done.problems) console.error(p.message);
    process.exitCode = 1;
  }
}
