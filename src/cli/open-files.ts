// What commands begin and end with: content and reader straight from the files, the data file, a refusal.
import { fileURLToPath } from 'node:url';
import { learnedAndKept } from '../app/learned.ts';
import { configOrExit } from '../config.ts';
import { type Content, parse, type Sources } from '../core/content/index.ts';
import { openReader, type Reader } from '../core/nlu/index.ts';
import type { Result } from '../core/result.ts';
import { readFolder } from '../store/folder.ts';
import { sqlitePath } from '../store/sqlite/index.ts';
import { give } from './give.ts';

/** Where the project stands. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

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
export async function openFiles(): Promise<{ content: Content; reader: Reader }> {
  const { content } = await readContent();
  const model = await learnedAndKept(content, () => console.error('Đang học từ câu mẫu…'));
  return { content, reader: openReader(content, model) };
}
