import { startHttp } from '../../src/http/server.ts';
import { openSqlite } from '../../src/store/sqlite/index.ts';
import { echoHouse } from './echo-house.ts';

const house = echoHouse(
  await openSqlite({ path: ':memory:', clock: { now: Date.now }, keysOf: () => ({}) as never }),
);
house.config = { ...house.config, port: Number(process.argv[2]), keepDays: 365 };
const h = await startHttp(house);
console.log(h.url);
