// A process that makes release 1 of an empty store and ends. Started by wire.ts, not by hand: the bytes that learning
// and packing take on the way would else stay with the server for as long as it runs.
import { answerParent } from '../app/child.ts';
import { type FirstTask, makeFirst } from '../wire.ts';

answerParent(async ({ config, root }: FirstTask) => makeFirst(config, root));
