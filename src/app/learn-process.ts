// A process that learns one layer, answers and ends.
import type { Content } from '../core/content/index.ts';
import { learnFacets, learnMatters } from '../core/nlu/index.ts';
import { answerParent } from './child.ts';
import type { Task } from './learn-aside.ts';

answerParent((task: Task) => {
  const content: Content = { ...task.content, at: (what) => what };
  return task.layer === 'matters' ? learnMatters(content) : learnFacets(content);
});
