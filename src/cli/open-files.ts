// Content and reader straight from the files, for commands that need no store. Learning takes seconds, so the
// model is kept under .cache by a hash of everything it was learned from.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Content, parse } from '../core/content/index.ts';
import { learn, openReader, type Reader } from '../core/nlu/index.ts';
import { readFolder } from '../store/folder.ts';

/** Where the project stands. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Parsed content; prints every fault and exits 2 when it does not parse. */
export async function openContent(root = ROOT): Promise<Content> {
  const parsed = parse(await readFolder(root));
  if (parsed.ok) return parsed.value;
  for (const p of parsed.problems) console.error(`${p.where}: ${p.message}`);
  process.exit(2);
}

/** Content with a reader that has learned it. */
export async function openFiles(root = ROOT): Promise<{ content: Content; reader: Reader }> {
  const content = await openContent(root);
  return { content, reader: openReader(content, cachedModel(root, content, await readFolder(root))) };
}

function cachedModel(root: string, content: Content, sources: Record<string, string>): Uint8Array {
  const hash = createHash('sha256').update(JSON.stringify(Object.entries(sources).sort()));
  const code = join(ROOT, 'src/core/nlu');
  for (const name of readdirSync(code, { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.ts')) hash.update(readFileSync(join(code, name)));
  const folder = join(root, '.cache', 'models');
  const path = join(folder, `${hash.digest('hex').slice(0, 24)}.bin`);
  if (existsSync(path)) return readFileSync(path);
  console.error('Đang học từ câu mẫu…');
  const model = learn(content);
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) rmSync(join(folder, old), { force: true });
  // Renamed into place: a reader in another process never sees half a model.
  writeFileSync(`${path}.${process.pid}`, model);
  renameSync(`${path}.${process.pid}`, path);
  return model;
}
