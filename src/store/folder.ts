// Reads the files editors write, intents/ and locales/, from a folder. Hides the disk; parses nothing.
import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Sources } from '../core/content/schema.ts';

/** Every .yml under intents/ and locales/ of `root`, by path relative to it, with forward slashes. */
export async function readFolder(root: string): Promise<Sources> {
  const sources: Sources = {};
  for (const top of ['intents', 'locales']) {
    const entries = await readdir(join(root, top), { recursive: true, withFileTypes: true });
    for (const e of entries) {
      if (!e.isFile() || !e.name.endsWith('.yml')) continue;
      const path = join(e.parentPath, e.name);
      const relative = path.slice(root.length).replaceAll('\\', '/').replace(/^\/+/, '');
      sources[posix.normalize(relative)] = await readFile(path, 'utf8');
    }
  }
  return sources;
}
