// The sources of a release as one file, and back. Sorted, so that the same sources give the same bytes.
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Sources } from '../core/content/index.ts';

export function packSources(sources: Sources): Uint8Array {
  const sorted = Object.fromEntries(Object.entries(sources).sort(([a], [b]) => (a < b ? -1 : 1)));
  return gzipSync(JSON.stringify(sorted), { level: 9 });
}

export const unpackSources = (bytes: Uint8Array): Sources =>
  JSON.parse(gunzipSync(bytes).toString('utf8')) as Sources;
