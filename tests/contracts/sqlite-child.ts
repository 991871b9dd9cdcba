// A process of its own on a SQLite store, for the suites that kill it or run several: `sqlite-child.ts FILE WHAT`.
// Prints what it has acknowledged, and nothing before it is.
import { writeSync } from 'node:fs';
import { openSqlite } from '../../src/store/sqlite/index.ts';
import { keysOf, sampleCase, sampleConversation, sampleEntry } from './worlds.ts';

const [path = '', what = ''] = process.argv.slice(2);
const store = await openSqlite({ path, clock: { now: Date.now }, keysOf });

if (what === 'save-and-die') {
  await store.conversations.save(sampleConversation('telegram:1', { log: [sampleEntry(1, 'đã nhận')] }));
  await store.cases.save(sampleCase('H78-HR7-K53', { words: ['rac'] }));
  process.kill(process.pid, 'SIGKILL');
} else if (what === 'count-for-ever' || what === 'count-50') {
  for (let i = 0; what === 'count-for-ever' || i < 50; i++) {
    const doc = (await store.conversations.load('telegram:1')) ?? sampleConversation('telegram:1');
    const saved = await store.conversations.save({ ...doc, next: doc.next + 1 });
    if (saved) writeSync(1, `${doc.next + 1}\n`);
    else i--;
  }
  await store.close();
} else {
  throw new Error(`Unknown: ${what}`);
}
