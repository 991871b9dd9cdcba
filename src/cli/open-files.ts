// What commands begin and end with: content and reader straight from the files, the data file, a refusal. Learning
// takes seconds, so the model is kept under .cache by a hash of everything it was learned from.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { learnAside } from '../app/learn-aside.ts';
import { configOrExit } from '../config.ts';
import { type Content, parse, type Sources } from '../core/content/index.ts';
import { openReader, type Reader } from '../core/nlu/index.ts';
import type { Result } from '../core/result.ts';
import { readFolder } from '../store/folder.ts';
import { sqlitePath } from '../store/sqlite/index.ts';

/** Where the project stands. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Wrong content or arguments: said on stderr, exit code 2. */
export function give(up: string): never {
  process.stderr.write(`${up}\n`);
  process.exit(2);
}

/** Says on stderr why something was not done; the exit code for it. */
export function refuse(r: Extract<Result<unknown>, { ok: false }>): number {
  for (const p of r.problems) console.error(p.message);
  return 1;
}

/** Where the SQLite data file is. Gives up where the data is in MongoDB, with what to do there. */
export function dataFile(there: string): string {
  const { mongodbUri, dataDir } = configOrExit();
  if (mongodbUri !== '') give(`Dữ liệu ở MongoDB: ${there} (xem docs/operations.md).`);
  return sqlitePath(dataDir);
}

/** Parsed content with its sources; prints every fault and exits 2 when it does not parse. */
export async function readContent(root = ROOT): Promise<{ content: Content; sources: Sources }> {
  const sources = await readFolder(root);
  const parsed = parse(sources);
  if (!parsed.ok) give(parsed.problems.map((p) => `${p.where ?? ''}: ${p.message}`).join('\n'));
  return { content: parsed.value, sources };
}

/** Content with a reader that has learned it. */
export async function openFiles(root = ROOT): Promise<{ content: Content; reader: Reader }> {
  const { content, sources } = await readContent(root);
  return { content, reader: openReader(content, await cachedModel(root, content, sources)) };
}

async function cachedModel(root: string, content: Content, sources: Sources): Promise<Uint8Array> {
  const hash = createHash('sha256').update(JSON.stringify(Object.entries(sources).sort()));
  const code = join(ROOT, 'src/core/nlu');
  hash.update(readFileSync(join(ROOT, 'src/core/text.ts')));
  for (const name of readdirSync(code, { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.ts')) hash.update(readFileSync(join(code, name)));
  const folder = join(root, '.cache', 'models');
  const path = join(folder, `${hash.digest('hex').slice(0, 24)}.bin`);
  if (existsSync(path)) return readFileSync(path);
  console.error('Đang học từ câu mẫu…');
  const model = await learnAside(content);
  try {
    mkdirSync(folder, { recursive: true });
    for (const old of readdirSync(folder))
      if (old.endsWith('.bin')) rmSync(join(folder, old), { force: true });
    // Renamed into place: a reader in another process never sees half a model.
    writeFileSync(`${path}.${process.pid}`, model);
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // A cache that cannot be written costs time, nothing else.
  }
  return model;
}
