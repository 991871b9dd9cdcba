// A thread that learns: the whole model, or the temperature for the thread that learns the rest meanwhile.
import { parentPort, workerData } from 'node:worker_threads';
import type { Content } from '../core/content/index.ts';
import { learnRest, learnTemperature, toBytes } from '../core/nlu/index.ts';
import { inThread, type Task } from './learn-aside.ts';

const task = workerData as Task;
const content: Content = { ...task.content, at: (what) => what };
if (task.part === 'temperature') parentPort!.postMessage(learnTemperature(content));
else {
  const temperature = inThread<number>({ ...task, part: 'temperature' });
  // Begun before the other is waited for: both run at once.
  const rest = await new Promise<ReturnType<typeof learnRest>>((done) =>
    setImmediate(() => done(learnRest(content))),
  );
  const bytes = toBytes({ ...rest, temperature: await temperature });
  parentPort!.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
}
