// A process that learns one layer, answers and ends.
import type { Content } from '../core/content/index.ts';
import { learnFacets, learnMatters } from '../core/nlu/index.ts';
import type { Task } from './learn-aside.ts';

process.once('message', (task: Task) => {
  const content: Content = { ...task.content, at: (what) => what };
  const answer = task.layer === 'matters' ? learnMatters(content) : learnFacets(content);
  process.send!(answer, () => process.disconnect());
});
