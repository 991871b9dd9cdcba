// Content from files and what was learned from it, for the command line: learned once for each state of content
// and code, then read from node_modules/.cache. Knows no command.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Content, parse, type Sources } from '../core/content/index.ts';
import { learn, openReader, type Reader } from '../core/nlu/index.ts';
import { readFolder } from '../store/folder.ts';

/** Wrong content or arguments: said on stderr, exit code 2. */
export function give(up: string): never {
  process.stderr.write(`${up}\n`);
  process.exit(2);
}

/** The checked content under `root`; gives up with the list of faults. */
export async function readContent(root: string): Promise<{ content: Content; sources: Sources }> {
  const sources = await readFolder(root);
  const parsed = parse(sources);
  if (!parsed.ok) give(parsed.problems.map((p) => `${p.where ?? ''}: ${p.message}`).join('\n'));
  return { content: parsed.value, sources };
}

async function learnedBytes(root: string, content: Content, sources: Sources): Promise<Uint8Array> {
  const hash = createHash('sha256');
  for (const [path, text] of Object.entries(sources).sort()) hash.update(`${path}\0${text}\0`);
  const code = join(import.meta.dirname, '..', 'core');
  for (const e of (await readdir(join(code, 'nlu'), { recursive: true })).sort())
    if (e.endsWith('.ts')) hash.update(await readFile(join(code, 'nlu', e)));
  hash.update(await readFile(join(code, 'text.ts')));
  const folder = join(root, 'node_modules', '.cache', 'motcua');
  const path = join(folder, `${hash.digest('hex').slice(0, 32)}.model`);
  const kept = await readFile(path).catch(() => undefined);
  if (kept) return kept;
  const bytes = learn(content);
  // A cache that cannot be written costs time, nothing else.
  await mkdir(folder, { recursive: true })
    .then(() => writeFile(`${path}.${process.pid}`, bytes))
    .then(() => rename(`${path}.${process.pid}`, path))
    .catch(() => undefined);
  return bytes;
}

/** Content and its reader; the first call after a change learns for some seconds. */
export async function cachedReader(
  root: string = process.cwd(),
): Promise<{ content: Content; reader: Reader }> {
  const { content, sources } = await readContent(root);
  return { content, reader: openReader(content, await learnedBytes(root, content, sources)) };
}
