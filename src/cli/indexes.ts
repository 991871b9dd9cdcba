// `npm run indexes`: makes MongoDB's indexes. A step of its own, so that no server begins one by surprise. Nothing to
// do for SQLite, whose file brings its own.
import { configOrExit } from '../config.ts';
import { indexMongo } from '../store/mongo/index.ts';
import { readArguments } from './read-arguments.ts';

readArguments('Cách dùng: npm run indexes');

const { mongodbUri } = configOrExit();
if (mongodbUri === '') console.log('Không có MONGODB_URI: SQLite tự có chỉ mục, không cần làm gì.');
else {
  try {
    for (const name of await indexMongo(mongodbUri)) console.log(name);
  } catch (fault) {
    console.error(`Không tạo được chỉ mục: ${fault instanceof Error ? fault.message : fault}`);
    process.exitCode = 1;
  }
}
