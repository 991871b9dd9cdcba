// `npm run chat`: talk in the terminal, as the channel `terminal` of the product in DATA_DIR.
// `npm run -s chat -- --play FILE` (or `-`): plays a talk on a fresh in-memory product and prints it whole.
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { pino } from 'pino';
import { configOrExit } from '../config.ts';
import { parseChat, printChat } from '../core/transcript.ts';
import { rehearsal, wire } from '../wire.ts';
import { openOrGive, readGiven } from './give.ts';
import { openFiles, ROOT } from './open-files.ts';
import { readArguments } from './read-arguments.ts';

const { values } = readArguments('Cách dùng: npm run chat [-- --as TÊN | --play TỆP]', {
  options: { play: { type: 'string' }, as: { type: 'string', default: 'toi' } },
});

if (values.play !== undefined) await play(values.play);
else await talk(values.as);

async function play(file: string): Promise<void> {
  const script = parseChat(readGiven(file).toString('utf8'));
  if (!script.ok) {
    for (const p of script.problems) console.error(`${file}:${p.where}: ${p.message}`);
    process.exit(2);
  }
  const { content, reader } = await openFiles();
  process.stdout.write(printChat(await rehearsal(content, reader)(script.value)));
}

/** Lines typed are messages; a number presses that button. The log is read back, so officers' replies show too. */
async function talk(as: string): Promise<void> {
  const config = configOrExit();
  const house = await openOrGive(
    wire(config, {
      clock: { now: Date.now },
      ids: () => randomBytes(16).toString('hex'),
      log: pino({ level: 'silent' }),
      root: ROOT,
    }),
  );
  const id = `terminal:${as.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 32) || 'toi'}`;
  let shown = 0;
  const show = async (): Promise<void> => {
    const c = await house.store.conversations.load(id);
    for (const e of c?.log ?? []) {
      if (e.n <= shown) continue;
      shown = e.n;
      if (e.from === 'citizen') continue;
      console.log(`\n${e.text}`);
      for (const [i, choice] of (e.choices ?? []).entries())
        console.log(`  ${i + 1}. ${choice.label}${choice.url ? `: ${choice.url}` : ''}`);
      console.log('');
    }
  };
  let n = 0;
  const session = randomBytes(6).toString('hex');
  const say = (text: string, opening = false) =>
    house.converse({
      conversation: id,
      key: `terminal:${session}:${++n}`,
      at: Date.now(),
      text,
      ...(opening && { opening: true }),
    });
  await say('', true);
  await show();
  const beat = setInterval(() => void house.wakeOnce().then(show), 1000);
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
  lines.prompt();
  for await (const line of lines) {
    if (line.trim()) await say(line);
    await show();
    lines.prompt();
  }
  clearInterval(beat);
  await house.stop();
}
