// What was learned from content, as the build left it under dist: learning takes seconds of every core, and the same
// sentences under the same code give the same bytes.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Content } from '../core/content/index.ts';
import { fitsModel } from '../core/nlu/index.ts';
import { learnAside } from './learn-aside.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KEPT = join(ROOT, 'dist/model');

/** Digest of all that learning depends on in content: everything but the wording of answers and facts. */
export const examplesOf = (content: Content): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        [...content.intents.values()].map((i) => [
          i.id,
          i.type,
          i.examples,
          i.tests,
          i.type === 'procedure'
            ? [i.code, i.name, i.aliases, i.asks, i.facts.documents, i.facts.result]
            : (i as { kind: string }).kind,
        ]),
        [...content.contrasts.values()],
        content.facets,
        content.abbreviations,
        content.synonyms,
        content.places,
        Object.entries(content.wording.vi).filter(([id]) => id.endsWith('.title')),
      ]),
    )
    .digest('hex');

/**
 * The model of this content as the build left it, or learned now: then `begins` is called. Throws when learning fails,
 * or at once when `end` is aborted.
 */
export async function learned(content: Content, begins?: () => void, end?: AbortSignal): Promise<Uint8Array> {
  const kept = await readFile(pathOf(await keyOf(content))).catch(() => undefined);
  // Cut short by a full disk, say: learned as if there were none.
  if (kept && readable(content, kept)) return kept;
  begins?.();
  return learnAside(content, end);
}

function readable(content: Content, model: Uint8Array): boolean {
  try {
    return fitsModel(content, model);
  } catch {
    return false;
  }
}

/** The same, and left under dist for every later process. A folder that cannot be written costs time, nothing else. */
export async function learnedAndKept(content: Content, begins?: () => void): Promise<Uint8Array> {
  const model = await learned(content, begins);
  const path = pathOf(await keyOf(content));
  try {
    await mkdir(KEPT, { recursive: true });
    const others = await readdir(KEPT);
    if (others.some((name) => join(KEPT, name) === path)) return model;
    // Renamed into place: a reader in another process never sees half a model.
    await writeFile(`${path}.${process.pid}`, model);
    await rename(`${path}.${process.pid}`, path);
    for (const old of others) await rm(join(KEPT, old), { force: true });
  } catch {
    // Read-only, as in the image.
  }
  return model;
}

const pathOf = (key: string): string => join(KEPT, `${key.slice(0, 24)}.bin`);

async function keyOf(content: Content): Promise<string> {
  code ??= codeDigest();
  return createHash('sha256')
    .update(examplesOf(content))
    .update(await code)
    .digest('hex');
}
let code: Promise<string> | undefined;

/** Other code learns otherwise. */
async function codeDigest(): Promise<string> {
  const folder = join(ROOT, 'src/core/nlu');
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts')).sort();
  const hash = createHash('sha256').update(await readFile(join(ROOT, 'src/core/text.ts')));
  for (const name of files) hash.update(await readFile(join(folder, name)));
  return hash.digest('hex');
}
