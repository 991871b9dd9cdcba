// Before any test: what is learned from content is learned once, not by every worker that needs it.
import { openFiles } from '../src/cli/open-files.ts';

export default async function setup(): Promise<void> {
  await openFiles();
}
