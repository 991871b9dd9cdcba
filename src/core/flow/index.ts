export { type Flow, type Next, optionsOf, paths, replay, SKIPPED } from './replay.ts';
export { type Answers, holds } from './when.ts';
